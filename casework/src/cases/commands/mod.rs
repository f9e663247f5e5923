//! What people do. Each command has a file of its own with the name of the business step; all of
//! those on cases go through [`run`].

mod accept_dla;
mod add_attachment;
mod answer_appeal;
mod answer_clarification;
mod appeal;
mod approve;
mod ask_stuck;
mod assign;
mod beside;
mod bulk;
mod check_item;
mod confirm_complete;
mod confirm_verdict;
mod date_finding;
mod decline;
mod edit_draft;
mod gather;
mod get_next;
mod give_back;
mod grants;
mod keep_answers;
mod keep_tag;
mod look_at;
mod move_cases;
mod pass_track;
pub(crate) mod prefill;
mod propose_decline;
mod publish_review;
mod record_finding;
mod release;
mod remind_developer;
mod remove_attachment;
mod reopen;
mod report_correction;
mod request_clarification;
mod request_corrections;
mod resubmit;
mod retest_finding;
mod save_view;
mod self_check;
mod settles;
mod snooze;
mod start;
mod submit;
mod tag_case;
mod tick;
mod waive_finding;
mod withdraw;

pub use accept_dla::{ACCEPTANCE, AcceptDlaInput, Signing, accept_dla};
pub use add_attachment::{AddAttachmentInput, add_attachment};
pub use answer_appeal::{AnswerAppeal, answer_appeal};
pub use answer_clarification::{AMEND, AnswerInput, Reply, answer_clarification};
pub use appeal::{AppealInput, LONGEST_APPEAL, appeal};
pub use approve::{ApproveInput, approve};
pub use ask_stuck::{AnswerStuckInput, AskStuckInput, LONGEST_ASK, answer_stuck, ask_stuck};
pub use assign::{Assign, AssignInput, assign};
pub use bulk::{
    BeginBulkInput, ConfirmBulkInput, RepeatBulkInput, StopBulkInput, begin_bulk, confirm_bulk,
    repeat_bulk, stop_bulk,
};
pub use check_item::{CheckItem, check_item};
pub use confirm_complete::{ConfirmCompleteInput, confirm_complete};
pub use confirm_verdict::{ConfirmVerdict, confirm_verdict};
pub use date_finding::{DateFinding, date_finding};
pub use decline::{Decline, DeclineInput, decline};
pub use edit_draft::{EditDraftInput, LONGEST_ANSWER, Typing, edit_draft};
pub use gather::{
    BeginReviewInput, ChangeEntry, DiscardReviewInput, DropEntryInput, TakeReviewInput,
    begin_review, change_entry, discard_review, drop_entry, gather_check, gather_finding,
    gather_questions, take_review,
};
pub(in crate::cases) use get_next::waiting_for;
pub use get_next::{GetNextInput, Next, get_next};
pub use give_back::give_back;
pub(crate) use give_back::{give_back_of, holds_work};
pub use grants::{
    ChangeCapInput, GrantChange, ReinstateInput, RevokeInput, SuspendInput, UNCAPPED, change_grant,
};
pub use keep_answers::{KeepAnswersInput, ToKeep, keep_answers};
pub use keep_tag::{KeepTagInput, LONGEST_TAG, MOST_TAGS, keep_tag};
pub(in crate::cases) use look_at::new_since;
pub use look_at::{LookAtInput, Looks, MarkSeenInput, look_at, mark_seen};
pub use move_cases::{MoveCasesInput, move_cases};
pub use pass_track::{PassTrackInput, pass_track};
pub use propose_decline::{ProposeDecline, propose_decline};
pub use publish_review::{
    PublishReviewInput, Rehearsal, Rehearsed, RehearsedLetter, publish_review, rehearse_review,
};
pub use record_finding::{RecordFinding, record_finding};
pub use release::{Release, ReleaseInput, release};
pub use remind_developer::{RemindDeveloperInput, remind_developer};
pub use remove_attachment::{RemoveAttachmentInput, remove_attachment};
pub use reopen::{Reopen, reopen};
pub use report_correction::{ReportCorrection, report_correction};
pub use request_clarification::{
    Question, RequestClarification, RequestClarificationInput, pin_from_word, pin_word,
    request_clarification,
};
pub use request_corrections::{RequestCorrections, request_corrections};
pub use resubmit::{Corrected, ResubmitInput, resubmit};
pub use retest_finding::{RetestFinding, retest_finding};
pub(crate) use save_view::forget_queue;
pub use save_view::{
    BeginWithInput, DropViewInput, LONGEST_VIEW, SaveViewInput, SetDensityInput, begin_with,
    drop_view, save_view, set_density,
};
pub(crate) use self_check::fingerprint as self_check_fingerprint;
pub use self_check::{SelfCheck, SelfCheckInput, self_check};
pub use snooze::{LONGEST_REASON, LONGEST_SNOOZE, SnoozeInput, WakeInput, snooze, wake};
pub use start::{StartInput, start};
pub(crate) use submit::form_of;
pub use submit::{Attested, SubmitInput, submit};
pub use tag_case::{TagCaseInput, UntagCaseInput, tag_case, untag_case};
pub use tick::tick;
pub use waive_finding::{WaiveFinding, waive_finding};
pub use withdraw::{WithdrawInput, withdraw};

