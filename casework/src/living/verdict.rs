//! What reading a page comes to: its text kept, a task for the commercial reviewer, a warning to its
//! developer. All of it in one step, if the page is still this reader's.

use super::{
    ChangeState, commercial_of,
    letters::{Told, post},
    reader::{Leased, open_change},
};
use crate::{
    By, Desk, Result, Step,
    audit::Subject,
    digest::sha256,
    entities::{page_changes, page_texts, watched_pages},
    store::Stored,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set,
    sea_query::Expr,
};
use serde_json::{Value, json};
use uuid::Uuid;
use workflow::{
    Timestamp,
    living::{self, Change},
};

/// What was found.
pub(super) enum Found {
    /// There is no web to read from.
    Nothing,
    /// The server says that it is the version that is known.
    Unchanged,
    Failed(String),
    Text {
        text: String,
        change: Change,
        /// It is what the open change shows already.
        as_told: bool,
        etag: Option<String>,
        modified: Option<String>,
    },
}

/// Writes down what was found. Where the lease was lost meanwhile, or what the text was held against
/// is another by now, nothing is.
///
/// # Errors
/// When the database does not answer; then the page is read again once the lease has run out.
pub(super) async fn conclude(desk: &Desk, leased: &Leased, found: Found) -> Result<()> {
    let mut step = Step::begin(desk, By::Clock).await?;
    let page = watched_pages::Entity::find_by_id(leased.page.id)
        .filter(watched_pages::Column::LeaseId.eq(leased.lease))
        .lock_exclusive()
        .one(step.transaction())
        .await?;
    let Some(page) = page else { return Ok(()) };
    let open = open_change(step.transaction(), page.id).await?;
    let shown = open.as_ref().map(|change| change.after_id);
    let overtaken =
        page.known_id != leased.page.known_id || shown != leased.open.as_ref().map(|text| text.id);
    let mut row = page.clone().into_active_model();
    row.leased_until_at = Set(None);
    row.lease_id = Set(None);
    // Retired while it was being read: then it stays so.
    let reads = page.next_at.is_some();
    if reads && !overtaken {
        let failing = matches!(found, Found::Failed(_));
        let next = living::next_look(step.now, failing, &step.known.settings);
        row.next_at = Set(Some(next.micros()));
        match found {
            Found::Nothing => {}
            Found::Failed(why) => failed(&mut step, &page, &mut row, why).await?,
            Found::Unchanged => reached(&mut row, step.now),
            Found::Text {
                text,
                change,
                as_told,
                etag,
                modified,
            } => {
                reached(&mut row, step.now);
                row.etag = Set(etag);
                row.modified = Set(modified);
                let read = Fresh {
                    page: &page,
                    text,
                    open,
                    as_told,
                };
                if let Some(known) = read.take_in(&mut step, leased, change).await? {
                    row.known_id = Set(Some(known));
                }
            }
        }
    }
    row.update(step.transaction()).await?;
    step.commit().await
}

fn reached(row: &mut watched_pages::ActiveModel, now: Timestamp) {
    row.read_at = Set(Some(now.micros()));
    row.failing_since_at = Set(None);
    row.failure = Set(String::new());
    row.warned_at = Set(None);
}

/// Notes that a page could not be read, and warns its developer once it was so for long.
async fn failed(
    step: &mut Step<'_>,
    page: &watched_pages::Model,
    row: &mut watched_pages::ActiveModel,
    why: String,
) -> Result<()> {
    let since = page.failing_since_at.unwrap_or(step.now.micros());
    row.failing_since_at = Set(Some(since));
    row.failure = Set(why.clone());
    let since = Timestamp::from_micros(since);
    if page.warned_at.is_some() || !living::warns(since, step.now, &step.known.settings) {
        return Ok(());
    }
    row.warned_at = Set(Some(step.now.micros()));
    let mut told = page.clone();
    told.failure = why.clone();
    if let Some(stored) = Stored::by_id(step.transaction(), page.case_id).await? {
        post(step, &stored, &Told::Unreachable { page: &told, since }).await?;
    }
    note(
        step,
        page,
        "page_unreachable",
        json!({ "since": since, "why": why }),
    );
    Ok(())
}

/// A text that was read just now.
struct Fresh<'a> {
    page: &'a watched_pages::Model,
    text: String,
    open: Option<page_changes::Model>,
    as_told: bool,
}

