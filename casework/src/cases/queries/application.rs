//! `/applications/{number}`: an application as its developer sees it. Nothing internal is in here:
//! no evidence, no names on our side, no proposals, no findings before they are asked to be corrected.

mod outcome;
mod parts;

pub(super) use outcome::declined_text;
pub use outcome::{AppealView, Outcome};
pub(super) use parts::findings;
pub use parts::{Accepted, FindingView, Pinned, QuestionView, Settled, TrackView};
pub(in crate::cases) use parts::{is_told, question_of, returned_is_told};

use super::{
    case_page::{Attached, Sent, attachments, sent},
    developer::{AskedOfDeveloper, asked},
    finding_life::Lives,
    queued::{Queued, queued},
    sittings,
    stuck::{Stuck, of_application},
    trail,
};
use crate::{
    Caller, Desk, Result,
    apps::queries::may_apply_for,
    audit::{Reader, TrailEntry},
    cases::sight::{self, Part},
    commands::{app_subject, form_of, subject},
    context,
    entities::audit_events,
    guides::{Taken, Told},
    policy::Verdict,
    store::{self, KeptAnswers, Stored},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeSet;
use time::Duration;
use workflow::{
    ActionKind, Actor, AppId, Calendar, CaseNumber, Timestamp, available,
    clock::Spent,
    eta::{Eta, Held, estimate},
    state::{AccessLevel, Side, State},
    transition::StepSide,
};

/// Everything on the page.
#[derive(Clone, Debug)]
pub struct ApplicationView {
    pub number: CaseNumber,
    pub app: AppId,
    pub app_name: String,
    pub organisation: String,
    pub level: AccessLevel,
    pub state: State,
    /// The version of the case, for its forms.
    pub version: u64,
    pub round: u16,
    /// What is asked of the developer now.
    pub asked: Option<AskedOfDeveloper>,
    pub submitted_at: Option<Timestamp>,
    pub spent: Spent,
    pub running: Option<Side>,
    /// By when whoever's turn it is should act.
    pub due: Option<Timestamp>,
    /// How long comparable cases took.
    pub took_others: Option<Taken>,
    /// When it is likely to be decided; none once it is.
    pub foretold: Option<Foretold>,
    /// The seats in which it waits for somebody to take it.
    pub queued: Vec<Queued>,
    /// Whether its developers ask if it is stuck.
    pub stuck: Stuck,
    pub complete_since: Option<Timestamp>,
    pub tracks: Vec<TrackView>,
    pub accepted: Option<Accepted>,
    pub questions: Vec<QuestionView>,
    pub findings: Vec<FindingView>,
    /// What was handed in, newest revision.
    pub sent: Option<Sent>,
    pub files: Vec<Attached>,
    /// What is written to questions or points and not sent yet; for the app's members alone.
    pub kept: KeptAnswers,
    /// The other application of the app that is on its way, where this one has ended; for the app's
    /// members alone. An appeal is not granted while there is one.
    pub under_way: Option<CaseNumber>,
    /// Whether the caller can begin another application on the page of the app.
    pub may_begin: bool,
    /// How it ended, once it has.
    pub outcome: Option<Outcome>,
    /// Oldest first.
    pub history: Vec<TrailEntry>,
    /// Whether the caller is a member of the app: others do not see its page.
    pub is_member: bool,
    /// What the caller can do now.
    pub possible: BTreeSet<ActionKind>,
    /// What could be done now by someone with more authority in this app.
    pub lacks_authority: BTreeSet<ActionKind>,
}

/// When an application is likely to be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foretold {
    pub eta: Eta,
    /// The days on which the interval begins and ends if it stays our turn.
    pub between: Option<(Timestamp, Timestamp)>,
    /// How often this was right.
    pub held: Option<Held>,
}

impl Foretold {
    /// Of an application on which we have spent `us`.
    fn of(told: &Told, us: Duration, now: Timestamp, calendar: &Calendar) -> Self {
        let elapsed = u32::try_from(us.whole_days()).unwrap_or(u32::MAX);
        let eta = estimate(&told.decided, elapsed);
        let day = |days: u32| calendar.due(now, u16::try_from(days).unwrap_or(u16::MAX));
        let between = match eta {
            Eta::Within { from, to, .. } => Some((day(from), day(to))),
            Eta::Unknown | Eta::Longer { .. } => None,
        };
        Self {
            eta,
            between,
            held: told.held,
        }
    }
}

