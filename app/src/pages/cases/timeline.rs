//! The history of a case as its page tells it: the checks of one sitting in one line, that opens.

use crate::components::{Happened, Hue};
use casework::queries::case_page::Entry;
use time::Duration;

/// Checks of one person that follow each other within this time are one sitting.
const SITTING: Duration = Duration::minutes(30);

/// The history, newest first, with each run of checks in place of which one line tells of all.
pub(super) fn folded(entries: &[Entry]) -> Vec<Happened> {
    let mut left = entries;
    let mut told = Vec::new();
    while let [first, ..] = left {
        let (run, rest) = left.split_at(sitting(left));
        told.push(match run {
            [_] => happened(first),
            several => Happened {
                what: format!("Checked {} items", several.len()),
                detail: String::new(),
                is_new: several.iter().any(|one| one.is_new),
                parts: several.iter().rev().map(part).collect(),
                ..happened(first)
            },
        });
        left = rest;
    }
    told
}

/// How many entries from the first one on are checks of one sitting; one of anything else.
fn sitting(entries: &[Entry]) -> usize {
    let next = entries.windows(2).take_while(|pair| match pair {
        [newer, older] => {
            let is_check = |entry: &Entry| entry.name == "item_checked";
            is_check(newer)
                && is_check(older)
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
    match entry.detail.as_str() {
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
}
