//! The client secret of an environment: shown once it is made, replaced on demand.

use super::crumbs;
use crate::{
    components::{
        Button, ButtonLink, Buttons, Card, Code, Fact, Facts, Notice, Opt, PageHead, Radios,
        Secret, Time, Tone, Weight,
    },
    steps::apps::{SECRET_COOKIE, secret_page_of},
    web::{Page, Visit, page},
};
use axum::http::{header, request::Parts};
use casework::{
    Error,
    apps::setup::EnvironmentView,
    commands::{OVERLAPS, ReplaceSecretInput},
    policy::NO_RULE,
    queries::{AppProfile, DataEnvironment, app_profile},
};
use leptos::prelude::*;

/// `/apps/{id}/secret?environment=…`: shows a new secret; else offers to replace it.
///
/// The cookie that hands the secret over lives five minutes, so that a page that is loaded again
/// shows it again; `?replace` leads to the form meanwhile.
#[component]
pub fn SecretPage() -> impl IntoView {
    page(|visit| async move {
        let app = app_profile(&visit.desk, visit.caller()?, visit.at("id")?).await?;
        let wanted = match visit.query("environment").unwrap_or("sandbox") {
            "production" => DataEnvironment::Production,
            _ => DataEnvironment::Sandbox,
        };
        let mut views = app.environments.iter();
        let Some(view) = views.find(|view| view.environment == wanted) else {
            return Err(Error::NotFound);
        };
        // Of two secrets made one after the other the page shows its own alone.
        let is_its_own = |secret: &String| {
            let present = view.secret.as_ref();
            present.is_some_and(|present| secret.ends_with(&present.hint))
        };
        let replaces = visit.query("replace").is_some();
        let body = match new_secret().filter(is_its_own) {
            Some(secret) if !replaces => shown(&app, view, secret).into_any(),
            new if app.may_replace_secret => replace(&app, view, &visit, new.is_some()).into_any(),
            _ => return Err(Error::forbidden(NO_RULE)),
        };
        Ok(Page::developer("Client secret", body))
    })
}

fn shown(app: &AppProfile, view: &EnvironmentView, secret: String) -> impl IntoView + use<> {
    let before = view.secret_before.as_ref().map(|before| {
        let (hint, until) = (before.hint.clone(), before.at);
        view! {
            <p>"The one before it, which ends in " <Code text=hint /> ", works until " <Time at=until /> "."</p>
        }
    });
    let (crumbs, environment) = (crumbs(app), label(view.environment));
    let (client_id, href) = (app.client_id.clone(), format!("/apps/{}", app.id));
    view! {
        <PageHead title="Client secret" crumbs=crumbs />
        <Notice tone=Tone::Attention>
            <p>
                "Copy the secret now. It is shown for five minutes in this browser; we keep only what is needed to check it."
            </p>
            {before}
        </Notice>
        <Card>
            <Facts>
                <Fact name="Environment">{environment}</Fact>
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
}

/// `just_made`: the present secret was made a moment ago in this browser, which can still show it.
fn replace(
    app: &AppProfile,
    view: &EnvironmentView,
    visit: &Visit,
    just_made: bool,
) -> impl IntoView + use<> {
    let href = format!("/apps/{}#environments", app.id);
    let present = view.secret.clone();
    let is_first = present.is_none();
    let form = visit
        .form::<ReplaceSecretInput>()
        .hidden(ReplaceSecretInput::app(), &app.id)
        .hidden(ReplaceSecretInput::environment(), &view.environment)
        .hidden(ReplaceSecretInput::version(), &app.version)
        .show(|form| {
            let options = OVERLAPS
                .iter()
                .map(|hours| Opt::new(hours.to_string(), overlap(*hours)))
                .collect::<Vec<_>>();
            let keep = (!is_first).then(|| {
                view! {
                    <Radios
                        of=form.at(ReplaceSecretInput::keep())
                        options=options
                        value="24"
                        hint="Time to bring the new secret to all your servers."
                    />
                }
            });
            let (weight, words) = if is_first {
                (Weight::Primary, "Make secret")
            } else {
                (Weight::Danger, "Replace secret")
            };
            view! {
                {keep}
                <Buttons>
                    <Button weight=weight>{words}</Button>
                    <ButtonLink href=href weight=Weight::Quiet>"Keep it as it is"</ButtonLink>
                </Buttons>
            }
        });
    let about = match present {
        Some(present) => view! {
            <p>
                "The present secret ends in " <Code text=present.hint />
                ". It cannot be shown again. The owners of the app get a letter when it is replaced."
            </p>
        }
        .into_any(),
        None => view! {
            <p>"Production has a secret of its own, so that nothing of the sandbox opens it."</p>
        }
        .into_any(),
    };
    let old = view.secret_before.as_ref().map(|before| {
        let (hint, until) = (before.hint.clone(), before.at);
        view! {
            <Notice tone=Tone::Attention>
                <p>
                    "The secret before it, which ends in " <Code text=hint /> ", still works until "
                    <Time at=until /> ". A replacement now ends it at once."
                </p>
            </Notice>
        }
    });
    let again = just_made.then(|| {
        let href = secret_page_of(app.id, view.environment);
        view! {
            <Notice>
                <p>
                    "The present secret was made in this browser a few minutes ago. "
                    <a href=href>"Show it again"</a> " in place of making another."
                </p>
            </Notice>
        }
    });
    let title = format!(
        "{} for {}",
        if is_first {
            "Make a secret"
        } else {
            "Replace the secret"
        },
        label(view.environment).to_lowercase()
    );
    let crumbs = crumbs(app);
    view! {
        <PageHead title=title crumbs=crumbs />
        {again}
        {about}
        {old}
        {form}
    }
}

/// For how long the old secret goes on.
const fn overlap(hours: u32) -> &'static str {
    match hours {
        0 => "It stops at once",
        1 => "One hour",
        24 => "One day",
        _ => "One week",
    }
}

/// The environment in words.
pub(super) const fn label(environment: DataEnvironment) -> &'static str {
    match environment {
        DataEnvironment::Sandbox => "Sandbox",
        DataEnvironment::Production => "Production",
    }
}

/// A new secret on its way to the page that shows it.
pub(crate) fn new_secret() -> Option<String> {
    carried()
        .filter(|value| value.len() == 64)
        .filter(|value| value.chars().all(|c| c.is_ascii_hexdigit()))
}

/// What a step carries to this page alone; see `steps::apps::cookie_for`.
pub(crate) fn carried() -> Option<String> {
    let parts = use_context::<Parts>()?;
    let cookies = parts.headers.get(header::COOKIE)?.to_str().ok()?;
    cookies
        .split(';')
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == SECRET_COOKIE)
        .map(|(_, value)| value.to_owned())
}
