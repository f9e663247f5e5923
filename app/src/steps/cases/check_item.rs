//! Check item: made for going down a list quickly; after each mark the page shows the next item.

use super::About;
use crate::{
    components::{Button, Buttons, Need, Opt, Select, TextArea, Weight},
    web::{Next, Visit},
};
use casework::{
    Result,
    commands::{self, CheckItem, Envelope},
};
use leptos::prelude::*;
use workflow::checklist::{Item, ListKind, Severity};

/// Marks an item of a checklist.
pub(super) async fn check_item(visit: Visit, at: Envelope, input: CheckItem) -> Result<Next> {
    let list = input.list;
    let anchor = item_anchor(list, input.next.as_ref().unwrap_or(&input.item));
    commands::check_item(&visit.desk, visit.caller()?, &at, input).await?;
    let list = list.word();
    Ok(Next::to(format!("/cases/{}?open={list}#{anchor}", at.case)))
}

/// The place of an item on the page of its case; only what an item's key may have goes in.
pub fn item_anchor(list: ListKind, key: &str) -> String {
    let key: String = key
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "_-".contains(*c))
        .collect();
    format!("{}-{key}", list.word())
}

/// The form under an item.
#[component]
pub fn CheckItemForm(
    about: About,
    list: ListKind,
    item: Item,
    /// The revision that the page shows.
    revision: u32,
    /// The key of the item to look at afterwards; none for the same.
    next: Option<String>,
    #[prop(into)] evidence: String,
    /// Whether a finding of it is not over: if it fails, that one fails again.
    known: bool,
) -> impl IntoView {
    let as_before = known.then(|| Opt::new("", "As before"));
    let weights = Severity::ALL.iter();
    let weights = weights.map(|severity| Opt::new(severity.word(), severity.label()));
    let severities = as_before.into_iter().chain(weights).collect();
    let usual = if known { "" } else { item.severity.word() };
    let note = match list {
        ListKind::Completeness => "Why it does not apply",
        _ if known => "What is still wrong, or why it does not apply",
        _ => "Why it fails or does not apply",
    };
    about
        .form::<CheckItem>()
        .id(format!("check_item-{}", item_anchor(list, &item.key)))
        .back(format!("/cases/{}?open={}", about.case, list.word()))
        .class("form check")
        .label(item.label)
        .hidden(CheckItem::list(), &list)
        .hidden(CheckItem::item(), &item.key)
        .hidden(CheckItem::revision(), &revision)
        .hidden(CheckItem::next(), &next)
        .show(|form| {
            let severity = (list != ListKind::Completeness).then(|| {
                let of = form.at(CheckItem::severity());
                view! { <Select of=of options=severities value=usual /> }
            });
            let verdict = |value| form.says(&CheckItem::verdict(), value);
            let (pass, fail) = (verdict("pass"), verdict("fail"));
            let not_applicable = verdict("not_applicable");
            let evidence_of = form.at(CheckItem::evidence());
            view! {
                <div class="form-row">
                    // A box of lines: Enter must not press the first button, which is Pass.
                    <TextArea of=evidence_of value=evidence need=Need::Optional rows=1 />
                    {severity}
                </div>
                <TextArea of=form.at(CheckItem::note()) label=note need=Need::Optional rows=2 />
                <Buttons>
                    <Button weight=Weight::Quiet says=pass>"Pass"</Button>
                    <Button weight=Weight::Quiet says=fail>"Fail"</Button>
                    <Button weight=Weight::Quiet says=not_applicable>"N/A"</Button>
                </Buttons>
            }
        })
}
