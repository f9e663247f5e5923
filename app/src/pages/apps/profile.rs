//! An app's profile: what it has, what is on its way, what can be applied for.

use super::{
    also_asked, archive,
    environments::environments,
    next_steps,
    users::{places_taken, users_by_day},
};
use crate::{
    components::{
        AppLogo, Button, ButtonLink, Buttons, Card, Column, DataTable, Day, Fact, Facts, LevelTag,
        LogoSize, Notice, PageHead, Status, Time, Tone, Weight, day_text,
    },
    pages::{
        application::{appeal_text, asked_text, granted_alone, standing_tag, standing_text},
        living::about_app,
        support::ask_address,
    },
    web::{Page, Visit, page},
};
use casework::{
    commands::{LeaveAppInput, StartInput},
    queries::{AppProfile, Brief, Environment, Member, SCOPES, app_profile, approval_of_app},
};
use leptos::prelude::*;
use std::cmp::Reverse;
use workflow::{
    CaseNumber, Timestamp,
    case::GrantStatus,
    state::{AccessLevel, StateKind},
};

/// `/apps/{id}`.
#[component]
pub fn AppPage() -> impl IntoView {
    page(|visit| async move {
        let app = app_profile(&visit.desk, visit.caller()?, visit.at("id")?).await?;
        let approval = approval_of_app(&visit.desk, visit.caller()?, app.id).await?;
        let approval = approval.map(|approval| about_app(&visit, app.id, &approval));
        let crumbs = vec![("My apps".to_owned(), "/apps".to_owned())];
        let edit = app.may_edit.then(|| {
            let href = format!("/apps/{}/edit", app.id);
            view! { <ButtonLink href=href weight=Weight::Quiet>"Edit app"</ButtonLink> }
        });
        let lead = app.text.description.clone();
        let head = match app.logo.clone() {
            Some(logo) => {
                let size = LogoSize::Large;
                let name = app.text.name.clone();
                let mark = view! { <AppLogo app=app.id logo=Some(logo) name=name size=size /> };
                let title = app.text.name.clone();
                view! {
                    <PageHead title=title lead=lead crumbs=crumbs mark=mark.into_any()>
                        {edit}
                    </PageHead>
                }
                .into_any()
            }
            None => view! {
                <PageHead title=app.text.name.clone() lead=lead crumbs=crumbs>
                    {edit}
                </PageHead>
            }
            .into_any(),
        };
        Ok(Page::developer(
            app.text.name.clone(),
            view! {
                {head}
                {archive::archived(&app, &visit)}
                {asked(&app, visit.now())}
                {standing(&app, &visit)}
                {app.archived.is_none().then(|| next_steps::of_app(&app))}
                {approval}
                {gallery(&app)}
                {environments(&app)}
                {scopes()}
                {members(&app, &visit)}
                {applications(&app)}
                {archive::archive(&app, &visit)}
            },
        ))
    })
}

/// What waits for the reader, first and in one place.
fn asked(app: &AppProfile, now: Timestamp) -> Option<impl IntoView + use<>> {
    let newest = app.applications.first().and_then(|brief| {
        let page = format!("/applications/{}", brief.number);
        Some((page, asked_text(brief.asked?, now)))
    });
    let also = app.also_asked.iter();
    let lines: Vec<_> = newest
        .into_iter()
        .chain(also.map(|asked| also_asked(app.id, asked, now)))
        .map(|(href, text)| {
            view! {
                <p>
                    <a href=href>{text}</a>
                    "."
                </p>
            }
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Attention>
                <p>
                    <strong>"Asked of you"</strong>
                </p>
                {lines}
            </Notice>
        }
    })
}

/// Where the app's entry in the gallery is written.
fn gallery(app: &AppProfile) -> impl IntoView + use<> {
    let href = format!("/apps/{}/gallery", app.id);
    (app.level == AccessLevel::Full).then(|| {
        view! {
            <Card title="Gallery" id="gallery">
                <p>
                    "The gallery shows everybody the apps of our partners. " <a href=href>
                        "Gallery entry"
                    </a>
                </p>
            </Card>
        }
    })
}

