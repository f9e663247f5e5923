//! `/admin/people/{id}`: one account.

use super::{WHY_TOGETHER, part, people::hue, request::request_card, role_options};
use crate::{
    components::{
        Button, Card, Checkboxes, Day, Fact, Facts, Form, Happened, Hidden, Hue, Need, PageHead,
        Status, TextField, Timeline, Weight,
    },
    web::{Page, Visit, page},
};
use casework::{
    Error,
    queries::admin_people::{PersonStatus, PersonView, admin_person},
};
use leptos::prelude::*;
use workflow::Seen;

/// One person with the steps on their account.
#[component]
pub fn AdminPersonPage() -> impl IntoView {
    page(|visit| async move {
        let id = part(&visit.path, 2).parse().map_err(|_| Error::NotFound)?;
        let person = admin_person(&visit.desk, visit.caller()?, id).await?;
        Ok(Page::new(
            person.person.name.clone(),
            screen(person, &visit),
        ))
    })
}

fn screen(view: PersonView, visit: &Visit) -> impl IntoView + use<> {
    let person = view.person;
    let back = format!("/admin/people/{}", person.id);
    let roles: Vec<&str> = person.roles.iter().map(|role| role.label()).collect();
    let words: Vec<&str> = person.roles.iter().map(|role| role.word()).collect();
    let role_choices = role_options(visit.desk.second_admin);
    let request = view.request.map(|request| request_card(request, visit));
    let steps = if view.is_you {
        view! {
            <Card title="Roles and access">
                <p>"This is your own account: another admin must change its roles or disable it."</p>
            </Card>
        }
        .into_any()
    } else {
        let (action, id, button, weight) = if person.status == PersonStatus::Disabled {
            (
                "/do/enable_person",
                "enable_person",
                "Enable account",
                Weight::Quiet,
            )
        } else {
            (
                "/do/disable_person",
                "disable_person",
                "Disable account",
                Weight::Danger,
            )
        };
        let about = if person.status == PersonStatus::Disabled {
            "The person can sign in again with the password they had."
        } else {
            "Ends every session at once. What the person did stays in the records; open work must be assigned to others."
        };
        let roles_typed = visit.typed("set_roles");
        let access_typed = visit.typed(id);
        let access_back = back.clone();
        let seen = Seen::version(view.version);
        let who = person.id.to_string();
        let same = who.clone();
        let ticked = words.join(",");
        view! {
            <Card title="Roles">
                <Form action="/do/set_roles" id="set_roles" typed=roles_typed seen=seen back=back>
                    <Hidden name="person" value=who />
                    <Checkboxes name="roles" label="Roles" options=role_choices value=ticked />
                    <TextField name="combination" label="Why together" need=Need::Optional hint=WHY_TOGETHER />
                    <TextField name="reason" label="Reason" hint="Recorded in the audit trail." />
                    <Button>"Change roles"</Button>
                </Form>
            </Card>
            <Card title="Access">
                <p>{about}</p>
                <Form action=action id=id typed=access_typed seen=seen back=access_back>
                    <Hidden name="person" value=same />
                    <TextField name="reason" label="Reason" hint="Recorded in the audit trail." />
                    <Button weight=weight>{button}</Button>
                </Form>
            </Card>
        }
        .into_any()
    };
    let entries: Vec<Happened> = view
        .trail
        .into_iter()
        .map(|entry| Happened {
            at: entry.at,
            what: entry.what,
            who: entry.who,
            detail: String::new(),
            hue: Hue::Waiting,
        })
        .collect();
    let agreement = view.agreement_version.map_or_else(
        || "Not accepted".to_owned(),
        |version| format!("version {version}"),
    );
    view! {
        <PageHead
            title=person.name.clone()
            lead=roles.join(", ")
            crumbs=vec![("People".to_owned(), "/admin/people".to_owned())]
        />
        <Card>
            <Facts>
                <Fact name="Account"><Status hue=hue(person.status) text=person.status.label() /></Fact>
                <Fact name="Username">{person.username}</Fact>
                <Fact name="Email">{person.email}</Fact>
                <Fact name="Organisation">{person.organisation}</Fact>
                <Fact name="Since"><Day at=person.since /></Fact>
                <Fact name="Signed-in browsers">{view.sessions}</Fact>
                <Fact name="Developer Agreement">{agreement}</Fact>
            </Facts>
        </Card>
        {request}
        {steps}
        <Card title="What happened to this account">
            <Timeline label="What happened to this account" entries=entries />
        </Card>
    }
}
