//! The left half: what the work is about. What the item at hand concerns, the submission whole, its
//! files, questions with their answers, and what accompanies the case.

use super::{
    Around, aside,
    place::{Half, Left, Place},
    questions::questions,
    submission::{all_files, concerned, submission},
    viewer,
};
use crate::{steps::cases::About, web::Visit};
use casework::{Caller, queries::case_page::CasePage};
use leptos::prelude::*;
use workflow::checklist::{Item, ListKind};

/// The half, in three parts that are exchanged by themselves: its tabs, the file that is open, and
/// the rest.
pub(super) fn left(
    visit: &Visit,
    caller: &Caller,
    page: &CasePage,
    around: &Around,
    about: &About,
    place: &Place,
) -> impl IntoView + use<> {
    let at_hand = item_at(page, place);
    let shows = match place.left(page) {
        Left::Item if at_hand.is_none() => Left::Submission,
        other => other,
    };
    let file = viewer::file_at(page, place);
    let shown = file.map(|file| viewer::shown(file, place.at));
    let may_cite = at_hand.is_some_and(|(list, _)| page.can(workflow::ActionKind::check(list)));
    let bar = file.map(|file| viewer::bar(file, place, may_cite));
    let body = match (shows, &page.sent) {
        (Left::Case, _) => {
            view! { <div class="accompanies">{aside::aside(visit, caller, page, about, around)}</div> }
                .into_any()
        }
        (Left::Questions, _) => questions(page, place).into_any(),
        (_, None) => {
            view! { <p>"The text of this submission is not on record."</p> }.into_any()
        }
        (Left::Files, Some(sent)) => all_files(page, sent, place).into_any(),
        (Left::Item, Some(sent)) => match at_hand {
            Some((_, item)) => view! {
                <h3>{item.label.clone()}</h3>
                {concerned(page, sent, item, place)}
            }
            .into_any(),
            None => submission(page, sent, place).into_any(),
        },
        (Left::Submission, Some(sent)) => submission(page, sent, place).into_any(),
    };
    // What of it one has read stays where it was, for each thing that is shown.
    let view = match (shows, &place.item) {
        (Left::Item, Some(item)) => format!("item {item}"),
        (shows, _) => shows.word().to_owned(),
    };
    view! {
        <section class="half left" aria-labelledby="left-title">
            <h2 class="visually-hidden" id="left-title">
                "What it is about"
            </h2>
            <div id="left-tabs" data-pane>
                {tabs(page, place, shows, at_hand.is_some())} {bar}
            </div>
            <div id="left-file" data-pane>
                {shown}
            </div>
            <div id="left-body" class="pane-body" data-pane data-view=view>
                {body}
            </div>
        </section>
    }
}

/// The item that the address names, with its list.
pub(super) fn item_at<'a>(page: &'a CasePage, place: &Place) -> Option<(ListKind, &'a Item)> {
    let list = ListKind::from_word(&place.task(page))?;
    let item = page.list(list)?.template.item(place.item.as_deref()?)?;
    Some((list, item))
}

fn tabs(page: &CasePage, place: &Place, shows: Left, has_item: bool) -> impl IntoView + use<> {
    let sent = page.sent.as_ref();
    let files = sent.map_or(0, |sent| sent.files.len());
    let counted = |words: &str, count: usize| match count {
        0 => words.to_owned(),
        count => format!("{words} {count}"),
    };
    let items = Left::ALL
        .into_iter()
        .filter(|left| *left != Left::Item || has_item)
        .map(|left| {
            let words = match left {
                Left::Item => "This item".to_owned(),
                Left::Submission => sent.map_or_else(
                    || "Submission".to_owned(),
                    |sent| format!("Submission r{}", sent.revision),
                ),
                Left::Files => counted("Files", files),
                Left::Questions => counted("Questions", page.case.questions.len()),
                Left::Case => "Case".to_owned(),
            };
            let current = (left == shows).then_some("page");
            let id = (left != shows).then(|| left.word());
            let href = place.with_left(left).href();
            view! {
                <li>
                    <a id=id href=href aria-current=current>
                        {words}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="tabs" aria-label="Left half">
            <ul class="plain">{items}</ul>
        </nav>
    }
}

/// The way to the other half where there is no room for both.
pub(super) fn halves(place: &Place) -> impl IntoView + use<> {
    let half = |half: Half, words: &'static str| {
        let current = (place.half == half).then_some("page");
        let href = place.in_half(half).href();
        view! { <li><a href=href aria-current=current>{words}</a></li> }
    };
    let halves = [
        half(Half::Left, "What it is about"),
        half(Half::Work, "The work"),
    ];
    view! {
        <nav class="tabs halves" aria-label="Halves">
            <ul class="plain">{halves}</ul>
        </nav>
    }
}
