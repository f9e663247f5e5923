//! `/admin/guides`: the texts of the open pages, and their next versions.

use crate::{
    components::{
        Button, Buttons, Card, Code, Column, Comparison, DataTable, Day, Fact, Facts, Hash, Notice,
        PageHead, TextArea, Tone, Weight,
    },
    web::{Page, Visit, page},
};
use casework::{
    Error, Result,
    commands::{PublishGuideInput, RestoreGuideInput},
    guides::Guide,
    queries::{
        GuideVersion, GuideVersionView, GuideVersions, admin_guide, admin_guide_version,
        admin_guides, guide_differences, guide_preview,
    },
};
use leptos::prelude::*;
use workflow::compare::Row;

/// `/admin/guides`.
#[component]
pub fn AdminGuidesPage() -> impl IntoView {
    page(|visit| async move {
        let guides = admin_guides(&visit.desk, visit.caller()?).await?;
        let columns = vec![
            Column::new("Page"),
            Column::new("Address"),
            Column::new("Text"),
            Column::new("Published").tight(),
        ];
        let rows = guides.into_iter().map(line).collect_view();
        Ok(Page::new(
            "Open pages",
            view! {
                <PageHead
                    title="Open pages"
                    lead="What anybody reads without signing in. A version that you publish stands in place of the text that the desk brings along."
                />
                <DataTable caption="Open pages" columns=columns>
                    {rows}
                </DataTable>
            },
        ))
    })
}

fn line(guide: GuideVersions) -> impl IntoView {
    let (path, newest) = (guide.guide.path(), guide.versions.first());
    let text = newest.map_or_else(String::new, name_of);
    let changed = guide
        .built_in_changed
        .then(|| view! { <span class="under">"The built-in text has changed since"</span> });
    let at = newest.and_then(|version| version.published_at);
    view! {
        <tr class="leads">
            <th scope="row">
                <a class="lead" href=admin_path(guide.guide)>{guide.title}</a>
            </th>
            <td data-label="Address"><a href=path>{path}</a></td>
            <td data-label="Text">{text}{changed}</td>
            <td data-label="Published">{at.map(|at| view! { <Day at=at /> })}</td>
        </tr>
    }
}

fn admin_path(guide: Guide) -> String {
    format!("/admin/guides/{}", guide.word())
}

fn version_path(guide: Guide, version: u32) -> String {
    format!("/admin/guides/{}/{version}", guide.word())
}

fn name_of(version: &GuideVersion) -> String {
    match version.number {
        0 => "Built-in text".to_owned(),
        number => format!("Version {number}"),
    }
}

fn guide_at(visit: &Visit) -> Result<Guide> {
    let word: String = visit.at("guide")?;
    Guide::from_word(&word).ok_or(Error::NotFound)
}

/// `/admin/guides/{guide}`.
#[component]
pub fn AdminGuidePage() -> impl IntoView {
    page(|visit| async move {
        let guide = guide_at(&visit)?;
        let found = admin_guide(&visit.desk, visit.caller()?, guide).await?;
        let newest = found.versions.first().map_or(0, |version| version.number);
        let form = visit.form::<PublishGuideInput>();
        let preview = match form.typed(&PublishGuideInput::body()) {
            Some(typed) if found.may_publish => {
                Some(preview(&visit, &found.body, &typed).await?.into_any())
            }
            _ => None,
        };
        let edit = found.may_publish.then(|| {
            let body = found.body.clone();
            let form = form
                .hidden(PublishGuideInput::guide(), &guide.word().to_owned())
                .hidden(PublishGuideInput::seen(), &newest)
                .show(|form| {
                    let publish = form.says(&PublishGuideInput::publish(), "yes");
                    view! {
                        <TextArea
                            of=form.at(PublishGuideInput::body())
                            value=body
                            rows=24
                            hint="Markdown: the title as a heading, then one paragraph as the summary. {places}, {time:limited} and {time:full} stand for what is so at the moment."
                        />
                        <Buttons>
                            <Button weight=Weight::Quiet>"Show preview"</Button>
                            <Button says=publish>{format!("Publish version {}", newest + 1)}</Button>
                        </Buttons>
                    }
                });
            view! { <Card title="Edit" id="edit">{form}</Card> }
        });
        let changed = found.built_in_changed.then(|| {
            view! {
                <Notice tone=Tone::Attention>
                    <p>
                        "The text that the desk brings along has changed since this version was published. "
                        <a href=version_path(guide, 0)>"Compare the two"</a>
                    </p>
                </Notice>
            }
        });
        let title = found.title.clone();
        let versions = versions(&found);
        Ok(Page::new(
            title.clone(),
            view! {
                <PageHead
                    title=title
                    lead=guide.path()
                    crumbs=vec![("Open pages".to_owned(), "/admin/guides".to_owned())]
                />
                {changed}
                {preview}
                {edit}
                {versions}
            },
        ))
    })
}

