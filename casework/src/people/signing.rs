//! What every signature needs: both of its components given anew (21 CFR 11.200). That is the password,
//! with a code of the authenticator app where the person has one; or a passkey, which has made sure who
//! holds it, and whose challenge is the hash of what is signed.

use super::{
    commands::wrong_code,
    passkeys::{self, Counted, Kind, LONGEST_ANSWER, New},
    password::{Try, wrong_password},
    second_factor,
};
use crate::{
    By, Caller, Desk, Error, Result, Step, digest,
    entities::passkeys as rows,
    input::input,
    limits::{self, PASSKEY},
    typed,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::{Arc, OnceLock};
use trail::passkey::{Assertion, challenge};
use uuid::Uuid;
use webauthn_rs::prelude::PublicKeyCredential;
use workflow::{PersonId, Timestamp};

input! {
    /// What the passkey answers to which challenge.
    pub struct SignWithPasskeyInput for "sign_with_passkey" OnDesk {
        secret token = "Challenge";
        secret credential = "Passkey" up to LONGEST_ANSWER;
    }
}

/// What is typed where no passkey signs.
#[derive(Clone, Copy, Default)]
pub struct Secrets<'a> {
    pub password: &'a str,
    /// Of the authenticator app; empty without one.
    pub code: &'a str,
}

impl<'a> From<&'a str> for Secrets<'a> {
    fn from(password: &'a str) -> Self {
        Self { password, code: "" }
    }
}

/// How a person can sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Means {
    pub passkey: bool,
    /// Whether a code is asked for beside the password.
    pub code: bool,
}

/// How this person can sign.
///
/// # Errors
/// When the database does not answer.
pub async fn means(desk: &Desk, caller: &Caller) -> Result<Means> {
    let (database, person) = (desk.database.read(), caller.person.0);
    Ok(Means {
        passkey: passkeys::why_no_passkeys(desk).is_none()
            && passkeys::count(database, person).await? > 0,
        code: second_factor::app_since(database, person).await?.is_some(),
    })
}

/// What a passkey is to sign: the text, of which its challenge is the hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The id and the moment that the signature will have.
    id: Uuid,
    at: Timestamp,
    /// Canonical JSON.
    text: String,
}

/// A signature by a passkey, which fits one text alone.
#[derive(Debug)]
pub(crate) struct Answered {
    person: PersonId,
    asked: Asked,
    answer: Answer,
}

/// What a passkey answered, as a row of a signature keeps it; empty where none was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub public_key: Option<String>,
    pub authenticator_data: Option<String>,
    pub client_data: Option<String>,
    pub assertion: Option<String>,
}

/// Whether the signed step that is begun on a desk is tried, to know what a passkey is to sign, or
/// taken with what it signed.
#[derive(Clone, Debug)]
pub(crate) enum Signing {
    Asking(Arc<OnceLock<Asked>>),
    Answered(Arc<Answered>),
}

/// That a person gave anew just now what every signature needs. Made by [`prove`] alone.
#[derive(Debug)]
pub struct Proof {
    person: PersonId,
    how: How,
}

#[derive(Debug)]
enum How {
    Password { code: bool },
    Passkey(Signing),
}

impl Proof {
    /// Whose it is.
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// How the signature says that it was given; see [`trail::signature`].
    pub(crate) const fn method(&self) -> &'static str {
        match self.how {
            How::Password { code: false } => "password",
            How::Password { code: true } => "password_and_code",
            How::Passkey(_) => "passkey",
        }
    }

    /// Id and moment of the signature: those that its passkey has signed, or new ones.
    pub(crate) fn id_and_moment(&self, now: Timestamp) -> (Uuid, Timestamp) {
        match &self.how {
            How::Passkey(Signing::Answered(answered)) => (answered.asked.id, answered.asked.at),
            _ => (Uuid::now_v7(), now),
        }
    }

    /// What is kept beside this text. It has to be the very one that a passkey has signed.
    ///
    /// # Errors
    /// [`Error::Conflict`] where something of it has changed since the passkey was asked.
    pub(crate) fn under(&self, id: Uuid, at: Timestamp, text: &str) -> Result<Answer> {
        let text = text.to_owned();
        match &self.how {
            How::Password { .. } => Ok(Answer::default()),
            How::Passkey(Signing::Asking(slot)) => {
                // One step signs once; the first word counts.
                _ = slot.set(Asked { id, at, text });
                Ok(Answer::default())
            }
            How::Passkey(Signing::Answered(answered)) if answered.asked.text == text => {
                Ok(answered.answer.clone())
            }
            How::Passkey(Signing::Answered(_)) => Err(Error::Conflict {
                changes: Vec::new(),
            }),
        }
    }
}

