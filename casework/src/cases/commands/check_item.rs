//! Check item: one item of a checklist passes, fails or does not apply. What fails a review is a
//! finding.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Result, input::input, typed};
use async_trait::async_trait;
use uuid::Uuid;
use workflow::{
    Action, ActionKind, FindingId, Internal, Outward,
    action::NewFinding,
    checklist::{ListKind, Severity, Verdict},
};

/// The longest evidence, in characters.
const LONGEST_EVIDENCE: usize = 2_000;

input! {
    /// A mark as typed.
    pub struct CheckItem for "check_item" OnCase {
        hidden list: ListKind;
        /// The key of the item.
        hidden item: String;
        /// The revision of the submission that the page showed.
        hidden revision: u32;
        /// `pass`, `fail` or `not_applicable`.
        typed verdict: String = "Verdict" up to 40;
        /// What shows it: a link, a file's name, a log line.
        typed evidence: String = "Evidence" up to LONGEST_EVIDENCE;
        /// For `fail` what is wrong, to the developer; for `not_applicable` why.
        typed note: String = "Note";
        /// How much a failure weighs; nothing means as much as the template says, or as before
        /// where it fails again.
        typed severity: Option<Severity> = "If it fails";
        /// It is gathered in the caller's review, to be published with it.
        hidden gather: bool;
        /// The key of the item to look at afterwards; nothing means the same.
        hidden next: Option<String>;
    }
}

#[async_trait]
impl CaseCommand for CheckItem {
    fn kind(&self) -> ActionKind {
        ActionKind::check(self.list)
    }

    async fn prepare(&self, _: &Work<'_>) -> Result<Action> {
        let evidence = typed::limited("evidence", "Evidence", &self.evidence, LONGEST_EVIDENCE)?;
        let mut finding = None;
        let verdict = match self.verdict.as_str() {
            "pass" => Verdict::Pass,
            "fail" if self.list == ListKind::Completeness => Verdict::Fail,
            "fail" => {
                finding = Some(self.finding()?);
                Verdict::Fail
            }
            "not_applicable" => Verdict::NotApplicable {
                reason: Internal::written(typed::required(
                    "note",
                    "N/A",
                    &self.note,
                    "say why it does not apply.",
                )?),
            },
            _ => typed::choice("verdict", "Verdict", None)?,
        };
        Ok(Action::CheckItem {
            list: self.list,
            item: self.item.clone(),
            verdict,
            evidence,
            revision: self.revision,
            finding,
        })
    }
}

impl CheckItem {
    fn finding(&self) -> Result<NewFinding> {
        Ok(NewFinding {
            id: FindingId(Uuid::now_v7()),
            severity: self.severity,
            text: Outward::written(typed::required(
                "note",
                "Fail",
                &self.note,
                "say what is wrong; the developer will read it.",
            )?),
        })
    }
}

/// Marks an item.
///
/// # Errors
/// See [`run`].
pub async fn check_item(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    mark: CheckItem,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &mark).await
}
