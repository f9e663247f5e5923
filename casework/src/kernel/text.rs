//! What may be typed into a field, and how texts are compared in the database. Every text that a
//! person typed comes through here (or through [`workflow::text`], the cleaning itself) before
//! anything else sees it; what else is true of a field is said where the field is used.

use crate::{Result, digest::sha256};
use sea_orm::{
    Condition,
    sea_query::{Expr, ExprTrait, Func, LikeExpr},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::BTreeSet;
use unicode_normalization::char::is_combining_mark;
use uuid::Uuid;
pub use workflow::text::{clean, fold, plain};
use workflow::{
    form::Problem,
    mailbox::{LocalParts, Mailbox},
};

/// The longest key that is kept as it is, in bytes: PostgreSQL indexes at most about 2,700.
const LONGEST_KEY: usize = 500;

/// The longest text that is looked for, in characters.
pub const LONGEST_SEARCH: usize = 100;

/// The most words that one search looks for.
const MOST_WORDS: usize = 12;

/// The words of what was typed into a search of texts whose keys are [`plain`]: without the signs
/// around them, the first twelve.
pub(crate) fn search_words(typed: &str) -> BTreeSet<String> {
    let typed: String = typed.chars().take(LONGEST_SEARCH).collect();
    plain(&typed)
        .split(|character: char| !character.is_alphanumeric() && !is_combining_mark(character))
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .map(str::to_owned)
        .collect()
}

/// What makes a name or an address unique, and by which it is found again: its folded text, or the
/// hash of it where that is long. At most `LONGEST_KEY` bytes, whatever was typed.
pub fn key(text: &str) -> String {
    let folded = fold(text);
    if folded.len() > LONGEST_KEY {
        format!("sha256:{}", sha256(folded.as_bytes()))
    } else {
        folded
    }
}

/// The longest address of a page made of a text, but for one letter.
const LONGEST_SLUG: usize = 60;

/// The address of a page made of a text: `How do I rotate a token?` → `how-do-i-rotate-a-token`;
/// empty where the text has no such letters.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in plain(text).chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= LONGEST_SLUG {
            break;
        }
    }
    slug.trim_matches('-').to_owned()
}

/// The same with the end of an id, for an address that is taken.
pub(crate) fn slug_with(slug: &str, id: Uuid) -> String {
    let id = id.simple().to_string();
    let end: String = id.chars().skip(20).collect();
    format!("{slug}-{end}").trim_matches('-').to_owned()
}

/// How email addresses are compared: one mailbox has one key, in whichever spelling it was typed.
/// The domain is taken in its ASCII form.
pub fn email_key(address: &str) -> String {
    match Mailbox::parse(&workflow::text::line(address), LocalParts::Any) {
        Ok(mailbox) => format!("{}@{}", fold(mailbox.local()), mailbox.domain()),
        Err(_) => key(address),
    }
}

/// Whether a column that holds folded texts contains what was typed. Every character stands for
/// itself, the wildcards of LIKE too; what was typed is cut at [`LONGEST_SEARCH`].
pub(crate) fn contains(folded_column: impl Into<Expr>, typed: &str) -> Expr {
    let cut: String = typed.chars().take(LONGEST_SEARCH).collect();
    let part = fold(&cut)
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    folded_column
        .into()
        .like(LikeExpr::new(format!("%{part}%")).escape('\\'))
}

/// Whether a person's address contains what was typed, in whichever spelling of its domain either
/// was written: `email_key` holds the ASCII form, `email` what its owner typed.
pub(crate) fn email_contains(
    email_key: impl Into<Expr>,
    email: impl Into<Expr>,
    typed: &str,
) -> Condition {
    let email_key = email_key.into();
    let as_written = contains(Func::lower(email.into()), typed);
    Condition::any()
        .add(contains(email_key.clone(), typed))
        .add(contains(email_key, &in_ascii(typed)))
        .add(as_written)
}

/// A whole domain, or what ends in one behind an `@`, with the domain in ASCII; as it is where it
/// is neither.
fn in_ascii(typed: &str) -> String {
    let typed = workflow::text::line(typed);
    let (local, domain) = typed.split_once('@').unwrap_or(("", &typed));
    match Mailbox::parse(&format!("x@{domain}"), LocalParts::Any) {
        Ok(mailbox) if typed.contains('@') => format!("{local}@{}", mailbox.domain()),
        Ok(mailbox) => mailbox.domain().to_owned(),
        Err(_) => typed,
    }
}

