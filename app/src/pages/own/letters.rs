//! `/account/letters`: which letters come.

use super::crumbs;
use crate::{
    components::{Button, Card, Checkboxes, Need, Opt, PageHead},
    web::{Page, page},
};
use casework::{commands::ChooseLettersInput, post::Topic, queries::own_account};
use leptos::prelude::*;

/// One box for each topic.
#[component]
pub fn OwnLettersPage() -> impl IntoView {
    page(|visit| async move {
        let account = own_account(&visit.desk, visit.caller()?, None).await?;
        let topics = Topic::ALL
            .iter()
            .map(|topic| Opt::new(topic.word(), topic.label()).hint(topic.about()))
            .collect::<Vec<_>>();
        let wanted = Topic::ALL
            .iter()
            .filter(|topic| !account.letters_off.contains(topic))
            .map(|topic| topic.word())
            .collect::<Vec<_>>()
            .join(",");
        let form = visit.form::<ChooseLettersInput>().show(|form| {
            view! {
                <Checkboxes
                    of=form.at(ChooseLettersInput::topics())
                    options=topics
                    value=wanted
                    need=Need::Optional
                />
                <Button>"Save"</Button>
            }
        });
        Ok(Page::developer(
            "Letters",
            view! {
                <PageHead
                    title="Letters"
                    lead="Choose which letters you do without."
                    crumbs=crumbs()
                />
                {form}
                <Card title="These always come" id="always">
                    <p>
                        "Whatever asks something of you or has a date: questions, corrections, agreements, work for you, the last reminder. Decisions, and what becomes of your access. Answers to your requests. Whatever is about your account: links, your password, your second factor, your address."
                    </p>
                </Card>
            },
        ))
    })
}
