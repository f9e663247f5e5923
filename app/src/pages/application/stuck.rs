//! On the page of an application: how many stand before it, and whether it is stuck.

use crate::{
    components::{Card, day_text},
    steps::stuck::AskStuckForm,
    web::Visit,
};
use casework::{
    queries::{ApplicationView, AskEnd, MOST_BEFORE, MayAsk, Queued, StuckAsk},
    words::count,
};
use leptos::prelude::*;
use workflow::{Timestamp, state::Seat};

/// How many are taken up before it, of those that wait as it does.
pub(super) fn queued(case: &ApplicationView) -> impl IntoView + use<> {
    case.queued
        .iter()
        .map(|queued| view! { <p>{queued_text(*queued)}</p> })
        .collect_view()
}

fn queued_text(queued: Queued) -> String {
    let waits = match queued.seat {
        Seat::Case => "It waits for a reviewer",
        Seat::Commercial => "It waits for a commercial reviewer",
        Seat::Technical => "It waits for a technical reviewer",
    };
    let before = match queued.before {
        Some(0) => "nothing that was submitted earlier waits before it".to_owned(),
        Some(before) => {
            let number = usize::try_from(before).unwrap_or(usize::MAX);
            format!("{} before it", count(number, "application"))
        }
        None => format!("more than {MOST_BEFORE} applications before it"),
    };
    format!("{waits}: {before}. They are given out by the time of their submission.")
}

/// What was asked and answered, and the form where it is the time to ask; nothing where there is
/// nothing of either.
pub(super) fn stuck(visit: &Visit, case: &ApplicationView) -> Option<impl IntoView + use<>> {
    let stuck = &case.stuck;
    let now = match stuck.so {
        MayAsk::NotOurTurn | MayAsk::Asked => None,
        MayAsk::From(_) | MayAsk::Overdue(_) | MayAsk::Quiet(_) if !stuck.may => None,
        MayAsk::From(first) => Some(not_yet(case.due, first)),
        MayAsk::Overdue(due) => Some(format!(
            "Our date, {}, has passed. You can ask a lead of ours what holds it up.",
            day_text(due)
        )),
        MayAsk::Quiet(since) => Some(format!(
            "Nothing has happened since {}. You can ask a lead of ours what holds it up.",
            day_text(since)
        )),
    };
    let form = (stuck.may && stuck.so.is_now())
        .then(|| view! { <AskStuckForm visit=visit.clone() number=case.number /> });
    let asks = stuck.asks.iter().map(|ask| asked(case, ask)).collect_view();
    (now.is_some() || !stuck.asks.is_empty()).then(|| {
        view! {
            <Card title="Is it stuck?" id="stuck">
                {now.map(|text| view! { <p>{text}</p> })}
                {form}
                {asks}
            </Card>
        }
    })
}

/// Why one need not ask yet.
fn not_yet(due: Option<Timestamp>, first: Timestamp) -> String {
    let act = due.map_or_else(String::new, |due| {
        format!(": our date is {}", day_text(due))
    });
    format!(
        "You need not ask yet{act}. If nothing happens before, you can ask from {} on.",
        day_text(first)
    )
}

fn asked(case: &ApplicationView, ask: &StuckAsk) -> impl IntoView + use<> {
    let text = (!ask.text.is_empty()).then(|| {
        let text = ask.text.clone();
        view! { <div class="typed">{text}</div> }
    });
    let (end, answer) = match &ask.end {
        None => (
            "A lead has been told and answers here and by email. The question closes by itself when the application goes on."
                .to_owned(),
            None,
        ),
        Some(AskEnd::Answered { at, text }) => (
            format!("Answered on {}:", day_text(*at)),
            Some(text.clone()),
        ),
        Some(AskEnd::WentOn { at }) => (went_on(case, *at), None),
    };
    let head = format!("Asked on {}", day_text(ask.at));
    view! {
        <section class="exchange">
            <h3>{head}</h3>
            {text}
            <p>{end}</p>
            {answer.map(|answer| view! { <div class="typed">{answer}</div> })}
        </section>
    }
}

/// That the case went on, with the step where its developer is told of it.
fn went_on(case: &ApplicationView, at: Timestamp) -> String {
    let day = day_text(at);
    match case.history.iter().find(|entry| entry.at == at) {
        Some(entry) => format!(
            "Closed on {day}, for the application went on: {} {}.",
            entry.who, entry.what
        ),
        None => format!("Closed on {day}, for the application went on: we took a step on it."),
    }
}
