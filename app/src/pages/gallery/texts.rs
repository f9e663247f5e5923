//! `/apps/{id}/gallery/texts`: the texts of an entry.

use super::crumbs;
use crate::{
    components::{Button, Checkboxes, Lie, Line, Need, Opt, PageHead, TextArea, TextField},
    web::{Page, page},
};
use casework::{
    gallery::{commands::SaveEntryInput as I, queries::my_entry},
    input::Value,
};
use leptos::prelude::*;
use workflow::{
    AppId,
    gallery::{ActionKind, Language, Platform, Region, Store},
};

/// `/apps/{id}/gallery/texts`.
#[component]
pub fn EntryTextsPage() -> impl IntoView {
    page(|visit| async move {
        let app: AppId = visit.at("id")?;
        let entry = my_entry(&visit.desk, visit.caller()?, app).await?;
        // A form that came back is shown whatever happened meanwhile.
        if !entry.may(ActionKind::Edit) && visit.kept.is_none() {
            return Ok(Page::elsewhere(format!("/apps/{app}/gallery")));
        }
        let listing = entry.listing.clone();
        let link = |store: Store| listing.links.get(&store).cloned().unwrap_or_default();
        let (apple, google, other) = (link(Store::Apple), link(Store::Google), link(Store::Other));
        let form = visit
            .form::<I>()
            .hidden(I::app(), &app)
            .hidden(I::version(), &entry.version)
            .show(|form| {
                view! {
                    <TextField
                        of=form.at(I::name())
                        value=listing.name
                        hint="As people know it; up to 200 characters."
                    />
                    <TextField
                        of=form.at(I::tagline())
                        value=listing.tagline
                        hint="What it does, in one sentence of 10 to 140 characters."
                    />
                    <TextArea
                        of=form.at(I::description())
                        value=listing.description
                        hint="50 to 4,000 characters. Promise nothing that a doctor would have to promise."
                        rows=10
                    />
                    <Checkboxes
                        of=form.at(I::platforms())
                        options=options(Platform::ALL.iter().map(|one| (one.word(), one.label())))
                        value=listing.platforms.write()
                        lie=Lie::Across
                    />
                    <Checkboxes
                        of=form.at(I::regions())
                        options=options(Region::ALL.iter().map(|one| (one.word(), one.label())))
                        value=listing.regions.write()
                        hint="Where people can get it."
                        lie=Lie::Across
                    />
                    <Checkboxes
                        of=form.at(I::languages())
                        options=options(Language::ALL.iter().map(|one| (one.word(), one.label())))
                        value=listing.languages.write()
                        lie=Lie::Across
                    />
                    <TextArea
                        of=form.at(I::accessibility())
                        value=listing.accessibility
                        hint="For whom it works and how: screen readers, large text, contrast, one hand. Say also what does not work yet."
                    />
                    <TextField
                        of=form.at(I::apple())
                        line=Line::Url
                        value=apple
                        hint="Begins with https://apps.apple.com/."
                        need=Need::Optional
                    />
                    <TextField
                        of=form.at(I::google())
                        line=Line::Url
                        value=google
                        hint="Begins with https://play.google.com/."
                        need=Need::Optional
                    />
                    <TextField
                        of=form.at(I::other())
                        line=Line::Url
                        value=other
                        hint="Another store, or your own site. At least one of the three is needed."
                        need=Need::Optional
                    />
                    <Button>"Save"</Button>
                }
            });
        Ok(Page::developer(
            "Texts of the gallery entry",
            view! {
                <PageHead
                    title="Texts"
                    lead="You can save while something is missing. Nobody sees it until you send it in and we publish it."
                    crumbs=crumbs(app, &entry.app_name, true)
                />
                {form}
            },
        ))
    })
}

fn options(all: impl Iterator<Item = (&'static str, &'static str)>) -> Vec<Opt> {
    let mut options: Vec<Opt> = all.map(|(word, label)| Opt::new(word, label)).collect();
    options.sort_by_key(|one| one.label.to_lowercase());
    options
}
