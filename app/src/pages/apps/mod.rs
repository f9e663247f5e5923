//! The developer's apps: the list, an app's profile, and the forms around it.

mod archive;
mod edit;
mod environments;
mod members;
mod next_steps;
mod profile;
mod secret;
mod users;

pub use edit::{EditAppPage, NewAppPage};
pub use environments::RedirectsPage;
pub use members::MembersPage;
pub use profile::AppPage;
pub use secret::SecretPage;
pub(crate) use secret::{carried, new_secret};
pub(crate) use users::users_seen;

use crate::{
    components::{
        AppLogo, Button, ButtonLink, Card, Column, DataTable, Day, EmptyState, Hue, LevelTag,
        PageHead, Status, Tag, Weight, day_text,
    },
    pages::application::{asked_text, by_text, standing_tag},
    web::{Page, Visit, page},
};
use casework::{
    commands::{AcceptMembershipInput, DeclineMembershipInput},
    queries::{AlsoAsked, AppProfile, AppealView, InvitationView, MyApp, my_apps, my_invitations},
    words::count,
};
use leptos::prelude::*;
use workflow::{AppId, CaseNumber, Timestamp, state::AccessLevel};

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
        let invitations = my_invitations(&visit.desk, visit.caller()?)
            .await?
            .into_iter()
            .map(|invitation| invitation_card(invitation, &visit))
            .collect_view();
        let create = mine.may_create.then(|| {
            view! { <ButtonLink href="/apps/new">"Create app"</ButtonLink> }
        });
        if mine.apps.is_empty() {
            let text = if mine.may_create {
                "An app is what you apply with. Create one to get credentials for the \
                        sandbox; each app begins there."
            } else {
                "Here are the apps that you are a member of."
            };
            return Ok(Page::developer(
                "My apps",
                view! {
                    <PageHead title="My apps" />
                    {invitations}
                    <EmptyState title="You have no app yet" text=text>
                        {create}
                    </EmptyState>
                    {mine.may_create.then(next_steps::without_app)}
                },
            ));
        }
        let now = visit.now();
        let rows = mine
            .apps
            .into_iter()
            .map(|app| app_row(app, now))
            .collect_view();
        let columns = vec![
            Column::new("App"),
            Column::new("Access").tight(),
            Column::new("Application").tight(),
            Column::new("Asked of you"),
        ];
        Ok(Page::developer(
            "My apps",
            view! {
                <PageHead title="My apps">{create}</PageHead>
                {invitations}
                <DataTable caption="Your apps and where each of them stands" columns=columns>
                    {rows}
                </DataTable>
            },
        ))
    })
}

/// An invitation with its two answers.
fn invitation_card(invitation: InvitationView, visit: &Visit) -> impl IntoView + use<> {
    let of = if invitation.organisation.is_empty() {
        String::new()
    } else {
        format!(" of {}", invitation.organisation)
    };
    let about = format!(
        "An owner of {}{of} invites you as {}. Answer by {}.",
        invitation.app_name,
        authority_words(invitation.owner, invitation.may_sign),
        day_text(invitation.until)
    );
    let about = match &invitation.offered_by {
        Some(owner) => format!(
            "{owner} offers you {}{of}: you would own the app and sign for it, and {owner} would stay a member. Answer by {}.",
            invitation.app_name,
            day_text(invitation.until)
        ),
        None => about,
    };
    let answer = match invitation.obstacle {
        Some(obstacle) => view! { <p>{obstacle}</p> }.into_any(),
        None => visit
            .form::<AcceptMembershipInput>()
            .id(format!("accept-{}", invitation.id))
            .inline()
            .label(format!("Accept the invitation to {}", invitation.app_name))
            .hidden(AcceptMembershipInput::invitation(), &invitation.id)
            .show(|_| view! { <Button>"Accept"</Button> }),
    };
    let decline = visit
        .form::<DeclineMembershipInput>()
        .id(format!("decline-{}", invitation.id))
        .inline()
        .label(format!("Decline the invitation to {}", invitation.app_name))
        .hidden(DeclineMembershipInput::invitation(), &invitation.id)
        .show(|_| view! { <Button weight=Weight::Quiet>"Decline"</Button> });
    view! {
        <Card title=format!("Invitation to {}", invitation.app_name)>
            <p>{about}</p>
            <p class="quiet-text">
                "Once you accept, you can never review or decide an application of this app, also after you have left it."
            </p>
            {answer}
            {decline}
        </Card>
    }
}

/// What a member may do, in words.
const fn authority_words(owner: bool, may_sign: bool) -> &'static str {
    match (owner, may_sign) {
        (true, true) => "owner, with authority to sign",
        (true, false) => "owner, without authority to sign",
        (false, true) => "member with authority to sign",
        (false, false) => "member",
    }
}

