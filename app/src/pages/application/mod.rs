//! An application as its developer sees it: status, form, answers, corrections, agreement.

mod agreement;
mod answer;
mod check;
mod corrections;
mod field;
mod form;
mod sent;
mod status;
pub mod stops;
mod withdraw;

pub use agreement::AgreementPage;
pub use answer::AnswerPage;
pub use check::CheckPage;
pub use corrections::CorrectionsPage;
pub use form::{FormFilesPage, FormPage, FormStartPage};
pub use status::ApplicationPage;
pub use withdraw::WithdrawPage;

use crate::components::day_text;
use casework::queries::AskedOfDeveloper;
use workflow::{ActionKind, CaseNumber, state::AccessLevel};

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
pub fn asked_text(asked: AskedOfDeveloper) -> String {
    let many = |one: &str, more: &str| {
        if asked.count == 1 {
            one.to_owned()
        } else {
            format!("{} {more}", asked.count)
        }
    };
    let what = match asked.action {
        ActionKind::AnswerClarification => format!("Answer {}", many("one question", "questions")),
        ActionKind::Resubmit => format!("Mend {} and resubmit", many("one point", "points")),
        ActionKind::AcceptDla => "Accept the Data Licensing Agreement".to_owned(),
        _ => "Finish the form and submit it".to_owned(),
    };
    match asked.due {
        Some(due) => format!("{what} by {}", day_text(due)),
        None => what,
    }
}

/// Where what is asked is done.
fn asked_page(number: CaseNumber, action: ActionKind) -> String {
    let page = match action {
        ActionKind::AnswerClarification => "answer",
        ActionKind::Resubmit => "corrections",
        ActionKind::AcceptDla => "agreement",
        ActionKind::Withdraw => "withdraw",
        _ => "form",
    };
    format!("/applications/{number}/{page}")
}

/// The application's own page; also for steps that its state no longer has.
fn status_page(number: CaseNumber) -> String {
    format!("/applications/{number}")
}