/// Asks a signed-in person anew for what a signature needs. After five failures in 15 minutes it
/// refuses for the rest of them, and the trail says so.
///
/// # Errors
/// [`Error::Input`] on `password` or `code`; [`Error::Throttled`].
pub async fn prove(desk: &Desk, caller: &Caller, given: Secrets<'_>) -> Result<Proof> {
    let person = caller.person;
    match desk.signing() {
        Some(Signing::Answered(answered)) if answered.person != person => {
            return Err(Error::SignedOut);
        }
        Some(signing) => {
            let how = How::Passkey(signing.clone());
            return Ok(Proof { person, how });
        }
        None => {}
    }
    let database = desk.database.read();
    let app = second_factor::of_person(database, person.0).await?;
    let app = app.filter(|app| app.confirmed_at.is_some());
    let how = How::Password {
        code: app.is_some(),
    };
    let missing = |field: &str, text: &str| match field {
        "password" if given.password.is_empty() => Err(Error::field(field, text)),
        "code" if app.is_some() && given.code.trim().is_empty() => Err(Error::field(field, text)),
        _ => Ok(()),
    };
    // Nothing was tried, so nothing is counted.
    typed::both(
        missing("password", "Your password: type it."),
        missing(
            "code",
            "Code: type the one that your authenticator app shows.",
        ),
    )?;
    let attempt = Try::begin(desk, caller).await?;
    if !attempt.is_password(given.password).await? {
        return Err(attempt.failed(wrong_password()).await);
    }
    if let Some(app) = app {
        let writing = desk.database.write();
        if !second_factor::take_app_code(writing, desk, &app, given.code, desk.now()).await? {
            return Err(attempt.failed(wrong_code()).await);
        }
    }
    attempt.succeeded().await?;
    Ok(Proof { person, how })
}

/// A form that waits for a passkey to sign what it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    pub step: String,
    /// As it was sent, without secrets.
    pub sent: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct State {
    asked: Asked,
    form: Form,
}

/// Gives this browser the challenge to sign what `asked` says, for five minutes; answers the secret
/// that names it.
///
/// # Errors
/// [`Error::Input`] for who has no passkey; [`Error::Throttled`].
pub async fn ask(
    desk: &Desk,
    caller: &Caller,
    asked: Asked,
    form: Form,
    browser: &str,
) -> Result<String> {
    limits::take(desk, &PASSKEY, &caller.person.to_string()).await?;
    let own = passkeys::of_person(desk.database.read(), caller.person.0).await?;
    if own.is_empty() {
        return Err(Error::field("", "This account has no passkey."));
    }
    let (mut options, _) = passkeys::options_to_use(desk, &own)?;
    options["challenge"] = Value::from(challenge(&asked.text));
    let new = New {
        kind: Kind::Sign,
        person: Some(caller.person.0),
        browser,
        attempt: None,
        name: String::new(),
        options,
    };
    passkeys::begin(desk, new, &State { asked, form }).await
}

/// What a passkey is asked to sign, as its holder reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToSign {
    /// What the browser hands to the passkey.
    pub options: String,
    pub form: Form,
    pub signer: String,
    pub capacity: String,
    pub meaning: String,
    pub document_sha256: String,
    pub at: Timestamp,
    /// The whole text, and its hash, which is the challenge.
    pub text: String,
    pub sha256: String,
}

