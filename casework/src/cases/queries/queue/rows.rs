//! The rows of one page: first which cases, by walking an index from the page's place, then what is
//! shown of them.

use super::{
    Filter, Reader, Sort, View, build,
    conditions::{self, Meaning},
    place::{Key, Place},
};
use crate::{
    Desk, Result,
    entities::{apps, cases, grants, people, snoozes},
    paging::Count,
    store::Standing,
};
use cases::Column as C;
use sea_orm::{
    Condition, DbBackend, ExprTrait, FromQueryResult, IdenStatic,
    sea_query::{Alias, Expr, IntoIden, JoinType, Order, Query},
};
use std::{cmp::Ordering, collections::BTreeMap};
use uuid::Uuid;

/// How many rows a page has.
pub const PAGE: u64 = 60;

/// So many are read: whether there are more is seen from the one too many.
pub(super) const ONE_MORE: usize = PAGE as usize + 1;

/// So many cases are sorted in less time than it takes to find them in a long list; in builds for
/// development so few that tests go both ways.
const SORTED_AT_ONCE: u64 = if cfg!(debug_assertions) { 12 } else { 2_000 };

/// One page.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub rows: Vec<(Key, Details)>,
    /// Whether there are rows before and behind it.
    pub before: bool,
    pub after: bool,
}

/// What a walk looks for on its way, and how far it goes for that.
pub(super) struct Tested {
    /// Asked of each case that is read, which is called `looked_at`.
    pub test: Expr,
    /// So many cases are read.
    pub most: u64,
}

/// Where rows of a list come from.
pub(super) struct Source {
    condition: Condition,
    /// They are few: found by whatever is quickest, and sorted then. Otherwise the index that the
    /// condition names is walked in its order.
    sorted: bool,
}

/// The sources of a list.
fn sources(filter: &Filter, reader: &Reader, total: Count) -> Vec<Source> {
    let few = !total.more && total.number <= SORTED_AT_ONCE;
    let one = |condition: Condition, sorted| Source { condition, sorted };
    let standing = |standing: Standing| {
        if filter.is_few() || few && filter.is_found_by_itself() {
            return one(Condition::all().add(standing.held()), true);
        }
        if few && filter.is_of_a_time() {
            let half = standing.half().walked();
            return one(Condition::all().add(half).add(standing.held()), true);
        }
        let wide = matches!(standing, Standing::AllOpen | Standing::Ended);
        if wide || filter.sort == Sort::of(filter.view) {
            one(Condition::all().add(standing.walked()), false)
        } else if few {
            one(Condition::all().add(standing.walked()), true)
        } else {
            let all = Condition::all().add(Standing::AllOpen.walked());
            one(all.add(standing.held()), false)
        }
    };
    match Meaning::of(filter.view) {
        Meaning::Standing(of) => vec![standing(of)],
        Meaning::Overdue => {
            let mut open = standing(Standing::AllOpen);
            open.condition = open.condition.add(conditions::overdue(reader));
            open.sorted |= few && filter.sort != Sort::Due;
            vec![open]
        }
        Meaning::Snoozed => {
            let open = Condition::all().add(Standing::AllOpen.held());
            vec![one(open.add(conditions::snoozed(reader)), true)]
        }
        Meaning::MyTurn => {
            let awake = || conditions::not_snoozed(reader);
            let mut sources = if filter.sort == Sort::Due {
                conditions::own_turns(reader.me)
                    .map(|turn| one(turn.add(awake()), false))
                    .into()
            } else {
                vec![one(
                    Condition::all()
                        .add(conditions::own_turn(reader.me))
                        .add(awake()),
                    true,
                )]
            };
            if reader.approves {
                let mut deciding = standing(Standing::Decisions);
                deciding.condition = deciding
                    .condition
                    .add(conditions::not_seated(reader.me))
                    .add(awake());
                sources.push(deciding);
            }
            sources
        }
    }
}

/// The sources of a list of few cases, which this condition leaves.
pub(super) fn sorted(filter: &Filter, reader: &Reader, few: &Expr) -> Vec<Source> {
    let sources = sources(filter, reader, Count::default()).into_iter();
    let sorted = sources.map(|source| Source {
        condition: source.condition.add(few.clone()),
        sorted: true,
    });
    sorted.collect()
}

#[derive(Clone, Copy, Debug, FromQueryResult)]
struct Keyed {
    value: Option<i64>,
    number: i32,
    passes: bool,
}

