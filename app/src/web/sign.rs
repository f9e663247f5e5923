//! Signing with a passkey. The form of the step is sent with `?with=passkey`: its step is tried, which
//! gives the text that is to be signed; the form then waits while the browser asks the passkey, and is
//! carried out with its answer, on the very text.

use super::{
    Next, Step, Visit,
    carry_out::{come_back, was_taken},
    own_page,
};
use crate::steps::{apps::cookie_for, own::SIGN_PAGE};
use casework::{
    Error, Result,
    accounts::{self, Form},
    input::{self, Sent, Sort},
};

/// What the address of a signed step says of how it is signed.
pub(super) const WITH: &str = "with";
/// By a passkey.
pub(super) const PASSKEY: &str = "passkey";

/// Where the form of a step is sent to be signed with a passkey.
pub fn with_passkey_path(step: &str) -> String {
    format!("/do/{step}?{WITH}={PASSKEY}")
}

/// Finds out what is to be signed, and keeps the form until it is.
pub(super) async fn ask(visit: &Visit, step: &Step, sent: &Sent) -> Result<Next> {
    let (desk, asked) = visit.desk.asking_to_sign();
    let trying = Visit {
        desk,
        ..visit.clone()
    };
    match (step.work)(trying, sent.clone()).await {
        Err(Error::Preview) => {}
        // Nothing is different from what is on record.
        other => return other,
    }
    let asked = asked.get().cloned().ok_or(Error::Malformed)?;
    let is_secret = |name: &str| {
        let mut fields = step.fields.iter();
        fields.any(|field| field.name == name && matches!(field.sort, Sort::Secret))
    };
    let kept = sent.pairs().iter().filter(|(name, _)| !is_secret(name));
    let form = Form {
        step: step.name.to_owned(),
        sent: kept.cloned().collect(),
    };
    let (caller, browser) = (visit.caller()?, &visit.browser);
    let secret = accounts::ask(&visit.desk, caller, asked, form, browser).await?;
    Ok(Next::to(SIGN_PAGE).cookie(cookie_for(visit, SIGN_PAGE, &secret)))
}

/// The page that the form stands on, where a password signs as well.
pub(crate) fn page_of(form: &Form) -> &str {
    let back = form.sent.iter().find(|(name, _)| name == input::BACK);
    back.and_then(|(_, page)| own_page(page)).unwrap_or("/")
}

/// Carries out a form that a passkey has signed. `visit` has the desk with the signature. Where it is
/// refused, its own page says so.
pub(crate) async fn carry_on(visit: Visit, form: Form) -> Result<Next> {
    let step = crate::steps::find(&form.step).filter(|step| step.signs);
    let step = step.ok_or(Error::NotFound)?;
    let sent = Sent::from(form.sent);
    match (step.work)(visit.clone(), sent.clone()).await {
        Ok(next) => {
            was_taken(&visit, step, &sent).await;
            let arrived = visit.mode.arrived_cookie(sent.first(input::ONCE));
            Ok(arrived.into_iter().fold(next, Next::cookie))
        }
        Err(error) if visit.wants_page => {
            let (name, fields) = (step.name, step.fields);
            let page = come_back(&visit, name, fields, step.resumes, &sent, &error).await;
            page.map(Next::to).ok_or(error)
        }
        Err(error) => Err(error),
    }
}
