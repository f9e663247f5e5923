//! `/applications/{number}/agreement`: the whole document, who signs for whom, what it means, then
//! the password; nothing else.

use super::status_page;
use crate::{
    components::{
        Button, ButtonLink, Code, Confirm, DocumentView, Fact, Facts, Hash, Notice, PageHead,
        PasswordField, TextField, Tone, Weight, day_text,
    },
    web::{Page, page},
};
use casework::{
    commands::{ACCEPTANCE, AcceptDlaInput},
    queries::{SigningView, signing},
};
use leptos::prelude::*;
use workflow::Seen;

/// The page.
#[component]
pub fn AgreementPage() -> impl IntoView {
    page(|visit| async move {
        let caller = visit.caller()?.clone();
        let view = signing(&visit.desk, &caller, visit.at("number")?).await?;
        if view.accepted {
            return Ok(Page::elsewhere(status_page(view.number)));
        }
        let title = view.agreement.title.clone();
        let html = view.agreement.html.clone();
        let document = document_facts(&view);
        let sign = match view.obstacle.clone() {
            Some(obstacle) => {
                let href = format!("/applications/{}", view.number);
                view! {
                    <Notice tone=Tone::Attention>
                        <p>{obstacle}</p>
                    </Notice>
                    <ButtonLink href=href weight=Weight::Quiet>"Back to the application"</ButtonLink>
                }
                .into_any()
            }
            None => {
                let signer = caller.name.clone();
                let organisation = view.organisation.clone();
                let what = format!("{}, {}, {}", view.app_name, view.level.label(), view.number);
                let form = visit
                    .form::<AcceptDlaInput>()
                    .id("sign")
                    .case(view.number, Some(Seen::version(view.version)))
                    .hidden(AcceptDlaInput::agreement(), &view.agreement.version)
                    .show(|form| {
                        view! {
                            <TextField
                                of=form.at(AcceptDlaInput::capacity())
                                hint="For example: managing director."
                                autocomplete="organization-title"
                            />
                            <Confirm of=form.at(AcceptDlaInput::consent()) />
                            <PasswordField
                                of=form.secret(&AcceptDlaInput::password())
                                hint="With it you sign. A signature given here binds as one by hand does."
                            />
                            <Button>"Accept agreement"</Button>
                        }
                    });
                view! {
                <h2>"Accept and sign"</h2>
                <Facts>
                    <Fact name="Signer">{signer}</Fact>
                    <Fact name="For">{organisation}</Fact>
                    <Fact name="App and level">
                        {what}
                    </Fact>
                    <Fact name="Meaning">{ACCEPTANCE}</Fact>
                </Facts>
                {form}
                }
                .into_any()
            }
        };
        Ok(Page::developer(
            title.clone(),
            view! {
                <PageHead title=title.clone() lead=lead(&view) />
                <DocumentView label=title html=html>
                    {document}
                </DocumentView>
                {sign}
            },
        ))
    })
}

fn lead(view: &SigningView) -> String {
    match view.due {
        Some(due) => format!("Please read it whole and accept it by {}.", day_text(due)),
        None => "Please read it whole.".to_owned(),
    }
}

fn document_facts(view: &SigningView) -> impl IntoView + use<> {
    let version = view.agreement.version;
    let published = day_text(view.agreement.published_at);
    let sha256 = view.agreement.sha256.clone();
    view! {
        <p class="quiet-text">
            "Version " <Code text=version.to_string() /> ", published " {published} ", SHA-256 "
            <Hash text=sha256 />
        </p>
    }
}
