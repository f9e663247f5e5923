//! Forms and links of a page that are answered in their place.

use super::{
    listen::listen,
    typed,
    workspace_form::{Typed, fields},
    workspace_keys,
};
use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsCast};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, DomParser, Element, Event, Headers, HtmlElement, HtmlFormElement, MouseEvent,
    RequestInit, Response, SubmitEvent, SupportedType, UrlSearchParams,
};

/// What is told on the document once parts of it are others.
pub const SWAPPED: &str = "workspace-swapped";

/// What asks for the page to be shown again.
pub const AGAIN: &str = "workspace-again";

/// What the page needs beside the document.
pub struct Page {
    said: RwSignal<String>,
    /// Where each thing that was shown in a part had been scrolled to.
    places: RefCell<BTreeMap<String, i32>>,
}

pub fn start(said: RwSignal<String>) {
    let page = Rc::new(Page {
        said,
        places: RefCell::default(),
    });
    let on_submit = {
        let page = Rc::clone(&page);
        move |event: Event| page.submits(&event)
    };
    let on_click = {
        let page = Rc::clone(&page);
        move |event: Event| page.clicks(&event)
    };
    let on_again = {
        let page = Rc::clone(&page);
        move |_: Event| page.goes(&here(), None)
    };
    listen(&document(), "submit", on_submit);
    listen(&document(), "click", on_click);
    listen(&document(), AGAIN, on_again);
    workspace_keys::start();
    if let Some(item) = find("#work .at-hand") {
        workspace_keys::show_item(&item);
    }
    if let Some(body) = document().body() {
        // For whoever has to wait for it, as the journeys do.
        let _ = body.set_attribute("data-workspace", "ready");
    }
}

/// Whether an answer is on its way.
pub fn is_busy() -> bool {
    find("[aria-busy=true]").is_some()
}

/// The address of the page.
fn here() -> String {
    window().location().href().unwrap_or_default()
}

pub fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

pub fn within(element: &Element, selector: &str) -> Option<Element> {
    element.query_selector(selector).ok().flatten()
}

fn all(of: &Document, selector: &str) -> Vec<Element> {
    let found = of.query_selector_all(selector).ok();
    let found = found.map(|list| (0..list.length()).filter_map(move |at| list.item(at)));
    found
        .into_iter()
        .flatten()
        .filter_map(|node| node.dyn_into().ok())
        .collect()
}

/// Gives an element the focus and shows it.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // It stays where it is if it cannot have it.
        let _ = element.focus();
    }
}

fn is_in_pane(element: &Element) -> bool {
    element
        .closest("[data-pane]")
        .is_ok_and(|pane| pane.is_some())
}

/// The path of an address of this page; none of another one.
fn own_path(address: &str) -> Option<String> {
    let base = here();
    let url = web_sys::Url::new_with_base(address, &base).ok()?;
    let location = window().location();
    let is_own =
        location.origin().ok()? == url.origin() && location.pathname().ok()? == url.pathname();
    is_own.then(|| url.href())
}

impl Page {
    fn submits(self: &Rc<Self>, event: &Event) {
        let form = event.target().and_then(|target| target.dyn_into().ok());
        let Some(form) = form.filter(|form: &HtmlFormElement| is_in_pane(form)) else {
            return;
        };
        if event.default_prevented() {
            return;
        }
        let submitter = event
            .dyn_ref::<SubmitEvent>()
            .and_then(SubmitEvent::submitter);
        let elsewhere = submitter
            .as_ref()
            .is_some_and(|button| button.has_attribute("formaction"));
        if elsewhere {
            return;
        }
        let action = form.get_attribute("action").unwrap_or_default();
        let Some(sent) = fields(&form, submitter.as_deref()) else {
            return;
        };
        if form.method() == "get" {
            let query = String::from(sent.to_string());
            if let Some(href) = own_path(&format!("{action}?{query}")) {
                event.prevent_default();
                self.goes(&href, Some(form.unchecked_into()));
            }
        } else if action.starts_with("/do/") && form.enctype() != "multipart/form-data" {
            event.prevent_default();
            if !is_busy() {
                self.sends(form, action, sent);
            }
        }
    }

    fn clicks(self: &Rc<Self>, event: &Event) {
        let Some(mouse) = event.dyn_ref::<MouseEvent>() else {
            return;
        };
        let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
        let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
        let Some(link) = link.filter(is_in_pane) else {
            return;
        };
        let held = mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.alt_key();
        let plain = mouse.button() == 0
            && !held
            && !link.has_attribute("target")
            && !event.default_prevented();
        let href = link.get_attribute("href").unwrap_or_default();
        if !plain || href.starts_with('#') {
            return;
        }
        if let Some(words) = link.get_attribute("data-cite")
            && workspace_keys::cite(&words)
        {
            event.prevent_default();
        } else if let Some(href) = own_path(&href) {
            event.prevent_default();
            self.goes(&href, Some(link));
        }
    }

    /// Shows another place of the page; `from` is what was pressed.
    fn goes(self: &Rc<Self>, href: &str, from: Option<Element>) {
        let (page, href) = (Rc::clone(self), href.to_owned());
        spawn_local(async move {
            busy(true);
            match ask(&href, None).await {
                Ok(answer) => page.takes(&answer, &href, None, from.as_ref()),
                // As a page: the browser says what is wrong.
                Err(_) => drop(window().location().set_href(&href)),
            }
            busy(false);
        });
    }