/// An application, for the members of its app.
///
/// # Errors
/// [`crate::Error::NotFound`] to those who may not read the case.
pub async fn application(
    desk: &Desk,
    caller: &Caller,
    number: CaseNumber,
) -> Result<ApplicationView> {
    let (stored, sight) =
        sight::read(desk, desk.database.read(), caller, number, Part::Outside).await?;
    let known = desk.reference.known();
    let case = &stored.case;
    let events = audit_events::Entity::find()
        .filter(audit_events::Column::CaseId.eq(case.id.0))
        .order_by_asc(audit_events::Column::Seq)
        .all(desk.database.read())
        .await?;
    let mut files = attachments(desk, &stored).await?;
    let sent = sent(desk, &stored, &known, &files).await?;
    if !sight.has(Part::Draft) {
        let handed_in = |id| {
            sent.iter()
                .any(|sent| sent.files.iter().any(|file| file.id == id))
        };
        files.retain(|file| handed_in(file.id));
    }
    let kept = if sight.has(Part::Draft) && store::waits(&case.state) {
        store::kept_answers(desk.database.read(), case.id.0).await?
    } else {
        KeptAnswers::default()
    };
    let form = form_of(&known, case)?;
    let events = sittings::told(events, form, &files);
    let history = trail::entries_to(desk, &events, Reader::Developer, Some(caller.person)).await?;
    let lives = Lives::read(&events);
    let people: Vec<String> = lives.people().map(|person| person.to_string()).collect();
    let names = trail::names(desk.database.read(), people.iter().map(String::as_str)).await?;
    let (possible, lacks_authority) = steps(desk, caller, &stored);
    let takes = desk.takes.known(desk).await?;
    let now = desk.now();
    let is_member = stored.people.member(caller.person).is_some();
    let on_its_way = store::under_way(desk.database.read(), stored.row.app_id).await?;
    let who = app_subject(caller, &stored.people);
    let may_begin = !may_apply_for(desk, &who, &stored.app, on_its_way.is_some())?.is_empty();
    let others = on_its_way.map(|other| other.number);
    Ok(ApplicationView {
        under_way: others.filter(|other| is_member && *other != number),
        may_begin,
        number,
        app: case.app,
        app_name: stored.app.name.clone(),
        organisation: stored.app.organisation.clone(),
        level: case.level,
        state: case.state.clone(),
        version: case.version,
        round: case.round,
        asked: asked(case, &known),
        submitted_at: case.clock.started(),
        spent: case.clock.spent(desk.now(), &known.calendar),
        running: case.clock.running().map(|(side, _)| side),
        due: stored.row.due_at.map(Timestamp::from_micros),
        took_others: takes.get(&case.level).map(|told| told.taken),
        foretold: takes
            .get(&case.level)
            .filter(|_| case.state.kind().is_open() && stored.row.submitted_at.is_some())
            .map(|told| {
                let us = case.clock.spent(now, &known.calendar).us;
                Foretold::of(told, us, now, &known.calendar)
            }),
        queued: queued(desk.database.read(), &stored).await?,
        stuck: of_application(desk, caller, &stored).await?,
        complete_since: case.completeness.passed.map(|stamp| stamp.at),
        tracks: parts::tracks(case),
        accepted: parts::accepted(desk, case).await?,
        questions: parts::questions(case, &known, form),
        findings: findings(case, &known, form, &lives, &names),
        sent,
        files,
        kept,
        is_member,
        outcome: outcome::of(desk, case, &events, &history),
        history,
        possible,
        lacks_authority,
    })
}

/// What the caller can do now, and what only others in the app can.
fn steps(
    desk: &Desk,
    caller: &Caller,
    stored: &Stored,
) -> (BTreeSet<ActionKind>, BTreeSet<ActionKind>) {
    let known = desk.reference.known();
    let context = context(&known, desk.now(), Actor::Person(caller.person));
    let who = subject(Some(caller), stored);
    ActionKind::ALL
        .iter()
        .copied()
        .filter(|step| step.row().side == StepSide::Developer)
        .filter(|step| available(&stored.case, &context, *step).is_ok())
        .partition(|step| desk.policy.ask(&who, *step) == Verdict::Allowed)
}
