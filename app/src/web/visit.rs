//! One request.

use crate::components::{CameBack, FormOf};
use axum::http::request::Parts;
use casework::{
    Caller, Desk, Error, Result,
    accounts::{Origin, Session},
    files::Received,
    input::{Input, On},
    kept::{Owner, Waiting},
    paging::Count,
};
use leptos::prelude::use_context;
use leptos_router::params::ParamsMap;
use std::{collections::BTreeMap, str::FromStr, sync::Arc};
use workflow::Timestamp;

/// How this server runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mode {
    /// With demo people, who sign in with one click, and a page of captured mails.
    pub demo: bool,
    /// Behind https: cookies are `Secure` and carry the `__Host-` prefix.
    pub secure: bool,
}

/// The cookie that names the form that has arrived last; `islands/typed.rs` reads it.
pub const ARRIVED: &str = "arrived";

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

    /// The header that tells the browser's own scripts that the form with this key has arrived: then
    /// they forget what was typed into it. None for what is no key.
    pub fn arrived_cookie(self, once: &str) -> Option<String> {
        let is_key = (1..=36).contains(&once.len())
            && once
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        let secure = if self.secure { "; Secure" } else { "" };
        is_key.then(|| format!("{ARRIVED}={once}; Path=/; Max-Age=300; SameSite=Lax{secure}"))
    }

    fn cookie(self, name: &str, value: &str) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        let end = if value.is_empty() { "; Max-Age=0" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{end}")
    }
}

/// A request: who, from where, and what was asked. The server puts it into the
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
    /// The parts of the address that the router found.
    pub params: ParamsMap,
    /// A page is wanted, not data.
    pub wants_page: bool,
    /// The path this request came from, where it is one of ours.
    pub referer: Option<String>,
    /// Files that arrived with the form of a step.
    pub files: Arc<[Received]>,
    /// A form that came back, named by `?kept=`.
    pub kept: Option<Arc<CameBack>>,
    /// How much is unread in the inbox of whoever is signed in.
    pub unread: Count,
    /// What was typed into a form of the page, refused and left.
    pub waiting: Option<Waiting>,
    /// A receipt that was sent to be verified.
    pub receipt: Option<Arc<str>>,
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

    /// Whether a second factor has to be set up before anything else.
    pub fn must_set_up(&self) -> bool {
        self.session
            .as_ref()
            .is_some_and(|session| session.must_set_up)
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

    /// Whose kept forms are shown here.
    pub fn owners(&self) -> Vec<Owner> {
        let nobody = Owner::Browser(self.browser.clone());
        match self.caller() {
            Ok(caller) => vec![
                Owner::Person(caller.person),
                Owner::Awaited {
                    person: caller.person,
                    browser: self.browser.clone(),
                },
                nobody,
            ],
            Err(_) => vec![nobody],
        }
    }

    /// A parameter of the query string.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// A part of the address, as the router found it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is no such value.
    pub fn at<T: FromStr>(&self, name: &str) -> Result<T> {
        let part = self.params.get_str(name).ok_or(Error::NotFound)?;
        part.parse().map_err(|_| Error::NotFound)
    }

    /// Whether the form with this id came back: then it is not folded away.
    pub fn is_back(&self, form: &str) -> bool {
        self.kept
            .as_ref()
            .is_some_and(|came_back| came_back.kept.form == form)
    }

    /// A form on this page, to which it comes back when it is refused.
    pub fn form<I: Input>(&self) -> FormOf<I> {
        let form = FormOf::new().back(self.here()).came_back(self.kept.clone());
        if I::On::BY_VISITOR {
            form
        } else {
            form.drawn_for(&self.desk, self.caller().ok())
        }
    }
}
