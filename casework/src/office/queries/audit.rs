//! The audit explorer: any part of the trail, for those who may read all of it.

use crate::queries::trail;
use crate::{
    Caller, Desk, Error, Result,
    audit::{Names, Reader, body, sentence},
    entities::{apps, audit_events, cases, people, support_requests},
    paging::{BOUND, Count},
    policy::{DeskAct, Subject, Verdict},
    relations::conflicted_apps,
    support::queries::not_conflicted,
    text::contains,
    words::date,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Query},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use time::{Date, format_description::well_known::Iso8601};
use uuid::Uuid;
use workflow::{
    CaseNumber, StateKind, Timestamp, form::Problem, support::RequestNumber, text::line,
};

/// Rows of one page of the explorer.
pub const PAGE: u64 = 100;

/// Which part of the trail, as typed into the query string.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailFilter {
    /// A part of a name or username; `clock` and `nobody` are those.
    pub who: String,
    /// The name of an event.
    pub what: String,
    /// `UD-1042`.
    pub case: String,
    /// The first day, `2026-11-22`.
    pub from: String,
    /// The last day.
    pub to: String,
}

impl TrailFilter {
    /// Whether it leaves everything in.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The filters in words, for the head of a report.
    pub fn in_words(&self) -> String {
        let mut parts = Vec::new();
        let mut say = |label: &str, value: &str| {
            if !value.trim().is_empty() {
                parts.push(format!("{label} {}", value.trim()));
            }
        };
        say("by", &self.who);
        say("event", &crate::words::spaced(&self.what));
        say("case", &self.case);
        let day = |text: &str| {
            Date::parse(text.trim(), &Iso8601::DATE).map_or_else(|_| text.to_owned(), date)
        };
        say("from", &day(&self.from));
        say("to", &day(&self.to));
        if parts.is_empty() {
            "All events".to_owned()
        } else {
            format!("Events {}", parts.join(", "))
        }
    }
}

/// What the explorer shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explorer {
    pub filter: TrailFilter,
    /// What of the filter could not be understood; it is then left out.
    pub problems: Vec<Problem>,
    /// How many events fit the filter of those that the reader may read.
    pub count: Count,
    pub rows: Vec<AuditRow>,
    /// Where the next page begins, if there is one.
    pub older_than: Option<i64>,
    /// Every name of an event in the trail, for the filter.
    pub event_names: Vec<String>,
    pub may_export: bool,
    /// The last time someone walked the chain, and what came of it.
    pub verified: Option<Verified>,
}

/// A walk over the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    pub at: Timestamp,
    pub who: String,
    /// `verified the chain of 1204 events: it is whole`.
    pub what: String,
    pub whole: bool,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    pub seq: i64,
    pub at: Timestamp,
    pub who: String,
    pub name: String,
    pub what: String,
    /// What it is about, in words.
    pub about: String,
    /// The case, where it is about one whose page can be read: a draft is its developer's alone.
    pub case: Option<CaseNumber>,
    /// `Review → Decision`, where the state changed.
    pub change: String,
    pub reason: String,
    pub policy_version: i32,
    pub build: String,
    pub hash: String,
    /// The whole body as it is hashed.
    pub body: String,
}

/// Which part of the trail a page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrailPage {
    /// A sequence number.
    pub older_than: Option<i64>,
    /// Every event that fits is counted, however many there are.
    pub counts_all: bool,
}

/// One page of the trail, newest first. Where nothing is older, the oldest page.
///
/// # Errors
/// [`Error::NotFound`] to those who may not read the trail.
pub async fn explorer(
    desk: &Desk,
    caller: &Caller,
    filter: TrailFilter,
    part: TrailPage,
) -> Result<Explorer> {
    may(desk, caller, DeskAct::ReadAudit)?;
    let (wanted, problems) = wanted(desk, caller, &filter).await?;
    let database = desk.database.read();
    let count = if part.counts_all {
        events(&wanted).count(database).await?.into()
    } else {
        up_to_bound(database, &wanted).await?
    };
    let mut page = events(&wanted).order_by_desc(audit_events::Column::Seq);
    if let Some(seq) = part.older_than {
        page = page.filter(audit_events::Column::Seq.lt(seq));
    }
    let mut found = page.limit(PAGE + 1).all(database).await?;
    if found.is_empty() && !count.is_none() {
        // Older than everything: the oldest there is.
        found = events(&wanted)
            .order_by_asc(audit_events::Column::Seq)
            .limit(PAGE)
            .all(database)
            .await?;
        found.reverse();
    }
    let more = found.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let older_than = found.last().filter(|_| more).map(|event| event.seq);
    let event_names = desk.event_names.all(database).await?;
    Ok(Explorer {
        rows: rows(desk, &found).await?,
        filter,
        problems,
        count,
        older_than,
        event_names,
        may_export: may(desk, caller, DeskAct::ExportAudit).is_ok(),
        verified: verified(desk).await?,
    })
}

