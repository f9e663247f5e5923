//! Reads the pages of approved apps again: one at a time on all instances together, so that no site
//! is asked by two of us at once, with a pause after each. What is fetched is fetched outside of any
//! transaction; a lease says whose the page is meanwhile.

use super::{
    keep_watch,
    text::of_page,
    verdict::{Found, conclude},
};
use crate::{
    Desk, Lock, Part, Result,
    entities::{page_changes, page_texts, watched_pages},
    take,
};
use reach::{Asked, Read};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::Expr,
};
use std::{pin::pin, time::Duration};
use uuid::Uuid;
use workflow::{Settings, Timestamp, living};

/// How patient the reader is.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How often it looks whether a page is due.
    pub poll: Duration,
    /// After each page.
    pub pause: Duration,
    /// How long a lease holds: longer than a page can take with all its redirects.
    pub lease: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            poll: Duration::from_secs(60),
            pause: Duration::from_secs(5),
            lease: Duration::from_secs(180),
        }
    }
}

/// See the module.
pub struct Reader {
    desk: Desk,
    pace: Pace,
}

/// A page that this reader alone may read now.
pub(super) struct Leased {
    pub page: watched_pages::Model,
    pub lease: Uuid,
    /// The text that it is held against.
    pub known: Option<page_texts::Model>,
    /// The text of the change that is open about it.
    pub open: Option<page_texts::Model>,
}

impl Reader {
    /// A reader for this desk.
    pub const fn new(desk: Desk, pace: Pace) -> Self {
        Self { desk, pace }
    }

    /// Reads until `stop`; a page that is being read then is left to whoever comes next.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        loop {
            let round = async {
                if let Err(error) = self.round().await {
                    tracing::warn!(%error, "pages of approved apps could not be read");
                }
                tokio::time::sleep(self.pace.poll).await;
            };
            tokio::select! {
                () = &mut stop => return,
                () = round => {}
            }
        }
    }

    /// Looks which approvals are to be looked after, and reads every page that is due; answers how
    /// many were read.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn round(&self) -> Result<usize> {
        keep_watch(&self.desk).await?;
        let mut read = 0;
        while let Some(leased) = self.lease().await? {
            // A page that cannot be concluded must not keep the others.
            let (id, what) = (leased.page.id, format!("page {}", leased.page.id));
            match self.one(&leased).await {
                Ok(()) => self.desk.conditions.clear(Part::Pages, &what),
                Err(error) => {
                    tracing::warn!(page = %id, %error, "what a page says could not be noted");
                    self.postpone(&leased).await?;
                    let text = "what it says could not be noted";
                    self.desk
                        .conditions
                        .set(Part::Pages, &what, text, self.desk.now());
                }
            }
            read += 1;
            tokio::time::sleep(self.pace.pause).await;
        }
        Ok(read)
    }

    /// Takes up the page that has waited longest; none while any page is being read.
    async fn lease(&self) -> Result<Option<Leased>> {
        let now = self.desk.now();
        // A look without a lock first: most find nothing.
        if due(now).one(self.desk.database.read()).await?.is_none() {
            return Ok(None);
        }
        let transaction = self.desk.database.begin().await?;
        take(&transaction, Lock::Reading).await?;
        let busy = watched_pages::Entity::find()
            .filter(watched_pages::Column::LeasedUntilAt.gt(now.micros()))
            .one(&transaction)
            .await?;
        let page = due(now).one(&transaction).await?;
        let (None, Some(page)) = (busy, page) else {
            return Ok(None);
        };
        let lease = Uuid::now_v7();
        let until =
            now.plus(time::Duration::try_from(self.pace.lease).unwrap_or(time::Duration::HOUR));
        watched_pages::Entity::update_many()
            .col_expr(
                watched_pages::Column::LeasedUntilAt,
                Expr::value(Some(until.micros())),
            )
            .col_expr(watched_pages::Column::LeaseId, Expr::value(Some(lease)))
            .filter(watched_pages::Column::Id.eq(page.id))
            .exec(&transaction)
            .await?;
        let known = text(&transaction, page.known_id).await?;
        let change = open_change(&transaction, page.id).await?;
        let open = text(&transaction, change.map(|change| change.after_id)).await?;
        transaction.commit().await?;
        Ok(Some(Leased {
            page,
            lease,
            known,
            open,
        }))
    }

    /// Leaves a page for the next day.
    async fn postpone(&self, leased: &Leased) -> Result<()> {
        use watched_pages::Column as C;
        let settings = &self.desk.reference.known().settings;
        let next = living::next_look(self.desk.now(), true, settings);
        watched_pages::Entity::update_many()
            .col_expr(C::NextAt, Expr::value(Some(next.micros())))
            .col_expr(C::LeasedUntilAt, Expr::value(None::<i64>))
            .col_expr(C::LeaseId, Expr::value(None::<Uuid>))
            .filter(C::LeaseId.eq(leased.lease))
            .filter(C::NextAt.is_not_null())
            .exec(self.desk.database.write())
            .await?;
        Ok(())
    }

    /// Reads one page and writes down what came of it.
    async fn one(&self, leased: &Leased) -> Result<()> {
        let page = &leased.page;
        let asked = Asked {
            agent: format!(
                "upgrade-desk/{} (+{})",
                env!("CARGO_PKG_VERSION"),
                self.desk.base_url
            ),
            // Without the text there is nothing that could be unchanged.
            etag: page.etag.clone().filter(|_| leased.known.is_some()),
            modified: page.modified.clone().filter(|_| leased.known.is_some()),
        };
        let read = self.desk.links.read(&page.address, &asked).await;
        let known = leased.known.as_ref().map(|text| text.text.clone());
        let open = leased.open.as_ref().map(|text| text.text.clone());
        let settings = self.desk.reference.known().settings.clone();
        // Long texts take their time.
        let judging = tokio::task::spawn_blocking(move || judge(read, known, open, &settings));
        let found = judging.await.map_err(crate::Error::unavailable)?;
        conclude(&self.desk, leased, found).await
    }
}

