//! `/checklists`: what reviewers check, to be worked through beforehand.

use crate::{
    components::{Card, Hash, PageHead, SeverityTag},
    web::{Page, page},
};
use casework::guides::checklist_pack;
use leptos::prelude::*;
use workflow::checklist::{Checklist, Item};

/// `/checklists`.
#[component]
pub fn OpenChecklistsPage() -> impl IntoView {
    page(|visit| async move {
        let pack = checklist_pack(&visit.desk)?;
        let cards: Vec<_> = pack.lists.into_iter().map(card).collect();
        let lead =
            "What our reviewers check, item by item, and how. Work through it before you submit.";
        Ok(Page::developer(
            "Checklists",
            view! {
                <PageHead
                    title="Checklists"
                    lead=lead
                    crumbs=vec![("Overview".to_owned(), "/guides".to_owned())]
                />
                <p>
                    "For your tools: " <a href="/checklists.json">"the same as JSON"</a>
                    ", SHA-256 " <Hash text=pack.sha256 />
                    " (the hash of the file, so that you see when one changes)."
                </p>
                {cards}
            },
        )
        .described(lead))
    })
}

fn card(list: Checklist) -> impl IntoView {
    let title = list.kind.label();
    let caption = format!("Version {}", list.version);
    let items: Vec<_> = list.items.into_iter().map(item).collect();
    view! {
        <Card title=title id=list.kind.word()>
            <p class="quiet-text">{caption}</p>
            <ul class="plain stack">{items}</ul>
        </Card>
    }
}

fn item(item: Item) -> impl IntoView {
    let verify =
        (!item.verify.is_empty()).then(|| view! { <div class="quiet-text">{item.verify}</div> });
    let label = match item.guide.is_empty() {
        true => item.label.into_any(),
        false => view! { <a href=item.guide>{item.label}</a> }.into_any(),
    };
    view! {
        <li>
            {label} " " <SeverityTag severity=item.severity />
            {verify}
        </li>
    }
}
