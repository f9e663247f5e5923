use leptos::prelude::*;

/// Sends the forms of a case's page and follows its links without leaving the page: what changes is
/// taken out of the page that answers, part by part (`data-pane`), everything else stays as it is, what
/// was typed included. And the keys of the workspace. Without scripts each of them is a page.
#[island]
pub fn Workspace() -> impl IntoView {
    let said = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| super::workspace_swap::start(said));
    view! {
        <p class="workspace-said" role="status" hidden=move || said.with(String::is_empty)>
            {said}
        </p>
    }
}
