//! Steps of the developer on an application.

use crate::{
    pages::application::stops,
    web::{Done, Next, Step, Visit, own_page},
};
use casework::{
    Result,
    accounts::Secrets,
    commands::{
        self, AcceptDlaInput, AnswerInput, AppealInput, Attested, Corrected, EditDraftInput,
        Envelope, KeepAnswersInput, RemoveAttachmentInput, Reply, ReportCorrection, ResubmitInput,
        SelfCheckInput, Signing, SubmitInput, Typing, WithdrawInput,
    },
    input::Input,
    queries,
};
use workflow::{
    CaseNumber,
    event::{Answered, Response},
};

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::on_case(edit_draft),
        Step::on_case(remove_attachment),
        Step::on_case(submit),
        Step::on_case(keep_answers),
        Step::on_case(self_check),
        Step::on_case(answer_clarification),
        Step::on_case(resubmit),
        Step::on_case(accept_dla).signed(),
        Step::on_case(withdraw),
        Step::on_case(appeal),
        Step::on_case(report_correction),
    ]
}

/// Looks at everything that a machine can see in the draft.
async fn self_check(visit: Visit, at: Envelope, _: SelfCheckInput) -> Result<Next> {
    commands::self_check(&visit.desk, visit.caller()?, &at).await?;
    Ok(Next::to(format!("/applications/{}/self-check", at.case)))
}

fn status_of(case: CaseNumber, done: Done) -> Next {
    Next::to(format!("/applications/{case}")).saying(done)
}

/// Saves one step of the form, whatever was typed; then on to the next.
async fn edit_draft(visit: Visit, at: Envelope, input: EditDraftInput) -> Result<Next> {
    let case = at.case;
    let caller = visit.caller()?;
    let typing = Typing {
        section: input.section,
        answers: input.answers,
        seen: input.draft,
        tab: input.tab,
        order: input.order,
        drawn: input.drawn,
    };
    commands::edit_draft(&visit.desk, caller, &at, &typing).await?;
    Ok(match input.go.as_deref() {
        // An automatic saving goes nowhere.
        _ if !visit.wants_page => Next::to("/"),
        Some("check") => Next::to(format!("/applications/{case}/check")),
        Some("leave") => status_of(case, Done::DraftSaved),
        _ => {
            let draft = queries::draft_view(&visit.desk, caller, case).await?;
            Next::to(stops::after(&draft, &typing.section, stops::Part::Text))
        }
    })
}

/// Removes a file from the draft.
async fn remove_attachment(
    visit: Visit,
    at: Envelope,
    input: RemoveAttachmentInput,
) -> Result<Next> {
    commands::remove_attachment(&visit.desk, visit.caller()?, &at, input.file).await?;
    let form = format!("/applications/{}/form", at.case);
    let back = visit.referer.as_deref().and_then(own_page).unwrap_or(&form);
    Ok(Next::to(back).saying(Done::FileRemoved))
}

/// Submits the application.
async fn submit(visit: Visit, at: Envelope, input: SubmitInput) -> Result<Next> {
    let attested = Attested {
        contacts_confirmed: input.contacts_confirmed,
        accuracy_attested: input.accuracy_attested,
    };
    commands::submit(&visit.desk, visit.caller()?, &at, attested).await?;
    Ok(status_of(at.case, Done::ApplicationSubmitted))
}

/// The steps beside whose texts files are attached.
pub(super) const ATTACHING: [&str; 3] = [
    KeepAnswersInput::STEP,
    AnswerInput::STEP,
    ResubmitInput::STEP,
];

/// Keeps answers, or responses, without sending them; back to where they were written.
async fn keep_answers(visit: Visit, at: Envelope, input: KeepAnswersInput) -> Result<Next> {
    let caller = visit.caller()?;
    let (remove, attach) = (input.remove, input.attach.is_some());
    commands::keep_answers(&visit.desk, caller, &at, &input.into()).await?;
    if let Some(file) = remove {
        commands::remove_attachment(&visit.desk, caller, &at, file).await?;
    }
    let status = format!("/applications/{}", at.case);
    let back = visit.referer.as_deref().and_then(own_page);
    let next = Next::to(back.unwrap_or(&status));
    Ok(next.saying(match (remove, attach) {
        (Some(_), _) => Done::FileRemoved,
        (None, true) => Done::FileAttached,
        (None, false) => Done::AnswersKept,
    }))
}

/// Answers the open questions.
async fn answer_clarification(visit: Visit, at: Envelope, input: AnswerInput) -> Result<Next> {
    let answered = |(question, text)| Answered { question, text };
    let reply = Reply {
        answers: input.answers.into_iter().map(answered).collect(),
        amended: input.amended,
        drawn: input.drawn.unwrap_or_default(),
        tab: input.tab.unwrap_or_default(),
    };
    commands::answer_clarification(&visit.desk, visit.caller()?, &at, &reply).await?;
    Ok(status_of(at.case, Done::AnswersSent))
}

/// Resubmits after corrections.
async fn resubmit(visit: Visit, at: Envelope, input: ResubmitInput) -> Result<Next> {
    let response = |(finding, text)| Response { finding, text };
    let corrected = Corrected {
        responses: input.responses.into_iter().map(response).collect(),
        amended: input.amended,
        drawn: input.drawn.unwrap_or_default(),
        tab: input.tab.unwrap_or_default(),
    };
    commands::resubmit(&visit.desk, visit.caller()?, &at, &corrected).await?;
    Ok(status_of(at.case, Done::ApplicationResubmitted))
}

/// Accepts the Data Licensing Agreement.
async fn accept_dla(visit: Visit, at: Envelope, input: AcceptDlaInput) -> Result<Next> {
    let signing = Signing {
        version: input.agreement,
        capacity: input.capacity,
        consent: input.consent,
    };
    let given = Secrets {
        password: input.password.reveal(),
        code: input.code.reveal(),
    };
    commands::accept_dla(&visit.desk, visit.caller()?, &at, &signing, given).await?;
    Ok(status_of(at.case, Done::AgreementAccepted))
}

/// Withdraws the application.
async fn withdraw(visit: Visit, at: Envelope, input: WithdrawInput) -> Result<Next> {
    let caller = visit.caller()?;
    commands::withdraw(&visit.desk, caller, &at, &input.reason).await?;
    let ended = queries::application(&visit.desk, caller, at.case).await?;
    let words = if ended.submitted_at.is_some() {
        Done::ApplicationWithdrawn
    } else {
        Done::DraftDiscarded
    };
    Ok(status_of(at.case, words))
}

/// Says that a finding with a date is corrected.
async fn report_correction(visit: Visit, at: Envelope, input: ReportCorrection) -> Result<Next> {
    commands::report_correction(&visit.desk, visit.caller()?, &at, input).await?;
    Ok(status_of(at.case, Done::CorrectionReported))
}

/// Appeals against the end of the application.
async fn appeal(visit: Visit, at: Envelope, input: AppealInput) -> Result<Next> {
    commands::appeal(&visit.desk, visit.caller()?, &at, &input.text).await?;
    Ok(status_of(at.case, Done::Appealed))
}
