//! What a step on the own account asks for anew, beside the session: the password, with a code where
//! the account has a second factor; or a passkey, which signs what is done.

use super::own_second_factor::{code_typed, wrong_code};
use crate::{
    Caller, Desk, Error, Result, Step,
    accounts::{Proof, Secrets, prove, verify_password},
    entities::people,
    people::second_factor,
    typed,
};
use serde_json::json;

/// What was given of it. Made by [`Anew::ask`] alone.
pub(super) enum Anew<'a> {
    /// The password, which fits. The code is taken within the step.
    Typed {
        code: &'a str,
    },
    Signed(Proof),
}

impl<'a> Anew<'a> {
    /// Asks for it, of the account as it is now.
    ///
    /// # Errors
    /// [`Error::Input`] on `password` and `code`; [`Error::Throttled`].
    pub async fn ask(
        desk: &Desk,
        caller: &Caller,
        own: &people::Model,
        given: Secrets<'a>,
    ) -> Result<Self> {
        if desk.signing().is_some() {
            return Ok(Self::Signed(prove(desk, caller, given).await?));
        }
        typed::both(
            verify_password(desk, caller, given.password).await,
            code_typed(own, given.code),
        )?;
        Ok(Self::Typed { code: given.code })
    }

    /// Takes it within the step that does what `meaning` says; answers how it was given.
    ///
    /// # Errors
    /// [`Error::Input`] on `code`; [`Error::Conflict`] where a passkey has signed something else.
    pub async fn take(
        &self,
        step: &Step<'_>,
        person: &people::Model,
        meaning: &str,
    ) -> Result<&'static str> {
        match self {
            Self::Typed { .. } if person.second_factor_at.is_none() => Ok("password"),
            Self::Typed { code } => {
                let transaction = step.transaction();
                let taken =
                    second_factor::take_code(transaction, step.desk, person, code, step.now);
                taken.await?.ok_or_else(wrong_code)?;
                Ok("password_and_code")
            }
            Self::Signed(proof) => {
                let (id, at) = proof.id_and_moment(step.now);
                let text = trail::canonical(&json!({
                    "id": id,
                    "at": at,
                    "account": person.id,
                    "signer_name": person.name,
                    "meaning": meaning,
                }))
                .map_err(|_| Error::Malformed)?;
                proof.under(id, at, &text)?;
                Ok(proof.method())
            }
        }
    }
}
