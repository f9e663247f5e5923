//! `/apps/{id}/gallery/images`: the logo and the screenshots of an entry.

use super::{
    crumbs,
    shown::{logo, screenshot},
};
use crate::{
    components::{Button, Card, FileField, PageHead, TextField, Weight},
    web::{Page, Visit, page},
};
use casework::gallery::{
    commands::{AddGalleryImageInput, DescribeImagesInput, MoveScreenshotInput, RemoveImageInput},
    queries::{MyEntry, my_entry},
};
use leptos::prelude::*;
use workflow::{
    AppId,
    gallery::{ActionKind, ImageKind, MOST_SCREENSHOTS},
};

const ACCEPT: &str = "image/png,image/jpeg,image/webp";

/// `/apps/{id}/gallery/images`.
#[component]
pub fn EntryImagesPage() -> impl IntoView {
    page(|visit| async move {
        let app: AppId = visit.at("id")?;
        let entry = my_entry(&visit.desk, visit.caller()?, app).await?;
        let may = entry.may(ActionKind::Edit) && entry.version > 0;
        if !may && visit.kept.is_none() {
            return Ok(Page::elsewhere(format!("/apps/{app}/gallery")));
        }
        Ok(Page::developer(
            "Images of the gallery entry",
            view! {
                <PageHead
                    title="Images"
                    lead="PNG, JPEG or WebP, up to 10 MB each. We draw them anew: nothing that a camera or a program noted in the file is kept."
                    crumbs=crumbs(app, &entry.app_name, true)
                />
                {of_logo(&visit, &entry)}
                {of_screenshots(&visit, &entry)}
                {may.then(|| describe(&visit, &entry))}
            },
        ))
    })
}

fn upload(
    visit: &Visit,
    app: AppId,
    kind: ImageKind,
    hint: &'static str,
    label: &'static str,
) -> impl IntoView + use<> {
    let one = kind == ImageKind::Logo;
    visit
        .form::<AddGalleryImageInput>()
        .id(format!("add-{}", kind.word()))
        .images_to(format!("/files/{app}/{}", kind.word()))
        .show(|form| {
            let of = form.at(AddGalleryImageInput::files().of(&kind.word().to_owned()));
            view! {
                <FileField of=of label=kind.label() one=one hint=hint accept=ACCEPT />
                <Button weight=Weight::Quiet>{label}</Button>
            }
        })
}

fn remove(visit: &Visit, app: AppId, hash: &str, label: String) -> impl IntoView + use<> {
    visit
        .form::<RemoveImageInput>()
        .id(format!("remove-{}", &hash[..12.min(hash.len())]))
        .inline()
        .hidden(RemoveImageInput::app(), &app)
        .hidden(RemoveImageInput::image(), &hash.to_owned())
        .show(|_| view! { <Button weight=Weight::Quiet>{label}</Button> })
}

/// One place earlier or later, where there is one.
fn reorder(
    visit: &Visit,
    app: AppId,
    hash: &str,
    index: usize,
    count: usize,
) -> Option<impl IntoView + use<>> {
    if count < 2 {
        return None;
    }
    let number = index + 1;
    Some(
        visit
            .form::<MoveScreenshotInput>()
            .id(format!("move-{}", &hash[..12.min(hash.len())]))
            .inline()
            .hidden(MoveScreenshotInput::app(), &app)
            .hidden(MoveScreenshotInput::image(), &hash.to_owned())
            .show(|form| {
                let says = form.says(&MoveScreenshotInput::earlier(), "yes");
                let earlier = (index > 0).then(|| {
                    view! {
                        <Button weight=Weight::Quiet says=says>
                            {format!("Move {number} earlier")}
                        </Button>
                    }
                });
                let later = (number < count).then(|| {
                    view! {
                        <Button weight=Weight::Quiet>{format!("Move {number} later")}</Button>
                    }
                });
                view! { {earlier} {later} }
            }),
    )
}

fn of_logo(visit: &Visit, entry: &MyEntry) -> impl IntoView + use<> {
    let app = entry.app;
    let present = entry.listing.logo.as_ref().map(|image| {
        view! {
            <div class="row">
                {logo(Some(image), &entry.listing.name)}
                {remove(visit, app, &image.hash, "Remove logo".to_owned())}
            </div>
        }
    });
    let hint =
        "At least 96 by 96 pixels, best a square of 512. It takes the place of the one before.";
    let form = upload(visit, app, ImageKind::Logo, hint, "Add logo");
    view! {
        <Card title="Logo" id="logo">
            {present}
            {form}
        </Card>
    }
}

fn of_screenshots(visit: &Visit, entry: &MyEntry) -> impl IntoView + use<> {
    let (app, count) = (entry.app, entry.listing.screenshots.len());
    let items = entry
        .listing
        .screenshots
        .iter()
        .enumerate()
        .map(|(index, shot)| {
            let label = format!("Remove screenshot {}", index + 1);
            view! {
                <li>
                    {screenshot(shot)}
                    <div class="row">
                        {reorder(visit, app, &shot.image.hash, index, count)}
                        {remove(visit, app, &shot.image.hash, label)}
                    </div>
                </li>
            }
        })
        .collect_view();
    let list = (!entry.listing.screenshots.is_empty())
        .then(|| view! { <ol class="plain gallery-own">{items}</ol> });
    let has_room = entry.listing.screenshots.len() < MOST_SCREENSHOTS;
    let hint =
        "Up to eight, each at least 240 pixels wide and high. You can choose several at once.";
    let form = has_room.then(|| upload(visit, app, ImageKind::Screenshot, hint, "Add screenshots"));
    view! {
        <Card title="Screenshots" id="screenshots">
            {list}
            {form}
        </Card>
    }
}

/// One text for each screenshot.
fn describe(visit: &Visit, entry: &MyEntry) -> impl IntoView + use<> {
    let shots = entry.listing.screenshots.clone();
    (!shots.is_empty()).then(|| {
        let form = visit
            .form::<DescribeImagesInput>()
            .hidden(DescribeImagesInput::app(), &entry.app)
            .hidden(DescribeImagesInput::version(), &entry.version)
            .show(|form| {
                let fields = shots
                    .iter()
                    .enumerate()
                    .map(|(index, shot)| {
                        let of = form.at(DescribeImagesInput::alts().of(&shot.image.hash));
                        let label = format!("Screenshot {} shows", index + 1);
                        view! { <TextField of=of label=label value=shot.alt.clone() /> }
                    })
                    .collect_view();
                view! {
                    {fields}
                    <Button>"Save what they show"</Button>
                }
            });
        view! {
            <Card title="What the screenshots show" id="alts">
                <p>
                    "Read aloud to people who do not see the picture. Say what it tells, not that it is a picture."
                </p>
                {form}
            </Card>
        }
    })
}
