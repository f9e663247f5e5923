//! `/partners/{app}/agreement`: a newer version of the agreement in full, who signs for whom, what it
//! means, then the password; nothing else.

use super::partner_path;
use crate::{
    components::{
        AgreementVersion, ButtonLink, DocumentView, Notice, PageHead, Signing, SigningFields, Tone,
        Weight,
    },
    web::{Page, Visit, page},
};
use casework::{
    accounts::{Means, means},
    input::Input,
    partners::{
        commands::{REACCEPTANCE, ReacceptInput},
        queries::{ReacceptView, reacceptance},
    },
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn ReacceptPage() -> impl IntoView {
    page(|visit| async move {
        let view = reacceptance(&visit.desk, visit.caller()?, visit.at("id")?).await?;
        let title = view.agreement.title.clone();
        let html = view.agreement.html.clone();
        let (version, published) = (view.agreement.version, view.agreement.published_at);
        let sha256 = view.agreement.sha256.clone();
        let sign = if view.may {
            form(&visit, &view, means(&visit.desk, visit.caller()?).await?)
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
                    <AgreementVersion version=version published=published sha256=sha256 />
                </DocumentView>
                {sign}
            },
        ))
    })
}

fn form(visit: &Visit, view: &ReacceptView, means: Means) -> AnyView {
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
                <SigningFields
                                step=ReacceptInput::STEP
                    capacity=form.at(ReacceptInput::capacity())
                    consent=form.at(ReacceptInput::consent())
                    password=form.secret(&ReacceptInput::password())
                                code=form.secret(&ReacceptInput::code())
                                means=means
                />
            }
        });
    let (organisation, name) = (view.organisation.clone(), view.name.clone());
    view! {
        <Signing
            signer=signer
            organisation=organisation
            subject="App"
            about=name
            meaning=REACCEPTANCE
            form=form
        />
    }
    .into_any()
}
