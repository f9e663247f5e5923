//! Who works on an app.

use super::{app_of, authority_words, crumbs};
use crate::{
    components::{
        Button, Card, Confirm, Form, Hidden, Line, Need, PageHead, TextField, Weight, day_text,
    },
    web::{Page, Visit, page},
};
use casework::{
    Error,
    policy::NO_RULE,
    queries::{AppProfile, Invited, Member, app_profile},
};
use leptos::prelude::*;

/// `/apps/{id}/members`.
#[component]
pub fn MembersPage() -> impl IntoView {
    page(|visit| async move {
        let app = app_profile(&visit.desk, visit.caller()?, app_of(&visit)?).await?;
        if !app.may_manage_members {
            return Err(Error::forbidden(NO_RULE));
        }
        let typed = visit.typed("invite_member");
        let id = app.id.to_string();
        let back = visit.path.clone();
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
                    <Form action="/do/invite_member" id="invite_member" typed=typed back=back>
                        <Hidden name="app" value=id />
                        <TextField
                            name="person"
                            label="Person"
                            line=Line::Username
                            hint="Username or email address."
                        />
                        {authority_boxes(false, false)}
                        <Button>"Invite"</Button>
                    </Form>
                </Card>
            },
        ))
    })
}

fn authority_boxes(owner: bool, may_sign: bool) -> impl IntoView {
    let ticked = |yes: bool| if yes { "yes" } else { "" };
    view! {
        <Confirm
            name="owner"
            label="Owner: manages members and the secret"
            value=ticked(owner)
            need=Need::Optional
        />
        <Confirm
            name="may_sign"
            label="Has authority to submit and sign for the organisation"
            value=ticked(may_sign)
            need=Need::Optional
        />
    }
}

fn invited_card(app: &AppProfile, invited: &Invited, visit: &Visit) -> impl IntoView + use<> {
    let form = format!("withdraw-{}", invited.id);
    let typed = visit.typed(&form);
    let back = visit.path.clone();
    let (app, invitation) = (app.id.to_string(), invited.id.to_string());
    let label = format!("Withdraw the invitation of {}", invited.address);
    let about = format!(
        "Invited as {}. Can accept until {}.",
        authority_words(invited.owner, invited.may_sign),
        day_text(invited.until)
    );
    view! {
        <Card title=invited.address.clone()>
            <p class="quiet-text">{about}</p>
            <Form action="/do/withdraw_invitation" id=form typed=typed back=back label=label>
                <Hidden name="app" value=app />
                <Hidden name="invitation" value=invitation />
                <Button weight=Weight::Quiet>"Withdraw invitation"</Button>
            </Form>
        </Card>
    }
}

fn member_card(app: &AppProfile, member: &Member, visit: &Visit) -> impl IntoView + use<> {
    let id = format!("member-{}", member.person);
    let remove = format!("remove-{}", member.person);
    let typed_too = visit.typed(&remove);
    let typed = visit.typed(&id);
    let title = if member.is_caller {
        format!("{} (you)", member.name)
    } else {
        member.name.clone()
    };
    let app = app.id.to_string();
    let (app_too, person_too) = (app.clone(), member.person.to_string());
    let person = member.person.to_string();
    let version = member.version.to_string();
    let boxes = authority_boxes(member.owner, member.may_sign);
    let about = format!(
        "{}, member since {}",
        member.email,
        day_text(member.added_at)
    );
    let (back, back_too) = (visit.path.clone(), visit.path.clone());
    let label = format!("Remove {}", member.name);
    view! {
        <Card title=title>
            <p class="quiet-text">{about}</p>
            <Form action="/do/change_member" id=id typed=typed back=back>
                <Hidden name="app" value=app />
                <Hidden name="member" value=person />
                <Hidden name="version" value=version />
                {boxes}
                <Button weight=Weight::Quiet>"Save member"</Button>
            </Form>
            <Form action="/do/remove_member" id=remove typed=typed_too back=back_too label=label>
                <Hidden name="app" value=app_too />
                <Hidden name="member" value=person_too />
                <Button weight=Weight::Danger>"Remove member"</Button>
            </Form>
        </Card>
    }
}
