//! A small chart: one bar a day. What it shows is said in words beside it, for it is never the only
//! way to learn it.

use leptos::prelude::*;

/// The height of the drawing, in its own units; each bar is as wide as these.
const HEIGHT: u32 = 48;
const BAR: u32 = 8;
const GAP: u32 = 2;

/// Bars from the oldest to the newest; `limit` is a line across, where there is one.
#[component]
pub fn Bars(
    values: Vec<u32>,
    #[prop(optional_no_strip)] limit: Option<u32>,
    /// What the chart shows, in one sentence.
    #[prop(into)]
    says: String,
) -> impl IntoView {
    let top = values
        .iter()
        .copied()
        .chain(limit)
        .max()
        .unwrap_or(0)
        .max(1);
    let height = |value: u32| {
        let scaled = u64::from(value) * u64::from(HEIGHT) / u64::from(top);
        u32::try_from(scaled).unwrap_or(HEIGHT)
    };
    let width = u32::try_from(values.len()).unwrap_or(0) * (BAR + GAP);
    let bars = values
        .iter()
        .zip(0_u32..)
        .map(|(value, index)| {
            let tall = height(*value).max(u32::from(*value > 0));
            view! {
                <rect
                    class="bar"
                    x=index * (BAR + GAP)
                    y=HEIGHT - tall
                    width=BAR
                    height=tall
                ></rect>
            }
        })
        .collect_view();
    let line = limit.map(|limit| {
        let y = HEIGHT - height(limit);
        view! { <line class="limit" x1="0" x2=width y1=y y2=y></line> }
    });
    view! {
        <figure class="chart">
            <svg viewBox=format!("0 -1 {width} {}", HEIGHT + 2) aria-hidden="true" focusable="false">
                {bars}
                {line}
            </svg>
            <figcaption>{says}</figcaption>
        </figure>
    }
}
