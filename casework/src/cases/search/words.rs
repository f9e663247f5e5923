//! The words by which texts are found, made in one way for both databases and for every script.
//!
//! A text falls at its spaces into pieces, and a piece into units: a word; a run of signs; or one
//! character of a script that writes no spaces between words. Each unit is a word of the index, and
//! so are two units that stand side by side: `glow-app` is found by `glow`, by `app`, by `-`, and as
//! it stands. What surrounds a piece and only ends a sentence or quotes does not count.
//!
//! A word of the index is folded and without accents ([`plain`]) and holds letters and digits of ASCII, or characters
//! beyond it: signs of ASCII are moved to where nobody types, so that no database's own reading of a
//! text or of a question can matter.

use super::Facet;
use std::{collections::BTreeSet, ops::Range};
use unicode_normalization::char::is_combining_mark;
use workflow::text::plain;

/// Which version of this module made a document. A change of what it makes is a new one: documents
/// of older ones are written again.
pub(super) const FORMAT: i32 = 4;

/// The longest word, in characters: what is longer is found by its beginning.
const LONGEST: usize = 40;

/// Between the halves of a pair.
const BESIDE: char = '\u{E000}';
/// Before a word that stands in what is read by staff alone.
pub(super) const INSIDE: char = '\u{E001}';
/// Before the number of the part in which a document lies.
const PART: char = '\u{E002}';
/// Before the few letters that a word begins with.
const BEGINS: char = '\u{E003}';
/// Before what a list is filtered by.
const FACET: char = '\u{E004}';
/// Where the signs of ASCII are moved to.
const SIGNS: u32 = 0xE100;

/// By so many letters at its beginning a word is in the index itself; by more of them it is looked up
/// among all words (`search_vocabulary`), where few begin so.
const SHORT: usize = 3;

/// How many numbers a part has; the migration's `search_hits` divides by the same.
const NUMBERS: i32 = 2_048;

/// The word that says in which part of all documents one lies.
pub(super) fn part(number: i32) -> String {
    format!("{PART}{}", number / NUMBERS)
}

/// The word of something that a list is filtered by. It is no text: staff alone ask for it.
pub(super) fn facet(facet: &Facet) -> String {
    let (kind, key) = match facet {
        Facet::Round(round) => ('n', round.to_string()),
        Facet::Category(key) => ('c', encoded(key)),
        Facet::Region(key) => ('r', encoded(key)),
        Facet::Tag(id) => ('t', id.simple().to_string()),
        Facet::Finding(list, item) => ('f', encoded(&format!("{}_{item}", list.word()))),
    };
    format!("{FACET}{kind}{key}")
}

/// The word of the index for all words that begin so; none for a beginning that is long enough for
/// the vocabulary.
pub(super) fn beginning(word: &str) -> Option<String> {
    (word.chars().count() <= SHORT).then(|| format!("{BEGINS}{word}"))
}

/// Those of a word's beginnings that are in the index.
fn beginnings(word: &str) -> impl Iterator<Item = String> + '_ {
    let ends = word.char_indices().take(SHORT);
    ends.map(|(at, last)| format!("{BEGINS}{}", &word[..at + last.len_utf8()]))
}

/// Whether a word is one unit.
pub(super) fn is_unit(word: &str) -> bool {
    !word.contains(BESIDE)
}

/// The same words, with what they begin with.
pub(super) fn with_beginnings(words: &BTreeSet<String>) -> BTreeSet<String> {
    let units = words.iter().filter(|word| is_unit(word));
    let mut all: BTreeSet<String> = units.flat_map(|word| beginnings(word)).collect();
    all.extend(words.iter().cloned());
    all
}

/// A unit, and where in its text it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub at: Range<usize>,
    /// As it is kept in the index.
    pub word: String,
    /// No space is before it.
    pub is_joined: bool,
}

/// The word of two units side by side; of the beginning of such where the second is one.
pub(super) fn pair(first: &str, second: &str) -> String {
    format!("{first}{BESIDE}{second}")
}

/// All words of a text, pairs among them.
pub(super) fn add(text: &str, words: &mut BTreeSet<String>) {
    let mut before: Option<Unit> = None;
    for unit in units(text) {
        if let Some(before) = before.filter(|_| unit.is_joined) {
            words.insert(pair(&before.word, &unit.word));
        }
        words.insert(unit.word.clone());
        before = Some(unit);
    }
}

/// The units of a text, in its order.
pub(super) fn units(text: &str) -> impl Iterator<Item = Unit> + '_ {
    pieces(text).flat_map(|(start, piece)| {
        let mut is_joined = false;
        runs(piece).filter_map(move |run| {
            let word = encoded(&piece[run.clone()]);
            let unit = Unit {
                at: start + run.start..start + run.end,
                word,
                is_joined,
            };
            (!unit.word.is_empty()).then(|| {
                is_joined = true;
                unit
            })
        })
    })
}

/// What stands between spaces, without the punctuation around it, and where.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_whitespace().map(move |piece| {
        let kept = match piece.contains(is_of_word) {
            true => piece.trim_matches(is_punctuation),
            false => piece,
        };
        (kept.as_ptr() as usize - text.as_ptr() as usize, kept)
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    /// Of a script without spaces.
    Alone,
    Sign,
}

