//! A verdict that is open again: what it was, what is different from what it relied on, and the
//! button that confirms it.

use crate::{
    components::{ButtonLink, Hue, Tag, Time, VerdictTag, Weight},
    pages::compare::{Heads, Rows, difference},
    steps::cases::{About, confirm_verdict::ConfirmVerdictForm},
};
use casework::queries::case_page::{CasePage, List};
use leptos::prelude::*;
use workflow::checklist::{Item, Verdict};

/// What is to be known of an item whose verdict is open again; nothing of others.
pub(super) fn reopened(
    page: &CasePage,
    list: &List,
    item: &Item,
    may_check: bool,
    about: &About,
) -> Option<impl IntoView + use<>> {
    let reopened = page.reopened_of(list.kind, &item.key)?;
    let (was, now) = (reopened.was.clone(), page.sent.as_ref()?.revision);
    let then = was.relied.as_ref().map_or(0, |relied| relied.revision);
    let heads = Heads {
        before: format!("Revision {then}, relied on"),
        after: format!("Revision {now}"),
    };
    let differences = reopened
        .differences
        .iter()
        .map(|one| {
            let label = one.label.clone();
            view! {
                <p>
                    <strong>{label}</strong>
                </p>
                {difference(one, &heads, Rows::Changed)}
            }
        })
        .collect_view();
    let by = page.name(was.by);
    let said = match &was.verdict {
        Verdict::NotApplicable { reason } => reason.inside().to_owned(),
        Verdict::Pass | Verdict::Fail => was.evidence.clone(),
    };
    let said = (!said.is_empty()).then(|| view! { <p class="evidence">{said}</p> });
    let case = page.case.number;
    let compare = format!("/cases/{case}/compare?from={then}&to={now}");
    // What failed is said anew: its finding stands, or was answered.
    let confirm = (may_check && was.verdict != Verdict::Fail).then(|| {
        let next = next_reopened(page, list, item);
        let (verdict, item) = (was.verdict.clone(), item.clone());
        view! {
            <ConfirmVerdictForm
                about=about.clone()
                list=list.kind
                item=item
                revision=now
                was=verdict
                next=next
            />
        }
    });
    Some(view! {
        <div class="reopened">
            <p class="row">
                <Tag hue=Hue::Overdue text="Open again" />
                <span>"It was"</span>
                <VerdictTag verdict=Some(was.verdict) />
                <span class="quiet-text">{by} ", " <Time at=was.at /></span>
            </p>
            {said}
            {differences}
            <div class="row">
                {confirm}
                <ButtonLink href=compare weight=Weight::Link>
                    "Compare the revisions"
                </ButtonLink>
            </div>
        </div>
    })
}

/// The key of the next item of the list whose verdict is open again.
fn next_reopened(page: &CasePage, list: &List, item: &Item) -> Option<String> {
    let items = &list.template.items;
    let at = items.iter().position(|one| one.key == item.key)?;
    let others = items.iter().cycle().skip(at + 1).take(items.len() - 1);
    let mut open = others.filter(|one| page.reopened_of(list.kind, &one.key).is_some());
    open.next().map(|one| one.key.clone())
}
