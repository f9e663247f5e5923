//! Publish a new version of an agreement. Versions already published never change.

use super::publish_next::PublishNext;
use crate::{
    Caller, Desk, Error, Result,
    input::input,
    office::visible::unseen,
    policy::{DeskAct, Subject},
    reference::{AGREEMENT_KINDS, publish::Document, title},
    text::{Limits, lines},
};
use std::collections::BTreeSet;
use workflow::form::Problem;

input! {
    /// The next version of an agreement.
    pub struct PublishAgreementInput for "publish_agreement" OnDesk {
        hidden kind: String;
        /// The version in force that the admin saw.
        hidden seen: u32;
        typed body: String = "Text" up to LONGEST_AGREEMENT;
    }
}

/// The longest agreement, in characters.
pub const LONGEST_AGREEMENT: usize = workflow::limits::AGREEMENT_CHARACTERS;

/// Publishes `body` (Markdown, beginning with a heading) as the next version of the agreement of
/// this kind; `seen` is the newest version the person looked at. Answers the new version.
///
/// # Errors
/// [`Error::Forbidden`] to those who may not manage agreements, [`Error::Input`] on the field
/// `body` – also where a part of it would be signed and not shown –, [`Error::Conflict`] when another version has been published meanwhile.
pub async fn publish_agreement(
    desk: &Desk,
    caller: &Caller,
    kind: &str,
    body: &str,
    seen: u32,
) -> Result<u32> {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    desk.policy.require(&subject, DeskAct::ManageAgreements)?;
    if !AGREEMENT_KINDS.iter().any(|(known, _)| *known == kind) {
        return Err(Error::NotFound);
    }
    let limits = Limits {
        field: "body",
        label: "Text",
        min: 100,
        max: LONGEST_AGREEMENT,
    };
    let mut problems = Vec::new();
    let mut body = lines(limits, body, &mut problems);
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    if title(&body).is_none() {
        return Err(Error::field(
            "body",
            "Text: begin with a line such as \"# Data Licensing Agreement\".",
        ));
    }
    let problems: Vec<Problem> = unseen(&body)
        .into_iter()
        .map(|text| Problem {
            field: "body".to_owned(),
            text: format!("Text: {text}"),
        })
        .collect();
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    body.push('\n');
    let step = PublishNext {
        document: Document::Agreement,
        kind,
        seen,
    };
    step.run(desk, caller, |newest, _| match newest {
        Some(newest) if newest.body == body => Err(Error::field(
            "body",
            "Text: this is the text already in force; change it, then publish.",
        )),
        _ => Ok(body),
    })
    .await
}