/// How many events fit, counted no further than the bound.
async fn up_to_bound(database: &impl ConnectionTrait, wanted: &Wanted) -> Result<Count> {
    let some = events(wanted)
        .select_only()
        .column(audit_events::Column::Seq)
        .limit(BOUND + 1)
        .into_query();
    let counted = Query::select()
        .expr(Expr::cust("count(*)"))
        .from_subquery(some, "counted")
        .to_owned();
    let row = database.query_one(&counted).await?;
    let number: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(Count::up_to_bound(number.unsigned_abs()))
}

async fn verified(desk: &Desk) -> Result<Option<Verified>> {
    let Some(event) = audit_events::Entity::find()
        .filter(audit_events::Column::Name.eq("trail_verified"))
        .order_by_desc(audit_events::Column::Seq)
        .one(desk.database.read())
        .await?
    else {
        return Ok(None);
    };
    let body = body::read(desk, event.seq, false, &event.name, &event.body);
    let names = trail::names(desk.database.read(), std::iter::once(event.actor.as_str())).await?;
    let what = if body == Value::Null {
        Some("left an entry that cannot be read".to_owned())
    } else {
        sentence(&event.name, &body, &names, Reader::Staff)
    };
    Ok(Some(Verified {
        at: Timestamp::from_micros(event.at),
        who: trail::who(&names, &event.actor),
        what: what.unwrap_or_default(),
        whole: body != Value::Null && body.get("fault").is_none_or(Value::is_null),
    }))
}

/// Whether a person may do this with the trail as a whole.
pub(crate) fn may(desk: &Desk, caller: &Caller, act: DeskAct) -> Result<()> {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    match desk.policy.ask(&subject, act) {
        Verdict::Allowed => Ok(()),
        // Who has no business on our side is not told that there is such a place.
        Verdict::Denied(_) if !caller.is_staff() => Err(Error::NotFound),
        Verdict::Denied(rule) => Err(Error::forbidden(rule)),
    }
}

/// Everything that the reader may read of the trail: not what is of an application that has not been
/// handed in, which is its developers' alone, and nothing of an app on whose side the reader is or
/// was.
async fn readable(desk: &Desk, caller: &Caller) -> Result<Wanted> {
    use audit_events::Column as C;
    let database = desk.database.read();
    let apps: Vec<Uuid> = apps::Entity::find()
        .select_only()
        .column(apps::Column::Id)
        .filter(apps::Column::Id.in_subquery(conflicted_apps(caller.person)))
        .into_tuple()
        .all(database)
        .await?;
    // Looked up for each event that is read, not gathered of all cases before the first one is.
    let hidden = Query::select()
        .expr(Expr::value(1))
        .from(cases::Entity)
        .and_where(
            Expr::col((cases::Entity, cases::Column::Id)).equals((audit_events::Entity, C::CaseId)),
        )
        .cond_where(
            Condition::any()
                .add(cases::Column::SubmittedAt.is_null())
                .add(cases::Column::AppId.is_in(apps.iter().copied())),
        )
        .to_owned();
    let wanted = Condition::all().add(
        Condition::any()
            .add(C::CaseId.is_null())
            .add(Expr::exists(hidden).not()),
    );
    let wanted = wanted.add(no_own_requests(desk, caller).await?);
    if apps.is_empty() {
        return Ok(wanted);
    }
    let ids = apps.iter().map(ToString::to_string);
    let wanted = wanted.add(
        Condition::any()
            .add(C::Subject.ne("app"))
            .add(C::SubjectId.is_not_in(ids)),
    );
    // A letter that was dropped is of a person, and names its case in its body alone.
    let cases: Vec<Uuid> = cases::Entity::find()
        .select_only()
        .column(cases::Column::Id)
        .filter(cases::Column::AppId.is_in(apps))
        .into_tuple()
        .all(database)
        .await?;
    let names = cases.iter().fold(Condition::any(), |any, case| {
        any.add(C::Body.contains(case.to_string()))
    });
    if names.is_empty() {
        return Ok(wanted);
    }
    Ok(wanted.add(
        Condition::all()
            .add(C::Name.eq("letter_dropped"))
            .add(names)
            .not(),
    ))
}