/// What waits under this secret for the caller's passkey; none where nothing does any more.
///
/// # Errors
/// When the database does not answer.
pub async fn to_sign(
    desk: &Desk,
    caller: &Caller,
    secret: &str,
    browser: &str,
) -> Result<Option<ToSign>> {
    let found = match passkeys::look(desk, secret, &[Kind::Sign], browser).await {
        Ok(found) if found.person_id == Some(caller.person.0) => found,
        Ok(_) | Err(Error::Input { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let State { asked, form } = serde_json::from_str(&found.state)?;
    let text: Value = serde_json::from_str(&asked.text)?;
    let part = |key: &str| text[key].as_str().unwrap_or_default().to_owned();
    Ok(Some(ToSign {
        options: found.options,
        form,
        signer: part("signer_name"),
        capacity: part("capacity"),
        meaning: part("meaning"),
        document_sha256: part("document_sha256"),
        at: asked.at,
        sha256: digest::sha256(asked.text.as_bytes()),
        text: asked.text,
    }))
}

/// Takes the answer of the caller's passkey, once; answers the form that it signs, and the desk on
/// which that form's step is taken with this signature. Failures count with those of passwords.
///
/// # Errors
/// [`Error::Input`] on `credential`; [`Error::Throttled`]; [`Error::Before`] of a second click.
pub async fn answered(
    desk: &Desk,
    caller: &Caller,
    secret: &str,
    answer: &str,
    browser: &str,
) -> Result<(Form, Desk)> {
    if desk.led_before(Some(caller.person)).await?.is_some() {
        return Err(Error::Before);
    }
    let challenge = passkeys::take(desk, secret, &[Kind::Sign], browser).await?;
    let attempt = Try::begin(desk, caller).await?;
    let State { asked, form } = serde_json::from_str(&challenge.state)?;
    let answer: PublicKeyCredential = passkeys::read(answer)?;
    let credential = passkeys::credential_of(&answer);
    let found = passkeys::of_credential(desk.database.read(), &credential).await?;
    let own = found.filter(|row| {
        let person = caller.person.0;
        row.person_id == person
            && challenge.person_id == Some(person)
            && passkeys::is_of(&answer, person, true)
    });
    let held = match own {
        Some(row) => hold(desk, &row, &asked.text, answer).await?,
        None => None,
    };
    let Some(answer) = held else {
        return Err(attempt.failed(not_signed()).await);
    };
    attempt.succeeded().await?;
    let person = caller.person;
    let answered = Answered {
        person,
        asked,
        answer,
    };
    Ok((form, desk.signed_with(Signing::Answered(answered.into()))))
}

fn not_signed() -> Error {
    Error::field(
        "credential",
        "This passkey has not signed what it was asked to. Begin again, or sign with your password.",
    )
}

/// Holds an answer against the text and the passkey, and notes that it was used; none where it does not
/// fit.
async fn hold(
    desk: &Desk,
    row: &rows::Model,
    text: &str,
    answer: PublicKeyCredential,
) -> Result<Option<Answer>> {
    let Ok(client_data) = String::from_utf8(answer.response.client_data_json) else {
        return Ok(None);
    };
    let public_key = hex::decode(&row.public_key)
        .map_err(|_| Error::corrupt("passkeys", row.id, "public_key"))?;
    let assertion = Assertion {
        public_key,
        authenticator_data: answer.response.authenticator_data,
        client_data: client_data.clone().into_bytes(),
        signature: answer.response.signature,
    };
    let said = match assertion.verify(text) {
        Ok(said) if said.origin == desk.base_url.origin().ascii_serialization() => said,
        Ok(_) => return Ok(None),
        Err(error) => {
            tracing::info!(%error, "a signature by passkey was refused");
            return Ok(None);
        }
    };
    match passkeys::counted(row, said.counter)? {
        Counted::On { credential } => {
            passkeys::note_use(desk.database.write(), row, credential, desk.now()).await?;
        }
        Counted::Copied => {
            let apart = desk.apart();
            let step = Step::begin(&apart, By::Nobody).await?;
            passkeys::tell_of_copy(&step, row).await?;
            step.commit().await?;
            return Ok(None);
        }
    }
    Ok(Some(Answer {
        public_key: Some(row.public_key.clone()),
        authenticator_data: Some(hex::encode(&assertion.authenticator_data)),
        client_data: Some(client_data),
        assertion: Some(hex::encode(&assertion.signature)),
    }))
}
