//! `/account/letters`: when which letters come, and why the others always do at once.

use super::crumbs;
use crate::{
    components::{Button, Card, FormOf, Lie, Opt, PageHead, Radios},
    web::{Page, page},
};
use casework::{
    commands::ChooseLettersInput,
    post::{Always, Topic, Way, Ways},
    queries::own_account,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// For each topic the letters that one can do without, and those that always come.
#[component]
pub fn OwnLettersPage() -> impl IntoView {
    page(|visit| async move {
        let caller = visit.caller()?;
        let ways = own_account(&visit.desk, caller, None).await?.letters;
        let hour = visit.desk.reference.known().settings.digest_hour;
        let topics: Vec<Topic> = Topic::ALL
            .iter()
            .copied()
            .filter(|topic| topic.concerns(caller))
            .collect();
        let form = visit.form::<ChooseLettersInput>().show(|form| {
            let topics = topics
                .into_iter()
                .map(|topic| of_topic(form, topic, &ways))
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
                    lead="Choose when the letters come that you can do without. Of the others each says why it always comes at once."
                    crumbs=crumbs()
                />
                <p>
                    {format!(
                        "The daily digest goes out at {hour:02}:00 UTC, on days with something in it. Whatever you choose, it is also in your ",
                    )} <a href="/inbox">"inbox"</a> "."
                </p>
                {form}
            },
        ))
    })
}

fn of_topic(form: &FormOf<ChooseLettersInput>, topic: Topic, ways: &Ways) -> impl IntoView + use<> {
    let choices = topic
        .kinds()
        .filter(|kind| kind.always().is_none())
        .map(|kind| {
            let options = Way::ALL
                .iter()
                .map(|way| Opt::new(way.word(), way.label()))
                .collect::<Vec<_>>();
            view! {
                <Radios
                    of=form.at(ChooseLettersInput::letters().of(&kind))
                    label=kind.label()
                    options=options
                    value=ways.of(kind).word()
                    lie=Lie::Across
                />
            }
        })
        .collect_view();
    view! {
        <Card title=topic.label()>
            {choices}
            {always(topic)}
        </Card>
    }
}

/// The letters of a topic that always come, under their reasons.
fn always(topic: Topic) -> impl IntoView {
    let mut by_reason: BTreeMap<Always, Vec<&'static str>> = BTreeMap::new();
    for kind in topic.kinds() {
        // Of the digest the head of the page tells.
        if let Some(why) = kind.always().filter(|why| *why != Always::Chosen) {
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
                    <p>"Always comes at once: " {why.reason()}</p>
                    <ul>{items}</ul>
                </div>
            }
        })
        .collect_view();
    view! { {groups} }
}
