//! Work that keeps a processor busy for long: hashing passwords, guessing at them, drawing images. It runs on
//! threads of its own, and no more of it at a time than there are processors, so that whoever asks
//! for much of it waits and nobody else does.

use crate::{Error, Result};
use std::{sync::LazyLock, thread::available_parallelism, time::Duration};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

/// One place per processor, for the whole process.
static PLACES: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(available_parallelism().map_or(1, usize::from)));

/// One image at a time, beside these: nobody waits to sign in because others draw.
static DRAWING: Semaphore = Semaphore::const_new(1);

/// Who has not had a place for so long is sent away.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs `work` when there is a place for it. The place is held until the work is done, even where
/// nobody waits for it any more.
///
/// # Errors
/// [`Error::Unavailable`] when there is no place in time.
pub(crate) async fn costly<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    at_a_place(&PLACES, work).await
}

/// The same for an image that is decoded and drawn.
///
/// # Errors
/// As [`costly`].
pub(crate) async fn drawing<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    at_a_place(&DRAWING, work).await
}

async fn at_a_place<T: Send + 'static>(
    places: &'static Semaphore,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let place = timeout(PATIENCE, places.acquire())
        .await
        .map_err(Error::unavailable)?
        .map_err(Error::unavailable)?;
    spawn_blocking(move || {
        let done = work();
        drop(place);
        done
    })
    .await
    .map_err(Error::unavailable)
}
