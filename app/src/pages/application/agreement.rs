//! `/applications/{number}/agreement`: the whole document, who signs for whom, what it means, then
//! the password; nothing else.

use super::status_page;
use crate::{
    components::{
        AgreementVersion, ButtonLink, DocumentView, Notice, PageHead, Signing, SigningFields, Tone,
        Weight, day_text,
    },
    web::{Page, page},
};
use casework::{
    accounts::means,
    commands::{ACCEPTANCE, AcceptDlaInput},
    input::Input,
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
        let means = means(&visit.desk, &caller).await?;
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
                            <SigningFields
                                step=AcceptDlaInput::STEP
                                capacity=form.at(AcceptDlaInput::capacity())
                                consent=form.at(AcceptDlaInput::consent())
                                password=form.secret(&AcceptDlaInput::password())
                                code=form.secret(&AcceptDlaInput::code())
                                means=means
                            />
                        }
                    });
                view! {
                    <Signing
                        signer=signer
                        organisation=organisation
                        subject="App and level"
                        about=what
                        meaning=ACCEPTANCE
                        form=form
                    />
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
    let (version, published) = (view.agreement.version, view.agreement.published_at);
    let sha256 = view.agreement.sha256.clone();
    view! { <AgreementVersion version=version published=published sha256=sha256 /> }
}
