//! A pending review: begun, changed entry by entry, published as one step, discarded, or taken over.

use super::{About, back_to, page_of};
use crate::{
    components::{Button, Need, Opt, Select, TextArea, Weight},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    cases::pending::{Entry, Says},
    commands::{
        self, BeginReviewInput, ChangeEntry, DiscardReviewInput, DropEntryInput, Envelope,
        PublishReviewInput, Rehearsal, TakeReviewInput,
    },
    queries::counted,
};
use leptos::prelude::*;
use workflow::{
    CaseNumber, PersonId,
    checklist::{ListKind, Severity},
};

/// The page of the reader's review of a case.
pub fn review_path(case: CaseNumber) -> String {
    format!("/cases/{case}/review")
}

/// From now on what is decided on the case is gathered.
pub(super) async fn begin_review(visit: Visit, at: Envelope, _: BeginReviewInput) -> Result<Next> {
    commands::begin_review(&visit.desk, visit.caller()?, &at).await?;
    Ok(back_to(&visit, at.case).next())
}

/// Writes an entry anew.
pub(super) async fn change_entry(visit: Visit, at: Envelope, input: ChangeEntry) -> Result<Next> {
    commands::change_entry(&visit.desk, visit.caller()?, &at, input).await?;
    Ok(Next::to(review_path(at.case)).saying(Done::EntryChanged))
}

/// Takes an entry out.
pub(super) async fn drop_entry(visit: Visit, at: Envelope, input: DropEntryInput) -> Result<Next> {
    commands::drop_entry(&visit.desk, visit.caller()?, &at, input.entry).await?;
    Ok(Next::to(review_path(at.case)).saying(Done::EntryDropped))
}

/// Throws the review away.
pub(super) async fn discard_review(
    visit: Visit,
    at: Envelope,
    _: DiscardReviewInput,
) -> Result<Next> {
    commands::discard_review(&visit.desk, visit.caller()?, &at).await?;
    Ok(page_of(at.case, Done::ReviewDiscarded))
}

/// Takes over what a colleague has left.
pub(super) async fn take_review(
    visit: Visit,
    at: Envelope,
    input: TakeReviewInput,
) -> Result<Next> {
    commands::take_review(&visit.desk, visit.caller()?, &at, input.person).await?;
    Ok(Next::to(review_path(at.case)).saying(Done::ReviewTaken))
}

/// Publishes what was rehearsed.
pub(super) async fn publish_review(
    visit: Visit,
    at: Envelope,
    input: PublishReviewInput,
) -> Result<Next> {
    commands::publish_review(&visit.desk, visit.caller()?, &at, &input).await?;
    Ok(page_of(at.case, Done::ReviewPublished))
}

/// The button that begins a review.
#[component]
pub fn BeginReviewForm(about: About) -> impl IntoView {
    about
        .form::<BeginReviewInput>()
        .show(|_| view! { <Button weight=Weight::Quiet>"Begin a review"</Button> })
}

/// The button that publishes, with what it was drawn from.
#[component]
pub fn PublishForm(about: About, rehearsal: Rehearsal) -> impl IntoView {
    let possible: Vec<Entry> = rehearsal.possible().cloned().collect();
    let words = format!("Publish {}", counted(&possible));
    about
        .form::<PublishReviewInput>()
        .hidden(PublishReviewInput::shown(), &rehearsal.shown)
        .show(|_| view! { <Button>{words}</Button> })
}

/// The button that throws the review away.
#[component]
pub fn DiscardForm(about: About) -> impl IntoView {
    about
        .form::<DiscardReviewInput>()
        .show(|_| view! { <Button weight=Weight::Danger>"Discard the review"</Button> })
}

/// The button that takes a colleague's review over.
#[component]
pub fn TakeReviewForm(about: About, person: PersonId) -> impl IntoView {
    about
        .form::<TakeReviewInput>()
        .id(format!("take_review-{person}"))
        .hidden(TakeReviewInput::person(), &person)
        .show(|_| view! { <Button weight=Weight::Quiet>"Take over"</Button> })
}

/// The button that takes an entry out.
#[component]
pub fn DropForm(about: About, entry: Entry, #[prop(into)] label: String) -> impl IntoView {
    about
        .form::<DropEntryInput>()
        .id(format!("drop_entry-{}", entry.id))
        .label(format!("Take out: {label}"))
        .hidden(DropEntryInput::entry(), &entry.id)
        .show(|_| view! { <Button weight=Weight::Link>"Take out"</Button> })
}

/// The id of the form that changes an entry.
pub fn change_id(entry: &Entry) -> String {
    format!("change_entry-{}", entry.id)
}

/// The texts of an entry, to be written anew; another verdict is given at the item.
#[component]
pub fn ChangeForm(about: About, entry: Entry, #[prop(into)] label: String) -> impl IntoView {
    let parts = Parts::of(&entry.says);
    about
        .form::<ChangeEntry>()
        .id(change_id(&entry))
        .faults_in_place()
        .label(format!("Change: {label}"))
        .hidden(ChangeEntry::entry(), &entry.id)
        .show(|form| {
            let text = parts.text.map(|(label, text)| {
                let of = form.at(ChangeEntry::text());
                view! { <TextArea of=of label=label value=text rows=3 /> }
            });
            let evidence = parts.evidence.map(|evidence| {
                let of = form.at(ChangeEntry::evidence());
                view! { <TextArea of=of value=evidence need=Need::Optional rows=2 /> }
            });
            let severity = parts.severity.map(|severity| {
                let weights = Severity::ALL.iter();
                let weights = weights.map(|one| Opt::new(one.word(), one.label()));
                let usual = severity.is_none().then(|| Opt::new("", "As usual"));
                let options = usual.into_iter().chain(weights).collect();
                let of = form.at(ChangeEntry::severity());
                let value = severity.map(Severity::word).unwrap_or_default();
                view! { <Select of=of options=options value=value /> }
            });
            view! {
                {text}
                {evidence}
                {severity}
                <Button weight=Weight::Quiet>"Save the change"</Button>
            }
        })
}

/// What of an entry can be written anew.
struct Parts {
    text: Option<(&'static str, String)>,
    evidence: Option<String>,
    severity: Option<Option<Severity>>,
}

impl Parts {
    fn of(says: &Says) -> Self {
        match says {
            Says::Verdict {
                list,
                verdict,
                evidence,
                note,
                severity,
                ..
            } => {
                let text = match verdict.as_str() {
                    "fail" if *list == ListKind::Completeness => Some("What is missing"),
                    "fail" => Some("What is wrong: the developer reads this"),
                    "not_applicable" => Some("Why it does not apply"),
                    _ => None,
                };
                let weighs = verdict == "fail" && *list != ListKind::Completeness;
                Self {
                    text: text.map(|label| (label, note.clone())),
                    evidence: Some(evidence.clone()),
                    severity: weighs.then_some(*severity),
                }
            }
            Says::Finding { severity, text, .. } => Self {
                text: Some(("What is wrong: the developer reads this", text.clone())),
                evidence: None,
                severity: Some(*severity),
            },
            Says::Question { text, .. } => Self {
                text: Some(("Question: the developer reads this", text.clone())),
                evidence: None,
                severity: None,
            },
        }
    }
}
