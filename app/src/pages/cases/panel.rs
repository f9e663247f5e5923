//! What can be done about the item at hand, in its place: the verdict, a further finding, a question.

use super::{checklist::revision_of, cited, findings::fold_of, place::Place, viewer};
use crate::{
    components::{More, Opt},
    steps::cases::{
        About,
        check_item::{CheckItemForm, item_anchor},
        record_finding::{RecordFindingForm, form_id},
        request_clarification::AskForm,
    },
};
use casework::{
    cases::pending::Says,
    commands::pin_word,
    queries::{
        case_page::{CasePage, List},
        queue::{Filter, View},
    },
};
use leptos::prelude::*;
use workflow::{
    ActionKind,
    checklist::{Item, ListKind},
    event::Pin,
};

/// The item at hand, and all that its forms are made of.
pub(super) struct Panel<'a> {
    pub(super) page: &'a CasePage,
    pub(super) list: &'a List,
    pub(super) item: &'a Item,
    /// The key of the item to look at afterwards.
    pub(super) next: Option<String>,
    pub(super) may_check: bool,
    pub(super) about: &'a About,
    pub(super) place: &'a Place,
}

pub(super) fn panel(of: &Panel<'_>) -> impl IntoView + use<> {
    let mark = of.list.mark(of.item);
    let gathered = match of.page.gathered_on(of.list.kind, &of.item.key) {
        Some(Says::Verdict { evidence, .. }) => Some(evidence.clone()),
        _ => None,
    };
    let evidence = gathered.or_else(|| mark.map(|mark| mark.evidence.clone()));
    let check = of.may_check.then(|| {
        view! {
            <CheckItemForm
                about=of.about.clone()
                list=of.list.kind
                item=of.item.clone()
                revision=revision_of(of.page)
                next=of.next.clone()
                evidence=evidence.unwrap_or_default()
                cited=cited(of)
                known=of.page.findings_of(of.list.kind, &of.item.key).any(|finding| !finding.is_over())
            />
        }
    });
    let record = mark.and_then(|_| record(of));
    view! {
        {check}
        {record}
        {ask(of)}
        {elsewhere(of)}
    }
}

/// The evidence with what is cited of the file that is open, where that was asked for.
fn cited(of: &Panel<'_>) -> Option<String> {
    let file = viewer::file_at(of.page, of.place).filter(|_| of.place.cites)?;
    let words = cited::words_of(file, of.place.at);
    let evidence = of.list.mark(of.item).map(|mark| mark.evidence.as_str());
    Some(match evidence.unwrap_or_default() {
        "" => words,
        evidence if evidence.contains(&words) => evidence.to_owned(),
        evidence => format!("{evidence}\n{words}"),
    })
}

/// A further finding on an item that carries a mark.
fn record(of: &Panel<'_>) -> Option<impl IntoView + use<>> {
    let action = match of.list.kind {
        ListKind::Completeness => return None,
        ListKind::Commercial => ActionKind::RecordCommercialFinding,
        ListKind::Technical => ActionKind::RecordTechnicalFinding,
    };
    let fold = fold_of(of.about, &form_id(of.list.kind, &of.item.key));
    of.page.can(action).then(|| {
        let (about, list, item) = (of.about.clone(), of.list.kind, of.item.clone());
        view! {
            <More summary="Record finding" fold=fold>
                <RecordFindingForm about=about list=list item=item />
            </More>
        }
    })
}

/// The way to the decided cases that have a finding on the same item.
fn elsewhere(of: &Panel<'_>) -> Option<impl IntoView + use<>> {
    if of.list.kind == ListKind::Completeness {
        return None;
    }
    let filter = Filter {
        item: Some((of.list.kind, of.item.key.clone())),
        ..Filter::view(View::Ended)
    };
    let href = format!("/queue{}", filter.query());
    Some(view! {
        <p>
            <a href=href>"Decided cases with a finding on this item"</a>
        </p>
    })
}

/// A question about the item, or about an answer that it concerns.
fn ask(of: &Panel<'_>) -> Option<impl IntoView + use<>> {
    if !of.page.can(ActionKind::RequestClarification) {
        return None;
    }
    let item = Pin::Item {
        list: of.list.kind,
        key: of.item.key.clone(),
    };
    let mut pins = vec![Opt::new(pin_word(&item), "This item")];
    let form = of.page.form();
    let fields = form.map(|form| form.concerned(of.page.case.level, of.item));
    pins.extend(fields.into_iter().flatten().map(|field| {
        let pin = Pin::Field { key: field.key };
        Opt::new(pin_word(&pin), field.label)
    }));
    let id = format!("ask-{}", item_anchor(of.list.kind, &of.item.key));
    let fold = fold_of(of.about, &id);
    let about = of.about.clone();
    Some(view! {
        <More summary="Ask the developer" fold=fold>
            <AskForm about=about id=id pins=pins />
        </More>
    })
}
