//! The queue of support: which requests wait for whom. Views and filters as in the queue of cases;
//! the address is the view.

use super::not_conflicted;
use crate::{
    Caller, Desk, Error, Part, Result, accounts,
    entities::{
        apps, cases, people, support_links, support_messages,
        support_requests::{self, Column as C, Model},
    },
    paging::{self, views},
    policy::{Subject, SupportAct},
    queries::queue::{Holder, PAGE, Sort},
    support::store::request,
    text::{LONGEST_SEARCH, contains},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Func},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};
use uuid::Uuid;
use workflow::{
    CaseNumber, PersonId, Timestamp,
    clock::Spent,
    state::Side,
    support::{ActionKind, Category, RequestNumber, State},
    text::plain,
};

views! {
    /// A view of the requests.
    pub enum RequestView {
        /// Mine, and it is our turn.
        MyTurn = "my_turn", "My turn";
        /// Nobody has taken it.
        ToTake = "to_take", "To take";
        Overdue = "overdue", "Overdue";
        WithDeveloper = "with_developer", "With the developer";
        AllOpen = "all_open", "All open";
        Ended = "ended", "Ended";
    }
}

impl RequestView {
    fn condition(self, me: Uuid, now: Timestamp) -> Condition {
        let with = |side: Side| C::Side.eq(side.word());
        match self {
            Self::MyTurn => Condition::all()
                .add(with(Side::Us))
                .add(C::AssigneeId.eq(me)),
            Self::ToTake => Condition::all()
                .add(C::AssigneeId.is_null())
                .add(C::Side.ne(Side::Nobody.word())),
            Self::Overdue => Condition::all()
                .add(with(Side::Us))
                .add(C::DueAt.lt(now.micros())),
            Self::WithDeveloper => Condition::all().add(with(Side::Developer)),
            Self::AllOpen => Condition::all().add(C::Side.ne(Side::Nobody.word())),
            Self::Ended => Condition::all().add(with(Side::Nobody)),
        }
    }

    const fn sort(self) -> Sort {
        match self {
            Self::Ended => Sort::Changed,
            _ => Sort::Due,
        }
    }
}

/// Everything that the queue's address says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestFilter {
    pub view: RequestView,
    pub category: Option<Category>,
    pub state: Option<State>,
    pub holder: Option<Holder>,
    /// Looked for in number, subject, messages, developer, app and organisation; the number of a case finds
    /// what is about it.
    pub text: String,
    pub sort: Sort,
    /// From 1.
    pub page: u64,
}

impl RequestFilter {
    /// A view without filters.
    pub const fn view(view: RequestView) -> Self {
        Self {
            view,
            category: None,
            state: None,
            holder: None,
            text: String::new(),
            sort: view.sort(),
            page: 1,
        }
    }

    /// Reads an address's parameters; what cannot be read is passed over.
    pub fn read<'a>(parameter: impl Fn(&str) -> Option<&'a str>) -> Self {
        let word = |name: &str| parameter(name).unwrap_or("").trim();
        let view = RequestView::ALL
            .iter()
            .copied()
            .find(|view| view.word() == word("view"))
            .unwrap_or(RequestView::ToTake);
        let text: String = workflow::text::line(word("q"))
            .chars()
            .take(LONGEST_SEARCH)
            .collect();
        Self {
            view,
            category: Category::from_word(word("category")),
            state: State::from_word(word("state")),
            holder: Holder::from_word(word("assignee")),
            text: text.trim_end().to_owned(),
            sort: Sort::from_word(word("sort")).unwrap_or(view.sort()),
            page: paging::asked(word("page")),
        }
    }

    /// The query string that [`RequestFilter::read`] reads back.
    pub fn query(&self) -> String {
        let mut query = format!("?view={}", self.view.word());
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                let value: String =
                    url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
                // Writing to a string does not fail.
                let _ = write!(query, "&{name}={value}");
            }
        };
        add("category", self.category.map_or("", Category::word));
        add("state", self.state.map_or("", State::word));
        add("assignee", self.holder.as_ref().map_or("", Holder::word));
        add("q", &self.text);
        if self.sort != self.view.sort() {
            add("sort", self.sort.word());
        }
        if self.page > 1 {
            add("page", &self.page.to_string());
        }
        query
    }

    /// The same filters on another view, from its first page and in its own order.
    pub fn on(&self, view: RequestView) -> Self {
        Self {
            view,
            sort: view.sort(),
            page: 1,
            ..self.clone()
        }
    }

    fn condition(&self, me: PersonId) -> Condition {
        let mut all = not_conflicted(me);
        if let Some(category) = self.category {
            all = all.add(C::Category.eq(category.word()));
        }
        if let Some(state) = self.state {
            all = all.add(C::State.eq(state.word()));
        }
        all = match &self.holder {
            None => all,
            Some(Holder::Nobody) => all.add(C::AssigneeId.is_null()),
            Some(Holder::Me) => all.add(C::AssigneeId.eq(me.0)),
            Some(Holder::Username(name)) => {
                let person = people::Entity::find()
                    .select_only()
                    .column(people::Column::Id)
                    .filter(people::Column::UsernameKey.eq(accounts::key(name)))
                    .into_query();
                all.add(C::AssigneeId.in_subquery(person))
            }
        };
        if self.text.is_empty() {
            return all;
        }
        // Every word is somewhere: in what was written, or in a name.
        let words = words(&self.text);
        let mut any = Condition::any().add(
            words
                .iter()
                .fold(Condition::all(), |all, word| all.add(has(word)))
                .add(Expr::value(!words.is_empty())),
        );
        if let Ok(CaseNumber(number)) = self.text.parse()
            && let Ok(number) = i32::try_from(number)
        {
            any = any.add(about_case(number));
        }
        if let Ok(RequestNumber(number)) = self.text.parse()
            && let Ok(number) = i32::try_from(number)
        {
            any = any.add(C::Number.eq(number));
        }
        all.add(any)
    }
}