use crate::{
    By, Caller, Desk, Error, Result, Step, Taking,
    accounts::Proof,
    audit::{self, Entry, Newest, Subject},
    cases::{
        letters,
        reasons::Reasons,
        search,
        sight::{Part, Sight},
        stuck,
    },
    context,
    entities::cases,
    input::{self, Sent},
    partners,
    policy::{self, Snapshot, Verdict},
    queries::trail,
    relations, signatures,
    store::{self, Intent, Stored},
};
use async_trait::async_trait;
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::{collections::BTreeSet, ops::Deref, sync::Arc};
use uuid::Uuid;
use workflow::{
    Action, ActionKind, Actor, Case, CaseNumber, Event, Recorded, Refusal, Relation, Seen,
    SignatureId, available, decide, seen_is_present,
    transition::{Signature, StepSide},
};

/// A step on a case.
#[async_trait]
pub trait CaseCommand: Send + Sync {
    /// The verb, asked of policy and transition table before anything else is done.
    fn kind(&self) -> ActionKind;

    /// The action with its data, and the writing of rows that belong to it (a frozen submission, a
    /// signature): they are undone if the action is then refused.
    ///
    /// # Errors
    /// When what was typed cannot be an action at all.
    async fn prepare(&self, work: &Work<'_>) -> Result<Action>;

    /// That who signs was asked for anew. Without it no step is carried out whose row asks for a signature.
    fn proof(&self) -> Option<&Proof> {
        None
    }
}

/// Who sends a command about which case, having seen what.
#[derive(Clone, Debug)]
pub struct Envelope {
    pub case: CaseNumber,
    /// What the person saw of the case. A step that judges the case as a whole is refused without
    /// it; work on a single item may leave it out.
    pub seen: Option<Seen>,
}

impl Envelope {
    /// From what was sent.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it names no case; [`Error::Malformed`] where the version is no
    /// number.
    pub fn read(sent: &Sent) -> Result<Self> {
        let case = sent.first(input::CASE).parse();
        let seen = match sent.first(input::SEEN) {
            "" => None,
            seen => Some(seen.parse().map_err(|_| Error::Malformed)?),
        };
        Ok(Self {
            case: case.map_err(|_| Error::NotFound)?,
            seen,
        })
    }
}

/// A case in the middle of a step, inside the transaction.
pub struct Work<'a> {
    step: Step<'a>,
    pub stored: Stored,
    /// The signature of the record that this step is taken with, once it has been made.
    signed: Option<Signed>,
}

/// A signature of a case's record, and the newest event that it covers.
#[derive(Clone, Copy, Debug)]
struct Signed {
    signature: SignatureId,
    newest: i64,
}

impl<'a> Deref for Work<'a> {
    type Target = Step<'a>;
    fn deref(&self) -> &Step<'a> {
        &self.step
    }
}

