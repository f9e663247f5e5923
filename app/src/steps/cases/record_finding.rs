//! Record finding: beside the item's own mark.

use super::{About, check_item::item_anchor, on_case_at};
use crate::{
    components::{Button, Form, Hidden, Lie, Opt, Radios, TextArea, Weight},
    refused::Refused,
};
use casework::{Error, commands};
use leptos::{prelude::*, server};
use workflow::checklist::{Item, ListKind, Severity};

/// Records a fault against an item.
#[server(prefix = "/do", endpoint = "record_finding")]
pub async fn record_finding() -> Result<(), Refused> {
    on_case_at("record_finding", async |visit, caller, envelope| {
        let list = ListKind::from_word(visit.entry("list")).ok_or(Error::NotFound)?;
        let item = visit.entry("item").to_owned();
        let place = format!(
            "/cases/{}?open={}#{}",
            envelope.case,
            list.word(),
            item_anchor(list, &item)
        );
        let finding = commands::RecordFinding {
            list,
            item,
            severity: Severity::from_word(visit.entry("severity")),
            text: visit.entry("text").to_owned(),
        };
        commands::record_finding(&visit.desk, &caller, &envelope, finding).await?;
        Ok(place)
    })
    .await
}

/// The form under an item.
#[component]
pub fn RecordFindingForm(about: About, list: ListKind, item: Item) -> impl IntoView {
    let id = format!("record_finding-{}", item_anchor(list, &item.key));
    let back = format!("/cases/{}?open={}", about.case, list.word());
    let severities = Severity::ALL
        .iter()
        .map(|severity| Opt::new(severity.word(), severity.label()))
        .collect();
    view! {
        <Form action="/do/record_finding" id=id.clone() typed=about.typed(&id) seen=about.seen back=back>
            {about.field()}
            <Hidden name="list" value=list.word() />
            <Hidden name="item" value=item.key.clone() />
            <Radios
                name="severity"
                label="Severity"
                options=severities
                value=item.severity.word()
                lie=Lie::Across
            />
            <TextArea name="text" label="What is wrong" hint="The developer reads this." rows=3 />
            <Button weight=Weight::Quiet>"Record finding"</Button>
        </Form>
    }
}
