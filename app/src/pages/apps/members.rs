//! Who works on an app.

use super::{authority_words, crumbs};
use crate::{
    components::{
        Button, Card, Column, Confirm, DataTable, Day, FormOf, Line, Need, Opt, PageHead, Select,
        TextField, Weight,
    },
    web::{Page, Visit, page},
};
use casework::{
    Error,
    commands::{
        ChangeMemberInput, InviteMemberInput, OfferOwnershipInput, RemoveMemberInput,
        WithdrawInvitationInput,
    },
    input::{Field, Input},
    policy::NO_RULE,
    queries::{AppProfile, Invited, Member, app_profile},
};
use leptos::prelude::*;

/// `/apps/{id}/members`.
#[component]
pub fn MembersPage() -> impl IntoView {
    page(|visit| async move {
        let app = app_profile(&visit.desk, visit.caller()?, visit.at("id")?).await?;
        if !app.may_manage_members {
            return Err(Error::forbidden(NO_RULE));
        }
        let invite = visit
            .form::<InviteMemberInput>()
            .hidden(InviteMemberInput::app(), &app.id)
            .show(|form| {
                let boxes = [InviteMemberInput::owner(), InviteMemberInput::may_sign()];
                view! {
                    <TextField
                        of=form.at(InviteMemberInput::person())
                        line=Line::Username
                        hint="Username or email address."
                    />
                    {authority_boxes(form, boxes, [false, false])}
                    <Button>"Invite"</Button>
                }
            });
        Ok(Page::developer(
            format!("Members of {}", app.text.name),
            view! {
                <PageHead
                    title="Members"
                    lead="Members work on the applications of this app. Whoever was ever a member reviews and decides none of them."
                    crumbs=crumbs(&app)
                />
                {members(&app, &visit)}
                {invited(&app, &visit)}
                <Card title="Invite a member" id="invite">
                    <p class="quiet-text">
                        "If the name or address belongs to an account, its owner is told and can accept or decline under My apps. If not, ask the person to register with this address; the invitation then waits there."
                    </p>
                    {invite}
                </Card>
                {hand_over(&app, &visit)}
            },
        ))
    })
}

/// Whether a member owns the app, and signs for it.
fn authority_boxes<I: Input>(
    form: &FormOf<I>,
    fields: [Field<I, bool>; 2],
    stored: [bool; 2],
) -> impl IntoView + use<I> {
    let [owner, may_sign] = fields.map(|field| form.at(field));
    let [owns, signs] = stored.map(|yes| if yes { "yes" } else { "" });
    view! {
        <Confirm of=owner value=owns need=Need::Optional />
        <Confirm of=may_sign value=signs need=Need::Optional />
    }
}

fn members(app: &AppProfile, visit: &Visit) -> impl IntoView + use<> {
    let rows = app
        .members
        .iter()
        .map(|member| member_row(app, member, visit))
        .collect_view();
    let columns = vec![
        Column::new("Member"),
        Column::new("Since").tight(),
        Column::new("May"),
        Column::new("Remove").tight(),
    ];
    view! {
        <DataTable caption="Members of this app" columns=columns>
            {rows}
        </DataTable>
    }
}

fn member_row(app: &AppProfile, member: &Member, visit: &Visit) -> impl IntoView + use<> {
    let name = if member.is_caller {
        format!("{} (you)", member.name)
    } else {
        member.name.clone()
    };
    let email = member.email.clone();
    let since = member.added_at;
    let change = visit
        .form::<ChangeMemberInput>()
        .id(format!("member-{}", member.person))
        .label(format!("What {} may do", member.name))
        .hidden(ChangeMemberInput::app(), &app.id)
        .hidden(ChangeMemberInput::member(), &member.person)
        .hidden(ChangeMemberInput::version(), &member.version)
        .show(|form| {
            let boxes = [ChangeMemberInput::owner(), ChangeMemberInput::may_sign()];
            view! {
                {authority_boxes(form, boxes, [member.owner, member.may_sign])}
                <Button weight=Weight::Quiet>"Save member"</Button>
            }
        });
    let remove = visit
        .form::<RemoveMemberInput>()
        .id(format!("remove-{}", member.person))
        .label(format!("Remove {}", member.name))
        .hidden(RemoveMemberInput::app(), &app.id)
        .hidden(RemoveMemberInput::member(), &member.person)
        .show(|_| view! { <Button weight=Weight::Danger>"Remove member"</Button> });
    view! {
        <tr>
            <th scope="row">
                {name} <div class="quiet-text">{email}</div>
            </th>
            <td data-label="Since">
                <Day at=since />
            </td>
            <td data-label="May">{change}</td>
            <td data-label="Remove">{remove}</td>
        </tr>
    }
}

/// Who was invited and has not answered.
fn invited(app: &AppProfile, visit: &Visit) -> impl IntoView + use<> {
    (!app.invited.is_empty()).then(|| {
        let rows = app
            .invited
            .iter()
            .map(|invited| invited_row(app, invited, visit))
            .collect_view();
        let columns = vec![
            Column::new("Invited"),
            Column::new("As"),
            Column::new("Until").tight(),
            Column::new("Withdraw").tight(),
        ];
        view! {
            <DataTable caption="Invitations that wait for an answer" columns=columns>
                {rows}
            </DataTable>
        }
    })
}

fn invited_row(app: &AppProfile, invited: &Invited, visit: &Visit) -> impl IntoView + use<> {
    let words = if invited.is_offer {
        "owner in the place of who offered it"
    } else {
        authority_words(invited.owner, invited.may_sign)
    };
    let withdraw = visit
        .form::<WithdrawInvitationInput>()
        .id(format!("withdraw-{}", invited.id))
        .label(format!("Withdraw the invitation of {}", invited.address))
        .hidden(WithdrawInvitationInput::app(), &app.id)
        .hidden(WithdrawInvitationInput::invitation(), &invited.id)
        .show(|_| view! { <Button weight=Weight::Quiet>"Withdraw invitation"</Button> });
    let (address, until) = (invited.address.clone(), invited.until);
    view! {
        <tr>
            <th scope="row">{address}</th>
            <td data-label="As">{words}</td>
            <td data-label="Until">
                <Day at=until />
            </td>
            <td data-label="Withdraw">{withdraw}</td>
        </tr>
    }
}

/// The own place as owner, for another member.
fn hand_over(app: &AppProfile, visit: &Visit) -> impl IntoView + use<> {
    let options: Vec<Opt> = app
        .members
        .iter()
        .filter(|member| !member.is_caller)
        .map(|member| Opt::new(member.person.to_string(), member.name.clone()))
        .collect();
    (!options.is_empty()).then(|| {
        let form = visit
            .form::<OfferOwnershipInput>()
            .hidden(OfferOwnershipInput::app(), &app.id)
            .show(|form| {
                view! {
                    <Select
                        of=form.at(OfferOwnershipInput::member())
                        options=options
                        prompt="Choose a member"
                    />
                    <Button weight=Weight::Quiet>"Offer the app"</Button>
                }
            });
        view! {
            <Card title="Hand the app over" id="hand-over">
                <p class="quiet-text">
                    "Your place as owner, with the authority to sign, goes to another member once that member accepts. You stay a member. Not while an agreement waits for an owner's signature."
                </p>
                {form}
            </Card>
        }
    })
}
