//! Signing in.

use super::{
    password::{self, Fit},
    session,
    token::{self, Purpose},
};
use crate::{
    By, Desk, Error, Result, Step,
    audit::{Entry, Subject},
    entities::people,
    limits::{self, RESEND, SIGN_IN_ACCOUNT, SIGN_IN_ELSEWHERE, SIGN_IN_NETWORK, pair},
    people::{LinkLetter, post_link},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use serde_json::json;
use workflow::{Actor, PersonId};

/// Where an attempt comes from.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address of the client.
    pub address: String,
    pub user_agent: String,
    /// The secret of the session that this browser has already; a sign-in ends it.
    pub session: Option<String>,
}

impl std::fmt::Debug for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Origin")
            .field("address", &self.address)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

/// What a right password leads to: the secret of a session for the cookie, or where the account has
/// a second factor, that of the attempt, which waits a few minutes for a code.
#[derive(Clone, PartialEq, Eq)]
pub struct Entered {
    secret: String,
    pub asks_code: bool,
}

impl std::ops::Deref for Entered {
    type Target = str;
    fn deref(&self) -> &str {
        &self.secret
    }
}

impl std::fmt::Debug for Entered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entered")
            .field("asks_code", &self.asks_code)
            .finish_non_exhaustive()
    }
}

impl Entered {
    /// In a session.
    pub(super) const fn session(secret: String) -> Self {
        Self {
            secret,
            asks_code: false,
        }
    }
}

/// The longest name that is looked for, in characters: no address is longer.
const LONGEST_NAME: usize = 320;

/// Signs a person in by username or email, in place of whoever was signed in in this browser;
/// answers the secret for the cookie. Where the account has a second factor, nobody is signed in
/// before [`super::sign_in_code`].
///
/// Attempts are limited per network, per account and network, and per account from networks where
/// it has not been used, so that nobody can lock another person out (ASVS 6.3.1). Successes do not
/// count against anybody.
///
/// # Errors
/// [`Error::Input`] when name and password do not fit or the email is not verified yet (a new link
/// is then sent); [`Error::Throttled`].
pub async fn sign_in(desk: &Desk, name: &str, password: &str, origin: &Origin) -> Result<Entered> {
    let name: String = name.chars().take(LONGEST_NAME).collect();
    let network = limits::network(&origin.address);
    limits::take(desk, &SIGN_IN_NETWORK, &network).await?;
    let person = find(desk, &name).await?;
    // By whichever name a person is called, it is one account.
    let account = person
        .as_ref()
        .map_or_else(|| super::people::email_key(&name), |row| row.id.to_string());
    let is_known_here = limits::was_used(desk, &account, &network).await?;
    if !is_known_here {
        limits::take(desk, &SIGN_IN_ELSEWHERE, &account).await?;
    }
    limits::take(desk, &SIGN_IN_ACCOUNT, &pair(&account, &network)).await?;
    let hash = person.as_ref().and_then(|row| row.password_hash.clone());
    let fit = password::fit(password, hash).await?;
    let attempt = Attempt {
        desk,
        origin,
        network,
        account,
        is_known_here,
    };
    match person {
        Some(person) if fit != Fit::No && person.email_verified_at.is_none() => {
            attempt.verify_first(person).await
        }
        Some(person) if fit != Fit::No => attempt.succeed(person, fit).await,
        other => attempt.fail(other.as_ref()).await,
    }
}

/// The person of this username or email whose account is not disabled.
async fn find(desk: &Desk, name: &str) -> Result<Option<people::Model>> {
    let key = super::people::key(name);
    Ok(people::Entity::find()
        .filter(
            Condition::any()
                .add(people::Column::UsernameKey.eq(key.as_str()))
                .add(people::Column::EmailKey.eq(super::people::email_key(name))),
        )
        .filter(people::Column::DisabledAt.is_null())
        .one(desk.database.read())
        .await?)
}

/// An attempt whose password has been looked at.
struct Attempt<'a> {
    desk: &'a Desk,
    origin: &'a Origin,
    network: String,
    /// By what the account is counted.
    account: String,
    is_known_here: bool,
}

