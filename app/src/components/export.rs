//! Buttons that make a copy of the record. Making one is recorded, so it is a POST, and no link.

use super::Weight;
use leptos::prelude::*;

/// One button that asks for a copy and saves it.
#[component]
pub fn ExportButton(
    /// Which copy: `/audit/export.csv`.
    #[prop(into)]
    action: String,
    /// What the copy is of: name and value; empty values are left out.
    #[prop(optional)]
    fields: Vec<(&'static str, String)>,
    /// The page to come back to when the copy is refused.
    #[prop(into)]
    back: String,
    #[prop(optional)] weight: Weight,
    children: Children,
) -> impl IntoView {
    let fields = fields
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    view! {
        <form method="post" action=action class="export">
            <input type="hidden" name="back" value=back />
            {fields}
            <button type="submit" class=weight.class()>
                {children()}
            </button>
        </form>
    }
}
