//! Accept the Data Licensing Agreement: signed anew; the signature binds the
//! document's bytes, case, app, signer, capacity, meaning and time.

use super::{CaseCommand, Done, Envelope, Work, may_sign, run};
use crate::{
    Caller, Desk, Error, Result,
    accounts::{Proof, Secrets, prove},
    digest::sha256,
    input::input,
    reference::{DLA, publish::Document},
    signatures::{self, ToSign},
    text::{Limits, line},
    typed,
};
use async_trait::async_trait;
use workflow::{Action, ActionKind, event::Acceptance};

input! {
    /// What a signer confirms, and signs with.
    pub struct AcceptDlaInput for "accept_dla" OnCase {
        /// The version of the agreement on the page.
        hidden agreement: u32;
        typed capacity: String = "In what capacity you sign" up to 120;
        typed consent: bool = "I have read the agreement above and accept it.";
        secret password = "Your password";
        secret code = "Code" up to 40;
    }
}

/// What the signer was shown and typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signing {
    /// The version of the agreement on the page.
    pub version: u32,
    /// In what capacity the person signs for the organisation.
    pub capacity: String,
    /// The box was ticked by hand.
    pub consent: bool,
}

/// What the signature means, as it stands above the password.
pub const ACCEPTANCE: &str = "I have read the Data Licensing Agreement and accept it for the organisation, which I am entitled to bind.";

struct AcceptDla {
    signing: Signing,
    proof: Proof,
}

#[async_trait]
impl CaseCommand for AcceptDla {
    fn kind(&self) -> ActionKind {
        ActionKind::AcceptDla
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        let current = Document::Agreement
            .newest(work.transaction(), DLA)
            .await?
            .ok_or_else(|| Error::unavailable("no Data Licensing Agreement is published"))?;
        let document_sha256 = sha256(current.body.as_bytes());
        let to_sign = ToSign {
            meaning: ACCEPTANCE.to_owned(),
            capacity: self.signing.capacity.clone(),
            document_sha256: document_sha256.clone(),
        };
        let signature = signatures::sign(work, &self.proof, to_sign).await?;
        Ok(Action::AcceptDla {
            acceptance: Acceptance {
                version: self.signing.version,
                document_sha256,
                signature,
                capacity: self.signing.capacity.clone(),
            },
            current_version: current.version,
            consent: self.signing.consent,
        })
    }

    fn proof(&self) -> Option<&Proof> {
        Some(&self.proof)
    }
}

/// Accepts the agreement for the case.
///
/// # Errors
/// See [`run`]; [`Error::Input`] on `capacity`, `consent` or `password`; throttled after wrong
/// passwords.
pub async fn accept_dla(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    signing: &Signing,
    given: impl Into<Secrets<'_>>,
) -> Result<Done> {
    may_sign(desk, caller, envelope.case, ActionKind::AcceptDla).await?;
    let limits = Limits {
        field: "capacity",
        label: "In what capacity you sign",
        min: 2,
        max: 120,
    };
    let mut problems = Vec::new();
    let capacity = line(limits, &signing.capacity, &mut problems);
    if !signing.consent {
        problems.push(workflow::form::Problem {
            field: "consent".to_owned(),
            text: "Tick the box to accept the agreement.".to_owned(),
        });
    }
    let proof = prove(desk, caller, given.into()).await;
    let (_, proof) = typed::both(typed::all_well(problems), proof)?;
    let signing = Signing {
        capacity,
        ..signing.clone()
    };
    run(desk, Some(caller), envelope, &AcceptDla { signing, proof }).await
}
