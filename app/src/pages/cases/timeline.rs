//! The history of a case as its page tells it: a review that was published, and the checks of one
//! sitting, in one line, that opens.

use crate::components::{Happened, Hue};
use casework::queries::case_page::Entry;
use time::Duration;

/// Checks of one person that follow each other within this time are one sitting.
const SITTING: Duration = Duration::minutes(30);

/// The history, newest first, with each review and each run of checks in place of which one line tells
/// of all.
pub(super) fn folded(entries: &[Entry]) -> Vec<Happened> {
    let mut left = entries;
    let mut told = Vec::new();
    while let [first, ..] = left {
        let (run, rest) = left.split_at(sitting(left));
        told.push(match run {
            [_] => happened(first),
            several => {
                let (what, part): (_, fn(&Entry) -> String) = match first.review {
                    Some(_) => ("Published a review".to_owned(), whole),
                    None => (format!("Checked {} items", several.len()), part),
                };
                Happened {
                    what,
                    detail: String::new(),
                    is_new: several.iter().any(|one| one.is_new),
                    parts: several.iter().rev().map(part).collect(),
                    ..happened(first)
                }
            }
        });
        left = rest;
    }
    told
}

/// How many entries from the first one on were published together or are checks of one sitting; one of
/// anything else.
fn sitting(entries: &[Entry]) -> usize {
    if let [
        Entry {
            review: Some(review),
            ..
        },
        ..,
    ] = entries
    {
        let same = entries.iter();
        return same.take_while(|one| one.review == Some(*review)).count();
    }
    let next = entries.windows(2).take_while(|pair| match pair {
        [newer, older] => {
            let is_check = |entry: &Entry| entry.name == "item_checked";
            is_check(newer)
                && is_check(older)
                && older.review.is_none()
                && newer.who == older.who
                && newer.at.since(older.at) <= SITTING
        }
        _ => false,
    });
    next.count() + 1
}

/// One check of several: the line already says that they are checks.
fn part(entry: &Entry) -> String {
    let what = entry.what.strip_prefix("Checked ").unwrap_or(&entry.what);
    with_detail(what, &entry.detail)
}

/// One thing of a review.
fn whole(entry: &Entry) -> String {
    with_detail(&entry.what, &entry.detail)
}

fn with_detail(what: &str, detail: &str) -> String {
    match detail {
        "" => what.to_owned(),
        detail => format!("{what}. {detail}"),
    }
}

fn happened(entry: &Entry) -> Happened {
    let hue = match entry.name.as_str() {
        "submitted" | "clarification_answered" | "resubmitted" | "dla_accepted" | "withdrawn" => {
            Hue::Developer
        }
        "finding_recorded" | "declined" | "lapsed" | "grant_suspended" | "grant_revoked" => {
            Hue::Overdue
        }
        "approved" | "grant_reinstated" => Hue::Approved,
        "reminded" | "started" | "attachment_added" | "attachment_removed" => Hue::Waiting,
        _ => Hue::Us,
    };
    Happened {
        at: entry.at,
        what: entry.what.clone(),
        who: entry.who.clone(),
        detail: entry.detail.clone(),
        hue,
        parts: Vec::new(),
        is_new: entry.is_new,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use workflow::Timestamp;

    fn entry(minute: i64, who: &str, name: &str, what: &str) -> Entry {
        Entry {
            at: Timestamp::default().plus(Duration::minutes(minute)),
            who: who.to_owned(),
            what: what.to_owned(),
            detail: String::new(),
            name: name.to_owned(),
            review: None,
            is_new: false,
        }
    }

    fn check(minute: i64, who: &str, item: &str) -> Entry {
        let what = format!("Checked “{item}”: pass");
        entry(minute, who, "item_checked", &what)
    }

    #[test]
    fn checks_of_one_sitting_are_one_line_and_nothing_else_is_folded() {
        let entries = [
            entry(95, "Ito", "track_passed", "Passed the review"),
            check(94, "Ito", "c"),
            check(70, "Ito", "b"),
            check(41, "Ito", "a"),
            // Too long ago, and somebody else.
            check(10, "Ito", "early"),
            check(9, "Ben", "other"),
        ];
        let told = folded(&entries);
        let lines: Vec<&str> = told.iter().map(|one| one.what.as_str()).collect();
        assert_eq!(
            lines,
            [
                "Passed the review",
                "Checked 3 items",
                "Checked “early”: pass",
                "Checked “other”: pass"
            ]
        );
        assert_eq!(told[1].at, entries[1].at);
        assert_eq!(told[1].parts, ["“a”: pass", "“b”: pass", "“c”: pass"]);
        assert!(told.iter().all(|one| one.parts.len() != 1));
        assert!(folded(&[]).is_empty());
    }

    #[test]
    fn what_was_published_together_is_one_line_and_other_checks_stay_apart() {
        let review = Some(uuid::Uuid::from_u128(7));
        let of_review = |entry: Entry| Entry { review, ..entry };
        let entries = [
            of_review(entry(
                90,
                "Ito",
                "clarification_requested",
                "Requested clarification",
            )),
            of_review(check(90, "Ito", "b")),
            of_review(check(90, "Ito", "a")),
            check(89, "Ito", "early"),
        ];
        let told = folded(&entries);
        let lines: Vec<&str> = told.iter().map(|one| one.what.as_str()).collect();
        assert_eq!(lines, ["Published a review", "Checked “early”: pass"]);
        assert_eq!(
            told[0].parts,
            [
                "Checked “a”: pass",
                "Checked “b”: pass",
                "Requested clarification"
            ]
        );
    }
}
