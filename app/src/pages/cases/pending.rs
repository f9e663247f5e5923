//! Reviews that wait to be published: one's own, and those that somebody is to take over.

use crate::{
    components::{Column, DataTable, Day, EmptyState, PageHead},
    steps::cases::review::review_path,
    web::{Page, page},
};
use casework::queries::{WaitingReview, counted, waiting_reviews};
use leptos::prelude::*;

/// `/reviews`.
#[component]
pub fn PendingReviewsPage() -> impl IntoView {
    page(|visit| async move {
        let caller = visit.caller()?;
        let waiting = waiting_reviews(&visit.desk, caller).await?;
        let list = match waiting.is_empty() {
            true => view! {
                <EmptyState
                    title="No review waits"
                    text="What you gather on a case stands here until you publish or discard it; so does what a colleague cannot publish any more."
                />
            }
            .into_any(),
            false => table(&waiting).into_any(),
        };
        Ok(Page::new(
            "Pending reviews",
            view! {
                <PageHead
                    title="Pending reviews"
                    crumbs=vec![("Queue".to_owned(), "/queue".to_owned())]
                />
                {list}
            },
        ))
    })
}

fn table(waiting: &[WaitingReview]) -> impl IntoView + use<> {
    let columns = vec![
        Column::new("Case").tight(),
        Column::new("What is in it"),
        Column::new("Whose"),
        Column::new("Begun").tight(),
    ];
    let rows = waiting
        .iter()
        .map(|one| {
            let (case, app) = (one.case.to_string(), one.app.clone());
            let whose = match one.pending.is_own {
                true => "Yours".to_owned(),
                false => one.who.clone(),
            };
            let left = one.pending.left.map(|left| format!("; {}", left.words()));
            view! {
                <tr class="leads">
                    <th scope="row">
                        <a class="lead" href=review_path(one.case)>{case} " " {app}</a>
                    </th>
                    <td data-label="What is in it">{counted(&one.pending.entries)}</td>
                    <td data-label="Whose"><bdi>{whose}</bdi> {left}</td>
                    <td data-label="Begun"><Day at=one.pending.begun_at /></td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption="Pending reviews" columns=columns>{rows}</DataTable> }
}
