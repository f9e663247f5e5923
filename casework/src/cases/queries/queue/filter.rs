//! What a queue shows, as the address of its page says it: the address is the view.

use super::{
    narrow::{self, Age, DueWithin, Round},
    place::Place,
};
use crate::{cases::search::Facet, entities::cases, paging::views, text::LONGEST_SEARCH};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};
use uuid::Uuid;
use workflow::{
    Settings,
    checklist::ListKind,
    relation::Role,
    state::{AccessLevel, StateKind},
};

views! {
    /// A view named by the next action.
    pub enum View {
        /// The next step is mine.
        MyTurn = "my_turn", "My turn";
        /// Nobody is the assignee.
        NeedsReviewer = "needs_reviewer", "Needs a reviewer";
        CommercialToTake = "commercial_to_take", "Commercial to take";
        TechnicalToTake = "technical_to_take", "Technical to take";
        /// The developer has done something that nobody has looked at.
        AnswersArrived = "answers_arrived", "Answers arrived";
        /// An approver decides: on approval, or on a proposal to decline.
        Decisions = "decisions", "Decisions waiting";
        /// A developer appeals against the end of an application, and nobody has answered.
        Appeals = "appeals", "Appeals";
        /// Approved, with something that is to be corrected by a date.
        FindingsDated = "findings_dated", "Findings with a date";
        Overdue = "overdue", "Overdue";
        /// What the reader does not want to see among their own for a while.
        Snoozed = "snoozed", "Snoozed";
        WithDeveloper = "with_developer", "With the developer";
        AllOpen = "all_open", "All open";
        Ended = "ended", "Ended";
    }
}

impl View {
    /// The view of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|view| view.word() == word)
    }

    /// Where a person begins who names no view: as it is set for the first of their roles.
    pub fn of(roles: &BTreeSet<Role>, settings: &Settings) -> Self {
        let set = [
            (Role::Reviewer, &settings.view_reviewer),
            (Role::CommercialReviewer, &settings.view_commercial_reviewer),
            (Role::TechnicalReviewer, &settings.view_technical_reviewer),
            (Role::Approver, &settings.view_approver),
            (Role::Lead, &settings.view_lead),
            (Role::Compliance, &settings.view_compliance),
        ];
        let word = set.into_iter().find(|(role, _)| roles.contains(role));
        word.and_then(|(_, word)| Self::from_word(word))
            .unwrap_or(Self::AllOpen)
    }
}

/// Whose cases.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// The reader's own, on any seat: `@me` works in a link that is handed on.
    Me,
    /// Without an assignee.
    Nobody,
    /// Of the person with this username, on any seat.
    Username(String),
}

impl Holder {
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        match word {
            "" => None,
            "@me" => Some(Self::Me),
            "@nobody" => Some(Self::Nobody),
            name => Some(Self::Username(
                workflow::text::line(name).chars().take(40).collect(),
            )),
        }
    }

    /// Its word in the address.
    pub fn word(&self) -> &str {
        match self {
            Self::Me => "@me",
            Self::Nobody => "@nobody",
            Self::Username(name) => name,
        }
    }
}

/// By what a queue is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// What is due first.
    Due,
    /// What was handed in first.
    Waiting,
    /// What changed last.
    Changed,
    /// The newest number first.
    Number,
}

impl Sort {
    /// What it is the order of.
    pub(super) const fn column(self) -> cases::Column {
        match self {
            Self::Due => cases::Column::DueAt,
            Self::Waiting => cases::Column::SubmittedAt,
            Self::Changed => cases::Column::ChangedAt,
            Self::Number => cases::Column::Number,
        }
    }

    /// Whether the greatest comes first where nobody asks for the reverse.
    const fn descends(self) -> bool {
        match self {
            Self::Due | Self::Waiting => false,
            Self::Changed | Self::Number => true,
        }
    }

    /// Every order.
    pub const ALL: &'static [Self] = &[Self::Due, Self::Waiting, Self::Changed, Self::Number];

    /// Its word in the address.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Waiting => "waiting",
            Self::Changed => "changed",
            Self::Number => "number",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|sort| sort.word() == word)
    }

    /// The order of a view where none is asked for.
    pub(super) const fn of(view: View) -> Self {
        match view {
            View::NeedsReviewer | View::CommercialToTake | View::TechnicalToTake => Self::Waiting,
            View::Ended => Self::Changed,
            _ => Self::Due,
        }
    }
}

/// What an address says where only cases are meant that others have changed.
const CHANGED: &str = "1";

/// Before the word of an order that is reversed.
const REVERSED: char = '-';

