//! `/audit`: the whole trail, for compliance.

use crate::{
    components::{
        Button, ButtonLink, Chip, Code, Column, DataTable, EmptyState, ExportButton, FilterChips,
        Hash, Line, Need, Notice, Opt, PageHead, Select, TextField, Time, Tone, Weight, filters,
    },
    web::{Page, Visit, encode, page},
};
use casework::commands::VerifyTrailInput;
use casework::paging::Count;
use casework::queries::audit::{AuditRow, Explorer, TrailFilter, TrailPage, Verified, explorer};
use leptos::prelude::*;
use workflow::CaseNumber;

/// The explorer.
#[component]
pub fn AuditPage() -> impl IntoView {
    page(|visit| async move {
        let page = TrailPage {
            older_than: visit.query("older").and_then(|seq| seq.parse().ok()),
            counts_all: visit.query("count") == Some("all"),
        };
        let filter = filter(&visit);
        let found = explorer(&visit.desk, visit.caller()?, filter, page).await?;
        Ok(Page::new("Audit trail", screen(found, &visit)))
    })
}

fn filter(visit: &Visit) -> TrailFilter {
    let part = |name| visit.query(name).unwrap_or_default().trim().to_owned();
    TrailFilter {
        who: part("who"),
        what: part("what"),
        case: part("case"),
        from: part("from"),
        to: part("to"),
    }
}

/// The filters as a query string, but for the one named `without`.
fn query(filter: &TrailFilter, without: &str) -> String {
    let parts = [
        ("who", &filter.who),
        ("what", &filter.what),
        ("case", &filter.case),
        ("from", &filter.from),
        ("to", &filter.to),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(name, value)| *name != without && !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    parts.join("&")
}

fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

fn screen(found: Explorer, visit: &Visit) -> impl IntoView + use<> {
    let filter = &found.filter;
    let names: Vec<Opt> = found
        .event_names
        .iter()
        .map(|name| Opt::new(name, name.replace('_', " ")))
        .collect();
    let chips = [
        ("Who", "who", &filter.who),
        ("Event", "what", &filter.what),
        ("Case", "case", &filter.case),
        ("From", "from", &filter.from),
        ("To", "to", &filter.to),
    ]
    .into_iter()
    .filter(|(.., value)| !value.is_empty())
    .map(|(label, name, value)| Chip {
        what: label.to_owned(),
        value: value.replace('_', " "),
        without: with_query("/audit", &query(filter, name)),
    })
    .collect();
    let all = query(filter, "");
    let back = visit.here();
    let exports = (found.may_export && !found.count.is_none()).then(|| {
        let button = |label: &'static str, kind: &str, paper: &str| {
            let fields = vec![
                ("who", filter.who.clone()),
                ("what", filter.what.clone()),
                ("case", filter.case.clone()),
                ("from", filter.from.clone()),
                ("to", filter.to.clone()),
                ("paper", paper.to_owned()),
            ];
            view! {
                <ExportButton
                    action=format!("/audit/export.{kind}")
                    fields=fields
                    back=back.clone()
                    weight=Weight::Quiet
                >
                    {label}
                </ExportButton>
            }
        };
        view! {
            {button("Export CSV", "csv", "")}
            {button("Export PDF (A4)", "pdf", "")}
            {button("PDF (Letter)", "pdf", "letter")}
            {button("Bundle with proofs", "tar", "")}
        }
    });
    let case = filter.case.parse::<CaseNumber>().ok();
    let report = case
        .filter(|_| found.may_export && !found.count.is_none())
        .map(|case| {
            view! {
                <ExportButton action=format!("/cases/{case}/report.pdf") back=back.clone()>
                    "Case report (PDF)"
                </ExportButton>
                <ExportButton
                    action=format!("/cases/{case}/report.csv")
                    back=back.clone()
                    weight=Weight::Quiet
                >
                    "Case report (CSV)"
                </ExportButton>
                <ExportButton
                    action=format!("/cases/{case}/report.tar")
                    back=back.clone()
                    weight=Weight::Quiet
                >
                    "Evidence pack"
                </ExportButton>
            }
        });
    let problems = (!found.problems.is_empty()).then(|| {
        let texts = found
            .problems
            .iter()
            .map(|problem| view! { <p>{problem.text.clone()}</p> })
            .collect_view();
        view! { <Notice tone=Tone::Problem>{texts}</Notice> }
    });
    let older = found.older_than.map(|seq| {
        let next = if all.is_empty() {
            format!("/audit?older={seq}")
        } else {
            format!("/audit?{all}&older={seq}")
        };
        view! {
            <nav class="links" aria-label="Pages of the trail">
                <a class="button quiet" rel="next" href=next>"Older"</a>
            </nav>
        }
    });
    let what = if found.count == Count::exact(1) {
        "event"
    } else {
        "events"
    };
    let count = format!("{} {what}", found.count);
    let count_all = found.count.more.then(|| {
        let href = match all.is_empty() {
            true => "/audit?count=all".to_owned(),
            false => format!("/audit?{all}&count=all"),
        };
        view! { " " <a href=href>"Count them all"</a> }
    });
    let list = if found.rows.is_empty() {
        view! {
            <EmptyState
                title="No event fits these filters"
                text="Every change is in the trail from its first moment on; take a filter away to see more."
            >
                <ButtonLink href="/audit" weight=Weight::Quiet>"Clear all filters"</ButtonLink>
            </EmptyState>
        }
        .into_any()
    } else {
        table(found.rows).into_any()
    };
    let filter = found.filter;
    let verify = visit
        .form::<VerifyTrailInput>()
        .inline()
        .label("Verify the trail")
        .show(|_| view! { <Button weight=Weight::Quiet>"Verify the trail"</Button> });
    let search = filters("/audit", |search| {
        let any = Need::Optional;
        view! {
            <TextField of=search.at("who") label="Who" value=filter.who line=Line::Search need=any />
            <Select of=search.at("what") label="Event" options=names value=filter.what prompt="Any event" need=any />
            <TextField of=search.at("case") label="Case" value=filter.case line=Line::Search need=any />
            <TextField of=search.at("from") label="From" value=filter.from line=Line::Date need=any />
            <TextField of=search.at("to") label="To" value=filter.to line=Line::Date need=any />
            <Button weight=Weight::Quiet>"Show"</Button>
        }
    });
    view! {
        <PageHead
            title="Audit trail"
            lead="Every change, who made it, when and why, each event chained to the one before. What a developer has not handed in yet, and apps that you have had a part in, are not shown."
        >
            {verify}
        </PageHead>
        {sealed(visit)}
        {verified(found.verified)}
        {problems}
        {search}
        <FilterChips chips=chips clear="/audit" />
        <div class="row apart">
            <div>
                <strong>{count}</strong>
                {count_all}
            </div>
            <div class="buttons">{report} {exports}</div>
        </div>
        {list}
        {older}
    }
}