/// Which way rows are read, and in which of the two parts of a list: those with a value of what it
/// is sorted by, and behind them those without.
#[derive(Clone, Copy)]
struct Walk {
    descends: bool,
    valued: bool,
    from: Option<Key>,
}

/// The next rows of one source; none where too much would have to be read for what is looked for.
async fn walk(
    desk: &Desk,
    filter: &Filter,
    reader: &Reader,
    source: &Source,
    walk: Walk,
    limit: usize,
    tested: Option<&Tested>,
) -> Result<Option<Vec<Key>>> {
    let column = (cases::Entity, filter.sort.column());
    let number = (cases::Entity, C::Number);
    let mut select = Query::select();
    select
        .expr_as(
            Expr::col(column).cast_as(Alias::new("bigint")),
            Alias::new("value"),
        )
        .column(number)
        .from(cases::Entity)
        .cond_where(source.condition.clone())
        .cond_where(conditions::filters(filter, reader));
    if walk.valued {
        select.and_where(Expr::col(column).is_not_null());
    } else {
        select.and_where(Expr::col(column).is_null());
    }
    if let Some(from) = walk.from {
        let (place, here) = match from.value {
            Some(value) if filter.sort != Sort::Number => (
                Expr::tuple([Expr::col(column), Expr::col(number)]),
                Expr::tuple([Expr::value(value), Expr::value(from.number)]),
            ),
            _ => (Expr::col(number), Expr::value(from.number)),
        };
        select.and_where(if walk.descends {
            place.lt(here)
        } else {
            place.gt(here)
        });
    }
    let order = if walk.descends {
        Order::Desc
    } else {
        Order::Asc
    };
    // What is sorted is no column: no index is walked for its order alone.
    let by = if source.sorted {
        Expr::cust(format!("+cases.{}", filter.sort.column().as_str()))
    } else {
        Expr::col(column)
    };
    if walk.valued {
        select.order_by_expr(by, order.clone());
    }
    if filter.sort != Sort::Number {
        select.order_by(number, order);
    }
    let most = tested.map_or(limit as u64, |tested| tested.most);
    select.limit(most);
    let passes = Alias::new("passes");
    let select = match tested {
        None => select.expr_as(Expr::cust("TRUE"), passes).take(),
        // The limit outside keeps what is tested to what is read inside.
        Some(tested) => Query::select()
            .columns([Alias::new("value"), Alias::new("number")])
            .expr_as(tested.test.clone(), passes)
            .from_subquery(select, Alias::new("looked_at"))
            .limit(most)
            .take(),
    };
    let found = Keyed::find_by_statement(build(desk, &select))
        .all(desk.database.read())
        .await?;
    let is_whole = tested.is_none() || (found.len() as u64) < most;
    let mut keys: Vec<Key> = found
        .into_iter()
        .filter(|found| found.passes)
        .map(|Keyed { value, number, .. }| Key { value, number })
        .collect();
    if tested.is_some() {
        keys.sort_by(|one, other| compare(*one, *other, walk.descends));
        keys.truncate(limit);
    }
    Ok((is_whole || keys.len() == limit).then_some(keys))
}

/// In the order of one part of a list.
fn compare(one: Key, other: Key, descends: bool) -> Ordering {
    let order = (one.value, one.number).cmp(&(other.value, other.number));
    if descends { order.reverse() } else { order }
}

/// The cases of a page of a list of so many, as [`keys_of`] answers them.
pub(super) async fn keys(
    desk: &Desk,
    filter: &Filter,
    reader: &Reader,
    total: Count,
    tested: Option<&Tested>,
) -> Result<Option<Vec<Key>>> {
    let sources = sources(filter, reader, total);
    keys_of(desk, filter, reader, &sources, tested, ONE_MORE).await
}

/// The first cases of a list, at most so many.
pub(super) async fn first(
    desk: &Desk,
    filter: &Filter,
    reader: &Reader,
    counts: &[(View, Count)],
    most: usize,
) -> Result<Vec<Key>> {
    let sources = sources(filter, reader, total(filter, counts));
    let keys = keys_of(desk, filter, reader, &sources, None, most).await?;
    Ok(keys.unwrap_or_default())
}

