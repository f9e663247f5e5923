//! `/admin/agreements` and `/admin/checklists`: published texts in all their versions, and the form
//! that publishes the next.

use crate::{
    components::{
        Button, Card, Code, Column, DataTable, Day, DocumentView, Fact, Facts, Hash, Notice,
        PageHead, SeverityTag, TextArea, Tone,
    },
    web::{Page, Visit, page},
};
use casework::{
    Error,
    commands::{PublishAgreementInput, PublishTemplateInput},
    input::{Field, HiddenField, Input},
    queries::{
        admin_published::{
            Published, Template, TemplateView, Version, admin_agreements, admin_checklists,
            admin_template,
        },
        agreement::{Agreement, version_of},
    },
};
use leptos::prelude::*;
use workflow::{checklist::Checklist, form::Form as RequestForm};

/// Every agreement with its versions.
#[component]
pub fn AgreementsPage() -> impl IntoView {
    page(|visit| async move {
        let kinds = admin_agreements(&visit.desk, visit.caller()?).await?;
        Ok(Page::new(
            "Agreements",
            view! {
                <PageHead
                    title="Agreements"
                    lead="A published version never changes. Each acceptance names the version and is bound to the hash of its text."
                />
                {lists(kinds, "/admin/agreements")}
            },
        ))
    })
}

/// Every form and checklist with its versions.
#[component]
pub fn ChecklistsPage() -> impl IntoView {
    page(|visit| async move {
        let kinds = admin_checklists(&visit.desk, visit.caller()?).await?;
        Ok(Page::new(
            "Checklists",
            view! {
                <PageHead
                    title="Checklists"
                    lead="The request form and the checklists of each review. A case keeps the versions it began with."
                />
                {lists(kinds, "/admin/checklists")}
            },
        ))
    })
}

fn lists(kinds: Vec<Published>, base: &'static str) -> impl IntoView {
    kinds
        .into_iter()
        .map(|kind| {
            let columns = vec![
                Column::new("Version").figures(),
                Column::new("Title"),
                Column::new("Published").tight(),
                Column::new("By"),
                Column::new("SHA-256"),
            ];
            let newest = kind.versions.first().map(|version| version.number);
            let rows = kind
                .versions
                .into_iter()
                .map(|version| row(version, newest, base, &kind.kind))
                .collect_view();
            view! {
                <Card title=kind.label.clone()>
                    <DataTable caption=format!("Versions of {}", kind.label) columns=columns>
                        {rows}
                    </DataTable>
                </Card>
            }
        })
        .collect_view()
}

fn row(version: Version, newest: Option<u32>, base: &str, kind: &str) -> impl IntoView + use<> {
    let in_force = (Some(version.number) == newest).then_some(" (in force)");
    let hash: String = version.sha256.chars().take(16).collect();
    view! {
        <tr class="leads">
            <th scope="row" class="end">{version.number}</th>
            <td data-label="Title">
                <a class="lead" href=format!("{base}/{kind}/{}", version.number)>{version.title}</a>
                {in_force}
            </td>
            <td data-label="Published"><Day at=version.published_at /></td>
            <td data-label="By">{version.published_by}</td>
            <td data-label="SHA-256"><Code text=format!("{hash}…") /></td>
        </tr>
    }
}

/// One version of an agreement.
#[component]
pub fn AdminAgreementPage() -> impl IntoView {
    page(|visit| async move {
        let (kind, version): (String, u32) = (visit.at("kind")?, visit.at("version")?);
        let kinds = admin_agreements(&visit.desk, visit.caller()?).await?;
        let published = kinds
            .into_iter()
            .find(|published| published.kind == kind)
            .ok_or(Error::NotFound)?;
        let document = version_of(&visit.desk, &kind, version).await?;
        Ok(Page::new(
            document.title.clone(),
            agreement(document, &published, &visit),
        ))
    })
}

fn agreement(document: Agreement, published: &Published, visit: &Visit) -> impl IntoView + use<> {
    let newest = published
        .versions
        .first()
        .map_or(0, |version| version.number);
    let next = (published.may_publish && newest == document.version).then(|| {
        let fields = (
            PublishAgreementInput::kind(),
            PublishAgreementInput::seen(),
            PublishAgreementInput::body(),
        );
        let next = Next {
            about: "From then on new acceptances are of the new version; what was accepted before stays as it is.",
            hint: "Markdown, beginning with the title as a heading.",
            kind: document.kind.clone(),
            newest,
            body: document.body.clone(),
        };
        publish_form(visit, next, fields)
    });
    let newer = older_note(
        document.version,
        newest,
        &format!("/admin/agreements/{}/{newest}", document.kind),
    );
    view! {
        <PageHead
            title=document.title.clone()
            lead=format!("Version {}", document.version)
            crumbs=vec![("Agreements".to_owned(), "/admin/agreements".to_owned())]
        />
        {newer}
        <DocumentView label=document.title html=document.html>
            <Facts>
                <Fact name="Published"><Day at=document.published_at /></Fact>
                <Fact name="SHA-256 of the text"><Hash text=document.sha256 /></Fact>
            </Facts>
        </DocumentView>
        {next}
    }
}

/// What the form for the next version is made of.
struct Next {
    about: &'static str,
    hint: &'static str,
    kind: String,
    /// The version in force, from which the next is made.
    newest: u32,
    body: String,
}

/// The tokens of a step that publishes: kind, version seen, text.
type PublishFields<I> = (
    HiddenField<I, String>,
    HiddenField<I, u32>,
    Field<I, String>,
);

