//! What others have changed since the reader last looked.

use crate::{
    components::{Hue, Notice, Tag, Time},
    steps::cases::{About, mark_seen::MarkSeenForm},
};
use casework::queries::case_page::CasePage;
use leptos::prelude::*;

/// Marks what is new to the reader.
pub(super) fn mark(is_new: bool) -> Option<impl IntoView + use<>> {
    is_new.then(|| view! { <Tag hue=Hue::Us text="Changed" /> })
}

/// What is new in a few words, with the way to see it and the button that says that it was seen;
/// nothing where nothing is.
pub(super) fn notice(page: &CasePage, about: &About) -> Option<impl IntoView + use<>> {
    let at = page.since.at?;
    let steps = page
        .history
        .entries
        .iter()
        .filter(|entry| entry.is_new)
        .count();
    let more = page.history.older.is_some() && steps == page.history.entries.len();
    let steps = match steps {
        0 => return None,
        1 => "others have taken one step".to_owned(),
        number if more => format!("others have taken {number} steps and more"),
        number => format!("others have taken {number} steps"),
    };
    let revised = page
        .since
        .revision
        .zip(page.sent.as_ref())
        .map(|(from, sent)| {
            let href = format!(
                "/cases/{}/compare?from={from}&to={}",
                page.case.number, sent.revision
            );
            let text = format!("revision {} was handed in", sent.revision);
            view! { ", and " <a href=href>{text}</a> }
        });
    let about = about.clone();
    Some(view! {
        <Notice>
            <div class="row">
                <p>"Since you last looked, " <Time at=at /> ", " {steps} {revised} "."</p>
                <MarkSeenForm about=about />
            </div>
        </Notice>
    })
}