fn app_row(app: MyApp, now: Timestamp) -> impl IntoView {
    let href = format!("/apps/{}", app.id);
    let shown = app.application.as_ref().map(|brief| brief.number);
    let (waiting, can_be_made): (Vec<_>, Vec<_>) = app
        .appeals
        .iter()
        .partition(|(_, appeal)| matches!(appeal, AppealView::Made(_)));
    let can_be_made = can_be_made
        .into_iter()
        .map(|(number, appeal)| about_appeal(*number, appeal, shown));
    let waiting: Vec<_> = waiting
        .into_iter()
        .map(|(number, appeal)| {
            let (href, text) = about_appeal(*number, appeal, shown);
            view! {
                <div>
                    <a href=href>{text}</a>
                </div>
            }
        })
        .collect();
    let asked: Vec<_> = app
        .application
        .as_ref()
        .and_then(|brief| {
            let page = format!("/applications/{}", brief.number);
            Some((page, asked_text(brief.asked?, now)))
        })
        .into_iter()
        .chain(can_be_made)
        .chain(
            app.also_asked
                .iter()
                .map(|asked| also_asked(app.id, asked, now)),
        )
        .map(|(href, text)| {
            view! {
                <div>
                    <a href=href>{text}</a>
                </div>
            }
        })
        .collect();
    let asked = if asked.is_empty() {
        view! { <span class="quiet-text">"Nothing"</span> }.into_any()
    } else {
        asked.into_any()
    };
    let application = app.application.map(|brief| {
        let href = format!("/applications/{}", brief.number);
        let (hue, word) = standing_tag(brief.state.kind(), brief.grant, brief.submitted_at);
        view! {
            <Status hue=hue text=word />
            <div>
                <a href=href>{brief.number.to_string()} ", " {brief.level.label()}</a>
            </div>
            {brief.held.map(|since| view! { <div class="quiet-text">"Since " <Day at=since /></div> })}
        }
    });
    view! {
        <tr>
            <th scope="row">
                <div class="named">
                    <AppLogo app=app.id logo=app.logo name=app.name.clone() />
                    <div>
                        <a href=href>{app.name}</a>
                        {(!app.organisation.is_empty())
                            .then(|| view! { <div class="quiet-text">{app.organisation}</div> })}
                    </div>
                </div>
            </th>
            <td data-label="Access">
                {app.archived.then(|| view! { <Tag hue=Hue::Ended text="Archived" /> " " })}
                {access(app.level, app.cap, app.suspended)}
            </td>
            <td data-label="Application" class="tight">{application} {waiting}</td>
            <td data-label="Asked of you">{asked}</td>
        </tr>
    }
}

/// What waits beside the newest application: where, and in words.
fn also_asked(app: AppId, asked: &AlsoAsked, now: Timestamp) -> (String, String) {
    match asked {
        AlsoAsked::Correction(number, asked) => (
            format!("/applications/{number}#findings"),
            asked_text(*asked, now),
        ),
        AlsoAsked::Attestation(due) => (
            format!("/apps/{app}#attestation"),
            format!("Give the attestation{}", by_text(*due, now)),
        ),
        AlsoAsked::Page => (
            format!("/apps/{app}#pages"),
            "A page that we read again cannot be read".to_owned(),
        ),
        AlsoAsked::Question => (
            format!("/apps/{app}#pages"),
            "Answer what we asked about a page that changed".to_owned(),
        ),
        AlsoAsked::Entry => (
            format!("/apps/{app}/gallery"),
            "Change the entry in the gallery as asked".to_owned(),
        ),
        AlsoAsked::Partner(next) => (
            format!("/partners/{app}"),
            format!(
                "Meet the criteria of the partnership again{}",
                next.map(|next| by_text(next, now)).unwrap_or_default()
            ),
        ),
    }
}

/// An appeal that can be made, or waits: where, and in words, with the number where another
/// application is shown.
fn about_appeal(
    number: CaseNumber,
    appeal: &AppealView,
    shown: Option<CaseNumber>,
) -> (String, String) {
    let text = match appeal {
        AppealView::Until(until) => format!("You can appeal until {}", day_text(*until)),
        _ => "Your appeal waits for an answer".to_owned(),
    };
    let of = if shown == Some(number) {
        String::new()
    } else {
        format!(" ({number})")
    };
    (format!("/applications/{number}"), format!("{text}{of}"))
}

fn access(level: AccessLevel, cap: Option<u32>, suspended: Option<Timestamp>) -> impl IntoView {
    view! {
        <LevelTag level=level />
        {suspended.map(|since| view! {
            " "
            <Tag hue=Hue::Overdue text="Suspended" />
            <div class="quiet-text">"Since " <Day at=since /></div>
        })}
        {cap.map(|cap| view! { <div class="quiet-text">"Up to " {count(cap, "user")}</div> })}
    }
}
