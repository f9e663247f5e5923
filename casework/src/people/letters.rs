//! Letters about a person's own account.

use super::{
    Purpose,
    token::{fingerprint, issue as issue_link},
};
use crate::{
    Desk, Error, Result,
    entities::people,
    limits::{self, LETTERS_A_DAY, LETTERS_AN_HOUR},
    post::{self, About, Addressee, Button, Letter, LetterKind},
    text::email_key,
    words::{count, moment, one_line},
};
use sea_orm::ConnectionTrait;
use url::Url;
use uuid::Uuid;
use workflow::{Role, Timestamp};

/// What is written to a person about their account, without a link that lets them in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountLetter {
    /// Someone registered with an address that has an account.
    AlreadyRegistered,
    /// The password was changed and all sessions were ended.
    PasswordChanged,
    /// Another admin asked for roles that two admins give together.
    SecondAdmin {
        request: Uuid,
        /// Who asks.
        by: String,
        /// About whom.
        person: Uuid,
        name: String,
        roles: Vec<Role>,
        /// When the request ends by itself.
        ends: Timestamp,
    },
    /// A wrong password was given repeatedly where a signature was asked for (21 CFR 11.300(d)).
    FailedSignings { times: u32 },
    /// Somebody wants to use the address for another account.
    AddressWanted,
    /// The account has another address from now on.
    EmailChanged { new: String },
    /// What happened about the second factor.
    SecondFactor(FactorNews),
    /// The person closed the account.
    Closed,
}

/// What is told of a second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactorNews {
    /// An authenticator app was set up.
    On,
    /// The last of it has gone.
    Off,
    /// The authenticator app has gone; there are passkeys.
    AppOff,
    /// An admin took it away.
    Reset,
    /// Recovery codes were made anew.
    CodesMade,
    PasskeyAdded {
        name: String,
    },
    PasskeyRenamed {
        before: String,
        name: String,
    },
    PasskeyRemoved {
        name: String,
        /// Nothing is asked for after the password any more.
        was_last: bool,
    },
    /// A passkey was used that seems to be a copy.
    PasskeyCopied {
        name: String,
    },
    /// A recovery code was used; so many are left.
    RecoveryUsed {
        left: usize,
    },
    /// Wrong codes were given after the right password.
    Failed {
        times: u32,
    },
}

/// What is written with a single-use link, made when the letter is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkLetter {
    /// The link `/verify?token=SECRET`.
    VerifyEmail,
    /// The link `/reset?token=SECRET`.
    ResetPassword,
    /// The link `/invitation?token=SECRET`.
    Invitation {
        /// Who invites, where it was a person.
        by: Option<String>,
        roles: Vec<Role>,
    },
    /// The link `/account/email/confirm?token=SECRET`, to the address of now.
    ConfirmOldAddress { new: String },
    /// The same to the address that is wanted.
    ConfirmNewAddress,
}

impl LinkLetter {
    /// What its link is for.
    const fn purpose(&self) -> Purpose {
        match self {
            Self::VerifyEmail => Purpose::VerifyEmail,
            Self::ResetPassword => Purpose::ResetPassword,
            Self::Invitation { .. } => Purpose::Invitation,
            Self::ConfirmOldAddress { .. } => Purpose::ConfirmOldAddress,
            Self::ConfirmNewAddress => Purpose::ConfirmNewAddress,
        }
    }
}

/// What came of writing a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    Written,
    /// The address has had as many letters as anybody may cause to be sent to it. No link was
    /// made either: the one of the last letter goes on working.
    Withheld,
}

/// Writes a letter about an account into the outbox; wake the worker after the commit with
/// `desk.mail.notify_one()`.
///
/// # Errors
/// When the database does not answer.
pub async fn post_to_person(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    person: &people::Model,
    letter: AccountLetter,
) -> Result<Posted> {
    let about = match &letter {
        AccountLetter::SecondAdmin { request, .. } => About::Request(*request),
        AccountLetter::AlreadyRegistered
        | AccountLetter::PasswordChanged
        | AccountLetter::FailedSignings { .. }
        | AccountLetter::AddressWanted
        | AccountLetter::EmailChanged { .. }
        | AccountLetter::Closed
        | AccountLetter::SecondFactor(_) => About::Reader,
    };
    let letter = Scene::of(desk, person).letter(letter);
    if letter.kind.is_unsolicited() && !admitted(connection, desk, person).await? {
        return Ok(Posted::Withheld);
    }
    put(connection, desk, person, about, letter).await
}

