//! `/queue/tags`: the desk's list of tags, kept by leads.

use crate::{
    components::{Button, Card, EmptyState, FormOf, PageHead, Part, TextField, Weight},
    web::{Page, Visit, page},
};
use casework::{
    commands::KeepTagInput,
    queries::queue::{Tag, kept_tags},
};
use leptos::prelude::*;

/// `/queue/tags`.
#[component]
pub fn TagsPage() -> impl IntoView {
    page(|visit| async move {
        let tags = kept_tags(&visit.desk, visit.caller()?).await?;
        let form = visit
            .form::<KeepTagInput>()
            .hidden(KeepTagInput::tag(), &None)
            .show(|form| {
                view! {
                    <TextField of=form.at(KeepTagInput::name()) />
                    <Button>"Add"</Button>
                }
            });
        let (retired, offered): (Vec<_>, Vec<_>) = tags.into_iter().partition(|tag| tag.retired);
        let list = match offered.is_empty() {
            true => view! { <EmptyState title="No tags yet" text="A tag groups cases that have something in common which the form does not ask." /> }.into_any(),
            false => list(&visit, offered),
        };
        let retired = (!retired.is_empty())
            .then(|| view! { <Part title="Retired">{list_of_retired(&visit, retired)}</Part> });
        Ok(Page::new(
            "Tags",
            view! {
                <PageHead
                    title="Tags"
                    lead="All staff put them on cases and narrow the queue by them. Developers never see them."
                    crumbs=vec![("Queue".to_owned(), "/queue".to_owned())]
                />
                {list}
                <Card title="New tag" id="new">
                    {form}
                </Card>
                {retired}
            },
        ))
    })
}

fn form_of(visit: &Visit, tag: &Tag) -> FormOf<KeepTagInput> {
    visit
        .form::<KeepTagInput>()
        .id(format!("tag-{}", tag.id))
        .inline()
        .label(format!("Tag: {}", tag.name))
        .hidden(KeepTagInput::tag(), &Some(tag.id))
}

/// Those that are offered: each can be renamed or retired.
fn list(visit: &Visit, tags: Vec<Tag>) -> AnyView {
    let items = tags
        .into_iter()
        .map(|tag| {
            let form = form_of(visit, &tag).show(|form| {
                let retire = form.says(&KeepTagInput::retired(), "yes");
                view! {
                    <TextField of=form.at(KeepTagInput::name()) value=tag.name.clone() />
                    <Button weight=Weight::Quiet>"Rename"</Button>
                    <Button weight=Weight::Link says=retire>"Retire"</Button>
                }
            });
            view! { <li>{form}</li> }
        })
        .collect_view();
    view! { <ul class="plain stack">{items}</ul> }.into_any()
}

fn list_of_retired(visit: &Visit, tags: Vec<Tag>) -> impl IntoView + use<> {
    let items = tags
        .into_iter()
        .map(|tag| {
            let form = form_of(visit, &tag)
                .fixed(&KeepTagInput::name(), &tag.name)
                .show(|_| view! { <Button weight=Weight::Link>"Offer again"</Button> });
            view! { <li class="row">{tag.name} " " {form}</li> }
        })
        .collect_view();
    view! { <ul class="plain">{items}</ul> }
}
