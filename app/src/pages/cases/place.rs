//! Where one is on the page of a case: what is open on the right, at which item, and what stands on the
//! left. All of it is in the address, so that a reload, a link and a browser without scripts show the
//! same.

use crate::{steps::cases::check_item::item_anchor, web::Visit};
use casework::queries::case_page::CasePage;
use workflow::{AttachmentId, CaseNumber, StateKind, checklist::ListKind};

/// What the left half shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// What the item at hand is about; without an item, the submission.
    Item,
    Submission,
    Files,
    Questions,
    /// People, app, timeline.
    Case,
}

impl Left {
    pub(super) const ALL: [Self; 5] = [
        Self::Item,
        Self::Submission,
        Self::Files,
        Self::Questions,
        Self::Case,
    ];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Submission => "submission",
            Self::Files => "files",
            Self::Questions => "questions",
            Self::Case => "case",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|left| left.word() == word)
    }
}

/// Which half is seen where there is no room for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Left,
    Work,
}

impl Half {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Work => "work",
        }
    }
}

/// Where one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    case: CaseNumber,
    /// The task that is open on the right, by its word; nothing for the one that waits.
    task: Option<String>,
    /// The key of the item at hand, of the list that is open.
    pub(super) item: Option<String>,
    left: Option<Left>,
    /// The file that is shown in place.
    pub(super) file: Option<AttachmentId>,
    /// Its page, or its second.
    pub(super) at: Option<u32>,
    /// Whether that is put into the item's evidence.
    pub(super) cites: bool,
    /// Every item is unfolded, to be read.
    pub(super) reads_all: bool,
    pub(super) half: Half,
}

impl Place {
    /// As the address says.
    pub(super) fn of(visit: &Visit, case: CaseNumber) -> Self {
        let word = |name| visit.query(name).map(str::to_owned);
        let task = word("open");
        // Letters and links from before the page had halves.
        let from_task = task.as_deref().and_then(Left::from_word);
        let left = visit.query("left").and_then(Left::from_word).or(from_task);
        let left = match visit.query("before").or_else(|| visit.query("snooze")) {
            Some(_) => Some(Left::Case),
            None => left,
        };
        let half = match (visit.query("half"), from_task) {
            (Some("left"), _) | (None, Some(_)) => Half::Left,
            _ => Half::Work,
        };
        Self {
            case,
            task: task.filter(|_| from_task.is_none()),
            item: word("item"),
            left,
            file: visit.query("file").and_then(|id| id.parse().ok()),
            at: visit.query("at").and_then(|at| at.parse().ok()),
            cites: visit.query("cite").is_some(),
            reads_all: visit.query("read").is_some(),
            half,
        }
    }

    /// The task that is open: the one asked for, else the one that waits, for this reader first.
    pub(super) fn task(&self, page: &CasePage) -> String {
        if let Some(task) = &self.task {
            return task.clone();
        }
        let of_list = |list: ListKind| list.word().to_owned();
        let waits = |list: &ListKind| {
            page.list(*list)
                .is_some_and(|list| list.sheet.passed.is_none())
        };
        let tracks = || {
            let tracks = page.case.level.tracks().iter().copied();
            tracks.map(ListKind::of).filter(waits)
        };
        let mine = tracks().find(|list| page.can(workflow::ActionKind::check(*list)));
        match page.case.state.kind() {
            StateKind::Draft | StateKind::Submitted | StateKind::Completeness => {
                of_list(ListKind::Completeness)
            }
            StateKind::Agreement => "agreement".to_owned(),
            StateKind::Review | StateKind::Clarification | StateKind::Corrections => mine
                .or_else(|| tracks().next())
                .filter(|_| page.case.completeness.passed.is_some())
                .map_or_else(|| of_list(ListKind::Completeness), of_list),
            _ => "decision".to_owned(),
        }
    }

    /// What is shown on the left.
    pub(super) fn left(&self, page: &CasePage) -> Left {
        match self.left {
            Some(left) => left,
            None if self.item.is_some() => Left::Item,
            None if page.case.state.kind() == StateKind::Clarification => Left::Questions,
            None => Left::Submission,
        }
    }

    /// The same with another task open.
    pub(super) fn at_task(&self, task: &str) -> Self {
        Self {
            task: Some(task.to_owned()),
            item: None,
            half: Half::Work,
            ..self.plain()
        }
    }

    /// The same at an item. What was chosen on the left stays, and so does a file that is open.
    pub(super) fn at_item(&self, list: ListKind, key: &str) -> Self {
        Self {
            task: Some(list.word().to_owned()),
            item: Some(key.to_owned()),
            half: Half::Work,
            ..self.plain()
        }
    }

    /// The same with something else on the left.
    pub(super) fn with_left(&self, left: Left) -> Self {
        Self {
            left: Some(left).filter(|left| *left != Left::Item),
            file: None,
            at: None,
            half: Half::Left,
            ..self.plain()
        }
    }

    /// The same with a file open, at a page or second of it.
    pub(super) fn with_file(&self, file: AttachmentId, at: Option<u32>) -> Self {
        Self {
            file: Some(file),
            at,
            half: Half::Left,
            ..self.plain()
        }
    }

    /// The same without a file.
    pub(super) fn without_file(&self) -> Self {
        Self {
            file: None,
            at: None,
            ..self.plain()
        }
    }

    /// The same, with what is shown of the file put into the item's evidence.
    pub(super) fn citing(&self) -> Self {
        Self {
            cites: true,
            half: Half::Work,
            ..self.plain()
        }
    }

    /// The same with every item unfolded, or not.
    pub(super) fn reading_all(&self, reads_all: bool) -> Self {
        Self {
            reads_all,
            ..self.plain()
        }
    }

    /// The same with this half in sight.
    pub(super) fn in_half(&self, half: Half) -> Self {
        Self {
            half,
            ..self.clone()
        }
    }

    /// Without what is done once.
    fn plain(&self) -> Self {
        Self {
            cites: false,
            ..self.clone()
        }
    }

    /// The parts of its address, as a form of the left half carries them.
    pub(super) fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = Vec::new();
        let mut add = |name, value: Option<String>| {
            parts.extend(value.map(|value| (name, value)));
        };
        add("open", self.task.clone());
        add("item", self.item.clone());
        add("left", self.left.map(|left| left.word().to_owned()));
        add("file", self.file.map(|file| file.to_string()));
        add("at", self.at.map(|at| at.to_string()));
        add("cite", self.cites.then(|| "1".to_owned()));
        add("read", self.reads_all.then(|| "all".to_owned()));
        add(
            "half",
            (self.half == Half::Left).then(|| Half::Left.word().to_owned()),
        );
        parts
    }

    /// Its path, without what it says of the place.
    pub(super) fn path(&self) -> String {
        format!("/cases/{}", self.case)
    }

    /// Its address; at an item with the item's own place on the page.
    pub(super) fn href(&self) -> String {
        let mut href = self.path();
        for (index, (name, value)) in self.parts().into_iter().enumerate() {
            href.push(if index == 0 { '?' } else { '&' });
            href.push_str(name);
            href.push('=');
            href.push_str(&crate::web::encode(&value));
        }
        let list = self.task.as_deref().and_then(ListKind::from_word);
        if let (Some(list), Some(item), Half::Work) = (list, &self.item, self.half) {
            href.push('#');
            href.push_str(&item_anchor(list, item));
        }
        href
    }
}
