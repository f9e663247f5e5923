//! `/applications/{number}/check`: all answers on one page, then the submission.

use super::{
    crumbs,
    sent::section_facts,
    status_page,
    stops::{self, Part},
    title_of,
};
use crate::{
    components::{Button, CameBack, Card, Confirm, Notice, PageHead, Tone, field_id},
    web::{Page, page},
};
use casework::{
    commands::SubmitInput,
    queries::{DraftView, SectionView, draft_view},
};
use leptos::prelude::*;
use workflow::{Seen, form::Problem, state::State};

/// The id of the form that submits.
const FORM: &str = "submit";

/// The page.
#[component]
pub fn CheckPage() -> impl IntoView {
    page(|visit| async move {
        let draft = draft_view(&visit.desk, visit.caller()?, visit.at("number")?).await?;
        if !matches!(draft.state, State::Draft) {
            return Ok(Page::elsewhere(status_page(draft.number)));
        }
        let came_back = visit
            .kept
            .as_deref()
            .filter(|came_back| came_back.kept.form == FORM);
        let cards = draft
            .sections
            .iter()
            .map(|view| section_card(&draft, view, came_back))
            .collect_view();
        let submit = if draft.may_submit {
            visit
                .form::<SubmitInput>()
                .id(FORM)
                .case(draft.number, Some(Seen::version(draft.case_version)))
                .show(|form| {
                    view! {
                        <Confirm of=form.at(SubmitInput::contacts_confirmed()) />
                        <Confirm of=form.at(SubmitInput::accuracy_attested()) />
                        <p>
                            "With the submission these answers and files are frozen. We check first that the application is complete."
                        </p>
                        <Button>"Submit application"</Button>
                    }
                })
                .into_any()
        } else {
            view! {
                <Notice tone=Tone::Attention>
                    <p>
                        "A member with authority to sign for the organisation must submit this application. Everything you typed is saved."
                    </p>
                </Notice>
            }
            .into_any()
        };
        let steps = stops::all(&draft).len() + 1;
        let title = title_of(draft.level, &draft.app_name);
        let lead = format!("{title}. Step {steps} of {steps}.");
        Ok(Page::developer(
            "Check your answers",
            view! {
                <PageHead
                    title="Check your answers"
                    lead=lead
                    crumbs=crumbs(draft.number, draft.app, &draft.app_name)
                />
                <p>
                    <a href=format!("/applications/{}/self-check", draft.number)>
                        "Have everything checked that a machine can check"
                    </a>
                    ": addresses, files, contacts, copied answers, words."
                </p>
                {cards}
                {submit}
            },
        ))
    })
}

/// What stands in the way of submitting a section: what its answers lack, and what was found wrong
/// at the last attempt (addresses are visited only then).
fn problems_of(view: &SectionView, came_back: Option<&CameBack>) -> Vec<Problem> {
    let mut problems = view.problems.clone();
    for problem in came_back.iter().flat_map(|back| &back.kept.problems) {
        let here = view
            .section
            .fields
            .iter()
            .any(|field| field.key == problem.field);
        if here && !problems.iter().any(|known| known.field == problem.field) {
            problems.push(problem.clone());
        }
    }
    problems
}

fn section_card(
    draft: &DraftView,
    view: &SectionView,
    came_back: Option<&CameBack>,
) -> impl IntoView + use<> {
    let section = &view.section;
    let (title, id) = (section.title.clone(), section.key.clone());
    let links = [Part::Text, Part::Files]
        .into_iter()
        .filter(|part| stops::has(section, *part))
        .map(|part| {
            let stop = stops::Stop { section, part };
            let href = format!("/applications/{}/{}", draft.number, stop.path());
            let words = match part {
                Part::Text => "Change answers",
                Part::Files => "Change files",
            };
            let of = format!(" of {}", section.title);
            view! {
                <a href=href>
                    {words}
                    <span class="visually-hidden">{of}</span>
                </a>
                " "
            }
        })
        .collect_view();
    let problems = problems_of(view, came_back);
    let problems = (!problems.is_empty()).then(|| {
        let items = problems
            .into_iter()
            .map(|problem| {
                // The summary on top of the page leads here.
                if let Some(came_back) = came_back {
                    came_back.has_place(&problem.field);
                }
                let id = field_id(FORM, &problem.field);
                let href = stops::question(draft.number, section, &problem.field);
                view! {
                    <li id=id tabindex="-1">
                        <a href=href>{problem.text}</a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <Notice tone=Tone::Attention>
                <ul>{items}</ul>
            </Notice>
        }
    });
    let facts = section_facts(section, &view.answers, &view.files);
    view! {
        <Card title=title id=id>
            {problems}
            {facts}
            <p>{links}</p>
        </Card>
    }
}
