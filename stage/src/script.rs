//! The words in which the demo's stories are written: who does what, how many business days ago.

use super::{gallery::Shown, partners::Deed, support::Asked};
use casework::commands::GrantChange;
use workflow::{
    checklist::ListKind,
    event::DeclineReason,
    state::{AccessLevel, Seat, Track},
};

/// One step of a story; people by username.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Start(AccessLevel),
    /// Fills in the first so many sections of the form.
    Fill(usize),
    Attach(File),
    Submit,
    Assign {
        by: &'static str,
        seat: Seat,
        to: &'static str,
    },
    Release(&'static str, Seat),
    /// Passes the next so many items that carry no mark.
    Check(&'static str, ListKind, usize),
    Fail {
        by: &'static str,
        list: ListKind,
        item: &'static str,
        note: &'static str,
    },
    NotApplicable {
        by: &'static str,
        list: ListKind,
        item: &'static str,
        note: &'static str,
    },
    ConfirmComplete(&'static str),
    /// Questions, each with what it is about.
    Ask(&'static str, &'static [(&'static str, &'static str)]),
    Answer(&'static [&'static str]),
    Waive(&'static str, &'static str, &'static str),
    /// A date, so many calendar days on, for the finding against this item.
    Date(&'static str, &'static str, i64),
    RequestCorrections(&'static str),
    Resubmit(&'static [&'static str]),
    Pass(&'static str, Track),
    AcceptDla,
    ProposeDecline(&'static str, DeclineReason, &'static str),
    Approve(&'static str, &'static str),
    Decline(&'static str, DeclineReason, &'static str),
    Withdraw(&'static str),
    Reopen {
        by: &'static str,
        to: &'static str,
        reason: &'static str,
    },
    Grant(&'static str, GrantChange, &'static str),
    /// On a support request, by its key.
    Asked(&'static str, Asked),
    /// On the entry in the gallery.
    Shown(Shown),
    /// On the partnership.
    Partner(Deed),
}

/// A file to attach.
#[derive(Clone, Copy, Debug)]
pub(super) enum File {
    Brochure,
    Screen,
    Architecture,
}

/// When something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum When {
    /// So many business days before today, at a minute of that day.
    DaysAgo(std::cmp::Reverse<u16>, u32),
    /// So many minutes before now.
    MinutesAgo(std::cmp::Reverse<u32>),
}

/// A step in its place.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub when: When,
    /// The key of the app.
    pub app: &'static str,
    pub step: Step,
}

/// Everything that happens, of all apps.
#[derive(Clone, Debug, Default)]
pub(super) struct Script {
    pub steps: Vec<Planned>,
}

/// The story of one app, told in order.
pub(super) struct Story<'a> {
    script: &'a mut Script,
    app: &'static str,
    when: When,
}

impl Script {
    /// Begins the story of an app.
    pub const fn app(&mut self, app: &'static str) -> Story<'_> {
        Story {
            script: self,
            app,
            when: When::DaysAgo(std::cmp::Reverse(1), 540),
        }
    }
}

impl Story<'_> {
    /// What follows happens so many business days ago, at some time of that day.
    pub fn on(mut self, days: u16) -> Self {
        // Spread over the working day, differently for each app and day.
        let spread: u32 = self.app.bytes().map(u32::from).sum::<u32>() * 37 + u32::from(days) * 53;
        self.when = When::DaysAgo(std::cmp::Reverse(days), 7 * 60 + spread % (9 * 60));
        self
    }

    /// What follows happens so many minutes ago.
    pub const fn minutes_ago(mut self, minutes: u32) -> Self {
        self.when = When::MinutesAgo(std::cmp::Reverse(minutes));
        self
    }

    /// One step.
    pub fn then(mut self, step: Step) -> Self {
        self.script.steps.push(Planned {
            when: self.when,
            app: self.app,
            step,
        });
        if let When::DaysAgo(_, minute) = &mut self.when {
            *minute += 3;
        }
        self
    }

    /// Started and filled in whole.
    pub fn apply(self, level: AccessLevel) -> Self {
        self.then(Step::Start(level)).then(Step::Fill(usize::MAX))
    }

    /// Taken, found complete.
    pub fn complete(self, by: &'static str) -> Self {
        self.take(by, Seat::Case)
            .then(Step::Check(by, ListKind::Completeness, usize::MAX))
            .then(Step::ConfirmComplete(by))
    }

    /// A seat taken by oneself.
    pub fn take(self, by: &'static str, seat: Seat) -> Self {
        self.then(Step::Assign { by, seat, to: by })
    }

    /// The whole list of a track passed, and the track.
    pub fn pass(self, by: &'static str, track: Track) -> Self {
        self.then(Step::Check(by, ListKind::of(track), usize::MAX))
            .then(Step::Pass(by, track))
    }

    /// The commercial track taken and passed.
    pub fn commercial(self, by: &'static str) -> Self {
        self.take(by, Seat::Commercial).pass(by, Track::Commercial)
    }

    /// The technical track taken and passed.
    pub fn technical(self, by: &'static str) -> Self {
        self.take(by, Seat::Technical).pass(by, Track::Technical)
    }

    /// An item of the commercial list fails.
    pub fn fail_commercial(self, by: &'static str, item: &'static str, note: &'static str) -> Self {
        let list = ListKind::Commercial;
        self.then(Step::Fail {
            by,
            list,
            item,
            note,
        })
    }

    /// An item of the technical list fails.
    pub fn fail_technical(self, by: &'static str, item: &'static str, note: &'static str) -> Self {
        let list = ListKind::Technical;
        self.then(Step::Fail {
            by,
            list,
            item,
            note,
        })
    }
}
