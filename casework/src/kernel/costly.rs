//! Work that keeps a processor busy for long: hashing passwords, guessing at them. It runs on
//! threads of its own, and no more of it at a time than there are processors, so that whoever asks
//! for much of it waits and nobody else does.

use crate::{Error, Result};
use std::{sync::LazyLock, thread::available_parallelism, time::Duration};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

/// One place per processor, for the whole process.
static PLACES: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(available_parallelism().map_or(1, usize::from)));

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
    let place = timeout(PATIENCE, PLACES.acquire())
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
