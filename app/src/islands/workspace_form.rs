//! What stands in the forms of a part of the page: to be sent, and to be put back.

use super::workspace_swap::all_within;
use leptos::{prelude::*, wasm_bindgen::JsCast};
use wasm_bindgen::JsValue;
use web_sys::{Element, FormData, HtmlFormElement, UrlSearchParams};

/// What a form would send, with what the pressed button says.
pub fn fields(form: &HtmlFormElement, submitter: Option<&Element>) -> Option<UrlSearchParams> {
    let sent = UrlSearchParams::new().ok()?;
    let data = FormData::new_with_form(form).ok()?;
    for pair in js_sys::try_iter(&data).ok().flatten()? {
        let pair = js_sys::Array::from(&pair.ok()?);
        sent.append(&pair.get(0).as_string()?, &pair.get(1).as_string()?);
    }
    let button = submitter.and_then(|button| {
        let value = button.get_attribute("value").unwrap_or_default();
        Some((button.get_attribute("name")?, value))
    });
    if let Some((name, value)) = button {
        sent.append(&name, &value);
    }
    Some(sent)
}

/// What was typed and chosen in forms, so that it can be put into the same forms again.
pub struct Typed(Vec<One>);

struct One {
    form: String,
    name: String,
    /// Of several controls of one name, the one with this value; none where the value is what was
    /// typed.
    of: Option<String>,
    value: JsValue,
    focus: Option<(JsValue, JsValue)>,
}

fn get(of: &Element, name: &str) -> JsValue {
    js_sys::Reflect::get(of, &name.into()).unwrap_or_default()
}

fn set(of: &Element, name: &str, value: &JsValue) {
    // Nothing of ours is frozen.
    let _ = js_sys::Reflect::set(of, &name.into(), value);
}

fn is_chosen(control: &Element) -> bool {
    matches!(
        get(control, "type").as_string().as_deref(),
        Some("radio" | "checkbox")
    )
}

impl Typed {
    /// What is other than it was drawn, in every form but the one that was sent.
    pub fn of(pane: &Element, sent: Option<&str>) -> Self {
        let mut found = Vec::new();
        let active = document().active_element();
        for control in all_within(pane, "input:not([type=hidden]), textarea, select") {
            let form = get(&control, "form")
                .dyn_into::<Element>()
                .map(|form| form.id());
            let Ok(form) = form else { continue };
            if Some(form.as_str()) == sent {
                continue;
            }
            let chosen = is_chosen(&control);
            let (is, was) = match chosen {
                true => (get(&control, "checked"), get(&control, "defaultChecked")),
                false => (get(&control, "value"), get(&control, "defaultValue")),
            };
            let focus = (active.as_ref() == Some(&control)).then(|| {
                (
                    get(&control, "selectionStart"),
                    get(&control, "selectionEnd"),
                )
            });
            if is == was && focus.is_none() {
                continue;
            }
            found.push(One {
                form,
                name: get(&control, "name").as_string().unwrap_or_default(),
                of: chosen.then(|| get(&control, "value").as_string()).flatten(),
                value: is,
                focus,
            });
        }
        Self(found)
    }

    /// Puts it into the forms of the same names.
    pub fn put_back(self) {
        for one in self.0 {
            let form = document().get_element_by_id(&one.form);
            let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else {
                continue;
            };
            let controls = form.elements();
            for control in (0..controls.length()).filter_map(|at| controls.item(at)) {
                if get(&control, "name").as_string().as_ref() != Some(&one.name) {
                    continue;
                }
                match &one.of {
                    Some(of) if get(&control, "value").as_string().as_ref() == Some(of) => {
                        set(&control, "checked", &one.value);
                    }
                    Some(_) => {}
                    None => {
                        set(&control, "value", &one.value);
                        if let Some((start, end)) = &one.focus {
                            super::workspace_swap::focus(&control);
                            set(&control, "selectionStart", start);
                            set(&control, "selectionEnd", end);
                        }
                    }
                }
            }
        }
    }
}
