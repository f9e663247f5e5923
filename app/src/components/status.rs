//! How states, levels, severities and clocks look: a word, a shape and a hue.

use super::{Days, Due, Icon, Pic, day_text, exact_text, machine_text};
use leptos::prelude::*;
use workflow::{
    State, StateKind, Timestamp,
    case::GrantStatus,
    checklist::{Severity, Verdict},
    clock::Spent,
    state::{AccessLevel, Missed, Side},
};

/// What a hue means, everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hue {
    /// Nobody is at it yet.
    #[default]
    Waiting,
    /// With us.
    Us,
    /// With the developer.
    Developer,
    Overdue,
    Approved,
    /// Over, without an approval.
    Ended,
}

impl Hue {
    /// The hue of where a case stands, in which what has become of its approval counts.
    pub const fn standing(state: StateKind, grant: Option<GrantStatus>) -> Self {
        match (state, grant) {
            (StateKind::Approved, Some(GrantStatus::Suspended)) => Self::Overdue,
            (StateKind::Approved, Some(GrantStatus::Revoked)) => Self::Ended,
            _ => Self::of(state),
        }
    }

    /// The hue of a state.
    pub const fn of(state: StateKind) -> Self {
        match state {
            StateKind::Draft | StateKind::Submitted => Self::Waiting,
            StateKind::Completeness | StateKind::Review | StateKind::Decision => Self::Us,
            StateKind::Clarification | StateKind::Corrections | StateKind::Agreement => {
                Self::Developer
            }
            StateKind::Approved => Self::Approved,
            StateKind::Declined | StateKind::Withdrawn | StateKind::Lapsed => Self::Ended,
        }
    }

    /// The word in the style sheet.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Us => "us",
            Self::Developer => "developer",
            Self::Overdue => "overdue",
            Self::Approved => "approved",
            Self::Ended => "ended",
        }
    }

    fn shape(self) -> AnyView {
        match self {
            Self::Waiting => {
                view! { <circle class="fill" cx="6" cy="6" r="3"></circle> }.into_any()
            }
            Self::Us => view! { <circle class="fill" cx="6" cy="6" r="5"></circle> }.into_any(),
            Self::Developer => {
                view! { <path class="fill" d="M6 0l6 6-6 6-6-6z"></path> }.into_any()
            }
            Self::Overdue => view! { <path class="fill" d="M6 .5L12 11.5H0z"></path> }.into_any(),
            Self::Approved => view! {
                <circle class="fill" cx="6" cy="6" r="6"></circle>
                <path class="mark" d="M3.2 6.2l2 2 3.6-4"></path>
            }
            .into_any(),
            Self::Ended => {
                view! { <circle class="hollow" cx="6" cy="6" r="4.5"></circle> }.into_any()
            }
        }
    }
}

/// A shape, a hue and whatever word.
#[component]
pub fn Status(hue: Hue, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <span class="state" data-tone=hue.word()>
            <svg class="shape" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
                {hue.shape()}
            </svg>
            {text}
        </span>
    }
}

/// The state of a case in the staff's word; what has become of its approval counts.
#[component]
pub fn StateTag(state: StateKind, grant: Option<GrantStatus>) -> impl IntoView {
    view! { <Status hue=Hue::standing(state, grant) text=state.standing(grant) /> }
}

/// A small word on a wash of colour.
#[component]
pub fn Tag(#[prop(optional)] hue: Hue, #[prop(into)] text: String) -> impl IntoView {
    view! { <span class="tag" data-tone=hue.word()>{text}</span> }
}

/// The level an application asks for, or an app has.
#[component]
pub fn LevelTag(
    level: AccessLevel,
    /// Without the word that all levels share, where a head says it.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    let hue = match level {
        AccessLevel::Sandbox => Hue::Ended,
        AccessLevel::Limited => Hue::Waiting,
        AccessLevel::Full => Hue::Us,
    };
    let label = level.label();
    let text = if short {
        label.strip_suffix(" Access").unwrap_or(label)
    } else {
        label
    };
    view! { <Tag hue=hue text=text /> }
}

