//! Files up and down: what pages and server functions are not made for.

use crate::{download, problem::refusal, server::Server};
use app::{
    steps,
    web::{Done, Next, Visit, carry_out_sent, come_back_with, own_page},
};
use axum::{
    Extension, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Multipart, Path, multipart::Field},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use casework::{
    Desk, Error, OTHER_PERSON, Once, Result, SET_UP_FIRST, Sending,
    commands::{
        self, AddAttachmentInput, AddLogoInput, Envelope, KeepAnswersInput, LOGO_FIELD,
        add_app_logo,
    },
    files::Received,
    gallery::commands::{AddGalleryImageInput, add_gallery_image},
    input::{self, Input, Sent},
    support::commands::{
        AddRequestFileInput, FILES, add_request_file, discard_request_files, receive_request_file,
    },
};
use futures_util::TryStreamExt;
use std::sync::Arc;
use workflow::{AppId, CaseNumber, Seen, gallery::ImageKind, limits, support::RequestNumber};

/// The routes of files.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/files/with/{step}", post(send_with_files))
        .route("/files/{case}/{field}", post(upload))
        // The files are counted as they arrive, and the answer says which is too large.
        .layer(DefaultBodyLimit::disable())
        .route("/files/{attachment}", get(download::download))
}

/// To what files are attached.
enum To {
    Case(Envelope),
    /// A support request.
    Request(RequestNumber),
    /// The entry of an app in the gallery, as what this kind is for.
    Entry(AppId, ImageKind),
    /// An app, as its logo.
    Logo(AppId),
    /// What is written on a support request by the same form: received, for its step to take.
    Writing(Vec<Received>),
    /// The case that is written about in the same form: each to the place of its own name, as it
    /// arrives.
    Beside,
}

impl To {
    fn read(path: &str, field: &str) -> Result<Self> {
        if let Ok(app) = path.parse::<AppId>() {
            if field == LOGO_FIELD {
                return Ok(Self::Logo(app));
            }
            let kind = ImageKind::from_word(field).ok_or(Error::NotFound)?;
            return Ok(Self::Entry(app, kind));
        }
        if let Ok(case) = path.parse::<CaseNumber>() {
            return Ok(Self::Case(Envelope { case, seen: None }));
        }
        path.parse().map(Self::Request).map_err(|_| Error::NotFound)
    }
}

/// Attaches each file of the form to the field named in the path. The text fields of the form
/// (`once`, `form`, `back`) stand before the files, as our pages write them. `?next=` names the page
/// to go on to, with a file or without one.
async fn upload(
    Path((case, field)): Path<(String, String)>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    let mut texts = Vec::new();
    let length = length(&headers);
    let next = visit.query("next").and_then(own_page);
    let outcome = async {
        let mut to = To::read(&case, &field)?;
        attach(&mut to, &field, &visit, length, form, &mut texts).await
    }
    .await;
    let sent = Sent::from(texts);
    match outcome {
        // A form that only attaches files has one at least.
        Ok(0) if next.is_none() => {
            let error = Error::field(&field, "Choose a file first.");
            refused(&error, &case, &field, &visit, &sent).await
        }
        Ok(files) => {
            let done = (files > 0).then(|| match To::read(&case, &field) {
                Ok(To::Entry(..)) => Done::ImageAdded,
                Ok(To::Logo(_)) => Done::LogoSaved,
                Ok(To::Request(_)) => Done::FileWaits,
                _ => Done::FileAttached,
            });
            let back = own_page(sent.first(input::BACK)).unwrap_or("/");
            let to = Next::to(next.unwrap_or(back));
            let to = match done {
                Some(done) => to.saying(done).told_to(&visit),
                None => to,
            };
            if visit.wants_page {
                to.into_response()
            } else {
                to.created()
            }
        }
        Err(error) => refused(&error, &case, &field, &visit, &sent).await,
    }
}

