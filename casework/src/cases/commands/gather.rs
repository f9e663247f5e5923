//! Gathering a review: verdicts, findings and questions that are kept until they are published
//! together. Each is looked at as the step that it becomes; what could not be taken now is not
//! gathered.

use super::{
    CaseCommand, CheckItem, Done, Envelope, Question, RecordFinding, RequestClarification, Work,
    permitted, subject,
};
use crate::{
    By, Caller, Desk, Error, Result, Step,
    cases::{
        pending::{self, Entry, Left, Review, Says},
        sight::{Part, Sight},
    },
    context,
    input::input,
    store::{Intent, Stored},
};
use uuid::Uuid;
use workflow::{Action, FindingId, PersonId, QuestionId, available, checklist::Severity, decide};

input! {
    /// From now on what is decided on the case is gathered.
    pub struct BeginReviewInput for "begin_review" OnCase {}
}

input! {
    /// An entry with its texts as they are to be.
    pub struct ChangeEntry for "change_entry" OnCase {
        hidden entry: Uuid;
        typed text: String = "Text";
        typed evidence: String = "Evidence" up to 2_000;
        typed severity: Option<Severity> = "Severity";
    }
}

input! {
    /// The entry that goes.
    pub struct DropEntryInput for "drop_entry" OnCase {
        hidden entry: Uuid;
    }
}

input! {
    /// The caller's own review goes, with all that is in it.
    pub struct DiscardReviewInput for "discard_review" OnCase {}
}

input! {
    /// Whose review is taken over.
    pub struct TakeReviewInput for "take_review" OnCase {
        hidden person: PersonId;
    }
}

/// Begins to work on a case of which the caller reads the inside; nobody else changes what is pending
/// on it meanwhile.
pub(super) async fn begin<'a>(
    desk: &'a Desk,
    caller: &'a Caller,
    envelope: &Envelope,
) -> Result<Work<'a>> {
    let step = Step::begin(desk, By::Person(caller)).await?;
    let stored = Stored::load(step.transaction(), envelope.case, Intent::Change).await?;
    Sight::of(&step.policy, caller, &stored).require(Part::Inside)?;
    Ok(Work {
        step,
        stored,
        signed: None,
    })
}

/// What is typed becomes the action that it says, under the ids that the entry has had from the
/// beginning.
pub(super) async fn action(work: &Work<'_>, entry: &Entry) -> Result<Action> {
    let mut action = match entry.says.clone() {
        Says::Verdict {
            list,
            item,
            revision,
            verdict,
            evidence,
            note,
            severity,
        } => {
            let check = CheckItem {
                list,
                item,
                revision,
                verdict,
                evidence,
                note,
                severity,
                gather: false,
                next: None,
            };
            check.prepare(work).await?
        }
        Says::Finding {
            list,
            item,
            severity,
            text,
        } => {
            let record = RecordFinding {
                list,
                item,
                severity,
                text,
                gather: false,
            };
            record.prepare(work).await?
        }
        Says::Question { about, text, due } => {
            let questions = vec![Question { about, text }];
            let ask = RequestClarification { questions, due };
            ask.prepare(work).await?
        }
    };
    match &mut action {
        Action::CheckItem {
            finding: Some(finding),
            ..
        }
        | Action::RecordFinding { finding, .. } => finding.id = FindingId(entry.id),
        Action::RequestClarification { questions, .. } => {
            for question in questions {
                question.id = QuestionId(entry.id);
            }
        }
        _ => {}
    }
    Ok(action)
}

/// Whether a step could be taken by the caller now, with what was typed.
async fn could_be_taken(work: &Work<'_>, command: &impl CaseCommand) -> Result<()> {
    let (kind, person) = (command.kind(), work.person()?);
    permitted(
        work.transaction(),
        &work.policy,
        Some(person),
        &work.stored,
        kind,
    )
    .await?;
    let context = context(&work.known, work.now, work.actor());
    available(work.case(), &context, kind)?;
    let action = command.prepare(work).await?;
    decide(work.case(), &context, action)?;
    Ok(())
}