impl Work<'_> {
    /// The case as it stands.
    pub const fn case(&self) -> &Case {
        &self.stored.case
    }

    /// Who acts.
    pub fn actor(&self) -> Actor {
        self.by.actor().unwrap_or(Actor::Clock)
    }

    /// The person who acts.
    ///
    /// # Errors
    /// [`Error::SignedOut`] when it is the desk's clock.
    pub fn person(&self) -> Result<&Caller> {
        self.by.caller().ok_or(Error::SignedOut)
    }

    /// The signature of the record that this step is taken with.
    ///
    /// # Errors
    /// [`Refusal::NotSigned`] for steps whose row does not ask for one.
    pub fn signature(&self, action: ActionKind) -> Result<SignatureId> {
        let signed = self.signed.map(|signed| signed.signature);
        Ok(signed.ok_or(Refusal::NotSigned { action })?)
    }

    /// All that the caller is to this case.
    pub fn subject(&self) -> policy::Subject {
        subject(self.by.caller(), &self.stored)
    }
}

/// All that a caller is to a case.
pub fn subject(caller: Option<&Caller>, stored: &Stored) -> policy::Subject {
    match caller {
        Some(caller) => policy::Subject::new(&caller.roles, &stored.relations_of(caller.person)),
        None => policy::Subject::new(&BTreeSet::new(), &BTreeSet::from([Relation::Clock])),
    }
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// It was carried out now; the events that followed.
    Now(Vec<Event>),
    /// The same form had been carried out before, or says what is on record already; nothing was
    /// changed.
    Before,
}

/// Carries out a step: load, authorise, decide, save; the state, its audit events and its mails in
/// one transaction.
///
/// # Errors
/// [`Error::NotFound`] to those who may not know of the case; the refusal of policy or workflow;
/// [`Error::Conflict`] with what changed when the person looked at an older version.
pub async fn run(
    desk: &Desk,
    caller: Option<&Caller>,
    envelope: &Envelope,
    command: &impl CaseCommand,
) -> Result<Done> {
    match attempt(desk, caller, envelope, command).await {
        Err(Error::Before) => Ok(Done::Before),
        Err(Error::Conflict { .. }) => {
            // Outside the transaction, which has been rolled back.
            let changes = trail::since(desk, caller, envelope.case, envelope.seen).await?;
            Err(Error::Conflict { changes })
        }
        outcome => outcome,
    }
}

async fn attempt(
    desk: &Desk,
    caller: Option<&Caller>,
    envelope: &Envelope,
    command: &impl CaseCommand,
) -> Result<Done> {
    let step = Step::begin(desk, caller.map_or(By::Clock, By::Person)).await?;
    let stored = Stored::load(step.transaction(), envelope.case, Intent::Change).await?;
    let mut work = Work {
        step,
        stored,
        signed: None,
    };
    let kind = command.kind();
    permitted(work.transaction(), &work.policy, caller, &work.stored, kind).await?;
    let newest = match kind.row().signature {
        Signature::OfRecord => audit::newest_of_case(work.transaction(), work.case().id).await?,
        Signature::OfAgreement | Signature::NotNeeded => None,
    };
    let now = Seen {
        version: work.case().version,
        trail: newest.as_ref().map(|event| event.seq),
    };
    match seen_is_present(kind, envelope.seen, now) {
        Err(Refusal::TrailChanged) => Err(conflict()),
        other => Ok(other?),
    }?;
    let changed_since = envelope
        .seen
        .is_some_and(|seen| seen.version != work.case().version);
    let decided = decide_on(&mut work, kind, command, newest).await;
    if decided.as_ref().is_ok_and(Vec::is_empty) {
        // Nothing is different from what is on record.
        return Ok(Done::Before);
    }
    let events = match decided {
        Ok(_) if work.desk.takes() == Taking::Tried => Err(Error::Preview),
        // A refusal that comes of someone else's step is told as what that step was.
        Err(Error::Refused(_)) if changed_since => Err(conflict()),
        other => other,
    }?;
    if let Some(caller) = caller
        && kind.row().side == StepSide::Developer
        && !work.stored.people.is_conflicted(caller.person)
    {
        relations::tie(
            work.transaction(),
            work.stored.app.id,
            caller.person,
            work.now,
        )
        .await?;
    }
    record(work, events).await.map(Done::Now)
}

