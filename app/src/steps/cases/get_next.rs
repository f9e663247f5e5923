//! Get next: the case that has waited longest becomes mine and opens.

use super::page_of;
use crate::{
    components::Button,
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    commands::{self, GetNextInput},
};
use leptos::prelude::*;

/// Takes the next case and goes to it.
pub(super) async fn get_next(visit: Visit, _: GetNextInput) -> Result<Next> {
    let next = commands::get_next(&visit.desk, visit.caller()?).await?;
    Ok(match next {
        commands::Next::Case(number, _) => page_of(number, Done::YourCase),
        commands::Next::Nothing => Next::to("/queue").saying(Done::NothingWaits),
    })
}

/// The button of the queue.
#[component]
pub fn GetNextForm(visit: Visit) -> impl IntoView {
    visit
        .form::<GetNextInput>()
        .show(|_| view! { <Button>"Get next"</Button> })
}
