//! Change the own email address: the one of now and the next one both confirm it.
//!
//! Whoever asks learns nothing about other accounts: the answer is the same whether or not the
//! address belongs to somebody, who then gets a letter in place of the link.

use super::{anew::Anew, own_step::OwnStep};
use crate::{
    By, Caller, Desk, Error, Lock, Result, Step,
    accounts::{self, Origin, Purpose, Secrets, entry},
    entities::{email_changes, people},
    input::input,
    limits::{self, EMAIL_CHANGE, LINK},
    people::{
        AccountLetter, LinkLetter, Posted, issue_link, letters::post_link, people::email_key,
        post_to_person, token,
    },
    take, typed,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set,
};
use serde_json::json;
use uuid::Uuid;
use workflow::{PersonId, mailbox::Mailbox};

input! {
    /// The new address, the password, and a code where the account asks for a second factor.
    pub struct ChangeEmailInput for "change_email" OnDesk {
        typed email: String = "New email" up to 254;
        secret password = "Password" up to accounts::LONGEST_PASSWORD;
        secret code = "Code" up to 40;
    }
}

input! {
    /// Nothing is typed: everything stays as it is.
    pub struct CancelEmailChangeInput for "cancel_email_change" OnDesk {}
}

input! {
    /// The link's secret.
    pub struct ConfirmEmailInput for "confirm_email" ByVisitor {
        secret token = "Link";
    }
}

/// What came of a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailConfirmed {
    /// The other address has still to confirm it.
    Half,
    /// Both have: the account has the new address.
    Changed,
}

/// Asks both addresses to confirm the new one. One change is under way at a time: a newer one takes
/// the place of the one before.
///
/// # Errors
/// [`Error::Input`] on `email`, `password` and `code`; [`Error::Throttled`]; [`Error::Preview`] while a
/// passkey is asked.
pub async fn change_email(
    desk: &Desk,
    caller: &Caller,
    email: &str,
    given: Secrets<'_>,
) -> Result<()> {
    let email = workflow::text::line(email);
    let own = accounts::find(desk.database.read(), caller.person).await?;
    let fits = match Mailbox::parse(&email, desk.local_parts()) {
        Err(fault) => Err(Error::field("email", format!("New email: {fault}"))),
        Ok(_) if own.email == email => Err(Error::field(
            "email",
            "New email: this is your address already.",
        )),
        Ok(_) => Ok(()),
    };
    let given = Anew::ask(desk, caller, &own, given).await;
    let ((), given) = typed::both(fits, given)?;
    limits::take(desk, &EMAIL_CHANGE, &caller.person.to_string()).await?;
    let step = OwnStep::begin_alone(desk, caller).await?;
    let (person, now) = (&step.person, step.step.now);
    let meaning = format!("Change of the account's email address to {email}");
    let given = given.take(&step.step, person, &meaning).await?;
    let key = email_key(&email);
    forget(step.transaction(), person.id).await?;
    email_changes::Entity::insert(email_changes::ActiveModel {
        person_id: Set(person.id),
        email: Set(email.clone()),
        asked_at: Set(now.micros()),
        expires_at: Set(now.plus(Purpose::ConfirmNewAddress.lifetime()).micros()),
        old_confirmed_at: Set(None),
        new_confirmed_at: Set(None),
        access_epoch: Set(person.access_epoch),
    })
    .exec_without_returning(step.transaction())
    .await?;
    let to_old = LinkLetter::ConfirmOldAddress { new: email.clone() };
    if post_link(step.transaction(), desk, person, to_old).await? == Posted::Withheld {
        return Err(Error::Throttled { minutes: 60 });
    }
    // Nobody has shown to hold the new address: the letter there calls nobody by name.
    let at_new = people::Model {
        email,
        email_verified_at: None,
        ..person.clone()
    };
    match holder(step.transaction(), &key, person.id).await? {
        None => {
            post_link(
                step.transaction(),
                desk,
                &at_new,
                LinkLetter::ConfirmNewAddress,
            )
            .await?;
        }
        Some(holder) => {
            // As much work, and a link that nobody is sent.
            let purpose = Purpose::ConfirmNewAddress;
            issue_link(step.transaction(), &at_new, purpose, now).await?;
            let letter = AccountLetter::AddressWanted;
            post_to_person(step.transaction(), desk, &holder, letter).await?;
        }
    }
    step.step.has_letters();
    step.commit("email_change_asked", json!({ "confirmed_with": given }))
        .await
}

