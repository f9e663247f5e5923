//! Record finding: a fault against an item, beside the item's own mark.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Result, input::input, typed};
use async_trait::async_trait;
use uuid::Uuid;
use workflow::{
    Action, ActionKind, FindingId, Outward, Refusal,
    action::NewFinding,
    checklist::{ListKind, Severity},
};

input! {
    /// A finding as typed.
    pub struct RecordFinding for "record_finding" OnCase {
        hidden list: ListKind;
        /// The key of the item it is recorded against.
        hidden item: String;
        /// As of a verdict.
        hidden gather: bool;
        typed severity: Option<Severity> = "Severity";
        /// What is wrong, to the developer.
        typed text: String = "What is wrong";
    }
}

#[async_trait]
impl CaseCommand for RecordFinding {
    fn kind(&self) -> ActionKind {
        match self.list {
            ListKind::Technical => ActionKind::RecordTechnicalFinding,
            ListKind::Completeness | ListKind::Commercial => ActionKind::RecordCommercialFinding,
        }
    }

    async fn prepare(&self, _: &Work<'_>) -> Result<Action> {
        // What fails completeness is asked about instead.
        if self.list == ListKind::Completeness {
            return Err(Refusal::UnknownItem { list: self.list }.into());
        }
        let (severity, text) = typed::both(
            typed::choice("severity", "Severity", self.severity),
            typed::required("text", "Finding", &self.text, "say what is wrong."),
        )?;
        Ok(Action::RecordFinding {
            list: self.list,
            item: self.item.clone(),
            finding: NewFinding {
                id: FindingId(Uuid::now_v7()),
                severity: Some(severity),
                text: Outward::written(text),
            },
        })
    }
}

/// Records a finding.
///
/// # Errors
/// See [`run`].
pub async fn record_finding(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    finding: RecordFinding,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &finding).await
}
