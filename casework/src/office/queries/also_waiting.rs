//! What waits for a member of staff outside the queue of cases, so that it stands where they begin
//! their day: questions whether an application is stuck, decisions about partners, entries of the gallery, changed pages, articles.

use crate::{
    Caller, Desk, Result,
    entities::{
        gallery_entries, page_changes, partnerships, stuck_asks, support_articles, support_requests,
    },
    living::waits_for_us,
    policy::{Act, CaseAct, PartnerAct, Subject, SupportAct},
    relations::conflicted_apps,
    support::{commands::Decision, queries::not_conflicted},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait,
};
use std::collections::BTreeSet;
use workflow::{gallery, partners};

/// What is not a case, and waits for somebody of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// Somebody asks whether their application is stuck: a lead answers.
    StuckAsks,
    /// Proposed by another: an approver decides.
    PartnerDecisions,
    /// Applied for: a partner manager proposes.
    PartnerApplications,
    GalleryEntries,
    ChangedPages,
    /// Written by another: a second person releases them.
    Articles,
}

impl Elsewhere {
    const ALL: [Self; 6] = [
        Self::StuckAsks,
        Self::PartnerDecisions,
        Self::PartnerApplications,
        Self::GalleryEntries,
        Self::ChangedPages,
        Self::Articles,
    ];

    /// Who may do it at all, whatever it is about.
    const fn act(self) -> Act {
        match self {
            Self::StuckAsks => Act::Case(CaseAct::AnswerStuck),
            Self::PartnerDecisions => Act::Partner(PartnerAct::Decide),
            Self::PartnerApplications => Act::Partner(PartnerAct::Propose),
            Self::GalleryEntries => Act::Entry(gallery::ActionKind::Publish),
            Self::ChangedPages => Act::Case(CaseAct::ReviewChange),
            Self::Articles => Act::Support(SupportAct::ReleaseArticle),
        }
    }

    /// How many of these the person can do, in words.
    pub fn text(self, count: u64) -> String {
        let (one, many) = match self {
            Self::StuckAsks => (
                "question whether it is stuck",
                "questions whether it is stuck",
            ),
            Self::PartnerDecisions => ("partner decision", "partner decisions"),
            Self::PartnerApplications => ("partner application", "partner applications"),
            Self::GalleryEntries => ("gallery entry", "gallery entries"),
            Self::ChangedPages => ("changed page", "changed pages"),
            Self::Articles => ("article to release", "articles to release"),
        };
        format!("{count} {}", if count == 1 { one } else { many })
    }
}

/// What waits for the caller, with how many of each; nothing that they could not do.
///
/// # Errors
/// When the database does not answer.
pub async fn also_waiting(desk: &Desk, caller: &Caller) -> Result<Vec<(Elsewhere, u64)>> {
    let policy = desk.policy.snapshot();
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    let mut found = Vec::new();
    for what in Elsewhere::ALL {
        if policy.allows(&subject, what.act()) {
            let count = count(desk, caller, what).await?;
            found.extend((count > 0).then_some((what, count)));
        }
    }
    Ok(found)
}

async fn count(desk: &Desk, caller: &Caller, what: Elsewhere) -> Result<u64> {
    let read = desk.database.read();
    let (me, conflicted) = (caller.person.0, || conflicted_apps(caller.person));
    let in_state = |state: partners::State| {
        use partnerships::Column as C;
        partnerships::Entity::find()
            .filter(C::State.eq(state.word()))
            .filter(C::AppId.not_in_subquery(conflicted()))
    };
    Ok(match what {
        Elsewhere::StuckAsks => {
            use stuck_asks::Column as C;
            stuck_asks::Entity::find()
                .filter(C::ClosedAt.is_null())
                .filter(C::AppId.not_in_subquery(conflicted()))
                .count(read)
                .await?
        }
        Elsewhere::PartnerDecisions => {
            use partnerships::Column as C;
            let proposed = in_state(partners::State::Proposed);
            proposed.filter(C::ProposedBy.ne(me)).count(read).await?
        }
        Elsewhere::PartnerApplications => in_state(partners::State::Applied).count(read).await?,
        Elsewhere::GalleryEntries => {
            use gallery_entries::Column as C;
            gallery_entries::Entity::find()
                .filter(C::State.eq(gallery::State::InReview.word()))
                .filter(C::AppId.not_in_subquery(conflicted()))
                .count(read)
                .await?
        }
        Elsewhere::ChangedPages => {
            use page_changes::Column as C;
            let mine = Condition::any()
                .add(C::ForId.is_null())
                .add(C::ForId.eq(me));
            page_changes::Entity::find()
                .filter(waits_for_us())
                .filter(mine)
                .filter(C::AppId.not_in_subquery(conflicted()))
                .count(read)
                .await?
        }
        Elsewhere::Articles => {
            use support_articles::Column as C;
            let readable = support_requests::Entity::find()
                .select_only()
                .column(support_requests::Column::Id)
                .filter(not_conflicted(caller.person))
                .into_query();
            support_articles::Entity::find()
                .filter(C::State.eq(Decision::Waiting.word()))
                .filter(C::WrittenBy.ne(me))
                .filter(C::RequestId.in_subquery(readable))
                .count(read)
                .await?
        }
    })
}
