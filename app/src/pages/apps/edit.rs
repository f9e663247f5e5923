//! Creating and editing an app.

use super::crumbs;
use crate::{
    components::{
        AppLogo, Button, Card, FileField, FormOf, Line, LogoSize, Need, PageHead, TextArea,
        TextField, Weight,
    },
    web::{Page, Visit, page},
};
use casework::{
    Error,
    commands::{AddLogoInput, AppText, CreateAppInput, EditAppInput, LOGO_FIELD, RemoveLogoInput},
    input::{Field, Input},
    policy::NO_RULE,
    queries::{AppProfile, app_profile, my_apps, own_account},
};
use leptos::prelude::*;

/// The tokens of an app's texts: name, organisation, description, website.
type Texts<I> = [Field<I, String>; 4];

/// The fields of an app.
fn fields<I: Input>(form: &FormOf<I>, texts: Texts<I>, text: AppText) -> impl IntoView + use<I> {
    let [name, organisation, description, website] = texts.map(|field| form.at(field));
    view! {
        <TextField of=name value=text.name hint="As your users know it; 2 to 80 characters." />
        <TextField
            of=organisation
            value=text.organisation
            need=Need::Optional
            autocomplete="organization"
        />
        <TextArea
            of=description
            value=text.description
            hint="One or two sentences."
            need=Need::Optional
            rows=3
        />
        <TextField of=website line=Line::Url value=text.website need=Need::Optional />
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
        // Most apps are of the organisation that their developer registered with.
        let of_account = AppText {
            organisation: own_account(&visit.desk, caller, None).await?.organisation,
            ..AppText::default()
        };
        let form = visit.form::<CreateAppInput>().show(|form| {
            let texts = [
                CreateAppInput::name(),
                CreateAppInput::organisation(),
                CreateAppInput::description(),
                CreateAppInput::website(),
            ];
            view! {
                {fields(form, texts, of_account.clone())}
                <Button>"Create app"</Button>
            }
        });
        Ok(Page::developer(
            "Create app",
            view! {
                <PageHead
                    title="Create app"
                    lead="It begins with access to the sandbox. Apply for more from its profile."
                    crumbs=vec![("My apps".to_owned(), "/apps".to_owned())]
                />
                {form}
            },
        ))
    })
}

/// What is taken as a logo, for the picker.
const ACCEPT: &str = "image/png,image/jpeg,image/webp";

/// The logo of now, and the forms that change it.
fn logo(visit: &Visit, app: &AppProfile) -> impl IntoView + use<> {
    let present = app.logo.clone().map(|image| {
        let remove = visit
            .form::<RemoveLogoInput>()
            .inline()
            .hidden(RemoveLogoInput::app(), &app.id)
            .show(|_| view! { <Button weight=Weight::Quiet>"Remove logo"</Button> });
        let (name, size) = (app.text.name.clone(), LogoSize::Large);
        view! {
            <div class="row">
                <AppLogo app=app.id logo=Some(image) name=name size=size />
                {remove}
            </div>
        }
    });
    let words = if present.is_some() {
        "Replace logo"
    } else {
        "Add logo"
    };
    let form = visit
        .form::<AddLogoInput>()
        .images_to(format!("/files/{}/{LOGO_FIELD}", app.id))
        .show(|form| {
            let of = form.at(AddLogoInput::files().of(&LOGO_FIELD.to_owned()));
            view! {
                <FileField
                    of=of
                    label="Logo"
                    one=true
                    hint="PNG, JPEG or WebP, up to 10 MB; at least 96 by 96 pixels, best a square of 512. We draw it anew: nothing that a camera or a program noted in the file is kept."
                    accept=ACCEPT
                />
                <Button weight=Weight::Quiet>{words}</Button>
            }
        });
    view! {
        <Card title="Logo" id="logo">
            <p>"Shown beside the name, to the members of the app and to us."</p>
            {present}
            {form}
        </Card>
    }
}

/// `/apps/{id}/edit`.
#[component]
pub fn EditAppPage() -> impl IntoView {
    page(|visit| async move {
        let app = app_profile(&visit.desk, visit.caller()?, visit.at("id")?).await?;
        let form = visit
            .form::<EditAppInput>()
            .hidden(EditAppInput::app(), &app.id)
            .hidden(EditAppInput::version(), &app.version)
            .show(|form| {
                let texts = [
                    EditAppInput::name(),
                    EditAppInput::organisation(),
                    EditAppInput::description(),
                    EditAppInput::website(),
                ];
                view! {
                    {fields(form, texts, app.text.clone())}
                    <Button>"Save app"</Button>
                }
            });
        let crumbs = crumbs(&app);
        Ok(Page::developer(
            format!("Edit {}", app.text.name),
            view! {
                <PageHead title="Edit app" crumbs=crumbs />
                {form}
                {app.may_set_logo.then(|| logo(&visit, &app))}
            },
        ))
    })
}
