//! `/gallery/{slug}`: one entry, for everybody.

use super::{
    disclaimer, json_ld,
    shown::{listing_view, logo},
};
use crate::{
    components::Day,
    web::{Page, page},
};
use casework::gallery::queries::entry_page;
use leptos::prelude::*;

/// `/gallery/{slug}`.
#[component]
pub fn EntryPage() -> impl IntoView {
    page(|visit| async move {
        let slug: String = visit.at("slug")?;
        let entry = entry_page(&visit.desk, &slug).await?;
        let data = json_ld::of(&visit.desk.base_url, &entry);
        let path = format!("/gallery/{}", entry.slug);
        let listing = entry.listing;
        let published = entry
            .published
            .map(|at| view! { <p class="soft">"In this version since " <Day at=at /></p> });
        let (name, lead) = (listing.name.clone(), listing.tagline.clone());
        Ok(Page::developer(
            name.clone(),
            view! {
                <article class="gallery-entry stack">
                    <nav class="crumbs" aria-label="Pages above">
                        <ol class="plain">
                            <li>
                                <a href="/gallery">"Gallery"</a>
                            </li>
                        </ol>
                    </nav>
                    <header class="gallery-head">
                        {logo(listing.logo.as_ref(), &name)}
                        <div>
                            <h1 dir="auto">{name}</h1>
                            <p class="lead" dir="auto">{listing.tagline.clone()}</p>
                            <p class="soft" dir="auto">{listing.organisation.clone()}</p>
                        </div>
                    </header>
                    {disclaimer()}
                    {listing_view(&listing)}
                    {published}
                    <script type="application/ld+json" inner_html=data></script>
                </article>
            },
        )
        .described(lead)
        .canonical(path))
    })
}
