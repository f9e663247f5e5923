//! Saved views: the links to them, the form that saves the queue as it is, and `/queue/views`, where
//! they are renamed, deleted and begun with.

use crate::{
    components::{Button, Column, DataTable, EmptyState, PageHead, TextField, Weight},
    web::{Page, Visit, page},
};
use casework::{
    commands::{BeginWithInput, DropViewInput, SaveViewInput},
    queries::queue::{Filter, Place, Queue, SavedView, saved_views},
};
use leptos::prelude::*;

/// Links to the saved views, and the way to save what is seen now.
pub(super) fn saved(visit: &Visit, queue: &Queue) -> Option<impl IntoView + use<>> {
    let beside = &queue.beside;
    let current = beside.saved_as(&queue.filter).map(|view| view.id);
    let links = beside
        .saved
        .iter()
        .map(|view| {
            let href = format!("/queue{}", view.query);
            let current = (current == Some(view.id)).then_some("page");
            let shared = view
                .shared
                .then(|| view! { <span class="visually-hidden">" (of all staff)"</span> });
            view! { <li><a class="chip" href=href aria-current=current>{view.name.clone()} {shared}</a></li> }
        })
        .collect_view();
    let links = (!beside.saved.is_empty()).then(|| {
        view! {
            <nav aria-label="Saved views">
                <ul class="chips plain">{links}</ul>
            </nav>
        }
    });
    let manage = (!beside.saved.is_empty())
        .then(|| view! { <a class="button link" href="/queue/views">"Manage views"</a> });
    let plain = Filter::view(queue.filter.view);
    let form =
        (current.is_none() && queue.filter.at(Place::First) != plain).then(|| save(visit, queue));
    (links.is_some() || form.is_some()).then(|| {
        view! {
            <div class="chips">{links} {form} {manage}</div>
        }
    })
}

/// The form that saves what is seen now.
fn save(visit: &Visit, queue: &Queue) -> impl IntoView + use<> {
    let may_share = queue.may_share;
    let form = visit
        .form::<SaveViewInput>()
        .inline()
        .label("Save this view")
        .hidden(SaveViewInput::view(), &None)
        .hidden(
            SaveViewInput::query(),
            &queue.filter.at(Place::First).query(),
        );
    let is_back = form.is_back();
    let form = form.show(|form| {
            let share = form.says(&SaveViewInput::shared(), "yes");
            view! {
                <TextField of=form.at(SaveViewInput::name()) />
                <Button weight=Weight::Quiet>"Save"</Button>
                {may_share
                    .then(|| view! { <Button weight=Weight::Quiet says=share>"Save for all staff"</Button> })}
            }
        });
    view! {
        <details class="narrow" open=is_back>
            <summary>"Save this view"</summary>
            {form}
        </details>
    }
}

/// `/queue/views`.
#[component]
pub fn SavedViewsPage() -> impl IntoView {
    page(|visit| async move {
        let saved = saved_views(&visit.desk, visit.caller()?).await?;
        let list = match saved.views.is_empty() {
            true => view! { <EmptyState title="No saved views yet" text="Narrow the queue, then save what you see under a name." /> }.into_any(),
            false => {
                let rows = saved
                    .views
                    .iter()
                    .map(|view| row(&visit, view, saved.begins_with == Some(view.id), saved.may_share))
                    .collect_view();
                let columns = vec![
                    Column::new("View"),
                    Column::new("For").tight(),
                    Column::new("Name"),
                    Column::new("Beginning").tight(),
                    Column::new("Delete").tight(),
                ];
                view! { <DataTable caption="Saved views, by name" columns=columns>{rows}</DataTable> }.into_any()
            }
        };
        let unset = saved.begins_with.map(|_| {
            visit
                .form::<BeginWithInput>()
                .hidden(BeginWithInput::view(), &None)
                .show(|_| view! { <Button weight=Weight::Quiet>"Begin with the view of my role"</Button> })
        });
        Ok(Page::new(
            "Saved views",
            view! {
                <PageHead
                    title="Saved views"
                    lead="The queue opens with the one that you begin with, else with the view of your role."
                    crumbs=vec![("Queue".to_owned(), "/queue".to_owned())]
                />
                {list}
                {unset}
            },
        ))
    })
}

fn row(visit: &Visit, saved: &SavedView, begins: bool, may_share: bool) -> impl IntoView + use<> {
    let href = format!("/queue{}", saved.query);
    let may_change = !saved.shared || may_share;
    let rename = may_change.then(|| {
        visit
            .form::<SaveViewInput>()
            .id(format!("view-{}", saved.id))
            .inline()
            .label(format!("Rename: {}", saved.name))
            .hidden(SaveViewInput::view(), &Some(saved.id))
            .hidden(SaveViewInput::query(), &saved.query)
            .show(|form| {
                view! {
                    <TextField of=form.at(SaveViewInput::name()) value=saved.name.clone() />
                    <Button weight=Weight::Quiet>"Rename"</Button>
                }
            })
    });
    let delete = may_change.then(|| {
        visit
            .form::<DropViewInput>()
            .id(format!("drop-{}", saved.id))
            .inline()
            .label(format!("Delete: {}", saved.name))
            .hidden(DropViewInput::view(), &saved.id)
            .show(|_| view! { <Button weight=Weight::Link>"Delete"</Button> })
    });
    let begin = match begins {
        true => "You begin here".into_any(),
        false => visit
            .form::<BeginWithInput>()
            .id(format!("begin-{}", saved.id))
            .inline()
            .label(format!("Begin with: {}", saved.name))
            .hidden(BeginWithInput::view(), &Some(saved.id))
            .show(|_| view! { <Button weight=Weight::Link>"Begin with it"</Button> })
            .into_any(),
    };
    let whose = if saved.shared { "All staff" } else { "You" };
    view! {
        <tr>
            <th scope="row">
                <a href=href>{saved.name.clone()}</a>
            </th>
            <td data-label="For">{whose}</td>
            <td data-label="Name">{rename}</td>
            <td data-label="Beginning">{begin}</td>
            <td data-label="Delete">{delete}</td>
        </tr>
    }
}
