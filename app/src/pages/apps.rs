//! The developer's apps: the list, an app's profile, and the forms around it.

use crate::{
    components::{
        Button, ButtonLink, Buttons, Card, Code, Column, Confirm, DataTable, Day, EmptyState, Fact,
        Facts, Form, Hidden, Hue, LevelTag, Line, Need, Notice, PageHead, Secret, Status, Tag,
        TextArea, TextField, Time, Tone, Typed, Weight, day_text, state_sentence,
    },
    pages::application::asked_text,
    steps::apps::{SECRET_COOKIE, set_secret_cookie},
    web::{Page, Visit, page},
};
use axum::http::{header, request::Parts};
use casework::{
    Error, Result,
    commands::AppText,
    queries::{
        AppProfile, Brief, Environment, Member, MyApp, SANDBOX_ACCOUNTS, SANDBOX_URL, SCOPES,
        app_profile, my_apps,
    },
};
use leptos::prelude::*;
use workflow::{AppId, state::AccessLevel};

/// The app that the address names.
fn app_of(visit: &Visit) -> Result<AppId> {
    let id = visit.path.split('/').nth(2).unwrap_or_default();
    id.parse().map_err(|_| Error::NotFound)
}

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
        let create = mine.may_create.then(|| {
            view! { <ButtonLink href="/apps/new">"Create app"</ButtonLink> }
        });
        if mine.apps.is_empty() {
            let text = "An app is what you apply with. Create one to get credentials for the \
                        sandbox; each app begins there.";
            return Ok(Page::developer(
                "My apps",
                view! {
                    <PageHead title="My apps" />
                    <EmptyState title="You have no app yet" text=text>
                        {create}
                    </EmptyState>
                },
            ));
        }
        let rows = mine.apps.into_iter().map(app_row).collect_view();
        let columns = vec![
            Column::new("App"),
            Column::new("Access"),
            Column::new("Application"),
            Column::new("Asked of you"),
        ];
        Ok(Page::developer(
            "My apps",
            view! {
                <PageHead title="My apps">{create}</PageHead>
                <DataTable caption="Your apps and where each of them stands" columns=columns>
                    {rows}
                </DataTable>
            },
        ))
    })
}

fn app_row(app: MyApp) -> impl IntoView {
    let href = format!("/apps/{}", app.id);
    let asked = app
        .application
        .as_ref()
        .and_then(|brief| Some((brief.number, brief.asked?)));
    let asked = match asked {
        Some((number, asked)) => {
            let href = format!("/applications/{number}");
            view! { <a href=href>{asked_text(asked)}</a> }.into_any()
        }
        None => view! { <span class="quiet-text">"Nothing"</span> }.into_any(),
    };
    let application = app.application.map(|brief| {
        let href = format!("/applications/{}", brief.number);
        view! {
            <Status hue=Hue::of(brief.state.kind()) text=brief.state.kind().label() />
            " "
            <a href=href>{brief.number.to_string()} ", " {brief.level.label()}</a>
        }
    });
    view! {
        <tr>
            <th scope="row">
                <a href=href>{app.name}</a>
                {(!app.organisation.is_empty())
                    .then(|| view! { <div class="quiet-text">{app.organisation}</div> })}
            </th>
            <td data-label="Access">
                {access(app.level, app.cap, app.suspended)}
            </td>
            <td data-label="Application">{application}</td>
            <td data-label="Asked of you">{asked}</td>
        </tr>
    }
}

fn access(level: AccessLevel, cap: Option<u32>, suspended: bool) -> impl IntoView {
    view! {
        <LevelTag level=level />
        {suspended.then(|| view! { " " <Tag hue=Hue::Overdue text="Suspended" /> })}
        {cap.map(|cap| view! { <div class="quiet-text">"Up to " {cap} " users"</div> })}
    }
}

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
            return Err(Error::Forbidden {
                rule: "no_rule".to_owned(),
            });
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

/// `/apps/{id}`.
#[component]
pub fn AppPage() -> impl IntoView {
    page(|visit| async move {
        let app = app_profile(&visit.desk, visit.caller()?, app_of(&visit)?).await?;
        let crumbs = vec![("My apps".to_owned(), "/apps".to_owned())];
        let edit = app.may_edit.then(|| {
            let href = format!("/apps/{}/edit", app.id);
            view! { <ButtonLink href=href weight=Weight::Quiet>"Edit app"</ButtonLink> }
        });
        Ok(Page::developer(
            app.text.name.clone(),
            view! {
                <PageHead title=app.text.name.clone() lead=app.text.description.clone() crumbs=crumbs>
                    {edit}
                </PageHead>
                {standing(&app, &visit)}
                {credentials(&app)}
                {data(&app)}
                {members(&app)}
                {applications(&app)}
            },
        ))
    })
}

