//! The queue under a search.
//!
//! The newest cases that a search finds are read first, for all readers at once, with what views and
//! filters ask of them. Where these are all, a page is made of them. Where there are more, its rows
//! come from the database: a word that many cases have is looked for on the walk along the view's
//! own index; of one that few have, all hits are sorted. Counts then are what is known of the newest
//! hits, and said to be more.

use super::{
    Filter, Holder, Reader, Sort, View, build, conditions,
    counts::{self, One},
    memo::Answered,
    place::{Key, Place},
    rows::{self, ONE_MORE, Tested},
};
use crate::{
    Desk, Result, accounts,
    cases::search::{Depth, Question, excerpts},
    entities::{cases, people, search_documents, search_marks, snoozes},
    paging::{BOUND, Count},
};
use cases::Column as C;
use sea_orm::{
    DbBackend, FromQueryResult,
    sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, UnionType},
};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};
use uuid::Uuid;
use workflow::CaseNumber;

/// So many hits are looked at one by one; in builds for development so few that tests go every way.
pub(super) const LOOKED_AT: u64 = if cfg!(debug_assertions) { 25 } else { BOUND };

/// At least one case in so many has the words that are looked for on a walk.
const SPARSE: u64 = 50;

/// So many cases are read on a walk at least.
const WALKED: u64 = if cfg!(debug_assertions) { 30 } else { 64 };

/// What of a search depends on who looks, besides their roles; and how often anything was written
/// to be found.
#[derive(Debug, Default)]
pub(super) struct Around {
    pub written: i64,
    /// Apps about which the reader is in conflict of interest.
    conflicted: BTreeSet<Uuid>,
    /// The person whose cases are asked for.
    holder: Option<Uuid>,
    /// Those that others have changed since the reader looked, where it is asked for.
    changed: BTreeSet<i32>,
    /// Those that the reader has snoozed.
    snoozed: BTreeSet<i32>,
    /// Cases that cannot be found by all their texts yet.
    unwritten: Count,
}

/// So many cases are written in a moment, and nobody is told of them.
const SOON_WRITTEN: u64 = 50;

#[derive(FromQueryResult)]
struct About {
    about: i32,
    written: i64,
    id: Option<Uuid>,
}

impl Around {
    pub(super) async fn read(desk: &Desk, filter: &Filter, reader: &Reader) -> Result<Self> {
        let part = |about: i32, written: Expr, id: Expr| {
            Query::select()
                .expr_as(Expr::cust(about.to_string()), Alias::new("about"))
                .expr_as(written, Alias::new("written"))
                .expr_as(id, Alias::new("id"))
                .to_owned()
        };
        let none = || Expr::cust("0");
        // The first part says which type the column has.
        let mut all = part(1, none(), Expr::col(C::AppId));
        all.from_subquery(conditions::conflicted(reader), Alias::new("conflicted"));
        let mut head = part(0, Expr::col("written"), Expr::cust("NULL"));
        all.union(UnionType::All, head.from("search_heads").to_owned());
        if let Some(Holder::Username(name)) = &filter.holder {
            let mut holder = part(2, none(), Expr::col(people::Column::Id));
            holder
                .from(people::Entity)
                .and_where(Expr::col(people::Column::UsernameKey).eq(accounts::key(name)));
            all.union(UnionType::All, holder);
        }
        let marks = Query::select()
            .expr(Expr::cust("1"))
            .from(search_marks::Entity)
            .limit(BOUND + 1)
            .to_owned();
        let mut unwritten = part(3, Expr::cust("count(*)"), Expr::cust("NULL"));
        unwritten.from_subquery(marks, Alias::new("marks"));
        all.union(UnionType::All, unwritten);
        if filter.changed {
            let number = Expr::col(C::Number).cast_as(Alias::new("bigint"));
            let mut changed = part(4, number, Expr::cust("NULL"));
            changed.from_subquery(conditions::changed(reader), Alias::new("changed"));
            all.union(UnionType::All, changed);
        }
        let number = Expr::col(snoozes::Column::Number).cast_as(Alias::new("bigint"));
        let mut snoozed = part(5, number, Expr::cust("NULL"));
        snoozed.from_subquery(conditions::snoozes(reader), Alias::new("snoozed"));
        all.union(UnionType::All, snoozed);
        let mut around = Self::default();
        for found in About::find_by_statement(build(desk, &all))
            .all(desk.database.read())
            .await?
        {
            match (found.about, found.id) {
                (0, _) => around.written = found.written,
                (1, Some(app)) => {
                    around.conflicted.insert(app);
                }
                (3, _) => {
                    let unwritten = u64::try_from(found.written).unwrap_or_default();
                    if unwritten > SOON_WRITTEN {
                        around.unwritten = Count::up_to_bound(unwritten);
                    }
                }
                (5, _) => around.snoozed.extend(i32::try_from(found.written)),
                (4, _) => around.changed.extend(i32::try_from(found.written)),
                (_, id) => around.holder = id,
            }
        }
        Ok(around)
    }
}

