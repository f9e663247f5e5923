//! Carrying out a step.
//!
//! Every form is a plain POST to `/do/<step>`; with and without scripts it takes this one way: the
//! body is read once, into the step's input. When the step succeeds the browser is sent on (303).
//! When it is refused, what was typed is kept in the database and the browser is sent back (303) to
//! the page of the form, which is drawn from what was kept and answers with the status of the
//! refusal. Whoever does not ask for a page (scripts, other programs) gets status and reason at
//! once.

use super::{
    Done, Next, Visit,
    next::{own_page, parameter, with_parameter},
    set_status,
    sign::{self, PASSKEY, WITH},
    visit::ARRIVED,
};
use crate::refused::Refused;
use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use casework::{
    Error, OTHER_PERSON, Result, SET_UP_FIRST, Sending,
    accounts::SignOutInput,
    commands::{
        AddPasskeyInput, BeginPasskeyInput, BeginSecondFactorInput, ConfirmSecondFactorInput,
        Envelope,
    },
    input::{self, Input, On, OnCase, Sent, Spec, to_carry, to_keep},
    kept::{self, Owner, ToKeep},
    support::commands::FILES,
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::{future::Future, pin::Pin, sync::Arc};

type Working = Pin<Box<dyn Future<Output = Result<Next>> + Send>>;

/// A step, as it is called over HTTP.
pub struct Step {
    /// Its address: `/do/<name>`.
    pub name: &'static str,
    /// Everything that its form may say.
    pub fields: &'static [Spec],
    pub(super) resumes: bool,
    repeats: bool,
    /// Whether it signs, so that a passkey can be asked for it.
    pub(super) signs: bool,
    /// Its command knows by itself where a form led that was carried out before.
    on_case: bool,
    by_visitor: bool,
    pub(super) work: Box<dyn Fn(Visit, Sent) -> Working + Send + Sync>,
}

impl Step {
    /// Whether files may stand in its form.
    pub fn takes_files(&self) -> bool {
        self.fields.iter().any(|field| field.name == FILES)
    }

    fn of<I: Input>(work: Box<dyn Fn(Visit, Sent) -> Working + Send + Sync>) -> Self {
        Self {
            name: I::STEP,
            fields: I::FIELDS,
            resumes: I::RESUMES,
            repeats: I::REPEATS,
            signs: false,
            on_case: false,
            by_visitor: I::On::BY_VISITOR,
            work,
        }
    }

    /// A step that reads the input `I` and says where to go next.
    pub fn new<I, F>(work: fn(Visit, I) -> F) -> Self
    where
        I: Input,
        F: Future<Output = Result<Next>> + Send + 'static,
    {
        Self::of::<I>(Box::new(move |visit: Visit, sent: Sent| -> Working {
            Box::pin(async move { work(visit, I::read(&sent)?).await })
        }))
    }

    /// The same on the case that the form names.
    pub fn on_case<I, F>(work: fn(Visit, Envelope, I) -> F) -> Self
    where
        I: Input<On = OnCase>,
        F: Future<Output = Result<Next>> + Send + 'static,
    {
        let step = Self::of::<I>(Box::new(move |visit: Visit, sent: Sent| -> Working {
            Box::pin(async move { work(visit, Envelope::read(&sent)?, I::read(&sent)?).await })
        }));
        Self {
            on_case: true,
            ..step
        }
    }
}

impl Step {
    /// The same, signed by whoever takes it.
    pub fn signed(self) -> Self {
        Self {
            signs: true,
            ..self
        }
    }

    /// Whether this person may send its form: not what was drawn for another.
    fn is_for(&self, visit: &Visit, sent: &Sent) -> Result<()> {
        if self.by_visitor {
            return Ok(());
        }
        let caller = visit.caller()?;
        if visit.must_set_up() && !BEFORE_SET_UP.contains(&self.name) {
            return Err(Error::forbidden(SET_UP_FIRST));
        }
        let drawn_for = visit.desk.is_drawn_for(sent.first(input::DRAWN_FOR));
        match drawn_for.is_some_and(|person| person != caller.person) {
            true => Err(Error::forbidden(OTHER_PERSON)),
            false => Ok(()),
        }
    }
}

/// The steps of whoever has to set up a second factor first; signing out is anybody's.
pub const BEFORE_SET_UP: [&str; 5] = [
    BeginSecondFactorInput::STEP,
    ConfirmSecondFactorInput::STEP,
    BeginPasskeyInput::STEP,
    AddPasskeyInput::STEP,
    SignOutInput::STEP,
];

/// Answers `POST /do/<name>`.
pub async fn carry_out(visit: Visit, name: &str, headers: &HeaderMap, body: &[u8]) -> Response {
    let Some(step) = crate::steps::find(name) else {
        return refusal(&Error::NotFound);
    };
    match read(headers, body) {
        Ok(sent) => carry_out_sent(visit, step, sent).await,
        Err(error) => refused(&visit, step, &Sent::default(), &error).await,
    }
}

/// Carries out a step whose form has been read, with the files that arrived with it (`visit.files`).
pub async fn carry_out_sent(visit: Visit, step: &Step, sent: Sent) -> Response {
    if step.signs && visit.query(WITH) == Some(PASSKEY) {
        let asked = match step.is_for(&visit, &sent) {
            Ok(()) => sign::ask(&visit, step, &sent).await,
            Err(error) => Err(error),
        };
        return match asked {
            Ok(next) if visit.wants_page => next.into_response(),
            Ok(next) => next.without_page(),
            Err(error) => refused(&visit, step, &sent, &error).await,
        };
    }
    let sending = if step.repeats {
        None
    } else {
        Sending::of(&visit.desk, step.name, step.fields, &sent).map(Arc::new)
    };
    let done = async {
        step.is_for(&visit, &sent)?;
        let Some(sending) = &sending else {
            let next = (step.work)(visit.clone(), sent.clone()).await?;
            return Ok(next.told_to(&visit));
        };
        let desk = visit.desk.carrying_out(Arc::clone(sending));
        let carrying = Visit {
            desk,
            ..visit.clone()
        };
        match (step.work)(carrying, sent.clone()).await {
            Ok(next) => {
                let next = next.told_to(&visit);
                if !step.on_case
                    && let Err(error) = sending.led_to(&visit.desk, next.path()).await
                {
                    tracing::warn!(%error, "where a form led is not noted");
                }
                Ok(next)
            }
            Err(Error::Before) => {
                let person = visit.caller().ok().map(|caller| caller.person);
                let path = sending.where_it_led(&visit.desk, person).await?;
                path.map(Next::to).ok_or(Error::Before)
            }
            Err(error) => Err(error),
        }
    };
    match done.await {
        Ok(next) => {
            was_taken(&visit, step, &sent).await;
            // A form that was carried out on behalf of another tells of that one.
            let arrived = visit
                .mode
                .arrived_cookie(sent.first(input::ONCE))
                .filter(|_| !next.has_cookie(ARRIVED));
            let next = arrived.into_iter().fold(next, Next::cookie);
            if visit.wants_page {
                next.into_response()
            } else {
                next.without_page()
            }
        }
        Err(error) => refused(&visit, step, &sent, &error).await,
    }
}

/// Forgets what was kept of a form that has been carried out now: the one that its page was drawn
/// from, and what was refused of the same form on a page that was left. Not where a page saved itself:
/// nobody has seen then that more was typed.
pub(super) async fn was_taken(visit: &Visit, step: &Step, sent: &Sent) {
    let (desk, owners) = (&visit.desk, visit.owners());
    let drawn_from = match sent.first(input::KEPT).parse() {
        Ok(id) => kept::forget(desk, &owners, id).await,
        Err(_) => Ok(()),
    };
    let (form, page) = (form_of(step.name, sent), page_of(visit, sent));
    let saved = step.repeats.then_some(step.name);
    let left = match visit.wants_page {
        true => kept::taken(desk, &owners, form, &page, saved).await,
        false => Ok(()),
    };
    if let Err(error) = drawn_from.and(left) {
        tracing::warn!(%error, "a form that was carried out stays kept");
    }
}

/// The id of a form on its page.
fn form_of<'a>(step: &'a str, sent: &'a Sent) -> &'a str {
    match sent.first(input::FORM) {
        "" => step,
        form => form,
    }
}

fn read(headers: &HeaderMap, body: &[u8]) -> Result<Sent> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    if kind.starts_with("application/json") {
        Sent::from_json(body)
    } else if body.is_empty() || kind.starts_with("application/x-www-form-urlencoded") {
        Sent::from_form(body)
    } else {
        Err(Error::Malformed)
    }
}

