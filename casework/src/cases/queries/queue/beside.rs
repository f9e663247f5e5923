//! What stands around the list: by whom and what it can be narrowed, and under which names somebody
//! has saved it. One statement.

use super::{Filter, View};
use crate::{
    Caller, Desk, Error, Result,
    entities::{people, queue_habits, saved_views, tags},
    policy::{DeskAct, Subject},
    queries::audit::may,
    roles_from_words,
};
use sea_orm::{
    DbBackend, EntityName, FromQueryResult,
    sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement, UnionType},
};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::state::Seat;

/// Someone who can hold a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    pub username: String,
    pub name: String,
}

/// A tag of the desk's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub id: Uuid,
    pub name: String,
    /// Not offered any more.
    pub retired: bool,
}

/// The queue under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    pub id: Uuid,
    pub name: String,
    /// Of its address, as [`Filter::query`] writes it.
    pub query: String,
    /// For all of our side.
    pub shared: bool,
}

/// What stands around the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Everyone who can hold a seat, by name; none where our side is too many for a list.
    pub staff: Vec<Holding>,
    /// Every tag, by name.
    pub tags: Vec<Tag>,
    /// Those of the reader and of all of our side, by name.
    pub saved: Vec<SavedView>,
    /// The saved view with which the reader begins.
    pub begins_with: Option<Uuid>,
    /// Whether the reader likes a line for each case.
    pub compact: bool,
}

/// So many people of our side stand in a list; where there are more, a username is typed.
const MOST_STAFF: usize = 60;

#[derive(Debug, FromQueryResult)]
struct Line {
    part: i32,
    id: Option<String>,
    name: String,
    text: String,
    flag: bool,
}

impl Beside {
    pub(super) async fn read(desk: &Desk, caller: &Caller) -> Result<Self> {
        use people::Column as P;
        let me = caller.person.0;
        let id = |column: &str| match desk.database.backend() {
            DbBackend::Postgres => format!("{column}::text"),
            _ => format!("hex({column})"),
        };
        let part = |part: i32, id: &str, name: &str, text: &str, flag: &str| -> SelectStatement {
            Query::select()
                .expr_as(Expr::cust(part.to_string()), Alias::new("part"))
                .expr_as(Expr::cust(id.to_owned()), Alias::new("id"))
                .expr_as(Expr::cust(name.to_owned()), Alias::new("name"))
                .expr_as(Expr::cust(text.to_owned()), Alias::new("text"))
                .expr_as(Expr::cust(flag.to_owned()), Alias::new("flag"))
                .to_owned()
        };
        let mut all = part(0, "username", "name", "roles", "FALSE");
        // Word for word as the index over our side says it.
        let some = Query::select()
            .columns([P::Username, P::Name, P::Roles])
            .from(people::Entity)
            .and_where(Expr::cust("roles <> 'developer'"))
            .order_by(P::NameKey, Order::Asc)
            .limit(MOST_STAFF as u64 + 1)
            .to_owned();
        all.from_subquery(some, Alias::new("staff"));
        let mut every_tag = part(1, &id("id"), "name", "''", "retired");
        every_tag.from(tags::Entity);
        let saved = |part_of: i32, whose: Expr| {
            let mut saved = part(part_of, &id("id"), "name", "query", "shared");
            saved.from(saved_views::Entity).and_where(whose).to_owned()
        };
        use saved_views::Column as S;
        let own = Expr::col((saved_views::Entity, S::PersonId)).eq(me);
        let own = saved(2, own.and(Expr::cust("NOT shared")));
        let shared = saved(2, Expr::cust("shared"));
        let mut habits = part(3, &id("begins_with"), "''", "''", "compact");
        habits
            .from(queue_habits::Entity)
            .and_where(Expr::col((queue_habits::Entity, queue_habits::Column::PersonId)).eq(me));
        for other in [every_tag, own, shared, habits] {
            all.union(UnionType::All, other);
        }
        let lines = Line::find_by_statement(super::build(desk, &all))
            .all(desk.database.read())
            .await?;
        let is_long = lines.iter().filter(|line| line.part == 0).count() > MOST_STAFF;
        let mut beside = Self::default();
        for line in lines {
            beside.add(line)?;
        }
        if is_long {
            beside.staff.clear();
        }
        beside.staff.sort_by(|one, other| one.name.cmp(&other.name));
        beside
            .tags
            .sort_by_key(|tag| workflow::text::fold(&tag.name));
        beside
            .saved
            .sort_by_key(|view| (!view.shared, workflow::text::fold(&view.name)));
        Ok(beside)
    }

