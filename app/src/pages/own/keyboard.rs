//! `/account/keyboard`: whether keys that are pressed alone do anything.

use super::crumbs;
use crate::{
    components::{Button, Opt, PageHead, Radios},
    web::{Page, page},
};
use casework::{Error, commands::SetKeysInput};
use leptos::prelude::*;

/// Of staff: developers' pages have no such keys.
#[component]
pub fn OwnKeyboardPage() -> impl IntoView {
    page(|visit| async move {
        if !visit.caller()?.is_staff() {
            return Err(Error::NotFound);
        }
        let is_off = visit.session.as_ref().is_some_and(|one| one.keys_off);
        let options = vec![
            Opt::new("on", "On")
                .hint("j, k, p, f, n and others act at once; ? says which there are."),
            Opt::new("off", "Off").hint("For speech input, and for who types them by accident."),
        ];
        let form = visit.form::<SetKeysInput>().show(|form| {
            let value = if is_off { "off" } else { "on" };
            view! {
                <Radios of=form.at(SetKeysInput::keys()) options=options value=value />
                <Button>"Save"</Button>
            }
        });
        Ok(Page::developer(
            "Keyboard",
            view! {
                <PageHead
                    title="Keyboard"
                    lead="The queue and the pages of cases can be worked with single keys. All they do can be done without them."
                    crumbs=crumbs()
                />
                {form}
            },
        ))
    })
}
