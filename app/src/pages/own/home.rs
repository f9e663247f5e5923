//! `/account`: what is on record about whoever is signed in, and where it is changed.

use crate::{
    components::{
        Button, Buttons, Card, Column, DataTable, Day, ExportButton, Fact, Facts, PageHead, Time,
        Weight,
    },
    steps::own::PASSKEYS_PAGE,
    web::{Page, Visit, page},
};
use casework::{
    Caller,
    accounts::{own_data::HOLDS, why_no_passkeys},
    commands::{EndOtherSessionsInput, EndSessionInput},
    queries::{OwnAccount, OwnSession, own_account},
    words::{count, moment},
};
use leptos::prelude::*;

/// Everything about the own account.
#[component]
pub fn AccountPage() -> impl IntoView {
    page(|visit| async move {
        let own = visit.session_secret.as_deref();
        let account = own_account(&visit.desk, visit.caller()?, own).await?;
        let name = account.name.clone();
        Ok(Page::developer(
            "Your account",
            view! {
                <PageHead title="Your account" lead=name />
                {record(&account)}
                {absences(visit.caller()?)}
                {second_factor(&account)}
                {passkeys(&account, why_no_passkeys(&visit.desk))}
                {sessions(&visit, account.sessions)}
                {data()}
            },
        ))
    })
}

fn record(account: &OwnAccount) -> impl IntoView + use<> {
    let roles: Vec<&str> = account.roles.iter().map(|role| role.label()).collect();
    let organisation = (!account.organisation.is_empty()).then(|| {
        let organisation = account.organisation.clone();
        view! { <Fact name="Organisation">{organisation}</Fact> }
    });
    let since = account.since;
    let wanted = account.email_change.as_ref().map(|change| {
        let text = match (change.old_confirmed, change.new_confirmed) {
            (true, false) => "your present address has confirmed it, the new one has not yet",
            (false, true) => "the new address has confirmed it, your present one has not yet",
            _ => "neither address has confirmed it yet",
        };
        let text = format!("To become {}: {text}.", change.email);
        view! { <span class="under">{text}</span> }
    });
    let (name, email, username) = (
        account.name.clone(),
        account.email.clone(),
        account.username.clone(),
    );
    view! {
        <Card title="On record" id="record">
            <Facts>
                <Fact name="Name">{name}</Fact>
                {organisation}
                <Fact name="Email">{email} {wanted}</Fact>
                <Fact name="Username">{username}</Fact>
                <Fact name="Roles">{roles.join(", ")}</Fact>
                <Fact name="Since"><Day at=since /></Fact>
            </Facts>
            <p>
                <a href="/account/profile">"Change name, organisation or username"</a>
                " · "
                <a href="/account/email">"Change email"</a>
                " · "
                <a href="/account/password">"Change password"</a>
                " · "
                <a href="/account/letters">"Choose letters"</a>
            </p>
        </Card>
    }
}

/// Of staff alone.
fn absences(caller: &Caller) -> Option<impl IntoView + use<>> {
    caller.is_staff().then(|| {
        view! {
            <Card title="Absences" id="absences">
                <p>
                    "While you are away nothing is given to you. "
                    <a href="/account/absences">"Plan an absence"</a>
                </p>
            </Card>
            <Card title="Keyboard" id="keyboard">
                <p>
                    "Queue and cases can be worked with single keys. "
                    <a href="/account/keyboard">"Switch them on or off"</a>
                </p>
            </Card>
            <Card title="Conflicts of interest" id="conflicts">
                <p>
                    "Say with which organisations you have one. "
                    <a href="/account/conflicts">"Conflicts of interest"</a>
                </p>
            </Card>
        }
    })
}

fn second_factor(account: &OwnAccount) -> impl IntoView + use<> {
    let stands = match account.second_factor {
        Some(since) => view! { "On since " <Day at=since /> ". " }.into_any(),
        None => "Off: your password alone lets you in. ".into_any(),
    };
    let what = if account.second_factor.is_some() {
        "Authenticator app and recovery codes"
    } else {
        "Set it up"
    };
    view! {
        <Card title="Second factor" id="second-factor">
            <p>{stands} <a href="/account/second-factor">{what}</a></p>
        </Card>
    }
}

fn passkeys(account: &OwnAccount, why_none: Option<String>) -> impl IntoView + use<> {
    let body = match (account.passkeys, why_none) {
        (0, Some(why)) => view! { <p>{why}</p> }.into_any(),
        (0, None) => view! {
            <p>
                "None yet: with one you sign in without a password. "
                <a href=PASSKEYS_PAGE>"Add a passkey"</a>
            </p>
        }
        .into_any(),
        (many, _) => view! {
            <p>{count(many, "passkey")} ". " <a href=PASSKEYS_PAGE>"Add or remove passkeys"</a></p>
        }
        .into_any(),
    };
    view! {
        <Card title="Passkeys" id="passkeys">
            {body}
        </Card>
    }
}

/// Taking the own data away, and leaving.
fn data() -> impl IntoView {
    let holds = HOLDS.join("; ");
    view! {
        <Card title="Your data" id="data">
            <p>"One archive of what we have of you: " {holds} "."</p>
            <ExportButton action="/account/data.zip" back="/account" weight=Weight::Quiet>
                "Download my data"
            </ExportButton>
            <p>
                <a href="/account/close">"Close account"</a>
            </p>
        </Card>
    }
}

/// Where one is signed in.
fn sessions(visit: &Visit, sessions: Vec<OwnSession>) -> impl IntoView + use<> {
    let others = sessions.iter().any(|one| !one.is_this);
    let columns = vec![
        Column::new("Device"),
        Column::new("Signed in").tight(),
        Column::new("Last used").tight(),
        Column::new("End session").tight(),
    ];
    let rows = sessions
        .into_iter()
        .enumerate()
        .map(|(index, one)| row(visit, index + 1, one))
        .collect_view();
    let end_all = others.then(|| {
        visit.form::<EndOtherSessionsInput>().show(|_| {
            view! {
                <Buttons>
                    <Button weight=Weight::Quiet>"End all other sessions"</Button>
                </Buttons>
            }
        })
    });
    view! {
        <Card title="Where you are signed in" id="sessions">
            <p>
                "A session ends by itself after two hours without use, and after twelve hours at the latest. End one that you do not know, and change your password."
            </p>
            <DataTable caption="Where you are signed in" columns=columns>
                {rows}
            </DataTable>
            {end_all}
        </Card>
    }
}

/// `number` tells two apart that began on one device in the same minute.
fn row(visit: &Visit, number: usize, one: OwnSession) -> impl IntoView + use<> {
    let end = if one.is_this {
        "This one: sign out to end it".into_any()
    } else {
        visit
            .form::<EndSessionInput>()
            .id(format!("end-{}", one.name.get(..8).unwrap_or_default()))
            .inline()
            .label(format!(
                "End session {number}: {}, signed in {}",
                one.device,
                moment(one.since)
            ))
            .hidden(EndSessionInput::session(), &one.name)
            .show(|_| view! { <Button weight=Weight::Link>"End"</Button> })
    };
    let (since, used) = (one.since, one.used);
    view! {
        <tr>
            <th scope="row">
                {one.device}
                <span class="under">{one.place}</span>
            </th>
            <td data-label="Signed in"><Time at=since /></td>
            <td data-label="Last used"><Time at=used /></td>
            <td data-label="End session">{end}</td>
        </tr>
    }
}
