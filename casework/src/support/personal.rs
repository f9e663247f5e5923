//! What would tell of whom a text was: looked for in what is to be read by everybody.

use crate::text::fold;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// What tells of a person or an app, with what it is called to who wrote the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// "the name of the developer".
    pub what: &'static str,
    pub word: String,
    /// A person is known by one part of the name; an app called `Glance for Watches` is not by `for`.
    pub of_person: bool,
}

/// Parts of a name shorter than this are words like others.
const SHORTEST: usize = 3;

/// A name written in one word has at least so many letters, or it would be in other words too.
const SHORTEST_RUN: usize = 6;

/// Digits of a telephone number, with the country's.
const TELEPHONE: std::ops::RangeInclusive<usize> = 8..=15;

/// So many letters and digits in a row are a key or an identifier, not a word.
const LONGEST_WORD: usize = 24;

/// Everything in the text that tells of whom it was, in words; nothing where it tells of nobody.
/// Whoever releases the text reads it all the same: no list knows what gives a person away.
pub fn found(text: &str, telling: &[Telling]) -> Vec<String> {
    let plain_text = plain(text);
    let words: Vec<&str> = words(&plain_text).collect();
    let mut found: Vec<String> = telling
        .iter()
        .filter(|one| {
            let spelled = spelled_out(&one.word);
            [&one.word, &spelled]
                .into_iter()
                .any(|name| is_in(&words, &plain(name), one.of_person))
        })
        .map(|one| format!("{} (“{}”)", one.what, one.word))
        .collect();
    if text.split_whitespace().any(is_address) {
        found.push("an email address".to_owned());
    }
    if words.windows(2).any(is_number) || words.iter().any(|word| is_number_in_one(word)) {
        found.push("the number of a request or a case".to_owned());
    }
    if has_telephone(text) {
        found.push("a telephone number".to_owned());
    }
    if text.split_whitespace().any(is_identifier) {
        found.push("an identifier or a key".to_owned());
    }
    found.dedup();
    found
}

/// Folded, and without the marks on letters: `ZOË` and `Zoe` are one name.
fn plain(text: &str) -> String {
    fold(text)
        .nfd()
        .filter(|character| !is_combining_mark(*character))
        .collect()
}

fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// `Müller` as those write it who have no ü.
fn spelled_out(name: &str) -> String {
    let mut spelled = String::new();
    for letter in name.to_lowercase().chars() {
        match letter {
            'ä' | 'æ' => spelled.push_str("ae"),
            'ö' | 'ø' | 'œ' => spelled.push_str("oe"),
            'ü' => spelled.push_str("ue"),
            'å' => spelled.push_str("aa"),
            other => spelled.push(other),
        }
    }
    spelled
}

/// Whether a name stands in the text: whole, in one word, or, of a person, one of its parts.
fn is_in(text: &[&str], name: &str, of_person: bool) -> bool {
    let parts: Vec<&str> = words(name).collect();
    if parts.is_empty() {
        return false;
    }
    let whole = text.windows(parts.len()).any(|window| window == parts);
    whole
        || (of_person
            && parts
                .iter()
                .filter(|part| part.chars().count() >= SHORTEST)
                .any(|part| text.contains(part)))
        || parts
            .windows(2)
            .map(|pair| pair.concat())
            .filter(|run| run.chars().count() >= SHORTEST_RUN)
            .any(|run| text.iter().any(|word| word.contains(&run)))
}

fn is_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(local, domain)| {
        local.ends_with(char::is_alphanumeric)
            && domain.starts_with(char::is_alphanumeric)
            && domain.contains('.')
    })
}

fn is_number(pair: &[&str]) -> bool {
    matches!(pair, ["sr" | "ud", digits] if all_digits(digits))
}

/// `sr1004`.
fn is_number_in_one(word: &str) -> bool {
    let digits = word.strip_prefix("sr").or_else(|| word.strip_prefix("ud"));
    digits.is_some_and(|digits| digits.len() >= 3 && all_digits(digits))
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether there are digits as a telephone number has them: with the sign of a country or a zero
/// before it, or in the groups of three, three and four. Dates and moments have neither.
fn has_telephone(text: &str) -> bool {
    let between =
        |character: char| matches!(character, ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}');
    text.split(|character: char| {
        !(character.is_ascii_digit() || character == '+' || between(character))
    })
    .any(|run| {
        let run = run.trim_matches(between);
        let groups: Vec<&str> = run
            .split(between)
            .filter(|group| !group.is_empty())
            .collect();
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        let grouped = groups
            .windows(3)
            .any(|group| group.iter().map(|one| one.len()).eq([3, 3, 4]));
        TELEPHONE.contains(&digits) && (run.starts_with(['+', '0']) || grouped)
    })
}

/// `01a21839-1333-770f-a20f-3d89b22e2e0b`, or any other run of letters and digits that is no word.
fn is_identifier(word: &str) -> bool {
    let word = word.trim_matches(|character: char| !character.is_ascii_alphanumeric());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    word.len() >= LONGEST_WORD
        && word.bytes().all(plain)
        && word.bytes().filter(u8::is_ascii_digit).count() >= 4
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let telling = [
            Telling {
                what: "the name of the developer",
                word: "Zoë Müller-Ray".to_owned(),
                of_person: true,
            },
            Telling {
                what: "the app",
                word: "Glow".to_owned(),
                of_person: false,
            },
            Telling {
                what: "the app",
                word: "Glance for Watches".to_owned(),
                of_person: false,
            },
        ];
        found(text, &telling)
    }

    #[test]
    fn what_tells_of_somebody_is_found_however_it_is_written() {
        for text in [
            "ZOË MÜLLER-RAY asked",
            "Mrs Müller asked",
            "in GLOW, readings stop",
            "open Glance for watches again",
            "the site of glanceforwatches",
            "write to a.b@glow.example",
            "as in SR-1004",
            "see ud-1042.",
            "see SR1004",
            "zoemueller wrote",
            "Mrs Mueller asked",
            "ZoeMuller asked",
            "call +49 (0)30 1234567",
            "call 030/12345678.",
            "call 555-123-4567",
            "the app 3f2a9c0d4b5e6f708192a3b4c5d6e7f8",
            "(01a21839-1333-770f-a20f-3d89b22e2e0b)",
        ] {
            assert!(!of(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn words_that_only_resemble_are_let_be() {
        for text in [
            "The lamp glows.",
            "It holds for everybody, at a glance, on watches too.",
            "Call GET /readings?since=2026-11-01 with 2 tokens.",
            "From 2026-11-01T08:00:00 to 2026-11-02 there are 288 values of 5 minutes.",
            "An answer of 10 000 000 rows, or 0.5 MB, ends after 3600 s.",
            "https://docs.example.org/how-to-rotate-a-token-without-downtime",
            "",
        ] {
            assert_eq!(of(text), Vec::<String>::new(), "{text}");
        }
    }
}
