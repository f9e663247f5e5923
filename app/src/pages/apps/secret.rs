//! The client secret: shown once, replaced on demand.

use super::crumbs;
use crate::{
    components::{
        Button, ButtonLink, Buttons, Card, Code, Fact, Facts, Notice, PageHead, Secret, Tone,
        Weight,
    },
    steps::apps::{SECRET_COOKIE, secret_cookie, secret_page},
    web::{Page, page, set_cookie},
};
use axum::http::{header, request::Parts};
use casework::{Error, commands::ReplaceSecretInput, policy::NO_RULE, queries::app_profile};
use leptos::prelude::*;

/// `/apps/{id}/secret`: shows a new secret once; else offers to replace it.
#[component]
pub fn SecretPage() -> impl IntoView {
    page(|visit| async move {
        let app = app_profile(&visit.desk, visit.caller()?, visit.at("id")?).await?;
        let href = format!("/apps/{}", app.id);
        let new = new_secret();
        let body = if let Some(secret) = new {
            set_cookie(&secret_cookie(&visit, &secret_page(app.id), None));
            let crumbs = crumbs(&app);
            let client_id = app.client_id.clone();
            view! {
                <PageHead title="Client secret" crumbs=crumbs />
                <Notice tone=Tone::Attention>
                    <p>
                        "Copy the secret now: it is shown this once, and we keep only what is needed to check it."
                    </p>
                </Notice>
                <Card>
                    <Facts>
                        <Fact name="Client id">
                            <Code text=client_id />
                        </Fact>
                        <Fact name="Client secret">
                            <Secret text=secret />
                        </Fact>
                    </Facts>
                </Card>
                <ButtonLink href=href>"I have copied it"</ButtonLink>
            }
            .into_any()
        } else if app.may_replace_secret {
            let form = visit
                .form::<ReplaceSecretInput>()
                .hidden(ReplaceSecretInput::app(), &app.id)
                .hidden(ReplaceSecretInput::version(), &app.version)
                .show(|_| {
                    view! {
                        <Buttons>
                            <Button weight=Weight::Danger>"Replace secret"</Button>
                            <ButtonLink href=href weight=Weight::Quiet>"Keep it"</ButtonLink>
                        </Buttons>
                    }
                });
            let crumbs = crumbs(&app);
            view! {
                <PageHead title="Replace secret" crumbs=crumbs />
                <p>
                    "The present secret ends in " <Code text=app.secret_hint.clone() />
                    ". It cannot be shown again. A new one takes its place at once: requests with the old one will fail."
                </p>
                {form}
            }
            .into_any()
        } else {
            return Err(Error::forbidden(NO_RULE));
        };
        Ok(Page::developer("Client secret", body))
    })
}

/// A new secret on its way to the page that shows it.
pub(crate) fn new_secret() -> Option<String> {
    let parts = use_context::<Parts>()?;
    let cookies = parts.headers.get(header::COOKIE)?.to_str().ok()?;
    cookies
        .split(';')
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, value)| *name == SECRET_COOKIE && value.len() == 64)
        .map(|(_, value)| value.to_owned())
        .filter(|value| value.chars().all(|c| c.is_ascii_hexdigit()))
}