/// The level, what is on its way, and what can be applied for.
fn standing(app: &AppProfile, visit: &Visit) -> impl IntoView + use<> {
    let open = app
        .applications
        .iter()
        .find(|brief| brief.is_open())
        .cloned();
    let environment = match app.environment {
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
            let id = format!("apply-{}", level.word());
            let typed = visit.typed(&id);
            let id_of_app = app.id.to_string();
            let level = *level;
            view! {
                <Form action="/do/start" id=id typed=typed class="inline" back=visit.path.clone()>
                    <Hidden name="app" value=id_of_app />
                    <Hidden name="level" value=level.word() />
                    <Button weight=weight>"Apply for " {level.label()}</Button>
                </Form>
            }
        })
        .collect();
    let apply = (!apply.is_empty()).then(|| view! { <Buttons>{apply}</Buttons> });
    let about = open.map(|brief| {
        let href = format!("/applications/{}", brief.number);
        view! {
            <p>
                <a href=href>{brief.number.to_string()} ", " {brief.level.label()}</a>
                ": "
                {state_sentence(&brief.state, brief.level)}
            </p>
        }
    });
    let suspended = app.suspended.then(|| {
        view! {
            <Notice tone=Tone::Problem>
                <p>"Access to production data is suspended. The application says why."</p>
            </Notice>
        }
    });
    let level = app.level;
    let cap = app.cap;
    view! {
        {suspended}
        <Card title="Access" id="access">
            <Facts>
                <Fact name="Level">
                    <LevelTag level=level />
                </Fact>
                <Fact name="Authorised users">
                    {match (level, cap) {
                        (AccessLevel::Sandbox, _) => "Simulated accounts alone".to_owned(),
                        (_, Some(cap)) => format!("Up to {cap}"),
                        (_, None) => "No limit".to_owned(),
                    }}
                </Fact>
                <Fact name="Environment">{environment}</Fact>
            </Facts>
            {about}
            {apply}
        </Card>
    }
}

fn credentials(app: &AppProfile) -> impl IntoView + use<> {
    let made = app.secret_made_at;
    let hint = format!("•••• {}", app.secret_hint);
    let href = format!("/apps/{}/secret", app.id);
    let replace = app.may_replace_secret.then(|| {
        view! { <ButtonLink href=href weight=Weight::Quiet>"Replace secret"</ButtonLink> }
    });
    let client_id = app.client_id.clone();
    view! {
        <Card title="Credentials" id="credentials">
            <Facts>
                <Fact name="Client id">
                    <Code text=client_id />
                </Fact>
                <Fact name="Client secret">
                    <Code text=hint />
                    " made "
                    <Day at=made />
                </Fact>
            </Facts>
            {replace}
        </Card>
    }
}