/// Everything that a queue's address says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filter {
    pub view: View,
    pub level: Option<AccessLevel>,
    pub state: Option<StateKind>,
    pub holder: Option<Holder>,
    pub due: Option<DueWithin>,
    pub age: Option<Age>,
    pub round: Option<Round>,
    /// A kind of use, by its key in the request form.
    pub category: Option<String>,
    /// By its key in the request form.
    pub region: Option<String>,
    pub tag: Option<Uuid>,
    /// With a finding on this item of a checklist.
    pub item: Option<(ListKind, String)>,
    /// Changed by somebody else since the reader looked.
    pub changed: bool,
    /// Looked for in number, app and organisation.
    pub text: String,
    pub sort: Sort,
    /// The other way round than usual.
    pub reversed: bool,
    pub place: Place,
}

impl Filter {
    /// A view without filters.
    pub const fn view(view: View) -> Self {
        Self {
            view,
            level: None,
            state: None,
            holder: None,
            due: None,
            age: None,
            round: None,
            category: None,
            region: None,
            tag: None,
            item: None,
            changed: false,
            text: String::new(),
            sort: Sort::of(view),
            reversed: false,
            place: Place::First,
        }
    }

    /// Whether its filters leave few cases, however many there are: those of a person, or those
    /// that a search finds.
    pub(super) const fn is_few(&self) -> bool {
        matches!(self.holder, Some(Holder::Me | Holder::Username(_)))
            || self.changed
            || self.is_searched()
    }

    /// Whether cases are found by what search knows of them.
    pub(super) const fn is_searched(&self) -> bool {
        !self.text.is_empty() || self.has_facets()
    }

    const fn has_facets(&self) -> bool {
        self.round.is_some()
            || self.category.is_some()
            || self.region.is_some()
            || self.tag.is_some()
            || self.item.is_some()
    }

    /// What search is asked for besides words.
    pub(super) fn facets(&self) -> Vec<Facet> {
        let round = self.round.map(|round| Facet::Round(round.number()));
        let category = self.category.clone().map(Facet::Category);
        let region = self.region.clone().map(Facet::Region);
        let tag = self.tag.map(Facet::Tag);
        let item = self.item.clone();
        let item = item.map(|(list, key)| Facet::Finding(list, key));
        [round, category, region, tag, item]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Without what search is asked for.
    pub(super) fn unsearched(&self) -> Self {
        Self {
            text: String::new(),
            ..self.without_facets()
        }
    }

    /// As those see it who do not read the inside of cases.
    pub(super) fn without_facets(&self) -> Self {
        Self {
            round: None,
            category: None,
            region: None,
            tag: None,
            item: None,
            ..self.clone()
        }
    }

    /// Whether it asks for a stretch of time, which `queue_counts` knows nothing of.
    pub(super) const fn is_of_a_time(&self) -> bool {
        self.due.is_some() || self.age.is_some()
    }

    /// Whether a filter has an index of its own.
    pub(super) const fn is_found_by_itself(&self) -> bool {
        self.state.is_some() || matches!(self.holder, Some(Holder::Nobody))
    }

    /// Whether the greatest comes first.
    pub const fn descends(&self) -> bool {
        self.sort.descends() != self.reversed
    }

    /// The word of its order in the address.
    pub fn sort_word(&self) -> String {
        let word = self.sort.word();
        if self.reversed {
            format!("{REVERSED}{word}")
        } else {
            word.to_owned()
        }
    }

    /// The word of its item in the address.
    pub fn item_word(&self) -> String {
        let item = self.item.as_ref();
        item.map_or_else(String::new, |(list, key)| format!("{}.{key}", list.word()))
    }

    /// Takes the filter with this name in the address away.
    pub fn drop(&mut self, name: &str) {
        match name {
            "level" => self.level = None,
            "state" => self.state = None,
            "assignee" => self.holder = None,
            "due" => self.due = None,
            "age" => self.age = None,
            "round" => self.round = None,
            "category" => self.category = None,
            "region" => self.region = None,
            "tag" => self.tag = None,
            "item" => self.item = None,
            "changed" => self.changed = false,
            _ => {}
        }
    }

    /// The same list from another place.
    pub fn at(&self, place: Place) -> Self {
        Self {
            place,
            ..self.clone()
        }
    }

    /// The same list in another order; the same one asked for again is turned round.
    pub fn sorted(&self, sort: Sort) -> Self {
        Self {
            reversed: self.sort == sort && !self.reversed,
            sort,
            place: Place::First,
            ..self.clone()
        }
    }

    /// Reads an address's parameters; what cannot be read is passed over.
    pub fn read<'a>(otherwise: View, parameter: impl Fn(&str) -> Option<&'a str>) -> Self {
        let word = |name: &str| parameter(name).unwrap_or("").trim();
        let view = View::from_word(word("view")).unwrap_or(otherwise);
        let sort = word("sort");
        Self {
            view,
            level: AccessLevel::from_word(word("level"))
                .filter(|level| *level != AccessLevel::Sandbox),
            state: StateKind::from_word(word("state")).filter(|state| *state != StateKind::Draft),
            holder: Holder::from_word(word("assignee")),
            due: DueWithin::from_word(word("due")),
            age: Age::from_word(word("age")),
            round: Round::from_word(word("round")),
            category: narrow::key(word("category")),
            region: narrow::key(word("region")),
            tag: word("tag").parse().ok(),
            item: narrow::item(word("item")),
            changed: word("changed") == CHANGED,
            text: workflow::text::line(word("q"))
                .chars()
                .take(LONGEST_SEARCH)
                .collect::<String>()
                .trim_end()
                .to_owned(),
            sort: Sort::from_word(sort.trim_start_matches(REVERSED)).unwrap_or(Sort::of(view)),
            reversed: sort.starts_with(REVERSED),
            place: Place::read(word("after"), word("before"), word("page")),
        }
    }

