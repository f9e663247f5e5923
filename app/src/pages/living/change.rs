//! Two texts of a page side by side, and what is to be said about them.

use super::changes::hue;
use crate::{
    components::{
        AsTyped, Button, Card, Comparison, Day, Fact, Facts, Hash, Notice, PageHead, Tag, TextArea,
        Time, Tone, Weight,
    },
    web::{Page, Visit, page},
};
use casework::{
    commands::{ClearChangeInput, RaiseChangeInput},
    queries::{ChangeView, Saying, Texts, change},
};
use leptos::prelude::*;

/// `/changes/{id}`.
#[component]
pub fn ChangePage() -> impl IntoView {
    page(|visit| async move {
        let view = change(&visit.desk, visit.caller()?, visit.at("id")?).await?;
        let title = format!("{} of {}", view.page, view.app);
        Ok(Page::new(title.clone(), body(&visit, &view, title)))
    })
}

fn body(visit: &Visit, change: &ChangeView, title: String) -> impl IntoView + use<> {
    let crumbs = vec![("Changed pages".to_owned(), "/changes".to_owned())];
    let texts = match &change.texts {
        Some(texts) => compared(texts).into_any(),
        None => view! {
            <Notice tone=Tone::Info>
                <p>"The texts are no longer kept. Their hashes stand in the trail of the app."</p>
            </Notice>
        }
        .into_any(),
    };
    view! {
        <PageHead title=title crumbs=crumbs />
        {facts(change)}
        {texts}
        {said(change)}
        {change.may_close.then(|| steps(visit, change))}
    }
}

fn facts(change: &ChangeView) -> impl IntoView + use<> {
    let case = format!("/cases/{}", change.case);
    let whose = change
        .whose
        .clone()
        .unwrap_or_else(|| "Any commercial reviewer".to_owned());
    let (at, state) = (change.found_at, change.state);
    let label = state.label(change.is_answered);
    let number = change.case.to_string();
    let address = change.address.clone();
    let alike = format!("{} percent of the words", change.percent);
    view! {
        <Facts>
            <Fact name="State">
                <Tag hue=hue(state) text=label />
            </Fact>
            <Fact name="Case">
                <a href=case>{number}</a>
            </Fact>
            <Fact name="Address">{address}</Fact>
            <Fact name="Found">
                <Time at=at />
            </Fact>
            <Fact name="Alike">{alike}</Fact>
            <Fact name="Whose">{whose}</Fact>
        </Facts>
    }
}

/// The two texts, paragraph beside paragraph.
fn compared(texts: &Texts) -> impl IntoView + use<> {
    let head = |text: &'static str, at, hash: &str| {
        let hash = hash.to_owned();
        view! {
            {text} <Day at=at />
            <span class="under"><Hash text=hash /></span>
        }
        .into_any()
    };
    view! {
        <Comparison
            caption="The text that was looked at before beside the text now; what differs is marked"
            before=head("Before, read ", texts.before_at, &texts.before_sha256)
            after=head("Now, read ", texts.after_at, &texts.after_sha256)
            rows=texts.rows.clone()
        />
    }
}

/// What was asked, answered and made of it, in order.
fn said(change: &ChangeView) -> Option<impl IntoView + use<>> {
    let said = change
        .said
        .iter()
        .map(|said| {
            let what = match said.saying {
                Saying::Asked => "Raised with the developer",
                Saying::Answered => "Answer of the developer",
                Saying::Cleared => "No concern",
            };
            let (by, at, text) = (said.by.clone(), said.at, said.text.clone());
            view! {
                <h3>{what}</h3>
                <p><bdi>{by}</bdi> ", " <Time at=at /></p>
                <AsTyped text=text />
            }
        })
        .collect::<Vec<_>>();
    (!said.is_empty()).then(|| {
        view! {
            <Card title="What came of it" id="outcome">
                {said}
            </Card>
        }
    })
}

fn steps(visit: &Visit, change: &ChangeView) -> impl IntoView + use<> {
    let clear = visit
        .form::<ClearChangeInput>()
        .hidden(ClearChangeInput::change(), &change.id)
        .hidden(ClearChangeInput::version(), &change.version)
        .show(|form| {
            view! {
                <TextArea
                    of=form.at(ClearChangeInput::note())
                    hint="Why it is of no concern; staff read it."
                    rows=3
                />
                <Button weight=Weight::Primary>"No concern"</Button>
            }
        });
    let raise = visit
        .form::<RaiseChangeInput>()
        .hidden(RaiseChangeInput::change(), &change.id)
        .hidden(RaiseChangeInput::version(), &change.version)
        .show(|form| {
            view! {
                <TextArea
                    of=form.at(RaiseChangeInput::note())
                    hint="The members of the app get it by mail and see it on the app's page."
                    rows=3
                />
                <Button weight=Weight::Quiet>"Raise with the developer"</Button>
            }
        });
    view! {
        <Card title="No concern" id="clear">
            {clear}
        </Card>
        <Card title="Raise with the developer" id="raise">
            {raise}
        </Card>
    }
}