/// The level, what is on its way, and what can be applied for.
fn standing(app: &AppProfile, visit: &Visit) -> impl IntoView + use<> {
    // The first says where the app stands, unless all went well.
    let last = app.applications.first().filter(|brief| {
        brief.state.kind() != StateKind::Approved || brief.grant != Some(GrantStatus::Active)
    });
    let now = visit.now();
    let environment = match app.environment {
        _ if app.archived.is_some() => "None while it is archived",
        Environment::Sandbox => "Sandbox",
        Environment::Production => "Production and sandbox",
    };
    let apply: Vec<_> = app
        .may_apply_for
        .iter()
        .enumerate()
        .map(|(index, level)| {
            let weight = if index == 0 {
                Weight::Primary
            } else {
                Weight::Quiet
            };
            let words = format!("Apply for {}", level.label());
            visit
                .form::<StartInput>()
                .id(format!("apply-{}", level.word()))
                .inline()
                .hidden(StartInput::app(), &app.id)
                .hidden(StartInput::level(), level)
                .show(|_| view! { <Button weight=weight>{words}</Button> })
        })
        .collect();
    let apply = (!apply.is_empty()).then(|| view! { <Buttons>{apply}</Buttons> });
    let appeals = appeals(app, last.map(|brief| brief.number));
    let about = last.map(|brief| {
        let href = format!("/applications/{}", brief.number);
        let number = brief.number.to_string();
        let next = brief.appeal.as_ref().map(appeal_text);
        let revoked = brief
            .held
            .filter(|_| brief.grant == Some(GrantStatus::Revoked));
        let revoked = revoked.map(|since| {
            let subject = format!("Revoked access, {}", brief.number);
            let ask = ask_address(&subject, app.id);
            view! { "That was on " <Day at=since /> ". " <a href=ask>"Write to us about it"</a> }
        });
        view! {
            <p>
                <a href=href>{number} ", " {brief.level.label()}</a>
                ": "
                {standing_text(
                    &brief.state,
                    brief.level,
                    brief.grant,
                    brief.submitted_at,
                    now,
                )}
                " "
                {next}
                {revoked}
            </p>
        }
    });
    let suspended = app.suspended.map(|since| {
        let text = format!(
            "Access to production data has been suspended since {}. The application says why.",
            day_text(since)
        );
        let ask = ask_address(&format!("Suspended access of {}", app.text.name), app.id);
        view! {
            <Notice tone=Tone::Problem>
                <p>{text}</p>
                <p><a href=ask>"Write to us about it"</a></p>
            </Notice>
        }
    });
    let revoked = last
        .filter(|brief| brief.grant == Some(GrantStatus::Revoked))
        .and_then(|brief| Some((brief.number, brief.held?)));
    let revoked = revoked.map(|(number, since)| {
        let text = format!(
            "Access to production data was revoked on {}: only the sandbox is open. ",
            day_text(since)
        );
        let href = format!("/applications/{number}");
        let ask = ask_address(&format!("Revoked access, {number}"), app.id);
        view! {
            <Notice tone=Tone::Problem>
                <p>{text} <a href=href>"The application says why."</a></p>
                <p><a href=ask>"Write to us about it"</a></p>
            </Notice>
        }
    });
    let level = app.level;
    let cap = app.cap;
    let authorised = app.users.authorised;
    let over = cap.filter(|cap| authorised >= *cap).map(|cap| {
        let text = format!(
            "Nobody else can authorise the app until fewer than {cap} have; those who have can go on."
        );
        view! { <p>{text}</p> }
    });
    let users = (level != AccessLevel::Sandbox).then(|| users_by_day(&app.users, cap));
    view! {
        {suspended}
        {revoked}
        <Card title="Access" id="access">
            <Facts>
                <Fact name="Level">
                    <LevelTag level=level />
                </Fact>
                <Fact name="Authorised users">
                    {match level {
                        AccessLevel::Sandbox => "Simulated accounts alone".to_owned(),
                        _ => places_taken(authorised, cap),
                    }}
                </Fact>
                <Fact name="Environment">{environment}</Fact>
            </Facts>
            {over}
            {users}
            {about}
            {appeals}
            {apply}
        </Card>
    }
}