/// What a search is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    /// None where nothing can be found by text.
    question: Option<Question>,
    /// The case of this number.
    number: Option<i32>,
}

impl Asked {
    pub(super) fn read(filter: &Filter, depth: Option<Depth>) -> Self {
        let (text, facets) = (&filter.text, filter.facets());
        let number = text.parse::<CaseNumber>().ok();
        let number = number.and_then(|number| i32::try_from(number.0).ok());
        let question = depth.and_then(|depth| Question::with_facets(text, &facets, depth));
        Self {
            // The beginning of a number is another one.
            question: question.map(|question| match number {
                Some(_) => question.whole(),
                None => question,
            }),
            // What has facets is found by them: the case of a number may not have them.
            number: number.filter(|_| facets.is_empty()),
        }
    }
}

/// What is known of a case that was found.
#[derive(Debug, FromQueryResult)]
struct Hit {
    number: i32,
    app_id: Uuid,
    level: String,
    submitted_at: Option<i64>,
    changed_at: i64,
    #[sea_orm(nested)]
    one: One,
}

impl Hit {
    fn fits(&self, filter: &Filter, reader: &Reader, around: &Around) -> bool {
        let holds = |person| self.one.seats().contains(&Some(person));
        !around.conflicted.contains(&self.app_id)
            && filter.level.is_none_or(|level| self.level == level.word())
            && filter
                .state
                .is_none_or(|state| self.one.state == state.word())
            && filter.due.is_none_or(|due| {
                let at = self.one.due_at;
                match (due.span(reader.now), at) {
                    (None, at) => at.is_none(),
                    (Some(_), None) => false,
                    (Some((from, before)), Some(at)) => {
                        from.is_none_or(|from| from.micros() <= at)
                            && before.is_none_or(|before| at < before.micros())
                    }
                }
            })
            && filter.age.is_none_or(|age| {
                let before = age.before(reader.now).micros();
                self.submitted_at.is_some_and(|at| at < before)
            })
            && (!filter.changed || around.changed.contains(&self.number))
            && match &filter.holder {
                None => true,
                Some(Holder::Nobody) => self.one.assignee_id.is_none(),
                Some(Holder::Me) => holds(reader.me),
                Some(Holder::Username(_)) => around.holder.is_some_and(holds),
            }
    }

    fn is_in(&self, view: View, reader: &Reader, around: &Around) -> bool {
        let is_snoozed = around.snoozed.contains(&self.number);
        self.one.is_in(view, reader, is_snoozed)
    }

    fn key(&self, filter: &Filter) -> Key {
        Key {
            value: match filter.sort {
                Sort::Due => self.one.due_at,
                Sort::Waiting => self.submitted_at,
                Sort::Changed => Some(self.changed_at),
                Sort::Number => Some(i64::from(self.number)),
            },
            number: self.number,
        }
    }
}

/// The newest cases that a search finds.
#[derive(Debug)]
pub(super) struct Hits {
    newest: Vec<Hit>,
    /// There are more than that.
    more: bool,
    /// As it was asked of the index.
    question: String,
}

