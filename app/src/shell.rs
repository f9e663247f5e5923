//! The document around every page, and the routes.

use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::islands::LocalTime;

/// The HTML document: head, style sheet, scripts, and the page inside.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let style_sheet = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="data:," />
                <link rel="stylesheet" href=style_sheet />
                <AutoReload options=options.clone() />
                <HydrationScripts options islands=true />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The routes and the page that answers each of them.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title text="Upgrade Desk" />
        <Router>
            <Routes fallback=|| view! { <h1>"Not found"</h1> }>
                <Route path=path!("/") view=Home ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}

#[component]
fn Home() -> impl IntoView {
    view! {
        <main>
            <h1>"Upgrade Desk"</h1>
            <p>
                "Open since "
                <LocalTime iso="2026-11-22T14:00:00Z".to_owned() text="22 Nov 2026".to_owned() />
            </p>
        </main>
    }
}
