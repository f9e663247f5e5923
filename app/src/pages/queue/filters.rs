//! What the queue is narrowed by: the form that adds a filter, and a chip for each that is in force.

use super::address;
use crate::components::{
    Button, Chip, FilterChips, Line, Opt, Searching, Select, TextField, Weight,
    filters as search_form,
};
use casework::{
    cases::search::{CATEGORY, REGION},
    queries::queue::{Age, Beside, DueWithin, Filter, Holder, Place, Round, Sort},
    reference::Known,
};
use leptos::prelude::*;
use workflow::{
    form::FieldKind,
    state::{AccessLevel, StateKind},
};

/// The form; sent by GET, so that the address says what is seen.
pub(super) fn form(filter: &Filter, beside: &Beside, known: &Known) -> impl IntoView + use<> {
    let sorts = Sort::ALL
        .iter()
        .flat_map(|sort| {
            let [usual, reversed] = order_words(*sort);
            let word = sort.word();
            [
                Opt::new(word, usual),
                Opt::new(format!("-{word}"), reversed),
            ]
        })
        .collect();
    let sort = filter.sort_word();
    let (view, text) = (filter.view.word(), filter.text.clone());
    let choices = choices(filter, beside, known);
    search_form("/queue", |search| {
        let choices = choices.into_iter().map(|choice| control(search, choice));
        let choices = choices.collect_view();
        view! {
            <input type="hidden" name="view" value=view />
            <div class="search">
                <TextField of=search.at("q") label="Search" line=Line::Search value=text />
            </div>
            <Select of=search.at("sort") label="Sort" options=sorts value=sort />
            <details class="narrow">
                <summary>"Add filter"</summary>
                <div class="filters">
                    {choices}
                </div>
            </details>
            <Button weight=Weight::Quiet>"Filter"</Button>
        }
    })
}

/// The control of one filter: a list, or a field where there would be too many in it.
fn control(search: Searching, choice: Choice) -> AnyView {
    let of = search.at(choice.name);
    let (label, options, value) = (choice.label, choice.options, choice.value);
    match options.is_empty() {
        true => {
            view! { <TextField of=of label=label line=Line::Username value=value /> }.into_any()
        }
        false => view! { <Select of=of label=label options=options value=value /> }.into_any(),
    }
}

/// One filter of the form.
struct Choice {
    /// Of the address.
    name: &'static str,
    label: &'static str,
    options: Vec<Opt>,
    value: String,
}