impl Hits {
    pub(super) async fn read(desk: &Desk, asked: &Asked) -> Result<Self> {
        let mut newest = Vec::new();
        let question = match &asked.question {
            Some(question) => Some(question.asked(desk).await?),
            None => None,
        };
        if let Some(select) = newest_of(desk, question.as_deref(), asked.number) {
            newest = Hit::find_by_statement(build(desk, &select))
                .all(desk.database.read())
                .await?;
        }
        newest.sort_by_key(|hit| std::cmp::Reverse(hit.number));
        let most = usize::try_from(LOOKED_AT).unwrap_or(usize::MAX);
        let more = newest.len() > most;
        Ok(Self {
            newest,
            more,
            question: question.unwrap_or_default(),
        })
    }

    /// One case in how many is found, among the newest. (The oldest hits say nothing of that: the case
    /// whose number was typed is one of them.)
    fn one_in(&self) -> u64 {
        let half = self.newest.len() / 2;
        let (Some(first), Some(last)) = (self.newest.first(), self.newest.get(half)) else {
            return u64::MAX;
        };
        let among = u64::from(first.number.abs_diff(last.number));
        among.div_ceil(Ord::max(half, 1) as u64)
    }
}

/// One more than are looked at, if there are; and the case whose number was typed.
fn newest_of(desk: &Desk, question: Option<&str>, number: Option<i32>) -> Option<SelectStatement> {
    let select = |which: Expr| {
        Query::select()
            .columns([C::Number, C::AppId, C::Level, C::SubmittedAt, C::ChangedAt])
            .columns(One::COLUMNS)
            .from(cases::Entity)
            .and_where(which)
            .and_where(Expr::col(C::InViews).ne(0))
            .to_owned()
    };
    let by_text = question.map(|question| select(is_hit(desk, question, Some(LOOKED_AT + 1))));
    let by_number = number.map(|number| select(Expr::col(C::Number).eq(number)));
    match (by_text, by_number) {
        (Some(mut by_text), Some(by_number)) => {
            Some(by_text.union(UnionType::Distinct, by_number).to_owned())
        }
        (by_text, by_number) => by_text.or(by_number),
    }
}

/// Whether a case is among the newest `most` hits; among all where no number is given.
fn is_hit(desk: &Desk, question: &str, most: Option<u64>) -> Expr {
    let backend = desk.database.backend();
    let most = |none: &str| most.map_or_else(|| none.to_owned(), |most| most.to_string());
    let number = Expr::col((cases::Entity, C::Number));
    match backend {
        DbBackend::Postgres => {
            let hits = format!("$1 IN (SELECT search_hits($2::tsquery, {}))", most("NULL"));
            Expr::cust_with_exprs(hits, [number, Expr::value(question)])
        }
        _ => {
            let hits = format!(
                "? IN (SELECT rowid FROM search_words WHERE search_words MATCH ? \
                 ORDER BY rowid DESC LIMIT {})",
                most("-1")
            );
            Expr::cust_with_exprs(hits, [number, Expr::value(question)])
        }
    }
}

/// The page that a filter names.
pub(super) async fn answered(
    desk: &Desk,
    filter: &Filter,
    reader: &Reader,
    asked: &Asked,
    hits: &Hits,
    around: &Around,
) -> Result<Answered> {
    let fitting: Vec<&Hit> = hits
        .newest
        .iter()
        .filter(|hit| hit.fits(filter, reader, around))
        .collect();
    let counts = View::ALL.iter().map(|view| {
        let found = fitting
            .iter()
            .filter(|hit| hit.is_in(*view, reader, around));
        let count = Count::up_to_bound(found.count() as u64);
        let more = count.more || hits.more;
        (*view, Count { more, ..count })
    });
    let mut counts: Vec<(View, Count)> = counts.collect();
    let keys = match &asked.question {
        Some(question) if hits.more => many(desk, filter, reader, question, hits).await?,
        _ => few(filter, reader, around, fitting, ONE_MORE),
    };
    let found = rows::page(desk, filter, reader, keys).await?;
    if hits.more {
        rows::learn(filter, &found, &mut counts);
    }
    let numbers: Vec<i32> = found.rows.iter().map(|(key, _)| key.number).collect();
    let excerpts = match &asked.question {
        Some(question) if !numbers.is_empty() => excerpts(desk, &numbers, question).await?,
        Some(_) | None => BTreeMap::new(),
    };
    let named = hits.newest.iter().find(|hit| {
        Some(hit.number) == asked.number
            && !around.conflicted.contains(&hit.app_id)
            && filter.place == Place::First
            && numbers.first() != Some(&hit.number)
    });
    let named = match named {
        Some(hit) => rows::details(desk, reader, &[hit.key(filter)])
            .await?
            .pop_first(),
        None => None,
    };
    Ok(Answered {
        counts,
        found,
        excerpts,
        named: named.map(|(_, details)| details),
        unwritten: around.unwritten,
    })
}

