//! Where in a case something was found: one line of a text that the reader may read.

use super::{
    Depth, Kind, Question,
    document::Texts,
    words::{pair, units},
};
use crate::{Desk, Part as Condition, Result, entities::search_documents, rows};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

/// How many characters are shown before what was found …
const BEFORE: usize = 40;
/// … and in all.
const LENGTH: usize = 160;

/// A line of a text in which something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// What the text is.
    pub kind: Kind,
    /// The line in parts, as they follow each other.
    pub parts: Vec<Part>,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// As it was typed: no markup.
    pub text: String,
    /// It is what was looked for.
    pub is_found: bool,
}

/// Of each case that is found by more than what lists show of it anyway, where.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn excerpts(
    desk: &Desk,
    numbers: &[i32],
    question: &Question,
) -> Result<BTreeMap<i32, Excerpt>> {
    let found = search_documents::Entity::find()
        .filter(search_documents::Column::Number.is_in(numbers.iter().copied()))
        .all(desk.database.read())
        .await?;
    let excerpts = found.into_iter().filter_map(|row| {
        let texts = rows::json(&row.texts, "search_documents", row.number, "texts");
        let what = format_args!("UD-{}", row.number);
        let texts = desk
            .conditions
            .readable(Condition::Search, what, texts, desk.now())?;
        Some((row.number, excerpt(row.number, &texts, question)?))
    });
    Ok(excerpts.collect())
}

/// Which of a question's words stand in a text, and where.
fn found(text: &str, question: &Question) -> (BTreeSet<usize>, Vec<Range<usize>>) {
    let (mut terms, mut places) = (BTreeSet::new(), Vec::new());
    let mut before: Option<(String, usize)> = None;
    for unit in units(text) {
        for (index, term) in question.terms.iter().enumerate() {
            if term.is(&unit.word) {
                terms.insert(index);
                places.push(unit.at.clone());
            } else if let Some((word, start)) = &before
                && unit.is_joined
                && term.is(&pair(word, &unit.word))
            {
                terms.insert(index);
                places.push(*start..unit.at.end);
            }
        }
        before = Some((unit.word, unit.at.start));
    }
    (terms, places)
}

fn excerpt(number: i32, texts: &Texts, question: &Question) -> Option<Excerpt> {
    let names = texts.outside.iter().filter(|(kind, _)| *kind == Kind::Name);
    let mut shown = found(&format!("UD-{number}"), question).0;
    for (_, name) in names {
        shown.extend(found(name, question).0);
    }
    let wanted = question.terms.len() - shown.len();
    if wanted == 0 {
        return None;
    }
    let inside: &[_] = match question.depth {
        Depth::Outside => &[],
        Depth::Inside => &texts.inside,
    };
    let mut best: Option<(usize, Excerpt)> = None;
    for (kind, text) in texts.outside.iter().chain(inside) {
        if *kind == Kind::Name {
            continue;
        }
        let (terms, places) = found(text, question);
        let more = terms.difference(&shown).count();
        if more > best.as_ref().map_or(0, |(most, _)| *most) {
            let parts = line(text, places);
            best = Some((more, Excerpt { kind: *kind, parts }));
            if more == wanted {
                break;
            }
        }
    }
    best.map(|(_, excerpt)| excerpt)
}

/// The line around the first of `places`, in parts.
fn line(text: &str, mut places: Vec<Range<usize>>) -> Vec<Part> {
    places.sort_by_key(|place| (place.start, place.end));
    let first = places.first().map_or(0, |place| place.start);
    let window = window(text, first);
    let mut parts: Vec<Part> = Vec::new();
    let mut add = |range: Range<usize>, is_found| {
        let Some(text) = text.get(range).filter(|text| !text.is_empty()) else {
            return;
        };
        let text = text.replace(['\n', '\t'], " ");
        match parts.last_mut() {
            Some(last) if last.is_found == is_found => last.text.push_str(&text),
            _ => parts.push(Part { text, is_found }),
        }
    };
    let mut end = window.start;
    for place in places {
        let place = place.start.max(end)..place.end.min(window.end);
        if place.is_empty() {
            continue;
        }
        add(end..place.start, false);
        end = place.end;
        add(place, true);
    }
    add(end..window.end, false);
    let dots = |text: &str| Part {
        text: text.to_owned(),
        is_found: false,
    };
    if window.start > 0 {
        parts.insert(0, dots("… "));
    }
    if window.end < text.len() {
        parts.push(dots(" …"));
    }
    parts
}

/// So much of a text as is shown where something was found at `first`: from one space to another,
/// where there is one near.
fn window(text: &str, first: usize) -> Range<usize> {
    let (head, tail) = text.split_at(first);
    let start = match head.char_indices().rev().nth(BEFORE) {
        None => 0,
        Some((at, _)) => match head[at..].find(char::is_whitespace) {
            Some(space) => at + space + head[at + space..].chars().next().map_or(0, char::len_utf8),
            None => first,
        },
    };
    let length = LENGTH - head[start..].chars().count();
    let end = match tail.char_indices().nth(length) {
        None => text.len(),
        Some((at, _)) => first + tail[..at].rfind(char::is_whitespace).unwrap_or(at),
    };
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(texts: &Texts, typed: &str, depth: Depth) -> Option<String> {
        let question = Question::read(typed, depth).unwrap();
        let found = excerpt(1_042, texts, &question)?;
        let parts = found.parts.iter().map(|part| match part.is_found {
            true => format!("[{}]", part.text),
            false => part.text.clone(),
        });
        Some(format!(
            "{}: {}",
            found.kind.label(),
            parts.collect::<String>()
        ))
    }

    fn texts() -> Texts {
        Texts {
            outside: vec![
                (Kind::Name, "Nightlight".to_owned()),
                (
                    Kind::Form,
                    "It shows <b>sleep</b> and\nglucose-curves. ".repeat(9),
                ),
                (Kind::Answer, "Adults with type 2 diabetes.".to_owned()),
            ],
            inside: vec![(Kind::Evidence, "Seen in the glucose log.".to_owned())],
            ..Texts::default()
        }
    }

    #[test]
    fn a_line_is_shown_around_what_was_found() {
        let texts = texts();
        let of = |typed, depth| shown(&texts, typed, depth);
        insta::assert_snapshot!(of("glucose-curves", Depth::Inside).unwrap());
        assert_eq!(
            of("nightlight dia", Depth::Inside).as_deref(),
            Some("Answer: Adults with type 2 [diabetes].")
        );
        // What the row shows anyway.
        assert_eq!(of("1042 night", Depth::Inside), None);
        // What the reader may not read.
        assert_eq!(of("log", Depth::Outside), None);
        assert_eq!(
            of("log", Depth::Inside).as_deref(),
            Some("Evidence: Seen in the glucose [log].")
        );
    }

    proptest! {
        /// Whatever the text, its line is of the text and holds what was looked for.
        #[test]
        fn a_line_holds_what_was_found(before in "\\PC{0,200}", word in "[a-z]{3,9}", after in "\\PC{0,300}") {
            let text = workflow::text::clean(&format!("{before} {word} {after}"));
            let texts = Texts { outside: vec![(Kind::Form, text.clone())], inside: Vec::new(), ..Texts::default() };
            let question = Question::read(&word, Depth::Outside).unwrap();
            let found = excerpt(1, &texts, &question).unwrap();
            prop_assert!(found.parts.iter().any(|part| part.is_found));
            let line: String = found.parts.iter().map(|part| part.text.as_str()).collect();
            prop_assert!(line.chars().count() <= LENGTH + 4 + word.len(), "{line}");
        }
    }
}
