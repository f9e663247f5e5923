//! An application as its developer sees it: status, form, answers, corrections, agreement.

mod agreement;
mod answer;
mod appeal;
mod check;
mod corrections;
mod field;
mod form;
mod self_check;
mod sent;
mod status;
pub mod stops;
mod stuck;
mod uploads;
mod withdraw;

pub use agreement::AgreementPage;
pub use answer::AnswerPage;
pub use appeal::{AppealPage, granted_alone};
pub use check::CheckPage;
pub use corrections::CorrectionsPage;
pub use form::{FormFilesPage, FormPage, FormStartPage};
pub use self_check::SelfCheckPage;
pub use status::ApplicationPage;
pub use withdraw::WithdrawPage;

use crate::components::{Hue, day_text, state_sentence};
use casework::queries::{AppealView, AskedOfDeveloper};
use workflow::{
    ActionKind, CaseNumber, State, StateKind, Timestamp, case::GrantStatus, state::AccessLevel,
};

/// The pages above a page of an application.
fn crumbs(number: CaseNumber, app: workflow::AppId, app_name: &str) -> Vec<(String, String)> {
    vec![
        ("My apps".to_owned(), "/apps".to_owned()),
        (app_name.to_owned(), format!("/apps/{app}")),
        (number.to_string(), format!("/applications/{number}")),
    ]
}

/// `Limited Access for GlucoPal`.
fn title_of(level: AccessLevel, app_name: &str) -> String {
    format!("{} for {app_name}", level.label())
}

/// What is asked, in one line with its date.
pub fn asked_text(asked: AskedOfDeveloper, now: Timestamp) -> String {
    let many = |one: &str, more: &str| {
        if asked.count == 1 {
            one.to_owned()
        } else {
            format!("{} {more}", asked.count)
        }
    };
    let what = match asked.action {
        ActionKind::AnswerClarification => format!("Answer {}", many("one question", "questions")),
        ActionKind::Resubmit => format!("Correct {} and resubmit", many("one point", "points")),
        ActionKind::AcceptDla => "Accept the Data Licensing Agreement".to_owned(),
        ActionKind::ReportCorrection => format!("Correct {}", many("one point", "points")),
        _ => "Finish the form and submit it".to_owned(),
    };
    match (asked.due, asked.lapses) {
        (Some(due), Some(lapses)) if due < now => format!(
            "{what}: it was due by {}, and the application lapses after {}",
            day_text(due),
            day_text(lapses)
        ),
        (Some(due), _) => format!("{what}{}", by_text(due, now)),
        (None, _) => what,
    }
}

/// ` by 4 Dec 2026`, or that this day has passed.
pub fn by_text(due: Timestamp, now: Timestamp) -> String {
    let day = day_text(due);
    if due < now {
        format!(": it was due by {day}")
    } else {
        format!(" by {day}")
    }
}

/// The word for where an application stands, and its hue: what became of an approval since counts.
/// A draft that was given up was never handed in.
pub fn standing_tag(
    state: StateKind,
    grant: Option<GrantStatus>,
    submitted_at: Option<Timestamp>,
) -> (Hue, &'static str) {
    match (state, grant, submitted_at) {
        (StateKind::Withdrawn, _, None) => (Hue::Ended, "Discarded"),
        (state, grant, _) => (Hue::standing(state, grant), state.standing(grant)),
    }
}

/// Where an application stands, as a sentence: what became of an approval since counts, and whether
/// what was asked for is late.
pub fn standing_text(
    state: &State,
    level: AccessLevel,
    grant: Option<GrantStatus>,
    submitted_at: Option<Timestamp>,
    now: Timestamp,
) -> String {
    let granted = level.label();
    match (state, grant, state.developer_due()) {
        (State::Withdrawn, _, _) if submitted_at.is_none() => {
            "This draft was discarded. You can start a new application.".to_owned()
        }
        (State::Approved, Some(GrantStatus::Suspended), _) => {
            format!("{granted} was granted and is suspended at present: only the sandbox is open.")
        }
        (State::Approved, Some(GrantStatus::Revoked), _) => {
            format!("{granted} was granted and has been revoked since.")
        }
        (_, _, Some(due)) if due < now => {
            let what = match state {
                State::Corrections { .. } => "Your corrections were",
                State::Agreement { .. } => "Your acceptance of the Data Licensing Agreement was",
                _ => "Your answers were",
            };
            format!(
                "{what} due by {}. It is not too late until the application lapses.",
                day_text(due)
            )
        }
        _ => state_sentence(state, level),
    }
}