/// What lies before and behind a key in a list: those without a value come last whichever way it is
/// sorted.
fn order(one: Key, other: Key, descends: bool) -> Ordering {
    one.value
        .is_none()
        .cmp(&other.value.is_none())
        .then_with(|| {
            let order = (one.value, one.number).cmp(&(other.value, other.number));
            if descends { order.reverse() } else { order }
        })
}

/// The keys of a page of few cases, as [`rows::keys`] answers them.
fn few(
    filter: &Filter,
    reader: &Reader,
    around: &Around,
    fitting: Vec<&Hit>,
    most: usize,
) -> Vec<Key> {
    let of_view = fitting
        .into_iter()
        .filter(|hit| hit.is_in(filter.view, reader, around));
    let mut keys: Vec<Key> = of_view.map(|hit| hit.key(filter)).collect();
    keys.sort_by(|one, other| order(*one, *other, filter.descends()));
    let is_behind = |key: &Key, from: Key| order(*key, from, filter.descends()).is_gt();
    let is_before = |key: &Key, from: Key| order(*key, from, filter.descends()).is_lt();
    match filter.place {
        Place::First => {}
        Place::After(from) => keys.retain(|key| is_behind(key, from)),
        Place::Before(from) => keys.retain(|key| is_before(key, from)),
        Place::Last => {}
    }
    if matches!(filter.place, Place::Before(_) | Place::Last) {
        keys.reverse();
    }
    keys.truncate(most);
    keys
}

/// The first cases of what a search finds, at most so many.
pub(super) async fn first(
    desk: &Desk,
    filter: &Filter,
    reader: &Reader,
    most: usize,
) -> Result<Vec<Key>> {
    let around = Around::read(desk, filter, reader).await?;
    let asked = Asked::read(filter, reader.depth);
    let hits = Hits::read(desk, &asked).await?;
    if hits.more && asked.question.is_some() {
        let is_hit = is_hit(desk, &hits.question, None);
        let sorted = rows::sorted(filter, reader, &is_hit);
        let keys = rows::keys_of(desk, filter, reader, &sorted, None, most).await?;
        return Ok(keys.unwrap_or_default());
    }
    let fitting = hits.newest.iter();
    let fitting = fitting.filter(|hit| hit.fits(filter, reader, &around));
    Ok(few(filter, reader, &around, fitting.collect(), most))
}

/// The keys of a page where more are found than are looked at one by one.
async fn many(
    desk: &Desk,
    filter: &Filter,
    reader: &Reader,
    question: &Question,
    hits: &Hits,
) -> Result<Vec<Key>> {
    let one_in = hits.one_in();
    if one_in <= SPARSE {
        let plain = filter.unsearched();
        let has_own_order =
            plain.sort == Sort::of(plain.view) || matches!(plain.view, View::AllOpen | View::Ended);
        let total = match has_own_order {
            true => Count::up_to_bound(u64::MAX),
            // Which way a narrow view is read follows from how long it is.
            false => rows::total(&plain, &counts::counts(desk, &plain, reader).await?),
        };
        let has_words = Query::select()
            .expr(Expr::cust("1"))
            .from(search_documents::Entity)
            .and_where(Expr::cust("search_documents.number = looked_at.number"))
            .and_where(question.test(desk.database.backend()))
            .to_owned();
        let tested = Tested {
            test: Expr::exists(has_words),
            most: WALKED + ONE_MORE as u64 * one_in * 3 / 2,
        };
        let walked = rows::keys(desk, &plain, reader, total, Some(&tested));
        if let Some(keys) = walked.await? {
            return Ok(keys);
        }
    }
    let is_hit = is_hit(desk, &hits.question, None);
    let sorted = rows::sorted(filter, reader, &is_hit);
    let keys = rows::keys_of(desk, filter, reader, &sorted, None, ONE_MORE).await?;
    Ok(keys.unwrap_or_default())
}