/// The words of what was typed.
fn words(typed: &str) -> Vec<&str> {
    typed
        .split(|character: char| character.is_whitespace())
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(MOST_WORDS)
        .collect()
}

/// Requests with a word in their subject or a message, or whose developer, app or organisation is called
/// so.
fn has(word: &str) -> Condition {
    // Texts are found by their letters alone; names as they are written.
    let bare = plain(word);
    let bare = bare.trim_matches(|character: char| !character.is_alphanumeric());
    let wrote = support_messages::Entity::find()
        .select_only()
        .column(support_messages::Column::RequestId)
        .filter(contains(Expr::col(support_messages::Column::TextKey), bare))
        .into_query();
    let called = people::Entity::find()
        .select_only()
        .column(people::Column::Id)
        .filter(
            Condition::any()
                .add(contains(Expr::col(people::Column::NameKey), word))
                .add(contains(Expr::col(people::Column::UsernameKey), word)),
        )
        .into_query();
    let of_app = apps::Entity::find()
        .select_only()
        .column(apps::Column::Id)
        .filter(
            Condition::any()
                .add(contains(Expr::col(apps::Column::NameKey), word))
                .add(contains(
                    Func::lower(Expr::col(apps::Column::Organisation)),
                    word,
                )),
        )
        .into_query();
    let any = Condition::any()
        .add(contains(Expr::col(C::SubjectKey), bare))
        .add(C::Id.in_subquery(wrote))
        .add(C::AppId.in_subquery(of_app))
        .add(C::OpenerId.in_subquery(called));
    match word
        .parse::<CaseNumber>()
        .map(|CaseNumber(number)| i32::try_from(number))
    {
        Ok(Ok(number)) => any.add(about_case(number)),
        _ => any,
    }
}

/// So many words are looked for.
const MOST_WORDS: usize = 12;

/// Asked about this case, or linked with it.
fn about_case(number: i32) -> Condition {
    let case = || {
        cases::Entity::find()
            .select_only()
            .column(cases::Column::Id)
            .filter(cases::Column::Number.eq(number))
            .into_query()
    };
    let linked = support_links::Entity::find()
        .select_only()
        .column(support_links::Column::RequestId)
        .filter(support_links::Column::CaseId.in_subquery(case()))
        .into_query();
    Condition::any()
        .add(C::CaseId.in_subquery(case()))
        .add(C::Id.in_subquery(linked))
}

/// A page of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestsQueue {
    pub filter: RequestFilter,
    pub rows: Vec<RequestRow>,
    /// How many requests each view has under the same filters.
    pub counts: Vec<(RequestView, u64)>,
    pub total: u64,
    /// The request whose number was looked for, in whatever view it is.
    pub named: Option<(RequestNumber, String)>,
    /// Whether the reader keeps the texts that are put into answers.
    pub keeps_texts: bool,
    /// Whether the reader may take requests.
    pub may_take: bool,
}