fn publish_form<I: Input>(
    visit: &Visit,
    next: Next,
    (kind, seen, body): PublishFields<I>,
) -> impl IntoView + use<I> {
    let button = format!("Publish version {}", next.newest + 1);
    let form = visit
        .form::<I>()
        .hidden(kind, &next.kind)
        .hidden(seen, &next.newest)
        .show(|form| {
            view! {
                <TextArea of=form.at(body) value=next.body rows=24 hint=next.hint />
                <Button>{button}</Button>
            }
        });
    view! {
        <Card title="Publish the next version" id="publish">
            <p>{next.about}</p>
            {form}
        </Card>
    }
}

fn older_note(version: u32, newest: u32, href: &str) -> impl IntoView + use<> {
    let href = href.to_owned();
    (version < newest).then(|| {
        view! {
            <Notice tone=Tone::Info>
                <p>
                    "This version is no longer in force. "
                    <a href=href>{format!("Version {newest}")}</a>
                    " is."
                </p>
            </Notice>
        }
    })
}

/// One version of a form or checklist.
#[component]
pub fn ChecklistPage() -> impl IntoView {
    page(|visit| async move {
        let (kind, version): (String, u32) = (visit.at("kind")?, visit.at("version")?);
        let found = admin_template(&visit.desk, visit.caller()?, &kind, version).await?;
        Ok(Page::new(found.label.clone(), template(found, &visit)))
    })
}

fn template(found: TemplateView, visit: &Visit) -> impl IntoView + use<> {
    let next = (found.may_publish && found.newest == found.version.number).then(|| {
        let fields = (
            PublishTemplateInput::kind(),
            PublishTemplateInput::seen(),
            PublishTemplateInput::body(),
        );
        let next = Next {
            about: "Cases that begin from then on use the new version; cases on their way keep theirs.",
            hint: "JSON as here, with the next number as its version. A key stays the same as long as it means the same.",
            kind: found.kind.clone(),
            newest: found.newest,
            body: found.body.clone(),
        };
        publish_form(visit, next, fields)
    });
    let newer = older_note(
        found.version.number,
        found.newest,
        &format!("/admin/checklists/{}/{}", found.kind, found.newest),
    );
    let content = match found.template {
        Template::List(list) => checklist(list).into_any(),
        Template::Form(form) => request_form(form).into_any(),
    };
    view! {
        <PageHead
            title=found.label
            lead=format!("Version {}", found.version.number)
            crumbs=vec![("Checklists".to_owned(), "/admin/checklists".to_owned())]
        />
        {newer}
        {content}
        <Card>
            <Facts>
                <Fact name="Published"><Day at=found.version.published_at /></Fact>
                <Fact name="By">{found.version.published_by}</Fact>
                <Fact name="SHA-256"><Hash text=found.version.sha256 /></Fact>
            </Facts>
        </Card>
        {next}
    }
}

/// The heading of an open page that belongs to a question or item.
fn guide_of(guide: String) -> Option<impl IntoView> {
    (!guide.is_empty()).then(|| {
        let href = guide.clone();
        view! { <span class="under"><a href=href>{guide}</a></span> }
    })
}

fn checklist(list: Checklist) -> impl IntoView {
    let columns = vec![
        Column::new("What must be so"),
        Column::new("How it is verified"),
        Column::new("Concerns"),
        Column::new("Weight").tight(),
        Column::new("Source"),
    ];
    let rows = list
        .items
        .into_iter()
        .map(|item| {
            let concerns = match item.concerns {
                None => "All that is handed in".into_any(),
                Some(keys) if keys.is_empty() => "Nothing that is handed in".into_any(),
                Some(keys) => {
                    let keys = keys.into_iter();
                    keys.map(|key| view! { <Code text=key /> " " })
                        .collect_view()
                        .into_any()
                }
            };
            view! {
                <tr>
                    <td class="whole" data-label="What must be so">
                        {item.label}
                        <span class="under"><Code text=item.key /></span>
                    </td>
                    <td data-label="How it is verified">
                        {item.verify}
                        {guide_of(item.guide)}
                    </td>
                    <td data-label="Concerns">{concerns}</td>
                    <td data-label="Weight"><SeverityTag severity=item.severity /></td>
                    <td data-label="Source">{item.source}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <DataTable caption="Items of the checklist" columns=columns>{rows}</DataTable>
    }
}

fn request_form(form: RequestForm) -> impl IntoView {
    form.sections
        .into_iter()
        .map(|section| {
            let columns = vec![
                Column::new("Question"),
                Column::new("Hint"),
                Column::new("Asked").tight(),
            ];
            let caption = format!("Questions of {}", section.title);
            let rows = section
                .fields
                .into_iter()
                .map(|field| {
                    let asked = match (field.full_only, field.optional) {
                        (true, true) => "Full, optional",
                        (true, false) => "Full",
                        (false, true) => "Optional",
                        (false, false) => "Always",
                    };
                    view! {
                        <tr>
                            <td class="whole" data-label="Question">
                                {field.label}
                                <span class="under"><Code text=field.key /></span>
                            </td>
                            <td data-label="Hint">
                                {field.hint}
                                {guide_of(field.guide)}
                            </td>
                            <td data-label="Asked">{asked}</td>
                        </tr>
                    }
                })
                .collect_view();
            view! {
                <Card title=section.title>
                    <p>{section.guidance}</p>
                    <DataTable caption=caption columns=columns>{rows}</DataTable>
                </Card>
            }
        })
        .collect_view()
}
