//! What is asked of a developer beside an application: on the page of the app, on the list of apps.

use crate::cases::queries::developer::AskedOfDeveloper;
use crate::{Caller, Desk, Result, entities::gallery_entries, living, partners};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use workflow::{
    AppId, CaseNumber, Timestamp, gallery::State as EntryState, partners::State as PartnerState,
};

/// Something that waits for the developer of an approved app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlsoAsked {
    /// An earlier application was approved with something to be corrected.
    Correction(CaseNumber, AskedOfDeveloper),
    /// The attestation is to be given by this day.
    Attestation(Timestamp),
    /// A page that the approval stands on cannot be read.
    Page,
    /// A question about a page that changed.
    Question,
    /// Changes were asked of the entry in the gallery.
    Entry,
    /// A criterion of the partnership is not met; it rests or ends at this moment.
    Partner(Option<Timestamp>),
}

impl AlsoAsked {
    /// By when, where there is a date.
    pub const fn due(&self) -> Option<Timestamp> {
        match self {
            Self::Correction(_, asked) => asked.due,
            Self::Attestation(due) => Some(*due),
            Self::Page | Self::Question | Self::Entry => None,
            Self::Partner(next) => *next,
        }
    }
}

/// What waits, of this app, for this member.
///
/// # Errors
/// [`crate::Error::NotFound`] to who is no member; when the database does not answer.
pub(crate) async fn also_asked(desk: &Desk, caller: &Caller, app: AppId) -> Result<Vec<AlsoAsked>> {
    let read = desk.database.read();
    let mut asked = Vec::new();
    let approval = living::queries::approval_of_app(desk, caller, app).await?;
    let pages = approval
        .as_ref()
        .is_some_and(|approval| approval.pages.iter().any(|page| page.failing.is_some()));
    if pages {
        asked.push(AlsoAsked::Page);
    }
    let questions = approval.iter().flat_map(|approval| &approval.raised);
    if questions.into_iter().any(|raised| raised.is_asked) {
        asked.push(AlsoAsked::Question);
    }
    asked.extend(
        approval
            .filter(|approval| approval.may_attest)
            .map(|approval| AlsoAsked::Attestation(approval.due)),
    );
    let entries = gallery_entries::Entity::find()
        .filter(gallery_entries::Column::AppId.eq(app.0))
        .filter(gallery_entries::Column::State.eq(EntryState::ChangesAsked.word()))
        .count(read)
        .await?;
    if entries > 0 {
        asked.push(AlsoAsked::Entry);
    }
    let standing = partners::standing_of(read, app.0, desk.now()).await?;
    if matches!(standing.state, PartnerState::Warned | PartnerState::Resting) {
        asked.push(AlsoAsked::Partner(standing.next));
    }
    Ok(asked)
}