/// Says what was refused: on the page it came from, or at once to whoever wants no page.
pub async fn refused(visit: &Visit, step: &Step, sent: &Sent, error: &Error) -> Response {
    if !matches!(error, Error::Unavailable(_)) {
        tracing::info!(
            step = step.name,
            status = error.status(),
            error = error.for_the_log(),
            "refused"
        );
    }
    if !visit.wants_page {
        return refusal(error);
    }
    match come_back(visit, step.name, step.fields, step.resumes, sent, error).await {
        Some(path) => Next::to(path).into_response(),
        None => refusal(error),
    }
}

/// As [`refused`], with what else is wrong with the form: the step is tried for that, without its files.
pub async fn refused_with_the_rest(
    visit: &Visit,
    step: &Step,
    sent: &Sent,
    error: Error,
) -> Response {
    let trying = Visit {
        desk: visit.desk.trying(),
        ..visit.clone()
    };
    let rest = match step.is_for(visit, sent) {
        Ok(()) => (step.work)(trying, sent.clone()).await.err(),
        Err(_) => None,
    };
    let error = match (error, rest) {
        (Error::Input { problems }, Some(Error::Input { problems: more })) => Error::Input {
            problems: [more, problems].concat(),
        },
        (error, _) => error,
    };
    refused(visit, step, sent, &error).await
}

