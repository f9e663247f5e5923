//! Record finding: a fault against an item, beside the item's own mark.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Result, typed};
use async_trait::async_trait;
use uuid::Uuid;
use workflow::{
    Action, ActionKind, FindingId, Refusal,
    action::NewFinding,
    checklist::{ListKind, Severity},
};

/// A finding as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordFinding {
    pub list: ListKind,
    /// The key of the item it is recorded against.
    pub item: String,
    pub severity: Option<Severity>,
    /// What is wrong, to the developer.
    pub text: String,
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
                severity,
                text,
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
