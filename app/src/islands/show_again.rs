use leptos::prelude::*;

/// Shows the page again in a moment, as long as it stands on it. Without scripts there is a link.
#[island]
pub fn ShowAgain() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        let again = || {
            // A page that cannot be had again is still there.
            let _ = window().location().reload();
        };
        set_timeout(again, std::time::Duration::from_secs(2));
    });
    view! { <span></span> }
}
