//! `/gallery`: all entries, for everybody.

use super::{disclaimer, shown::logo};
use crate::{
    components::{
        Button, Chip, EmptyState, FilterChips, Line, Need, Opt, PageHead, Pagination, Select,
        TextField, Weight,
    },
    web::{Page, Visit, encode, page},
};
use casework::{
    gallery::queries::{Grid, GridEntry, GridFilter, PAGE, grid},
    paging,
};
use leptos::prelude::*;
use workflow::gallery::{Language, Platform, Region};

const LEAD: &str = "Apps of our partners that work with the data of continuous glucose monitors.";

/// `/gallery`.
#[component]
pub fn GalleryPage() -> impl IntoView {
    page(|visit| async move {
        let filter = wanted(&visit);
        let found = grid(&visit.desk, &filter).await?;
        Ok(Page::developer(
            "Gallery",
            view! {
                <PageHead title="Gallery" lead=LEAD />
                {disclaimer()}
                {search(&filter)}
                {chips(&filter)}
                {list(&found, &filter)}
                {pages(&found, &filter)}
            },
        )
        .described(LEAD)
        .canonical("/gallery"))
    })
}

fn wanted(visit: &Visit) -> GridFilter {
    let word = |name| visit.query(name).unwrap_or_default();
    GridFilter {
        text: word("q").trim().to_owned(),
        platform: Platform::from_word(word("platform")),
        region: Region::from_word(word("region")),
        language: Language::from_word(word("language")),
        page: paging::asked(word("page")),
    }
}

/// The address of this list, without the parameter `but`, on this page.
fn address(filter: &GridFilter, but: &str, page: u64) -> String {
    let number = page.to_string();
    let parts = [
        ("q", filter.text.as_str()),
        ("platform", filter.platform.map_or("", Platform::word)),
        ("region", filter.region.map_or("", Region::word)),
        ("language", filter.language.map_or("", Language::word)),
        ("page", if page > 1 { number.as_str() } else { "" }),
    ];
    let query: Vec<String> = parts
        .into_iter()
        .filter(|(name, value)| !value.is_empty() && *name != but)
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    if query.is_empty() {
        "/gallery".to_owned()
    } else {
        format!("/gallery?{}", query.join("&"))
    }
}

fn search(filter: &GridFilter) -> impl IntoView + use<> {
    let filter = filter.clone();
    let platforms = Platform::ALL.iter().map(|one| (one.word(), one.label()));
    let regions = Region::ALL.iter().map(|one| (one.word(), one.label()));
    let languages = Language::ALL.iter().map(|one| (one.word(), one.label()));
    let options = |all: Vec<(&'static str, &'static str)>| -> Vec<Opt> {
        let mut all: Vec<Opt> = all
            .into_iter()
            .map(|(word, label)| Opt::new(word, label))
            .collect();
        all.sort_by_key(|one| one.label.to_lowercase());
        all
    };
    let (platforms, regions, languages) = (
        options(platforms.collect()),
        options(regions.collect()),
        options(languages.collect()),
    );
    crate::components::filters("/gallery", move |search| {
        view! {
            <div class="search">
                <TextField
                    of=search.at("q")
                    label="Search the gallery"
                    line=Line::Search
                    value=filter.text
                    need=Need::Required
                />
            </div>
            <Select
                of=search.at("platform")
                label="Platform"
                options=platforms
                value=filter.platform.map_or("", Platform::word)
                prompt="Any"
            />
            <Select
                of=search.at("region")
                label="Region"
                options=regions
                value=filter.region.map_or("", Region::word)
                prompt="Any"
            />
            <Select
                of=search.at("language")
                label="Language"
                options=languages
                value=filter.language.map_or("", Language::word)
                prompt="Any"
            />
            <Button weight=Weight::Quiet>"Search"</Button>
        }
    })
}

fn chips(filter: &GridFilter) -> impl IntoView + use<> {
    let chip = |what: &str, name: &str, value: &str| Chip {
        what: what.to_owned(),
        value: value.to_owned(),
        without: address(filter, name, 1),
    };
    let mut chips = Vec::new();
    if !filter.text.is_empty() {
        chips.push(chip("Search", "q", &filter.text));
    }
    if let Some(one) = filter.platform {
        chips.push(chip("Platform", "platform", one.label()));
    }
    if let Some(one) = filter.region {
        chips.push(chip("Region", "region", one.label()));
    }
    if let Some(one) = filter.language {
        chips.push(chip("Language", "language", one.label()));
    }
    view! { <FilterChips chips=chips clear="/gallery" /> }
}

fn list(found: &Grid, filter: &GridFilter) -> AnyView {
    if found.entries.is_empty() {
        let (title, text) = if *filter
            == (GridFilter {
                page: filter.page,
                ..GridFilter::default()
            }) {
            (
                "The gallery is empty",
                "Apps of partners appear here once their entries are published.",
            )
        } else {
            ("No app fits", "Try fewer words, or take a filter away.")
        };
        return view! { <EmptyState title=title text=text /> }.into_any();
    }
    let cards = found.entries.iter().map(card).collect_view();
    view! { <ul class="plain gallery-grid">{cards}</ul> }.into_any()
}

fn card(entry: &GridEntry) -> impl IntoView + use<> {
    let href = format!("/gallery/{}", entry.slug);
    let platforms: Vec<&str> = entry.platforms.iter().map(|one| one.label()).collect();
    view! {
        <li class="gallery-card">
            {logo(entry.logo.as_ref(), &entry.name)}
            <div class="words">
                <h2 dir="auto">
                    <a href=href>{entry.name.clone()}</a>
                </h2>
                <p class="soft" dir="auto">{entry.organisation.clone()}</p>
                <p dir="auto">{entry.tagline.clone()}</p>
                <p class="soft">{platforms.join(", ")}</p>
            </div>
        </li>
    }
}

fn pages(found: &Grid, filter: &GridFilter) -> impl IntoView + use<> {
    let first = (found.page - 1) * PAGE + 1;
    let last = (found.page * PAGE).min(found.total);
    let previous = (found.page > 1).then(|| address(filter, "", found.page - 1));
    let next = (last < found.total).then(|| address(filter, "", found.page + 1));
    view! {
        <Pagination
            first=first
            last=last
            total=found.total
            noun="apps"
            previous=previous
            next=next
        />
    }
}
