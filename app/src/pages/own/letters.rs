//! `/account/letters`: which letters come, and why the others always do.

use super::crumbs;
use crate::{
    components::{Button, Card, Checkboxes, FormOf, Need, Opt, PageHead},
    web::{Page, page},
};
use casework::{
    commands::ChooseLettersInput,
    input::Field,
    post::{Always, LetterKind, Topic},
    queries::own_account,
};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The field of a topic that has letters which one can do without.
const fn field(topic: Topic) -> Option<Field<ChooseLettersInput, BTreeSet<LetterKind>>> {
    match topic {
        Topic::Account => None,
        Topic::Apps => Some(ChooseLettersInput::apps()),
        Topic::Applications => Some(ChooseLettersInput::applications()),
        Topic::Approvals => Some(ChooseLettersInput::approvals()),
        Topic::Support => Some(ChooseLettersInput::support()),
        Topic::Partners => Some(ChooseLettersInput::partners()),
        Topic::Work => Some(ChooseLettersInput::work()),
    }
}

/// For each topic the letters that one can do without, and those that always come.
#[component]
pub fn OwnLettersPage() -> impl IntoView {
    page(|visit| async move {
        let caller = visit.caller()?;
        let off = own_account(&visit.desk, caller, None).await?.letters_off;
        let topics: Vec<Topic> = Topic::ALL
            .iter()
            .copied()
            .filter(|topic| topic.concerns(caller))
            .collect();
        let form = visit.form::<ChooseLettersInput>().show(|form| {
            let topics = topics
                .into_iter()
                .map(|topic| of_topic(form, topic, &off))
                .collect_view();
            view! {
                {topics}
                <Button>"Save"</Button>
            }
        });
        Ok(Page::developer(
            "Letters",
            view! {
                <PageHead
                    title="Letters"
                    lead="Choose which letters you do without. Of the others each says why it always comes."
                    crumbs=crumbs()
                />
                {form}
            },
        ))
    })
}

fn of_topic(
    form: &FormOf<ChooseLettersInput>,
    topic: Topic,
    off: &BTreeSet<LetterKind>,
) -> impl IntoView + use<> {
    let optional: Vec<LetterKind> = topic
        .kinds()
        .filter(|kind| kind.always().is_none())
        .collect();
    let choice = field(topic).filter(|_| !optional.is_empty()).map(|field| {
        let options = optional
            .iter()
            .map(|kind| Opt::new(kind.word(), kind.label()))
            .collect::<Vec<_>>();
        let wanted = optional
            .iter()
            .filter(|kind| !off.contains(kind))
            .map(|kind| kind.word())
            .collect::<Vec<_>>()
            .join(",");
        view! {
            <Checkboxes
                of=form.at(field)
                label="Letters that you want"
                options=options
                value=wanted
                need=Need::Optional
            />
        }
    });
    view! {
        <Card title=topic.label()>
            {choice}
            {always(topic)}
        </Card>
    }
}

/// The letters of a topic that always come, under their reasons.
fn always(topic: Topic) -> impl IntoView {
    let mut by_reason: BTreeMap<Always, Vec<&'static str>> = BTreeMap::new();
    for kind in topic.kinds() {
        if let Some(why) = kind.always() {
            by_reason.entry(why).or_default().push(kind.label());
        }
    }
    let groups = by_reason
        .into_iter()
        .map(|(why, labels)| {
            let items = labels
                .into_iter()
                .map(|label| view! { <li>{label}</li> })
                .collect_view();
            view! {
                <div class="stack tight">
                    <p>"Always comes: " {why.reason()}</p>
                    <ul>{items}</ul>
                </div>
            }
        })
        .collect_view();
    view! { {groups} }
}
