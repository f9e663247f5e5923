//! Signing in by a passkey: by it alone, or after the password.

use super::{
    Origin,
    passkeys::{self, Held, Kind, New, hold},
    session,
    token::{self, Purpose},
};
use crate::{
    Desk, Error, Result, Step,
    audit::{Entry, Subject},
    entities::{passkey_ceremonies, passkeys as rows},
    input::input,
    limits::{self, LINK, PASSKEY, SIGN_IN_NETWORK},
};
use sea_orm::EntityTrait;
use serde_json::json;
use uuid::Uuid;
use webauthn_rs::prelude::PublicKeyCredential;
use workflow::{Actor, PersonId};

input! {
    /// Where to go then.
    pub struct BeginPasskeySignInInput for "begin_passkey_sign_in" ByVisitor repeats {
        hidden next: Option<String>;
    }
}

input! {
    /// The attempt that waits after the password, and where to go then.
    pub struct BeginPasskeyCodeInput for "begin_passkey_code" ByVisitor repeats {
        hidden next: Option<String>;
        secret token = "Attempt";
    }
}

input! {
    /// What the browser answers to which challenge, and where to go then.
    pub struct SignInPasskeyInput for "sign_in_passkey" ByVisitor repeats {
        hidden next: Option<String>;
        secret token = "Challenge";
        secret credential = "Passkey" up to passkeys::LONGEST_ANSWER;
    }
}

/// The challenges that let somebody in.
const LET_IN: [Kind; 2] = [Kind::SignIn, Kind::SecondFactor];

/// Gives this browser a challenge that any passkey may answer; answers the secret that names it.
///
/// # Errors
/// [`Error::Input`] where this desk has no passkeys; [`Error::Throttled`].
pub async fn begin_passkey_sign_in(desk: &Desk, origin: &Origin, browser: &str) -> Result<String> {
    limits::take(desk, &PASSKEY, &limits::network(&origin.address)).await?;
    let (options, state) = passkeys::options_to_use(desk, &[])?;
    let new = New {
        kind: Kind::SignIn,
        person: None,
        browser,
        attempt: None,
        name: String::new(),
        options,
    };
    passkeys::begin(desk, new, &state).await
}

/// The same after the password, for the passkeys of this person alone.
///
/// # Errors
/// [`Error::LinkExpired`] where the attempt waits no more; [`Error::Input`]; [`Error::Throttled`].
pub async fn begin_passkey_code(
    desk: &Desk,
    attempt: &str,
    origin: &Origin,
    browser: &str,
) -> Result<String> {
    let network = limits::network(&origin.address);
    limits::take(desk, &LINK, &network).await?;
    let database = desk.database.read();
    let person = token::who(database, attempt, Purpose::SecondFactor, desk.now()).await?;
    limits::take(desk, &PASSKEY, &network).await?;
    let own = passkeys::of_person(database, person.id).await?;
    if own.is_empty() {
        return Err(Error::field("", "This account has no passkey."));
    }
    let (options, state) = passkeys::options_to_use(desk, &own)?;
    let new = New {
        kind: Kind::SecondFactor,
        person: Some(person.id),
        browser,
        attempt: Some(token::fingerprint(attempt)),
        name: String::new(),
        options,
    };
    passkeys::begin(desk, new, &state).await
}

