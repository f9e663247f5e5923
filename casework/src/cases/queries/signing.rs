//! The page where the Data Licensing Agreement is signed, and the copy of what was signed.

use super::developer::readable;
use crate::{
    Caller, Desk, Error, Result,
    commands::subject,
    context,
    entities::signatures,
    files::content_disposition,
    office::queries::agreement::{self, Agreement},
    policy::Verdict,
    reference::DLA,
    signatures::how,
    store::{Stored, submission},
};
use sea_orm::EntityTrait;
use std::fmt::Write;
use workflow::{ActionKind, Actor, AppId, CaseNumber, Timestamp, available, state::AccessLevel};

/// The page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningView {
    pub number: CaseNumber,
    pub version: u64,
    pub app: AppId,
    pub app_name: String,
    /// For whom the person signs, as the submission names it.
    pub organisation: String,
    pub level: AccessLevel,
    pub due: Option<Timestamp>,
    /// In full, in the version in force.
    pub agreement: Agreement,
    /// What stands in the way of signing now; none where the caller can sign.
    pub obstacle: Option<String>,
    /// Whether it has been accepted for this case.
    pub accepted: bool,
}

/// The page where the agreement is signed.
///
/// # Errors
/// [`Error::NotFound`] to those who may not read the case.
pub async fn signing(desk: &Desk, caller: &Caller, number: CaseNumber) -> Result<SigningView> {
    let stored = readable(desk, caller, number).await?;
    let known = desk.reference.known();
    let context = context(&known, desk.now(), Actor::Person(caller.person));
    let who = subject(Some(caller), &stored);
    let action = ActionKind::AcceptDla;
    let obstacle = if let Err(refusal) = available(&stored.case, &context, action) {
        Some(refusal.to_string())
    } else if desk.policy.ask(&who, action) == Verdict::Allowed {
        None
    } else {
        Some("Only an owner of the app with authority to sign can accept the agreement.".to_owned())
    };
    Ok(SigningView {
        number,
        version: stored.case.version,
        app: stored.case.app,
        app_name: stored.app.name.clone(),
        organisation: organisation(desk, &stored).await?,
        level: stored.case.level,
        due: stored.case.state.developer_due(),
        agreement: agreement::current(desk, DLA).await?,
        accepted: stored.case.acceptance.is_some(),
        obstacle,
    })
}

/// The legal name as submitted; the app's organisation or name where there is none.
async fn organisation(desk: &Desk, stored: &Stored) -> Result<String> {
    let sent = submission::latest(desk.database.read(), stored.case.id.0).await?;
    let legal = sent.and_then(|(_, snapshot)| snapshot.answers.get("legal_name").cloned());
    Ok([legal, Some(stored.app.organisation.clone())]
        .into_iter()
        .flatten()
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| stored.app.name.clone()))
}

/// A document to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    pub mime: &'static str,
    pub disposition: String,
    pub bytes: Vec<u8>,
}

/// In which shape the copy is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// To be read: the agreement with its signature, in one HTML file.
    Signed,
    /// The very bytes whose hash was signed.
    Original,
}

/// The copy of the agreement as it was accepted for a case.
///
/// # Errors
/// [`Error::NotFound`] to those who may not read the case, and where nothing was accepted.
pub async fn signed_copy(
    desk: &Desk,
    caller: &Caller,
    number: CaseNumber,
    shape: Shape,
) -> Result<Copy> {
    let stored = readable(desk, caller, number).await?;
    let accepted = stored.case.acceptance.as_ref().ok_or(Error::NotFound)?;
    let document = agreement::version_of(desk, DLA, accepted.acceptance.version).await?;
    if shape == Shape::Original {
        return Ok(Copy {
            mime: "text/markdown; charset=utf-8",
            disposition: content_disposition(&format!(
                "{} version {}.md",
                document.title, document.version
            )),
            bytes: document.body.into_bytes(),
        });
    }
    let signature = signatures::Entity::find_by_id(accepted.acceptance.signature.0)
        .one(desk.database.read())
        .await?
        .ok_or(Error::NotFound)?;
    let organisation = organisation(desk, &stored).await?;
    Ok(Copy {
        mime: "text/html; charset=utf-8",
        disposition: content_disposition(&format!("{number} {} signed.html", document.title)),
        bytes: html(&stored, &document, &signature, &organisation).into_bytes(),
    })
}

fn html(
    stored: &Stored,
    document: &Agreement,
    signature: &signatures::Model,
    organisation: &str,
) -> String {
    let number = stored.case.number;
    let facts = [
        (
            "Application",
            format!("{number}, {}", stored.case.level.label()),
        ),
        ("App", stored.app.name.clone()),
        ("For", organisation.to_owned()),
        ("Signed by", signature.signer_name.clone()),
        ("Capacity", signature.capacity.clone()),
        ("Meaning", signature.meaning.clone()),
        (
            "Signed at",
            crate::words::moment_to_the_second(Timestamp::from_micros(signature.signed_at)),
        ),
        ("Signed", how(signature.method.as_ref()).to_owned()),
        ("SHA-256 of the document", signature.document_sha256.clone()),
        ("SHA-256 of the signature", signature.payload_sha256.clone()),
        ("What was signed", signature.payload.clone()),
    ];
    let rows = facts.iter().fold(String::new(), |mut rows, (name, value)| {
        // Writing to a string does not fail.
        let _ = write!(
            rows,
            "<tr><th scope=\"row\">{}</th><td>{}</td></tr>",
            ammonia::clean_text(name),
            ammonia::clean_text(value)
        );
        rows
    });
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title} · {number}</title>\
         <style>body{{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}}\
         table{{border-collapse:collapse;width:100%;margin-top:2rem}}\
         th,td{{border:1px solid #999;padding:.4rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}}\
         th{{width:12rem}}</style></head><body>{body}<h2>Signature</h2><table><tbody>{rows}</tbody></table></body></html>\n",
        title = ammonia::clean_text(&document.title),
        body = document.html,
    )
}