impl Fresh<'_> {
    /// Keeps the text where it is the first, or one that somebody has to look at; answers which text
    /// the page is held against from now on, where that is another.
    async fn take_in(
        self,
        step: &mut Step<'_>,
        leased: &Leased,
        change: Change,
    ) -> Result<Option<Uuid>> {
        match change {
            Change::FirstSeen => {
                let (id, sha256) = self.keep(step).await?;
                let body = json!({ "sha256": sha256, "text": id });
                note(step, self.page, "page_read", body);
                Ok(Some(id))
            }
            Change::Same | Change::Cosmetic { .. } => {
                if let Some(open) = &self.open {
                    undo(step, self.page, open).await?;
                }
                Ok(None)
            }
            Change::Material { .. } if self.as_told => Ok(None),
            Change::Material { permille } => {
                let (after, sha256) = self.keep(step).await?;
                let before = leased.known.as_ref().map(|text| text.sha256.as_str());
                let change = self.tell(step, after, permille).await?;
                let body = json!({
                    "permille": permille,
                    "before": before,
                    "after": sha256,
                    "text": after,
                    "change": change,
                });
                note(step, self.page, "page_changed", body);
                Ok(None)
            }
        }
    }

    async fn keep(&self, step: &Step<'_>) -> Result<(Uuid, String)> {
        let id = Uuid::now_v7();
        let sha256 = sha256(self.text.as_bytes());
        page_texts::Entity::insert(page_texts::ActiveModel {
            id: Set(id),
            page_id: Set(self.page.id),
            text: Set(self.text.clone()),
            sha256: Set(sha256.clone()),
            read_at: Set(step.now.micros()),
        })
        .exec_without_returning(step.transaction())
        .await?;
        Ok((id, sha256))
    }

    /// Makes the task, and answers which; where there is one, it shows the newer text from now on.
    async fn tell(&self, step: &Step<'_>, after: Uuid, permille: u16) -> Result<Uuid> {
        use page_changes::Column as C;
        if let Some(open) = &self.open {
            page_changes::Entity::update_many()
                .col_expr(C::AfterId, Expr::value(after))
                .col_expr(C::Permille, Expr::value(i32::from(permille)))
                .col_expr(C::Version, Expr::value(open.version + 1))
                .filter(C::Id.eq(open.id))
                .exec(step.transaction())
                .await?;
            return Ok(open.id);
        }
        let change = Uuid::now_v7();
        let page = self.page;
        let stored = Stored::by_id(step.transaction(), page.case_id).await?;
        let mut whose = None;
        if let Some(stored) = &stored {
            let told = post(step, stored, &Told::Changed { change, page }).await?;
            let known = commercial_of(stored).map(|person| person.0);
            whose = known.filter(|known| told.contains(known));
        }
        page_changes::Entity::insert(page_changes::ActiveModel {
            id: Set(change),
            page_id: Set(self.page.id),
            app_id: Set(self.page.app_id),
            case_id: Set(self.page.case_id),
            before_id: Set(self.page.known_id.unwrap_or_default()),
            after_id: Set(after),
            permille: Set(i32::from(permille)),
            found_at: Set(step.now.micros()),
            state: Set(ChangeState::Open.word().to_owned()),
            version: Set(1),
            for_id: Set(whose),
            closed_at: Set(None),
            closed_by: Set(None),
            note: Set(String::new()),
            answer: Set(None),
            answered_at: Set(None),
            answered_by: Set(None),
        })
        .exec_without_returning(step.transaction())
        .await?;
        Ok(change)
    }
}

/// Closes a change of which nothing is left.
async fn undo(
    step: &mut Step<'_>,
    page: &watched_pages::Model,
    open: &page_changes::Model,
) -> Result<()> {
    use page_changes::Column as C;
    page_changes::Entity::update_many()
        .col_expr(C::State, Expr::value(ChangeState::Undone.word()))
        .col_expr(C::Version, Expr::value(open.version + 1))
        .col_expr(C::ClosedAt, Expr::value(Some(step.now.micros())))
        .filter(C::Id.eq(open.id))
        .exec(step.transaction())
        .await?;
    note(
        step,
        page,
        "page_change_undone",
        json!({ "change": open.id }),
    );
    Ok(())
}

/// Notes an event about a page in the trail of its app.
pub(super) fn note(
    step: &mut Step<'_>,
    page: &watched_pages::Model,
    name: &'static str,
    mut body: Value,
) {
    if let Some(body) = body.as_object_mut() {
        body.insert("page".to_owned(), json!(page.id));
        body.insert("field".to_owned(), json!(page.field));
        body.insert("address".to_owned(), json!(page.address));
    }
    step.append(Subject::App(page.app_id), name, body, String::new());
}