    fn add(&mut self, line: Line) -> Result<()> {
        let id = line.id.as_deref().unwrap_or_default();
        let read = |table: &str| {
            let id = id.parse::<Uuid>();
            id.map_err(|_| Error::corrupt(table, &line.name, "id"))
        };
        match line.part {
            0 => {
                let roles = roles_from_words(&line.text);
                if Seat::ALL.iter().any(|seat| roles.contains(&seat.role())) {
                    self.staff.push(Holding {
                        username: id.to_owned(),
                        name: line.name,
                    });
                }
            }
            1 => self.tags.push(Tag {
                id: read(tags::Entity.table_name())?,
                name: line.name,
                retired: line.flag,
            }),
            2 => self.saved.push(SavedView {
                id: read(saved_views::Entity.table_name())?,
                name: line.name,
                query: line.text,
                shared: line.flag,
            }),
            _ => {
                self.begins_with = id.parse().ok();
                self.compact = line.flag;
            }
        }
        Ok(())
    }

    /// The names of tags, by their ids with commas between them.
    pub(super) fn names_of(&self, ids: &str) -> Vec<String> {
        let ids: BTreeSet<Uuid> = ids.split(',').filter_map(|id| id.parse().ok()).collect();
        let named = self.tags.iter().filter(|tag| ids.contains(&tag.id));
        named.map(|tag| tag.name.clone()).collect()
    }

    /// The saved view that shows what a filter does.
    pub fn saved_as(&self, filter: &Filter) -> Option<&SavedView> {
        let query = filter.at(super::Place::First).query();
        self.saved.iter().find(|view| view.query == query)
    }
}

/// The saved views that somebody sees, on the page where they are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedViews {
    pub views: Vec<SavedView>,
    pub begins_with: Option<Uuid>,
    /// Whether they rename and delete those of all of our side.
    pub may_share: bool,
}

/// The saved views that the caller sees.
///
/// # Errors
/// [`Error::NotFound`] to those who may not see the queue.
pub async fn saved_views(desk: &Desk, caller: &Caller) -> Result<SavedViews> {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    let policy = desk.policy.snapshot();
    if !policy.allows(&subject, DeskAct::ReadQueue) {
        return Err(Error::NotFound);
    }
    let beside = Beside::read(desk, caller).await?;
    Ok(SavedViews {
        views: beside.saved,
        begins_with: beside.begins_with,
        may_share: policy.allows(&subject, DeskAct::ShareViews),
    })
}

/// Every tag, by name.
///
/// # Errors
/// [`Error::Forbidden`] to staff who do not keep them, [`Error::NotFound`] to others.
pub async fn kept_tags(desk: &Desk, caller: &Caller) -> Result<Vec<Tag>> {
    may(desk, caller, DeskAct::ManageTags)?;
    Ok(Beside::read(desk, caller).await?.tags)
}

/// The view with which somebody begins who names none: the one that they chose, else that of their
/// role.
///
/// # Errors
/// [`Error::NotFound`] to those who may not see the queue.
pub async fn beginning(desk: &Desk, caller: &Caller) -> Result<Filter> {
    let saved = saved_views(desk, caller).await?;
    let mut views = saved.views.iter();
    let begins = views.find(|view| Some(view.id) == saved.begins_with);
    let query = begins.map_or("", |view| view.query.as_str());
    Ok(Filter::parse(
        View::of(&caller.roles, &desk.reference.known().settings),
        query,
    ))
}
