//! Letters about a person's own account.

use super::Purpose;
use crate::{
    Desk, Result,
    post::{self, Addressee, Button, Letter},
    words::moment,
};
use sea_orm::ConnectionTrait;
use url::Url;
use uuid::Uuid;
use workflow::{Role, Timestamp};

/// What is written to a person about their account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountLetter {
    /// The link `/verify?token=SECRET`.
    VerifyEmail { secret: String },
    /// Someone registered with an address that has an account.
    AlreadyRegistered,
    /// The link `/reset?token=SECRET`.
    ResetPassword { secret: String },
    /// The link `/invitation?token=SECRET`.
    Invitation {
        secret: String,
        /// Who invites.
        by: String,
        roles: Vec<Role>,
    },
    /// The password was changed and all sessions were ended.
    PasswordChanged,
    /// Another admin asked for roles that two admins give together.
    SecondAdmin {
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
}

/// Writes a letter about an account into the outbox; wake the worker after the commit with
/// `desk.mail.notify_one()`.
///
/// # Errors
/// When the database does not answer.
pub async fn post_to_person(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    name: &str,
    address: &str,
    letter: AccountLetter,
) -> Result<()> {
    let to = Addressee {
        name: name.to_owned(),
        address: address.to_owned(),
    };
    let letter = Scene {
        base_url: &desk.base_url,
        now: desk.now(),
        address,
    }
    .letter(letter);
    post::put(connection, desk, None, &[(to, letter)]).await
}

struct Scene<'a> {
    base_url: &'a Url,
    now: Timestamp,
    address: &'a str,
}

impl Scene<'_> {
    fn letter(&self, letter: AccountLetter) -> Letter {
        match letter {
            AccountLetter::VerifyEmail { secret } => {
                let expires = self.expires(Purpose::VerifyEmail);
                Letter {
                    kind: "account_verify_email",
                    subject: "Confirm your email address".to_owned(),
                    happened: "This address was given for an account at Upgrade Desk.".to_owned(),
                    next: format!("Confirm it by {expires}."),
                    quotes: Vec::new(),
                    button: self.button("Confirm email address", "/verify", Some(&secret)),
                    facts: self.facts(&[("Link works until", expires)]),
                    because: "If you did not register, ignore this mail; without your \
                              confirmation the account cannot be used."
                        .to_owned(),
                }
            }
            AccountLetter::AlreadyRegistered => Letter {
                kind: "account_already_registered",
                subject: "You already have an account".to_owned(),
                happened: "Someone tried to register at Upgrade Desk with your email address."
                    .to_owned(),
                next: "You have an account already: sign in, or ask there for a new password."
                    .to_owned(),
                quotes: Vec::new(),
                button: self.button("Sign in", "/sign-in", None),
                facts: self.facts(&[]),
                because: "If it was not you, nothing needs doing; your account is unchanged."
                    .to_owned(),
            },
            AccountLetter::ResetPassword { secret } => {
                let expires = self.expires(Purpose::ResetPassword);
                Letter {
                    kind: "account_password_reset",
                    subject: "Set a new password".to_owned(),
                    happened: "Someone asked for a new password for your account.".to_owned(),
                    next: format!("If it was you, choose a new password by {expires}."),
                    quotes: Vec::new(),
                    button: self.button("Choose a new password", "/reset", Some(&secret)),
                    facts: self.facts(&[("Link works until", expires)]),
                    because: "If it was not you, ignore this mail; your password stays as it is."
                        .to_owned(),
                }
            }
            AccountLetter::Invitation { secret, by, roles } => {
                let expires = self.expires(Purpose::Invitation);
                let roles: Vec<&str> = roles.iter().map(|role| role.label()).collect();
                Letter {
                    kind: "account_invitation",
                    subject: "You are invited to Upgrade Desk".to_owned(),
                    happened: format!("{by} made an account for you at Upgrade Desk."),
                    next: format!("Choose your password by {expires}."),
                    quotes: Vec::new(),
                    button: self.button("Accept the invitation", "/invitation", Some(&secret)),
                    facts: self
                        .facts(&[("Roles", roles.join(", ")), ("Link works until", expires)]),
                    because: "If you did not expect this, ignore this mail; the invitation ends \
                              by itself."
                        .to_owned(),
                }
            }
            AccountLetter::SecondAdmin {
                by,
                person,
                name,
                roles,
                ends,
            } => {
                let roles: Vec<&str> = roles.iter().map(|role| role.label()).collect();
                let path = format!("/admin/people/{person}");
                Letter {
                    kind: "account_second_admin",
                    subject: format!("A second admin is needed for {name}"),
                    happened: format!("{by} asks that {name} may be {}.", roles.join(", ")),
                    next: format!("Confirm or refuse it by {}.", moment(ends)),
                    quotes: Vec::new(),
                    button: self.button("Look at the request", &path, None),
                    facts: self.facts(&[
                        ("About", name),
                        ("Roles", roles.join(", ")),
                        ("Ends", moment(ends)),
                    ]),
                    because: "You are an admin of this desk. Until one of you confirms it, \
                              nothing is given."
                        .to_owned(),
                }
            }
            AccountLetter::PasswordChanged => Letter {
                kind: "account_password_changed",
                subject: "Your password was changed".to_owned(),
                happened: "The password of your account was set anew, and every browser was \
                           signed out."
                    .to_owned(),
                next: "If this was you, nothing needs doing but to sign in.".to_owned(),
                quotes: Vec::new(),
                button: self.button("Sign in", "/sign-in", None),
                facts: self.facts(&[("Changed", moment(self.now))]),
                because: NOT_YOU.to_owned(),
            },
            AccountLetter::FailedSignings { times } => Letter {
                kind: "account_failed_signings",
                subject: "Repeated failed attempts to sign as you".to_owned(),
                happened: format!(
                    "A wrong password was given {times} times where your signature was asked for; \
                     nothing was signed."
                ),
                next: "If this was you, nothing needs doing.".to_owned(),
                quotes: Vec::new(),
                button: self.button("Choose a new password", "/forgot", None),
                facts: self.facts(&[("Last attempt", moment(self.now))]),
                because: NOT_YOU.to_owned(),
            },
        }
    }

    fn expires(&self, purpose: Purpose) -> String {
        moment(self.now.plus(purpose.lifetime()))
    }

    fn facts(&self, more: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
        let mut facts = vec![("Account", self.address.to_owned())];
        facts.extend_from_slice(more);
        facts
    }

    fn button(&self, label: &'static str, path: &str, token: Option<&str>) -> Button {
        let mut link = self.base_url.clone();
        link.set_path(path);
        link.set_query(token.map(|token| format!("token={token}")).as_deref());
        Button { label, link }
    }
}

const NOT_YOU: &str = "If this was not you, set a new password now and tell the desk.";