/// A form that was carried out before has done what it does.
async fn once(work: impl Future<Output = Result<()>>) -> Result<()> {
    match work.await {
        Err(Error::Before) => Ok(()),
        other => other,
    }
}

async fn own(work: &Work<'_>) -> Result<Option<Review>> {
    pending::find(work.transaction(), work.case().id.0, work.person()?.person).await
}

async fn gather(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    command: &impl CaseCommand,
    says: Vec<Says>,
) -> Result<()> {
    once(async {
        let work = begin(desk, caller, envelope).await?;
        could_be_taken(&work, command).await?;
        let review = own(&work).await?;
        let begun = || Review::begun(work.case().id.0, caller.person, work.now);
        let mut review = review.unwrap_or_else(begun);
        for says in says {
            review.put(Entry {
                id: Uuid::now_v7(),
                by: caller.person,
                at: work.now,
                says,
            })?;
        }
        keep(work, review).await
    })
    .await
}

async fn keep(work: Work<'_>, review: Review) -> Result<()> {
    let review = Review {
        changed_at: work.now,
        ..review
    };
    pending::keep(work.transaction(), &review).await?;
    work.step.commit().await
}

/// Begins a review, unless one is there.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] to who may take none of the steps it could be made of.
pub async fn begin_review(desk: &Desk, caller: &Caller, envelope: &Envelope) -> Result<()> {
    once(async {
        let work = begin(desk, caller, envelope).await?;
        let who = subject(Some(caller), &work.stored);
        let steps = workflow::ActionKind::GATHERED;
        if !steps.iter().any(|step| work.policy.allows(&who, *step)) {
            work.policy.require(&who, steps[0])?;
        }
        match own(&work).await? {
            Some(_) => Ok(()),
            None => {
                let review = Review::begun(work.case().id.0, caller.person, work.now);
                keep(work, review).await
            }
        }
    })
    .await
}

/// Gathers a verdict; one on the same item is replaced.
///
/// # Errors
/// Those of the step if it were taken now.
pub async fn gather_check(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    check: CheckItem,
) -> Result<Done> {
    let says = Says::Verdict {
        list: check.list,
        item: check.item.clone(),
        revision: check.revision,
        verdict: check.verdict.clone(),
        evidence: check.evidence.clone(),
        note: check.note.clone(),
        severity: check.severity,
    };
    gather(desk, caller, envelope, &check, vec![says]).await?;
    Ok(Done::Now(Vec::new()))
}

/// Gathers a finding.
///
/// # Errors
/// As [`gather_check`].
pub async fn gather_finding(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    record: RecordFinding,
) -> Result<Done> {
    let says = Says::Finding {
        list: record.list,
        item: record.item.clone(),
        severity: record.severity,
        text: record.text.clone(),
    };
    gather(desk, caller, envelope, &record, vec![says]).await?;
    Ok(Done::Now(Vec::new()))
}

/// Gathers questions.
///
/// # Errors
/// As [`gather_check`].
pub async fn gather_questions(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    ask: RequestClarification,
) -> Result<Done> {
    let questions = ask.questions.iter();
    let questions = questions.filter(|question| !question.text.trim().is_empty());
    let says = questions.map(|question| Says::Question {
        about: question.about.clone(),
        text: question.text.clone(),
        due: ask.due.clone(),
    });
    let says = says.collect();
    gather(desk, caller, envelope, &ask, says).await?;
    Ok(Done::Now(Vec::new()))
}

