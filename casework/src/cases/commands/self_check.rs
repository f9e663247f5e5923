//! The self-check: everything that a machine can see in a draft, before it is handed in. It is no step
//! of the case: nothing of it is on record, and nobody of ours reads it.

use super::{
    Envelope, allowed,
    submit::{form_of, link_problems},
};
use crate::{
    By, Caller, Desk, Error, Result, Step,
    audit::canonical,
    costly,
    digest::sha256,
    entities::{attachments, self_checks},
    images,
    input::input,
    limits::{self, SELF_CHECK},
    store::{FrozenFile, draft, submission},
};
use object_store::{ObjectStoreExt, path::Path};
use sea_orm::{ActiveModelTrait, EntityTrait, sea_query::OnConflict};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeSet;
use workflow::{
    ActionKind,
    form::{Answers, Field, FieldKind, Form},
    self_check::{Remark, Weight, remarks},
};

input! {
    /// Everything that a machine can see is looked at now.
    pub struct SelfCheckInput for "self_check" OnCase {}
}

/// What was looked at, and what was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfCheck {
    /// Answers, web addresses that were opened, and files that were opened.
    pub answers: usize,
    pub addresses: usize,
    pub files: usize,
    /// What is wrong first; each in the order of the form.
    pub remarks: Vec<Remark>,
}

/// What tells whether a draft is still the one that was looked at.
///
/// # Errors
/// When it cannot be written down.
pub(crate) fn fingerprint(answers: &Answers, files: &[FrozenFile]) -> Result<String> {
    let text = canonical(&json!({ "answers": answers, "files": files }))?;
    Ok(sha256(text.as_bytes()))
}

/// Looks at the draft of a case, and keeps what was seen for its developers.
///
/// # Errors
/// [`Error::NotFound`]; the refusal of policy or workflow to who could not write the draft;
/// [`Error::Throttled`].
pub async fn self_check(desk: &Desk, caller: &Caller, envelope: &Envelope) -> Result<()> {
    let stored = allowed(desk, caller, envelope.case, ActionKind::EditDraft).await?;
    limits::take(desk, &SELF_CHECK, &caller.person.to_string()).await?;
    let case = &stored.case;
    let reading = desk.database.read();
    let known = desk.reference.known();
    let form = form_of(&known, case)?;
    let answers = draft(reading, case.id.0).await?;
    let answers = answers.map(|draft| draft.body.answers).unwrap_or_default();
    let files = submission::files(reading, case.id.0).await?;
    let filled: BTreeSet<String> = files.iter().map(|file| file.field.clone()).collect();
    let mut seen = remarks(form, case.level, &answers, &filled, desk.now().date());
    let wrong = |field: String, text: String| Remark {
        field,
        weight: Weight::Wrong,
        text,
    };
    let links = link_problems(desk, form, &answers).await;
    seen.extend(
        links
            .into_iter()
            .map(|problem| wrong(problem.field, problem.text)),
    );
    for file in &files {
        if let Some(fault) = file_fault(desk, file).await? {
            let label = form.field(&file.field).map_or("File", |field| &field.label);
            let text = format!("{label}: “{}” {fault}", file.name);
            seen.push(wrong(file.field.clone(), text));
        }
    }
    let asked: Vec<Field> = form
        .sections(case.level)
        .flat_map(|section| section.fields)
        .collect();
    let place = |field: &str| asked.iter().position(|one| one.key == field);
    seen.sort_by_key(|remark| (remark.weight, place(&remark.field)));
    let answered = |field: &&Field| answers.get(&field.key).is_some_and(|text| !text.is_empty());
    let found = SelfCheck {
        answers: asked.iter().filter(answered).count(),
        addresses: addresses(form, &answers),
        files: files.len(),
        remarks: seen,
    };
    let step = match Step::begin(desk, By::Person(caller)).await {
        // A second click finds what the first one saw.
        Err(Error::Before) => return Ok(()),
        begun => begun?,
    };
    let row = self_checks::Model {
        case_id: case.id.0,
        found: serde_json::to_string(&found)?,
        sha256: fingerprint(&answers, &submission::frozen(&files))?,
        checked_at: step.now.micros(),
        checked_by: caller.person.0,
    };
    use self_checks::Column as C;
    let newest = OnConflict::column(C::CaseId)
        .update_columns([C::Found, C::Sha256, C::CheckedAt, C::CheckedBy])
        .to_owned();
    self_checks::Entity::insert(self_checks::ActiveModel::from(row).reset_all())
        .on_conflict(newest)
        .exec_without_returning(step.transaction())
        .await?;
    step.commit().await
}

fn addresses(form: &Form, answers: &Answers) -> usize {
    let fields = form.sections.iter().flat_map(|section| &section.fields);
    fields
        .filter(|field| field.kind == FieldKind::Url)
        .filter(|field| {
            answers
                .get(&field.key)
                .is_some_and(|text| !text.trim().is_empty())
        })
        .count()
}

/// Why a reviewer could not open a file: the end of a sentence that begins with its name.
async fn file_fault(desk: &Desk, file: &attachments::Model) -> Result<Option<&'static str>> {
    // A video is looked at piece by piece, by its viewer.
    if file.mime.starts_with("video/") {
        return Ok(None);
    }
    let path = Path::from(file.storage_key.as_str());
    let bytes = match desk.storage.get(&path).await {
        Ok(found) => found.bytes().await.map_err(Error::unavailable)?,
        Err(object_store::Error::NotFound { .. }) => {
            return Ok(Some("is not there any more. Attach it again."));
        }
        Err(error) => return Err(Error::unavailable(error)),
    };
    let is_pdf = file.mime == "application/pdf";
    costly(move || {
        if is_pdf {
            pdf_fault(&bytes)
        } else {
            (!images::is_whole(&bytes))
                .then_some("breaks off or cannot be read. Save it anew and attach it again.")
        }
    })
    .await
}

/// Why a PDF could not be opened by everybody.
fn pdf_fault(bytes: &[u8]) -> Option<&'static str> {
    /// An end may be followed by some bytes of nothing.
    const TAIL: usize = 2_048;
    let has = |part: &[u8], what: &[u8]| part.windows(what.len()).any(|window| window == what);
    let tail = bytes
        .get(bytes.len().saturating_sub(TAIL)..)
        .unwrap_or(bytes);
    if !has(tail, b"%%EOF") {
        Some("breaks off before its end. Save it anew and attach it again.")
    } else if has(bytes, b"/Encrypt") {
        Some("asks for a password or restricts who may read it. Attach a copy that does not.")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::pdf_fault;

    #[test]
    fn a_pdf_that_breaks_off_or_asks_for_a_password_is_told_from_one_that_opens() {
        let whole = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n";
        assert_eq!(pdf_fault(whole), None);
        let cut = &whole[..whole.len() - 7];
        assert!(pdf_fault(cut).is_some_and(|fault| fault.contains("breaks off")));
        let locked = [b"%PDF-1.7\ntrailer\n<< /Encrypt 2 0 R >>\n%%EOF".as_slice()].concat();
        assert!(pdf_fault(&locked).is_some_and(|fault| fault.contains("password")));
        assert!(pdf_fault(b"").is_some());
    }
}
