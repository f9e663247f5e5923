//! What people do about partnerships.

mod apply;
mod decide;
mod leave;
mod propose;
mod publish;
mod reaccept;
mod take_back;

pub use apply::{ApplyPartnerInput, apply_partner};
pub use decide::{DecidePartnerInput, decide_partner, decision_meaning};
pub use leave::{LeavePartnersInput, leave_partners};
pub use propose::{ProposePartnerInput, propose_partner};
pub use publish::{ConfirmContactInput, MOST_LINKS, PublishAppInput, confirm_contact, publish_app};
pub use reaccept::{REACCEPTANCE, ReacceptInput, reaccept};
pub use take_back::{TakeBackProposalInput, take_back_proposal};

use super::{
    evidence::{self, Known},
    store::{self, Partnership},
    watch::follow,
};
use crate::{
    By, Caller, Desk, Error, Result, Step,
    audit::Subject,
    entities::{apps, partnerships},
    policy::{self, PartnerAct, Snapshot},
    relations::AppPeople,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::Value;
use std::ops::Deref;
use workflow::{
    AppId, Refusal, Relation,
    partners::{Refused, Standing, Step as Kind, allowed},
};

/// An app with its partnership, in the middle of a step, inside the transaction.
pub(super) struct PartnerStep<'a> {
    step: Step<'a>,
    pub app: apps::Model,
    pub known: Known,
    pub newest: Option<Partnership>,
}

impl<'a> Deref for PartnerStep<'a> {
    type Target = Step<'a>;
    fn deref(&self) -> &Step<'a> {
        &self.step
    }
}

impl<'a> PartnerStep<'a> {
    /// Begins a step: the app is locked, and the caller may do `act` with its partnership.
    ///
    /// # Errors
    /// [`Error::NotFound`] to those who may not know of it; [`Error::Forbidden`].
    pub async fn begin(
        desk: &'a Desk,
        caller: &'a Caller,
        app: AppId,
        act: PartnerAct,
    ) -> Result<Self> {
        let step = Step::begin(desk, By::Person(caller)).await?;
        let app = apps::Entity::find_by_id(app.0)
            .lock_exclusive()
            .one(step.transaction())
            .await?
            .ok_or(Error::NotFound)?;
        let newest = store::newest(step.transaction(), app.id).await?;
        let subject = subject(step.transaction(), caller, &app, newest.as_ref()).await?;
        may(&step.policy, &subject, act)?;
        let known = evidence::known(step.transaction(), &app).await?;
        Ok(Self {
            step,
            app,
            known,
            newest,
        })
    }

    /// How the partnership stands.
    pub fn standing(&self) -> Standing {
        let newest = self.newest.as_ref();
        newest.map_or(Standing::NONE, |newest| newest.standing(self.now))
    }

    /// The partnership that a step is about, where the step is possible and nobody has changed it
    /// since the person looked.
    pub fn open(&self, kind: Kind, seen: i64) -> Result<&Partnership> {
        allowed(kind, self.standing().state).map_err(Refusal::Partner)?;
        let newest = self.newest.as_ref().ok_or(Error::NotFound)?;
        if newest.row.version == seen {
            Ok(newest)
        } else {
            Err(Error::Conflict {
                changes: Vec::new(),
            })
        }
    }

    /// Writes a partnership over the version that was loaded.
    pub async fn change(&self, change: partnerships::ActiveModel) -> Result<()> {
        let row = &self.newest.as_ref().ok_or(Error::NotFound)?.row;
        let change = partnerships::ActiveModel {
            version: sea_orm::Set(row.version + 1),
            ..change
        };
        partnerships::Entity::update_many()
            .set(change)
            .filter(partnerships::Column::Id.eq(row.id))
            .exec(self.transaction())
            .await?;
        Ok(())
    }

    /// Ends the step with its event.
    pub async fn commit(mut self, name: &'static str, body: Value, reason: String) -> Result<()> {
        let app = Subject::App(self.app.id);
        self.step.append(app, name, body, reason);
        follow(&mut self.step, self.app.id).await?;
        self.step.commit().await
    }
}

/// All that a caller is to the partnership of an app.
pub(super) async fn subject(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    app: &apps::Model,
    newest: Option<&Partnership>,
) -> Result<policy::Subject> {
    let people = AppPeople::of(connection, app.id).await?;
    let mut relations = people.relations(caller.person);
    if newest.is_some_and(|newest| newest.row.proposed_by == Some(caller.person.0)) {
        relations.insert(Relation::PartnerProposer);
    }
    Ok(policy::Subject::new(&caller.roles, &relations))
}

/// Whether a person who may know of a partnership may do that.
fn may(policy: &Snapshot, subject: &policy::Subject, act: PartnerAct) -> Result<()> {
    let reads = |act| policy.allows(subject, act);
    if !reads(PartnerAct::Read) && !reads(PartnerAct::ReadInternal) {
        return Err(Error::NotFound);
    }
    Ok(policy.require(subject, act)?)
}

/// The same outside of a step, before slow work (passwords, other servers) is done.
async fn may_before(desk: &Desk, caller: &Caller, app: AppId, act: PartnerAct) -> Result<()> {
    let read = desk.database.read();
    let app = apps::Entity::find_by_id(app.0)
        .one(read)
        .await?
        .ok_or(Error::NotFound)?;
    let newest = store::newest(read, app.id).await?;
    let subject = subject(read, caller, &app, newest.as_ref()).await?;
    may(&desk.policy.snapshot(), &subject, act)
}

fn refused(why: Refused) -> Error {
    Refusal::Partner(why).into()
}
