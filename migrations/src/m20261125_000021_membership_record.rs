//! A membership that ends keeps its row: `app_members.left_at`, `app_members.version`. Who was a
//! member before, or did a developer's step on a case of the app, gets the row back from the trail.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null},
    sea_orm::{
        ConnectionTrait, QueryResult,
        prelude::{Json, Uuid},
    },
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The steps of a developer that the trail knew when this was written.
const DEVELOPERS_EVENTS: [&str; 9] = [
    "started",
    "draft_edited",
    "attachment_added",
    "attachment_removed",
    "submitted",
    "clarification_answered",
    "resubmitted",
    "dla_accepted",
    "withdrawn",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = |column: ColumnDef| {
            Table::alter()
                .table("app_members")
                .add_column(column)
                .to_owned()
        };
        manager
            .alter_table(add(big_integer_null("left_at")))
            .await?;
        manager
            .alter_table(add(big_integer("version").default(1).take()))
            .await?;
        let connection = manager.get_connection();
        let mut ties = Ties::default();
        ties.members(connection).await?;
        ties.authors(connection).await?;
        ties.write(connection).await
    }
}

/// From when to when the record knows someone on the side of an app.
#[derive(Clone, Copy)]
struct Span {
    first: i64,
    last: i64,
}

#[derive(Default)]
struct Ties(BTreeMap<(Uuid, Uuid), Span>);

impl Ties {
    fn add(&mut self, app: Uuid, person: Uuid, at: i64) {
        let span = self.0.entry((app, person)).or_insert(Span {
            first: at,
            last: at,
        });
        span.first = Ord::min(span.first, at);
        span.last = Ord::max(span.last, at);
    }

    /// Who made an app, and whom the trail tells to have been added to or removed from one.
    async fn members(&mut self, connection: &SchemaManagerConnection<'_>) -> Result<(), DbErr> {
        let query = Query::select()
            .columns(["subject_id", "name", "actor", "body"])
            .column("at")
            .from("audit_events")
            .and_where(Expr::col("subject").eq("app"))
            .and_where(Expr::col("name").is_in(["app_created", "member_added", "member_removed"]))
            .to_owned();
        for row in connection.query_all(&query).await? {
            let name: String = row.try_get("", "name")?;
            let person = if name == "app_created" {
                row.try_get::<String>("", "actor")?.parse().ok()
            } else {
                let body: String = row.try_get("", "body")?;
                let body: Json = body.parse().map_err(|_| broken("body of an app's event"))?;
                body.get("person")
                    .and_then(Json::as_str)
                    .and_then(|id| id.parse().ok())
            };
            let app: String = row.try_get("", "subject_id")?;
            let app = app.parse().map_err(|_| broken("app of an event"))?;
            if let Some(person) = person {
                self.add(app, person, row.try_get("", "at")?);
            }
        }
        Ok(())
    }

    /// Who wrote, sent in, uploaded or signed anything of a case.
    async fn authors(&mut self, connection: &SchemaManagerConnection<'_>) -> Result<(), DbErr> {
        let of_case = |table: &'static str| Expr::col((table, "case_id")).equals(("cases", "id"));
        let events = Query::select()
            .expr_as(Expr::col(("cases", "app_id")), "app")
            .expr_as(Expr::col(("audit_events", "actor")), "person")
            .expr_as(Expr::col(("audit_events", "at")).min(), "first")
            .expr_as(Expr::col(("audit_events", "at")).max(), "last")
            .from("audit_events")
            .inner_join("cases", of_case("audit_events"))
            .and_where(Expr::col(("audit_events", "name")).is_in(DEVELOPERS_EVENTS))
            .group_by_columns([("cases", "app_id"), ("audit_events", "actor")])
            .to_owned();
        for row in connection.query_all(&events).await? {
            let actor: String = row.try_get("", "person")?;
            if let Ok(person) = actor.parse() {
                self.span(&row, person)?;
            }
        }
        for (table, person, at) in [
            ("submissions", "made_by", "made_at"),
            ("attachments", "added_by", "added_at"),
        ] {
            let rows = Query::select()
                .expr_as(Expr::col(("cases", "app_id")), "app")
                .expr_as(Expr::col((table, person)), "person")
                .expr_as(Expr::col((table, at)).min(), "first")
                .expr_as(Expr::col((table, at)).max(), "last")
                .from(table)
                .inner_join("cases", of_case(table))
                .group_by_columns([("cases", "app_id"), (table, person)])
                .to_owned();
            for row in connection.query_all(&rows).await? {
                self.span(&row, row.try_get("", "person")?)?;
            }
        }
        Ok(())
    }

    fn span(&mut self, row: &QueryResult, person: Uuid) -> Result<(), DbErr> {
        let app = row.try_get("", "app")?;
        self.add(app, person, row.try_get("", "first")?);
        self.add(app, person, row.try_get("", "last")?);
        Ok(())
    }

    /// Adds the rows that are missing, as memberships that have ended.
    async fn write(self, connection: &SchemaManagerConnection<'_>) -> Result<(), DbErr> {
        let known = Query::select()
            .columns(["app_id", "person_id"])
            .from("app_members")
            .to_owned();
        let mut present = BTreeSet::new();
        for row in connection.query_all(&known).await? {
            let app: Uuid = row.try_get("", "app_id")?;
            let person: Uuid = row.try_get("", "person_id")?;
            present.insert((app, person));
        }
        for ((app, person), span) in self.0 {
            if present.contains(&(app, person)) {
                continue;
            }
            // Chosen from the rows they refer to, so that a trail that names someone who is not
            // there (a part that was restored) stops nothing.
            let row = Query::select()
                .expr(Expr::col(("apps", "id")))
                .expr(Expr::col(("people", "id")))
                .expr(Expr::value(false))
                .expr(Expr::value(false))
                .expr(Expr::value(span.first))
                .expr(Expr::value(span.last))
                .expr(Expr::value(1_i64))
                .from("apps")
                .from("people")
                .and_where(Expr::col(("apps", "id")).eq(app))
                .and_where(Expr::col(("people", "id")).eq(person))
                .to_owned();
            let insert = Query::insert()
                .into_table("app_members")
                .columns([
                    "app_id",
                    "person_id",
                    "owner",
                    "may_sign",
                    "added_at",
                    "left_at",
                    "version",
                ])
                .select_from(row)
                .map_err(|error| DbErr::Migration(error.to_string()))?
                .to_owned();
            connection.execute(&insert).await?;
        }
        Ok(())
    }
}

fn broken(what: &str) -> DbErr {
    DbErr::Migration(format!("the {what} cannot be read"))
}