/// Carries out a step whose form carries files beside its texts. What is written on a support request
/// takes them with it: all of it, or nothing. Those of an application are attached as they arrive, and
/// the step is carried out once all are there; a refused one leaves the texts in the form.
async fn send_with_files(
    Path(step): Path<String>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    let Some(step) = steps::find(&step) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut to = match (step.takes_files(), steps::attaches(step.name)) {
        (true, _) => To::Writing(Vec::new()),
        (_, true) => To::Beside,
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    // Of whoever has to set up a second factor first, the texts are kept and no file is taken.
    let is_kept_out = visit.must_set_up();
    if is_kept_out {
        to = To::Writing(Vec::new());
    }
    let mut texts = Vec::new();
    let length = length(&headers);
    let outcome = attach(&mut to, FILES, &visit, length, form, &mut texts).await;
    let outcome = match is_kept_out {
        true => Err(Error::forbidden(SET_UP_FIRST)),
        false => outcome,
    };
    let outcome = match (&to, outcome) {
        (To::Beside, Ok(files)) => beside(step.name, &mut texts, files),
        (_, outcome) => outcome.map(|_| ()),
    };
    let files: Arc<[Received]> = match to {
        To::Writing(received) => received.into(),
        _ => Arc::default(),
    };
    let (desk, sent) = (visit.desk.clone(), Sent::from(texts));
    let answer = match outcome {
        Ok(()) => {
            let files = Arc::clone(&files);
            carry_out_sent(Visit { files, ..visit }, step, sent).await
        }
        // A refused file is no reason to keep quiet about the texts around it.
        Err(error) if step.takes_files() && !is_kept_out => {
            app::web::refused_with_the_rest(&visit, step, &sent, error).await
        }
        Err(error) => app::web::refused(&visit, step, &sent, &error).await,
    };
    if let Err(error) = discard_request_files(&desk, &files).await {
        tracing::warn!(%error, "files that no step took stay until the sweeper finds them");
    }
    answer
}

/// What is written beside `files` files that have been attached meanwhile: what its page showed of the
/// case is what it is by now, unless somebody else has changed it.
///
/// # Errors
/// [`Error::Input`] where the button attaches files and none was chosen.
fn beside(step: &str, texts: &mut [(String, String)], files: u128) -> Result<()> {
    let attach = texts
        .iter()
        .find(|(key, text)| key == ATTACH && !text.is_empty());
    if let Some((_, place)) = attach.filter(|_| files == 0 && step == KeepAnswersInput::STEP) {
        return Err(Error::field(place, "Choose a file first."));
    }
    let seen = texts.iter_mut().find(|(key, _)| key == input::SEEN);
    if let Some((_, text)) = seen
        && let Ok(seen) = text.parse::<Seen>()
    {
        let version = seen
            .version
            .saturating_add(u64::try_from(files).unwrap_or(u64::MAX));
        *text = Seen { version, ..seen }.to_string();
    }
    Ok(())
}

/// What the button of one place for files says.
const ATTACH: &str = KeepAnswersInput::attach().spec().name;

/// Back to the page of the form, with what was wrong.
async fn refused(error: &Error, case: &str, field: &str, visit: &Visit, sent: &Sent) -> Response {
    if !visit.wants_page {
        return refusal(error);
    }
    let page = match To::read(case, field) {
        Ok(To::Request(_)) => come_back_with::<AddRequestFileInput>(visit, sent, error).await,
        Ok(To::Entry(..)) => come_back_with::<AddGalleryImageInput>(visit, sent, error).await,
        Ok(To::Logo(_)) => come_back_with::<AddLogoInput>(visit, sent, error).await,
        _ => come_back_with::<AddAttachmentInput>(visit, sent, error).await,
    };
    Next::to(page).into_response()
}

/// How long the body is, in bytes, where that is said.
fn length(headers: &HeaderMap) -> Option<u64> {
    let length = headers.get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

/// Attaches the files one after the other and answers how many there were; a refused one keeps no
/// other from being attached. `length` is that of the whole request in bytes, where it
/// is known: what cannot fit is refused before it is stored, and then read to its end unseen.
async fn attach(
    to: &mut To,
    field: &str,
    visit: &Visit,
    length: Option<u64>,
    mut form: Multipart,
    texts: &mut Vec<(String, String)>,
) -> Result<u128> {
    let mut files = 0;
    let mut sent: u64 = 0;
    // What is wrong with one file stops no other; anything else stops all.
    let mut problems = Vec::new();
    // Whoever is not signed in finds what they typed again: the texts around the files are read.
    let is_written = matches!(to, To::Writing(_) | To::Beside);
    if !is_written {
        visit.caller()?;
    }
    let (most_texts, most) = match (is_written, visit.caller()) {
        (true, Ok(_)) => (limits::FORM_FIELDS, limits::FORM_BYTES),
        (true, Err(_)) => (limits::FORM_FIELDS, limits::FORM_BYTES_SIGNED_OUT),
        (false, _) => (limits::UPLOAD_TEXTS, limits::UPLOAD_TEXT_BYTES),
    };
    let around = match is_written {
        true => u64::try_from(most).unwrap_or(u64::MAX),
        false => limits::UPLOAD_AROUND_BYTES,
    };
    let fits = length.is_none_or(|length| length <= limits::UPLOAD_BYTES + around);
    let mut outcome = Ok(());
    while let Some(mut part) = form.next_field().await.map_err(|_| unreadable(field))? {
        let Some(name) = part.file_name().map(str::to_owned) else {
            let key = part.name().unwrap_or_default().to_owned();
            let before: usize = match is_written {
                true => texts.iter().map(|(_, text)| text.len()).sum(),
                false => 0,
            };
            let value = text(&mut part, most.saturating_sub(before), field).await?;
            if texts.len() >= most_texts {
                return Err(unreadable(field));
            }
            texts.push((key, value));
            continue;
        };
        let own = part.name().unwrap_or_default().to_owned();
        let field = match to {
            To::Beside => own.as_str(),
            _ => field,
        };
        let allowed = visit.caller().and_then(|caller| {
            let drawn_for = texts.iter().find(|(key, _)| key == input::DRAWN_FOR);
            let drawn_for = drawn_for.and_then(|(_, text)| visit.desk.is_drawn_for(text));
            match drawn_for {
                Some(person) if person != caller.person => Err(Error::forbidden(OTHER_PERSON)),
                _ => Ok(caller),
            }
        });
        // An empty file input sends a part without a name.
        if !name.is_empty() {
            texts.push((input::CHOSEN.to_owned(), own.clone()));
        }
        let caller = match allowed {
            Ok(caller) => Some(caller),
            Err(error) => {
                outcome = Err(error);
                None
            }
        };
        if let Some(caller) = caller.filter(|_| outcome.is_ok() && !name.is_empty()) {
            // The first key of a form that is written is that of its step.
            let desk = attaching(&visit.desk, texts, files + u128::from(is_written));
            files += 1;
            let taken = if fits && sent <= limits::UPLOAD_BYTES {
                let counted = (&mut part).inspect_ok(|chunk: &Bytes| {
                    sent = sent.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
                });
                match to {
                    To::Case(envelope) => {
                        commands::add_attachment(&desk, caller, &*envelope, field, &name, counted)
                            .await
                            .map(|_| ())
                    }
                    To::Beside => match written_about(texts) {
                        Ok(envelope) => commands::add_attachment(
                            &desk, caller, &envelope, field, &name, counted,
                        )
                        .await
                        .map(|_| ()),
                        Err(error) => Err(error),
                    },
                    To::Request(number) => {
                        add_request_file(&desk, caller, *number, &name, counted).await
                    }
                    To::Entry(app, kind) => {
                        add_gallery_image(&desk, caller, *app, *kind, &name, counted).await
                    }
                    To::Logo(app) => add_app_logo(&desk, caller, *app, &name, counted).await,
                    To::Writing(received) => {
                        receive_request_file(&desk, caller, received, &name, counted)
                            .await
                            .map(|file| received.push(file))
                    }
                }
            } else {
                Err(too_large(field, &name))
            };
            match taken {
                Err(Error::Input { problems: more }) => problems.extend(more),
                // What a step has yet to take is not taken.
                Ok(()) if !matches!(to, To::Writing(_)) => drop(texts.pop()),
                other => outcome = other,
            }
        }
        // What is left is read to the end: a browser shows no answer before it has sent all.
        while part.chunk().await.map_err(|_| unreadable(field))?.is_some() {}
    }
    outcome?;
    visit.caller()?;
    let refused = problems.len();
    let Some(last) = problems.last_mut() else {
        return Ok(files);
    };
    // What was written with them is refused as a whole; what is attached by itself stays attached.
    let taken = files.saturating_sub(refused as u128);
    match (taken, to) {
        (0, _) | (_, To::Writing(_)) => {}
        (1, _) => last.text.push_str(" The other file was taken."),
        (taken, _) => last
            .text
            .push_str(&format!(" The other {taken} files were taken.")),
    }
    Err(Error::Input { problems })
}

/// The case that a form is about.
fn written_about(texts: &[(String, String)]) -> Result<Envelope> {
    let case = texts.iter().find(|(key, _)| key == input::CASE);
    let case = case.and_then(|(_, text)| text.parse().ok());
    Ok(Envelope {
        case: case.ok_or(Error::Malformed)?,
        seen: None,
    })
}

async fn text(part: &mut Field<'_>, most: usize, field: &str) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|_| unreadable(field))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > most {
            return Err(unreadable(field));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn too_large(field: &str, name: &str) -> Error {
    let name: String = name.chars().take(120).collect();
    Error::field(
        field,
        format!(
            "{name}: too large to be sent. A document or an image may have {}, a video {}, and all files that are sent together {}. Attach smaller files, or one after the other.",
            limits::megabytes(limits::FILE_BYTES),
            limits::megabytes(limits::VIDEO_BYTES),
            limits::megabytes(limits::UPLOAD_BYTES),
        ),
    )
}

/// The desk that attaches the `index`-th file of a form: each is attached once.
fn attaching(desk: &Desk, texts: &[(String, String)], index: u128) -> Desk {
    let key = texts.iter().find(|(name, _)| name == input::ONCE);
    match key.and_then(|(_, key)| Once::parse(key)) {
        Some(once) => {
            let sending = Sending::new(desk, once.part(index), &[]);
            desk.carrying_out(Arc::new(sending))
        }
        None => desk.clone(),
    }
}

fn unreadable(field: &str) -> Error {
    Error::field(field, "The file did not arrive whole. Try again.")
}
