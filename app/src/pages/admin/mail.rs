//! `/admin/mail`: the outbox, and letters that were given up.

use crate::{
    components::{
        Button, Column, DataTable, EmptyState, PageHead, Time, ViewTab, ViewTabs, Weight,
    },
    web::{Page, Visit, page},
};
use casework::{
    commands::RetryMailInput,
    mail::MailState,
    queries::admin_mail::{LetterRow, Outbox, admin_mail},
};
use leptos::prelude::*;

/// The letters in one state.
#[component]
pub fn AdminMailPage() -> impl IntoView {
    page(|visit| async move {
        let state = visit
            .query("state")
            .and_then(MailState::from_word)
            .unwrap_or(MailState::Dead);
        let outbox = admin_mail(&visit.desk, visit.caller()?, state).await?;
        Ok(Page::new("Mail", screen(outbox, &visit)))
    })
}

fn screen(outbox: Outbox, visit: &Visit) -> impl IntoView + use<> {
    let state = outbox.state;
    let tabs = outbox
        .counts
        .iter()
        .map(|(of, count)| ViewTab {
            label: of.label().to_owned(),
            href: format!("/admin/mail?state={}", of.word()),
            count: Some((*count).into()),
            current: *of == state,
            urgent: *of == MailState::Dead,
        })
        .collect();
    let list = if outbox.rows.is_empty() {
        let (title, text) = match state {
            MailState::Dead => (
                "No letter was given up",
                "A letter that a mail server refuses for good, or that could not be sent for two days, is listed here to be tried again.",
            ),
            MailState::Waiting => (
                "Nothing waits",
                "Letters are sent as soon as the change that caused them is saved; those to be tried again wait here.",
            ),
            MailState::Gathered => (
                "Nothing is kept for a digest",
                "What people want to be told once a day waits here until their next digest.",
            ),
            MailState::Held => (
                "Nothing is held",
                "A letter to somebody whose account is disabled waits here: it goes out if the account is enabled in time, and is closed as not sent otherwise.",
            ),
            MailState::Digested => (
                "Nothing was told in a digest yet",
                "Each letter is listed here that its reader was told of in one letter a day.",
            ),
            MailState::Sending => ("Nothing is being sent", "Letters pass here within seconds."),
            MailState::Sent => (
                "Nothing was sent yet",
                "Each letter is listed here once a mail server has taken it.",
            ),
            MailState::Dropped => (
                "Every letter was still needed",
                "A letter whose reader or matter had changed before it could be sent is not sent; it is listed here with the reason.",
            ),
        };
        view! { <EmptyState title=title text=text /> }.into_any()
    } else {
        let last = match state {
            MailState::Sent => "Sent",
            MailState::Dead | MailState::Dropped => "",
            MailState::Waiting | MailState::Sending => "Next attempt",
            MailState::Gathered => "Digest",
            MailState::Held => "Until",
            MailState::Digested => "Told",
        };
        let columns = vec![
            Column::new("To"),
            Column::new("Subject"),
            Column::new("Written").tight(),
            Column::new("Attempts").figures(),
            Column::new(trouble(state)),
            Column::new(last).tight(),
        ];
        let rows = outbox
            .rows
            .into_iter()
            .map(|letter| row(letter, state, visit))
            .collect_view();
        view! {
            <DataTable caption=format!("Letters: {}", state.label()) columns=columns>
                {rows}
            </DataTable>
        }
        .into_any()
    };
    view! {
        <PageHead title="Mail" lead="What the desk sends. The texts are their readers' own and are not shown here." />
        <ViewTabs label="Letters by state" tabs=tabs />
        {list}
    }
}

/// What is said of a letter that was not sent.
const fn trouble(state: MailState) -> &'static str {
    match state {
        MailState::Dropped | MailState::Held => "Why",
        _ => "Last error",
    }
}

fn row(letter: LetterRow, state: MailState, visit: &Visit) -> impl IntoView + use<> {
    let last = match state {
        MailState::Dead => {
            let form = visit
                .form::<RetryMailInput>()
                .id(format!("retry-{}", letter.id))
                .inline()
                .label(format!("Send again: {}", letter.subject))
                .hidden(RetryMailInput::letter(), &letter.id)
                .show(|_| view! { <Button weight=Weight::Quiet>"Send again"</Button> });
            view! { <td>{form}</td> }.into_any()
        }
        MailState::Sent => view! {
            <td data-label="Sent">{letter.sent_at.map(|at| view! { <Time at=at /> })}</td>
        }
        .into_any(),
        MailState::Digested => view! {
            <td data-label="Told">{letter.sent_at.map(|at| view! { <Time at=at /> })}</td>
        }
        .into_any(),
        MailState::Gathered => view! {
            <td data-label="Digest"><Time at=letter.not_before /></td>
        }
        .into_any(),
        MailState::Held => view! {
            <td data-label="Until"><Time at=letter.not_before /></td>
        }
        .into_any(),
        MailState::Dropped => view! { <td></td> }.into_any(),
        MailState::Waiting | MailState::Sending => view! {
            <td data-label="Next attempt"><Time at=letter.not_before /></td>
        }
        .into_any(),
    };
    view! {
        <tr>
            <th scope="row">
                {letter.to_name}
                <span class="under">{letter.to_address}</span>
            </th>
            <td data-label="Subject">
                {letter.subject}
                <span class="under">{letter.kind.replace('_', " ")}</span>
            </td>
            <td data-label="Written"><Time at=letter.created_at /></td>
            <td data-label="Attempts" class="end">{letter.attempts}</td>
            <td data-label=trouble(state)>{letter.last_error}</td>
            {last}
        </tr>
    }
}