/// What a developer can do about the end of an application, in a sentence.
pub fn appeal_text(appeal: &AppealView) -> String {
    match appeal {
        AppealView::Until(until) => format!(
            "You can appeal until {}: then somebody who has not handled the application looks at it.",
            day_text(*until)
        ),
        AppealView::Over(until) => {
            format!("The time for an appeal ended on {}.", day_text(*until))
        }
        AppealView::Made(at) => format!(
            "You appealed on {}. A lead reads it, and you get a letter: the application is reopened, or you read why its end stays as it is.",
            day_text(*at)
        ),
        AppealView::Answered { at, .. } => format!(
            "You appealed. It was read, and answered on {}: the end stays as it is.",
            day_text(*at)
        ),
        AppealView::Final => "It was reopened once already, so this end of it is final.".to_owned(),
    }
}

/// Where what is asked is done.
fn asked_page(number: CaseNumber, action: ActionKind) -> String {
    let page = match action {
        ActionKind::AnswerClarification => "answer",
        ActionKind::Resubmit => "corrections",
        ActionKind::AcceptDla => "agreement",
        ActionKind::Withdraw => "withdraw",
        ActionKind::Appeal => "appeal",
        ActionKind::ReportCorrection => return format!("/applications/{number}#findings"),
        _ => "form",
    };
    format!("/applications/{number}/{page}")
}

/// The application's own page; also for steps that its state no longer has.
fn status_page(number: CaseNumber) -> String {
    format!("/applications/{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITED: AccessLevel = AccessLevel::Limited;

    #[test]
    fn an_approval_is_called_what_has_become_of_it() {
        let now = Timestamp::from_micros(0);
        let said = |grant| standing_text(&State::Approved, LIMITED, Some(grant), Some(now), now);
        assert_eq!(
            said(GrantStatus::Active),
            "Approved: Limited Access was granted."
        );
        assert!(said(GrantStatus::Suspended).contains("suspended at present"));
        assert!(said(GrantStatus::Revoked).contains("revoked since"));
        let word = |grant| standing_tag(StateKind::Approved, Some(grant), Some(now)).1;
        assert_eq!(word(GrantStatus::Active), "Approved");
        assert_eq!(word(GrantStatus::Revoked), "Revoked");
    }

    #[test]
    fn a_draft_that_was_given_up_was_discarded_and_not_withdrawn() {
        let now = Timestamp::from_micros(0);
        for (submitted_at, tag, words) in [
            (None, "Discarded", "This draft was discarded"),
            (Some(now), "Withdrawn", "This application was withdrawn"),
        ] {
            assert_eq!(
                standing_tag(StateKind::Withdrawn, None, submitted_at).1,
                tag
            );
            let said = standing_text(&State::Withdrawn, LIMITED, None, submitted_at, now);
            assert!(said.contains(words), "{said}");
        }
    }

    #[test]
    fn what_is_late_is_told_with_the_day_on_which_it_lapses() {
        let due = Timestamp::from_micros(1_796_256_000_000_000);
        let asked = AskedOfDeveloper {
            action: ActionKind::Resubmit,
            count: 2,
            due: Some(due),
            lapses: Some(due.plus(time::Duration::days(7))),
        };
        let (before, after) = (
            due.plus(-time::Duration::days(1)),
            due.plus(time::Duration::days(1)),
        );
        assert_eq!(
            asked_text(asked, before),
            "Correct 2 points and resubmit by 3 Dec 2026"
        );
        assert_eq!(
            asked_text(asked, after),
            "Correct 2 points and resubmit: it was due by 3 Dec 2026, and the application lapses after 10 Dec 2026"
        );
        assert_eq!(by_text(due, before), " by 3 Dec 2026");
        assert_eq!(by_text(due, after), ": it was due by 3 Dec 2026");
        let state = State::Corrections { due };
        assert!(
            standing_text(&state, LIMITED, None, Some(before), before).contains("by 3 Dec 2026")
        );
        assert!(
            standing_text(&state, LIMITED, None, Some(before), after).contains("due by 3 Dec 2026")
        );
    }

    #[test]
    fn each_way_of_an_appeal_has_its_sentence() {
        let at = Timestamp::from_micros(1_796_256_000_000_000);
        for (appeal, words) in [
            (AppealView::Until(at), "You can appeal until 3 Dec 2026"),
            (AppealView::Over(at), "ended on 3 Dec 2026"),
            (AppealView::Made(at), "You appealed on 3 Dec 2026"),
            (
                AppealView::Answered {
                    at,
                    text: String::new(),
                },
                "answered on 3 Dec 2026",
            ),
            (AppealView::Final, "final"),
        ] {
            assert!(appeal_text(&appeal).contains(words), "{words}");
        }
    }
}
