//! `/admin/people/{id}`: one account.

use super::{WHY_TOGETHER, people::hue, request::request_card, role_options};
use crate::{
    components::{
        Button, Card, Checkboxes, Day, Fact, Facts, Happened, Hue, Need, PageHead, Status,
        TextField, Timeline, Weight,
    },
    web::{Page, Visit, page},
};
use casework::{
    commands::{DisablePersonInput, EnablePersonInput, ResetSecondFactorInput, SetRolesInput},
    input::{Field, HiddenField, Input},
    queries::admin_people::{PersonStatus, PersonView, admin_person},
};
use leptos::prelude::*;
use workflow::PersonId;

/// One person with the steps on their account.
#[component]
pub fn AdminPersonPage() -> impl IntoView {
    page(|visit| async move {
        let id = visit.at("id")?;
        let person = admin_person(&visit.desk, visit.caller()?, id).await?;
        Ok(Page::new(
            person.person.name.clone(),
            screen(person, &visit),
        ))
    })
}

fn screen(view: PersonView, visit: &Visit) -> impl IntoView + use<> {
    let person = view.person;
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
        let ticked = words.join(",");
        let roles = visit
            .form::<SetRolesInput>()
            .hidden(SetRolesInput::person(), &person.id)
            .hidden(SetRolesInput::seen(), &view.version)
            .show(|form| {
                let of = form.at(SetRolesInput::roles());
                view! {
                    <Checkboxes of=of options=role_choices value=ticked />
                    <TextField
                        of=form.at(SetRolesInput::combination())
                        need=Need::Optional
                        hint=WHY_TOGETHER
                    />
                    <TextField
                        of=form.at(SetRolesInput::reason())
                        hint="Recorded in the audit trail."
                    />
                    <Button>"Change roles"</Button>
                }
            });
        let access = if person.status == PersonStatus::Closed {
            view! { <p>"Its owner closed this account, for good."</p> }.into_any()
        } else if person.status == PersonStatus::Disabled {
            let fields = AccessFields {
                person: EnablePersonInput::person(),
                seen: EnablePersonInput::seen(),
                reason: EnablePersonInput::reason(),
            };
            let about = match view.held_letters {
                0 => "The person can sign in again with the password they had.".to_owned(),
                held => format!(
                    "The person can sign in again with the password they had. Letters that are held for them go out: {held}."
                ),
            };
            access_form(
                visit,
                fields,
                (person.id, view.version),
                about,
                "Enable account",
                Weight::Quiet,
            )
        } else {
            let fields = AccessFields {
                person: DisablePersonInput::person(),
                seen: DisablePersonInput::seen(),
                reason: DisablePersonInput::reason(),
            };
            let about = "Ends every session at once. What the person did stays in the records; open work is given back, and the leads are told. Letters to the person are held, and go out if the account is enabled in time.";
            access_form(
                visit,
                fields,
                (person.id, view.version),
                about,
                "Disable account",
                Weight::Danger,
            )
        };
        let factor = view.second_factor.then(|| {
            let fields = AccessFields {
                person: ResetSecondFactorInput::person(),
                seen: ResetSecondFactorInput::seen(),
                reason: ResetSecondFactorInput::reason(),
            };
            let about = "For somebody who has lost the app or the passkeys, and the recovery codes: make sure that it is them. Takes all of these away and ends every session at once; a letter tells them.";
            let form = access_form(
                visit,
                fields,
                (person.id, view.version),
                about,
                "Reset second factor",
                Weight::Danger,
            );
            view! { <Card title="Second factor">{form}</Card> }
        });
        view! {
            <Card title="Roles">{roles}</Card>
            {factor}
            <Card title="Access">{access}</Card>
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
            parts: Vec::new(),
            is_new: false,
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
                {(!person.organisation.is_empty())
                    .then(|| view! { <Fact name="Organisation">{person.organisation}</Fact> })}
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

/// The tokens of a step that opens or ends an account.
struct AccessFields<I> {
    person: HiddenField<I, PersonId>,
    seen: HiddenField<I, u64>,
    reason: Field<I, String>,
}

fn access_form<I: Input>(
    visit: &Visit,
    fields: AccessFields<I>,
    (person, seen): (PersonId, u64),
    about: impl Into<String>,
    button: &'static str,
    weight: Weight,
) -> AnyView {
    let about: String = about.into();
    let form = visit
        .form::<I>()
        .hidden(fields.person, &person)
        .hidden(fields.seen, &seen)
        .show(|form| {
            view! {
                <TextField of=form.at(fields.reason) hint="Recorded in the audit trail." />
                <Button weight=weight>{button}</Button>
            }
        });
    view! {
        <p>{about}</p>
        {form}
    }
    .into_any()
}
