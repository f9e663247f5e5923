//! Reviews that are pending: those on a case, as its page shows them, and those that somebody is to
//! publish, to discard or to take over.

use crate::{
    Caller, Desk, Error, Result,
    cases::{
        pending::{self, Entry, Left, Review},
        sight::{Part, Sight},
    },
    commands::subject,
    entities::{cases, pending_reviews, people},
    policy::{CaseAct, DeskAct, Subject},
    store::Stored,
    words::count,
};
use cases::Column as Case;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::BTreeSet;
use workflow::{CaseNumber, PersonId, Timestamp};

/// So many reviews are listed, those that have waited longest first.
const MOST: u64 = 200;

/// A review as those see it who read the inside of its case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingReview {
    pub person: PersonId,
    pub is_own: bool,
    pub begun_at: Timestamp,
    pub entries: Vec<Entry>,
    /// Why whoever wrote it cannot publish it.
    pub left: Option<Left>,
    /// Whether the reader may take some of it over.
    pub may_take: bool,
}

/// All that is pending on a case.
pub(super) async fn pending_on(
    desk: &Desk,
    caller: &Caller,
    stored: &Stored,
) -> Result<Vec<PendingReview>> {
    let reviews = pending::of_case(desk.database.read(), stored.row.id).await?;
    let mut pending = Vec::with_capacity(reviews.len());
    for review in reviews {
        pending.push(shown(desk, caller, stored, review).await?);
    }
    Ok(pending)
}

async fn shown(
    desk: &Desk,
    caller: &Caller,
    stored: &Stored,
    review: Review,
) -> Result<PendingReview> {
    let policy = desk.policy.snapshot();
    let left = pending::left(desk.database.read(), &policy, stored, &review).await?;
    let who = subject(Some(caller), stored);
    let mut entries = review.entries.iter();
    let some_is_theirs = entries.any(|entry| policy.allows(&who, entry.says.step()));
    Ok(PendingReview {
        is_own: review.person == caller.person,
        may_take: review.person != caller.person
            && left.is_some_and(Left::is_taken_over)
            && some_is_theirs,
        left,
        person: review.person,
        begun_at: review.begun_at,
        entries: review.entries,
    })
}

/// A review that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingReview {
    pub case: CaseNumber,
    pub app: String,
    /// Who wrote it, by name.
    pub who: String,
    pub pending: PendingReview,
}

/// The caller's own reviews, and those that their authors cannot publish: of cases on which the caller
/// has a seat, and for leads of all.
///
/// # Errors
/// [`Error::NotFound`] to those who may not see the queue; when the database does not answer, or a
/// case cannot be read.
pub async fn waiting_reviews(desk: &Desk, caller: &Caller) -> Result<Vec<WaitingReview>> {
    let me = caller.person.0;
    let is_own = pending_reviews::Column::PersonId.eq(me);
    let case = pending_reviews::Entity::belongs_to(cases::Entity)
        .from(pending_reviews::Column::CaseId)
        .to(Case::Id);
    let policy = desk.policy.snapshot();
    let who = Subject::new(&caller.roles, &BTreeSet::new());
    if !policy.allows(&who, DeskAct::ReadQueue) {
        return Err(Error::NotFound);
    }
    let assigns = policy.allows(&who, CaseAct::AssignOthers);
    let theirs = match assigns {
        true => Condition::all(),
        false => Condition::any()
            .add(is_own)
            .add(Case::AssigneeId.eq(me))
            .add(Case::CommercialId.eq(me))
            .add(Case::TechnicalId.eq(me)),
    };
    let rows = pending_reviews::Entity::find()
        .join(JoinType::InnerJoin, case.into())
        .filter(theirs)
        .order_by_asc(pending_reviews::Column::ChangedAt)
        .limit(MOST)
        .all(desk.database.read())
        .await?;
    let mut waiting = Vec::new();
    for row in rows {
        let read = desk.database.read();
        let Some(stored) = Stored::by_id(read, row.case_id).await? else {
            continue;
        };
        if !Sight::of(&policy, caller, &stored).has(Part::Inside) {
            continue;
        }
        let author = people::Entity::find_by_id(row.person_id).one(read).await?;
        let pending = shown(desk, caller, &stored, Review::of(row)?).await?;
        if pending.is_own || pending.left.is_some() {
            waiting.push(WaitingReview {
                case: stored.case.number,
                app: stored.app.name,
                who: author.map(|author| author.name).unwrap_or_default(),
                pending,
            });
        }
    }
    Ok(waiting)
}

/// How much of what is gathered is of which kind: `3 questions, 5 verdicts, 1 finding`.
pub fn counted(entries: &[Entry]) -> String {
    let of = |order| {
        let of_kind = |entry: &&Entry| entry.says.order() == order;
        entries.iter().filter(of_kind).count()
    };
    let parts = [(2, "question"), (0, "verdict"), (1, "finding")];
    let parts = parts.map(|(order, noun)| (of(order), noun));
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(many, _)| *many > 0)
        .map(|(many, noun)| count(many, noun))
        .collect();
    match parts.is_empty() {
        true => "nothing yet".to_owned(),
        false => parts.join(", "),
    }
}
