//! Assign: a responsibility on a case goes to someone; taking it oneself is the same step.

use super::{CaseCommand, Done, Envelope, Work, release::LONGEST_NOTE, run};
use crate::{
    Caller, Desk, Error, Result, accounts, accounts::absences::away_until, cases::load,
    input::input, policy::CaseAct, roles_from_words, typed,
};
use async_trait::async_trait;
use workflow::{Action, ActionKind, Internal, PersonId, Refusal, state::Seat};

input! {
    /// The form of an assignment.
    pub struct AssignInput for "assign" OnCase {
        hidden seat: Seat;
        /// A person's id, or `@me`.
        typed to: String = "Person" up to 40;
        /// Who held the seat when the person looked.
        hidden holder: Option<PersonId>;
        typed note: String = "Hand-over note" up to 1_000;
    }
}

/// Who is to have which seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assign {
    pub seat: Seat,
    pub to: PersonId,
    /// Who held the seat when the person looked: if that has changed, nothing happens.
    pub seen: Option<PersonId>,
    /// What the next holder is to know; empty for nothing.
    pub note: String,
    /// Whether it is refused to who holds as many cases as they can.
    pub within_capacity: bool,
}

#[async_trait]
impl CaseCommand for Assign {
    fn kind(&self) -> ActionKind {
        ActionKind::assign(self.seat)
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        if work.actor().person() != Some(self.to) {
            work.policy
                .require(&work.subject(), CaseAct::AssignOthers)?;
        }
        // Locked: who is counted or noted as away meanwhile, is so before or after this.
        let person = accounts::lock(work.transaction(), self.to.0)
            .await
            .ok()
            .filter(|person| person.disabled_at.is_none())
            .ok_or(Error::Refused(Refusal::NotCompetent { seat: self.seat }))?;
        if self.within_capacity {
            load::within_capacity(work.transaction(), &work.known, &person).await?;
        }
        Ok(Action::Assign {
            seat: self.seat,
            to: self.to,
            roles: roles_from_words(&person.roles),
            is_member: work.stored.people.is_conflicted(self.to),
            away: away_until(work.transaction(), self.to, work.now.date()).await?,
            seen: self.seen,
            note: Internal::written(typed::limited(
                "note",
                "Hand-over note",
                &self.note,
                LONGEST_NOTE,
            )?),
        })
    }
}

/// Gives a seat to someone.
///
/// # Errors
/// See [`run`]; [`Refusal::SeatTaken`] when someone else has taken it since the caller looked.
pub async fn assign(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    assignment: Assign,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &assignment).await
}