/// How a text that was sent would look, and what it changes.
async fn preview(visit: &Visit, before: &str, typed: &str) -> Result<impl IntoView + use<>> {
    let text = guide_preview(&visit.desk, typed).await?;
    let rows = guide_differences(before, typed);
    Ok(view! {
        <Card title="Preview" id="preview">
            <div class="sheet">
                <p class="sheet-title">{text.title}</p>
                <p class="soft">{text.summary}</p>
                <div class="guide" inner_html=text.html></div>
            </div>
        </Card>
        <Card title="Differences" id="differences">
            {differences(rows, "As it stands", "As it would be")}
        </Card>
    })
}

fn differences(rows: Vec<Row>, before: &'static str, after: &'static str) -> impl IntoView + use<> {
    if rows.iter().all(|row| row.same) {
        return view! { <p>"The texts are the same."</p> }.into_any();
    }
    view! {
        <Comparison
            caption="Both texts, line beside line; what differs is marked"
            before=before.into_any()
            after=after.into_any()
            rows=rows
        />
    }
    .into_any()
}

fn versions(found: &GuideVersions) -> impl IntoView + use<> {
    let guide = found.guide;
    let columns = vec![
        Column::new("Version"),
        Column::new("Published").tight(),
        Column::new("By"),
        Column::new("SHA-256"),
    ];
    let newest = found.versions.first().map(|version| version.number);
    let rows = found
        .versions
        .iter()
        .map(|version| {
            let now = (Some(version.number) == newest).then_some(" (stands there now)");
            let hash: String = version.sha256.chars().take(16).collect();
            let at = version.published_at;
            let by = version.published_by.clone();
            let href = version_path(guide, version.number);
            view! {
                <tr class="leads">
                    <th scope="row">
                        <a class="lead" href=href>{name_of(version)}</a>
                        {now}
                    </th>
                    <td data-label="Published">{at.map(|at| view! { <Day at=at /> })}</td>
                    <td data-label="By">{by}</td>
                    <td data-label="SHA-256"><Code text=format!("{hash}…") /></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Card title="Versions" id="versions">
            <DataTable caption="Versions, the newest first" columns=columns>
                {rows}
            </DataTable>
        </Card>
    }
}

/// `/admin/guides/{guide}/{version}`.
#[component]
pub fn AdminGuideVersionPage() -> impl IntoView {
    page(|visit| async move {
        let (guide, version) = (guide_at(&visit)?, visit.at("version")?);
        let found = admin_guide_version(&visit.desk, visit.caller()?, guide, version).await?;
        let title = found.text.title.clone();
        Ok(Page::new(title, version_view(&visit, found)))
    })
}

fn version_view(visit: &Visit, found: GuideVersionView) -> impl IntoView + use<> {
    let guide = found.guide;
    let version = found.version;
    let name = name_of(&version);
    let restore = (found.may_publish && version.number != found.newest).then(|| {
        visit
            .form::<RestoreGuideInput>()
            .hidden(RestoreGuideInput::guide(), &guide.word().to_owned())
            .hidden(RestoreGuideInput::version(), &version.number)
            .hidden(RestoreGuideInput::seen(), &found.newest)
            .show(|_| {
                view! {
                    <p>"Its text is published again as the next version."</p>
                    <Button weight=Weight::Quiet>{format!("Publish version {}", found.newest + 1)}</Button>
                }
            })
    });
    let restore = restore.map(|form| view! { <Card title="Restore" id="restore">{form}</Card> });
    let differences = found.differences.map(|rows| {
        view! {
            <Card title="Differences" id="differences">
                {differences(rows, "As it stands", "This version")}
            </Card>
        }
    });
    let at = version
        .published_at
        .map(|at| view! { <Fact name="Published"><Day at=at /></Fact> });
    view! {
        <PageHead
            title=found.text.title
            lead=name
            crumbs=vec![
                ("Open pages".to_owned(), "/admin/guides".to_owned()),
                (guide.path().to_owned(), admin_path(guide)),
            ]
        />
        <Facts>
            {at}
            <Fact name="By">{version.published_by}</Fact>
            <Fact name="SHA-256"><Hash text=version.sha256 /></Fact>
        </Facts>
        {differences}
        {restore}
        <Card title="Text" id="text">
            <div class="sheet">
                <p class="soft">{found.text.summary}</p>
                <div class="guide" inner_html=found.text.html></div>
            </div>
        </Card>
    }
}
