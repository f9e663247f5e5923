//! Carrying out a form.
//!
//! Every form is a plain POST to a server function; with and without scripts it takes this one
//! way. When the step succeeds the browser is sent on (303). When it is refused, everything typed
//! is kept in the database and the browser is sent back (303) to the page of the form, which is
//! drawn from what was kept and answers with the status of the refusal. Whoever does not ask for a
//! page (scripts, other programs) gets status and reason at once.

use super::{Visit, is_local_path, set_status};
use crate::refused::Refused;
use axum::http::{HeaderValue, header};
use casework::{
    Error, Result,
    commands::{Envelope, Once},
    kept,
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::{collections::BTreeMap, future::Future};
use workflow::CaseNumber;

/// Runs a step and answers the request; `work` answers where to go next.
///
/// # Errors
/// The refusal, to those who do not ask for a page.
pub async fn carry_out<F>(step: &str, work: impl FnOnce(Visit) -> F) -> Result<(), Refused>
where
    F: Future<Output = Result<String>> + Send,
{
    let visit = Visit::current().map_err(|error| refused(&error))?;
    match work(visit.clone()).await {
        Ok(next) => {
            if visit.wants_page {
                see_other(&next);
            }
            Ok(())
        }
        Err(error) => {
            if !matches!(error, Error::Unavailable(_)) {
                tracing::info!(step, status = error.status(), %error, "refused");
            }
            if !visit.wants_page {
                set_status(error.status());
                return Err(refused(&error));
            }
            see_other(&come_back(&visit, step, &error).await);
            Ok(())
        }
    }
}

/// Who sends this form about which case, having seen what.
pub fn envelope(visit: &Visit, case: CaseNumber) -> Envelope {
    Envelope {
        case,
        seen: visit.entry("seen").parse().ok(),
        once: Once::parse(visit.entry("once")),
    }
}

/// Keeps a refused form; answers the address of the page that shows it again.
pub async fn come_back(visit: &Visit, step: &str, error: &Error) -> String {
    let mut entries: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in visit.entries.iter() {
        entries
            .entry(name.clone())
            .and_modify(|known| {
                known.push(',');
                known.push_str(value);
            })
            .or_insert_with(|| value.clone());
    }
    let form = match visit.entry("form") {
        "" => step,
        form => form,
    };
    let back = [Some(visit.entry("back")), visit.referer.as_deref()]
        .into_iter()
        .flatten()
        .find(|path| is_local_path(path))
        .unwrap_or("/");
    let back = match kept::keep(&visit.desk, &visit.owner(), form, entries, error).await {
        Ok(id) => with_parameter(back, "kept", &id.to_string()),
        Err(_) => back.to_owned(),
    };
    match error {
        // What was typed waits until the person is back.
        Error::SignedOut => sign_in_path(&back),
        _ => back,
    }
}

/// `path` with the words of what was just done there.
pub fn with_done(path: &str, word: &str) -> String {
    with_parameter(path, "done", word)
}

/// Where to sign in to come back to `path`.
pub(super) fn sign_in_path(path: &str) -> String {
    format!("/sign-in?next={}", encode(path))
}

/// `path` with the query parameter set, in place of `kept` and `done` from before.
fn with_parameter(path: &str, name: &str, value: &str) -> String {
    let path = path.split('#').next().unwrap_or(path);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut parts: Vec<String> = query
        .split('&')
        .filter(|part| !part.is_empty() && !part.starts_with("kept=") && !part.starts_with("done="))
        .map(str::to_owned)
        .collect();
    parts.push(format!("{name}={value}"));
    format!("{path}?{}", parts.join("&"))
}

/// Text as a value in a query string.
pub fn encode(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Sends the browser on to a page of ours (303).
pub fn see_other(path: &str) {
    let (Some(options), Ok(location)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(path),
    ) else {
        return;
    };
    options.insert_header(header::LOCATION, location);
    set_status(303);
}

fn refused(error: &Error) -> Refused {
    Refused {
        status: error.status(),
        message: error.to_string(),
        problems: error
            .problems()
            .iter()
            .map(|problem| (problem.field.clone(), problem.text.clone()))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_replaces_those_of_an_earlier_answer() {
        assert_eq!(
            with_parameter("/cases/UD-1?a=b&kept=1&done=x#here", "kept", "2"),
            "/cases/UD-1?a=b&kept=2"
        );
    }

    #[test]
    fn a_next_address_survives_as_one_parameter() {
        assert_eq!(encode("/a?b=c&d"), "/a%3Fb%3Dc%26d");
    }
}
