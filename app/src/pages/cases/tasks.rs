//! The right half: completeness, reviews, agreement and decision; one of them open.

use super::{
    checklist::checklist,
    outcome::{agreement_task, decision_task},
    place::Place,
};
use crate::{
    components::{Hue, Task, TaskStatus},
    steps::cases::About,
};
use casework::{
    Caller,
    queries::case_page::{CasePage, List},
};
use leptos::prelude::*;
use workflow::{
    StateKind,
    checklist::{Finding, ListKind},
    state::Seat,
};

pub(super) fn tasks(
    caller: &Caller,
    page: &CasePage,
    about: &About,
    place: &Place,
) -> impl IntoView + use<> {
    let open = place.task(page);
    let lists = page
        .lists
        .iter()
        .map(|list| list_task(caller, page, list, about, place, open == list.kind.word()))
        .collect_view();
    view! {
        {lists}
        {agreement_task(page, place, open == "agreement")}
        {decision_task(page, place, open == "decision")}
    }
}

/// `2 open findings`, `1 open and 1 answered finding`: open is what the developer has said nothing
/// about, answered what is to be tested again.
fn findings_text(open: usize, answered: usize) -> String {
    let counted = |count: usize, word: &str| (count > 0).then(|| format!("{count} {word}"));
    let parts: Vec<String> = [counted(open, "open"), counted(answered, "answered")]
        .into_iter()
        .flatten()
        .collect();
    let last = if answered > 0 { answered } else { open };
    let word = if last == 1 { "finding" } else { "findings" };
    format!("{} {word}", parts.join(" and "))
}

fn list_task(
    caller: &Caller,
    page: &CasePage,
    list: &List,
    about: &About,
    place: &Place,
    is_open: bool,
) -> impl IntoView + use<> {
    let (marked, failed) = (list.marked(), list.failed());
    let total = list.template.items.len();
    let state = page.case.state.kind();
    let has_begun = match list.kind {
        ListKind::Completeness => state != StateKind::Submitted,
        ListKind::Commercial | ListKind::Technical => page.case.completeness.passed.is_some(),
    };
    let of_list = |finding: &&Finding| finding.list == list.kind;
    let standing = page.case.standing_findings().filter(of_list);
    let (open, answered): (Vec<_>, Vec<_>) = standing.partition(|finding| finding.is_open());
    let status = if list.sheet.passed.is_some() {
        TaskStatus::new(Hue::Approved, "Passed")
    } else if !has_begun {
        TaskStatus::new(Hue::Waiting, "Cannot start yet")
    } else if open.len() + answered.len() > 0 {
        let findings = findings_text(open.len(), answered.len());
        let hue = if open.is_empty() {
            Hue::Us
        } else {
            Hue::Overdue
        };
        TaskStatus::new(hue, format!("{marked} of {total} checked, {findings}"))
    } else if failed > 0 {
        TaskStatus::new(
            Hue::Overdue,
            format!("{marked} of {total} checked, {failed} failed"),
        )
    } else {
        TaskStatus::new(Hue::Us, format!("{marked} of {total} checked"))
    };
    let holder = match list.kind {
        ListKind::Completeness => page.case.assignee(),
        ListKind::Commercial => page.case.seats.get(&Seat::Commercial).copied(),
        ListKind::Technical => page.case.seats.get(&Seat::Technical).copied(),
    };
    let holder = holder.map(|person| page.name(person)).unwrap_or_default();
    let (id, name) = (list.kind.word(), list.kind.label());
    let body = is_open.then(|| checklist(caller, page, list, about, place).into_any());
    let href = place.at_task(id).href();
    view! { <Task id=id name=name about=holder status=status href=format!("{href}#{id}") body=body /> }
}