fn choices(filter: &Filter, beside: &Beside, known: &Known) -> Vec<Choice> {
    let any = |text: &str, options: Vec<Opt>| {
        let mut all = vec![Opt::new("", text)];
        all.extend(options);
        all
    };
    let levels = [AccessLevel::Limited, AccessLevel::Full];
    let states = StateKind::ALL
        .iter()
        .filter(|state| **state != StateKind::Draft);
    let mut holders = vec![Opt::new("@me", "Me"), Opt::new("@nobody", "Nobody")];
    holders.extend(
        beside
            .staff
            .iter()
            .map(|one| Opt::new(&one.username, &one.name)),
    );
    if let Some(Holder::Username(name)) = &filter.holder
        && !beside.staff.iter().any(|one| one.username == *name)
    {
        holders.push(Opt::new(name, name));
    }
    let tag = filter.tag.map(|tag| tag.to_string());
    let offered = beside
        .tags
        .iter()
        .filter(|one| !one.retired || Some(one.id) == filter.tag);
    let tags = offered
        .map(|one| Opt::new(one.id.to_string(), &one.name))
        .collect();
    let words = |word: Option<&str>| word.unwrap_or_default().to_owned();
    let choice = |name, label, options, value| Choice {
        name,
        label,
        options,
        value,
    };
    let mut all = vec![
        choice(
            "level",
            "Level",
            any(
                "Any level",
                levels
                    .iter()
                    .map(|one| Opt::new(one.word(), one.label()))
                    .collect(),
            ),
            words(filter.level.map(AccessLevel::word)),
        ),
        choice(
            "state",
            "State",
            any(
                "Any state",
                states
                    .map(|one| Opt::new(one.word(), one.label()))
                    .collect(),
            ),
            words(filter.state.map(StateKind::word)),
        ),
        choice(
            "assignee",
            "Reviewer",
            match beside.staff.is_empty() {
                true => Vec::new(),
                false => any("Anybody", holders),
            },
            words(filter.holder.as_ref().map(Holder::word)),
        ),
        choice(
            "due",
            "Due",
            any(
                "Any time",
                DueWithin::ALL
                    .iter()
                    .map(|one| Opt::new(one.word(), one.label()))
                    .collect(),
            ),
            words(filter.due.map(DueWithin::word)),
        ),
        choice(
            "age",
            "Handed in ago",
            any(
                "Any time",
                Age::ALL
                    .iter()
                    .map(|one| Opt::new(one.word(), one.label()))
                    .collect(),
            ),
            words(filter.age.map(Age::word)),
        ),
        choice(
            "round",
            "Round",
            any(
                "Any round",
                Round::ALL
                    .iter()
                    .map(|one| Opt::new(one.word(), one.label()))
                    .collect(),
            ),
            words(filter.round.map(Round::word)),
        ),
        choice(
            "category",
            "Kind of use",
            any("Any kind", options(known, CATEGORY)),
            words(filter.category.as_deref()),
        ),
        choice(
            "region",
            "Region",
            any("Any region", options(known, REGION)),
            words(filter.region.as_deref()),
        ),
        choice("tag", "Tag", any("Any tag", tags), words(tag.as_deref())),
        choice(
            "changed",
            "Changed",
            any("Whenever", vec![Opt::new("1", "By others since I looked")]),
            words(filter.changed.then_some("1")),
        ),
    ];
    // An item is chosen where it stands: a list of all of them is longer than the queue.
    if let Some((list, key)) = &filter.item {
        let word = filter.item_word();
        let title = known.title_of_item(*list, key);
        let this = Opt::new(&word, title.unwrap_or_else(|| word.clone()));
        all.push(choice(
            "item",
            "Finding on",
            any("Any item", vec![this]),
            word,
        ));
    }
    all
}

/// What the newest form offers as answers to a question; of a label that explains itself behind a
/// colon, what stands before it.
fn options(known: &Known, question: &str) -> Vec<Opt> {
    let form = known.forms.values().next_back();
    let field = form.and_then(|form| form.field(question));
    match field.map(|field| &field.kind) {
        Some(FieldKind::Choice { options } | FieldKind::Choices { options }) => options
            .iter()
            .map(|option| {
                let label = option.label.split(':').next().unwrap_or_default();
                Opt::new(&option.key, label)
            })
            .collect(),
        Some(_) | None => Vec::new(),
    }
}

/// The filters in force, each with the way to the list without it.
pub(super) fn chips(filter: &Filter, beside: &Beside, known: &Known) -> impl IntoView + use<> {
    let first = filter.at(Place::First);
    let mut chips = Vec::new();
    if !filter.text.is_empty() {
        let without = Filter {
            text: String::new(),
            ..first.clone()
        };
        chips.push(Chip {
            what: "Search".to_owned(),
            value: filter.text.clone(),
            without: address(&without),
        });
    }
    for choice in choices(filter, beside, known) {
        if choice.value.is_empty() {
            continue;
        }
        let mut without = first.clone();
        without.drop(choice.name);
        let mut options = choice.options.into_iter();
        let shown = options.find(|option| option.value == choice.value);
        chips.push(Chip {
            what: choice.label.to_owned(),
            value: shown.map_or(choice.value, |option| option.label),
            without: address(&without),
        });
    }
    view! { <FilterChips chips=chips clear=address(&Filter::view(filter.view)) /> }
}

/// An order in words, the usual way round and reversed.
const fn order_words(sort: Sort) -> [&'static str; 2] {
    match sort {
        Sort::Due => ["Due first", "Due last"],
        Sort::Waiting => ["Handed in first", "Handed in last"],
        Sort::Changed => ["Changed last", "Changed first"],
        Sort::Number => ["Newest number", "Oldest number"],
    }
}