/// A refusal to whoever wants no page.
fn refusal(error: &Error) -> Response {
    let refused = Refused {
        status: error.status(),
        message: error.to_string(),
        conflict: matches!(error, Error::Conflict { .. }),
        problems: error
            .problems()
            .iter()
            .map(|problem| (problem.field.clone(), problem.text.clone()))
            .collect(),
    };
    let status = StatusCode::from_u16(refused.status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, Json(refused)).into_response()
}

/// Keeps a refused form of files; answers the address of the page that shows it again.
pub async fn come_back_with<I: Input>(visit: &Visit, sent: &Sent, error: &Error) -> String {
    come_back(visit, I::STEP, I::FIELDS, I::RESUMES, sent, error)
        .await
        .unwrap_or_else(|| page_of(visit, sent))
}

/// Keeps the refusal of what has no form of its own (an export); answers the address of the page
/// that says so.
pub async fn tell(visit: &Visit, what: &str, sent: &Sent, error: &Error) -> String {
    come_back(visit, what, &[], false, sent, error)
        .await
        .unwrap_or_else(|| page_of(visit, sent))
}

/// Keeps a refused form; answers the address of the page that shows it again, none where nothing
/// can be kept.
pub(super) async fn come_back(
    visit: &Visit,
    step: &str,
    fields: &'static [Spec],
    resumes: bool,
    sent: &Sent,
    error: &Error,
) -> Option<String> {
    let drawn_for = visit.desk.is_drawn_for(sent.first(input::DRAWN_FOR));
    let owner = match (visit.caller(), drawn_for) {
        (Ok(caller), drawn_for) if drawn_for.is_none_or(|person| person == caller.person) => {
            Owner::Person(caller.person)
        }
        (_, Some(person)) => Owner::Awaited {
            person,
            browser: visit.browser.clone(),
        },
        _ => Owner::Browser(visit.browser.clone()),
    };
    let form = form_of(step, sent);
    let carried = if resumes {
        to_carry(fields, sent)
    } else {
        Vec::new()
    };
    let page = page_of(visit, sent);
    let to_keep = ToKeep {
        owner: &owner,
        address: &visit.origin.address,
        step,
        form,
        fields: to_keep(fields, sent, |key| {
            visit.desk.reference.known().title_of(key)
        }),
        carried,
        drawn: sent.first(input::DRAWN),
        chosen: chosen(sent),
        page: &page,
    };
    let mut id = kept::keep(&visit.desk, to_keep, error).await.ok()?;
    let before = sent.first(input::KEPT).parse().ok();
    if let Some(before) = before
        && let Err(error) = kept::forget(&visit.desk, &visit.owners(), before).await
    {
        tracing::warn!(%error, "a form that was refused again stays kept twice");
    }
    if let (Owner::Awaited { .. }, Ok(caller)) = (&owner, visit.caller()) {
        // Whoever is signed in now reads why, and nothing of the text.
        let reason = ToKeep {
            owner: &Owner::Person(caller.person),
            address: &visit.origin.address,
            step,
            form,
            fields: Vec::new(),
            carried: Vec::new(),
            drawn: "",
            chosen: Vec::new(),
            page: &page,
        };
        id = kept::keep(&visit.desk, reason, error).await.ok()?;
    }
    let back = with_parameter(&page, "kept", &id.to_string());
    Some(match error {
        // What was typed waits until the person is back.
        Error::SignedOut => sign_in_path(&back),
        _ => back,
    })
}

