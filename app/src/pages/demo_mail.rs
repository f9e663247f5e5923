//! `/demo/mail`: the mail of a demo, as it would arrive.

use crate::{
    components::{
        Button, Card, Column, DataTable, EmptyState, Fact, Facts, Opt, PageHead, Select, Time,
        Weight, filters,
    },
    web::{Page, Visit, page},
};
use casework::{
    Error, Result,
    queries::{DemoMailLine, demo_inbox, demo_mail},
};
use leptos::prelude::*;
use uuid::Uuid;

/// Demo pages exist on a demo alone.
fn on_a_demo(visit: &Visit) -> Result<()> {
    if visit.mode.demo {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// The inbox of everybody, or of one address.
#[component]
pub fn DemoInboxPage() -> impl IntoView {
    page(|visit| async move {
        on_a_demo(&visit)?;
        let to = visit.query("to").filter(|to| !to.is_empty());
        let (lines, addresses) = demo_inbox(&visit.desk, to).await?;
        let mut options = vec![Opt::new("", "Everybody")];
        options.extend(
            addresses
                .into_iter()
                .map(|address| Opt::new(address.clone(), address)),
        );
        let chosen = to.unwrap_or_default().to_owned();
        let list = if lines.is_empty() {
            view! {
                <EmptyState
                    title="No mail yet"
                    text="Every mail that this demo sends appears here within a second."
                />
            }
            .into_any()
        } else {
            inbox(lines).into_any()
        };
        let search = filters("/demo/mail", |search| {
            view! {
                <Select of=search.at("to") label="To" options=options value=chosen />
                <Button weight=Weight::Quiet>"Show"</Button>
            }
        });
        Ok(Page::developer(
            "Demo mail",
            view! {
                <PageHead
                    title="Demo mail"
                    lead="A demo sends nothing: it shows each mail here as it would arrive."
                />
                {search}
                {list}
            },
        ))
    })
}

fn inbox(lines: Vec<DemoMailLine>) -> impl IntoView {
    let rows = lines
        .into_iter()
        .map(|line| {
            view! {
                <tr class="leads">
                    <td data-label="To">{line.to}</td>
                    <td data-label="Subject">
                        <a class="lead" href=format!("/demo/mail/{}", line.id)>
                            {line.subject}
                        </a>
                    </td>
                    <td data-label="Arrived">
                        <Time at=line.at />
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <DataTable
            caption="Mail, newest first"
            columns=vec![
                Column::new("To").tight(),
                Column::new("Subject"),
                Column::new("Arrived").tight(),
            ]
        >
            {rows}
        </DataTable>
    }
}

/// One mail: as a mail program shows it, as text, and as it went over the wire.
#[component]
pub fn DemoMailPage() -> impl IntoView {
    page(|visit| async move {
        on_a_demo(&visit)?;
        let id: Uuid = visit.at("id")?;
        let mail = demo_mail(&visit.desk, id).await?;
        let subject = mail.line.subject.clone();
        Ok(Page::developer(
            subject.clone(),
            view! {
                <PageHead
                    title=subject
                    crumbs=vec![("Demo mail".to_owned(), "/demo/mail".to_owned())]
                />
                <Facts>
                    <Fact name="To">{mail.line.to}</Fact>
                    <Fact name="Arrived">
                        <Time at=mail.line.at />
                    </Fact>
                </Facts>
                <iframe
                    class="mail"
                    title="The mail as it would arrive"
                    src=format!("/demo/mail/{id}/html")
                    sandbox="allow-top-navigation-by-user-activation"
                ></iframe>
                <Card title="As text">
                    <pre class="mail-text">{mail.text}</pre>
                </Card>
                <details>
                    <summary>"As it went over the wire"</summary>
                    <pre class="mail-text">{mail.raw}</pre>
                </details>
            },
        ))
    })
}
