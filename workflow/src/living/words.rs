//! Texts as they are compared: words without case and marks, dates alike.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::BTreeMap;

/// What stands for every date.
const DATE: &str = "<date>";

/// How many words of a text are compared.
const MOST: usize = 30_000;

/// The words of a text in lower case, without the marks around them; whatever belongs to a date is
/// one `<date>`, so that a page that says when it was last changed is the same page. Other numbers
/// stay: a term of 90 days is another than one of 30.
pub fn folded(text: &str) -> Vec<String> {
    let words: Vec<String> = text
        .split_whitespace()
        .map(bare)
        .filter(|word| !word.is_empty())
        .take(MOST)
        .collect();
    let mut folded: Vec<String> = Vec::with_capacity(words.len());
    for (index, word) in words.iter().enumerate() {
        if is_of_a_date(&words, index, word) {
            if folded.last().is_none_or(|last| last != DATE) {
                folded.push(DATE.to_owned());
            }
        } else {
            folded.push(word.clone());
        }
    }
    folded
}

/// A word in lower case without the marks around it.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase()
}

fn is_of_a_date(words: &[String], index: usize, word: &str) -> bool {
    let before = index.checked_sub(1).and_then(|index| words.get(index));
    let after = words.get(index + 1);
    let beside =
        |fits: fn(&str) -> bool| [before, after].into_iter().flatten().any(|word| fits(word));
    is_year(word)
        || is_written_date(word)
        || (is_month(word) && beside(|word| is_day(word) || is_year(word)))
        || (is_day(word) && beside(is_month))
}

/// A year near ours.
fn is_year(word: &str) -> bool {
    word.len() == 4
        && word
            .parse::<u16>()
            .is_ok_and(|year| (1990..2100).contains(&year))
}

/// `31`, `1st`, `2nd`.
fn is_day(word: &str) -> bool {
    let number = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .unwrap_or(word);
    number.len() <= 2
        && number
            .parse::<u8>()
            .is_ok_and(|day| (1..=31).contains(&day))
}

/// `2027-03-31`, `31.3.2027`, `3/31/27`, also with a time behind `T`.
fn is_written_date(word: &str) -> bool {
    let day = word.split('t').next().unwrap_or(word);
    ['-', '.', '/'].iter().any(|mark| {
        let parts: Vec<&str> = day.split(*mark).collect();
        parts.len() == 3
            && parts.iter().all(|part| {
                part.len() <= 4 && !part.is_empty() && part.chars().all(|c| c.is_ascii_digit())
            })
    })
}

fn is_month(word: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    MONTHS
        .iter()
        .any(|month| *month == word || month.get(..3) == Some(word))
        || word == "sept"
}

/// How alike two folded texts are, in thousandths: twice the words that both have in the same order,
/// of all words of both. Only alike texts are compared word by word: where they have too few words
/// in common to reach `least`, the answer is what they could at most come to.
pub fn similarity(one: &[String], other: &[String], least: u16) -> u16 {
    let all = one.len() + other.len();
    if all == 0 {
        return 1_000;
    }
    let most = permille(in_common(one, other), all);
    if most < least {
        return most;
    }
    let matching = capture_diff_slices(Algorithm::Myers, one, other)
        .iter()
        .map(|op| match op {
            DiffOp::Equal { len, .. } => *len,
            _ => 0,
        })
        .sum();
    permille(matching, all)
}

/// Twice `matching` of `all`, rounded down: only the same is 1000.
fn permille(matching: usize, all: usize) -> u16 {
    u16::try_from(matching * 2_000 / all).unwrap_or(1_000)
}

/// How many words two texts have in common, in whatever order.
fn in_common(one: &[String], other: &[String]) -> usize {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for word in one {
        *counts.entry(word).or_default() += 1;
    }
    other
        .iter()
        .filter(|word| match counts.get_mut(word.as_str()) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        })
        .count()
}
