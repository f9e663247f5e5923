//! `/account/passkeys` and the pages below it: passkeys are added, named and removed.

use super::crumbs;
use crate::{
    components::{
        Button, Card, Column, DataTable, Day, EmptyState, Fact, Facts, NotByEnter, Notice,
        PageHead, PasswordField, TextField, Time, Tone, Weight,
    },
    islands::UsePasskey,
    pages::{apps::new_secret, sign_in::NoScripts},
    steps::own::PASSKEYS_PAGE,
    web::{Page, Visit, page},
};
use casework::{
    accounts::why_no_passkeys,
    commands::{
        AddPasskeyInput, BeginPasskeyInput, RemovePasskeyInput, RenamePasskeyInput, passkey_to_make,
    },
    input::SecretText,
    queries::{OwnPasskey, own_passkey, own_passkeys, recovery_codes_left},
};
use leptos::prelude::*;

/// All passkeys, and the form that adds one.
#[component]
pub fn PasskeysPage() -> impl IntoView {
    page(|visit| async move {
        let passkeys = own_passkeys(&visit.desk, visit.caller()?).await?;
        let is_first = recovery_codes_left(&visit.desk, visit.caller()?)
            .await?
            .is_none();
        let add = match why_no_passkeys(&visit.desk) {
            Some(why) => none_here(&visit, why),
            None => add(&visit, is_first),
        };
        Ok(Page::developer(
            "Passkeys",
            view! {
                <PageHead
                    title="Passkeys"
                    lead="Sign in with your device or password manager: no password to type, and none to steal."
                    crumbs=crumbs()
                />
                {list(passkeys)}
                {add}
            },
        ))
    })
}

fn list(passkeys: Vec<OwnPasskey>) -> AnyView {
    if passkeys.is_empty() {
        return view! { <EmptyState title="No passkeys yet" text="Add one below." /> }.into_any();
    }
    let columns = vec![
        Column::new("Name"),
        Column::new("Added").tight(),
        Column::new("Last used").tight(),
    ];
    let rows = passkeys
        .into_iter()
        .map(|one| {
            let href = format!("{PASSKEYS_PAGE}/{}", one.id);
            let made = one.made;
            view! {
                <tr>
                    <th scope="row">
                        <a href=href>{one.name}</a>
                        <span class="under">{where_it_is(one.synced)}</span>
                    </th>
                    <td data-label="Added"><Day at=made /></td>
                    <td data-label="Last used">{used(one.used)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <DataTable caption="Your passkeys" columns=columns>
            {rows}
        </DataTable>
    }
    .into_any()
}

const fn where_it_is(synced: bool) -> &'static str {
    if synced {
        "Synced between your devices"
    } else {
        "On one device"
    }
}

fn used(at: Option<workflow::Timestamp>) -> AnyView {
    match at {
        Some(at) => view! { <Time at=at /> }.into_any(),
        None => "Not yet".into_any(),
    }
}

/// In words, where this desk has none.
fn none_here(visit: &Visit, why: String) -> AnyView {
    let demo = visit.mode.demo.then(|| {
        view! {
            <p>
                "To try them in this demo, start it with " <code>"--addr localhost:3000"</code>
                " and open it under that name."
            </p>
        }
    });
    view! {
        <Notice tone=Tone::Info>
            <p>{why}</p>
            {demo}
        </Notice>
    }
    .into_any()
}

fn add(visit: &Visit, is_first: bool) -> AnyView {
    let form = visit.form::<BeginPasskeyInput>().show(|form| {
        view! {
            <TextField
                of=form.at(BeginPasskeyInput::name())
                hint="By which you know it again: the device, or the password manager."
            />
            <PasswordField of=form.secret(&BeginPasskeyInput::password()) />
            <Button>"Add passkey"</Button>
        }
    });
    let after = is_first.then(|| {
        view! {
            <p>
                "From then on your password alone lets nobody in: after it your passkey is asked for, or one of ten recovery codes that you get now."
            </p>
        }
    });
    view! {
        <Card title="Add a passkey" id="add">
            <NoScripts />
            {after}
            {form}
        </Card>
    }
    .into_any()
}

/// `/account/passkeys/new`: asks the browser to make one.
#[component]
pub fn NewPasskeyPage() -> impl IntoView {
    page(|visit| async move {
        let caller = visit.caller()?;
        let Some(secret) = new_secret() else {
            return Ok(Page::elsewhere(PASSKEYS_PAGE));
        };
        let challenge = passkey_to_make(&visit.desk, caller, &secret, &visit.browser).await?;
        let Some((options, name)) = challenge else {
            return Ok(Page::elsewhere(PASSKEYS_PAGE));
        };
        let form = visit
            .form::<AddPasskeyInput>()
            // Of what was refused the page says so on which it can be begun again.
            .back(PASSKEYS_PAGE)
            .hidden_secret(AddPasskeyInput::token(), &SecretText::from(secret.as_str()))
            .hidden_secret(AddPasskeyInput::credential(), &SecretText::from(""))
            .show(|_| view! { <NotByEnter /> });
        let mut crumbs = crumbs();
        crumbs.push(("Passkeys".to_owned(), PASSKEYS_PAGE.to_owned()));
        let lead = format!("“{name}” is made by your device or password manager.");
        Ok(Page::developer(
            "Add a passkey",
            view! {
                <PageHead title="Add a passkey" lead=lead crumbs=crumbs />
                {form}
                <UsePasskey
                    options=options
                    form="add_passkey".to_owned()
                    makes=true
                    button="Ask again".to_owned()
                />
                <NoScripts />
                <p>
                    <a href=PASSKEYS_PAGE>"Add none"</a>
                </p>
            },
        ))
    })
}

/// `/account/passkeys/{id}`: its name, and the way to remove it.
#[component]
pub fn PasskeyPage() -> impl IntoView {
    page(|visit| async move {
        let one = own_passkey(&visit.desk, visit.caller()?, visit.at("id")?).await?;
        let (name, made, last_used) = (one.name.clone(), one.made, one.used);
        let rename = visit
            .form::<RenamePasskeyInput>()
            .hidden(RenamePasskeyInput::passkey(), &one.id)
            .show(|form| {
                view! {
                    <TextField of=form.at(RenamePasskeyInput::name()) value=name.clone() />
                    <Button>"Save name"</Button>
                }
            });
        let remove = visit
            .form::<RemovePasskeyInput>()
            .hidden(RemovePasskeyInput::passkey(), &one.id)
            .show(|form| {
                view! {
                    <PasswordField of=form.secret(&RemovePasskeyInput::password()) />
                    <Button weight=Weight::Danger>"Remove passkey"</Button>
                }
            });
        let mut crumbs = crumbs();
        crumbs.push(("Passkeys".to_owned(), PASSKEYS_PAGE.to_owned()));
        let title = one.name.clone();
        Ok(Page::developer(
            title.clone(),
            view! {
                <PageHead title=title crumbs=crumbs />
                <Card title="On record" id="record">
                    <Facts>
                        <Fact name="Kept">{where_it_is(one.synced)}</Fact>
                        <Fact name="Added"><Day at=made /></Fact>
                        <Fact name="Last used">{used(last_used)}</Fact>
                    </Facts>
                    {rename}
                </Card>
                <Card title="Remove it" id="remove">
                    <p>
                        "It lets nobody in any more. Delete it on your device or in your password manager too, which otherwise goes on offering it."
                    </p>
                    {remove}
                </Card>
            },
        ))
    })
}
