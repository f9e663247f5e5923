//! Two texts of a page side by side, and what is to be said about them.

use super::changes::hue;
use crate::{
    components::{
        AsTyped, Button, Card, Day, Fact, Facts, Hash, Notice, PageHead, Tag, TextArea, Time, Tone,
        Weight,
    },
    web::{Page, Visit, page},
};
use casework::{
    commands::{ClearChangeInput, RaiseChangeInput},
    queries::{ChangeView, Closed, Texts, change},
};
use leptos::prelude::*;
use workflow::living::{Piece, Row};

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
        {change.closed.as_ref().map(closed)}
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
    let number = change.case.to_string();
    let address = change.address.clone();
    let alike = format!("{} percent of the words", change.percent);
    view! {
        <Facts>
            <Fact name="State">
                <Tag hue=hue(state) text=state.label() />
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

/// The two texts, paragraph beside paragraph. What differs is marked by more than its colour.
fn compared(texts: &Texts) -> impl IntoView + use<> {
    let rows = texts.rows.iter().map(row).collect_view();
    let (before, after) = (texts.before_at, texts.after_at);
    view! {
        <section class="compared" aria-label="The texts side by side">
            <table class="comparison">
                <caption class="visually-hidden">
                    "The text that was looked at before beside the text now; what differs is marked"
                </caption>
                <thead>
                    <tr>
                        <th scope="col">
                            "Before, read " <Day at=before />
                            <span class="under"><Hash text=texts.before_sha256.clone() /></span>
                        </th>
                        <th scope="col">
                            "Now, read " <Day at=after />
                            <span class="under"><Hash text=texts.after_sha256.clone() /></span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}

fn row(row: &Row) -> impl IntoView + use<> {
    let class = if row.same { "same" } else { "differs" };
    let old = pieces(&row.old, true);
    let new = pieces(&row.new, false);
    view! {
        <tr class=class>
            <td>{old}</td>
            <td>{new}</td>
        </tr>
    }
}

fn pieces(pieces: &[Piece], old: bool) -> impl IntoView + use<> {
    pieces
        .iter()
        .map(|piece| {
            let text = piece.text.clone();
            match (piece.changed, old) {
                (false, _) => view! { {text} " " }.into_any(),
                (true, true) => view! { <del>{text}</del> " " }.into_any(),
                (true, false) => view! { <ins>{text}</ins> " " }.into_any(),
            }
        })
        .collect_view()
}

fn closed(closed: &Closed) -> impl IntoView + use<> {
    let at = closed.at;
    let (by, note) = (closed.by.clone(), closed.note.clone());
    view! {
        <Card title="What came of it" id="outcome">
            <p>{by} ", " <Time at=at /></p>
            <AsTyped text=note />
        </Card>
    }
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