/// The places in which files were chosen that were not taken.
fn chosen(sent: &Sent) -> Vec<String> {
    let chosen = sent.values(input::CHOSEN).into_iter();
    chosen.map(str::to_owned).collect()
}

/// The page that a form came from.
fn page_of(visit: &Visit, sent: &Sent) -> String {
    [Some(sent.first(input::BACK)), visit.referer.as_deref()]
        .into_iter()
        .flatten()
        .find_map(own_page)
        .unwrap_or("/")
        .to_owned()
}

/// Carries out what waited for this person to sign in again, if it is the form of a step that does
/// so; answers where to go then: to `next`, or where something typed waits in this browser, there.
/// `visit` is the new session's.
pub async fn resume(visit: &Visit, next: String) -> String {
    let next = match waiting(visit).await {
        Some(page) if parameter(&next, "kept").is_none() => page,
        _ => next,
    };
    let Some(id) = parameter(&next, "kept").and_then(|id| id.parse().ok()) else {
        return next;
    };
    let kept = match kept::find(&visit.desk, &visit.owners(), id).await {
        Ok(Some(kept)) if kept.status == Error::SignedOut.status() => kept,
        _ => return next,
    };
    let Some(step) = crate::steps::find(&kept.step).filter(|step| step.resumes) else {
        return next;
    };
    let mut pairs = kept.carried.clone();
    for field in &kept.fields {
        let values = field.values.iter().cloned();
        pairs.extend(values.map(|value| (field.name.clone(), value)));
    }
    pairs.push((input::FORM.to_owned(), kept.form.clone()));
    pairs.push((input::BACK.to_owned(), next.clone()));
    pairs.push((input::KEPT.to_owned(), id.to_string()));
    let sent = Sent::from(pairs);
    match (step.work)(visit.clone(), sent.clone()).await {
        Ok(_) => {
            if let Err(error) = kept::forget(&visit.desk, &visit.owners(), id).await {
                tracing::warn!(%error, "a form that was carried out stays kept");
            }
            Done::SavedAfterSignIn.told_on(&next, visit)
        }
        Err(error) => {
            let (name, fields) = (step.name, step.fields);
            come_back(visit, name, fields, step.resumes, &sent, &error)
                .await
                .unwrap_or(next)
        }
    }
}

/// The page of the newest form that waits for this person in this browser.
async fn waiting(visit: &Visit) -> Option<String> {
    let person = visit.caller().ok()?.person;
    match kept::take_over(&visit.desk, person, &visit.browser).await {
        Ok(newest) => newest.map(|(page, id)| with_parameter(&page, "kept", &id.to_string())),
        Err(error) => {
            tracing::warn!(%error, "what waits for a person cannot be looked up");
            None
        }
    }
}

/// Where to sign in to come back to `path`.
pub(super) fn sign_in_path(path: &str) -> String {
    format!("/sign-in?next={}", super::encode(path))
}

/// Sends the browser on to a page of ours (303), from a page that is being drawn.
pub(super) fn see_other(path: &str) {
    let (Some(options), Ok(location)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(path),
    ) else {
        return;
    };
    options.insert_header(header::LOCATION, location);
    set_status(303);
}
