//! Appeal: the developer asks that the end of an application be looked at again, by somebody else.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{
    Caller, Desk, Error, Result,
    input::input,
    text::{Limits, lines},
};
use async_trait::async_trait;
use workflow::{Action, ActionKind};

input! {
    /// Why the end of an application is to be looked at again.
    pub struct AppealInput for "appeal" OnCase {
        typed text: String = "Why" up to LONGEST_APPEAL;
    }
}

/// The longest appeal, in characters.
pub const LONGEST_APPEAL: usize = 5_000;

struct Appeal(String);

#[async_trait]
impl CaseCommand for Appeal {
    fn kind(&self) -> ActionKind {
        ActionKind::Appeal
    }

    async fn prepare(&self, _work: &Work<'_>) -> Result<Action> {
        Ok(Action::Appeal {
            text: self.0.clone(),
        })
    }
}

/// Appeals against the end of an application, once and in time.
///
/// # Errors
/// See [`run`]; [`Error::Input`] on `text`; [`Error::Refused`] where the time for it has passed or it
/// was done before.
pub async fn appeal(desk: &Desk, caller: &Caller, envelope: &Envelope, text: &str) -> Result<Done> {
    let limits = Limits {
        field: "text",
        label: "Why",
        min: 10,
        max: LONGEST_APPEAL,
    };
    let mut problems = Vec::new();
    let text = lines(limits, text, &mut problems);
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    run(desk, Some(caller), envelope, &Appeal(text)).await
}
