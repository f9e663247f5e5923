//! Release a responsibility.

use super::{About, page_of};
use crate::{
    components::{Button, Weight},
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
    };
    commands::release(&visit.desk, visit.caller()?, &at, release).await?;
    Ok(page_of(at.case, Done::Released))
}

/// The button beside the holder's name.
#[component]
pub fn ReleaseForm(about: About, seat: Seat, holder: PersonId) -> impl IntoView {
    about
        .form::<ReleaseInput>()
        .id(format!("release-{}", seat.word()))
        .inline()
        .label(format!("Release: {}", seat.label()))
        .hidden(ReleaseInput::seat(), &seat)
        .hidden(ReleaseInput::holder(), &Some(holder))
        .show(|_| view! { <Button weight=Weight::Link>"Release"</Button> })
}
