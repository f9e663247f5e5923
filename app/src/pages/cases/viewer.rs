//! A file in its place: PDFs by the browser's own viewer, images and videos.

use super::{
    cited::{Kind, clock, kind_of, words_of},
    place::Place,
};
use crate::components::{Button, Weight, size_text};
use casework::queries::case_page::{Attached, CasePage};
use leptos::prelude::*;

/// The file that the address names, where it is one of the revision's.
pub(super) fn file_at<'a>(page: &'a CasePage, place: &Place) -> Option<&'a Attached> {
    let sent = page.sent.as_ref()?;
    sent.files.iter().find(|file| Some(file.id) == place.file)
}

/// The file itself. Nothing here depends on the item at hand, so that going on to the next one leaves
/// it as it is.
pub(super) fn shown(file: &Attached, at: Option<u32>) -> impl IntoView + use<> {
    let (name, href) = (file.name.clone(), format!("/files/{}", file.id));
    match kind_of(file) {
        Kind::Pdf => {
            let at = at.map(|page| format!("#page={page}")).unwrap_or_default();
            let data = format!("{href}?show=1{at}");
            let label = name.clone();
            view! {
                <object class="shown" data=data type="application/pdf" title=label>
                    <p>"This browser does not show PDFs in a page. " <a href=href>"Save "{name}</a></p>
                </object>
            }
            .into_any()
        }
        Kind::Image => view! { <img class="shown" src=href alt=name /> }.into_any(),
        Kind::Video => {
            let at = at.map(|second| format!("#t={second}")).unwrap_or_default();
            let src = format!("{href}{at}");
            view! {
                <video class="shown" src=src controls preload="metadata" aria-label=name></video>
            }
            .into_any()
        }
    }
}

/// What the file is, the way to a page or second of it, and into the item's evidence.
pub(super) fn bar(file: &Attached, place: &Place, may_cite: bool) -> impl IntoView + use<> {
    let kind = kind_of(file);
    let goes = match kind {
        Kind::Pdf => Some(("Page", place.at.unwrap_or(1))),
        Kind::Video => Some(("Second", place.at.unwrap_or(0))),
        Kind::Image => None,
    };
    let goes = goes.map(|(label, at)| {
        let carried = place
            .parts()
            .into_iter()
            .filter(|(name, _)| *name != "at" && *name != "cite")
            .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
            .collect_view();
        view! {
            <form class="form inline" method="get" action=place.path()>
                {carried}
                <label for="viewer-at">{label}</label>
                <input
                    class="input short"
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    id="viewer-at"
                    name="at"
                    value=at.to_string()
                />
                <Button weight=Weight::Quiet>"Go"</Button>
            </form>
        }
    });
    let words = words_of(file, place.at);
    let cite = may_cite.then(|| {
        let (href, said) = (place.citing().href(), words.clone());
        view! {
            <a class="button quiet" href=href data-cite=words>
                "Cite " {said}
            </a>
        }
    });
    let at = match (kind, place.at) {
        (Kind::Video, Some(second)) => format!(", at {}", clock(second)),
        (Kind::Pdf, Some(page)) => format!(", page {page}"),
        _ => String::new(),
    };
    view! {
        <div class="viewer-bar">
            <h3>{file.name.clone()}</h3>
            <span class="quiet-text">{size_text(file.size)} {at}</span>
            <div class="row">
                {goes} {cite}
                <a href=format!("/files/{}", file.id)>"Save"</a>
                <a href=place.without_file().href()>"Close"</a>
            </div>
        </div>
    }
}
