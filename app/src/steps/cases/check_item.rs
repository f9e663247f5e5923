//! Check item: made for going down a list quickly; after each mark the page shows the next item.

use super::{About, back_to};
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

/// Marks an item of a checklist. Whoever passes it in its row stays at the item at hand.
pub(super) async fn check_item(visit: Visit, at: Envelope, input: CheckItem) -> Result<Next> {
    let (list, next) = (input.list, input.next.clone());
    let caller = visit.caller()?;
    if input.gather {
        commands::gather_check(&visit.desk, caller, &at, input).await?;
    } else {
        commands::check_item(&visit.desk, caller, &at, input).await?;
    }
    let back = back_to(&visit, at.case);
    Ok(match next {
        Some(next) => back.at_item(list, &next),
        None => back,
    }
    .next())
}

/// The place of an item on the page of its case; only what an item's key may have goes in.
pub fn item_anchor(list: ListKind, key: &str) -> String {
    let key: String = key
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "_-".contains(*c))
        .collect();
    format!("{}-{key}", list.word())
}

/// The id of the form of the buttons that pass an item in its row.
pub fn pass_form_id(list: ListKind) -> String {
    format!("pass-{}", list.word())
}

/// That form: the button says which item.
pub fn pass_form(about: &About, list: ListKind, revision: u32) -> impl IntoView + use<> {
    about
        .form::<CheckItem>()
        .id(pass_form_id(list))
        .hidden(CheckItem::list(), &list)
        .hidden(CheckItem::revision(), &revision)
        .hidden(CheckItem::gather(), &about.gathers)
        .fixed(&CheckItem::verdict(), &"pass".to_owned())
        .show(|_| ())
}

/// The form of the item at hand: Pass is one press; Fail and N/A show what they need first.
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
    /// The evidence with what the page itself has put in.
    cited: Option<String>,
    /// Whether a finding of it is not over: if it fails, that one fails again.
    known: bool,
) -> impl IntoView {
    let as_before = known.then(|| Opt::new("", "As before"));
    let weights = Severity::ALL.iter();
    let weights = weights.map(|severity| Opt::new(severity.word(), severity.label()));
    let severities = as_before.into_iter().chain(weights).collect();
    let usual = if known { "" } else { item.severity.word() };
    let id = format!("check_item-{}", item_anchor(list, &item.key));
    about
        .form::<CheckItem>()
        .id(id.clone())
        .faults_in_place()
        .class("form check")
        .label(item.label)
        .hidden(CheckItem::list(), &list)
        .hidden(CheckItem::item(), &item.key)
        .hidden(CheckItem::revision(), &revision)
        .hidden(CheckItem::gather(), &about.gathers)
        .hidden(CheckItem::next(), &next)
        .show(|form| {
            let severity = (list != ListKind::Completeness).then(|| {
                let of = form.at(CheckItem::severity());
                view! {
                    <div class="if-fail">
                        <Select of=of options=severities value=usual />
                    </div>
                }
            });
            let says = |value| form.says(&CheckItem::verdict(), value);
            let (pass, fail, not_applicable) = (says("pass"), says("fail"), says("not_applicable"));
            let evidence_of = form.at(CheckItem::evidence()).holding(cited);
            let came_back = form.typed(&CheckItem::verdict());
            let chosen = came_back.unwrap_or_default();
            // Which of the two is meant: the form itself says it by the button that is pressed.
            let outcome = |value: &'static str, words: &'static str| {
                let is_chosen = chosen == value;
                let of = format!("{id}-{value}");
                view! {
                    <label class="button quiet">
                        <input type="radio" name="outcome" value=value id=of checked=is_chosen />
                        {words}
                    </label>
                }
            };
            let read = match list {
                ListKind::Completeness => "What is missing",
                _ if known => "What is still wrong: the developer reads this",
                _ => "What is wrong: the developer reads this",
            };
            let note = view! {
                <span class="if-fail">{read}</span>
                <span class="if-na">"Why it does not apply"</span>
            };
            view! {
                // A box of lines: Enter must not press the first button, which is Pass.
                <TextArea of=evidence_of value=evidence need=Need::Optional rows=1 />
                <fieldset class="outcomes">
                    <legend class="visually-hidden">"Verdict"</legend>
                    <Button weight=Weight::Quiet says=pass>"Pass"</Button>
                    {outcome("fail", "Fail…")}
                    {outcome("not_applicable", "N/A…")}
                </fieldset>
                <div class="chosen">
                    <TextArea
                        of=form.at(CheckItem::note())
                        words=Some(note.into_any())
                        rows=2
                    />
                    {severity}
                    <Buttons>
                        <div class="if-fail">
                            <Button says=fail>"Fail"</Button>
                        </div>
                        <div class="if-na">
                            <Button says=not_applicable>"N/A"</Button>
                        </div>
                    </Buttons>
                </div>
            }
        })
}