fn data(app: &AppProfile) -> impl IntoView + use<> {
    let scopes = SCOPES
        .iter()
        .map(|scope| view! { <Fact name=scope.name>{scope.about}</Fact> })
        .collect_view();
    let accounts = SANDBOX_ACCOUNTS
        .iter()
        .map(|account| {
            view! {
                <Fact name=account.username>{account.about} "; no password is asked for"</Fact>
            }
        })
        .collect_view();
    let title = match app.environment {
        Environment::Sandbox => "Sandbox",
        Environment::Production => "Sandbox, which stays open",
    };
    view! {
        <Card title="Scopes" id="scopes">
            <p>"Every app has all four; users authorise them together."</p>
            <Facts>{scopes}</Facts>
        </Card>
        <Card title=title id="sandbox">
            <Facts>
                <Fact name="Base URL">
                    <Code text=SANDBOX_URL />
                </Fact>
                {accounts}
            </Facts>
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

fn members(app: &AppProfile) -> impl IntoView + use<> {
    let href = format!("/apps/{}/members", app.id);
    let manage = app.may_manage_members.then(|| {
        view! { <ButtonLink href=href weight=Weight::Quiet>"Manage members"</ButtonLink> }
    });
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
        </Card>
    }
}

fn applications(app: &AppProfile) -> impl IntoView + use<> {
    let rows = app.applications.iter().map(application_row).collect_view();
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
    let kind = brief.state.kind();
    let at = brief.changed_at;
    view! {
        <tr>
            <th scope="row">
                <a href=href>{brief.number.to_string()}</a>
            </th>
            <td data-label="Level">{brief.level.label()}</td>
            <td data-label="State">
                <Status hue=Hue::of(kind) text=kind.label() />
            </td>
            <td data-label="Last change">
                <Time at=at />
            </td>
        </tr>
    }
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

/// `/apps/{id}/members`.
#[component]
pub fn MembersPage() -> impl IntoView {
    page(|visit| async move {
        let app = app_profile(&visit.desk, visit.caller()?, app_of(&visit)?).await?;
        if !app.may_manage_members {
            return Err(Error::Forbidden {
                rule: "no_rule".to_owned(),
            });
        }
        let typed = visit.typed("add_member");
        let id = app.id.to_string();
        let back = visit.path.clone();
        let cards = app
            .members
            .iter()
            .map(|member| member_card(&app, member, &visit))
            .collect_view();
        Ok(Page::developer(
            format!("Members of {}", app.text.name),
            view! {
                <PageHead
                    title="Members"
                    lead="Members work on the applications of this app and review none of them."
                    crumbs=crumbs(&app)
                />
                {cards}
                <Card title="Add a member" id="add">
                    <Form action="/do/add_member" id="add_member" typed=typed back=back>
                        <Hidden name="app" value=id />
                        <TextField
                            name="person"
                            label="Person"
                            line=Line::Username
                            hint="Username or email of someone who has registered."
                        />
                        {authority_boxes(false, false)}
                        <Button>"Add member"</Button>
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

fn member_card(app: &AppProfile, member: &Member, visit: &Visit) -> impl IntoView + use<> {
    let id = format!("member-{}", member.person);
    let remove = format!("remove-{}", member.person);
    let typed = visit.typed(&id);
    let title = if member.is_caller {
        format!("{} (you)", member.name)
    } else {
        member.name.clone()
    };
    let app = app.id.to_string();
    let (app_too, person_too) = (app.clone(), member.person.to_string());
    let person = member.person.to_string();
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
                {boxes}
                <Button weight=Weight::Quiet>"Save member"</Button>
            </Form>
            <Form action="/do/remove_member" id=remove typed=Typed::default() back=back_too label=label>
                <Hidden name="app" value=app_too />
                <Hidden name="member" value=person_too />
                <Button weight=Weight::Danger>"Remove member"</Button>
            </Form>
        </Card>
    }
}

/// `/apps/{id}/secret`: shows a new secret once; else offers to replace it.
#[component]
pub fn SecretPage() -> impl IntoView {
    page(|visit| async move {
        let app = app_profile(&visit.desk, visit.caller()?, app_of(&visit)?).await?;
        let href = format!("/apps/{}", app.id);
        let new = new_secret();
        let body = if let Some(secret) = new {
            set_secret_cookie(&visit, app.id, None)?;
            let crumbs = crumbs(&app);
            let client_id = app.client_id.clone();
            view! {
                <PageHead title="Client secret" crumbs=crumbs />
                <Notice tone=Tone::Attention>
                    <p>
                        "Copy the secret now: it is shown this once, and we keep only what is needed to check it."
                    </p>
                </Notice>
                <Card>
                    <Facts>
                        <Fact name="Client id">
                            <Code text=client_id />
                        </Fact>
                        <Fact name="Client secret">
                            <Secret text=secret />
                        </Fact>
                    </Facts>
                </Card>
                <ButtonLink href=href>"I have copied it"</ButtonLink>
            }
            .into_any()
        } else if app.may_replace_secret {
            let typed = visit.typed("replace_secret");
            let id = app.id.to_string();
            let crumbs = crumbs(&app);
            view! {
                <PageHead title="Replace secret" crumbs=crumbs />
                <p>
                    "The present secret ends in " <Code text=app.secret_hint.clone() />
                    ". It cannot be shown again. A new one takes its place at once: requests with the old one will fail."
                </p>
                <Form action="/do/replace_secret" id="replace_secret" typed=typed back=visit.path.clone()>
                    <Hidden name="app" value=id />
                    <Buttons>
                        <Button weight=Weight::Danger>"Replace secret"</Button>
                        <ButtonLink href=href weight=Weight::Quiet>"Keep it"</ButtonLink>
                    </Buttons>
                </Form>
            }
            .into_any()
        } else {
            return Err(Error::Forbidden {
                rule: "no_rule".to_owned(),
            });
        };
        Ok(Page::developer("Client secret", body))
    })
}

/// The secret on its way to this page.
fn new_secret() -> Option<String> {
    let parts = use_context::<Parts>()?;
    let cookies = parts.headers.get(header::COOKIE)?.to_str().ok()?;
    cookies
        .split(';')
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, value)| *name == SECRET_COOKIE && value.len() == 64)
        .map(|(_, value)| value.to_owned())
        .filter(|value| value.chars().all(|c| c.is_ascii_hexdigit()))
}
