//! Two revisions of a submission side by side, for staff and for who handed them in.

use crate::{
    components::{
        Button, ButtonLink, Comparison, Fact, Facts, Hash, Opt, PageHead, Select, SideBySide, Time,
        Weight, filters, size_text,
    },
    web::{Page, Visit, page},
};
use casework::{
    queries::{Compared, Difference, FileRow, Revision, compare, compare_own},
    store::FrozenFile,
};
use leptos::prelude::*;
use workflow::CaseNumber;

/// `/cases/UD-1042/compare?from=1&to=3`.
#[component]
pub fn CompareCasePage() -> impl IntoView {
    page(|visit| async move {
        let (number, between) = asked(&visit)?;
        let compared = compare(&visit.desk, visit.caller()?, number, between).await?;
        Ok(body(&compared, &format!("/cases/{number}")))
    })
}

/// `/applications/UD-1042/compare?from=1&to=3`.
#[component]
pub fn CompareOwnPage() -> impl IntoView {
    page(|visit| async move {
        let (number, between) = asked(&visit)?;
        let compared = compare_own(&visit.desk, visit.caller()?, number, between).await?;
        Ok(body(&compared, &format!("/applications/{number}")))
    })
}

/// Two revisions; the newest two where nothing is said.
type Between = (Option<u32>, Option<u32>);

/// Which case, and between which revisions.
fn asked(visit: &Visit) -> casework::Result<(CaseNumber, Between)> {
    let number = |name| visit.query(name).and_then(|text| text.parse().ok());
    Ok((visit.at("number")?, (number("from"), number("to"))))
}

fn body(compared: &Compared, home: &str) -> Page {
    let crumbs = vec![(compared.number.to_string(), home.to_owned())];
    let (from, to) = (&compared.from, &compared.to);
    let title = match compared.revisions.len() {
        1 => format!("Revision 1 of {}", compared.number),
        _ => format!(
            "Revisions {} and {} of {}",
            from.number, to.number, compared.number
        ),
    };
    let lead = compared.app.clone();
    let heads = Heads::of(compared);
    let differences = compared
        .differences
        .iter()
        .map(|one| {
            let (id, label) = (format!("changed-{}", one.place), one.label.clone());
            let same_id = id.clone();
            view! {
                <section class="stack tight" aria-labelledby=id>
                    <h2 id=same_id>{label}</h2>
                    {difference(one, &heads, Rows::All)}
                </section>
            }
        })
        .collect_view();
    let found = match (compared.revisions.len(), compared.differences.len()) {
        (1, _) => "There is one revision; nothing was changed since it was handed in.".to_owned(),
        (_, 0) => "Both revisions are alike.".to_owned(),
        (_, 1) => "One thing is different.".to_owned(),
        (_, number) => format!("{number} things are different."),
    };
    let alike = (!compared.alike.is_empty() && compared.revisions.len() > 1).then(|| {
        let alike = compared.alike.join(", ");
        view! { <p class="quiet-text">"The same in both: " {alike} "."</p> }
    });
    let choice = choice(compared, home);
    let (from, to) = (fact(from), (from != to).then(|| fact(to)));
    let content = view! {
        <PageHead title=title.clone() lead=lead crumbs=crumbs />
        {choice}
        <Facts>{from} {to}</Facts>
        <p>{found}</p>
        {differences}
        {alike}
    };
    Page::new(title, content)
}

fn fact(revision: &Revision) -> impl IntoView + use<> {
    let (name, by) = (format!("Revision {}", revision.number), revision.by.clone());
    let (at, sha256) = (revision.at, revision.sha256.clone());
    view! {
        <Fact name=name>
            "Handed in by " <bdi>{by}</bdi> ", " <Time at=at /> ", SHA-256 " <Hash text=sha256 />
        </Fact>
    }
}

