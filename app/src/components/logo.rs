//! The logo of an app beside its name, which says everything: to those who cannot see it, it is
//! nothing.

use leptos::prelude::*;
use workflow::{
    AppId,
    gallery::{Image, ImageKind},
};

/// How large a logo is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogoSize {
    /// In a row of a table, or in a line.
    #[default]
    Small,
    /// Beside the title of a page.
    Large,
}

impl LogoSize {
    const fn class(self) -> &'static str {
        match self {
            Self::Small => "app-logo",
            Self::Large => "app-logo large",
        }
    }
}

/// The logo, or the first letter of the name where there is none.
#[component]
pub fn AppLogo(
    app: AppId,
    #[prop(optional_no_strip)] logo: Option<Image>,
    #[prop(into)] name: String,
    #[prop(optional)] size: LogoSize,
) -> impl IntoView {
    match logo {
        Some(logo) => {
            let widths = logo.widths(ImageKind::Logo);
            // Drawn twice as large as it is shown.
            let fits = widths.iter().find(|width| **width >= 96).or(widths.last());
            let width = fits.copied().unwrap_or(logo.width);
            let src = format!("/apps/{app}/logo/{}-{width}.{}", logo.hash, logo.ext);
            view! {
                <img
                    class=size.class()
                    src=src
                    alt=""
                    width=logo.width.to_string()
                    height=logo.height.to_string()
                    decoding="async"
                />
            }
            .into_any()
        }
        None => {
            let letter: String = name.chars().take(1).collect();
            view! {
                <span class=format!("{} none", size.class()) aria-hidden="true">
                    {letter}
                </span>
            }
            .into_any()
        }
    }
}
