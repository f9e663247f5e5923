//! Release a responsibility.

use super::{About, assign::hand_over, page_of};
use crate::{
    components::Button,
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    commands::{self, Envelope, ReleaseInput},
};
use leptos::prelude::*;
use workflow::{PersonId, state::Seat};

/// Gives a seat back.
pub(super) async fn release(visit: Visit, at: Envelope, input: ReleaseInput) -> Result<Next> {
    let release = commands::Release {
        seat: input.seat,
        seen: input.holder,
        note: input.note,
        away: None,
    };
    commands::release(&visit.desk, visit.caller()?, &at, release).await?;
    Ok(page_of(at.case, Done::Released))
}

/// Gives the seat back, with what the next holder is to know.
#[component]
pub fn ReleaseForm(about: About, seat: Seat, holder: PersonId) -> impl IntoView {
    about
        .form::<ReleaseInput>()
        .hidden(ReleaseInput::seat(), &seat)
        .hidden(ReleaseInput::holder(), &Some(holder))
        .show(|form| {
            view! {
                {hand_over(form.at(ReleaseInput::note()))}
                <Button>"Release"</Button>
            }
        })
}
