//! What would tell of whom a text was: looked for in what is to be read by everybody.

use crate::text::{fold, plain};
use std::net::IpAddr;

/// What tells of a person or an app, with what it is called to who wrote the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// "the name of the developer".
    pub what: &'static str,
    pub word: String,
    pub known: KnownBy,
}

/// By how much of a name somebody is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownBy {
    /// A person whom the text may be about: by any part.
    AnyPart,
    /// An app: `Glance for Watches` is not known by `for`, nor is one of the many people of ours by a
    /// first name.
    Whole,
    /// An organisation: without what the law calls it (`GmbH`), and by a part in capitals.
    Capitals,
}

/// What stands behind the names of organisations.
const LEGAL: [&str; 26] = [
    "ab",
    "ag",
    "aps",
    "as",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "incorporated",
    "kg",
    "kk",
    "limited",
    "llc",
    "llp",
    "ltd",
    "nv",
    "oy",
    "plc",
    "pty",
    "sa",
    "sarl",
    "sl",
    "srl",
];

/// A part of an organisation's name that is as long is a name when it is written in capitals.
const SHORTEST_IN_CAPITALS: usize = 4;

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
                .any(|name| is_in(&words, &plain(name), one.known))
                || (one.known == KnownBy::Capitals && in_capitals(text, &plain(&one.word)))
        })
        .map(|one| format!("{} (“{}”)", one.what, one.word))
        .collect();
    if text.split_whitespace().any(is_address) || has_spelled_address(text) {
        found.push("an email address".to_owned());
    }
    if words.windows(2).any(is_number) || words.iter().any(|word| is_number_in_one(word)) {
        found.push("the number of a request or a case".to_owned());
    }
    if text.split_whitespace().any(is_network_address) {
        found.push("an IP address".to_owned());
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

/// The words of a name; of an organisation's without what the law calls it, be it in one word or in
/// letters with dots (`S.L.`).
fn parts_of(name: &str, known: KnownBy) -> Vec<&str> {
    let mut parts: Vec<&str> = words(name).collect();
    while known == KnownBy::Capitals
        && parts.len() > 1
        && parts
            .last()
            .is_some_and(|last| LEGAL.contains(last) || last.chars().count() == 1)
    {
        parts.pop();
    }
    parts
}

/// Whether a part of an organisation's name stands in the text in capitals: `MARISMA`, which in other
/// letters may be a word like others.
fn in_capitals(text: &str, name: &str) -> bool {
    let parts = parts_of(name, KnownBy::Capitals);
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| word.chars().count() >= SHORTEST_IN_CAPITALS)
        .filter(|word| word.chars().any(char::is_uppercase))
        .filter(|word| !word.chars().any(char::is_lowercase))
        .any(|word| parts.contains(&plain(word).as_str()))
}

/// Whether a name stands in the text: whole, in one word, or, of a person, one of its parts.
fn is_in(text: &[&str], name: &str, known: KnownBy) -> bool {
    let parts = parts_of(name, known);
    if parts.is_empty() {
        return false;
    }
    let whole = text.windows(parts.len()).any(|window| window == parts);
    whole
        || (known == KnownBy::AnyPart
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

/// An address as those write it who hide it from programs: `a [at] b.example`, `a at b dot example`,
/// `a @ b.example`.
fn has_spelled_address(text: &str) -> bool {
    let mut spelled = format!(" {} ", fold(text));
    for (open, close) in [('[', ']'), ('(', ')'), ('{', '}'), ('<', '>')] {
        for (word, sign) in [("at", "@"), ("dot", ".")] {
            spelled = spelled.replace(&format!("{open}{word}{close}"), sign);
            spelled = spelled.replace(&format!("{open} {word} {close}"), sign);
            spelled = spelled.replace(&format!("{open}{sign}{close}"), sign);
        }
    }
    // Without brackets `at` is a word like others, unless a `dot` follows the next.
    let words: Vec<&str> = spelled.split_whitespace().collect();
    let in_words = words.windows(5).any(|five| {
        matches!(five, [local, "at", host, "dot", end]
            if [local, host, end].iter().all(|part| part.chars().any(char::is_alphanumeric)))
    });
    let close = spelled
        .replace(" @", "@")
        .replace("@ ", "@")
        .replace(" .", ".")
        .replace(" dot ", ".");
    in_words
        || close
            .split_whitespace()
            .any(|word| word.matches('@').count() == 1 && is_address(word))
}

/// `203.0.113.7`, `[2001:db8::7]:443`: where somebody's computer is. Those of no computer in particular
/// are let be: of the own one, and those kept for examples.
fn is_network_address(word: &str) -> bool {
    let whole = word.split_once("://").map_or(word, |(_, rest)| rest);
    let word = whole.split('/').next().unwrap_or_default();
    let outside = |character: char| !character.is_ascii_hexdigit() && character != ':';
    let word = word.trim_matches(outside).trim_end_matches([':', '.']);
    let host = match word.split_once(']') {
        Some((host, _)) => host,
        None if word.matches(':').count() == 1 => word.split(':').next().unwrap_or_default(),
        None => word,
    };
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(host)) => {
            !(host.is_loopback() || host.is_unspecified() || host.is_documentation())
        }
        Ok(IpAddr::V6(host)) => {
            let is_example = host.segments().starts_with(&[0x2001, 0xdb8]);
            // `a::b` is written by programmers too.
            let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
            has_digit && !(host.is_loopback() || host.is_unspecified() || is_example)
        }
        Err(_) => false,
    }
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
                known: KnownBy::AnyPart,
            },
            Telling {
                what: "the app",
                word: "Glow".to_owned(),
                known: KnownBy::Whole,
            },
            Telling {
                what: "the app",
                word: "Glance for Watches".to_owned(),
                known: KnownBy::Whole,
            },
            Telling {
                what: "the organisation",
                word: "Marisma Health S.L.".to_owned(),
                known: KnownBy::Capitals,
            },
            Telling {
                what: "a colleague",
                word: "Will Stone".to_owned(),
                known: KnownBy::Whole,
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
            "MARISMA HEALTH SL asked",
            "people of Marisma Health",
            "MARISMA asked",
            "the site of marismahealth",
            "Will Stone has answered",
            "WILL STONE has answered",
            "from 203.0.114.7 alone",
            "from 10.1.2.3:8443, and no other",
            "(2a00:1450:4001:81b::200e)",
            "at https://[2a00:1450:4001:81b::200e]:443/",
            "at http://203.0.114.7/readings",
            "write to a.b [at] glow.example",
            "write to a.b(at)glow(dot)example.",
            "write to a.b at glow dot example",
            "write to a.b AT glow DOT example",
            "write to a.b @ glow.example",
            "write to a.b＠glow.example",
            "write to a.b[@]glow[.]example",
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
            "Stone will not do; we look at it, and at docs.example.org.",
            "Marisma is a marsh, and health is more than health.",
            "Listen on 127.0.0.1:8080 or [::1]; 192.0.2.7 is an example, as is 2001:db8::7.",
            "Version 1.2.3, at 12:30:45, std::net::a, 0.0.0.0.",
            "Look at it (at once). The dot at the end stays.",
            "",
        ] {
            assert_eq!(of(text), Vec::<String>::new(), "{text}");
        }
    }
}