/// The appeals that can be made, or wait; `told`: the application of which that is said already.
fn appeals(app: &AppProfile, told: Option<CaseNumber>) -> Option<impl IntoView + use<>> {
    let living = app.applications.iter().filter(|brief| brief.appeal_lives());
    let living: Vec<&Brief> = living.collect();
    if living.is_empty() {
        return None;
    }
    let others = living
        .into_iter()
        .filter(|brief| told != Some(brief.number))
        .map(|brief| {
            let href = format!("/applications/{}", brief.number);
            let text = brief.appeal.as_ref().map(appeal_text);
            view! { <p><a href=href>{brief.number.to_string()}</a> ": " {text}</p> }
        })
        .collect_view();
    let under_way = app.applications.iter().find(|brief| brief.is_open());
    let begun = (!app.may_apply_for.is_empty())
        .then_some(" One that you begin now stands in its way until that has ended.");
    Some(view! {
        {others}
        <p>{granted_alone(under_way.map(|brief| brief.number))} {begun}</p>
    })
}

fn scopes() -> impl IntoView {
    let scopes = SCOPES
        .iter()
        .map(|scope| view! { <Fact name=scope.name>{scope.about}</Fact> })
        .collect_view();
    view! {
        <Card title="Scopes" id="scopes">
            <p>"Every app has all four; users authorise them together."</p>
            <Facts>{scopes}</Facts>
        </Card>
    }
}

fn authority_text(member: &Member) -> String {
    let mut parts = Vec::new();
    if member.owner {
        parts.push("owner");
    }
    if member.may_sign {
        parts.push("signs for the organisation");
    }
    if parts.is_empty() {
        parts.push("works on applications");
    }
    parts.join(", ")
}

fn members(app: &AppProfile, visit: &Visit) -> impl IntoView + use<> {
    let href = format!("/apps/{}/members", app.id);
    let manage = (app.may_manage_members && app.archived.is_none()).then(|| {
        view! { <ButtonLink href=href weight=Weight::Quiet>"Manage members"</ButtonLink> }
    });
    let leave = visit
        .form::<LeaveAppInput>()
        .hidden(LeaveAppInput::app(), &app.id)
        .show(|_| view! { <Button weight=Weight::Quiet>"Leave this app"</Button> });
    let members = app
        .members
        .iter()
        .map(|member| {
            let authority = authority_text(member);
            view! { <Fact name=member.name.clone()>{authority}</Fact> }
        })
        .collect_view();
    view! {
        <Card title="Members" id="members">
            <Facts>{members}</Facts>
            {manage}
            {leave}
        </Card>
    }
}

fn applications(app: &AppProfile) -> impl IntoView + use<> {
    let mut newest: Vec<&Brief> = app.applications.iter().collect();
    newest.sort_by_key(|brief| Reverse(brief.number));
    let rows = newest.into_iter().map(application_row).collect_view();
    let columns = vec![
        Column::new("Application"),
        Column::new("Level"),
        Column::new("State"),
        Column::new("Last change"),
    ];
    let body = if app.applications.is_empty() {
        view! { <p class="quiet-text">"None yet."</p> }.into_any()
    } else {
        view! {
            <DataTable caption="Applications of this app, newest first" columns=columns>
                {rows}
            </DataTable>
        }
        .into_any()
    };
    view! { <Card title="Applications" id="applications">{body}</Card> }
}

fn application_row(brief: &Brief) -> impl IntoView + use<> {
    let href = format!("/applications/{}", brief.number);
    let (hue, word) = standing_tag(brief.state.kind(), brief.grant, brief.submitted_at);
    let at = brief.changed_at;
    view! {
        <tr>
            <th scope="row">
                <a href=href>{brief.number.to_string()}</a>
            </th>
            <td data-label="Level">{brief.level.label()}</td>
            <td data-label="State">
                <Status hue=hue text=word />
            </td>
            <td data-label="Last change">
                <Time at=at />
            </td>
        </tr>
    }
}
