//! `/support/new`: first what it is about, with the answers that exist; then the request itself.

use super::{FILES_ACCEPTED, FILES_HINT, article_list, crumbs};
use crate::{
    components::{
        Button, Card, FileField, Line, Need, Opt, PageHead, Radios, Select, TextArea, TextField,
        Weight,
    },
    islands::SimilarAnswers,
    web::{Page, Visit, encode, page},
};
use casework::{
    Caller, Error, Result,
    policy::NO_RULE,
    support::{
        commands::{OpenRequestInput, REQUESTS_A_DAY},
        queries::{ArticleLine, OwnApp, my_requests, own_apps, similar},
    },
};
use leptos::prelude::*;
use workflow::{
    AppId,
    support::{Category, Environment, LONGEST_SUBJECT},
};

/// `/support/new`.
#[component]
pub fn NewRequestPage() -> impl IntoView {
    page(|visit| async move {
        let caller = may_ask(&visit).await?;
        let apps = own_apps(&visit.desk, caller).await?;
        let typed = visit
            .form::<OpenRequestInput>()
            .typed(&OpenRequestInput::subject());
        let subject: String = typed
            .unwrap_or_else(|| visit.query("subject").unwrap_or("").trim().to_owned())
            .chars()
            .take(LONGEST_SUBJECT)
            .collect();
        let found = similar(&visit.desk, &subject).await?;
        Ok(Page::developer(
            "Ask a question",
            body(&visit, subject, found, apps),
        ))
    })
}

/// Where somebody asks us about an app of theirs, with this subject.
pub fn ask_address(subject: &str, app: AppId) -> String {
    format!("/support/new?subject={}&app={app}", encode(subject))
}

/// Who asks, where that person may.
async fn may_ask(visit: &Visit) -> Result<&Caller> {
    let caller = visit.caller()?;
    if my_requests(&visit.desk, caller).await?.may_open {
        Ok(caller)
    } else {
        Err(Error::forbidden(NO_RULE))
    }
}

/// What is found while a subject is typed, as HTML that stands in the page.
///
/// # Errors
/// [`Error::SignedOut`]; [`Error::Forbidden`] to those who may not ask.
pub async fn answers_to(visit: &Visit) -> Result<String> {
    may_ask(visit).await?;
    let subject: String = visit.query("subject").unwrap_or("").trim().to_owned();
    let found = similar(&visit.desk, &subject).await?;
    Ok(Owner::new().with(|| answers(!subject.is_empty(), found).to_html()))
}

fn body(
    visit: &Visit,
    subject: String,
    found: Vec<ArticleLine>,
    apps: Vec<OwnApp>,
) -> impl IntoView + use<> {
    let looked_for = subject.clone();
    let search = crate::components::filters("/support/new", move |search| {
        view! {
            <div class="search">
                <TextField
                    of=search.at("subject")
                    label="What is it about?"
                    line=Line::Search
                    value=looked_for
                />
            </div>
            <Button weight=Weight::Quiet>"Look for answers"</Button>
        }
    });
    let found = answers(!subject.is_empty(), found);
    view! {
        <PageHead
            title="Ask a question"
            lead="You see here whose turn it is, and get a letter when we answer."
            crumbs=crumbs()
        />
        <Card title="Is there an answer already?" id="answers">
            {search}
            <div id="answers-found" class="stack" aria-live="polite">
                {found}
            </div>
            <SimilarAnswers
                fields="subject open_request-subject".to_owned()
                place="answers-found".to_owned()
            />
        </Card>
        {form(visit, subject, apps)}
    }
}

fn answers(asked: bool, found: Vec<ArticleLine>) -> AnyView {
    match (asked, found.is_empty()) {
        (false, _) => view! {
            <p>"Say in a few words what it is about: perhaps there is an answer already."</p>
        }
        .into_any(),
        (true, true) => view! { <p>"No answer is about this. Ask us below."</p> }.into_any(),
        (true, false) => view! {
            <p>"These answers may help:"</p>
            {article_list(found)}
        }
        .into_any(),
    }
}

fn form(visit: &Visit, subject: String, apps: Vec<OwnApp>) -> AnyView {
    let categories: Vec<Opt> = Category::ALL
        .iter()
        .map(|one| {
            let days = match one.days() {
                1 => "We answer within 1 business day.".to_owned(),
                days => format!("We answer within {days} business days."),
            };
            Opt::new(one.word(), one.label()).hint(days)
        })
        .collect();
    let environments: Vec<Opt> = Environment::ALL
        .iter()
        .map(|one| Opt::new(one.word(), one.label()))
        .collect();
    let apps: Vec<Opt> = apps
        .into_iter()
        .map(|app| Opt::new(app.id.to_string(), app.name))
        .collect();
    let app = visit.query("app").unwrap_or("").to_owned();
    visit.form::<OpenRequestInput>().with_files().show(move |form| {
        view! {
            <TextField
                of=form.at(OpenRequestInput::subject())
                value=subject
                hint="One line, 5 to 150 characters."
            />
            <Radios of=form.at(OpenRequestInput::category()) options=categories />
            <Select
                of=form.at(OpenRequestInput::app())
                options=apps
                value=app
                need=Need::Optional
                prompt="No app in particular"
            />
            <TextField
                of=form.at(OpenRequestInput::case())
                hint="The number of one of your applications, such as UD-1042."
                need=Need::Optional
            />
            <Radios of=form.at(OpenRequestInput::environment()) options=environments />
            <TextArea
                of=form.at(OpenRequestInput::text())
                hint="What you did, what you expected, and what happened instead. Leave out passwords, secrets and the data of users."
                rows=8
            />
            <FileField
                of=form.at(OpenRequestInput::files())
                need=Need::Optional
                hint=FILES_HINT
                accept=FILES_ACCEPTED
            />
            <p class="quiet-text">
                "You can send up to " {REQUESTS_A_DAY} " requests in a day. To add something to one you have sent, write on its page."
            </p>
            <Button>"Send request"</Button>
        }
    })
}