const fn conflict() -> Error {
    Error::Conflict {
        changes: Vec::new(),
    }
}

async fn permitted(
    connection: &impl ConnectionTrait,
    policy: &Snapshot,
    caller: Option<&Caller>,
    stored: &Stored,
    kind: ActionKind,
) -> Result<()> {
    if let Some(caller) = caller {
        Sight::of(policy, caller, stored).require(Part::Outside)?;
    }
    let subject = subject(caller, stored);
    match (policy.ask(&subject, kind), caller) {
        (Verdict::Allowed, _) => Ok(()),
        (Verdict::Denied(rule), None) => Err(Error::forbidden(rule)),
        (Verdict::Denied(rule), Some(caller)) => {
            let reason = denial(connection, policy, caller, stored, kind, &rule).await?;
            Err(Error::Forbidden { rule, reason })
        }
    }
}

/// Why the policy denies a step, in the words of the person. Asked where the case was read: within a
/// step a second connection could be one that waits for this very case.
async fn denial(
    connection: &impl ConnectionTrait,
    policy: &Snapshot,
    caller: &Caller,
    stored: &Stored,
    kind: ActionKind,
    rule: &str,
) -> Result<String> {
    let holders: Vec<String> = stored
        .case
        .seats
        .values()
        .map(ToString::to_string)
        .collect();
    let names = trail::names(connection, holders.iter().map(String::as_str)).await?;
    let reasons = Reasons {
        case: &stored.case,
        app: &stored.app.name,
        policy,
        me: caller.person,
        roles: &caller.roles,
        relations: &stored.relations_of(caller.person),
        name: &|person| {
            let name = names.get(&person.0).cloned();
            name.unwrap_or_else(|| "Unknown".to_owned())
        },
    };
    Ok(reasons.denied(kind, rule))
}

async fn decide_on(
    work: &mut Work<'_>,
    kind: ActionKind,
    command: &impl CaseCommand,
    newest: Option<Newest>,
) -> Result<Vec<Event>> {
    let known = Arc::clone(&work.known);
    let context = context(&known, work.now, work.actor());
    available(work.case(), &context, kind)?;
    let not_signed = Refusal::NotSigned { action: kind };
    match kind.row().signature {
        Signature::NotNeeded => {}
        // The command itself signs the agreement's document.
        Signature::OfAgreement => _ = proven(work, command, &not_signed)?,
        Signature::OfRecord => {
            let proof = proven(work, command, &not_signed)?;
            let newest = newest.ok_or(Error::NotFound)?;
            work.signed = Some(Signed {
                signature: signatures::sign_record(work, proof, kind, newest.hash).await?,
                newest: newest.seq,
            });
        }
    }
    let action = command.prepare(work).await?;
    debug_assert_eq!(action.kind(), kind, "a command attempts what it announced");
    let events = decide(work.case(), &context, action)?;
    let named = |made: Signed| {
        let names = |event: &Event| event.signature() == Some(made.signature);
        events.iter().any(names)
    };
    // A signature that the record does not name would be nobody's.
    if work.signed.is_some_and(|made| !named(made)) {
        return Err(not_signed.into());
    }
    Ok(events)
}

/// That the person who acts has shown anew who that is.
fn proven<'a>(
    work: &Work<'_>,
    command: &'a impl CaseCommand,
    not_signed: &Refusal,
) -> Result<&'a Proof> {
    let person = work.person()?.person;
    match command.proof() {
        Some(proof) if proof.person() == person => Ok(proof),
        Some(_) | None => Err(not_signed.clone().into()),
    }
}

