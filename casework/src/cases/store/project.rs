//! The columns of a case.

use super::standing::{self, Facts};
use crate::{Result, entities::cases, reference::Known};
use workflow::{
    Case, Event, Recorded, State, Timestamp,
    case::GrantStatus,
    checklist::Severity,
    event::Actor,
    state::{Seat, Side, StateKind, Track},
};

/// The row of a case after `events`; `before` is the row it replaces (none for a new case).
///
/// # Errors
/// None for cases that came from our own types.
pub fn project(
    case: &Case,
    before: Option<&cases::Model>,
    events: &[Recorded],
    known: &Known,
) -> Result<cases::Model> {
    let at = events.last().map_or(Timestamp::default(), |event| event.at);
    let running = case.clock.running();
    let since = running.map_or(at, |(_, since)| since);
    let spent = case.clock.spent(since, &known.calendar);
    let kind = case.state.kind();
    let open = |track: Track| {
        kind == StateKind::Review
            && case.level.tracks().contains(&track)
            && case
                .sheet(workflow::checklist::ListKind::of(track))
                .is_some_and(|sheet| sheet.passed.is_none())
    };
    let seat = |seat: Seat| case.seats.get(&seat).map(|person| person.0);
    let news = news(before, events);
    let decline_proposed = case.decline_proposal.is_some() && kind.is_open();
    let in_views = standing::in_views(Facts {
        state: kind,
        was_submitted: case.clock.started().is_some(),
        has_assignee: seat(Seat::Case).is_some(),
        commercial_free: open(Track::Commercial) && seat(Seat::Commercial).is_none(),
        technical_free: open(Track::Technical) && seat(Seat::Technical).is_none(),
        has_news: news.is_some(),
        decline_proposed,
        appeal_waits: case.appeal_waits(),
        findings_dated: findings_due(case).is_some(),
    });
    Ok(cases::Model {
        id: case.id.0,
        number: i32::try_from(case.number.0).unwrap_or(i32::MAX),
        app_id: case.app.0,
        level: case.level.word().to_owned(),
        state: kind.word().to_owned(),
        side: kind.side().word().to_owned(),
        round: i32::from(case.round),
        assignee_id: seat(Seat::Case),
        commercial_id: seat(Seat::Commercial),
        technical_id: seat(Seat::Technical),
        commercial_open: open(Track::Commercial),
        technical_open: open(Track::Technical),
        decline_proposed,
        open_questions: count(case.open_questions().count()),
        open_findings: count(case.standing_findings().count()),
        open_blockers: count(
            case.standing_findings()
                .filter(|finding| finding.severity == Severity::Blocker)
                .count(),
        ),
        news,
        due_at: due(case, known).map(Timestamp::micros),
        clock_at: running.map(|(_, since)| since.micros()),
        us_spent: micros(spent.us),
        developer_spent: micros(spent.developer),
        submitted_at: case.clock.started().map(Timestamp::micros),
        ended_at: match running {
            Some((Side::Nobody, since)) => Some(since.micros()),
            _ => None,
        },
        changed_at: at.micros(),
        created_at: before.map_or(at.micros(), |row| row.created_at),
        document: serde_json::to_string(case)?,
        version: i64::try_from(case.version).unwrap_or(i64::MAX),
        in_views,
    })
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn micros(duration: time::Duration) -> i64 {
    i64::try_from(duration.whole_microseconds()).unwrap_or(i64::MAX)
}

/// The earliest day by which something let through with the approval is to be corrected.
fn findings_due(case: &Case) -> Option<Timestamp> {
    let holds = case
        .grant
        .as_ref()
        .is_some_and(|grant| grant.status != GrantStatus::Revoked);
    let dates = case.dated_findings().map(|(_, due)| due);
    dates.min().filter(|_| holds)
}

/// By when whoever's turn it is should act: the developer's date, or what is left of our own aim;
/// after an approval, the earliest date of its findings.
pub(crate) fn due(case: &Case, known: &Known) -> Option<Timestamp> {
    if case.state == State::Approved {
        return findings_due(case);
    }
    if let Some(due) = case.state.developer_due() {
        return Some(due);
    }
    let (Side::Us, since) = case.clock.running()? else {
        return None;
    };
    let spent = case.clock.spent(since, &known.calendar).us.whole_days();
    let left = i64::from(known.settings.review_days).saturating_sub(spent);
    Some(known.calendar.due(since, u16::try_from(left).unwrap_or(0)))
}

/// What the developer did last, until someone on our side has taken it up.
fn news(before: Option<&cases::Model>, events: &[Recorded]) -> Option<String> {
    let mut news = before.and_then(|row| row.news.clone());
    for recorded in events {
        news = match &recorded.event {
            Event::ClarificationAnswered { .. } => Some("answered".to_owned()),
            Event::Resubmitted { .. } => Some("resubmitted".to_owned()),
            Event::DlaAccepted { .. } => Some("dla_accepted".to_owned()),
            event if event.is_review_work() && recorded.by != Actor::Clock => None,
            Event::Approved { .. } | Event::Declined { .. } | Event::Withdrawn { .. } => None,
            _ => news,
        };
    }
    news
}