/// One request in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    pub number: RequestNumber,
    pub subject: String,
    pub developer: String,
    pub app: Option<String>,
    pub category: Category,
    pub state: State,
    pub due: Option<Timestamp>,
    pub spent: Spent,
    pub assignee: Option<String>,
}

/// The page that a filter names; the last one where there are fewer.
///
/// # Errors
/// [`Error::NotFound`] to those who may not see the queue.
pub async fn requests_queue(
    desk: &Desk,
    caller: &Caller,
    mut filter: RequestFilter,
) -> Result<RequestsQueue> {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    let policy = desk.policy.snapshot();
    if !policy.allows(&subject, SupportAct::ReadQueue) {
        return Err(Error::NotFound);
    }
    let (now, me) = (desk.now(), caller.person);
    let database = desk.database.read();
    let found = |view: RequestView| {
        support_requests::Entity::find()
            .filter(filter.condition(me))
            .filter(view.condition(me.0, now))
    };
    let mut counts = Vec::new();
    for view in RequestView::ALL {
        counts.push((*view, found(*view).count(database).await?));
    }
    let total = counts
        .iter()
        .find(|(view, _)| *view == filter.view)
        .map_or(0, |(_, count)| *count);
    let page = paging::shown(filter.page, total, PAGE);
    let (column, order) = match filter.sort {
        Sort::Due => (C::DueAt, Order::Asc),
        Sort::Waiting => (C::OpenedAt, Order::Asc),
        Sort::Changed => (C::ChangedAt, Order::Desc),
        Sort::Number => (C::Number, Order::Desc),
    };
    let rows = found(filter.view)
        // What has no date comes last on either database.
        .order_by(Expr::col(column).is_null(), Order::Asc)
        .order_by(column, order)
        .order_by_asc(C::Number)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
        .all(database)
        .await?;
    filter.page = page;
    Ok(RequestsQueue {
        named: named(desk, &filter.text, me).await?,
        rows: read(desk, rows, now).await?,
        filter,
        counts,
        total,
        keeps_texts: super::canned::keeps(desk, caller),
        may_take: policy.allows(&subject, ActionKind::Assign),
    })
}

/// The request of this number, with its subject.
async fn named(desk: &Desk, text: &str, me: PersonId) -> Result<Option<(RequestNumber, String)>> {
    let Ok(asked) = text.parse::<RequestNumber>() else {
        return Ok(None);
    };
    let Ok(number) = i32::try_from(asked.0) else {
        return Ok(None);
    };
    let found = support_requests::Entity::find()
        .filter(not_conflicted(me))
        .filter(C::Number.eq(number))
        .one(desk.database.read())
        .await?;
    Ok(found.map(|row| (asked, row.subject)))
}

async fn read(desk: &Desk, rows: Vec<Model>, now: Timestamp) -> Result<Vec<RequestRow>> {
    let database = desk.database.read();
    let ids: BTreeSet<Uuid> = rows
        .iter()
        .flat_map(|row| [Some(row.opener_id), row.assignee_id])
        .flatten()
        .collect();
    let names: BTreeMap<Uuid, String> = people::Entity::find()
        .select_only()
        .columns([people::Column::Id, people::Column::Name])
        .filter(people::Column::Id.is_in(ids))
        .into_tuple::<(Uuid, String)>()
        .all(database)
        .await?
        .into_iter()
        .collect();
    let ids: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.app_id).collect();
    let named: BTreeMap<Uuid, String> = apps::Entity::find()
        .select_only()
        .columns([apps::Column::Id, apps::Column::Name])
        .filter(apps::Column::Id.is_in(ids))
        .into_tuple::<(Uuid, String)>()
        .all(database)
        .await?
        .into_iter()
        .collect();
    let known = desk.reference.known();
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let what = format!("SR-{}", row.number);
            let read = request(&row).map(|request| RequestRow {
                number: request.number,
                developer: names.get(&row.opener_id).cloned().unwrap_or_default(),
                app: row.app_id.and_then(|app| named.get(&app).cloned()),
                category: request.category,
                state: request.state,
                due: request.due,
                spent: request.spent(now, &known.calendar),
                assignee: row.assignee_id.and_then(|id| names.get(&id).cloned()),
                subject: row.subject.clone(),
            });
            desk.conditions.readable(Part::Requests, what, read, now)
        })
        .collect())
}
