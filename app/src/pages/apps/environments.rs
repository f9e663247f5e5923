//! What an app has in each environment: address, credentials, redirect URIs.

use super::{crumbs, secret::label};
use crate::{
    components::{
        Button, ButtonLink, Buttons, Card, Code, Day, Fact, Facts, PageHead, TextArea, Time, Weight,
    },
    web::{Page, page},
};
use casework::{
    Error,
    apps::setup::EnvironmentView,
    commands::SetRedirectsInput,
    policy::NO_RULE,
    queries::{AppProfile, DataEnvironment, SANDBOX_ACCOUNTS, SANDBOX_URL, app_profile},
};
use leptos::prelude::*;

/// The environments of an app, on its page.
pub(super) fn environments(app: &AppProfile) -> impl IntoView + use<> {
    let cards = app
        .environments
        .iter()
        .map(|view| environment(app, view))
        .collect_view();
    let later = (app.environments.len() == 1).then(|| {
        view! {
            <p class="quiet-text">
                "Production comes with Limited Access. It has a secret and redirect URIs of its own."
            </p>
        }
    });
    let rests = app.archived.is_some().then(|| {
        view! {
            <p>"The app is archived: no secret works, old or new, and no user is sent back to it."</p>
        }
    });
    let client_id = app.client_id.clone();
    view! {
        <Card title="Environments" id="environments">
            <Facts>
                <Fact name="Client id">
                    <Code text=client_id />
                    " in every environment"
                </Fact>
            </Facts>
            {rests}
            {cards}
            {later}
        </Card>
    }
}

fn environment(app: &AppProfile, view: &EnvironmentView) -> impl IntoView + use<> {
    let places = match view.environment {
        DataEnvironment::Sandbox => {
            let accounts = SANDBOX_ACCOUNTS
                .iter()
                .map(|account| {
                    view! {
                        <Fact name=account.username>
                            {account.about}
                        </Fact>
                    }
                })
                .collect_view();
            view! {
                <Fact name="Base URL">
                    <Code text=SANDBOX_URL />
                </Fact>
                {accounts}
            }
            .into_any()
        }
        DataEnvironment::Production => app
            .production
            .iter()
            .map(|place| {
                let (name, url) = (format!("Base URL, {}", place.region), place.url);
                view! {
                    <Fact name=name>
                        <Code text=url />
                    </Fact>
                }
            })
            .collect_view()
            .into_any(),
    };
    let secret = match view.secret.clone() {
        Some(secret) => view! {
            <Code text=format!("•••• {}", secret.hint) />
            " made "
            <Day at=secret.at />
        }
        .into_any(),
        None => view! { <span class="quiet-text">"None yet"</span> }.into_any(),
    };
    let before = view.secret_before.clone().map(|before| {
        view! {
            <Fact name="Secret before it">
                <Code text=format!("•••• {}", before.hint) />
                " works until "
                <Time at=before.at />
            </Fact>
        }
    });
    let redirects = if view.redirects.is_empty() {
        view! { <span class="quiet-text">"None yet"</span> }.into_any()
    } else {
        view.redirects
            .iter()
            .map(|uri| {
                let uri = uri.clone();
                view! {
                    <div>
                        <Code text=uri />
                    </div>
                }
            })
            .collect_view()
            .into_any()
    };
    let word = view.environment.word();
    let change = app.may_replace_secret.then(|| {
        let secret = format!("/apps/{}/secret?environment={word}&replace=yes", app.id);
        let redirects = format!("/apps/{}/redirects?environment={word}", app.id);
        let words = if view.secret.is_some() {
            format!("Replace secret of {word}")
        } else {
            format!("Make secret of {word}")
        };
        view! {
            <Buttons>
                <ButtonLink href=secret weight=Weight::Quiet>{words}</ButtonLink>
                <ButtonLink href=redirects weight=Weight::Quiet>
                    {format!("Redirect URIs of {word}")}
                </ButtonLink>
            </Buttons>
        }
    });
    view! {
        <section class="stack" aria-labelledby=format!("at-{word}")>
            <h3 id=format!("at-{word}")>{label(view.environment)}</h3>
            <Facts>
                {places} <Fact name="Client secret">{secret}</Fact> {before}
                <Fact name="Redirect URIs">{redirects}</Fact>
            </Facts>
            {change}
        </section>
    }
}

/// `/apps/{id}/redirects?environment=…`.
#[component]
pub fn RedirectsPage() -> impl IntoView {
    page(|visit| async move {
        let app = app_profile(&visit.desk, visit.caller()?, visit.at("id")?).await?;
        if !app.may_replace_secret {
            return Err(Error::forbidden(NO_RULE));
        }
        let word = visit.query("environment").unwrap_or("sandbox").to_owned();
        let mut views = app.environments.iter();
        let Some(view) = views.find(|view| view.environment.word() == word) else {
            return Err(Error::NotFound);
        };
        let typed = view.redirects.join("\n");
        let form = visit
            .form::<SetRedirectsInput>()
            .hidden(SetRedirectsInput::app(), &app.id)
            .hidden(SetRedirectsInput::environment(), &view.environment)
            .hidden(SetRedirectsInput::version(), &app.version)
            .show(|form| {
                view! {
                    <TextArea
                        of=form.at(SetRedirectsInput::uris())
                        value=typed
                        hint="One a line, at most 10."
                        rows=6
                    />
                    <Button>"Save redirect URIs"</Button>
                }
            });
        let title = format!("Redirect URIs of {word}");
        Ok(Page::developer(
            title.clone(),
            view! {
                <PageHead
                    title=title
                    lead="Where users are sent back to after they have authorised the app. Nothing else is accepted, to the letter."
                    crumbs=crumbs(&app)
                />
                <ul>
                    <li>"A web app: https, such as " <Code text="https://app.example/callback" /></li>
                    <li>
                        "A program on the user's machine: " <Code text="http://127.0.0.1/callback" />
                        " or " <Code text="http://[::1]/callback" /> "; any port is good then"
                    </li>
                    <li>
                        "A mobile app: a scheme of your own, a domain of yours the other way round, such as "
                        <Code text="com.example.app:/callback" />
                    </li>
                </ul>
                {form}
            },
        ))
    })
}