/// Takes a change back that is under way.
///
/// # Errors
/// [`Error::NotFound`] where none is.
pub async fn cancel_email_change(desk: &Desk, caller: &Caller) -> Result<()> {
    let step = OwnStep::begin(desk, caller).await?;
    let change = under_way(step.transaction(), &step.person, step.step.now).await?;
    change.ok_or(Error::NotFound)?;
    forget(step.transaction(), step.person.id).await?;
    step.commit("email_change_cancelled", json!({})).await
}

/// Notes that the holder of the link agrees; once both addresses have, the account has the new one.
///
/// # Errors
/// [`Error::LinkExpired`]; [`Error::Throttled`].
pub async fn confirm_email(desk: &Desk, secret: &str, origin: &Origin) -> Result<EmailConfirmed> {
    limits::take(desk, &LINK, &limits::network(&origin.address)).await?;
    let mut step = Step::begin(desk, By::Nobody).await?;
    take(step.transaction(), Lock::Identity).await?;
    let now = step.now;
    let purpose = purpose_of(step.transaction(), secret, now).await?;
    let person = token::redeem(step.transaction(), secret, purpose, now).await?;
    let change = under_way(step.transaction(), &person, now).await?;
    let mut change = change.ok_or(Error::LinkExpired)?;
    let which = if purpose == Purpose::ConfirmOldAddress {
        change.old_confirmed_at = Some(now.micros());
        "present"
    } else {
        change.new_confirmed_at = Some(now.micros());
        "new"
    };
    let about = |name, body| entry(Some(PersonId(person.id)), person.id, name, body);
    step.append_entry(about("email_confirmed", json!({ "address": which })));
    if change.old_confirmed_at.is_none() || change.new_confirmed_at.is_none() {
        let row = change.into_active_model().reset_all();
        row.update(step.transaction()).await?;
        step.commit().await?;
        return Ok(EmailConfirmed::Half);
    }
    let key = email_key(&change.email);
    if holder(step.transaction(), &key, person.id).await?.is_some() {
        // Somebody registered with it meanwhile.
        return Err(Error::LinkExpired);
    }
    forget(step.transaction(), person.id).await?;
    people::Entity::update(people::ActiveModel {
        id: Set(person.id),
        email: Set(change.email.clone()),
        email_key: Set(key),
        email_verified_at: Set(Some(now.micros())),
        ..Default::default()
    })
    .exec(step.transaction())
    .await?;
    let letter = AccountLetter::EmailChanged { new: change.email };
    post_to_person(step.transaction(), desk, &person, letter).await?;
    step.append_entry(about("email_changed", json!({})));
    step.has_letters();
    step.commit().await?;
    Ok(EmailConfirmed::Changed)
}

/// Which of the two links this is.
///
/// # Errors
/// [`Error::LinkExpired`] for what is neither.
async fn purpose_of(
    connection: &impl ConnectionTrait,
    secret: &str,
    now: workflow::Timestamp,
) -> Result<Purpose> {
    let purpose = Purpose::ConfirmOldAddress;
    match token::who(connection, secret, purpose, now).await {
        Ok(_) => Ok(purpose),
        Err(Error::LinkExpired) => Ok(Purpose::ConfirmNewAddress),
        Err(error) => Err(error),
    }
}

/// The change that a link which still works is about.
///
/// # Errors
/// [`Error::LinkExpired`].
pub async fn email_change_of_link(desk: &Desk, secret: &str) -> Result<String> {
    let database = desk.database.read();
    let now = desk.now();
    let purpose = purpose_of(database, secret, now).await?;
    let person = token::who(database, secret, purpose, now).await?;
    let change = under_way(database, &person, now).await?;
    change.map(|change| change.email).ok_or(Error::LinkExpired)
}

/// The change that is under way, if one is.
pub(crate) async fn under_way(
    connection: &impl ConnectionTrait,
    person: &people::Model,
    now: workflow::Timestamp,
) -> Result<Option<email_changes::Model>> {
    Ok(email_changes::Entity::find_by_id(person.id)
        .filter(email_changes::Column::ExpiresAt.gt(now.micros()))
        .filter(email_changes::Column::AccessEpoch.eq(person.access_epoch))
        .one(connection)
        .await?)
}

/// Ends a change with its links.
async fn forget(connection: &impl ConnectionTrait, person: Uuid) -> Result<()> {
    email_changes::Entity::delete_by_id(person)
        .exec(connection)
        .await?;
    token::end(connection, person, Purpose::ConfirmOldAddress).await?;
    token::end(connection, person, Purpose::ConfirmNewAddress).await
}

/// Who else has this address.
async fn holder(
    connection: &impl ConnectionTrait,
    key: &str,
    but: Uuid,
) -> Result<Option<people::Model>> {
    Ok(people::Entity::find()
        .filter(people::Column::EmailKey.eq(key))
        .filter(people::Column::Id.ne(but))
        .one(connection)
        .await?)
}