/// Why the desk refuses to write, where it does.
fn sealed(visit: &Visit) -> Option<impl IntoView + use<>> {
    let reasons = visit.desk.sealed_by();
    (!reasons.is_empty()).then(|| {
        let reasons = reasons
            .into_iter()
            .map(|fault| view! { <li>{fault.to_string()} "."</li> })
            .collect_view();
        view! {
            <Notice tone=Tone::Problem>
                <p>
                    <strong>"The desk refuses to write."</strong>
                    " Its audit trail is not as it was; reading goes on. What was found:"
                </p>
                <ul>{reasons}</ul>
            </Notice>
        }
    })
}

/// The one answer to whether the trail is whole: what came of the last verification, by whom, when.
fn verified(last: Option<Verified>) -> impl IntoView {
    let Some(last) = last else {
        return view! { <p id="verification">"The trail has not been verified yet."</p> }
            .into_any();
    };
    let (tone, answer) = if last.whole {
        (Tone::Done, "The trail is whole.")
    } else {
        (Tone::Problem, "The trail is broken.")
    };
    view! {
        <div id="verification">
            <Notice tone=tone>
                <p>
                    <strong>{answer}</strong>
                    " Last verified "
                    <Time at=last.at />
                    ": "
                    {last.who}
                    " "
                    {last.what}
                    "."
                </p>
            </Notice>
        </div>
    }
    .into_any()
}

fn table(rows: Vec<AuditRow>) -> impl IntoView {
    let columns = vec![
        Column::new("No.").figures(),
        Column::new("When").tight(),
        Column::new("Who"),
        Column::new("What"),
        Column::new("About"),
    ];
    view! {
        <DataTable caption="Events of the audit trail, newest first" columns=columns>
            {rows.into_iter().map(row).collect_view()}
        </DataTable>
    }
}

fn row(row: AuditRow) -> impl IntoView {
    let about = match row.case {
        Some(case) => view! { <a href=format!("/cases/{case}")>{row.about}</a> }.into_any(),
        None => row.about.into_any(),
    };
    let under =
        |text: String| (!text.is_empty()).then(|| view! { <span class="under">{text}</span> });
    let reason = if row.reason.is_empty() {
        String::new()
    } else {
        format!("Reason: {}", row.reason)
    };
    view! {
        <tr>
            <th scope="row" class="end">{row.seq}</th>
            <td data-label="When"><Time at=row.at /></td>
            <td data-label="Who">{row.who}</td>
            <td data-label="What" class="whole">
                {row.what}
                {under(row.change)}
                {under(reason)}
                <details>
                    <summary>"Record"</summary>
                    <dl class="facts stacked">
                        <dt>"Event"</dt>
                        <dd><Code text=row.name /></dd>
                        <dt>"Policy and build"</dt>
                        <dd>{format!("policy {}, build {}", row.policy_version, row.build)}</dd>
                        <dt>"SHA-256"</dt>
                        <dd><Hash text=row.hash /></dd>
                        <dt>"Body"</dt>
                        <dd><Code text=row.body /></dd>
                    </dl>
                </details>
            </td>
            <td data-label="About">{about}</td>
        </tr>
    }
}
