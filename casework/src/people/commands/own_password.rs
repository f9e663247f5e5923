//! Change the own password.

use super::own_step::OwnStep;
use crate::{
    Caller, Desk, Error, Result,
    accounts::{self, verify_password},
    input::input,
    people::{
        AccountLetter,
        password::{hash, problem},
        people::set_password,
        post_to_person,
        session::{self, Kept},
    },
    typed,
};
use serde_json::json;

input! {
    /// The password of now, and the next one.
    pub struct ChangePasswordInput for "change_password" OnDesk {
        secret password = "Present password" up to accounts::LONGEST_PASSWORD;
        secret new_password = "New password" up to accounts::LONGEST_PASSWORD;
    }
}

/// Sets a new password. Everything that was handed out before ends (links, sessions), but for the
/// session of this cookie.
///
/// # Errors
/// [`Error::Input`] on `password` and `new_password`; [`Error::Throttled`].
pub async fn change_password(
    desk: &Desk,
    caller: &Caller,
    present: &str,
    new: &str,
    own: Option<&str>,
) -> Result<()> {
    // Of a double click the second one comes when the present password is the new one already.
    if desk.led_before(Some(caller.person)).await?.is_some() {
        return Err(Error::Before);
    }
    let verified = verify_password(desk, caller, present).await;
    let person = accounts::find(desk.database.read(), caller.person).await?;
    let about = [person.name.as_str(), &person.username, &person.email];
    let wrong = match problem(new, &about).await? {
        Some(text) => Some(text.replacen("Password:", "New password:", 1)),
        None => {
            (present == new).then(|| "New password: choose another one than you have.".to_owned())
        }
    };
    let fits = wrong.map_or(Ok(()), |text| Err(Error::field("new_password", text)));
    typed::both(verified, fits)?;
    let hash = hash(new.to_owned()).await?;
    let step = OwnStep::begin(desk, caller).await?;
    if step.person.access_epoch != person.access_epoch {
        // While the present password was looked at, the account got another one.
        return Err(Error::SignedOut);
    }
    let kept = Kept::take(step.transaction(), desk, &step.person, own).await?;
    let verified_at = step
        .person
        .email_verified_at
        .unwrap_or(step.step.now.micros());
    set_password(step.transaction(), &step.person, hash, verified_at).await?;
    session::give_back(step.transaction(), kept).await?;
    let letter = AccountLetter::PasswordChanged;
    post_to_person(step.transaction(), desk, &step.person, letter).await?;
    step.step.has_letters();
    step.commit("password_changed", json!({})).await
}