/// What a browser hands to the passkey that is to sign in; none where the challenge waits no more.
///
/// # Errors
/// When the database does not answer.
pub async fn passkey_to_use(desk: &Desk, secret: &str, browser: &str) -> Result<Option<String>> {
    match passkeys::look(desk, secret, &LET_IN, browser).await {
        Ok(found) => Ok(Some(found.options)),
        Err(Error::Input { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Signs in whoever holds the passkey; answers the secret for the cookie. Tries are limited for each
/// network, as those with passwords are; a challenge is answered once, whatever comes of it.
///
/// # Errors
/// [`Error::Input`] on `credential`; [`Error::Throttled`]; [`Error::LinkExpired`] where the attempt
/// after the password waits no more.
pub async fn sign_in_passkey(
    desk: &Desk,
    secret: &str,
    answer: &str,
    origin: &Origin,
    browser: &str,
) -> Result<String> {
    let network = limits::network(&origin.address);
    limits::take(desk, &SIGN_IN_NETWORK, &network).await?;
    let challenge = passkeys::take(desk, secret, &LET_IN, browser).await?;
    let answer: PublicKeyCredential = passkeys::read(answer)?;
    let credential = passkeys::credential_of(&answer);
    let attempt = Attempt {
        desk,
        origin,
        network,
    };
    let found = passkeys::of_credential(desk.database.read(), &credential).await?;
    let known = challenge.person_id.is_some();
    let Some(row) = found.filter(|row| passkeys::is_of(&answer, row.person_id, known)) else {
        return attempt.fail(None, "not known").await;
    };
    if challenge
        .person_id
        .is_some_and(|person| person != row.person_id)
    {
        return attempt.fail(challenge.person_id, "another person's").await;
    }
    match hold(desk, &challenge.state, &row, &answer)? {
        Held::Fits { credential } => attempt.succeed(&challenge, &row, credential).await,
        Held::Copied => attempt.copied(&row).await,
        Held::No(why) => attempt.fail(Some(row.person_id), why).await,
    }
}

/// An attempt whose answer has been read.
struct Attempt<'a> {
    desk: &'a Desk,
    origin: &'a Origin,
    network: String,
}

impl Attempt<'_> {
    async fn succeed(
        &self,
        challenge: &passkey_ceremonies::Model,
        row: &rows::Model,
        credential: String,
    ) -> Result<String> {
        let Self { desk, network, .. } = self;
        let mut step = Step::entering(desk).await?;
        let person = super::people::lock(step.transaction(), row.person_id).await?;
        let present = rows::Entity::find_by_id(row.id)
            .one(step.transaction())
            .await?;
        // While the answer was looked at the account may have been disabled, or the passkey removed
        // or used by another answer, whose counter this one has not been held against.
        let stands = present.is_some_and(|present| present.credential == row.credential);
        if person.disabled_at.is_some() || person.email_verified_at.is_none() || !stands {
            drop(step);
            return self.fail(Some(person.id), "disabled, or removed").await;
        }
        let after_password = challenge.attempt.as_deref();
        if let Some(attempt) = after_password {
            let (purpose, now) = (Purpose::SecondFactor, step.now);
            token::redeem_by_hash(step.transaction(), attempt, purpose, now).await?;
        }
        passkeys::note_use(step.transaction(), row, credential, step.now).await?;
        let secret = session::begin(step.transaction(), desk, &person, self.origin).await?;
        limits::give_back(step.transaction(), desk, &SIGN_IN_NETWORK, network).await?;
        let account = person.id.to_string();
        limits::remember_use(step.transaction(), desk, &account, network).await?;
        let with = if after_password.is_some() {
            "password and passkey"
        } else {
            "passkey"
        };
        step.append_entry(Entry {
            actor: Some(Actor::Person(PersonId(person.id))),
            subject: Subject::Person(person.id),
            name: "signed_in",
            body: json!({ "address": self.origin.address, "with": with, "passkey": row.id }),
            reason: String::new(),
        });
        step.commit().await?;
        Ok(secret)
    }

    /// Whoever has the copy has the key: its owner is to know.
    async fn copied(&self, row: &rows::Model) -> Result<String> {
        let mut step = Step::entering(self.desk).await?;
        passkeys::tell_of_copy(&step, row).await?;
        step.append_entry(self.failed(Some(row.person_id), "copied"));
        step.commit().await?;
        Err(Error::field(
            "credential",
            "This passkey was refused: its counter says that there is a copy of it. Sign in with your password and remove it on the page of your account.",
        ))
    }

    async fn fail(&self, person: Option<Uuid>, why: &'static str) -> Result<String> {
        let mut step = Step::entering(self.desk).await?;
        step.append_entry(self.failed(person, why));
        step.commit().await?;
        Err(passkeys::refused())
    }

    fn failed(&self, person: Option<Uuid>, why: &'static str) -> Entry {
        Entry {
            // Whoever tried has not shown to be this person.
            actor: None,
            subject: person.map_or(Subject::Desk, Subject::Person),
            name: "passkey_failed",
            body: json!({ "address": self.origin.address, "why": why }),
            reason: String::new(),
        }
    }
}