/// Writes an entry of the caller's review anew.
///
/// # Errors
/// [`Error::NotFound`] where it is none of the caller's; [`Error::Input`] on what is missing.
pub async fn change_entry(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    change: ChangeEntry,
) -> Result<()> {
    once(async {
        let work = begin(desk, caller, envelope).await?;
        let mut review = own(&work).await?.ok_or(Error::NotFound)?;
        let entry = review
            .entries
            .iter_mut()
            .find(|entry| entry.id == change.entry)
            .ok_or(Error::NotFound)?;
        match &mut entry.says {
            Says::Verdict {
                evidence,
                note,
                severity,
                ..
            } => (*evidence, *note, *severity) = (change.evidence, change.text, change.severity),
            Says::Finding { severity, text, .. } => {
                (*severity, *text) = (change.severity, change.text)
            }
            Says::Question { text, .. } => *text = change.text,
        }
        entry.by = caller.person;
        // What would be refused of its step is said at the field of this form.
        action(&work, entry).await.map_err(|error| match error {
            Error::Input { mut problems } => {
                for problem in &mut problems {
                    if problem.field == "note" || problem.field == "text-1" {
                        problem.field = "text".to_owned();
                    }
                }
                Error::Input { problems }
            }
            other => other,
        })?;
        keep(work, review).await
    })
    .await
}

/// Takes an entry out of the caller's review.
///
/// # Errors
/// [`Error::NotFound`] where it is none of the caller's.
pub async fn drop_entry(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    entry: Uuid,
) -> Result<()> {
    once(async {
        let work = begin(desk, caller, envelope).await?;
        let mut review = own(&work).await?.ok_or(Error::NotFound)?;
        let before = review.entries.len();
        review.entries.retain(|one| one.id != entry);
        if review.entries.len() == before {
            return Err(Error::NotFound);
        }
        keep(work, review).await
    })
    .await
}

/// Throws the caller's own review away.
///
/// # Errors
/// [`Error::NotFound`] to who may not know of the case.
pub async fn discard_review(desk: &Desk, caller: &Caller, envelope: &Envelope) -> Result<()> {
    once(async {
        let work = begin(desk, caller, envelope).await?;
        pending::forget(work.transaction(), work.case().id.0, caller.person).await?;
        work.step.commit().await
    })
    .await
}

/// Takes over what somebody else has gathered and cannot publish any more: the entries whose steps are
/// the caller's to take. What is another's to take stays where it is, and so does a verdict on an item
/// on which the caller has gathered one.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] while whoever wrote it can publish it, and where nothing
/// of it is the caller's.
pub async fn take_review(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    from: PersonId,
) -> Result<()> {
    once(async {
        let work = begin(desk, caller, envelope).await?;
        let (transaction, case) = (work.transaction(), work.case().id.0);
        let theirs = pending::find(transaction, case, from).await?;
        let mut theirs = theirs.ok_or(Error::NotFound)?;
        let left = pending::left(transaction, &work.policy, &work.stored, &theirs).await?;
        let who = subject(Some(caller), &work.stored);
        let review = own(&work).await?;
        let mut review = review.unwrap_or_else(|| Review::begun(case, caller.person, work.now));
        let has_own = |entry: &Entry| {
            let mut own = review.entries.iter();
            own.any(|one| one.says.is_of_same_item(&entry.says))
        };
        let (taken, stays): (Vec<_>, Vec<_>) = std::mem::take(&mut theirs.entries)
            .into_iter()
            .partition(|entry| work.policy.allows(&who, entry.says.step()) && !has_own(entry));
        let is_left = left.is_some_and(Left::is_taken_over);
        if from == caller.person || !is_left || taken.is_empty() {
            return Err(Error::Forbidden {
                rule: "pending_review".to_owned(),
                reason: "Nothing of this review is yours to take over.".to_owned(),
            });
        }
        for entry in taken {
            review.put(entry)?;
        }
        theirs.entries = stays;
        if theirs.entries.is_empty() {
            pending::forget(transaction, case, from).await?;
        } else {
            pending::keep(transaction, &theirs).await?;
        }
        keep(work, review).await
    })
    .await
}
