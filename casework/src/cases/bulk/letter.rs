//! The one letter about all cases that somebody got in a run.

use crate::{
    Result, Step,
    entities::{bulk_runs, people},
    post::{self, About, Addressee, Button, Letter, LetterKind},
    words::count,
};
use sea_orm::EntityTrait;
use uuid::Uuid;

/// Where somebody finds the open cases that they hold.
const OWN: &str = "/queue?view=all_open&assignee=%40me";

/// Writes to whoever got cases in a run, unless it was their own.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn post(step: &Step<'_>, run: &bulk_runs::Model, done: u64) -> Result<()> {
    let to = run.to_id.filter(|to| *to != run.person_id && done > 0);
    let Some(to) = to else {
        return Ok(());
    };
    let person = |id: Uuid| people::Entity::find_by_id(id).one(step.transaction());
    let reader = person(to).await?.filter(|one| one.closed_at.is_none());
    let (Some(reader), Some(maker)) = (reader, person(run.person_id).await?) else {
        return Ok(());
    };
    let cases = count(usize::try_from(done).unwrap_or(usize::MAX), "case");
    let link = step.desk.base_url.join(OWN);
    let letter = Letter {
        kind: LetterKind::CasesAssigned,
        link_hash: None,
        subject: format!("{cases} assigned to you"),
        happened: format!("{} has assigned {cases} to you.", maker.name),
        next: "Take them up; your open cases are in the queue, the most urgent first.".to_owned(),
        quotes: Vec::new(),
        button: Button {
            label: "Open my cases",
            link: link.unwrap_or_else(|_| step.desk.base_url.clone()),
        },
        facts: vec![("Cases", done.to_string())],
        because: "You get this because these cases were assigned to you by someone else."
            .to_owned(),
    };
    post::put(
        step.transaction(),
        step.desk,
        About::Reader,
        &[(Addressee::from(&reader), letter)],
    )
    .await?;
    step.has_letters();
    Ok(())
}