impl Attempt<'_> {
    async fn succeed(&self, looked_at: people::Model, fit: Fit) -> Result<Entered> {
        let Self { desk, network, .. } = self;
        let mut step = Step::entering(desk).await?;
        let person = super::people::lock(step.transaction(), looked_at.id).await?;
        // While the password was looked at, the account may have been disabled, or have got
        // another password.
        if person.disabled_at.is_some() || person.access_epoch != looked_at.access_epoch {
            drop(step);
            return self.fail(Some(&person)).await;
        }
        if let Fit::Outdated { new } = fit {
            super::people::rehash(step.transaction(), &person, new).await?;
        }
        limits::forget(
            step.transaction(),
            desk,
            &SIGN_IN_ACCOUNT,
            &pair(&self.account, network),
        )
        .await?;
        limits::give_back(step.transaction(), desk, &SIGN_IN_NETWORK, network).await?;
        if !self.is_known_here {
            limits::give_back(step.transaction(), desk, &SIGN_IN_ELSEWHERE, &self.account).await?;
        }
        if person.second_factor_at.is_some() {
            let (purpose, now) = (Purpose::SecondFactor, step.now);
            let secret = token::issue(step.transaction(), &person, purpose, now).await?;
            // Whoever has the password has not shown to be this person.
            let entry = Entry {
                subject: Subject::Person(person.id),
                ..self.event("code_asked")
            };
            step.append_entry(entry);
            step.commit().await?;
            return Ok(Entered {
                secret,
                asks_code: true,
            });
        }
        let secret = session::begin(step.transaction(), desk, &person, self.origin).await?;
        limits::remember_use(step.transaction(), desk, &self.account, network).await?;
        let entry = Entry {
            actor: Some(Actor::Person(PersonId(person.id))),
            subject: Subject::Person(person.id),
            ..self.event("signed_in")
        };
        step.append_entry(entry);
        step.commit().await?;
        Ok(Entered::session(secret))
    }

    /// The password fits, but nobody has shown to hold the address: sends a new link.
    async fn verify_first(&self, person: people::Model) -> Result<Entered> {
        let desk = self.desk;
        let told = Error::field(
            "username",
            "Your email address is not verified yet. We have sent you a new link.",
        );
        match limits::take(desk, &RESEND, &person.id.to_string()).await {
            Ok(_) => {}
            // The links sent before still lie in the mailbox.
            Err(Error::Throttled { .. }) => return Err(told),
            Err(error) => return Err(error),
        }
        let step = Step::begin(desk, By::Nobody).await?;
        post_link(step.transaction(), desk, &person, LinkLetter::VerifyEmail).await?;
        step.has_letters();
        step.commit().await?;
        Err(told)
    }

    async fn fail(&self, person: Option<&people::Model>) -> Result<Entered> {
        let desk = self.desk;
        let mut step = Step::entering(desk).await?;
        let entry = Entry {
            // Whoever tried has not shown to be this person.
            subject: person.map_or(Subject::Desk, |row| Subject::Person(row.id)),
            ..self.event("sign_in_failed")
        };
        step.append_entry(entry);
        step.commit().await?;
        Err(Error::field(
            "username",
            "Username and password do not fit together.",
        ))
    }

    fn event(&self, name: &'static str) -> Entry {
        Entry {
            actor: None,
            subject: Subject::Desk,
            name,
            body: json!({ "address": self.origin.address }),
            reason: String::new(),
        }
    }
}

/// Signs one of the demo's people in without a password. The server offers it in demo mode on a
/// loopback address alone.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person; [`Error::Input`] for a disabled one.
pub async fn sign_in_for_demo(desk: &Desk, username: &str, origin: &Origin) -> Result<String> {
    let mut step = Step::entering(desk).await?;
    let person = people::Entity::find()
        .filter(people::Column::UsernameKey.eq(super::people::key(username)))
        .one(step.transaction())
        .await?
        .ok_or(Error::NotFound)?;
    if person.disabled_at.is_some() {
        let text = format!(
            "The account of {} is disabled: choose somebody else.",
            person.name
        );
        return Err(Error::field("", text));
    }
    let secret = session::begin(step.transaction(), desk, &person, origin).await?;
    let entry = Entry {
        actor: Some(Actor::Person(PersonId(person.id))),
        subject: Subject::Person(person.id),
        name: "signed_in",
        body: json!({ "address": origin.address, "demo": true }),
        reason: String::new(),
    };
    step.append_entry(entry);
    step.commit().await?;
    Ok(secret)
}
