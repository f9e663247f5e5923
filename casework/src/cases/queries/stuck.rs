//! Where developers ask whether an application is stuck: on its page, on the page of the case, and in
//! the list of those that wait for a lead.

pub use crate::cases::stuck::{AskEnd, MayAsk, StuckAsk};
use crate::{
    Caller, Desk, Error, Result,
    cases::stuck::asks,
    commands::subject,
    entities::{apps, cases, stuck_asks},
    policy::{CaseAct, Subject, Verdict},
    relations::conflicted_apps,
    store::Stored,
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::BTreeSet;
use workflow::{CaseNumber, Timestamp};

/// So many that wait are listed at most, the oldest first.
const MOST: u64 = 100;

/// What an application's page says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// The newest first.
    pub asks: Vec<StuckAsk>,
    /// Whether the application can be asked about now.
    pub so: MayAsk,
    /// Whether the reader is one who asks.
    pub may: bool,
}

/// Of an application, to its reader.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn of_application(desk: &Desk, caller: &Caller, stored: &Stored) -> Result<Stuck> {
    let asks = asks(desk.database.read(), stored.row.id).await?;
    let known = desk.reference.known();
    let who = subject(Some(caller), stored);
    Ok(Stuck {
        so: MayAsk::of(stored, asks.first(), &known, desk.now()),
        may: desk.policy.ask(&who, CaseAct::AskStuck) == Verdict::Allowed,
        asks,
    })
}

/// A question that waits for a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingAsk {
    pub case: CaseNumber,
    pub app: String,
    pub at: Timestamp,
    pub text: String,
}

#[derive(FromQueryResult)]
struct Row {
    number: i32,
    app: String,
    asked_at: i64,
    text: String,
}

/// Those that wait for the caller, the oldest first.
///
/// # Errors
/// [`Error::NotFound`] to those who do not answer them; when the database does not answer.
pub async fn waiting_asks(desk: &Desk, caller: &Caller) -> Result<Vec<WaitingAsk>> {
    use stuck_asks::Column as C;
    let who = Subject::new(&caller.roles, &BTreeSet::new());
    let may = desk.policy.require(&who, CaseAct::AnswerStuck);
    may.map_err(|_| Error::NotFound)?;
    let case = stuck_asks::Entity::belongs_to(cases::Entity)
        .from(C::CaseId)
        .to(cases::Column::Id);
    let app = stuck_asks::Entity::belongs_to(apps::Entity)
        .from(C::AppId)
        .to(apps::Column::Id);
    let rows = stuck_asks::Entity::find()
        .select_only()
        .columns([C::AskedAt, C::Text])
        .column_as(cases::Column::Number, "number")
        .column_as(apps::Column::Name, "app")
        .join(JoinType::InnerJoin, case.into())
        .join(JoinType::InnerJoin, app.into())
        .filter(C::ClosedAt.is_null())
        .filter(C::AppId.not_in_subquery(conflicted_apps(caller.person)))
        .order_by_asc(C::AskedAt)
        .limit(MOST)
        .into_model::<Row>()
        .all(desk.database.read())
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(WaitingAsk {
                case: CaseNumber(u32::try_from(row.number).ok()?),
                app: row.app,
                at: Timestamp::from_micros(row.asked_at),
                text: row.text,
            })
        })
        .collect())
}
