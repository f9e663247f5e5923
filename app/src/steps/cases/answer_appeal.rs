//! Answer appeal.

use super::{About, page_of};
use crate::{
    components::{Button, TextArea},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    commands::{self, AnswerAppeal, Envelope},
};
use leptos::prelude::*;

/// Tells the developer why the end stays as it is.
pub(super) async fn answer_appeal(visit: Visit, at: Envelope, input: AnswerAppeal) -> Result<Next> {
    commands::answer_appeal(&visit.desk, visit.caller()?, &at, input).await?;
    Ok(page_of(at.case, Done::AppealAnswered))
}

/// The form.
#[component]
pub fn AnswerAppealForm(about: About) -> impl IntoView {
    about.form::<AnswerAppeal>().show(|form| {
        view! {
            <TextArea
                of=form.at(AnswerAppeal::text())
                hint="Every member of the app gets it by email."
                rows=6
            />
            <Button>"Answer appeal"</Button>
        }
    })
}