/// Which two are compared, and the steps from one revision to the next.
fn choice(compared: &Compared, home: &str) -> Option<AnyView> {
    if compared.revisions.len() < 2 {
        return None;
    }
    let numbers = compared.revisions.iter().map(|revision| revision.number);
    let options: Vec<Opt> = numbers
        .map(|number| Opt::new(number.to_string(), format!("Revision {number}")))
        .collect();
    let (from, to) = (compared.from.number, compared.to.number);
    let newest = compared
        .revisions
        .first()
        .map_or(to, |newest| newest.number);
    let path = format!("{home}/compare");
    let step = |from: u32, to: u32, words: &'static str| {
        let href = format!("{path}?from={from}&to={to}");
        view! { <ButtonLink href=href weight=Weight::Link>{words}</ButtonLink> }
    };
    let earlier = (from > 1).then(|| step(from - 1, from, "The change before"));
    let later = (to < newest).then(|| step(to, to + 1, "The change after"));
    Some(filters(path.clone(), |search| {
        view! {
            <Select
                of=search.at("from")
                label="Before"
                options=options.clone()
                value=from.to_string()
            />
            <Select of=search.at("to") label="After" options=options value=to.to_string() />
            <Button weight=Weight::Quiet>"Compare"</Button>
            {earlier}
            {later}
        }
    }))
}

/// What the two columns are called.
pub struct Heads {
    pub before: String,
    pub after: String,
}

impl Heads {
    fn of(compared: &Compared) -> Self {
        Self {
            before: format!("Revision {}", compared.from.number),
            after: format!("Revision {}", compared.to.number),
        }
    }
}

/// Which rows of a text are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    All,
    /// Those that differ.
    Changed,
}

/// What is different at one place: the texts word by word, the files by their content.
pub fn difference(one: &Difference, heads: &Heads, rows: Rows) -> impl IntoView + use<> {
    let shown = one
        .text
        .iter()
        .filter(|row| rows == Rows::All || !row.same)
        .cloned()
        .collect::<Vec<_>>();
    let text = if one.text.is_empty() {
        None
    } else if one.text.iter().all(|row| row.same) {
        Some(view! { <p class="soft">"The words are the same; the spacing is not."</p> }.into_any())
    } else {
        let caption = format!("{}: what differs is marked", one.label);
        let label = format!("{} side by side", one.label);
        let (before, after) = (heads.before.clone(), heads.after.clone());
        let (before, after) = (view! { {before} }.into_any(), view! { {after} }.into_any());
        Some(
            view! { <Comparison caption=caption label=label before=before after=after rows=shown /> }
                .into_any(),
        )
    };
    let files = (!one.files.is_empty()).then(|| files(&one.label, &one.files, heads));
    view! {
        {text}
        {files}
    }
}

fn files(label: &str, rows: &[FileRow], heads: &Heads) -> impl IntoView + use<> {
    let (before, after) = (heads.before.clone(), heads.after.clone());
    let (caption, region) = (
        format!("Files of {label}"),
        format!("Files of {label} side by side"),
    );
    let rows = rows
        .iter()
        .map(|row| {
            let same = |row: &FileRow| {
                let hash = |file: &Option<FrozenFile>| file.as_ref().map(|file| file.sha256.clone());
                hash(&row.before) == hash(&row.after)
            };
            let (class, word) = match (&row.before, &row.after) {
                _ if same(row) => ("same", "The same file"),
                (Some(_), Some(_)) => ("differs", "Another file of this name"),
                (None, _) => ("differs", "New"),
                (_, None) => ("differs", "No longer there"),
            };
            view! {
                <tr class=class>
                    <td data-label="Before">{file(row.before.as_ref())}</td>
                    <td data-label="After">{file(row.after.as_ref())} <p class="soft">{word}</p></td>
                </tr>
            }
        })
        .collect_view();
    let (before, after) = (view! { {before} }.into_any(), view! { {after} }.into_any());
    view! {
        <SideBySide caption=caption label=region before=before after=after>
            {rows}
        </SideBySide>
    }
}

fn file(file: Option<&FrozenFile>) -> Option<impl IntoView + use<>> {
    let file = file?;
    let (href, name) = (format!("/files/{}", file.id), file.name.clone());
    let size = size_text(u64::try_from(file.size).unwrap_or_default());
    let sha256 = file.sha256.clone();
    Some(view! {
        <p>
            <a href=href>{name}</a> " " <span class="soft">{size}</span>
        </p>
        <p class="soft">"SHA-256 " <Hash text=sha256 /></p>
    })
}
