//! The developer's apps: the list, an app's profile, and the forms around it.

mod edit;
mod members;
mod profile;
mod secret;

pub use edit::{EditAppPage, NewAppPage};
pub use members::MembersPage;
pub use profile::AppPage;
pub use secret::SecretPage;

use crate::{
    components::{ButtonLink, Column, DataTable, EmptyState, Hue, LevelTag, PageHead, Status, Tag},
    pages::application::asked_text,
    web::{Page, Visit, page},
};
use casework::{
    Error, Result,
    queries::{AppProfile, MyApp, my_apps},
};
use leptos::prelude::*;
use workflow::{AppId, state::AccessLevel};

/// The app that the address names.
fn app_of(visit: &Visit) -> Result<AppId> {
    let id = visit.path.split('/').nth(2).unwrap_or_default();
    id.parse().map_err(|_| Error::NotFound)
}

fn crumbs(app: &AppProfile) -> Vec<(String, String)> {
    vec![
        ("My apps".to_owned(), "/apps".to_owned()),
        (app.text.name.clone(), format!("/apps/{}", app.id)),
    ]
}

/// `/apps`.
#[component]
pub fn AppsPage() -> impl IntoView {
    page(|visit| async move {
        let mine = my_apps(&visit.desk, visit.caller()?).await?;
        let create = mine.may_create.then(|| {
            view! { <ButtonLink href="/apps/new">"Create app"</ButtonLink> }
        });
        if mine.apps.is_empty() {
            let text = "An app is what you apply with. Create one to get credentials for the \
                        sandbox; each app begins there.";
            return Ok(Page::developer(
                "My apps",
                view! {
                    <PageHead title="My apps" />
                    <EmptyState title="You have no app yet" text=text>
                        {create}
                    </EmptyState>
                },
            ));
        }
        let rows = mine.apps.into_iter().map(app_row).collect_view();
        let columns = vec![
            Column::new("App"),
            Column::new("Access"),
            Column::new("Application"),
            Column::new("Asked of you"),
        ];
        Ok(Page::developer(
            "My apps",
            view! {
                <PageHead title="My apps">{create}</PageHead>
                <DataTable caption="Your apps and where each of them stands" columns=columns>
                    {rows}
                </DataTable>
            },
        ))
    })
}

fn app_row(app: MyApp) -> impl IntoView {
    let href = format!("/apps/{}", app.id);
    let asked = app
        .application
        .as_ref()
        .and_then(|brief| Some((brief.number, brief.asked?)));
    let asked = match asked {
        Some((number, asked)) => {
            let href = format!("/applications/{number}");
            view! { <a href=href>{asked_text(asked)}</a> }.into_any()
        }
        None => view! { <span class="quiet-text">"Nothing"</span> }.into_any(),
    };
    let application = app.application.map(|brief| {
        let href = format!("/applications/{}", brief.number);
        view! {
            <Status hue=Hue::of(brief.state.kind()) text=brief.state.kind().label() />
            " "
            <a href=href>{brief.number.to_string()} ", " {brief.level.label()}</a>
        }
    });
    view! {
        <tr>
            <th scope="row">
                <a href=href>{app.name}</a>
                {(!app.organisation.is_empty())
                    .then(|| view! { <div class="quiet-text">{app.organisation}</div> })}
            </th>
            <td data-label="Access">
                {access(app.level, app.cap, app.suspended)}
            </td>
            <td data-label="Application">{application}</td>
            <td data-label="Asked of you">{asked}</td>
        </tr>
    }
}

fn access(level: AccessLevel, cap: Option<u32>, suspended: bool) -> impl IntoView {
    view! {
        <LevelTag level=level />
        {suspended.then(|| view! { " " <Tag hue=Hue::Overdue text="Suspended" /> })}
        {cap.map(|cap| view! { <div class="quiet-text">"Up to " {cap} " users"</div> })}
    }
}
