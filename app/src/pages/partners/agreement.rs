//! `/partners/{app}/agreement`: a newer version of the agreement in full, who signs for whom, what it
//! means, then the password; nothing else.

use super::partner_path;
use crate::{
    components::{
        Button, ButtonLink, Code, Confirm, DocumentView, Fact, Facts, Hash, Notice, PageHead,
        PasswordField, TextField, Tone, Weight, day_text,
    },
    web::{Page, Visit, page},
};
use casework::partners::{
    commands::{REACCEPTANCE, ReacceptInput},
    queries::{ReacceptView, reacceptance},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn ReacceptPage() -> impl IntoView {
    page(|visit| async move {
        let view = reacceptance(&visit.desk, visit.caller()?, visit.at("id")?).await?;
        let title = view.agreement.title.clone();
        let html = view.agreement.html.clone();
        let version = view.agreement.version.to_string();
        let published = day_text(view.agreement.published_at);
        let sha256 = view.agreement.sha256.clone();
        let sign = if view.may {
            form(&visit, &view)
        } else {
            view! {
                <Notice tone=Tone::Attention>
                    <p>"Only an owner of the app with authority to sign can accept the agreement."</p>
                </Notice>
                <ButtonLink href=partner_path(view.app) weight=Weight::Quiet>
                    "Back to the partnership"
                </ButtonLink>
            }
            .into_any()
        };
        Ok(Page::developer(
            title.clone(),
            view! {
                <PageHead title=title.clone() lead="Please read it whole." />
                <DocumentView label=title html=html>
                    <p class="quiet-text">
                        "Version " <Code text=version /> ", published " {published} ", SHA-256 "
                        <Hash text=sha256 />
                    </p>
                </DocumentView>
                {sign}
            },
        ))
    })
}

fn form(visit: &Visit, view: &ReacceptView) -> AnyView {
    let signer = visit
        .caller()
        .map(|caller| caller.name.clone())
        .unwrap_or_default();
    let form = visit
        .form::<ReacceptInput>()
        .id("sign")
        .hidden(ReacceptInput::app(), &view.app)
        .hidden(ReacceptInput::agreement(), &view.agreement.version)
        .show(|form| {
            view! {
                <TextField
                    of=form.at(ReacceptInput::capacity())
                    hint="For example: managing director."
                    autocomplete="organization-title"
                />
                <Confirm of=form.at(ReacceptInput::consent()) />
                <PasswordField
                    of=form.secret(&ReacceptInput::password())
                    hint="With it you sign. A signature given here binds as one by hand does."
                />
                <Button>"Accept agreement"</Button>
            }
        });
    let (organisation, name) = (view.organisation.clone(), view.name.clone());
    view! {
        <h2>"Accept and sign"</h2>
        <Facts>
            <Fact name="Signer">{signer}</Fact>
            <Fact name="For">{organisation}</Fact>
            <Fact name="App">{name}</Fact>
            <Fact name="Meaning">{REACCEPTANCE}</Fact>
        </Facts>
        {form}
    }
    .into_any()
}
