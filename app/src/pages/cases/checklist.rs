//! A checklist at work: items, marks, findings, and the forms to go on with.

use super::{changed, reopened::reopened, step_path, tasks::files_with};
use crate::{
    components::{
        CheckItem, Checks, Day, Fold, Hue, Life, More, Notice, SeverityTag, Tag, Time, Tone,
    },
    steps::cases::{
        About,
        check_item::{CheckItemForm, item_anchor},
        date_finding::DateFindingForm,
        record_finding::{RecordFindingForm, form_id},
        retest_finding::RetestFindingForm,
        waive_finding::WaiveFindingForm,
    },
};
use casework::queries::case_page::{CasePage, List, Waiver};
use leptos::prelude::*;
use workflow::{
    ActionKind, FilesOf,
    checklist::{Finding, FindingStatus, Item, ListKind, Severity},
    event::Pin,
};

/// The list, with forms where the reader may mark its items.
pub(super) fn checklist(page: &CasePage, list: &List, about: &About) -> impl IntoView + use<> {
    let may_check = page.can(ActionKind::check(list.kind));
    let items = list
        .template
        .items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            let next = next_unmarked(list, index);
            item_of(page, list, item, next, may_check, about)
        })
        .collect_view();
    let passed = list.sheet.passed.map(|stamp| {
        let what = match list.kind {
            ListKind::Completeness => "Confirmed by ",
            ListKind::Commercial | ListKind::Technical => "Passed by ",
        };
        view! {
            <p class="quiet-text">{what} {page.name(stamp.by)} ", " <Time at=stamp.at /></p>
        }
    });
    view! {
        {passed}
        <Checks>{items}</Checks>
    }
}

/// The key of the next item after this one that nobody has looked at.
fn next_unmarked(list: &List, index: usize) -> Option<String> {
    let items = &list.template.items;
    items
        .iter()
        .skip(index + 1)
        .chain(items.iter().take(index))
        .find(|item| list.mark(item).is_none())
        .map(|item| item.key.clone())
}

fn item_of(
    page: &CasePage,
    list: &List,
    item: &Item,
    next: Option<String>,
    may_check: bool,
    about: &About,
) -> impl IntoView + use<> {
    let mark = list.mark(item);
    let verdict = mark.map(|mark| mark.verdict.clone());
    let evidence = mark.map(|mark| mark.evidence.clone()).unwrap_or_default();
    let by = mark.map(|mark| {
        view! {
            <p class="quiet-text">{page.name(mark.by)} ", " <Time at=mark.at /></p>
        }
    });
    let known = page
        .findings_of(list.kind, &item.key)
        .any(|finding| !finding.is_over());
    let findings = page
        .findings_of(list.kind, &item.key)
        .map(|finding| finding_of(page, finding, about))
        .collect_view();
    let questions = page
        .case
        .open_questions()
        .filter(|question| {
            matches!(&question.pin, Pin::Item { list: kind, key } if *kind == list.kind && *key == item.key)
        })
        .map(|question| {
            let text = question.text.to_string();
            view! {
                <Notice tone=Tone::Attention>
                    <p>"Asked and not answered yet: " {text}</p>
                </Notice>
            }
        })
        .collect_view();
    let anchor = item_anchor(list.kind, &item.key);
    let came_back = |step: &str| about.visit.is_back(&format!("{step}-{anchor}"));
    // The forms of an item that carries a mark come when they are asked for: a list of twenty
    // items would otherwise be mostly forms that nobody opens.
    let at_work = mark.is_none()
        || about.visit.query("item") == Some(item.key.as_str())
        || came_back("check_item")
        || came_back("record_finding");
    let form = (may_check && at_work).then(|| {
        view! {
            <CheckItemForm
                about=about.clone()
                list=list.kind
                item=item.clone()
                revision=page.sent.as_ref().map_or(0, |sent| sent.revision)
                next=next
                evidence=evidence.clone()
                known=known
            />
        }
    });
    let again = (may_check && !at_work).then(|| {
        let number = page.case.number;
        let (word, key) = (list.kind.word(), &item.key);
        let href = format!("/cases/{number}?open={word}&item={key}#{anchor}");
        view! {
            <p>
                <a href=href>{again_text(list.kind)}</a>
            </p>
        }
    });
    let record = (at_work && mark.is_some())
        .then(|| record_form(page, list, item, about))
        .flatten();
    let ask = page.can(ActionKind::RequestClarification).then(|| {
        let href = format!(
            "{}?about=item:{}:{}",
            step_path(page.case.number, "clarify"),
            list.kind.word(),
            item.key
        );
        view! {
            <p>
                <a href=href>"Ask about this item"</a>
            </p>
        }
    });
    let is_new = changed::mark(page.is_item_new(list.kind, &item.key));
    let reopened = reopened(page, list, item, may_check, about);
    view! {
        <CheckItem
            id=anchor
            label=item.label.clone()
            verify=item.verify.clone()
            severity=item.severity
            verdict=verdict
            evidence=evidence
            guide=item.guide.clone()
        >
            {is_new}
            {by}
            {reopened}
            {findings}
            {questions}
            {form}
            {again}
            {record}
            {ask}
        </CheckItem>
    }
}

const fn again_text(list: ListKind) -> &'static str {
    match list {
        ListKind::Completeness => "Check again",
        ListKind::Commercial | ListKind::Technical => "Check again or record a finding",
    }
}

/// A further finding on an item that carries a mark.
fn record_form(
    page: &CasePage,
    list: &List,
    item: &Item,
    about: &About,
) -> Option<impl IntoView + use<>> {
    let action = match list.kind {
        ListKind::Completeness => return None,
        ListKind::Commercial => ActionKind::RecordCommercialFinding,
        ListKind::Technical => ActionKind::RecordTechnicalFinding,
    };
    let fold = fold_of(about, &form_id(list.kind, &item.key));
    page.can(action).then(|| {
        let (about, list, item) = (about.clone(), list.kind, item.clone());
        view! {
            <More summary="Record finding" fold=fold>
                <RecordFindingForm about=about list=list item=item />
            </More>
        }
    })
}

/// Open when the form came back.
fn fold_of(about: &About, id: &str) -> Fold {
    if about.visit.is_back(id) {
        Fold::Open
    } else {
        Fold::Closed
    }
}

fn finding_of(page: &CasePage, finding: &Finding, about: &About) -> impl IntoView + use<> {
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
            let (about, list) = (about.clone(), finding.list);
            view! {
                <More summary="Waive finding" fold=fold>
                    <WaiveFindingForm about=about list=list finding=id />
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
        let (about, list) = (about.clone(), finding.list);
        view! {
            <More summary="Set date for finding" fold=fold>
                <DateFindingForm about=about list=list finding=id />
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
            {files_with(page, &FilesOf::Response(finding.id))}
            {waive}
            {date}
            {retest}
        </div>
    }
}
