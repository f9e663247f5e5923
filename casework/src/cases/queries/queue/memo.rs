//! What the queue answered last.
//!
//! Every change on the desk appends to the trail in its own transaction, so the number of the
//! trail's last event says whether anything can have changed since. As long as it has not, on
//! whatever instance, the answer to the same question is the same.

use super::{
    Filter, Reader, View, counts,
    rows::{self, Details, Found},
    text::{self, Around, Asked, Hits},
};
use crate::{Desk, Error, Result, audit, cases::search::Excerpt, paging::Count};
use quick_cache::sync::Cache;
use std::{collections::BTreeMap, fmt, sync::Arc};

/// Answers that are kept: a page has at most some 20 kB.
const KEPT: usize = 256;

/// Searches whose hits are kept: some 150 kB each at most.
const KEPT_HITS: usize = 32;

/// A question to the queue, and when it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct MemoKey {
    filter: Filter,
    reader: Reader,
    /// The number of the trail's last event.
    last: i64,
    /// How often anything was written to be found, where anything is looked for.
    written: i64,
}

/// A search, and when it was made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct HitsKey {
    asked: Asked,
    last: i64,
    written: i64,
}

/// What the database answered.
#[derive(Debug)]
pub(super) struct Answered {
    pub counts: Vec<(View, Count)>,
    pub found: Found,
    /// Where something was found, by the case's number.
    pub excerpts: BTreeMap<i32, Excerpt>,
    /// The case whose number was looked for.
    pub named: Option<Details>,
    /// Cases that cannot be found by all their texts yet.
    pub unwritten: Count,
}

/// The answers that still hold. Of several who ask the same at once, one asks the database.
pub struct Memo {
    answers: Cache<MemoKey, Arc<Answered>>,
    /// The same for all readers whose roles read the same.
    hits: Cache<HitsKey, Arc<Hits>>,
}

impl Default for Memo {
    fn default() -> Self {
        Self {
            answers: Cache::new(KEPT),
            hits: Cache::new(KEPT_HITS),
        }
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Memo({} answers)", self.answers.len())
    }
}

impl Memo {
    /// The answer, and the number of the trail's last event: it knows of everything up to there.
    pub(super) async fn found(
        &self,
        desk: &Desk,
        filter: &Filter,
        reader: &Reader,
    ) -> Result<(i64, Arc<Answered>)> {
        // Read before the rows: an answer can be newer than its number, never older.
        let last = audit::head(desk.database.read()).await?;
        let last = last.map_or(0, |head| head.seq);
        let around = match filter.is_searched() {
            false => None,
            true => Some(Around::read(desk, filter, reader).await?),
        };
        let written = around.as_ref().map_or(0, |around| around.written);
        let key = MemoKey {
            filter: filter.clone(),
            reader: reader.clone(),
            last,
            written,
        };
        let ask = async {
            let Some(around) = around else {
                let mut counts = counts::counts(desk, filter, reader).await?;
                let found = rows::found(desk, filter, reader, &counts).await?;
                rows::learn(filter, &found, &mut counts);
                return Ok(Arc::new(Answered {
                    counts,
                    found,
                    excerpts: BTreeMap::new(),
                    named: None,
                    unwritten: Count::default(),
                }));
            };
            let asked = Asked::read(filter, reader.depth);
            let key = HitsKey {
                asked: asked.clone(),
                last,
                written,
            };
            let read = async { Ok::<_, Error>(Arc::new(Hits::read(desk, &asked).await?)) };
            let hits = self.hits.get_or_insert_async(&key, read).await?;
            let answered = text::answered(desk, filter, reader, &asked, &hits, &around).await?;
            Ok::<_, Error>(Arc::new(answered))
        };
        let answered = match filter.changed {
            // The trail says nothing of who looked.
            true => ask.await?,
            false => self.answers.get_or_insert_async(&key, ask).await?,
        };
        Ok((last, answered))
    }
}