    /// Sends a form.
    fn sends(self: &Rc<Self>, form: HtmlFormElement, action: String, sent: UrlSearchParams) {
        let page = Rc::clone(self);
        spawn_local(async move {
            busy(true);
            match ask(&action, Some(&sent)).await {
                Ok(answer) if own_path(&answer.url).is_some() => {
                    page.said.set(String::new());
                    let url = answer.url.clone();
                    page.takes(&answer, &url, Some(&form.id()), None);
                }
                Ok(answer) => drop(window().location().set_href(&answer.url)),
                Err(_) => page.said.set(
                    "Not sent: the desk does not answer. What you typed stays here; try again."
                        .to_owned(),
                ),
            }
            busy(false);
        });
    }

    /// Takes what is other in the page that answered, and goes on where its reader would.
    fn takes(&self, answer: &Answer, href: &str, sent: Option<&str>, from: Option<&Element>) {
        let parsed = DomParser::new()
            .and_then(|parser| parser.parse_from_string(&answer.html, SupportedType::TextHtml));
        let Ok(new) = parsed else {
            return;
        };
        let next = workspace_keys::after();
        let pressed = from.and_then(|from| from.get_attribute("href"));
        let was_left =
            from.is_some_and(|from| from.closest(".left").is_ok_and(|left| left.is_some()));
        let before: Vec<String> = all(&document(), "form[id]")
            .iter()
            .map(Element::id)
            .collect();
        for pane in all(&document(), "[data-pane]") {
            if let Some(new) = new.get_element_by_id(&pane.id()) {
                self.exchange(&pane, &new, sent);
            }
        }
        if let (Some(here), Some(there)) = (
            find(".workspace"),
            new.query_selector(".workspace").ok().flatten(),
        ) && let Some(half) = there.get_attribute("data-half")
        {
            // It cannot fail: the name is one.
            let _ = here.set_attribute("data-half", &half);
        }
        document().set_title(&new.title());
        if let Ok(history) = window().history() {
            // Where it is not allowed the address stays behind.
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(href));
        }
        typed::exchanged(&before);
        let told = Event::new(SWAPPED);
        drop(told.map(|told| document().dispatch_event(&told)));
        let wrong = find("[data-pane] [autofocus]").map(|summary| {
            let form = summary.closest("form").ok().flatten();
            form.and_then(|form| within(&form, "[aria-invalid=true]"))
                .unwrap_or(summary)
        });
        let same = pressed.and_then(|href| {
            let links = all(&document(), "[data-pane] a[href]");
            let is_same = |link: &Element| link.get_attribute("href").as_ref() == Some(&href);
            links.into_iter().find(is_same)
        });
        let to = match was_left {
            true => same.or_else(|| find("#left-tabs [aria-current]")),
            false => None,
        };
        let to = wrong
            .or(to)
            .or_else(|| {
                next.and_then(|id| document().get_element_by_id(&id))
                    .and_then(|row| within(&row, ".button"))
            })
            .or_else(|| find(".at-hand"))
            .or_else(|| find("#work a.item"));
        if let Some(to) = to {
            workspace_keys::show(&to);
        }
    }

    /// Puts the new content into a part of the page, where it is other; what was typed into another form
    /// than the one that was sent stays, and so do what is unfolded and what is scrolled to.
    fn exchange(&self, pane: &Element, new: &Element, sent: Option<&str>) {
        if pane.inner_html() == new.inner_html() {
            return;
        }
        let typed = Typed::of(pane, sent);
        let unfolded: Vec<String> = all_within(pane, "details[open][id]")
            .iter()
            .map(Element::id)
            .collect();
        let (was, is) = (view_of(pane), view_of(new));
        self.places
            .borrow_mut()
            .insert(was.clone(), pane.scroll_top());
        pane.set_inner_html(&new.inner_html());
        for id in unfolded {
            if let Some(details) = document().get_element_by_id(&id) {
                // It cannot fail: the name is one.
                let _ = details.set_attribute("open", "");
            }
        }
        typed.put_back();
        if was != is {
            let _ = pane.set_attribute(
                "data-view",
                &new.get_attribute("data-view").unwrap_or_default(),
            );
            let place = self.places.borrow().get(&is).copied();
            pane.set_scroll_top(place.unwrap_or_default());
        }
    }
}

/// What a part shows.
fn view_of(pane: &Element) -> String {
    format!(
        "{} {}",
        pane.id(),
        pane.get_attribute("data-view").unwrap_or_default()
    )
}

pub fn all_within(element: &Element, selector: &str) -> Vec<Element> {
    let found = element.query_selector_all(selector).ok();
    let found = found.map(|list| (0..list.length()).filter_map(move |at| list.item(at)));
    found
        .into_iter()
        .flatten()
        .filter_map(|node| node.dyn_into().ok())
        .collect()
}

fn busy(is: bool) {
    if let Some(workspace) = find(".workspace") {
        // It cannot fail: the name is one.
        let _ = workspace.set_attribute("aria-busy", if is { "true" } else { "false" });
    }
}

/// A page that answered.
struct Answer {
    url: String,
    html: String,
}

/// Asks for a page, or sends a form that is answered with one.
async fn ask(address: &str, sent: Option<&UrlSearchParams>) -> Result<Answer, JsValue> {
    let headers = Headers::new()?;
    headers.set("Accept", "text/html")?;
    let request = RequestInit::new();
    request.set_headers(&headers);
    if let Some(sent) = sent {
        request.set_method("POST");
        request.set_body(sent);
    }
    let asked = window().fetch_with_str_and_init(address, &request);
    let response: Response = JsFuture::from(asked).await?.dyn_into()?;
    let kind = response.headers().get("content-type")?.unwrap_or_default();
    if !kind.starts_with("text/html") {
        return Err(JsValue::NULL);
    }
    let html = JsFuture::from(response.text()?).await?;
    Ok(Answer {
        url: response.url(),
        html: html.as_string().unwrap_or_default(),
    })
}
