//! `/`, `/environments`, `/scopes`, `/sandbox` and `/guides/…`: pages whose text admins look after.

use crate::{
    components::{ButtonLink, PageHead, Weight},
    pages::account::home_of,
    web::{Page, Visit, page},
};
use casework::{
    Result,
    guides::Guide,
    queries::{AskedQuestion, AskedSection, GuidePage, Heading, guide_page},
};
use leptos::prelude::*;

/// `/`: what the desk is for; whoever is signed in goes on to their work.
#[component]
pub fn HomePage() -> impl IntoView {
    page(|visit| async move {
        match visit.caller() {
            Ok(caller) => Ok(Page::elsewhere(home_of(caller))),
            Err(_) => overview(&visit).await,
        }
    })
}

/// `/guides`: the same as `/`, also for whoever is signed in.
#[component]
pub fn GuidesPage() -> impl IntoView {
    page(|visit| async move { overview(&visit).await })
}

/// `/environments`.
#[component]
pub fn EnvironmentsPage() -> impl IntoView {
    page(|visit| async move { guide(&visit, Guide::Environments).await })
}

/// `/scopes`.
#[component]
pub fn ScopesPage() -> impl IntoView {
    page(|visit| async move { guide(&visit, Guide::Scopes).await })
}

/// `/sandbox`.
#[component]
pub fn SandboxPage() -> impl IntoView {
    page(|visit| async move { guide(&visit, Guide::Sandbox).await })
}

/// `/guides/limited-access`.
#[component]
pub fn LimitedAccessPage() -> impl IntoView {
    page(|visit| async move { guide(&visit, Guide::LimitedAccess).await })
}

/// `/guides/full-access`.
#[component]
pub fn FullAccessPage() -> impl IntoView {
    page(|visit| async move { guide(&visit, Guide::FullAccess).await })
}

async fn overview(visit: &Visit) -> Result<Page> {
    let found = guide_page(&visit.desk, Guide::Overview).await?;
    let begin = match visit.caller() {
        Ok(_) => view! { <ButtonLink href="/apps">"My apps"</ButtonLink> }.into_any(),
        Err(_) => view! {
            <ButtonLink href="/register">"Register"</ButtonLink>
            <ButtonLink href="/sandbox#first-call" weight=Weight::Quiet>
                "See a first call"
            </ButtonLink>
        }
        .into_any(),
    };
    let text = found.text;
    Ok(Page::developer(
        text.title.clone(),
        view! {
            <PageHead title=text.title lead=text.summary.clone()>{begin}</PageHead>
            <div class="guide front" inner_html=text.html></div>
        },
    )
    .described(text.summary)
    .canonical(Guide::Overview.path()))
}

async fn guide(visit: &Visit, guide: Guide) -> Result<Page> {
    let found = guide_page(&visit.desk, guide).await?;
    let contents = contents(&found);
    let asked = asked(found.asked);
    let text = found.text;
    let crumbs = vec![("Overview".to_owned(), "/guides".to_owned())];
    Ok(Page::developer(
        text.title.clone(),
        view! {
            <PageHead title=text.title lead=text.summary.clone() crumbs=crumbs />
            <div class="guide-columns">
                {contents}
                <div class="guide-main">
                    <div class="guide" inner_html=text.html></div>
                    {asked}
                </div>
            </div>
        },
    )
    .described(text.summary))
}

/// The id of the list of questions on a page.
const QUESTIONS: &str = "questions";

/// What is on the page.
fn contents(found: &GuidePage) -> impl IntoView + use<> {
    let item = |id: &str, text: &str| {
        let (href, text) = (format!("#{id}"), text.to_owned());
        view! { <li><a href=href>{text}</a></li> }
    };
    let main = |heading: &&Heading| heading.level == 2;
    let headings = &found.text.headings;
    let items = headings
        .iter()
        .filter(main)
        .map(|heading| item(&heading.id, &heading.text))
        .collect_view();
    let questions = (!found.asked.is_empty()).then(|| item(QUESTIONS, "What the form asks"));
    view! {
        <nav class="contents" aria-label="On this page">
            <h2>"On this page"</h2>
            <ul class="plain">{items}{questions}</ul>
        </nav>
    }
}

/// The questions of the request form, each with the place that describes a good answer.
fn asked(sections: Vec<AskedSection>) -> Option<impl IntoView> {
    (!sections.is_empty()).then(|| {
        let sections = sections
            .into_iter()
            .map(|section| {
                let questions = section.questions.into_iter().map(question).collect_view();
                view! {
                    <h3>{section.title}</h3>
                    <dl class="questions">{questions}</dl>
                }
            })
            .collect_view();
        view! {
            <section class="guide" aria-labelledby=QUESTIONS>
                <h2 id=QUESTIONS>"What the form asks"</h2>
                {sections}
            </section>
        }
    })
}

fn question(question: AskedQuestion) -> impl IntoView {
    let optional = question
        .optional
        .then(|| view! { <span class="quiet-text">" (optional)"</span> });
    let guide = (!question.guide.is_empty()).then(|| {
        let about = format!(": {}", question.label);
        view! {
            <a href=question.guide>
                "What a good answer has" <span class="visually-hidden">{about}</span>
            </a>
        }
    });
    view! {
        <dt id=question.id>{question.label}{optional}</dt>
        <dd>{question.hint} " " {guide}</dd>
    }
}
