//! Release a responsibility.

use super::{About, on_case, person};
use crate::{
    components::{Button, Form, Hidden, Weight},
    refused::Refused,
};
use casework::{Error, commands};
use leptos::{prelude::*, server};
use workflow::{PersonId, state::Seat};

/// Gives a seat back.
#[server(prefix = "/do", endpoint = "release")]
pub async fn release() -> Result<(), Refused> {
    on_case("release", "released", async |visit, caller, envelope| {
        let release = commands::Release {
            seat: Seat::from_word(visit.entry("seat")).ok_or(Error::NotFound)?,
            seen: person(&visit, "holder")?,
        };
        commands::release(&visit.desk, &caller, &envelope, release).await
    })
    .await
}

/// The button beside the holder's name.
#[component]
pub fn ReleaseForm(about: About, seat: Seat, holder: PersonId) -> impl IntoView {
    let id = format!("release-{}", seat.word());
    let label = format!("Release: {}", seat.label());
    view! {
        <Form action="/do/release" id=id seen=about.seen back=about.back.clone() class="inline" label=label>
            {about.field()}
            <Hidden name="seat" value=seat.word() />
            <Hidden name="holder" value=holder.to_string() />
            <Button weight=Weight::Link>"Release"</Button>
        </Form>
    }
}
