//! A checklist at work: its items on one line each, the one at hand unfolded with everything that can
//! be done about it, what has passed folded away.

use super::{
    changed, cited,
    findings::finding_of,
    pace::minutes_left,
    panel::{Panel, panel},
    place::Place,
    reopened::reopened,
    review,
};
use crate::{
    components::{CheckItem, CheckRow, Checks, Icon, Notice, Pic, RowButton, Saying, Time, Tone},
    steps::cases::{
        About,
        check_item::{item_anchor, pass_form, pass_form_id},
    },
};
use casework::{
    Caller,
    commands::CheckItem as Input,
    queries::case_page::{CasePage, List},
};
use leptos::prelude::*;
use workflow::{
    ActionKind,
    checklist::{Finding, Item, ListKind, Mark, Verdict},
    event::Pin,
};

/// The list, with forms where the reader may mark its items.
pub(super) fn checklist(
    caller: &Caller,
    page: &CasePage,
    list: &List,
    about: &About,
    place: &Place,
) -> impl IntoView + use<> {
    let may_check = page.can(ActionKind::check(list.kind));
    let at_hand = |item: &Item| place.item.as_ref() == Some(&item.key);
    let (folded, open): (Vec<_>, Vec<_>) = list
        .template
        .items
        .iter()
        .enumerate()
        .partition(|(_, item)| !place.reads_all && !at_hand(item) && is_settled(page, list, item));
    let draw = |(index, item): (usize, &Item)| {
        if place.reads_all || at_hand(item) {
            item_of(page, list, item, index, may_check, about, place).into_any()
        } else {
            row_of(page, list, item, index, may_check, place).into_any()
        }
    };
    let passed = (!folded.is_empty()).then(|| {
        let summary = format!("{} passed", folded.len());
        let id = format!("passed-{}", list.kind.word());
        let rows = folded.into_iter().map(draw).collect_view();
        view! {
            <details class="more passed" id=id>
                <summary>
                    <Icon pic=Pic::Chevron />
                    {summary}
                </summary>
                <Checks>{rows}</Checks>
            </details>
        }
    });
    // The form of the buttons of the lines, where there are any.
    let passes_in_a_row = |(_, item): &(usize, &Item)| {
        !place.reads_all && !at_hand(item) && passes_in_its_row(page, list, item)
    };
    let pass = (may_check && open.iter().any(passes_in_a_row))
        .then(|| pass_form(about, list.kind, revision_of(page)));
    let open = (!open.is_empty()).then(|| {
        let rows = open.into_iter().map(draw).collect_view();
        view! { <Checks>{rows}</Checks> }
    });
    let stamp = list.sheet.passed.map(|stamp| {
        let what = match list.kind {
            ListKind::Completeness => "Confirmed by ",
            ListKind::Commercial | ListKind::Technical => "Passed by ",
        };
        view! {
            <p class="quiet-text">{what} {page.name(stamp.by)} ", " <Time at=stamp.at /></p>
        }
    });
    view! {
        {stamp}
        {head(caller, list, may_check, place)}
        {passed}
        {open}
        {pass}
    }
}

/// The revision that the page shows.
pub(super) fn revision_of(page: &CasePage) -> u32 {
    page.sent.as_ref().map_or(0, |sent| sent.revision)
}

/// How far it is, how long it takes yet, and the way to read all of it.
fn head(caller: &Caller, list: &List, may_check: bool, place: &Place) -> impl IntoView + use<> {
    let (marked, total) = (list.marked(), list.template.items.len());
    let left = total - marked;
    let marks: Vec<&Mark> = list.sheet.marks.values().collect();
    let pace = may_check
        .then(|| minutes_left(&marks, caller.person, left))
        .flatten()
        .map(|minutes| format!(", about {minutes} min at your pace"));
    let label = format!("{}: {marked} of {total} checked", list.kind.label());
    let (href, words) = match place.reads_all {
        true => (place.reading_all(false), "Fold the items"),
        false => (place.reading_all(true), "Unfold all items"),
    };
    view! {
        <div class="list-head">
            <progress max=total.to_string() value=marked.to_string() aria-label=label></progress>
            <span class="quiet-text">{left} " to go" {pace}</span>
            <a href=href.href()>{words}</a>
        </div>
    }
}

/// Nothing is to be done about it: it passed or does not apply, and nothing stands open against it.
fn is_settled(page: &CasePage, list: &List, item: &Item) -> bool {
    let passed = list
        .mark(item)
        .is_some_and(|mark| mark.verdict != Verdict::Fail);
    let mut findings = page.findings_of(list.kind, &item.key);
    passed && !findings.any(Finding::stands) && questions_of(page, list, item).is_empty()
}

