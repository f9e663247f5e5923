//! Check item: made for going down a list quickly; after each mark the page shows the next item.

use super::{About, on_case_at};
use crate::{
    components::{Button, Buttons, Form, Hidden, Need, Opt, Select, TextArea, Weight},
    refused::Refused,
};
use casework::{Error, commands};
use leptos::{prelude::*, server};
use workflow::checklist::{Item, ListKind, Severity};

/// Marks an item of a checklist.
#[server(prefix = "/do", endpoint = "check_item")]
pub async fn check_item() -> Result<(), Refused> {
    on_case_at("check_item", async |visit, caller, envelope| {
        let list = ListKind::from_word(visit.entry("list")).ok_or(Error::NotFound)?;
        let mark = commands::CheckItem {
            list,
            item: visit.entry("item").to_owned(),
            verdict: visit.entry("verdict").to_owned(),
            evidence: visit.entry("evidence").to_owned(),
            note: visit.entry("note").to_owned(),
            severity: Severity::from_word(visit.entry("severity")),
        };
        let item = mark.item.clone();
        commands::check_item(&visit.desk, &caller, &envelope, mark).await?;
        let next = match visit.entry("next") {
            "" => item.as_str(),
            next => next,
        };
        Ok(format!(
            "/cases/{}?open={}#{}",
            envelope.case,
            list.word(),
            item_anchor(list, next)
        ))
    })
    .await
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
    /// The key of the item to look at afterwards; empty for none.
    #[prop(into)]
    next: String,
    #[prop(into)] evidence: String,
) -> impl IntoView {
    let id = format!("check_item-{}", item_anchor(list, &item.key));
    let back = format!("/cases/{}?open={}", about.case, list.word());
    let severities = Severity::ALL
        .iter()
        .map(|severity| Opt::new(severity.word(), severity.label()))
        .collect();
    let note = if list == ListKind::Completeness {
        "Why it does not apply"
    } else {
        "Why it fails or does not apply"
    };
    let severity = (list != ListKind::Completeness).then(|| {
        view! {
            <Select
                name="severity"
                label="If it fails"
                options=severities
                value=item.severity.word()
            />
        }
    });
    view! {
        <Form
            action="/do/check_item"
            id=id.clone()
            typed=about.typed(&id)
            seen=about.seen
            back=back
            class="check"
            label=item.label.clone()
        >
            {about.field()}
            <Hidden name="list" value=list.word() />
            <Hidden name="item" value=item.key.clone() />
            <Hidden name="next" value=next />
            <div class="form-row">
                // A box of lines: Enter must not press the first button, which is Pass.
                <TextArea name="evidence" label="Evidence" value=evidence need=Need::Optional rows=1 />
                {severity}
            </div>
            <TextArea name="note" label=note need=Need::Optional rows=2 />
            <Buttons>
                <Button weight=Weight::Quiet name="verdict" value="pass">"Pass"</Button>
                <Button weight=Weight::Quiet name="verdict" value="fail">"Fail"</Button>
                <Button weight=Weight::Quiet name="verdict" value="not_applicable">"N/A"</Button>
            </Buttons>
        </Form>
    }
}