fn class(c: char) -> Class {
    if !is_of_word(c) {
        Class::Sign
    } else if is_unspaced(c) {
        Class::Alone
    } else {
        Class::Word
    }
}

/// The units of a piece.
fn runs(piece: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut characters = piece.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = characters.next()?;
        let of = class(first);
        let mut end = start + first.len_utf8();
        while let Some((at, c)) =
            characters.next_if(|(_, c)| continues(*c) || (of != Class::Alone && class(*c) == of))
        {
            end = at + c.len_utf8();
        }
        Some(start..end)
    })
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// What belongs to the character before it, whatever that is.
fn continues(c: char) -> bool {
    is_combining_mark(c)
        || matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}'
            // The voicing marks of narrow kana.
            | '\u{FF9E}' | '\u{FF9F}')
}

/// Whether no space is written between words of its script, or words are put together so freely
/// that their parts are looked for.
const fn is_unspaced(c: char) -> bool {
    matches!(c,
        // Thai and Lao; Myanmar; Khmer.
        '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        // Hangul.
        | '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7FF}' | '\u{FFA1}'..='\u{FFDC}'
        // Kana, bopomofo.
        | '\u{3005}'..='\u{3007}' | '\u{3031}'..='\u{312F}' | '\u{31A0}'..='\u{31BF}'
        | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9D}' | '\u{1B000}'..='\u{1B16F}'
        // Yi, and Han with its extensions.
        | '\u{A000}'..='\u{A4CF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// What ends sentences, quotes and brackets.
const fn is_punctuation(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '"' | '\''
        | '`' | '“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '«' | '»' | '‹' | '›' | '…' | '¡' | '¿'
        | '–' | '—' | '·' | '،' | '؛' | '؟' | '।' | '\u{3001}'..='\u{3003}'
        | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301F}' | '，' | '．' | '！' | '？' | '：' | '；'
        | '（' | '）')
}

/// A unit as it is kept in the index.
fn encoded(unit: &str) -> String {
    if unit.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        // Most units are; folding them is this alone.
        return unit
            .bytes()
            .take(LONGEST)
            .map(|byte| char::from(byte.to_ascii_lowercase()))
            .collect();
    }
    plain(unit)
        .chars()
        .take(LONGEST)
        .map(|c| match c {
            '’' | '\'' => moved('\''),
            c if c.is_ascii_alphanumeric() => c,
            c if c.is_ascii() => moved(c),
            // What this module marks words with is nobody's to type.
            '\u{E000}'..='\u{F8FF}' => '\u{FFFD}',
            c => c,
        })
        .collect()
}

fn moved(sign: char) -> char {
    char::from_u32(SIGNS + u32::from(sign)).unwrap_or(sign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The words of a text, signs where they are typed and pairs with a `+`.
    fn words(text: &str) -> Vec<String> {
        let mut words = BTreeSet::new();
        add(text, &mut words);
        let shown = |c: char| match c {
            BESIDE => '+',
            c if (SIGNS..SIGNS + 0x80).contains(&u32::from(c)) => {
                char::from_u32(u32::from(c) - SIGNS).unwrap()
            }
            c => c,
        };
        words
            .iter()
            .map(|word| word.chars().map(shown).collect())
            .collect()
    }

    #[test]
    fn a_text_falls_into_words_signs_and_pairs() {
        for (text, expected) in [
            ("Glucose  APPS,", &["apps", "glucose"][..]),
            ("(the “Ökonomie”).", &["okonomie", "the"]),
            ("100% _", &["100", "100+%", "%", "_"]),
            ("glow-App", &["app", "glow", "glow+-", "-", "-+app"]),
            ("don’t", &["don", "don+'", "t", "'", "'+t"]),
            ("東京都", &["京", "京+都", "東", "東+京", "都"]),
            ("かﾞ", &["が"]),
            ("ﬁne ½", &["1⁄2", "fine"]),
            ("?!", &["?!"]),
            (" \u{200B} ", &[]),
            ("नमस्ते", &["नमस्ते"]),
            ("เก่ง", &["ก่", "ก่+ง", "ง", "เ", "เ+ก่"]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn a_long_word_is_kept_by_its_beginning() {
        assert_eq!(words(&"a".repeat(100)), ["a".repeat(LONGEST)]);
    }

    proptest! {
        /// Neither database reads anything into a word, and nobody types what marks words.
        #[test]
        fn a_word_is_plain_for_both_databases(text in "\\PC{0,40}") {
            for unit in units(&workflow::text::clean(&text)) {
                for c in unit.word.chars() {
                    prop_assert!(c.is_ascii_lowercase() || c.is_ascii_digit() || !c.is_ascii(), "{c:?}");
                    prop_assert!(![BESIDE, INSIDE, PART, BEGINS, FACET].contains(&c), "{c:?}");
                    prop_assert!(!c.is_whitespace(), "{c:?}");
                }
            }
        }

        #[test]
        fn a_unit_stands_where_it_says(text in "\\PC{0,40}") {
            let mut end = 0;
            for unit in units(&text) {
                prop_assert!(unit.at.start >= end && text.get(unit.at.clone()).is_some());
                end = unit.at.end;
            }
        }
    }
}
