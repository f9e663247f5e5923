//! What evidence names: a file with its page or second, and an answer by its label in quotes, lead
//! to what they name. They are words, so that they can be typed, read in a report and found by search.

use super::place::{Left, Place};
use casework::queries::case_page::{Attached, CasePage, Sent};
use leptos::prelude::*;

/// The place of an answer on the page.
pub(super) fn field_anchor(key: &str) -> String {
    format!("field-{key}")
}

/// `architecture.pdf p. 3`, `sign-in.mp4 1:12`, `evening.png`.
pub(super) fn words_of(file: &Attached, at: Option<u32>) -> String {
    match (at, kind_of(file)) {
        (Some(page), Kind::Pdf) => format!("{} p. {page}", file.name),
        (Some(second), Kind::Video) => format!("{} {}", file.name, clock(second)),
        _ => file.name.clone(),
    }
}

/// `1:12`, `1:00:05`.
pub(super) fn clock(second: u32) -> String {
    let (hours, minutes, seconds) = (second / 3600, second / 60 % 60, second % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// How a browser shows a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Pdf,
    Video,
    Image,
}

/// All that we take is one of these.
pub(super) fn kind_of(file: &Attached) -> Kind {
    match file.mime.split('/').next() {
        Some("video") => Kind::Video,
        Some("image") => Kind::Image,
        _ => Kind::Pdf,
    }
}

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    /// Words that name a file, its place in the list, and where in it.
    File(&'a str, usize, Option<u32>),
    /// Words that name an answer, and the key of its field.
    Field(&'a str, &'a str),
}

/// Cuts a text at what it names. Of two names that begin at one place the longer is meant.
fn pieces<'a>(text: &'a str, files: &[&str], fields: &[(&str, &'a str)]) -> Vec<Piece<'a>> {
    let mut found = Vec::new();
    let (mut begun, mut at) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        match named(rest, files, fields) {
            Some((length, piece)) => {
                if begun < at {
                    found.push(Piece::Text(&text[begun..at]));
                }
                found.push(piece);
                at += length;
                begun = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    if begun < text.len() {
        found.push(Piece::Text(&text[begun..]));
    }
    found
}

/// What a text begins with, where that names something.
fn named<'a>(
    text: &'a str,
    files: &[&str],
    fields: &[(&str, &'a str)],
) -> Option<(usize, Piece<'a>)> {
    if let Some(quoted) = text.strip_prefix('“') {
        let label = quoted.split('”').next()?;
        let (_, key) = fields.iter().find(|(name, _)| *name == label)?;
        let length = '“'.len_utf8() + label.len() + '”'.len_utf8();
        return Some((length, Piece::Field(text.get(..length)?, key)));
    }
    let (index, name) = files
        .iter()
        .enumerate()
        .filter(|(_, name)| !name.is_empty() && text.starts_with(**name))
        .max_by_key(|(_, name)| name.len())?;
    let (length, at) = where_in(&text[name.len()..]);
    let length = name.len() + length;
    Some((length, Piece::File(&text[..length], index, at)))
}

/// ` p. 3` or ` 1:12` at the beginning of a text: how long it is, and what it says.
fn where_in(text: &str) -> (usize, Option<u32>) {
    let number = |text: &str| {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        text[..digits]
            .parse::<u32>()
            .ok()
            .map(|number| (digits, number))
    };
    if let Some((digits, page)) = text.strip_prefix(" p. ").and_then(number) {
        return (" p. ".len() + digits, Some(page));
    }
    let Some(rest) = text.strip_prefix(' ') else {
        return (0, None);
    };
    let (mut length, mut second, mut parts) = (0, 0_u32, 0);
    while let Some((digits, number)) = number(&rest[length..]) {
        second = second.saturating_mul(60).saturating_add(number);
        length += digits;
        parts += 1;
        if parts == 3 || !rest[length..].starts_with(':') {
            break;
        }
        length += 1;
    }
    match parts {
        2 | 3 => (1 + length, Some(second)),
        _ => (0, None),
    }
}

/// Evidence, with the way to what it names.
pub(super) fn linked(page: &CasePage, place: &Place, text: &str) -> impl IntoView + use<> {
    let sent = page.sent.as_ref();
    let files: Vec<&Attached> = sent
        .map(|sent| sent.files.iter().collect())
        .unwrap_or_default();
    let fields = sent.map(labels).unwrap_or_default();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let labels: Vec<(&str, &str)> = fields
        .iter()
        .map(|(label, key)| (label.as_str(), key.as_str()))
        .collect();
    let link = |href: String, words: &str| {
        let words = words.to_owned();
        view! { <a href=href>{words}</a> }.into_any()
    };
    pieces(text, &names, &labels)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.to_owned().into_any(),
            Piece::File(words, index, at) => match files.get(index) {
                Some(file) => link(place.with_file(file.id, at).href(), words),
                None => words.to_owned().into_any(),
            },
            Piece::Field(words, key) => {
                let anchor = field_anchor(key);
                link(
                    format!("{}#{anchor}", place.with_left(Left::Submission).href()),
                    words,
                )
            }
        })
        .collect_view()
}

/// The questions of the form, by label, with their keys.
fn labels(sent: &Sent) -> Vec<(String, String)> {
    let fields = sent.sections.iter().flat_map(|section| &section.fields);
    fields
        .map(|field| (field.label.clone(), field.key.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_found_with_its_page_and_its_second() {
        let files = ["plan.pdf", "plan.pdf old.pdf", "sign in.mp4"];
        let fields = [("Kind of use", "use_kind")];
        let cut = |text| pieces(text, &files, &fields);
        assert_eq!(
            cut("See plan.pdf p. 12, then sign in.mp4 1:05."),
            [
                Piece::Text("See "),
                Piece::File("plan.pdf p. 12", 0, Some(12)),
                Piece::Text(", then "),
                Piece::File("sign in.mp4 1:05", 2, Some(65)),
                Piece::Text("."),
            ]
        );
        assert_eq!(
            cut("plan.pdf old.pdf"),
            [Piece::File("plan.pdf old.pdf", 1, None)]
        );
        assert_eq!(
            cut("sign in.mp4 1:00:05"),
            [Piece::File("sign in.mp4 1:00:05", 2, Some(3605))]
        );
        assert_eq!(cut("plan.pdf 3 times")[1], Piece::Text(" 3 times"));
        assert_eq!(
            cut("“Kind of use”"),
            [Piece::Field("“Kind of use”", "use_kind")]
        );
        assert_eq!(cut("“Kind of"), [Piece::Text("“Kind of")]);
        assert_eq!(cut("Größe… “"), [Piece::Text("Größe… “")]);
    }

    #[test]
    fn what_is_cited_is_found_again() {
        for second in [0, 59, 60, 3599, 3600, 36_000] {
            let text = format!("a.mp4 {}", clock(second));
            assert_eq!(
                pieces(&text, &["a.mp4"], &[]),
                [Piece::File(&text, 0, Some(second))]
            );
        }
    }
}
