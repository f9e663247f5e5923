//! Steps on one's own inbox, and on what waits of one's own.

use crate::web::{Done, Next, Step, Visit, own_page};
use casework::{
    Result,
    commands::{self, MarkAllReadInput, MarkReadInput},
    kept::{self, ForgetKeptInput},
};

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new(mark_read),
        Step::new(mark_all_read),
        Step::new(forget_kept),
    ]
}

/// Marks one entry as read; its page stays where it was.
async fn mark_read(visit: Visit, input: MarkReadInput) -> Result<Next> {
    commands::mark_read(&visit.desk, visit.caller()?, input.entry).await?;
    Ok(Next::to(list_of(&visit)))
}

/// Marks everything as read that the page knew of.
async fn mark_all_read(visit: Visit, input: MarkAllReadInput) -> Result<Next> {
    commands::mark_all_read(&visit.desk, visit.caller()?, input.until).await?;
    Ok(Next::to(list_of(&visit)))
}

/// Throws away what was typed into a form that was refused; back to where that was said.
async fn forget_kept(visit: Visit, input: ForgetKeptInput) -> Result<Next> {
    kept::forget(&visit.desk, &visit.owners(), input.typed).await?;
    let back = visit.referer.as_deref().and_then(own_page);
    Ok(Next::to(back.unwrap_or("/")).saying(Done::TextDiscarded))
}

/// The page of the inbox on which the button was, or the first.
fn list_of(visit: &Visit) -> String {
    let from = visit.referer.as_deref().unwrap_or_default();
    let is_list = from == "/inbox" || from.starts_with("/inbox?");
    if is_list { from } else { "/inbox" }.to_owned()
}
