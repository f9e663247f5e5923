//! Assign: taking a case oneself, taking it over, and giving it to someone.

use super::{About, page_of};
use crate::{
    components::{Button, Need, Opt, Select, Slot, TextArea, Weight, day_text},
    web::{Done, Next, Visit},
};
use casework::{
    Error, Result,
    commands::{self, AssignInput, Envelope},
    queries::Candidate,
    words::count,
};
use leptos::prelude::*;
use workflow::{PersonId, state::Seat};

/// Whoever presses the button.
const ME: &str = "@me";

/// Gives a seat to someone; without a name to the caller.
pub(super) async fn assign(visit: Visit, at: Envelope, input: AssignInput) -> Result<Next> {
    let caller = visit.caller()?;
    let assignment = commands::Assign {
        seat: input.seat,
        to: match input.to.as_str() {
            ME => caller.person,
            "" => return Err(Error::field("to", "Person: choose who is to have it.")),
            to => to
                .parse()
                .map_err(|_| Error::field("to", "Person: choose one of the list."))?,
        },
        seen: input.holder,
        note: input.note,
        within_capacity: false,
    };
    commands::assign(&visit.desk, caller, &at, assignment).await?;
    Ok(page_of(at.case, Done::Assigned))
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
    let words = match holder {
        Some(_) => "Take over",
        None => take_words(seat),
    };
    about
        .form::<AssignInput>()
        .id(format!("take-{}{place}", seat.word()))
        .hidden(AssignInput::seat(), &seat)
        .hidden(AssignInput::holder(), &holder)
        .fixed(&AssignInput::to(), &ME.to_owned())
        .show(|_| view! { <Button weight=weight>{words}</Button> })
}

/// Somebody to choose, with how much they hold: `Rosa Lind (12 of 12 cases)`.
pub(super) fn candidate_option(candidate: &Candidate) -> Opt {
    let (open, most) = (candidate.open, candidate.capacity);
    Opt::new(
        candidate.person.to_string(),
        format!("{} ({open} of {})", candidate.name, count(most, "case")),
    )
}

/// Who would fit and is away: `Rosa Lind is away until 3 Dec 2026.`
pub(super) fn away_text(away: &[Candidate]) -> String {
    let lines = away.iter().filter_map(|candidate| {
        let until = day_text(candidate.away?);
        Some(format!("{} is away until {until}.", candidate.name))
    });
    lines.collect::<Vec<_>>().join(" ")
}

/// The field for what the next holder is to know.
pub fn hand_over(of: Slot) -> impl IntoView {
    view! {
        <TextArea
            of=of
            rows=2
            need=Need::Optional
            hint="Stands on the case for the next holder. Developers never see it."
        />
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
    let (away, there): (Vec<_>, Vec<_>) = candidates
        .into_iter()
        .filter(|candidate| Some(candidate.person) != holder)
        .partition(|candidate| candidate.away.is_some());
    let options = there.iter().map(candidate_option).collect();
    let away = away_text(&away);
    about
        .form::<AssignInput>()
        .hidden(AssignInput::seat(), &seat)
        .hidden(AssignInput::holder(), &holder)
        .show(|form| {
            let to = form.at(AssignInput::to());
            view! {
                <Select
                    of=to
                    label=seat.label()
                    options=options
                    prompt="Choose a person"
                    hint=away
                />
                {hand_over(form.at(AssignInput::note()))}
                <Button weight=Weight::Quiet>"Assign"</Button>
            }
        })
}
