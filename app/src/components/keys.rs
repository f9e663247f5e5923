//! Which keys a page has: shown by `?`, and by its button.

use leptos::prelude::*;

/// Keys, and what they do.
pub type Keys = &'static [(&'static [&'static str], &'static str)];

/// Those of the queue.
pub const QUEUE_KEYS: Keys = &[
    (&["j", "k"], "Next case, previous case"),
    (&["Enter"], "Open the case"),
    (&["/"], "Search"),
    (&["g"], "Get next"),
    (&["s"], "Snooze the case"),
    (&["x"], "Mark the case"),
    (
        &["a"],
        "Assign, remind or tag: the marked cases, or this one",
    ),
    (&["?"], "These keys"),
];

/// Those of the workspace of a case.
pub const CASE_KEYS: Keys = &[
    (&["j", "k"], "Next item, previous item"),
    (&["p"], "Pass the item"),
    (&["f"], "Fail: write what is wrong"),
    (&["n"], "N/A: write why it does not apply"),
    (&["e"], "Write the evidence"),
    (&["c"], "Ask the developer about the item"),
    (&["Ctrl", "Enter"], "Send what you are writing"),
    (&["Esc"], "Back from writing to the item"),
    (&["u"], "Back to the list of cases"),
    (&["?"], "These keys"),
];

/// The list, in a dialog that scripts open.
#[component]
pub fn KeysHelp(keys: Keys) -> impl IntoView {
    let lines = keys
        .iter()
        .map(|(keys, does)| {
            let keys = keys
                .iter()
                .map(|key| view! { <kbd>{*key}</kbd> " " })
                .collect_view();
            view! {
                <dt>{keys}</dt>
                <dd>{*does}</dd>
            }
        })
        .collect_view();
    view! {
        <dialog class="keys" id="keys" aria-labelledby="keys-title">
            <h2 id="keys-title">"Keys"</h2>
            <dl class="facts">
                {lines} <dt>
                    <kbd>"Ctrl"</kbd>
                    " "
                    <kbd>"K"</kbd>
                </dt>
                <dd>"Find a case, a person, an action"</dd>
            </dl>
            <p>
                "Keys that are pressed alone can be switched off in "
                <a href="/account/keyboard">"your account"</a> "."
            </p>
            <form method="dialog">
                <button type="submit" class="button quiet">
                    "Close"
                </button>
            </form>
        </dialog>
    }
}