/// The same value with every text in it clean.
///
/// # Errors
/// None for types that are read as they are written.
pub(crate) fn clean_inside<T: Serialize + DeserializeOwned>(value: &T) -> Result<T> {
    fn walk(value: &mut Value) {
        match value {
            Value::String(text) => *text = clean(text),
            Value::Array(items) => items.iter_mut().for_each(walk),
            Value::Object(entries) => entries.values_mut().for_each(walk),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut json = serde_json::to_value(value)?;
    walk(&mut json);
    Ok(serde_json::from_value(json)?)
}

/// A field with its limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub field: &'static str,
    pub label: &'static str,
    /// In characters, after trimming; 0 where it may stay empty.
    pub min: usize,
    pub max: usize,
}

/// One line of text, clean; what is wrong with it goes to `problems`.
pub(crate) fn line(limits: Limits, text: &str, problems: &mut Vec<Problem>) -> String {
    let text = workflow::text::line(text);
    measure(limits, &text, problems);
    text
}

/// Several lines of text, clean; what is wrong with it goes to `problems`.
pub(crate) fn lines(limits: Limits, text: &str, problems: &mut Vec<Problem>) -> String {
    let text = workflow::text::lines(text);
    measure(limits, &text, problems);
    text
}

fn measure(limits: Limits, text: &str, problems: &mut Vec<Problem>) {
    let count = text.chars().count();
    let Limits { min, max, .. } = limits;
    if count == 0 && min > 0 {
        wrong(limits, "this is empty.", problems);
    } else if min > 0 && says_nothing(text) {
        wrong(
            limits,
            "write words; this has neither a letter nor a digit.",
            problems,
        );
    } else if count < min {
        wrong(
            limits,
            &format!("use at least {min} characters; it has {count}."),
            problems,
        );
    } else if count > max {
        wrong(
            limits,
            &format!("shorten it to {max} characters; it has {count}."),
            problems,
        );
    }
}

/// Whether a text is of signs alone, such as `..`.
pub(crate) fn says_nothing(text: &str) -> bool {
    !text.chars().any(char::is_alphanumeric)
}

fn wrong(limits: Limits, text: &str, problems: &mut Vec<Problem>) {
    problems.push(Problem {
        field: limits.field.to_owned(),
        text: format!("{}: {text}", limits.label),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Limits = Limits {
        field: "name",
        label: "Name",
        min: 2,
        max: 5,
    };

    fn problem_of(text: &str) -> Option<String> {
        let mut problems = Vec::new();
        line(NAME, text, &mut problems);
        problems.pop().map(|problem| problem.text)
    }

    #[test]
    fn a_line_keeps_to_its_limits() {
        assert_eq!(problem_of(" Ünal "), None);
        assert_eq!(problem_of(" ").as_deref(), Some("Name: this is empty."));
        assert!(problem_of("a").is_some_and(|text| text.contains("at least 2")));
        assert!(problem_of("abcdef").is_some_and(|text| text.contains("shorten it to 5")));
    }

    #[test]
    fn signs_alone_say_nothing_in_whatever_must_be_written() {
        for signs in ["..", "???", "– —", "…..", "👍👍", "(!)"] {
            let problem = problem_of(signs);
            let told = problem.is_some_and(|text| text.contains("neither a letter nor a digit"));
            assert!(told, "{signs}");
            assert!(crate::typed::required("text", "Text", signs, "write.").is_err());
            let mut problems = Vec::new();
            let optional = Limits { min: 0, ..NAME };
            line(optional, signs, &mut problems);
            assert!(problems.is_empty(), "{signs}");
        }
        for words in ["7.", "été", "نور", "東京", "a👍"] {
            assert_eq!(problem_of(words), None, "{words}");
        }
    }

    #[test]
    fn an_address_is_made_of_a_text() {
        assert_eq!(slug("How do I rotate a token?"), "how-do-i-rotate-a-token");
        assert_eq!(slug("  Été – à Zürich! "), "ete-a-zurich");
        assert_eq!((slug("نور"), slug("")), (String::new(), String::new()));
        let long = slug(&"word ".repeat(40));
        assert!(long.len() <= LONGEST_SLUG && !long.ends_with('-'), "{long}");
        let id = Uuid::from_u128(0xabc);
        assert_eq!(slug_with("glow", id), "glow-000000000abc");
        assert_eq!(slug_with("", id), "000000000abc");
    }

    #[test]
    fn what_cannot_be_seen_does_not_count() {
        assert_eq!(
            problem_of("\u{202E}\0\u{200B}").as_deref(),
            Some("Name: this is empty.")
        );
        let mut problems = Vec::new();
        assert_eq!(line(NAME, "ab\r\nc\u{202E}", &mut problems), "ab c");
        assert_eq!(lines(NAME, "a\r\nb\rc", &mut problems), "a\nb\nc");
        assert!(problems.is_empty());
    }

    #[test]
    fn a_key_fits_into_every_index() {
        // One character that stands for eighteen.
        let typed = "\u{FDFA}".repeat(300);
        assert!(key(&typed).len() <= LONGEST_KEY);
        assert_eq!(key(&typed), key(&typed.to_uppercase()));
        assert_eq!(key(" Ada@Example.ORG "), "ada@example.org");
        assert!(key(&"x".repeat(1 << 20)).len() < 80);
    }
}
