//! Confirm verdict: one press for each verdict that is open again.

use super::{About, back_to, check_item::item_anchor};
use crate::web::{Next, Visit};
use casework::{
    Result,
    commands::{self, ConfirmVerdict, Envelope},
};
use leptos::prelude::*;
use workflow::checklist::{Item, ListKind, Verdict};

/// Gives the verdict again that stood before, and goes on to the next that is open again.
pub(super) async fn confirm_verdict(
    visit: Visit,
    at: Envelope,
    input: ConfirmVerdict,
) -> Result<Next> {
    let (list, next) = (input.list, input.next.clone());
    commands::confirm_verdict(&visit.desk, visit.caller()?, &at, input).await?;
    let back = back_to(&visit, at.case);
    Ok(match next {
        // Without a place in the address: the button of the item takes the focus instead, and
        // Enter confirms that one.
        Some(next) => back.at_item(list, &next).without_anchor(),
        None => back,
    }
    .next())
}

/// The button that says again what was said before.
#[component]
pub fn ConfirmVerdictForm(
    about: About,
    list: ListKind,
    item: Item,
    /// The revision that the page shows.
    revision: u32,
    was: Verdict,
    /// The key of the next item of the list whose verdict is open again.
    next: Option<String>,
) -> impl IntoView {
    let query = |name| about.visit.query(name);
    let is_next = query("open") == Some(list.word()) && query("item") == Some(item.key.as_str());
    let words = format!("Confirm {}", was.label());
    about
        .form::<ConfirmVerdict>()
        .id(format!("confirm_verdict-{}", item_anchor(list, &item.key)))
        .label(format!("{words}: {}", item.label))
        .hidden(ConfirmVerdict::list(), &list)
        .hidden(ConfirmVerdict::item(), &item.key)
        .hidden(ConfirmVerdict::revision(), &revision)
        .hidden(ConfirmVerdict::next(), &next)
        .show(|_| {
            view! {
                <button type="submit" class="button primary" autofocus=is_next>
                    {words}
                </button>
            }
        })
}
