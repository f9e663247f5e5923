//! The steps that staff take on a case: one file each, with its server function and its form.

pub mod answer_appeal;
pub mod approve;
pub mod assign;
pub mod check_item;
pub mod confirm_complete;
pub mod confirm_verdict;
pub mod date_finding;
pub mod decline;
pub mod get_next;
pub mod grants;
pub mod look_at;
pub mod mark_seen;
pub mod pass_track;
pub mod propose_decline;
pub mod record_finding;
pub mod release;
pub mod reopen;
pub mod request_clarification;
pub mod request_corrections;
pub mod retest_finding;
pub mod review;
pub mod waive_finding;

use crate::{
    components::{Button, FormOf, Opt, PasskeyButton, SignButtons, SignedWith, Weight},
    web::{Done, Next, Step, Visit, encode},
};
use casework::{
    accounts::Means,
    input::{Input, OnCase, SecretField},
};
use leptos::prelude::*;
use workflow::{CaseNumber, Seen, checklist::ListKind, event::DeclineReason};

/// The steps of this folder.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::on_case(answer_appeal::answer_appeal),
        Step::on_case(approve::approve).signed(),
        Step::on_case(assign::assign),
        Step::on_case(check_item::check_item),
        Step::on_case(confirm_complete::confirm_complete),
        Step::on_case(confirm_verdict::confirm_verdict),
        Step::on_case(date_finding::date_finding),
        Step::on_case(decline::decline).signed(),
        Step::new(get_next::get_next),
        Step::on_case(grants::suspend_grant).signed(),
        Step::on_case(grants::reinstate_grant).signed(),
        Step::on_case(grants::revoke_grant).signed(),
        Step::on_case(grants::change_cap).signed(),
        Step::on_case(look_at::look_at),
        Step::on_case(mark_seen::mark_seen),
        Step::on_case(pass_track::pass_track),
        Step::on_case(propose_decline::propose_decline),
        Step::on_case(record_finding::record_finding),
        Step::on_case(release::release),
        Step::on_case(review::begin_review),
        Step::on_case(review::change_entry),
        Step::on_case(review::discard_review),
        Step::on_case(review::drop_entry),
        Step::on_case(review::publish_review),
        Step::on_case(review::take_review),
        Step::on_case(reopen::reopen),
        Step::on_case(request_clarification::request_clarification),
        Step::on_case(request_corrections::request_corrections),
        Step::on_case(retest_finding::retest_finding),
        Step::on_case(waive_finding::waive_finding),
    ]
}

/// The case that a form is about, as its fields carry it.
#[derive(Clone)]
pub struct About {
    pub case: CaseNumber,
    /// What the person sees of the case.
    pub seen: Seen,
    /// What is decided is gathered in a review that the person has begun.
    pub gathers: bool,
    /// The page to come back to when the step is refused.
    pub back: String,
    /// The visit, for what came back.
    pub visit: Visit,
    /// How the person can sign; on pages with a form that is signed.
    pub means: Means,
}

impl About {
    /// A form on the case.
    pub fn form<I: Input<On = OnCase>>(&self) -> FormOf<I> {
        self.visit
            .form()
            .back(self.back.clone())
            .case(self.case, Some(self.seen))
    }
}

/// What a signature means, what is asked for to give it, and the button that says `label`.
fn signature<I: Input>(
    form: &FormOf<I>,
    (password, code): (SecretField<I>, SecretField<I>),
    meaning: String,
    means: Means,
    (weight, label): (Weight, &'static str),
) -> impl IntoView + use<I> {
    view! {
        <p class="as-typed">{meaning}</p>
        <SignedWith
            password=form.secret(&password)
            code=form.secret(&code)
            means=means
            hint="It signs this decision."
        />
        <SignButtons means=means>
            <Button weight=weight>{label}</Button>
            <PasskeyButton step=I::STEP means=means />
        </SignButtons>
    }
}

/// The page of the case at the place from which a form of it was sent.
struct Back {
    case: CaseNumber,
    /// What the address says of the place.
    parts: Vec<(String, String)>,
    anchor: String,
}

/// Back to where a form was sent from, if that is the page of the case; else to its beginning.
fn back_to(visit: &Visit, case: CaseNumber) -> Back {
    let from = visit
        .referer
        .as_deref()
        .and_then(|from| from.split_once('?'));
    let query = from.filter(|(path, _)| *path == format!("/cases/{case}"));
    let query = query.map_or("", |(_, query)| query);
    // What is said or done once.
    let once = ["kept", "done", "cite", "before", "snooze"];
    let parts = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .filter(|(name, _)| !once.contains(&name.as_str()))
        .collect();
    Back {
        case,
        parts,
        anchor: String::new(),
    }
}

impl Back {
    /// The same at an item of a list.
    fn at_item(mut self, list: ListKind, key: &str) -> Self {
        let set = [("open", list.word()), ("item", key)];
        self.parts
            .retain(|(name, _)| set.iter().all(|(set, _)| set != name));
        let set = set.map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.parts.extend(set);
        self.anchor = check_item::item_anchor(list, key);
        self
    }

    fn without_anchor(self) -> Self {
        Self {
            anchor: String::new(),
            ..self
        }
    }

    fn next(self) -> Next {
        let mut path = format!("/cases/{}", self.case);
        for (index, (name, value)) in self.parts.iter().enumerate() {
            path.push(if index == 0 { '?' } else { '&' });
            path.push_str(&format!("{}={}", encode(name), encode(value)));
        }
        if !self.anchor.is_empty() {
            path.push('#');
            path.push_str(&self.anchor);
        }
        Next::to(path)
    }
}

/// The day by which an answer is due if nothing else is said, as a field of days wants it.
pub fn usual_due(visit: &Visit) -> String {
    let known = visit.desk.reference.known();
    let days = known.settings.clarification_days;
    known.calendar.due(visit.now(), days).date().to_string()
}

/// The page of the case, which says what was done.
fn page_of(case: CaseNumber, done: Done) -> Next {
    Next::to(format!("/cases/{case}")).saying(done)
}

/// The reasons for which an application can be declined.
fn decline_reasons() -> Vec<Opt> {
    DeclineReason::ALL
        .iter()
        .map(|reason| Opt::new(reason.word(), reason.label()))
        .collect()
}
