//! A finding with its whole life, and the forms that settle it.

use super::{place::Place, submission::files_with};
use crate::{
    components::{Day, Fold, Hue, Life, More, SeverityTag, Tag},
    steps::cases::{
        About, date_finding::DateFindingForm, retest_finding::RetestFindingForm,
        waive_finding::WaiveFindingForm,
    },
};
use casework::queries::case_page::{CasePage, Waiver};
use leptos::prelude::*;
use workflow::{
    ActionKind, FilesOf,
    checklist::{Finding, FindingStatus, Severity},
};

/// Open when the form came back.
pub(super) fn fold_of(about: &About, id: &str) -> Fold {
    if about.visit.is_back(id) {
        Fold::Open
    } else {
        Fold::Closed
    }
}

pub(super) fn finding_of(
    page: &CasePage,
    finding: &Finding,
    about: &About,
    place: &Place,
) -> impl IntoView + use<> {
    let (hue, word) = match &finding.status {
        FindingStatus::Open { returned: None } => (Hue::Overdue, "Open"),
        FindingStatus::Open { returned: Some(_) } => (Hue::Overdue, "Failed again"),
        FindingStatus::Responded { .. } => (Hue::Developer, "Answered"),
        FindingStatus::Resolved { .. } => (Hue::Approved, "Corrected"),
        FindingStatus::Waived { .. } => (Hue::Waiting, "Waived"),
        FindingStatus::Dated {
            reported: Some(_), ..
        } => (Hue::Developer, "Reported as corrected"),
        FindingStatus::Dated { .. } => (Hue::Waiting, "Dated"),
    };
    let due = finding.dated().map(|due| {
        view! {
            <span class="quiet-text">"To be corrected by " <Day at=due /></span>
        }
    });
    let id = finding.id;
    let waive = match page.waiver(finding) {
        Waiver::Possible => {
            let fold = fold_of(about, &format!("waive_finding-{id}"));
            let about = about.clone();
            view! {
                <More summary="Waive finding" fold=fold>
                    <WaiveFindingForm about=about finding=id />
                </More>
            }
            .into_any()
        }
        Waiver::SecondPerson(reason) => {
            view! { <p class="quiet-text">{reason.to_owned()}</p> }.into_any()
        }
        Waiver::Impossible => ().into_any(),
    };
    let may_date = finding.stands()
        && finding.severity != Severity::Blocker
        && page.can(ActionKind::check(finding.list))
        && page.can(ActionKind::DateFinding);
    let date = may_date.then(|| {
        let fold = fold_of(about, &format!("date_finding-{id}"));
        let about = about.clone();
        view! {
            <More summary="Set date for finding" fold=fold>
                <DateFindingForm about=about finding=id />
            </More>
        }
    });
    let retest = (finding.dated().is_some() && page.can(ActionKind::retest_finding(finding.list)))
        .then(|| {
            let (list, about) = (finding.list, about.clone());
            let report = finding.reported_at();
            let fold = if report.is_some() {
                Fold::Open
            } else {
                fold_of(&about, &format!("retest_finding-{id}"))
            };
            view! {
                <More summary="Re-test finding" fold=fold>
                    <RetestFindingForm about=about list=list finding=id report=report />
                </More>
            }
        });
    view! {
        <div class="finding" id=format!("finding-{}", finding.id)>
            <div class="row">
                <SeverityTag severity=finding.severity />
                <Tag hue=hue text=word />
                {due}
            </div>
            <p class="as-typed">{finding.text.to_string()}</p>
            <Life lines=page.life(finding).collect() />
            {files_with(page, &FilesOf::Response(finding.id), place)}
            {waive}
            {date}
            {retest}
        </div>
    }
}
