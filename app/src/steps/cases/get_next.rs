//! Get next: the case that has waited longest becomes mine and opens.

use crate::{
    components::{Button, Form},
    refused::Refused,
    web::{Visit, carry_out},
};
use casework::commands::{self, Next, Once};
use leptos::{prelude::*, server};

/// Takes the next case and goes to it.
#[server(prefix = "/do", endpoint = "get_next")]
pub async fn get_next() -> Result<(), Refused> {
    carry_out("get_next", async move |visit: Visit| {
        let caller = visit.caller()?.clone();
        let once = Once::parse(visit.entry("once"));
        Ok(
            match commands::get_next(&visit.desk, &caller, once).await? {
                Next::Case(number, _) => format!("/cases/{number}?done=this-case-is-yours-now"),
                Next::Nothing => "/queue?done=nothing-waits-that-you-could-take".to_owned(),
                Next::Before => "/queue?view=my_turn".to_owned(),
            },
        )
    })
    .await
}

/// The button of the queue.
#[component]
pub fn GetNextForm() -> impl IntoView {
    view! {
        <Form action="/do/get_next" id="get_next" back="/queue">
            <Button>"Get next"</Button>
        </Form>
    }
}
