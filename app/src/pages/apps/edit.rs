//! Creating and editing an app.

use super::{app_of, crumbs};
use crate::{
    components::{Button, Form, Hidden, Line, Need, PageHead, TextArea, TextField},
    web::{Page, page},
};
use casework::{
    Error,
    commands::AppText,
    policy::NO_RULE,
    queries::{app_profile, my_apps},
};
use leptos::prelude::*;

/// The fields of an app.
fn fields(text: AppText) -> impl IntoView {
    view! {
        <TextField
            name="name"
            label="Name"
            value=text.name
            hint="As your users know it; 2 to 80 characters."
        />
        <TextField
            name="organisation"
            label="Organisation"
            value=text.organisation
            need=Need::Optional
            autocomplete="organization"
        />
        <TextArea
            name="description"
            label="Description"
            value=text.description
            hint="One or two sentences."
            need=Need::Optional
            rows=3
        />
        <TextField
            name="website"
            label="Website"
            line=Line::Url
            value=text.website
            need=Need::Optional
        />
    }
}

/// `/apps/new`.
#[component]
pub fn NewAppPage() -> impl IntoView {
    page(|visit| async move {
        let caller = visit.caller()?;
        if !my_apps(&visit.desk, caller).await?.may_create {
            return Err(Error::forbidden(NO_RULE));
        }
        let typed = visit.typed("create_app");
        Ok(Page::developer(
            "Create app",
            view! {
                <PageHead
                    title="Create app"
                    lead="It begins with access to the sandbox. Apply for more from its profile."
                    crumbs=vec![("My apps".to_owned(), "/apps".to_owned())]
                />
                <Form action="/do/create_app" id="create_app" typed=typed back="/apps/new">
                    {fields(AppText::default())}
                    <Button>"Create app"</Button>
                </Form>
            },
        ))
    })
}

/// `/apps/{id}/edit`.
#[component]
pub fn EditAppPage() -> impl IntoView {
    page(|visit| async move {
        let app = app_profile(&visit.desk, visit.caller()?, app_of(&visit)?).await?;
        let typed = visit.typed("edit_app");
        let id = app.id.to_string();
        let version = app.version.to_string();
        let crumbs = crumbs(&app);
        Ok(Page::developer(
            format!("Edit {}", app.text.name),
            view! {
                <PageHead title="Edit app" crumbs=crumbs />
                <Form action="/do/edit_app" id="edit_app" typed=typed back=visit.path.clone()>
                    <Hidden name="app" value=id />
                    <Hidden name="version" value=version />
                    {fields(app.text)}
                    <Button>"Save app"</Button>
                </Form>
            },
        ))
    })
}
