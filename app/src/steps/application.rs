//! Steps of the developer on an application.

use crate::{
    pages::application::way,
    refused::Refused,
    web::{Visit, carry_out, envelope, is_local_path, with_done},
};
use casework::{
    Result,
    commands::{self, AMEND, Attested, Corrected, Reply, Signing, Typing},
    queries,
};
use leptos::server;
use std::collections::BTreeMap;
use workflow::{
    AttachmentId, CaseNumber, FindingId, QuestionId,
    event::{Answered, Response},
    form::Answers,
};

fn case_of(visit: &Visit) -> Result<CaseNumber> {
    visit.parsed("case")
}

/// Everything that was sent, several under one name joined by `,`.
fn joined(visit: &Visit) -> Answers {
    let mut answers: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in visit.entries.iter() {
        answers
            .entry(name.clone())
            .and_modify(|known| {
                // An empty value stands before the boxes, so that none ticked is sent as well.
                if !known.is_empty() {
                    known.push(',');
                }
                known.push_str(value);
            })
            .or_insert_with(|| value.clone());
    }
    answers
}

fn amended(visit: &Visit) -> Answers {
    joined(visit)
        .into_iter()
        .filter_map(|(name, text)| Some((name.strip_prefix(AMEND)?.to_owned(), text)))
        .collect()
}

/// The replies, by the id of what they reply to.
fn replies<T: std::str::FromStr>(visit: &Visit) -> Vec<(T, String)> {
    visit
        .entries
        .iter()
        .filter_map(|(name, text)| {
            let id = name.parse().ok()?;
            Some((id, text.clone()))
        })
        .collect()
}

/// Saves one step of the form, whatever was typed; then on to the next.
#[server(prefix = "/do", endpoint = "edit_draft")]
pub async fn edit_draft() -> Result<(), Refused> {
    carry_out("edit_draft", async move |visit| {
        let case = case_of(&visit)?;
        let caller = visit.caller()?;
        let typing = Typing {
            section: visit.entry("section").to_owned(),
            answers: joined(&visit),
            seen: visit.entry("draft").parse().unwrap_or(0),
            tab: visit.entry("tab").to_owned(),
            order: visit.entry("order").parse().ok(),
        };
        commands::edit_draft(&visit.desk, caller, &envelope(&visit, case), &typing).await?;
        let draft = queries::draft_view(&visit.desk, caller, case).await?;
        let next = match visit.entry("go") {
            "check" => format!("/applications/{case}/check"),
            "leave" => format!("/applications/{case}?done=draft-saved"),
            _ => way::after(&draft, &typing.section, way::Part::Text),
        };
        Ok(next)
    })
    .await
}

/// Removes a file from the draft.
#[server(prefix = "/do", endpoint = "remove_attachment")]
pub async fn remove_attachment() -> Result<(), Refused> {
    carry_out("remove_attachment", async move |visit| {
        let case = case_of(&visit)?;
        let file: AttachmentId = visit.parsed("file")?;
        let envelope = envelope(&visit, case);
        commands::remove_attachment(&visit.desk, visit.caller()?, &envelope, file).await?;
        let form = format!("/applications/{case}/form");
        let back = match visit.entry("back") {
            back if is_local_path(back) => back,
            _ => &form,
        };
        Ok(with_done(back, "file-removed"))
    })
    .await
}

/// Submits the application.
#[server(prefix = "/do", endpoint = "submit")]
pub async fn submit() -> Result<(), Refused> {
    carry_out("submit", async move |visit| {
        let case = case_of(&visit)?;
        let attested = Attested {
            contacts_confirmed: visit.entry("contacts_confirmed") == "yes",
            accuracy_attested: visit.entry("accuracy_attested") == "yes",
        };
        let envelope = envelope(&visit, case);
        commands::submit(&visit.desk, visit.caller()?, &envelope, attested).await?;
        Ok(format!("/applications/{case}?done=application-submitted"))
    })
    .await
}

/// Answers the open questions.
#[server(prefix = "/do", endpoint = "answer_clarification")]
pub async fn answer_clarification() -> Result<(), Refused> {
    carry_out("answer_clarification", async move |visit| {
        let case = case_of(&visit)?;
        let reply = Reply {
            answers: replies::<QuestionId>(&visit)
                .into_iter()
                .map(|(question, text)| Answered { question, text })
                .collect(),
            amended: amended(&visit),
        };
        let envelope = envelope(&visit, case);
        commands::answer_clarification(&visit.desk, visit.caller()?, &envelope, &reply).await?;
        Ok(format!("/applications/{case}?done=answers-sent"))
    })
    .await
}

/// Resubmits after corrections.
#[server(prefix = "/do", endpoint = "resubmit")]
pub async fn resubmit() -> Result<(), Refused> {
    carry_out("resubmit", async move |visit| {
        let case = case_of(&visit)?;
        let corrected = Corrected {
            responses: replies::<FindingId>(&visit)
                .into_iter()
                .map(|(finding, text)| Response { finding, text })
                .collect(),
            amended: amended(&visit),
        };
        let envelope = envelope(&visit, case);
        commands::resubmit(&visit.desk, visit.caller()?, &envelope, &corrected).await?;
        Ok(format!("/applications/{case}?done=application-resubmitted"))
    })
    .await
}

/// Accepts the Data Licensing Agreement.
#[server(prefix = "/do", endpoint = "accept_dla")]
pub async fn accept_dla() -> Result<(), Refused> {
    carry_out("accept_dla", async move |visit| {
        let case = case_of(&visit)?;
        let signing = Signing {
            version: visit.entry("agreement").parse().unwrap_or(0),
            capacity: visit.entry("capacity").to_owned(),
            consent: visit.entry("consent") == "yes",
        };
        let envelope = envelope(&visit, case);
        let password = visit.entry("password");
        commands::accept_dla(&visit.desk, visit.caller()?, &envelope, &signing, password).await?;
        Ok(format!("/applications/{case}?done=agreement-accepted"))
    })
    .await
}

/// Withdraws the application.
#[server(prefix = "/do", endpoint = "withdraw")]
pub async fn withdraw() -> Result<(), Refused> {
    carry_out("withdraw", async move |visit| {
        let case = case_of(&visit)?;
        let envelope = envelope(&visit, case);
        commands::withdraw(
            &visit.desk,
            visit.caller()?,
            &envelope,
            visit.entry("reason"),
        )
        .await?;
        Ok(format!("/applications/{case}?done=application-withdrawn"))
    })
    .await
}