/// Nothing of the reader's own support requests, nor of those about an app on whose side the reader
/// is or was.
async fn no_own_requests(desk: &Desk, caller: &Caller) -> Result<Condition> {
    use audit_events::Column as C;
    let hidden: Vec<Uuid> = support_requests::Entity::find()
        .select_only()
        .column(support_requests::Column::Id)
        .filter(not_conflicted(caller.person).not())
        .into_tuple()
        .all(desk.database.read())
        .await?;
    Ok(Condition::any()
        .add(C::Subject.ne("request"))
        .add(C::SubjectId.is_not_in(hidden.iter().map(ToString::to_string))))
}

/// A filter understood.
pub(crate) type Wanted = Condition;

pub(crate) fn events(wanted: &Wanted) -> Select<audit_events::Entity> {
    audit_events::Entity::find().filter(wanted.clone())
}

/// Reads a filter; what cannot be understood is told and left out, and an unknown person or case
/// fits nothing. What the reader may not read is never in it.
pub(crate) async fn wanted(
    desk: &Desk,
    caller: &Caller,
    filter: &TrailFilter,
) -> Result<(Wanted, Vec<Problem>)> {
    let mut problems = Vec::new();
    let database = desk.database.read();
    let mut wanted = readable(desk, caller).await?;
    let who = line(&filter.who);
    let who = who.as_str();
    if who == "clock" || who == "nobody" {
        wanted = wanted.add(audit_events::Column::Actor.eq(who));
    } else if !who.is_empty() {
        let people: Vec<Uuid> = people::Entity::find()
            .select_only()
            .column(people::Column::Id)
            .filter(
                Condition::any()
                    .add(contains(Expr::col(people::Column::UsernameKey), who))
                    .add(contains(Expr::col(people::Column::NameKey), who)),
            )
            .limit(200)
            .into_tuple()
            .all(database)
            .await?;
        let actors = people.iter().map(ToString::to_string);
        wanted = wanted.add(audit_events::Column::Actor.is_in(actors));
    }
    let what = line(&filter.what);
    if !what.is_empty() {
        wanted = wanted.add(audit_events::Column::Name.eq(what));
    }
    let case = filter.case.trim();
    if !case.is_empty() {
        match case.parse::<CaseNumber>() {
            Ok(number) => {
                let number = i32::try_from(number.0).unwrap_or(i32::MAX);
                let id: Option<Uuid> = cases::Entity::find()
                    .select_only()
                    .column(cases::Column::Id)
                    .filter(cases::Column::Number.eq(number))
                    .into_tuple()
                    .one(database)
                    .await?;
                wanted = wanted.add(audit_events::Column::CaseId.eq(id.unwrap_or(Uuid::nil())));
            }
            Err(_) => problems.push(problem("case", "Case: write a number such as UD-1042.")),
        }
    }
    for (field, text, label) in [("from", &filter.from, "From"), ("to", &filter.to, "To")] {
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        let Ok(day) = Date::parse(text, &Iso8601::DATE) else {
            let text = format!("{label}: write a date such as 2026-11-22.");
            problems.push(problem(field, &text));
            continue;
        };
        wanted = if field == "from" {
            wanted.add(audit_events::Column::At.gte(Timestamp::start_of(day).micros()))
        } else {
            let next = day.next_day().unwrap_or(day);
            wanted.add(audit_events::Column::At.lt(Timestamp::start_of(next).micros()))
        };
    }
    Ok((wanted, problems))
}

fn problem(field: &str, text: &str) -> Problem {
    Problem {
        field: field.to_owned(),
        text: text.to_owned(),
    }
}

/// What events are about, by what they name: cases, people and apps.
#[derive(Default)]
pub(crate) struct Subjects {
    /// With whether it has been handed in.
    cases: BTreeMap<Uuid, (CaseNumber, bool)>,
    people: Names,
    apps: BTreeMap<Uuid, String>,
    requests: BTreeMap<Uuid, i32>,
}

