//! What a mail says, and how it looks.

use super::kind::LetterKind;
use crate::{Error, Result, words::one_line};
use askama::Template;
use url::Url;

/// One mail before it is addressed: what happened, what to do, one button, the facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub kind: LetterKind,
    /// The hash of the secret in its link, as in `tokens`.
    pub link_hash: Option<String>,
    pub subject: String,
    /// One sentence: what happened.
    pub happened: String,
    /// One sentence: what to do, and by when.
    pub next: String,
    /// What was said, where the mail is about something said.
    pub quotes: Vec<Quote>,
    pub button: Button,
    pub facts: Vec<(&'static str, String)>,
    /// Why its reader gets it.
    pub because: String,
}

/// The words of someone, with what they are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    pub about: String,
    pub text: String,
}

/// The one thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub label: &'static str,
    /// Absolute, and to the exact place.
    pub link: Url,
}

/// A letter ready for the post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line, whatever was typed into what it names.
    pub subject: String,
    pub text: String,
    pub html: String,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct Text<'a> {
    name: &'a str,
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'a> {
    name: &'a str,
    letter: &'a Letter,
}

impl Letter {
    /// The letter without facts and quotes that say nothing.
    fn without_gaps(&self) -> Self {
        let mut letter = self.clone();
        letter.facts.retain(|(_, value)| !value.trim().is_empty());
        letter.quotes.retain(|quote| !quote.text.trim().is_empty());
        letter
    }

    /// The letter as text and as HTML, to a person of this name.
    ///
    /// # Errors
    /// When a template fails, which those of ours do not.
    pub fn render(&self, name: &str) -> Result<Rendered> {
        let name = &one_line(name);
        let letter = &self.without_gaps();
        let text = Text { name, letter };
        let html = Html { name, letter };
        Ok(Rendered {
            subject: one_line(&self.subject),
            text: text.render().map_err(Error::unavailable)?,
            html: html.render().map_err(Error::unavailable)?,
        })
    }
}