/// What was asked about it and is not answered yet.
fn questions_of(page: &CasePage, list: &List, item: &Item) -> Vec<String> {
    page.case
        .open_questions()
        .filter(|question| {
            matches!(&question.pin, Pin::Item { list: kind, key } if *kind == list.kind && *key == item.key)
        })
        .map(|question| question.text.to_string())
        .collect()
}

/// The key of the next item after this one that nobody has looked at.
fn next_unmarked(page: &CasePage, list: &List, index: usize) -> Option<String> {
    let items = &list.template.items;
    items
        .iter()
        .skip(index + 1)
        .chain(items.iter().take(index))
        .find(|item| list.mark(item).is_none() && page.gathered_on(list.kind, &item.key).is_none())
        .map(|item| item.key.clone())
}

/// Whether its line has the button that passes it: what is open again is looked at before.
fn passes_in_its_row(page: &CasePage, list: &List, item: &Item) -> bool {
    list.mark(item).is_none()
        && page.reopened_of(list.kind, &item.key).is_none()
        && page.gathered_on(list.kind, &item.key).is_none()
}

/// An item on one line.
fn row_of(
    page: &CasePage,
    list: &List,
    item: &Item,
    index: usize,
    may_check: bool,
    place: &Place,
) -> impl IntoView + use<> {
    let findings = page.findings_of(list.kind, &item.key);
    let standing = findings.filter(|finding| finding.stands());
    let (open, answered): (Vec<_>, Vec<_>) = standing.partition(|finding| finding.is_open());
    let questions = questions_of(page, list, item).len();
    let again = page.reopened_of(list.kind, &item.key).is_some();
    let open = [
        again.then(|| "open again".to_owned()),
        counted(open.len(), "open finding", "open findings"),
        counted(answered.len(), "answered finding", "answered findings"),
        counted(questions, "question", "questions"),
    ];
    let open = open.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let mark = list.mark(item);
    let gathered = review::gathered(page, list.kind, &item.key);
    let pass = (may_check && passes_in_its_row(page, list, item)).then(|| {
        let (form, label) = (pass_form_id(list.kind), format!("Pass: {}", item.label));
        let says = Saying::of(&Input::item(), &item.key);
        view! { <RowButton form=form says=says label=label>"Pass"</RowButton> }
    });
    let changed = changed::mark(page.is_item_new(list.kind, &item.key));
    view! {
        <CheckRow
            id=item_anchor(list.kind, &item.key)
            number=index + 1
            label=item.label.clone()
            href=place.at_item(list.kind, &item.key).href()
            severity=item.severity
            verdict=mark.map(|mark| mark.verdict.clone())
            open=open
        >
            {changed}
            {gathered}
            {pass}
        </CheckRow>
    }
}

fn counted(count: usize, one: &str, many: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {many}")),
    }
}

/// An item unfolded: what must be so, what came out, findings and questions; at hand with its forms.
fn item_of(
    page: &CasePage,
    list: &List,
    item: &Item,
    index: usize,
    may_check: bool,
    about: &About,
    place: &Place,
) -> impl IntoView + use<> {
    let at_hand = place.item.as_ref() == Some(&item.key);
    let mark = list.mark(item);
    let evidence = mark.map(|mark| mark.evidence.as_str()).unwrap_or_default();
    let shown = (!evidence.is_empty()).then(|| cited::linked(page, place, evidence).into_any());
    let by = mark.map(|mark| {
        view! {
            <p class="quiet-text">{page.name(mark.by)} ", " <Time at=mark.at /></p>
        }
    });
    let findings = page
        .findings_of(list.kind, &item.key)
        .map(|finding| finding_of(page, finding, about, place))
        .collect_view();
    let questions = questions_of(page, list, item)
        .into_iter()
        .map(|text| {
            view! {
                <Notice tone=Tone::Attention>
                    <p>"Asked and not answered yet: " {text}</p>
                </Notice>
            }
        })
        .collect_view();
    let forms = at_hand.then(|| {
        panel(&Panel {
            page,
            list,
            item,
            next: next_unmarked(page, list, index),
            may_check,
            about,
            place,
        })
    });
    let changed = changed::mark(page.is_item_new(list.kind, &item.key));
    let gathered = review::gathered(page, list.kind, &item.key);
    let again = reopened(page, list, item, may_check && at_hand, about);
    view! {
        <CheckItem
            id=item_anchor(list.kind, &item.key)
            number=index + 1
            at_hand=at_hand
            label=item.label.clone()
            verify=item.verify.clone()
            severity=item.severity
            verdict=mark.map(|mark| mark.verdict.clone())
            evidence=shown
            guide=item.guide.clone()
        >
            {changed}
            {gathered}
            {by}
            {again}
            {findings}
            {questions}
            {forms}
        </CheckItem>
    }
}
