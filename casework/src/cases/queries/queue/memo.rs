//! What the queue answered last.
//!
//! Every change on the desk appends to the trail in its own transaction, so the number of the
//! trail's last event says whether anything can have changed since. As long as it has not, on
//! whatever instance, the answer to the same question is the same.

use super::{
    Filter, Reader, View, counts,
    rows::{self, Found},
};
use crate::{Desk, Error, Result, audit, paging::Count};
use quick_cache::sync::Cache;
use std::{fmt, sync::Arc};

/// Answers that are kept: a page has at most some 20 kB.
const KEPT: usize = 256;

/// A question to the queue, and when it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct MemoKey {
    filter: Filter,
    reader: Reader,
    /// The number of the trail's last event.
    last: i64,
}

/// What the database answered.
#[derive(Debug)]
pub(super) struct Answered {
    pub counts: Vec<(View, Count)>,
    pub found: Found,
}

/// The answers that still hold. Of several who ask the same at once, one asks the database.
pub struct Memo(Cache<MemoKey, Arc<Answered>>);

impl Default for Memo {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Memo({} answers)", self.0.len())
    }
}

impl Memo {
    pub(super) async fn found(
        &self,
        desk: &Desk,
        filter: &Filter,
        reader: &Reader,
    ) -> Result<Arc<Answered>> {
        // Read before the rows: an answer can be newer than its number, never older.
        let last = audit::head(desk.database.read()).await?;
        let asked = MemoKey {
            filter: filter.clone(),
            reader: reader.clone(),
            last: last.map_or(0, |head| head.seq),
        };
        let ask = async {
            let counts = counts::counts(desk, filter, reader).await?;
            let found = rows::found(desk, filter, reader, &counts).await?;
            Ok::<_, Error>(Arc::new(Answered { counts, found }))
        };
        self.0.get_or_insert_async(&asked, ask).await
    }
}
