//! What no page and no letter says: words that are not ours, raw keys, counts that do not agree with
//! their noun, gaps where something was left out, clocks without a zone. Also used by the tests of
//! the program.

/// Words that end as a plural does and are none, or are verbs: they may follow a 1.
const NO_PLURALS: &[&str] = &[
    "address", "access", "across", "always", "as", "begins", "business", "is", "has", "holds",
    "its", "less", "needs", "plus", "process", "says", "stands", "status", "this", "was", "waits",
];

/// After these a 1 is a name, not a count.
const NAMED: &[&str] = &[
    "version", "round", "revision", "step", "page", "part", "section", "level",
];

/// What may stand between a count and its noun.
const BETWEEN: &[&str] = &[
    "business",
    "calendar",
    "authorised",
    "open",
    "active",
    "more",
    "other",
];

/// What is wrong with a text that people read; nothing if nothing is.
pub fn fault(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let why = word(line).or_else(|| gap(line)).or_else(|| clock(line))?;
        Some(format!("{why}: {line}"))
    })
}

/// As words are read: without what stands around them.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn word(line: &str) -> Option<String> {
    let told = line.to_lowercase();
    if told.contains("document's bytes") || told.contains("document’s bytes") {
        return Some("bytes of a document".to_owned());
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    words.iter().enumerate().find_map(|(at, whole)| {
        let one = bare(whole);
        let low = one.to_lowercase();
        if ["mend", "mends", "mended", "mending"].contains(&low.as_str()) {
            return Some(format!("not our word “{one}”"));
        }
        if is_key(one) || whole.contains("::") || whole.contains("Some(") {
            return Some(format!("a raw key “{one}”"));
        }
        let before = at.checked_sub(1).and_then(|at| words.get(at)).copied();
        // “None” by itself is plain English; “by None” is a value that nobody wrote.
        let missing =
            one == "None" && before.is_some_and(|word| word.ends_with(char::is_lowercase));
        if missing || ["undefined", "null", "nan"].contains(&low.as_str()) {
            return Some(format!("a word of machines “{one}”"));
        }
        let next = words.get(at + 1).copied().unwrap_or_default();
        if *whole == "0" && bare(next) == "d" {
            return Some("no time at all".to_owned());
        }
        let named = before.is_some_and(|word| NAMED.contains(&word.to_lowercase().as_str()));
        let plural = |word: &str| {
            word.len() > 2
                && word.ends_with('s')
                && word.chars().all(char::is_lowercase)
                && !NO_PLURALS.contains(&word)
        };
        // `1 business days` as well.
        let described = words.get(at + 2).filter(|_| BETWEEN.contains(&bare(next)));
        let noun = described.copied().unwrap_or(next);
        (*whole == "1" && !named && plural(bare(noun))).then(|| format!("one and many: “1 {noun}”"))
    })
}

/// `snake_case`, as programs name things.
fn is_key(word: &str) -> bool {
    let mut parts = word.split('_').peekable();
    let first = parts.next().unwrap_or_default();
    let small = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    parts.peek().is_some() && small(first) && parts.all(small)
}

/// Where something was left out of a sentence.
fn gap(line: &str) -> Option<String> {
    let told = line.trim();
    let gaps = [
        " ,", ", ,", " .", ",.", ": .", ": ,", "()", "“”", " ;", "\"\"",
    ];
    let found = gaps.iter().find(|gap| told.contains(**gap));
    // A spaced “…” and a decimal such as .5 are none.
    let found = found.filter(|gap| **gap != " ." || told.contains(" . ") || told.ends_with(" ."));
    let begins = told.starts_with([',', '.', ';', ':']) && told.len() > 1;
    if let Some(found) = found {
        return Some(format!("a gap “{found}”"));
    }
    begins.then(|| "a gap at its beginning".to_owned())
}

/// A time of day says its zone.
fn clock(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.iter().enumerate().find_map(|(at, word)| {
        let digits = bare(word);
        let parts: Vec<&str> = digits.split(':').collect();
        let is_time = (2..=3).contains(&parts.len())
            && parts
                .iter()
                .all(|part| part.len() == 2 && part.chars().all(|c| c.is_ascii_digit()));
        let zone = words.get(at + 1).map(|next| bare(next));
        (is_time && zone != Some("UTC") && !word.ends_with('Z'))
            .then(|| format!("a clock without a zone “{digits}”"))
    })
}

#[test]
fn faults_of_each_kind_are_found_and_plain_english_is_left_alone() {
    for text in [
        "Mend them by Friday",
        "the hash of the document's bytes",
        "changed target_users",
        "State::Draft",
        "0 d",
        "waited 1 days",
        "within 1 business days.",
        "all of its 1 authorised users",
        "by None",
        "undefined",
        "by null",
        "at 14:02",
        "14:02:07 on Monday",
        "App: Glow, , and more",
        " has accepted , and",
        ", has accepted",
        "by () alone",
    ] {
        assert!(fault(text).is_some(), "{text}");
    }
    for text in [
        "Round 1 begins",
        "10 days and 1 day",
        "21 days",
        "1 business day",
        "“None” is a fine answer.",
        "22 Nov 2026, 14:02 UTC",
        "2026-11-22 14:02:07 UTC",
        "snake case, low_",
        "a … b",
    ] {
        assert_eq!(fault(text), None, "{text}");
    }
}