impl Subjects {
    /// Loads the names of everything that some events are about: three queries, however many
    /// events.
    pub async fn of(desk: &Desk, events: &[audit_events::Model]) -> Result<Self> {
        let ids = |subject: &str| -> BTreeSet<Uuid> {
            events
                .iter()
                .filter(|event| event.subject == subject)
                .filter_map(|event| event.subject_id.parse().ok())
                .collect()
        };
        let database = desk.database.read();
        let mut subjects = Self::default();
        let wanted = ids("case");
        if !wanted.is_empty() {
            let found: Vec<(Uuid, i32, Option<i64>)> = cases::Entity::find()
                .select_only()
                .column(cases::Column::Id)
                .column(cases::Column::Number)
                .column(cases::Column::SubmittedAt)
                .filter(cases::Column::Id.is_in(wanted))
                .into_tuple()
                .all(database)
                .await?;
            subjects.cases = found
                .into_iter()
                .filter_map(|(id, number, submitted)| {
                    let number = CaseNumber(u32::try_from(number).ok()?);
                    Some((id, (number, submitted.is_some())))
                })
                .collect();
        }
        let wanted: Vec<String> = ids("person").iter().map(ToString::to_string).collect();
        subjects.people =
            trail::names(desk.database.read(), wanted.iter().map(String::as_str)).await?;
        let wanted = ids("app");
        if !wanted.is_empty() {
            let found: Vec<(Uuid, String)> = apps::Entity::find()
                .select_only()
                .column(apps::Column::Id)
                .column(apps::Column::Name)
                .filter(apps::Column::Id.is_in(wanted))
                .into_tuple()
                .all(database)
                .await?;
            subjects.apps = found.into_iter().collect();
        }
        let wanted = ids("request");
        if !wanted.is_empty() {
            let found: Vec<(Uuid, i32)> = support_requests::Entity::find()
                .select_only()
                .columns([
                    support_requests::Column::Id,
                    support_requests::Column::Number,
                ])
                .filter(support_requests::Column::Id.is_in(wanted))
                .into_tuple()
                .all(database)
                .await?;
            subjects.requests = found.into_iter().collect();
        }
        Ok(subjects)
    }

    /// The case of an event, once it has been handed in.
    fn case(&self, event: &audit_events::Model) -> Option<CaseNumber> {
        let (number, handed_in) = self.cases.get(&event.case_id?)?;
        handed_in.then_some(*number)
    }

    /// What an event is about, in words.
    pub fn about(&self, event: &audit_events::Model) -> String {
        let id = event.subject_id.parse::<Uuid>().ok();
        let known = match event.subject.as_str() {
            "case" => id
                .and_then(|id| self.cases.get(&id))
                .map(|(number, _)| number.to_string()),
            "person" => id.and_then(|id| self.people.get(&id).cloned()),
            "app" => id
                .and_then(|id| self.apps.get(&id))
                .map(|app| format!("App {app}")),
            "request" => id
                .and_then(|id| self.requests.get(&id))
                .map(|number| RequestNumber(number.unsigned_abs()).to_string()),
            _ => Some("The desk".to_owned()),
        };
        known.unwrap_or_else(|| format!("{} {}", event.subject, event.subject_id))
    }
}

async fn rows(desk: &Desk, events: &[audit_events::Model]) -> Result<Vec<AuditRow>> {
    let bodies = body::bodies(desk, events);
    let names = trail::names_of(desk, events, &bodies).await?;
    let subjects = Subjects::of(desk, events).await?;
    Ok(events
        .iter()
        .zip(&bodies)
        .map(|(event, body)| AuditRow {
            seq: event.seq,
            at: Timestamp::from_micros(event.at),
            who: trail::who(&names, &event.actor),
            name: event.name.clone(),
            what: sentence(&event.name, body, &names, Reader::Staff).unwrap_or_default(),
            about: subjects.about(event),
            case: subjects.case(event),
            change: change(body),
            reason: event.reason.clone(),
            policy_version: event.policy_version,
            build: event.build.clone(),
            hash: event.hash.clone(),
            body: event.body.clone(),
        })
        .collect())
}

/// `Review → Decision`, where an event moved a case.
pub(crate) fn change(body: &Value) -> String {
    let state = |key: &str| {
        let word = body.get(key)?.get("state")?.as_str()?;
        StateKind::from_word(word).map(StateKind::label)
    };
    match (state("before"), state("after")) {
        (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
        _ => String::new(),
    }
}