/// How much a fault weighs.
#[component]
pub fn SeverityTag(severity: Severity) -> impl IntoView {
    let hue = match severity {
        Severity::Blocker => Hue::Overdue,
        Severity::Major => Hue::Developer,
        Severity::Minor => Hue::Waiting,
    };
    view! { <Tag hue=hue text=severity.label() /> }
}

/// What came out of a check; `Not checked` where nothing has.
#[component]
pub fn VerdictTag(#[prop(optional_no_strip, into)] verdict: Option<Verdict>) -> impl IntoView {
    let (hue, text) = match &verdict {
        None => (Hue::Ended, "Not checked"),
        Some(Verdict::Pass) => (Hue::Approved, "Pass"),
        Some(Verdict::Fail) => (Hue::Overdue, "Fail"),
        Some(Verdict::NotApplicable { .. }) => (Hue::Waiting, "N/A"),
    };
    view! { <Tag hue=hue text=text /> }
}

/// When something is due, as business days; the date on hover.
#[component]
pub fn DueTag(
    at: Timestamp,
    due: Due,
    /// In a column, whose head says which days.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    let text = if short { due.text() } else { due.whole_text() };
    let over = matches!(due, Due::Over(_));
    view! {
        <time
            class="due"
            data-due=due.urgency()
            datetime=machine_text(at)
            title=format!("Due {}", exact_text(at))
        >
            {over.then(|| view! { <Icon pic=Pic::Clock /> })}
            {text}
        </time>
    }
}

/// Both clocks of a case; the running one stands out.
#[component]
pub fn ClockPair(
    spent: Spent,
    /// Whose time runs.
    #[prop(optional_no_strip, into)]
    running: Option<Side>,
    /// Who reads: the words differ.
    #[prop(optional)]
    reader: Reader,
) -> impl IntoView {
    let class = |side| if running == Some(side) { "running" } else { "" };
    let (us, developer) = match reader {
        Reader::Staff => ("with us", "with developer"),
        Reader::Developer => ("with us", "with you"),
    };
    view! {
        <span class="clocks">
            <span>
                <span class=class(Side::Us)><Days spent=spent.us /></span>
                <span class="who">{us}</span>
            </span>
            <span>
                <span class=class(Side::Developer)><Days spent=spent.developer /></span>
                <span class="who">{developer}</span>
            </span>
        </span>
    }
}

/// Which side reads the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reader {
    #[default]
    Staff,
    Developer,
}

/// Where the application stands, as a sentence to its developer.
pub fn state_sentence(state: &State, level: AccessLevel) -> String {
    let level = level.label();
    match state {
        State::Draft => {
            "You are still writing this application. We see it once you submit it.".to_owned()
        }
        State::Submitted => "We have your application. A reviewer will take it next.".to_owned(),
        State::Completeness => "We are checking that your application is complete.".to_owned(),
        State::Review => "We are reviewing your application.".to_owned(),
        State::Clarification { due, .. } => format!(
            "We have questions for you. Please answer by {}.",
            day_text(*due)
        ),
        State::Corrections { due } => format!(
            "We found points to correct. Please correct them and resubmit by {}.",
            day_text(*due)
        ),
        State::Agreement { due } => format!(
            "Your application passed the review. Please accept the Data Licensing Agreement by {}.",
            day_text(*due)
        ),
        State::Decision => {
            "The review is done and the agreement accepted. We are making the decision.".to_owned()
        }
        State::Approved => format!("Approved: {level} was granted."),
        State::Declined { .. } => "We declined this application.".to_owned(),
        State::Withdrawn => "This application was withdrawn. You can start a new one.".to_owned(),
        State::Lapsed { at, missed } => {
            let what = match missed {
                Missed::Clarification => "our questions were not answered",
                Missed::Corrections => "the corrections did not arrive",
                Missed::Agreement => "the agreement was not accepted",
            };
            format!(
                "This application lapsed on {} because {what} in time.",
                day_text(*at)
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_developer_reads_what_is_asked_and_by_when() {
        let due = Timestamp::from_micros(1_796_256_000_000_000);
        let sentence = state_sentence(&State::Corrections { due }, AccessLevel::Full);
        assert_eq!(
            sentence,
            "We found points to correct. Please correct them and resubmit by 3 Dec 2026."
        );
    }
}
