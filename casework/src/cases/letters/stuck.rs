//! "Is it stuck?": to the leads, and the answer to the members of the app.

use super::{Audience, Letter, LetterKind, LetterOf, Scene};
use crate::{post::Quote, words::day};

impl Scene<'_> {
    /// To the leads: somebody of the app asks, with `text` where it is not empty.
    pub fn stuck_asked(&self, text: &str) -> (Audience, Letter) {
        let due = crate::store::due(self.after, self.known);
        let who = self.actor.unwrap_or("The developer");
        let letter = LetterOf {
            kind: LetterKind::StuckAsked,
            subject: self.subject("is it stuck?"),
            happened: format!(
                "{who} asks whether {}'s application for {} is stuck.",
                self.app_name,
                self.level()
            ),
            next: match due {
                Some(due) => format!(
                    "See to it that it goes on, or answer where it stands; it is due {}.",
                    day(due)
                ),
                None => "See to it that it goes on, or answer where it stands.".to_owned(),
            },
            quotes: quoted("The question", text),
            button: self.case_page("Open the case", "#stuck"),
            facts: self.staff_facts(due),
        };
        (
            Audience::Leads,
            letter.because("You get this because you lead.".to_owned()),
        )
    }

    /// To the members: what a lead answered.
    pub fn stuck_answered(&self, text: &str) -> (Audience, Letter) {
        self.to_members(LetterOf {
            kind: LetterKind::StuckAnswered,
            subject: self.subject("where your application stands"),
            happened: format!(
                "We have answered the question whether {}'s application for {} is stuck.",
                self.app_name,
                self.level()
            ),
            next: "Nothing needs doing; we write again when the application goes on.".to_owned(),
            quotes: quoted("Our answer", text),
            button: self.application("Open the application", "#stuck"),
            facts: self.facts(None),
        })
    }
}

fn quoted(about: &str, text: &str) -> Vec<Quote> {
    let quote = (!text.is_empty()).then(|| Quote {
        about: about.to_owned(),
        text: text.to_owned(),
    });
    quote.into_iter().collect()
}