/// The pages that are due, those first that have waited longest.
fn due(now: Timestamp) -> Select<watched_pages::Entity> {
    watched_pages::Entity::find()
        .filter(watched_pages::Column::NextAt.lte(now.micros()))
        .order_by_asc(watched_pages::Column::NextAt)
        .order_by_asc(watched_pages::Column::Id)
        .limit(1)
}

async fn text(
    connection: &impl ConnectionTrait,
    id: Option<Uuid>,
) -> Result<Option<page_texts::Model>> {
    match id {
        Some(id) => Ok(page_texts::Entity::find_by_id(id).one(connection).await?),
        None => Ok(None),
    }
}

/// The change of a page that nobody has looked at yet.
pub(super) async fn open_change(
    connection: &impl ConnectionTrait,
    page: Uuid,
) -> Result<Option<page_changes::Model>> {
    Ok(page_changes::Entity::find()
        .filter(page_changes::Column::PageId.eq(page))
        .filter(page_changes::Column::State.eq(super::ChangeState::Open.word()))
        .one(connection)
        .await?)
}

fn judge(read: Read, known: Option<String>, open: Option<String>, settings: &Settings) -> Found {
    let page = match read {
        Read::Page(page) => page,
        Read::Unchanged => return Found::Unchanged,
        Read::NoWeb => return Found::Nothing,
        Read::Failed(why) => return Found::Failed(why),
    };
    let text = of_page(&page);
    if text.is_empty() {
        let why = "the page at this address has no text that can be read without scripts.";
        return Found::Failed(why.to_owned());
    }
    let change = living::change(known.as_deref(), &text, settings);
    let as_told = open.is_some_and(|open| living::folded(&open) == living::folded(&text));
    Found::Text {
        text,
        change,
        as_told,
        etag: page.etag,
        modified: page.modified,
    }
}
