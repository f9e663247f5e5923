//! The second half of signing in, for accounts with a second factor.

use super::{
    Origin,
    passkeys::{self, why_no_passkeys},
    second_factor::{Taken, app_since, take_code},
    session,
    token::{self, Purpose},
};
use crate::{
    Desk, Error, Result, Step,
    audit::{Entry, Subject},
    entities::people,
    input::input,
    limits::{self, CODE_ACCOUNT, CODE_ELSEWHERE, LINK, pair},
    people::{AccountLetter, FactorNews, post_to_person},
};
use serde_json::json;
use workflow::{Actor, PersonId};

input! {
    /// The attempt that waits, its code, and where to go then.
    pub struct SignInCodeInput for "sign_in_code" ByVisitor repeats {
        hidden next: Option<String>;
        secret token = "Attempt";
        secret code = "Code" up to 40;
    }
}

/// What an attempt can go on with, beside a recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// A code of an authenticator app.
    pub app: bool,
    /// A passkey, where this desk has any.
    pub passkey: bool,
}

/// What an attempt to sign in waits for after the password.
///
/// # Errors
/// [`Error::LinkExpired`].
pub async fn waits_for_code(desk: &Desk, attempt: &str) -> Result<Awaited> {
    let database = desk.database.read();
    let person = token::who(database, attempt, Purpose::SecondFactor, desk.now()).await?;
    Ok(Awaited {
        app: app_since(database, person.id).await?.is_some(),
        passkey: why_no_passkeys(desk).is_none() && passkeys::count(database, person.id).await? > 0,
    })
}

/// Signs in whoever gave the password and now a code of the app, or a recovery code; answers the
/// secret for the cookie. Codes are limited for each account and network, and for each account over
/// all networks that it was never used from, before they are looked at.
///
/// # Errors
/// [`Error::Input`] on `code`; [`Error::LinkExpired`]; [`Error::Throttled`].
pub async fn sign_in_code(
    desk: &Desk,
    attempt: &str,
    code: &str,
    origin: &Origin,
) -> Result<String> {
    let network = limits::network(&origin.address);
    limits::take(desk, &LINK, &network).await?;
    let purpose = Purpose::SecondFactor;
    let person = token::who(desk.database.read(), attempt, purpose, desk.now()).await?;
    let account = person.id.to_string();
    let both = pair(&account, &network);
    let is_known_here = limits::was_used(desk, &account, &network).await?;
    if !is_known_here {
        limits::take(desk, &CODE_ELSEWHERE, &account).await?;
    }
    let attempts = limits::take(desk, &CODE_ACCOUNT, &both).await?;
    let mut step = Step::entering(desk).await?;
    let person = super::people::lock(step.transaction(), person.id).await?;
    let now = step.now;
    let Some(taken) = take_code(step.transaction(), desk, &person, code, now).await? else {
        drop(step);
        return failed(desk, &person, origin, attempts).await;
    };
    let person = token::redeem(step.transaction(), attempt, purpose, now).await?;
    let secret = session::begin(step.transaction(), desk, &person, origin).await?;
    limits::forget(step.transaction(), desk, &CODE_ACCOUNT, &both).await?;
    if !is_known_here {
        limits::give_back(step.transaction(), desk, &CODE_ELSEWHERE, &account).await?;
    }
    limits::remember_use(step.transaction(), desk, &account, &network).await?;
    let with = match taken {
        Taken::App => "code",
        Taken::Recovery { left } => {
            let letter = AccountLetter::SecondFactor(FactorNews::RecoveryUsed { left });
            post_to_person(step.transaction(), desk, &person, letter).await?;
            step.has_letters();
            "recovery_code"
        }
    };
    step.append_entry(Entry {
        actor: Some(Actor::Person(PersonId(person.id))),
        subject: Subject::Person(person.id),
        name: "signed_in",
        body: json!({ "address": origin.address, "with": with }),
        reason: String::new(),
    });
    step.commit().await?;
    Ok(secret)
}

async fn failed(
    desk: &Desk,
    person: &people::Model,
    origin: &Origin,
    attempts: i32,
) -> Result<String> {
    let apart = desk.apart();
    let mut step = Step::entering(&apart).await?;
    if attempts == CODE_ACCOUNT.most {
        // Once, when it becomes too many: somebody else has the password.
        let times = u32::try_from(attempts).unwrap_or(0);
        let letter = AccountLetter::SecondFactor(FactorNews::Failed { times });
        post_to_person(step.transaction(), desk, person, letter).await?;
        step.has_letters();
    }
    step.append_entry(Entry {
        // Whoever tried has not shown to be this person.
        actor: None,
        subject: Subject::Person(person.id),
        name: "code_failed",
        body: json!({ "address": origin.address }),
        reason: String::new(),
    });
    step.commit().await?;
    Err(Error::field(
        "code",
        "Code: this one does not fit, or was used before. Wait for the next one and type that.",
    ))
}
