//! What revisions changed: the verdicts that are open again for it, and what is new to the reader.

use super::Sent;
use crate::{
    Caller, Desk, Result,
    cases::queries::differences::{Difference, Two},
    reference::Known,
    store::{
        Stored,
        submission::{self, Frozen},
    },
};
use std::collections::{BTreeMap, BTreeSet};
use workflow::{
    AttachmentId, PersonId, Timestamp,
    checklist::{ListKind, Mark},
};

/// A verdict that stood until something changed on which it relied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reopened {
    pub was: Mark,
    /// What is different from what it relied on.
    pub differences: Vec<Difference>,
}

/// What is new to the reader: what others did since they last looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    me: PersonId,
    /// When the reader last looked, before this sitting; none for who never did.
    pub at: Option<Timestamp>,
    /// Another revision was handed in since.
    pub revised: bool,
    /// The newest revision that was there then.
    pub revision: Option<u32>,
    /// The questions of the form that were answered differently since.
    fields: BTreeSet<String>,
    /// The files that were handed in since.
    files: BTreeSet<AttachmentId>,
}

impl Since {
    /// Whether what somebody did then is new; none for the desk itself.
    pub fn is_new(&self, at: Timestamp, by: Option<PersonId>) -> bool {
        by != Some(self.me) && self.at.is_some_and(|since| at > since)
    }

    /// Whether a question of the form was answered differently.
    pub fn is_field_new(&self, key: &str) -> bool {
        self.fields.contains(key)
    }

    /// Whether a file was handed in.
    pub fn is_file_new(&self, file: AttachmentId) -> bool {
        self.files.contains(&file)
    }
}

pub(super) struct Revised {
    pub reopened: BTreeMap<(ListKind, String), Reopened>,
    pub since: Since,
}

/// Reads earlier revisions where anything is to be held against them, which is seldom.
pub(super) async fn of(
    desk: &Desk,
    stored: &Stored,
    known: &Known,
    caller: &Caller,
    new_since: Option<Timestamp>,
    sent: Option<&Sent>,
) -> Result<Revised> {
    let case = &stored.case;
    let revised = sent.is_some_and(|sent| new_since.is_some_and(|since| sent.at > since));
    let mut found = Revised {
        reopened: BTreeMap::new(),
        since: Since {
            me: caller.person,
            at: new_since,
            revised,
            revision: None,
            fields: BTreeSet::new(),
            files: BTreeSet::new(),
        },
    };
    let waits = ListKind::ALL
        .iter()
        .filter_map(|list| Some((*list, &case.sheet(*list)?.reopened)))
        .flat_map(|(list, open)| open.iter().map(move |(item, mark)| (list, item, mark)));
    let waits: Vec<(ListKind, &String, &Mark)> = waits.collect();
    if waits.is_empty() && !revised {
        return Ok(found);
    }
    let all = submission::all(desk.database.read(), stored.row.id).await?;
    let Some(newest) = all.last() else {
        return Ok(found);
    };
    let between = |before| Two {
        case,
        known,
        before,
        after: &newest.snapshot,
    };
    for (list, item, mark) in waits {
        let differences = differences(&all, mark, &between);
        let reopened = Reopened {
            was: mark.clone(),
            differences,
        };
        found.reopened.insert((list, item.clone()), reopened);
    }
    if revised && let Some(since) = new_since {
        let there = |one: &&Frozen| one.row.made_at <= since.micros();
        if let Some(then) = all.iter().rev().find(there) {
            let differences = between(&then.snapshot).differences(None);
            found.since.fields = differences.into_iter().map(|one| one.place).collect();
            let had: BTreeSet<_> = then
                .snapshot
                .attachments
                .iter()
                .map(|file| file.id)
                .collect();
            let has = newest.snapshot.attachments.iter().map(|file| file.id);
            found.since.files = has.filter(|file| !had.contains(file)).collect();
            found.since.revision = Some(then.revision);
        }
    }
    Ok(found)
}

/// What is different from what a verdict relied on.
fn differences<'a>(
    all: &'a [Frozen],
    mark: &Mark,
    between: &impl Fn(&'a crate::store::Snapshot) -> Two<'a>,
) -> Vec<Difference> {
    let Some(relied) = &mark.relied else {
        return Vec::new();
    };
    let then = all.iter().find(|one| one.revision == relied.revision);
    then.map_or_else(Vec::new, |then| {
        between(&then.snapshot).differences(relied.places().as_ref())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_did_since_somebody_looked_is_new_to_them() {
        let (me, other) = (PersonId(uuid::Uuid::nil()), PersonId(uuid::Uuid::max()));
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let mut since = Since {
            me,
            at: Some(at(10)),
            revised: false,
            revision: None,
            fields: BTreeSet::new(),
            files: BTreeSet::new(),
        };
        assert!(since.is_new(at(11), Some(other)));
        assert!(since.is_new(at(11), None));
        assert!(!since.is_new(at(11), Some(me)));
        assert!(!since.is_new(at(10), Some(other)));
        since.at = None;
        assert!(
            !since.is_new(at(11), Some(other)),
            "all of it is new: nothing is marked"
        );
    }
}
