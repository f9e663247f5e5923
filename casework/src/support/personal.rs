//! What would tell of whom a text was: looked for in what is to be read by everybody.

use crate::text::fold;

/// What tells of a person or an app, with what it is called to who wrote the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// "the name of the developer".
    pub what: &'static str,
    pub word: String,
}

/// Parts of a name shorter than this are words like others.
const SHORTEST: usize = 3;

/// Everything in the text that tells of whom it was, in words; nothing where it tells of nobody.
/// Whoever releases the text reads it all the same: no list knows what gives a person away.
pub fn found(text: &str, telling: &[Telling]) -> Vec<String> {
    let folded = fold(text);
    let words: Vec<&str> = words(&folded).collect();
    let mut found: Vec<String> = telling
        .iter()
        .filter(|one| is_in(&words, &fold(&one.word)))
        .map(|one| format!("{} (“{}”)", one.what, one.word))
        .collect();
    if text.split_whitespace().any(is_address) {
        found.push("an email address".to_owned());
    }
    if words.windows(2).any(is_number) {
        found.push("the number of a request or a case".to_owned());
    }
    found.dedup();
    found
}

fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// Whether a name stands in the text: whole, or one of its parts.
fn is_in(text: &[&str], name: &str) -> bool {
    let parts: Vec<&str> = words(name).collect();
    if parts.is_empty() {
        return false;
    }
    let whole = text.windows(parts.len()).any(|window| window == parts);
    let is_person = parts.len() > 1;
    whole
        || (is_person
            && parts
                .iter()
                .filter(|part| part.chars().count() >= SHORTEST)
                .any(|part| text.contains(part)))
}

fn is_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(local, domain)| {
        local.ends_with(char::is_alphanumeric)
            && domain.starts_with(char::is_alphanumeric)
            && domain.contains('.')
    })
}

fn is_number(pair: &[&str]) -> bool {
    matches!(pair, ["sr" | "ud", digits] if digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let telling = [
            Telling {
                what: "the name of the developer",
                word: "Zoë Müller-Ray".to_owned(),
            },
            Telling {
                what: "the app",
                word: "Glow".to_owned(),
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
            "write to a.b@glow.example",
            "as in SR-1004",
            "see ud-1042.",
        ] {
            assert!(!of(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn words_that_only_resemble_are_let_be() {
        for text in [
            "The lamp glows.",
            "Call GET /readings?since=2026-11-01 with 2 tokens.",
            "",
        ] {
            assert_eq!(of(text), Vec::<String>::new(), "{text}");
        }
    }
}
