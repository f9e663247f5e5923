//! `/support/texts`: what support answers again and again, kept by its leads and admins.

use crate::{
    components::{
        AsTyped, Button, Buttons, Card, Column, DataTable, Day, EmptyState, FormOf, Notice,
        PageHead, TextArea, TextField, Tone, Weight,
    },
    web::{Page, Visit, page},
};
use casework::support::{
    canned::{LONGEST_TITLE, PLACES},
    commands::PublishCannedTextInput,
    queries::{CannedText, canned_text, canned_texts},
};
use leptos::prelude::*;

/// `/support/texts`.
#[component]
pub fn CannedTextsPage() -> impl IntoView {
    page(|visit| async move {
        let texts = canned_texts(&visit.desk, visit.caller()?).await?;
        let form = visit
            .form::<PublishCannedTextInput>()
            .hidden(PublishCannedTextInput::text(), &None)
            .hidden(PublishCannedTextInput::seen(), &0)
            .show(|form| fields(form, None, "Publish"));
        Ok(Page::new(
            "Canned texts",
            view! {
                <PageHead
                    title="Canned texts"
                    lead="Support puts one of them into an answer and changes it there as it likes. A new version is put in from then on; what was sent stays as it was."
                />
                {list(texts)}
                <Card title="New text" id="new">
                    {form}
                </Card>
            },
        ))
    })
}

fn list(texts: Vec<CannedText>) -> AnyView {
    if texts.is_empty() {
        return view! {
            <EmptyState title="No texts yet" text="What is answered often can stand here once." />
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Title"),
        Column::new("Version").tight(),
        Column::new("Published").tight(),
        Column::new("By"),
    ];
    let rows = texts
        .into_iter()
        .map(|text| {
            let href = format!("/support/texts/{}", text.id);
            let retired = text
                .retired
                .then(|| view! { <span class="under">"Retired: not offered any more"</span> });
            view! {
                <tr class="leads">
                    <th scope="row">
                        <a class="lead" href=href>{text.title}</a>
                        {retired}
                    </th>
                    <td data-label="Version">{text.version}</td>
                    <td data-label="Published"><Day at=text.published /></td>
                    <td data-label="By">{text.published_by}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <DataTable caption="Texts, by title" columns=columns>
            {rows}
        </DataTable>
    }
    .into_any()
}

/// Title and text, as they stand or empty.
fn fields(
    form: &FormOf<PublishCannedTextInput>,
    stands: Option<&CannedText>,
    publish: &'static str,
) -> impl IntoView + use<> {
    let retire = form.says(&PublishCannedTextInput::retired(), "yes");
    let places: Vec<String> = PLACES
        .iter()
        .map(|(place, means)| format!("{{{place}}} for {means}"))
        .collect();
    let is_offered = stands.is_some_and(|text| !text.retired);
    let title = stands.map(|text| text.title.clone()).unwrap_or_default();
    let body = stands.map(|text| text.body.clone()).unwrap_or_default();
    view! {
        <TextField
            of=form.at(PublishCannedTextInput::title())
            value=title
            hint=format!("By which it is found in the list; up to {LONGEST_TITLE} characters.")
        />
        <TextArea
            of=form.at(PublishCannedTextInput::body())
            value=body
            rows=8
            hint=format!("Write {}.", places.join(", "))
        />
        <Buttons>
            <Button>{publish}</Button>
            {is_offered
                .then(|| view! { <Button weight=Weight::Quiet says=retire>"Retire"</Button> })}
        </Buttons>
    }
}

/// `/support/texts/{text}`: its next version, and those before.
#[component]
pub fn CannedTextPage() -> impl IntoView {
    page(|visit| async move {
        let versions = canned_text(&visit.desk, visit.caller()?, visit.at("text")?).await?;
        let title = versions
            .first()
            .map(|text| text.title.clone())
            .unwrap_or_default();
        Ok(Page::new(title.clone(), one(&visit, title, versions)))
    })
}

fn one(visit: &Visit, title: String, versions: Vec<CannedText>) -> impl IntoView + use<> {
    let form = versions.first().map(|newest| {
        let publish = match newest.retired {
            true => "Publish and offer again",
            false => "Publish next version",
        };
        visit
            .form::<PublishCannedTextInput>()
            .hidden(PublishCannedTextInput::text(), &Some(newest.id))
            .hidden(PublishCannedTextInput::seen(), &newest.version)
            .show(|form| fields(form, Some(newest), publish))
    });
    let retired = versions.first().is_some_and(|text| text.retired).then(|| {
        view! {
            <Notice tone=Tone::Attention>
                <p>"This text is retired: it is not offered any more."</p>
            </Notice>
        }
    });
    let before = versions
        .iter()
        .map(|text| {
            let retired = text.retired.then_some(", retired");
            view! {
                <div class="message">
                    <p>
                        <strong>{format!("Version {}", text.version)}</strong>
                        {retired} ", " {text.published_by.clone()} ", " <Day at=text.published />
                    </p>
                    <p class="soft">{text.title.clone()}</p>
                    <AsTyped text=text.body.clone() />
                </div>
            }
        })
        .collect_view();
    view! {
        <PageHead
            title=title
            crumbs=vec![("Canned texts".to_owned(), "/support/texts".to_owned())]
        />
        {retired}
        <Card title="Next version" id="next">{form}</Card>
        <Card title="Versions" id="versions">{before}</Card>
    }
}
