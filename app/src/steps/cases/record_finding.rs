//! Record finding: beside the item's own mark.

use super::{About, back_to, check_item::item_anchor};
use crate::{
    components::{Button, Lie, Opt, Radios, TextArea, Weight},
    web::{Next, Visit},
};
use casework::{
    Result,
    commands::{self, Envelope, RecordFinding},
};
use leptos::prelude::*;
use workflow::checklist::{Item, ListKind, Severity};

/// Records a fault against an item.
pub(super) async fn record_finding(
    visit: Visit,
    at: Envelope,
    input: RecordFinding,
) -> Result<Next> {
    let (list, item) = (input.list, input.item.clone());
    let caller = visit.caller()?;
    if input.gather {
        commands::gather_finding(&visit.desk, caller, &at, input).await?;
    } else {
        commands::record_finding(&visit.desk, caller, &at, input).await?;
    }
    Ok(back_to(&visit, at.case).at_item(list, &item).next())
}

/// The id of the form under an item.
pub fn form_id(list: ListKind, key: &str) -> String {
    format!("record_finding-{}", item_anchor(list, key))
}

/// The form under an item.
#[component]
pub fn RecordFindingForm(about: About, list: ListKind, item: Item) -> impl IntoView {
    let severities = Severity::ALL
        .iter()
        .map(|severity| Opt::new(severity.word(), severity.label()))
        .collect();
    let words = match about.gathers {
        true => "Add finding to your review",
        false => "Record finding",
    };
    about
        .form::<RecordFinding>()
        .id(form_id(list, &item.key))
        .faults_in_place()
        .hidden(RecordFinding::list(), &list)
        .hidden(RecordFinding::item(), &item.key)
        .hidden(RecordFinding::gather(), &about.gathers)
        .show(|form| {
            view! {
                <Radios
                    of=form.at(RecordFinding::severity())
                    options=severities
                    value=item.severity.word()
                    lie=Lie::Across
                />
                <TextArea of=form.at(RecordFinding::text()) hint="The developer reads this." rows=3 />
                <Button weight=Weight::Quiet>{words}</Button>
            }
        })
}
