//! The life of a finding: what happened to it, with who and when, oldest first.

use super::{Reader, Time, day_text, some};
use casework::queries::LifeLine;
use leptos::prelude::*;
use workflow::life::Step;

/// The list; nothing where nothing is known.
#[component]
pub fn Life(lines: Vec<LifeLine>, #[prop(optional)] reader: Reader) -> impl IntoView {
    (!lines.is_empty()).then(|| {
        let lines = lines
            .into_iter()
            .map(|line| {
                let what = said(&line.what, reader);
                let (who, at) = (some(line.who), line.at);
                let text = match line.what {
                    Step::Responded { text } | Step::Reported { text } => text,
                    Step::FailedAgain { text, .. } | Step::Corrected { text } => text.to_string(),
                    Step::Waived { reason } => reason.inside().to_owned(),
                    Step::Recorded | Step::Asked { .. } | Step::Dated { .. } | Step::Reminded => {
                        String::new()
                    }
                };
                let text = some(text).map(|text| view! { <p class="as-typed">{text}</p> });
                view! {
                    <li>
                        <p class="quiet-text">
                            {what} {who.map(|who| format!(" by {who}"))} ", " <Time at=at />
                        </p>
                        {text}
                    </li>
                }
            })
            .collect_view();
        view! { <ol class="life">{lines}</ol> }
    })
}

fn said(what: &Step, reader: Reader) -> String {
    let developer = reader == Reader::Developer;
    match what {
        Step::Recorded => "Recorded".to_owned(),
        Step::Asked { due } if developer => {
            format!("You were asked to correct it by {}", day_text(*due))
        }
        Step::Asked { due } => format!("Corrections requested until {}", day_text(*due)),
        Step::Responded { .. } => "Response".to_owned(),
        Step::FailedAgain { severity, .. } => {
            let weighs = severity.map_or_else(String::new, |severity| {
                format!(" and weighed as {}", severity.label().to_lowercase())
            });
            format!("Seen as still wrong{weighs}")
        }
        Step::Corrected { .. } => "Seen as corrected".to_owned(),
        Step::Waived { .. } if developer => "Accepted as it is".to_owned(),
        Step::Waived { .. } => "Waived".to_owned(),
        Step::Dated { due } => format!("Date set: {}", day_text(*due)),
        Step::Reported { .. } => "Reported as corrected".to_owned(),
        Step::Reminded if developer => "You were reminded of the date".to_owned(),
        Step::Reminded => "Developer reminded of the date".to_owned(),
    }
}