/// At most so many cases, in the order in which they were read: from the page's place on, or back from it. None where too much would have to be read for
/// what is looked for on the way.
pub(super) async fn keys_of(
    desk: &Desk,
    filter: &Filter,
    reader: &Reader,
    sources: &[Source],
    tested: Option<&Tested>,
    most: usize,
) -> Result<Option<Vec<Key>>> {
    let (back, from) = match filter.place {
        Place::First => (false, None),
        Place::After(key) => (false, Some(key)),
        Place::Before(key) => (true, Some(key)),
        Place::Last => (true, None),
    };
    // Only the date can be missing.
    let parts: &[bool] = match filter.sort {
        Sort::Due if back => &[false, true],
        Sort::Due => &[true, false],
        Sort::Waiting | Sort::Changed | Sort::Number => &[true],
    };
    let descends = filter.descends() != back;
    let mut keys = Vec::new();
    for valued in parts {
        let of_this_part = from.filter(|key| key.value.is_some() == *valued);
        // The place lies in the part that is read later.
        if let Some(from) = from
            && of_this_part.is_none()
            && (from.value.is_none() != back)
        {
            continue;
        }
        let left = most - keys.len();
        let step = Walk {
            descends,
            valued: *valued,
            from: of_this_part,
        };
        let mut found = Vec::new();
        for source in sources {
            match walk(desk, filter, reader, source, step, left, tested).await? {
                Some(keys) => found.extend(keys),
                None => return Ok(None),
            }
        }
        if sources.len() > 1 {
            found.sort_by(|one, other| compare(*one, *other, descends));
            // A case in two sources is one row.
            found.dedup();
        }
        keys.extend(found.into_iter().take(left));
        if keys.len() == most {
            break;
        }
    }
    Ok(Some(keys))
}

/// How many cases a filter's view has.
pub(super) fn total(filter: &Filter, counts: &[(View, Count)]) -> Count {
    let found = counts.iter().find(|(view, _)| *view == filter.view);
    found.map_or_else(Count::default, |(_, count)| *count)
}

/// The page that a filter names.
pub(super) async fn found(
    desk: &Desk,
    filter: &Filter,
    reader: &Reader,
    counts: &[(View, Count)],
) -> Result<Found> {
    let keys = keys(desk, filter, reader, total(filter, counts), None).await?;
    page(desk, filter, reader, keys.unwrap_or_default()).await
}

/// Of more cases than are counted, a page that holds a whole list tells how long it is; any page
/// tells how long it is at least.
pub(super) fn learn(filter: &Filter, found: &Found, counts: &mut [(View, Count)]) {
    let of_view = counts.iter_mut().find(|(view, _)| *view == filter.view);
    if let Some((_, count)) = of_view
        && count.more
    {
        let shown = found.rows.len() as u64;
        let is_whole = filter.place == Place::First && !found.after;
        *count = match is_whole {
            true => Count::exact(shown),
            false => Count {
                number: Ord::max(count.number, shown),
                more: true,
            },
        };
    }
}

/// The page of these cases, as [`keys_of`] answered them.
pub(super) async fn page(
    desk: &Desk,
    filter: &Filter,
    reader: &Reader,
    mut keys: Vec<Key>,
) -> Result<Found> {
    let more = keys.len() == ONE_MORE;
    keys.truncate(ONE_MORE - 1);
    let back = matches!(filter.place, Place::Before(_) | Place::Last);
    if back {
        keys.reverse();
    }
    let mut details = details(desk, reader, &keys).await?;
    Ok(Found {
        rows: keys
            .iter()
            .filter_map(|key| Some((*key, details.remove(&key.number)?)))
            .collect(),
        before: match filter.place {
            Place::First => false,
            Place::After(_) => true,
            Place::Before(_) | Place::Last => more,
        },
        after: match filter.place {
            Place::First | Place::After(_) => more,
            Place::Before(_) => true,
            Place::Last => false,
        },
    })
}

/// The columns that a row needs: never the document.
const COLUMNS: [C; 21] = [
    C::Number,
    C::Level,
    C::State,
    C::Side,
    C::Round,
    C::AssigneeId,
    C::CommercialId,
    C::TechnicalId,
    C::CommercialOpen,
    C::TechnicalOpen,
    C::DeclineProposed,
    C::OpenQuestions,
    C::OpenFindings,
    C::OpenBlockers,
    C::News,
    C::DueAt,
    C::ClockAt,
    C::UsSpent,
    C::DeveloperSpent,
    C::SubmittedAt,
    C::ChangedAt,
];

