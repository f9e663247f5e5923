//! Fields in which one chooses: lists, radios, boxes.

use super::{
    Slot,
    field::{Need, Parts},
    some,
};
use leptos::prelude::*;

/// One thing to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opt {
    pub value: String,
    pub label: String,
    /// Said under the label; empty for none.
    pub hint: String,
}

impl Opt {
    /// A choice without a hint.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: String::new(),
        }
    }

    /// The same with a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

impl From<&workflow::form::Choice> for Opt {
    fn from(choice: &workflow::form::Choice) -> Self {
        Self::new(&choice.key, &choice.label)
    }
}

/// One of many, in a list that folds out.
#[component]
pub fn Select(
    of: Slot,
    /// Instead of the label that the input gives it.
    #[prop(optional, into)]
    label: String,
    options: Vec<Opt>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] need: Need,
    /// What stands there while nothing is chosen; empty to begin with the first choice.
    #[prop(optional, into)]
    prompt: String,
) -> impl IntoView {
    let shown = labels(&options, &value);
    let parts = Parts::new(of, label, value, &shown, hint);
    let chosen = parts.value.clone();
    let options = options
        .into_iter()
        .map(|option| {
            let selected = option.value == chosen;
            view! { <option value=option.value selected=selected>{option.label}</option> }
        })
        .collect_view();
    let control = view! {
        <select
            class="input"
            id=parts.id.clone()
            name=parts.name.clone()
            aria-required=need.required()
            aria-invalid=parts.invalid()
            aria-describedby=parts.described_by.clone()
        >
            {some(prompt).map(|prompt| view! { <option value="">{prompt}</option> })}
            {options}
        </select>
    };
    parts.wrap(need, control.into_any())
}

/// How choices lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lie {
    #[default]
    Down,
    Across,
}

impl Lie {
    const fn class(self) -> &'static str {
        match self {
            Self::Down => "choices",
            Self::Across => "choices across",
        }
    }
}

/// One of few, all of them in sight.
#[component]
pub fn Radios(
    of: Slot,
    /// Instead of the label that the input gives it.
    #[prop(optional, into)]
    label: String,
    options: Vec<Opt>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] need: Need,
    #[prop(optional)] lie: Lie,
) -> impl IntoView {
    let shown = labels(&options, &value);
    let parts = Parts::new(of, label, value, &shown, hint);
    let chosen = [parts.value.clone()];
    let control = choices(&parts, "radio", options, &chosen, lie);
    parts.wrap_group(need, control)
}

/// Any of several. Each ticked one is sent under the same name; stored and kept joined by `,`.
#[component]
pub fn Checkboxes(
    mut of: Slot,
    /// Instead of the label that the input gives it.
    #[prop(optional, into)]
    label: String,
    options: Vec<Opt>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] need: Need,
    #[prop(optional)] lie: Lie,
) -> impl IntoView {
    let shown = labels(&options, &value);
    // What is ticked has no order: what was typed and what is on record are compared in the page's.
    let value = in_order(&options, &value);
    of.typed = of.typed.map(|typed| in_order(&options, &typed));
    let parts = Parts::new(of, label, value, &shown, hint);
    let chosen: Vec<String> = parts.value.split(',').map(str::to_owned).collect();
    let control = choices(&parts, "checkbox", options, &chosen, lie);
    parts.wrap_group(need, control)
}

fn choices(
    parts: &Parts,
    kind: &'static str,
    options: Vec<Opt>,
    chosen: &[String],
    lie: Lie,
) -> AnyView {
    let items = options
        .into_iter()
        .enumerate()
        .map(|(index, option)| {
            let checked = chosen.contains(&option.value);
            let hint_id = format!("{}-{index}-hint", parts.id);
            let described = (!option.hint.is_empty()).then(|| hint_id.clone());
            view! {
                <label class="choice">
                    <input
                        type=kind
                        name=parts.name.clone()
                        value=option.value
                        checked=checked
                        aria-invalid=parts.invalid()
                        aria-describedby=described
                    />
                    <span>{option.label}</span>
                    {some(option.hint)
                        .map(|hint| view! { <span class="hint" id=hint_id>{hint}</span> })}
                </label>
            }
        })
        .collect_view();
    view! {
        {was_there(parts)}
        <div class=lie.class()>{items}</div>
    }
    .into_any()
}

/// Ticked values in the order of their boxes; what has no box goes.
fn in_order(options: &[Opt], value: &str) -> String {
    let chosen: Vec<&str> = value.split(',').map(str::trim).collect();
    let ticked: Vec<&str> = options
        .iter()
        .map(|option| option.value.as_str())
        .filter(|one| chosen.contains(one))
        .collect();
    ticked.join(",")
}

/// Choices in the words that stand on the page.
fn labels(options: &[Opt], value: &str) -> String {
    let chosen: Vec<&str> = value.split(',').collect();
    let labels: Vec<&str> = options
        .iter()
        .filter(|option| chosen.contains(&option.value.as_str()))
        .map(|option| option.label.as_str())
        .collect();
    labels.join(", ")
}

/// Sent with every box unticked as well: so the last tick can be taken away, and a form that comes
/// back shows it taken away.
fn was_there(parts: &Parts) -> impl IntoView + use<> {
    view! { <input type="hidden" name=parts.name.clone() value="" /> }
}

/// One box to tick; sends `yes`. Comes unticked unless `value` is `yes`. That one may leave it unticked is
/// in the nature of a box, and not said.
#[component]
pub fn Confirm(
    of: Slot,
    /// Instead of the label that the input gives it.
    #[prop(optional, into)]
    label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] need: Need,
) -> impl IntoView {
    let shown = if value == "yes" {
        "ticked"
    } else {
        "not ticked"
    };
    let parts = Parts::new(of, label, value, shown, hint);
    view! {
        <div class=parts.class()>
            {was_there(&parts)}
            <label class="choice">
                <input
                    type="checkbox"
                    id=parts.id.clone()
                    name=parts.name.clone()
                    value="yes"
                    checked=parts.value == "yes"
                    aria-required=need.required()
                    aria-invalid=parts.invalid()
                    aria-describedby=parts.described_by.clone()
                />
                <span>{parts.label.clone()}</span>
            </label>
            {parts.notes()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::{Opt, in_order};

    #[test]
    fn what_is_ticked_has_the_order_of_its_boxes() {
        let options = [Opt::new("de", "German"), Opt::new("en", "English")];
        assert_eq!(in_order(&options, "en,de"), "de,en");
        assert_eq!(in_order(&options, "de,en"), "de,en");
        assert_eq!(in_order(&options, ""), "");
        assert_eq!(in_order(&options, "en,xx"), "en");
    }
}
