//! What waits for a second admin: on the list of people, and on the page of each.

use crate::{
    components::{Button, Card, Column, DataTable, Day, Fact, Facts, TextField, Weight},
    web::Visit,
};
use casework::{
    commands::{ConfirmRolesInput, RefuseRolesInput, RequestKind},
    queries::admin_people::{RequestView, YouAndTheRequest},
};
use leptos::prelude::*;
use workflow::Role;

fn asked(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Invitation => "Invite with these roles",
        RequestKind::Roles => "Give these roles",
        RequestKind::Enabling => "Enable the account",
    }
}

fn labels(roles: &[Role]) -> String {
    let labels: Vec<&str> = roles.iter().map(|role| role.label()).collect();
    labels.join(", ")
}

/// The requests of all people, where there are any.
pub(super) fn waiting(requests: Vec<RequestView>) -> Option<impl IntoView> {
    if requests.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new("Name"),
        Column::new("Asked for"),
        Column::new("Roles"),
        Column::new("Asked by"),
        Column::new("Ends").tight(),
    ];
    let rows = requests
        .into_iter()
        .map(|request| {
            view! {
                <tr>
                    <th scope="row">
                        <a href=format!("/admin/people/{}", request.person)>{request.name}</a>
                    </th>
                    <td data-label="Asked for">{asked(request.kind)}</td>
                    <td data-label="Roles">{labels(&request.roles)}</td>
                    <td data-label="Asked by">{request.asked_by}</td>
                    <td data-label="Ends"><Day at=request.ends /></td>
                </tr>
            }
        })
        .collect_view();
    Some(view! {
        <Card title="Waits for a second admin" id="waiting">
            <DataTable caption="Waits for a second admin" columns=columns>{rows}</DataTable>
        </Card>
    })
}

/// One request with what the one who looks may do about it.
pub(super) fn request_card(request: RequestView, visit: &Visit) -> impl IntoView + use<> {
    let may_decide = request.you == YouAndTheRequest::Decide;
    let confirm = may_decide.then(|| {
        visit
            .form::<ConfirmRolesInput>()
            .hidden(ConfirmRolesInput::request(), &request.id)
            .show(|_| view! { <Button>"Confirm"</Button> })
    });
    let (label, hint, button) = if may_decide {
        ("Reason to refuse", "Recorded in the audit trail.", "Refuse")
    } else {
        (
            "Reason to take it back",
            "Recorded in the audit trail.",
            "Take back",
        )
    };
    let refuse = (request.you != YouAndTheRequest::AreConcerned).then(|| {
        visit
            .form::<RefuseRolesInput>()
            .hidden(RefuseRolesInput::request(), &request.id)
            .show(|form| {
                view! {
                    <TextField of=form.at(RefuseRolesInput::reason()) label=label hint=hint />
                    <Button weight=Weight::Quiet>{button}</Button>
                }
            })
    });
    let about = match request.you {
        YouAndTheRequest::Decide => {
            "Confirm it only if you know the person and why they need it. Until then nothing is given."
        }
        YouAndTheRequest::Asked => {
            "You asked for this; another admin must confirm it. Until then nothing is given."
        }
        YouAndTheRequest::AreConcerned => {
            "This is about your own account; another admin must confirm it."
        }
    };
    let reason =
        (!request.reason.is_empty()).then(|| view! { <Fact name="Reason">{request.reason}</Fact> });
    let combination = (!request.combination.is_empty())
        .then(|| view! { <Fact name="Why together">{request.combination}</Fact> });
    view! {
        <Card title="Waits for a second admin" id="waiting">
            <p>{about}</p>
            <Facts>
                <Fact name="Asked for">{asked(request.kind)}</Fact>
                <Fact name="Roles">{labels(&request.roles)}</Fact>
                <Fact name="Asked by">{request.asked_by}</Fact>
                {reason}
                {combination}
                <Fact name="Asked"><Day at=request.asked /></Fact>
                <Fact name="Ends"><Day at=request.ends /></Fact>
            </Facts>
            {confirm}
            {refuse}
        </Card>
    }
}
