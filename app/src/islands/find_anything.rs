use leptos::prelude::*;

/// `Ctrl K` opens the palette: what is typed there finds the actions of the page by their words, and
/// cases, people and places as the page `/find` does, which is also the way without scripts.
#[island]
pub fn FindAnything() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| palette::start());
}

#[cfg(feature = "hydrate")]
mod palette {
    use super::super::{
        listen::listen,
        single_keys::{focused, open_dialog},
        workspace_swap::{all_within, find, within},
    };
    use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsCast};
    use std::{cell::Cell, rc::Rc, time::Duration};
    use wasm_bindgen::JsValue;
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{
        DomParser, Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent, Response,
        SupportedType,
    };

    /// How long after the last key it is looked for.
    const PAUSE: Duration = Duration::from_millis(120);

    pub fn start() {
        listen(&document(), "keydown", |event: Event| {
            let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
                return;
            };
            let opens = (key.ctrl_key() || key.meta_key()) && key.key().eq_ignore_ascii_case("k");
            if (opens && open()) || moves(&key.key()) {
                event.prevent_default();
            }
        });
        let Some(field) = field() else { return };
        let latest = Rc::new(Cell::new(0_u32));
        listen_to(field, latest);
    }

    fn listen_to(field: HtmlInputElement, latest: Rc<Cell<u32>>) {
        let target = field.clone();
        listen(&target, "input", move |_: Event| {
            let asked = latest.get().wrapping_add(1);
            latest.set(asked);
            let (field, latest) = (field.clone(), Rc::clone(&latest));
            actions(&field.value());
            set_timeout(
                move || {
                    if latest.get() == asked {
                        spawn_local(async move {
                            let found = look_for(&field.value()).await;
                            // A later question may have been answered before.
                            if let (Ok(found), true) = (found, latest.get() == asked) {
                                show(&found);
                            }
                        });
                    }
                },
                PAUSE,
            );
        });
    }

    fn field() -> Option<HtmlInputElement> {
        find("#palette input[name=q]")?.dyn_into().ok()
    }

    fn open() -> bool {
        let opened = open_dialog("palette");
        if let Some(field) = field().filter(|_| opened) {
            field.select();
            actions(&field.value());
        }
        opened
    }

    /// The actions of the page whose words hold what is typed: pressing one presses its button.
    fn actions(text: &str) {
        let Some(list) = find("#palette-actions") else {
            return;
        };
        list.set_inner_html("");
        let text = text.trim().to_lowercase();
        let Some(bar) = find(".action-bar .buttons") else {
            return;
        };
        for action in all_within(&bar, "a, button") {
            let words = action.text_content().unwrap_or_default();
            if !words.to_lowercase().contains(&text) {
                continue;
            }
            let made = document().create_element("li").and_then(|item| {
                let button = document().create_element("button")?;
                button.set_attribute("type", "button")?;
                button.set_class_name("found");
                button.set_text_content(Some(words.trim()));
                item.append_child(&button)?;
                list.append_child(&item)?;
                Ok(button)
            });
            if let (Ok(made), Ok(action)) = (made, action.dyn_into::<HtmlElement>()) {
                listen(&made, "click", move |_: Event| {
                    close();
                    action.click();
                });
            }
        }
    }

    fn close() {
        if let Some(dialog) =
            find("#palette").and_then(|dialog| dialog.dyn_into::<web_sys::HtmlDialogElement>().ok())
        {
            dialog.close();
        }
    }

    /// What the desk finds, as HTML: only what the reader may see.
    async fn look_for(text: &str) -> Result<String, JsValue> {
        let query = web_sys::UrlSearchParams::new()?;
        query.append("q", text);
        let address = format!("/find?{}", String::from(query.to_string()));
        let response: Response = JsFuture::from(window().fetch_with_str(&address))
            .await?
            .dyn_into()?;
        let html = JsFuture::from(response.text()?).await?;
        let html = html.as_string().unwrap_or_default();
        let page = DomParser::new()?.parse_from_string(&html, SupportedType::TextHtml)?;
        let found = page.get_element_by_id("found");
        Ok(found.map(|found| found.inner_html()).unwrap_or_default())
    }

    fn show(found: &str) {
        if let Some(place) = find("#palette-found") {
            place.set_inner_html(found);
        }
    }

    /// Arrows go through what was found, and Enter in the field takes the first.
    fn moves(key: &str) -> bool {
        let Some(dialog) = find("#palette[open]") else {
            return false;
        };
        let found = all_within(&dialog, ".found");
        let here = focused().map(|element| element.unchecked_into::<Element>());
        let at = here.and_then(|here| found.iter().position(|one| *one == here));
        let next = match (key, at) {
            ("ArrowDown", None) => found.first(),
            ("ArrowDown", Some(at)) => found.get(at + 1),
            ("ArrowUp", Some(0)) => return field().is_some_and(|field| field.focus().is_ok()),
            ("ArrowUp", Some(at)) => found.get(at - 1),
            ("Enter", None) => {
                let first = within(&dialog, ".found");
                return first
                    .and_then(|first| first.dyn_into::<HtmlElement>().ok())
                    .map(|first| first.click())
                    .is_some();
            }
            _ => None,
        };
        next.and_then(|next| next.dyn_ref::<HtmlElement>())
            .is_some_and(|next| next.focus().is_ok())
    }
}
