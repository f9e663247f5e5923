//! Which verdicts a step opened again, and whom of us that is told.

use super::Scene;
use workflow::{
    PersonId,
    checklist::ListKind,
    state::{Seat, Track},
};

/// How many checks a letter names.
const NAMED: usize = 5;

impl Scene<'_> {
    /// The items whose verdicts stood before the step and are open again after it.
    fn opened_again(&self) -> impl Iterator<Item = (ListKind, &String)> {
        let of = move |list: &'static ListKind| {
            let (before, after) = (self.before.sheet(*list)?, self.after.sheet(*list)?);
            let items = after.reopened.keys();
            let stood = items.filter(|item| before.marks.contains_key(*item));
            Some(stood.map(|item| (*list, item)))
        };
        ListKind::ALL.iter().filter_map(of).flatten()
    }

    /// Whoever holds the track of one of them.
    pub(super) fn holders_of_reopened(&self) -> impl Iterator<Item = PersonId> {
        self.opened_again().filter_map(|(list, _)| {
            let seat = Seat::of(Track::of_findings(list));
            self.after.seats.get(&seat).copied()
        })
    }

    /// The checks that are open again and the passes that fell with them; nothing where none are.
    pub(super) fn reopened_facts(&self) -> Vec<(&'static str, String)> {
        let labels: Vec<String> = self
            .opened_again()
            .map(|(list, item)| {
                let sheet = self.after.sheet(list);
                let template = sheet.and_then(|sheet| self.known.lists.get(&(list, sheet.version)));
                let item_of = template.and_then(|template| template.item(item));
                item_of.map_or_else(|| item.clone(), |item| item.label.clone())
            })
            .collect();
        if labels.is_empty() {
            return Vec::new();
        }
        let mut named = labels
            .iter()
            .take(NAMED)
            .cloned()
            .collect::<Vec<_>>()
            .join("; ");
        if let Some(more) = labels.len().checked_sub(NAMED).filter(|more| *more > 0) {
            named.push_str(&format!("; and {more} more"));
        }
        let mut facts = vec![("Checks open again", named)];
        let fell: Vec<&str> = Track::ALL
            .iter()
            .filter(|track| {
                let passed = |case: &workflow::Case| {
                    let sheet = case.sheet(ListKind::of(**track));
                    sheet.is_some_and(|sheet| sheet.passed.is_some())
                };
                passed(self.before) && !passed(self.after)
            })
            .map(|track| track.label())
            .collect();
        if !fell.is_empty() {
            facts.push(("No longer passed", fell.join(", ")));
        }
        facts
    }
}
