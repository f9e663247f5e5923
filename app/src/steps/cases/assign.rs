//! Assign: taking a case oneself, taking it over, and giving it to someone.

use super::{About, on_case, person};
use crate::{
    components::{Button, Form, Hidden, Opt, Select, Weight},
    refused::Refused,
};
use casework::{Error, commands, queries::Candidate};
use leptos::{prelude::*, server};
use workflow::{PersonId, state::Seat};

/// Gives a seat to someone; without a name to the caller.
#[server(prefix = "/do", endpoint = "assign")]
pub async fn assign() -> Result<(), Refused> {
    on_case("assign", "assigned", async |visit, caller, envelope| {
        let assignment = commands::Assign {
            seat: Seat::from_word(visit.entry("seat")).ok_or(Error::NotFound)?,
            to: match visit.entry("to") {
                "@me" => caller.person,
                "" => return Err(Error::field("to", "Person: choose who is to have it.")),
                _ => visit.parsed("to")?,
            },
            seen: person(&visit, "holder")?,
        };
        commands::assign(&visit.desk, &caller, &envelope, assignment).await
    })
    .await
}

/// The words on the button with which I take a seat.
pub const fn take_words(seat: Seat) -> &'static str {
    match seat {
        Seat::Case => "Take case",
        Seat::Commercial => "Take commercial review",
        Seat::Technical => "Take technical review",
    }
}

/// One button: I take what nobody has, or, on its confirming page, what `holder` has.
#[component]
pub fn TakeForm(
    about: About,
    seat: Seat,
    #[prop(optional_no_strip)] holder: Option<PersonId>,
    #[prop(optional)] weight: Weight,
    /// Where several stand on one page.
    #[prop(optional, into)]
    place: String,
) -> impl IntoView {
    let id = format!("take-{}{place}", seat.word());
    let words = match holder {
        Some(_) => "Take over",
        None => take_words(seat),
    };
    view! {
        <Form action="/do/assign" id=id seen=about.seen back=about.back.clone()>
            {about.field()}
            <Hidden name="seat" value=seat.word() />
            <Hidden name="to" value="@me" />
            <Hidden name="holder" value=holder.map(|holder| holder.to_string()).unwrap_or_default() />
            <Button weight=weight>{words}</Button>
        </Form>
    }
}

/// A lead gives the seat to one of these.
#[component]
pub fn AssignForm(
    about: About,
    seat: Seat,
    #[prop(optional_no_strip)] holder: Option<PersonId>,
    candidates: Vec<Candidate>,
) -> impl IntoView {
    let options = candidates
        .into_iter()
        .filter(|candidate| Some(candidate.person) != holder)
        .map(|candidate| Opt::new(candidate.person.to_string(), candidate.name))
        .collect();
    view! {
        <Form action="/do/assign" id="assign" typed=about.typed("assign") seen=about.seen back=about.back.clone()>
            {about.field()}
            <Hidden name="seat" value=seat.word() />
            <Hidden name="holder" value=holder.map(|holder| holder.to_string()).unwrap_or_default() />
            <Select name="to" label=seat.label() options=options prompt="Choose a person" />
            <Button weight=Weight::Quiet>"Assign"</Button>
        </Form>
    }
}
