//! The pages, forms and islands of Upgrade Desk.
//!
//! Pages are rendered by the server alone and work as they are; what needs the
//! client is an island under [`islands`], the only part that is compiled to wasm.
#![recursion_limit = "256"]

#[cfg(feature = "ssr")]
pub mod components;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod refused;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod steps;
#[cfg(feature = "ssr")]
pub mod web;

/// Called by the page's script once the wasm is loaded; each island then takes over its element.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