    /// Reads a query string.
    pub fn parse(otherwise: View, query: &str) -> Self {
        let query = query.trim_start_matches('?');
        let pairs: BTreeMap<String, String> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        Self::read(otherwise, |name| pairs.get(name).map(String::as_str))
    }

    /// The query string that [`Filter::read`] reads back; what goes without saying is left out.
    pub fn query(&self) -> String {
        let mut query = format!("?view={}", self.view.word());
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                // Writing to a string does not fail.
                let _ = write!(query, "&{name}={}", encode(value));
            }
        };
        add("level", self.level.map_or("", AccessLevel::word));
        add("state", self.state.map_or("", StateKind::word));
        add("assignee", self.holder.as_ref().map_or("", Holder::word));
        add("due", self.due.map_or("", DueWithin::word));
        add("age", self.age.map_or("", Age::word));
        add("round", self.round.map_or("", Round::word));
        add("category", self.category.as_deref().unwrap_or_default());
        add("region", self.region.as_deref().unwrap_or_default());
        let tag = self.tag.map(|tag| tag.to_string());
        add("tag", tag.as_deref().unwrap_or_default());
        add("item", &self.item_word());
        add("changed", if self.changed { CHANGED } else { "" });
        add("q", &self.text);
        if self.reversed || self.sort != Sort::of(self.view) {
            add("sort", &self.sort_word());
        }
        if let Some((name, value)) = self.place.parameter() {
            add(name, &value);
        }
        query
    }

    /// The same filters on another view, from its first page and in its own order.
    pub fn on(&self, view: View) -> Self {
        Self {
            view,
            sort: Sort::of(view),
            reversed: false,
            place: Place::First,
            ..self.clone()
        }
    }
}

/// A value as part of a query string.
fn encode(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queries::queue::place::Key;
    use proptest::prelude::*;

    fn read(query: &str) -> Filter {
        Filter::parse(View::MyTurn, query)
    }

    #[test]
    fn nonsense_in_the_address_is_passed_over() {
        let filter = read(
            "?view=x&level=sandbox&state=draft&sort=;drop&after=1.x&before=&page=-3\
             &due=soon&age=8&round=0&category=A-b&region=&item=technical&changed=yes",
        );
        assert_eq!(filter, Filter::view(View::MyTurn));
    }

    proptest! {
        #[test]
        fn the_address_is_the_view(
            view in 0..View::ALL.len(),
            sort in 0..Sort::ALL.len(),
            text in "[a-zA-Z0-9&=#+% é]{0,20}",
            name in "[a-z&.]{0,10}",
            reversed: bool,
            value: Option<i64>,
            number: i32,
            place in 0..4,
            due in 0..=DueWithin::ALL.len(),
            age in 0..=Age::ALL.len(),
            round in 0..=Round::ALL.len(),
            key in "[a-z0-9_]{0,8}",
            changed: bool,
        ) {
            let filter = Filter {
                view: View::ALL[view],
                level: Some(AccessLevel::Full),
                state: Some(StateKind::Review),
                holder: Holder::from_word(&name),
                due: DueWithin::ALL.get(due).copied(),
                age: Age::ALL.get(age).copied(),
                round: Round::ALL.get(round).copied(),
                category: narrow::key(&key),
                region: narrow::key(&key),
                tag: (number % 2 == 0).then_some(Uuid::from_u128(7)),
                item: narrow::key(&key).map(|key| (ListKind::Technical, key)),
                changed,
                text: workflow::text::line(&text),
                sort: Sort::ALL[sort],
                reversed,
                place: match place {
                    0 => Place::First,
                    1 => Place::After(Key { value, number }),
                    2 => Place::Before(Key { value, number }),
                    _ => Place::Last,
                },
            };
            prop_assert_eq!(read(&filter.query()), filter);
        }
    }
}
