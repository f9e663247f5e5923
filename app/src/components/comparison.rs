//! Two texts side by side.

use leptos::prelude::*;
use workflow::compare::{Piece, Row};

/// Paragraph beside paragraph. What differs is marked by more than its colour.
#[component]
pub fn Comparison(
    /// What is compared, for assistive technology.
    #[prop(into)]
    caption: String,
    /// What the region is called, where a page has several.
    #[prop(optional, into)]
    label: Option<String>,
    /// The heads of both columns.
    before: AnyView,
    after: AnyView,
    rows: Vec<Row>,
) -> impl IntoView {
    let rows = rows.iter().map(row).collect_view();
    let label = label.unwrap_or_else(|| "The texts side by side".to_owned());
    view! {
        <SideBySide caption=caption label=label before=before after=after>
            {rows}
        </SideBySide>
    }
}

/// Two columns of what is compared; `children` are rows of two cells.
#[component]
pub fn SideBySide(
    /// What is compared, for assistive technology.
    caption: String,
    /// What the region is called.
    label: String,
    /// The heads of both columns.
    before: AnyView,
    after: AnyView,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="compared" aria-label=label tabindex="0">
            <table class="comparison">
                <caption class="visually-hidden">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{before}</th>
                        <th scope="col">{after}</th>
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </section>
    }
}

fn row(row: &Row) -> impl IntoView + use<> {
    let class = if row.same { "same" } else { "differs" };
    let old = pieces(&row.old, true);
    let new = pieces(&row.new, false);
    view! {
        <tr class=class>
            <td data-label="Before">{old}</td>
            <td data-label="After">{new}</td>
        </tr>
    }
}

fn pieces(pieces: &[Piece], old: bool) -> impl IntoView + use<> {
    pieces
        .iter()
        .map(|piece| {
            let text = piece.text.clone();
            match (piece.changed, old) {
                (false, _) => view! { {text} " " }.into_any(),
                (true, true) => view! { <del>{text}</del> " " }.into_any(),
                (true, false) => view! { <ins>{text}</ins> " " }.into_any(),
            }
        })
        .collect_view()
}