/// Makes a link for a person and writes the letter that holds it; links made before for the same
/// purpose stop working.
///
/// # Errors
/// When the database does not answer.
pub async fn post_link(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    person: &people::Model,
    letter: LinkLetter,
) -> Result<Posted> {
    if !admitted(connection, desk, person).await? {
        return Ok(Posted::Withheld);
    }
    let purpose = letter.purpose();
    let now = desk.now();
    let secret = issue_link(connection, person, purpose, now).await?;
    let letter = Scene::of(desk, person).with_link(letter, &secret);
    put(connection, desk, person, About::Reader, letter).await
}

async fn put(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    person: &people::Model,
    about: About,
    letter: Letter,
) -> Result<Posted> {
    post::put(
        connection,
        desk,
        about,
        &[(Addressee::from(person), letter)],
    )
    .await?;
    Ok(Posted::Written)
}

/// Counts one letter that anybody can cause, in the transaction that writes it: of many at the same
/// moment, on whatever instance, no more are written than of many in a row.
pub(crate) async fn admitted(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    person: &people::Model,
) -> Result<bool> {
    let address = email_key(&person.email);
    for limit in [&LETTERS_AN_HOUR, &LETTERS_A_DAY] {
        match limits::take_on(connection, desk, limit, &address).await {
            Ok(_) => {}
            Err(Error::Throttled { .. }) => {
                tracing::info!(person = %person.id, "mail: no more letters to this address for now");
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

struct Scene<'a> {
    base_url: &'a Url,
    now: Timestamp,
    address: &'a str,
}

impl<'a> Scene<'a> {
    fn of(desk: &'a Desk, person: &'a people::Model) -> Self {
        Self {
            base_url: &desk.base_url,
            now: desk.now(),
            address: &person.email,
        }
    }

    /// These go to addresses that perhaps nobody has confirmed: not one word in them is anybody's
    /// own but the address.
    fn with_link(&self, letter: LinkLetter, secret: &str) -> Letter {
        let expires = self.expires(letter.purpose());
        let until = ("Link works until", expires.clone());
        let written = match letter {
            LinkLetter::VerifyEmail => Letter {
                kind: LetterKind::VerifyEmail,
                link_hash: None,
                subject: "Confirm your email address".to_owned(),
                happened: "This address was given for an account at Upgrade Desk.".to_owned(),
                next: format!("Confirm it by {expires}."),
                quotes: Vec::new(),
                button: self.button("Confirm email address", "/verify", Some(secret)),
                facts: self.facts(vec![until]),
                because: "If you did not register, ignore this mail; without your confirmation \
                          the account cannot be used."
                    .to_owned(),
            },
            LinkLetter::ResetPassword => Letter {
                kind: LetterKind::PasswordReset,
                link_hash: None,
                subject: "Set a new password".to_owned(),
                happened: "Someone asked for a new password for your account.".to_owned(),
                next: format!("If it was you, choose a new password by {expires}."),
                quotes: Vec::new(),
                button: self.button("Choose a new password", "/reset", Some(secret)),
                facts: self.facts(vec![until]),
                because: "If it was not you, ignore this mail; your password stays as it is."
                    .to_owned(),
            },
            LinkLetter::ConfirmOldAddress { new } => Letter {
                kind: LetterKind::ConfirmOldAddress,
                link_hash: None,
                subject: "Confirm your new email address".to_owned(),
                happened: "Another email address was given for your account.".to_owned(),
                next: format!(
                    "Confirm it by {expires}; the new address has a mail of its own to confirm."
                ),
                quotes: Vec::new(),
                button: self.button("Confirm the change", CONFIRM, Some(secret)),
                facts: self.facts(vec![("New address", new), until]),
                because: NOT_YOU.to_owned(),
            },
            LinkLetter::ConfirmNewAddress => Letter {
                kind: LetterKind::ConfirmNewAddress,
                link_hash: None,
                subject: "Confirm your email address".to_owned(),
                happened: "This address was given as the new one of an account at Upgrade Desk."
                    .to_owned(),
                next: format!(
                    "Confirm it by {expires}. Your present address gets a mail of its own, and has to confirm as well."
                ),
                quotes: Vec::new(),
                button: self.button("Confirm email address", CONFIRM, Some(secret)),
                facts: self.facts(vec![until]),
                because: "If you know nothing of this, ignore this mail; nothing changes then."
                    .to_owned(),
            },
            LinkLetter::Invitation { by, roles } => {
                let roles: Vec<&str> = roles.iter().map(|role| role.label()).collect();
                Letter {
                    kind: LetterKind::Invitation,
                    link_hash: None,
                    subject: "You are invited to Upgrade Desk".to_owned(),
                    happened: match by {
                        Some(by) => format!(
                            "{}, an administrator, made an account for you at Upgrade Desk.",
                            one_line(&by)
                        ),
                        None => "An account was made for you at Upgrade Desk.".to_owned(),
                    },
                    next: format!("Choose your password by {expires}."),
                    quotes: Vec::new(),
                    button: self.button("Accept the invitation", "/invitation", Some(secret)),
                    facts: self.facts(vec![("Roles", roles.join(", ")), until]),
                    because: "If you did not expect this, ignore this mail; the invitation ends \
                              by itself."
                        .to_owned(),
                }
            }
        };
        Letter {
            link_hash: Some(fingerprint(secret)),
            ..written
        }
    }

    fn letter(&self, letter: AccountLetter) -> Letter {
        match letter {
            AccountLetter::AlreadyRegistered => Letter {
                kind: LetterKind::AlreadyRegistered,
                link_hash: None,
                subject: "You already have an account".to_owned(),
                happened: "Someone tried to register at Upgrade Desk with your email address."
                    .to_owned(),
                next: "You have an account already: sign in, or ask there for a new password."
                    .to_owned(),
                quotes: Vec::new(),
                button: self.button("Sign in", "/sign-in", None),
                facts: self.facts(Vec::new()),
                because: "If it was not you, nothing needs doing; your account is unchanged."
                    .to_owned(),
            },
            AccountLetter::AddressWanted => Letter {
                kind: LetterKind::AlreadyRegistered,
                link_hash: None,
                subject: "Your address was given for another account".to_owned(),
                happened: "Someone gave your email address as the new one of another account at \
                           Upgrade Desk."
                    .to_owned(),
                next: "You have an account with it already, so nothing was changed.".to_owned(),
                quotes: Vec::new(),
                button: self.button("Sign in", "/sign-in", None),
                facts: self.facts(Vec::new()),
                because: "If it was not you, nothing needs doing; your account is unchanged."
                    .to_owned(),
            },
            AccountLetter::EmailChanged { new } => Letter {
                kind: LetterKind::EmailChanged,
                link_hash: None,
                subject: "Your account has another email address".to_owned(),
                happened: "Both addresses confirmed it: from now on our letters go to the new one."
                    .to_owned(),
                next: "If this was you, nothing needs doing.".to_owned(),
                quotes: Vec::new(),
                button: self.button("Look at your account", "/account", None),
                facts: self.facts(vec![("New address", new), ("Changed", moment(self.now))]),
                because: NOT_YOU.to_owned(),
            },
            AccountLetter::SecondFactor(news) => self.of_second_factor(news),
            AccountLetter::SecondAdmin {
                request: _,
                by,
                person,
                name,
                roles,
                ends,
            } => {
                let roles: Vec<&str> = roles.iter().map(|role| role.label()).collect();
                let path = format!("/admin/people/{person}");
                Letter {
                    kind: LetterKind::SecondAdmin,
                    link_hash: None,
                    subject: format!("A second admin is needed for {name}"),
                    happened: format!("{by} asks that {name} may be {}.", roles.join(", ")),
                    next: format!("Confirm or refuse it by {}.", moment(ends)),
                    quotes: Vec::new(),
                    button: self.button("Look at the request", &path, None),
                    facts: self.facts(vec![
                        ("About", name),
                        ("Roles", roles.join(", ")),
                        ("Ends", moment(ends)),
                    ]),
                    because: "You are an admin of this desk. Until one of you confirms it, \
                              nothing is given."
                        .to_owned(),
                }
            }
            AccountLetter::Closed => Letter {
                kind: LetterKind::AccountClosed,
                link_hash: None,
                subject: "Your account is closed".to_owned(),
                happened:
                    "Your account at Upgrade Desk was closed by whoever is signed in to it; every \
                           session and membership of it has ended."
                        .to_owned(),
                next: "If this was you, nothing needs doing: what was handed in, decided and \
                       signed stays on record, and nobody else gets your username or address."
                    .to_owned(),
                quotes: Vec::new(),
                button: self.button("What stays, and why", "/agreements", None),
                facts: self.facts(vec![("Closed", moment(self.now))]),
                because: "If it was not you, write to the desk's operator at once: a closed \
                          account cannot sign in any more."
                    .to_owned(),
            },
            AccountLetter::PasswordChanged => Letter {
                kind: LetterKind::PasswordChanged,
                link_hash: None,
                subject: "Your password was changed".to_owned(),
                happened: "The password of your account was set anew, and every other browser \
                           was signed out."
                    .to_owned(),
                next: "If this was you, nothing needs doing.".to_owned(),
                quotes: Vec::new(),
                button: self.button("Sign in", "/sign-in", None),
                facts: self.facts(vec![("Changed", moment(self.now))]),
                because: NOT_YOU.to_owned(),
            },
            AccountLetter::FailedSignings { times } => Letter {
                kind: LetterKind::FailedSignings,
                link_hash: None,
                subject: "Repeated failed attempts to sign as you".to_owned(),
                happened: format!(
                    "A wrong password was given {} where your signature was asked for; nothing \
                     was signed.",
                    count(usize::try_from(times).unwrap_or(usize::MAX), "time")
                ),
                next: "If this was you, nothing needs doing.".to_owned(),
                quotes: Vec::new(),
                button: self.button("Choose a new password", "/forgot", None),
                facts: self.facts(vec![("Last attempt", moment(self.now))]),
                because: NOT_YOU.to_owned(),
            },
        }
    }

    fn of_second_factor(&self, news: FactorNews) -> Letter {
        let (subject, happened) = in_words(&news);
        Letter {
            kind: LetterKind::SecondFactor,
            link_hash: None,
            subject: subject.to_owned(),
            happened,
            next: "If this was you, nothing needs doing.".to_owned(),
            quotes: Vec::new(),
            button: self.button("Look at your account", "/account", None),
            facts: self.facts(vec![("When", moment(self.now))]),
            because: NOT_YOU.to_owned(),
        }
    }

    fn expires(&self, purpose: Purpose) -> String {
        moment(self.now.plus(purpose.lifetime()))
    }

    fn facts(&self, more: Vec<(&'static str, String)>) -> Vec<(&'static str, String)> {
        let mut facts = vec![("Account", self.address.to_owned())];
        facts.extend(more);
        facts
    }

    fn button(&self, label: &'static str, path: &str, token: Option<&str>) -> Button {
        let mut link = self.base_url.clone();
        link.set_path(path);
        link.set_query(token.map(|token| format!("token={token}")).as_deref());
        Button { label, link }
    }
}

/// Subject and first sentence.
fn in_words(news: &FactorNews) -> (&'static str, String) {
    match news {
        FactorNews::On => (
            "Your second factor is on",
            "From now on a code of your authenticator app is asked for when you sign in with your \
             password."
                .to_owned(),
        ),
        FactorNews::Off => (
            "Your second factor is off",
            "No code is asked for any more when you sign in.".to_owned(),
        ),
        FactorNews::AppOff => (
            "Your authenticator app is off",
            "Its codes are not taken any more when you sign in. Your passkeys and recovery codes \
             stay as they are."
                .to_owned(),
        ),
        FactorNews::Reset => (
            "Your second factor was reset",
            "An administrator took your second factor away, passkeys and recovery codes with it, \
             and ended your sessions."
                .to_owned(),
        ),
        FactorNews::CodesMade => (
            "You have new recovery codes",
            "New recovery codes were made for your account; those before do not work any more."
                .to_owned(),
        ),
        FactorNews::PasskeyAdded { name } => (
            "A passkey was added to your account",
            format!(
                "The passkey “{name}” was added: it signs in to your account by itself, and after \
                 your password it or a code is asked for."
            ),
        ),
        FactorNews::PasskeyRenamed { before, name } => (
            "A passkey has another name",
            format!("Your passkey “{before}” is called “{name}” now."),
        ),
        FactorNews::PasskeyRemoved { name, was_last } => (
            "A passkey was removed from your account",
            if *was_last {
                format!(
                    "The passkey “{name}” was removed, and nothing but your password is asked for \
                     any more when you sign in."
                )
            } else {
                format!("The passkey “{name}” was removed: it lets nobody in any more.")
            },
        ),
        FactorNews::PasskeyCopied { name } => (
            "A passkey of yours was refused",
            format!(
                "Somebody used your passkey “{name}”, and its counter says that there is a copy of \
                 it, so it was refused. Remove it on the page of your account and add a new one, \
                 whoever it was."
            ),
        ),
        FactorNews::RecoveryUsed { left } => (
            "A recovery code was used",
            format!(
                "Somebody signed in as you with a recovery code; {} left.",
                match left {
                    1 => "1 is".to_owned(),
                    left => format!("{left} are"),
                }
            ),
        ),
        FactorNews::Failed { times } => (
            "Repeated wrong codes at your sign-in",
            format!(
                "Your password was right, and a wrong code was given {}; nobody was let in.",
                count(usize::try_from(*times).unwrap_or(usize::MAX), "time")
            ),
        ),
    }
}

/// Where an address is confirmed.
const CONFIRM: &str = "/account/email/confirm";

const NOT_YOU: &str = "If this was not you, set a new password now and tell the desk.";