/// Whoever may not take a step that is signed is told so, and is not asked for a password.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub(crate) async fn may_sign(
    desk: &Desk,
    caller: &Caller,
    case: CaseNumber,
    kind: ActionKind,
) -> Result<()> {
    match allowed(desk, caller, case, kind).await {
        Err(error @ (Error::NotFound | Error::Forbidden { .. })) => Err(error),
        // Whether the case can take it now, `run` says.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// The case, if this person could take the step now. What is slow (a visit to a web address, a
/// file) is done between this and [`run`], which asks again.
///
/// # Errors
/// As [`run`], before anything typed is looked at.
pub(crate) async fn allowed(
    desk: &Desk,
    caller: &Caller,
    case: CaseNumber,
    kind: ActionKind,
) -> Result<Stored> {
    let stored = Stored::load(desk.database.read(), case, Intent::Read).await?;
    permitted(
        desk.database.read(),
        &desk.policy.snapshot(),
        Some(caller),
        &stored,
        kind,
    )
    .await?;
    let known = desk.reference.known();
    let context = context(&known, desk.now(), Actor::Person(caller.person));
    available(&stored.case, &context, kind)?;
    Ok(stored)
}

/// Applies events to the case, writes everything that belongs to them and ends the step.
async fn record(mut work: Work<'_>, events: Vec<Event>) -> Result<Vec<Event>> {
    let written = write(&mut work, events, None).await?;
    work.step.commit().await?;
    Ok(written.recorded.into_iter().map(|one| one.event).collect())
}

/// What a step wrote, before its end.
struct Written {
    /// The case after it.
    case: Case,
    row: cases::Model,
    recorded: Vec<Recorded>,
    /// The letters that it put into the outbox.
    letters: Vec<Uuid>,
}

/// Applies events to the case and writes everything that belongs to them; `sitting` says to which
/// sitting they belong together.
async fn write(
    work: &mut Work<'_>,
    events: Vec<Event>,
    sitting: Option<&serde_json::Value>,
) -> Result<Written> {
    let recorded: Vec<Recorded> = events
        .into_iter()
        .map(|event| Recorded {
            at: work.now,
            by: work.actor(),
            event,
        })
        .collect();
    let before = work.stored.case.clone();
    let mut case = before.clone();
    for one in &recorded {
        let from = case.state.clone();
        case.apply(one);
        let mut entry = entry(&case, &from, one)?;
        if let Some(sitting) = sitting {
            entry.body["review"] = sitting.clone();
        }
        work.step.append_entry(entry);
        store::carry_out(work.transaction(), &work.stored, one).await?;
    }
    let row = store::project(&case, Some(&work.stored.row), &recorded, &work.known)?;
    work.step.counts.moved(Some(&work.stored.row), &row);
    if row.in_views != 0 && recorded.iter().any(|one| search::changes_texts(&one.event)) {
        work.step.search.case(row.id);
    }
    snooze::end(work.transaction(), case.id.0).await?;
    stuck::went_on(work.transaction(), &before, &case, &recorded).await?;
    if let By::Person(caller) = work.by
        && caller.is_staff()
    {
        look_at::acted(work.transaction(), &row, caller.person).await?;
    }
    store::save(work.transaction(), &work.stored.row, row.clone()).await?;
    if store::waits(&before.state) && !store::waits(&case.state) {
        store::forget(work.transaction(), case.id.0).await?;
    }
    let letters = letters::post(work, &case, &recorded).await?;
    if recorded.iter().any(|one| store::changes_access(&one.event)) {
        partners::follow(&mut work.step, work.stored.app.id).await?;
    }
    if let Some(signed) = work.signed {
        // What was signed is the whole record, also if someone took a copy this very moment.
        audit::hold(work.transaction()).await?;
        let newest = audit::newest_of_case(work.transaction(), case.id).await?;
        if newest.is_none_or(|newest| newest.seq != signed.newest) {
            return Err(conflict());
        }
    }
    Ok(Written {
        case,
        row,
        recorded,
        letters,
    })
}

/// The audit entry of an event that has just been applied to `case`, which stood in `from`.
///
/// # Errors
/// None for events of our own types.
pub fn entry(case: &Case, from: &workflow::State, recorded: &Recorded) -> Result<Entry> {
    Ok(Entry {
        actor: Some(recorded.by),
        subject: Subject::Case {
            id: case.id.0,
            version: case.version,
        },
        name: recorded.event.name(),
        body: json!({
            "event": serde_json::to_value(&recorded.event)?,
            "before": serde_json::to_value(from)?,
            "after": serde_json::to_value(&case.state)?,
        }),
        reason: recorded.event.reason().unwrap_or_default().to_owned(),
    })
}
