//! Who works on an app.

use super::{authority_words, crumbs};
use crate::{
    components::{
        Button, Card, Confirm, FormOf, Line, Need, PageHead, TextField, Weight, day_text,
    },
    web::{Page, Visit, page},
};
use casework::{
    Error,
    commands::{ChangeMemberInput, InviteMemberInput, RemoveMemberInput, WithdrawInvitationInput},
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
        let cards = app
            .members
            .iter()
            .map(|member| member_card(&app, member, &visit))
            .collect_view();
        let invited = app
            .invited
            .iter()
            .map(|invited| invited_card(&app, invited, &visit))
            .collect_view();
        Ok(Page::developer(
            format!("Members of {}", app.text.name),
            view! {
                <PageHead
                    title="Members"
                    lead="Members work on the applications of this app. Whoever was ever a member reviews and decides none of them."
                    crumbs=crumbs(&app)
                />
                {cards}
                {invited}
                <Card title="Invite a member" id="invite">
                    <p class="quiet-text">
                        "If the name or address belongs to an account, its owner is told and can accept or decline under My apps. If not, ask the person to register with this address; the invitation then waits there."
                    </p>
                    {invite}
                </Card>
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
    let [owner, may_sign] = fields.map(|field| form.at(field).on_record());
    let [owns, signs] = stored.map(|yes| if yes { "yes" } else { "" });
    view! {
        <Confirm of=owner value=owns need=Need::Optional />
        <Confirm of=may_sign value=signs need=Need::Optional />
    }
}

fn invited_card(app: &AppProfile, invited: &Invited, visit: &Visit) -> impl IntoView + use<> {
    let about = format!(
        "Invited as {}. Can accept until {}.",
        authority_words(invited.owner, invited.may_sign),
        day_text(invited.until)
    );
    let withdraw = visit
        .form::<WithdrawInvitationInput>()
        .id(format!("withdraw-{}", invited.id))
        .label(format!("Withdraw the invitation of {}", invited.address))
        .hidden(WithdrawInvitationInput::app(), &app.id)
        .hidden(WithdrawInvitationInput::invitation(), &invited.id)
        .show(|_| view! { <Button weight=Weight::Quiet>"Withdraw invitation"</Button> });
    view! {
        <Card title=invited.address.clone()>
            <p class="quiet-text">{about}</p>
            {withdraw}
        </Card>
    }
}

fn member_card(app: &AppProfile, member: &Member, visit: &Visit) -> impl IntoView + use<> {
    let title = if member.is_caller {
        format!("{} (you)", member.name)
    } else {
        member.name.clone()
    };
    let about = format!(
        "{}, member since {}",
        member.email,
        day_text(member.added_at)
    );
    let change = visit
        .form::<ChangeMemberInput>()
        .id(format!("member-{}", member.person))
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
        <Card title=title>
            <p class="quiet-text">{about}</p>
            {change}
            {remove}
        </Card>
    }
}
