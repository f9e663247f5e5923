//! `/applications/{number}/self-check`: what a machine can see in a draft before it is handed in.

use super::{crumbs, status_page, stops, title_of};
use crate::{
    components::{Button, ButtonLink, Buttons, Card, Notice, PageHead, Time, Tone, Weight},
    web::{Page, Visit, page},
};
use casework::{
    commands::{SelfCheck, SelfCheckInput},
    queries::{DraftView, SelfChecked, draft_view, self_checked},
    words::count,
};
use leptos::prelude::*;
use workflow::{Seen, self_check::Remark, self_check::Weight as Matters, state::State};

/// The page.
#[component]
pub fn SelfCheckPage() -> impl IntoView {
    page(|visit| async move {
        let caller = visit.caller()?;
        let draft = draft_view(&visit.desk, caller, visit.at("number")?).await?;
        if !matches!(draft.state, State::Draft) {
            return Ok(Page::elsewhere(status_page(draft.number)));
        }
        let checked = self_checked(&visit.desk, caller, draft.number).await?;
        let again = checked.is_some();
        let shown = checked.map(|checked| result(&draft, checked));
        let lead = format!(
            "{}. Everything that a machine can see, before you submit; nobody of ours reads it.",
            title_of(draft.level, &draft.app_name)
        );
        Ok(Page::developer(
            "Self-check",
            view! {
                <PageHead
                    title="Self-check"
                    lead=lead
                    crumbs=crumbs(draft.number, draft.app, &draft.app_name)
                />
                {shown}
                {form(&visit, &draft, again)}
            },
        ))
    })
}

fn form(visit: &Visit, draft: &DraftView, again: bool) -> impl IntoView + use<> {
    let back = format!("/applications/{}/check", draft.number);
    let words = if again { "Check again" } else { "Check now" };
    visit
        .form::<SelfCheckInput>()
        .case(draft.number, Some(Seen::version(draft.case_version)))
        .show(move |_| {
            view! {
                <p>
                    "It looks for answers that are missing, that were copied or are still to be written, and at words that make people believe somebody else stands behind your app; it opens your web addresses and your files, and looks at your contacts. It takes some seconds. What it cannot see a reviewer does: "
                    <a href="/checklists">"the checklists"</a> " say what."
                </p>
                <Buttons>
                    <Button>{words}</Button>
                    <ButtonLink href=back.clone() weight=Weight::Quiet>"Check your answers"</ButtonLink>
                </Buttons>
            }
        })
}

fn result(draft: &DraftView, checked: SelfChecked) -> impl IntoView + use<> {
    let SelfChecked {
        found,
        at,
        by,
        is_current,
    } = checked;
    let older = (!is_current).then(|| {
        view! {
            <Notice tone=Tone::Attention>
                <p>"Answers or files have changed since. Check again to see how they stand now."</p>
            </Notice>
        }
    });
    let looked = format!(
        "{}, {} and {} were looked at.",
        count(found.answers, "answer"),
        count_of(found.addresses, "web address", "web addresses"),
        count(found.files, "file"),
    );
    let SelfCheck { remarks, .. } = found;
    let (wrong, look): (Vec<Remark>, Vec<Remark>) = remarks
        .into_iter()
        .partition(|remark| remark.weight == Matters::Wrong);
    let fine = (wrong.is_empty() && look.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Done>
                <p>"Nothing was found that a machine can see."</p>
            </Notice>
        }
    });
    view! {
        {older}
        <p>{looked} " " {by} ", " <Time at=at /></p>
        {fine}
        {list(draft, "To correct before you submit", "wrong", wrong)}
        {list(draft, "A reviewer would ask about", "look", look)}
    }
}

fn count_of(number: usize, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        more => format!("{more} {many}"),
    }
}

fn list(
    draft: &DraftView,
    title: &'static str,
    id: &'static str,
    remarks: Vec<Remark>,
) -> Option<impl IntoView + use<>> {
    if remarks.is_empty() {
        return None;
    }
    let lines: Vec<_> = remarks
        .into_iter()
        .map(|remark| {
            let mut sections = draft.sections.iter().map(|view| &view.section);
            let section = sections.find(|section| {
                let mut fields = section.fields.iter();
                fields.any(|field| field.key == remark.field)
            });
            match section {
                Some(section) => {
                    let href = stops::question(draft.number, section, &remark.field);
                    view! { <li><a href=href>{remark.text}</a></li> }.into_any()
                }
                None => view! { <li>{remark.text}</li> }.into_any(),
            }
        })
        .collect();
    Some(view! {
        <Card title=title id=id>
            <ul>{lines}</ul>
        </Card>
    })
}
