//! One request.

use crate::components::Typed;
use axum::http::request::Parts;
use casework::{
    Caller, Desk, Error, Result,
    accounts::{Origin, Session},
    kept::Kept,
};
use leptos::prelude::use_context;
use std::{collections::BTreeMap, str::FromStr, sync::Arc};
use workflow::{Timestamp, form::Problem};

/// How this server runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mode {
    /// With demo people, who sign in with one click, and a page of captured mails.
    pub demo: bool,
    /// Behind https: cookies are `Secure` and carry the `__Host-` prefix.
    pub secure: bool,
}

impl Mode {
    /// The name of the session cookie.
    pub const fn session_cookie_name(self) -> &'static str {
        if self.secure { "__Host-ud" } else { "ud" }
    }

    /// The name of the cookie that tells browsers apart in which nobody is signed in.
    pub const fn browser_cookie_name(self) -> &'static str {
        if self.secure { "__Host-udb" } else { "udb" }
    }

    /// The header that sets the session cookie, or clears it where the secret is empty.
    pub fn session_cookie(self, secret: &str) -> String {
        self.cookie(self.session_cookie_name(), secret)
    }

    /// The header that sets the browser cookie.
    pub fn browser_cookie(self, value: &str) -> String {
        self.cookie(self.browser_cookie_name(), value)
    }

    fn cookie(self, name: &str, value: &str) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        let end = if value.is_empty() { "; Max-Age=0" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{end}")
    }
}

/// A request: who, from where, what was asked and what was typed. The server puts it into the
/// request's extensions before any page or step runs.
#[derive(Clone)]
pub struct Visit {
    pub desk: Desk,
    pub mode: Mode,
    pub session: Option<Session>,
    /// The secret of the session cookie, for signing out.
    pub session_secret: Option<String>,
    /// What tells browsers apart in which nobody is signed in.
    pub browser: String,
    pub origin: Origin,
    pub path: String,
    pub query: Arc<BTreeMap<String, String>>,
    /// The query string as it was sent.
    pub query_text: String,
    /// The fields of a posted form, in order; a name may come several times.
    pub entries: Arc<Vec<(String, String)>>,
    /// A page is wanted, not data.
    pub wants_page: bool,
    /// The path this request came from, where it is one of ours.
    pub referer: Option<String>,
    /// A form that came back, named by `?kept=`.
    pub kept: Option<Arc<Kept>>,
}

impl Visit {
    /// The visit being answered.
    ///
    /// # Errors
    /// [`Error::Unavailable`] outside a request.
    pub fn current() -> Result<Self> {
        use_context::<Parts>()
            .and_then(|parts| parts.extensions.get::<Self>().cloned())
            .ok_or_else(|| Error::unavailable("there is no request here"))
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// [`Error::SignedOut`] when nobody is.
    pub fn caller(&self) -> Result<&Caller> {
        self.session
            .as_ref()
            .map(|session| &session.caller)
            .ok_or(Error::SignedOut)
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.desk.now()
    }

    /// The address of this page, to come back to.
    pub fn here(&self) -> String {
        if self.query_text.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query_text)
        }
    }

    /// Whose kept forms these are.
    pub fn owner(&self) -> String {
        self.caller()
            .map_or_else(|_| self.browser.clone(), |caller| caller.person.to_string())
    }

    /// A parameter of the query string.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// What was typed into a field; empty if the form has no such field.
    pub fn entry(&self, name: &str) -> &str {
        self.entries
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    /// Everything sent under one name, in order (ticked boxes).
    pub fn entries(&self, name: &str) -> impl Iterator<Item = &str> {
        self.entries
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// A field as a value of a type; what cannot be read is no such thing.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn parsed<T: FromStr>(&self, name: &str) -> Result<T> {
        self.entry(name).parse().map_err(|_| Error::NotFound)
    }

    /// What came back for the form with this id; empty if it did not come back.
    pub fn typed(&self, form: &str) -> Typed {
        self.kept
            .as_ref()
            .filter(|kept| kept.form == form)
            .map(|kept| typed(kept))
            .unwrap_or_default()
    }
}

/// A kept form as the components want it.
pub(super) fn typed(kept: &Kept) -> Typed {
    let mut problems = kept.problems.clone();
    if problems.is_empty() {
        problems.push(Problem {
            field: String::new(),
            text: kept.message.clone(),
        });
    }
    Typed {
        values: kept.entries.clone(),
        problems,
    }
}

/// Whether an address leads to a page of ours and nowhere else.
pub fn is_local_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '\r', '\n', '\t'])
        && path.len() < 2_000
}