/// What is shown of a case.
#[derive(Debug, FromQueryResult)]
pub(super) struct Details {
    pub number: i32,
    pub level: String,
    pub state: String,
    pub side: String,
    pub round: i32,
    pub assignee_id: Option<Uuid>,
    pub commercial_id: Option<Uuid>,
    pub technical_id: Option<Uuid>,
    pub commercial_open: bool,
    pub technical_open: bool,
    pub decline_proposed: bool,
    pub open_questions: i32,
    pub open_findings: i32,
    pub open_blockers: i32,
    pub news: Option<String>,
    pub due_at: Option<i64>,
    pub grant: Option<String>,
    pub clock_at: Option<i64>,
    pub us_spent: i64,
    pub developer_spent: i64,
    pub submitted_at: Option<i64>,
    pub changed_at: i64,
    pub app_name: String,
    pub organisation: String,
    pub assignee: Option<String>,
    pub commercial: Option<String>,
    pub technical: Option<String>,
    /// The ids of its tags, with commas between them.
    pub tags: Option<String>,
    /// Why and until when the reader has snoozed it.
    pub snooze_reason: Option<String>,
    pub snooze_until: Option<i64>,
}

/// What is shown of these cases, by their numbers.
pub(super) async fn details(
    desk: &Desk,
    reader: &Reader,
    keys: &[Key],
) -> Result<BTreeMap<i32, Details>> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut select = Query::select();
    select.from(cases::Entity).join(
        JoinType::InnerJoin,
        apps::Entity,
        Expr::col((apps::Entity, apps::Column::Id)).equals((cases::Entity, C::AppId)),
    );
    for column in COLUMNS {
        select.column((cases::Entity, column));
    }
    select
        .expr_as(
            Expr::col((apps::Entity, apps::Column::Name)),
            Alias::new("app_name"),
        )
        .column((apps::Entity, apps::Column::Organisation))
        // By the app's grants, which have an index; of a case there is one.
        .join(
            JoinType::LeftJoin,
            grants::Entity,
            Expr::col((grants::Entity, grants::Column::AppId))
                .equals((cases::Entity, C::AppId))
                .and(
                    Expr::col((grants::Entity, grants::Column::CaseId))
                        .equals((cases::Entity, C::Id)),
                ),
        )
        .expr_as(
            Expr::col((grants::Entity, grants::Column::Status)),
            Alias::new("grant"),
        );
    let tags = match desk.database.backend() {
        DbBackend::Postgres => "string_agg(tag_id::text, ',')",
        _ => "group_concat(hex(tag_id), ',')",
    };
    select
        .expr_as(
            Expr::cust(format!(
                "(SELECT {tags} FROM case_tags WHERE case_tags.case_id = cases.id)"
            )),
            Alias::new("tags"),
        )
        .join(
            JoinType::LeftJoin,
            snoozes::Entity,
            Condition::all()
                .add(Expr::col((snoozes::Entity, snoozes::Column::PersonId)).eq(reader.me))
                .add(
                    Expr::col((snoozes::Entity, snoozes::Column::CaseId))
                        .equals((cases::Entity, C::Id)),
                )
                .add(
                    Expr::col((snoozes::Entity, snoozes::Column::UntilAt)).gt(reader.now.micros()),
                ),
        )
        .expr_as(
            Expr::col((snoozes::Entity, snoozes::Column::Reason)),
            Alias::new("snooze_reason"),
        )
        .expr_as(
            Expr::col((snoozes::Entity, snoozes::Column::UntilAt)),
            Alias::new("snooze_until"),
        );
    for (seat, name) in [
        (C::AssigneeId, "assignee"),
        (C::CommercialId, "commercial"),
        (C::TechnicalId, "technical"),
    ] {
        let holder = Alias::new(format!("{name}_person"));
        select
            .join_as(
                JoinType::LeftJoin,
                people::Entity,
                holder.clone(),
                Expr::col((holder.clone(), people::Column::Id)).equals((cases::Entity, seat)),
            )
            .expr_as(
                Expr::col((holder.into_iden(), people::Column::Name)),
                Alias::new(name),
            );
    }
    select
        .and_where(Expr::col((cases::Entity, C::Number)).is_in(keys.iter().map(|key| key.number)));
    let found = Details::find_by_statement(build(desk, &select))
        .all(desk.database.read())
        .await?;
    Ok(found.into_iter().map(|one| (one.number, one)).collect())
}
