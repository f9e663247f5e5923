//! Letters about the members of an app. They carry nothing that an inviter could write to a
//! stranger: of free text only the names of app, organisation and member, as [`plain`] leaves them.

use crate::{
    Result,
    access::queries::DataEnvironment,
    commands::AppStep,
    entities::{apps, people},
    post::{self, About, Addressee, Button, Letter, LetterKind},
    words::{day, moment, one_line},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use url::Url;
use uuid::Uuid;
use workflow::{PersonId, Timestamp};

/// What is written about a membership.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberLetter {
    /// To the one invited.
    Invited {
        invitation: Uuid,
        by: String,
        until: Timestamp,
    },
    /// To the other members.
    Joined {
        name: String,
    },
    Left {
        name: String,
    },
    Removed {
        by: String,
        name: String,
    },
    Changed {
        name: String,
        now: String,
    },
    /// To the one concerned.
    YouWereRemoved {
        by: String,
    },
    /// To the one to whom the app is offered.
    Offered {
        invitation: Uuid,
        by: String,
        until: Timestamp,
    },
    /// To the other members.
    HandedOver {
        from: String,
        to: String,
    },
    Archived {
        by: String,
    },
    Restored {
        by: String,
    },
    /// To the owners, as below.
    RedirectsChanged {
        by: String,
        environment: DataEnvironment,
    },
    /// To the owners, whoever of them did it: should it have been nobody of them, they learn of it.
    SecretReplaced {
        by: String,
        environment: DataEnvironment,
        /// Until when the old one works; none where there was none.
        ends: Option<Timestamp>,
        at_once: bool,
    },
}

/// Writes a letter of a step to some people into the outbox.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn post_to_members(
    step: &AppStep<'_>,
    to: &[&people::Model],
    letter: &MemberLetter,
) -> Result<()> {
    let about = match letter {
        MemberLetter::Invited { invitation, .. } | MemberLetter::Offered { invitation, .. } => {
            About::Invitation(*invitation)
        }
        MemberLetter::Joined { .. }
        | MemberLetter::Left { .. }
        | MemberLetter::Removed { .. }
        | MemberLetter::Changed { .. }
        | MemberLetter::HandedOver { .. }
        | MemberLetter::Archived { .. }
        | MemberLetter::Restored { .. }
        | MemberLetter::SecretReplaced { .. }
        | MemberLetter::RedirectsChanged { .. }
        | MemberLetter::YouWereRemoved { .. } => About::App(step.app.id),
    };
    let letter = write(&step.desk.base_url, &step.app, letter);
    let addressed: Vec<(Addressee, Letter)> = to
        .iter()
        .map(|person| (Addressee::from(*person), letter.clone()))
        .collect();
    post::put(step.transaction(), step.desk, about, &addressed).await?;
    step.has_letters();
    Ok(())
}

/// Tells the members of an app, all but some.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn tell_members(
    step: &AppStep<'_>,
    without: &[PersonId],
    letter: &MemberLetter,
) -> Result<()> {
    let ids = step
        .people
        .members()
        .map(|member| member.person_id)
        .filter(|person| !without.contains(&PersonId(*person)));
    let people = people::Entity::find()
        .filter(people::Column::Id.is_in(ids))
        .filter(post::held::reachable())
        .all(step.transaction())
        .await?;
    let people: Vec<&people::Model> = people.iter().collect();
    post_to_members(step, &people, letter).await
}

/// Tells the owners of an app, all of them.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn tell_owners(step: &AppStep<'_>, letter: &MemberLetter) -> Result<()> {
    let others: Vec<PersonId> = step
        .people
        .members()
        .filter(|member| !member.owner)
        .map(|member| PersonId(member.person_id))
        .collect();
    tell_members(step, &others, letter).await
}

fn write(base_url: &Url, app: &apps::Model, letter: &MemberLetter) -> Letter {
    let name = plain(&app.name);
    let facts = [
        ("App", name.clone()),
        ("Organisation", plain(&app.organisation)),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .collect();
    let button = |label, path: &str| {
        let mut link = base_url.clone();
        link.set_path(path);
        Button { label, link }
    };
    let changed = |kind, happened: String| Letter {
        kind,
        link_hash: None,
        subject: format!("Members of {name} have changed"),
        happened,
        next: "If you expected this, nothing needs doing.".to_owned(),
        quotes: Vec::new(),
        button: button("See the app", &format!("/apps/{}", app.id)),
        facts,
        because: format!("You get this because you are a member of {name}."),
    };
    match letter {
        MemberLetter::Invited { by, until, .. } => Letter {
            kind: LetterKind::MemberInvited,
            subject: format!("You are invited to work on {name}"),
            happened: format!(
                "{}, an owner of {name}, invites you to become a member of the app.",
                plain(by)
            ),
            next: format!(
                "Accept or decline by {}. You become a member once you accept.",
                day(*until)
            ),
            button: button("See the invitation", "/apps"),
            because: "If you do not know this app, decline the invitation or ignore this mail."
                .to_owned(),
            ..changed(LetterKind::MemberInvited, String::new())
        },
        MemberLetter::Joined { name: who } => changed(
            LetterKind::MemberJoined,
            format!(
                "{} accepted the invitation and is a member of {name}.",
                plain(who)
            ),
        ),
        MemberLetter::Left { name: who } => changed(
            LetterKind::MemberLeft,
            format!("{} left {name}.", plain(who)),
        ),
        MemberLetter::Removed { by, name: who } => changed(
            LetterKind::MemberRemoved,
            format!("{} removed {} from {name}.", plain(by), plain(who)),
        ),
        MemberLetter::Changed { name: who, now } => changed(
            LetterKind::MemberChanged,
            format!(
                "An owner changed what {} may do for {name}: {now}.",
                plain(who)
            ),
        ),
        MemberLetter::Offered { by, until, .. } => Letter {
            subject: format!("{name} is offered to you"),
            happened: format!("{} wants to hand {name} over to you.", plain(by)),
            next: format!(
                "Accept or decline by {}. Once you accept you own the app and sign for it.",
                day(*until)
            ),
            button: button("See the offer", "/apps"),
            ..changed(LetterKind::MemberInvited, String::new())
        },
        MemberLetter::HandedOver { from, to } => changed(
            LetterKind::MemberChanged,
            format!(
                "{} handed {name} over to {}, who accepted.",
                plain(from),
                plain(to)
            ),
        ),
        MemberLetter::Archived { by } => Letter {
            subject: format!("{name} is archived"),
            next: "It has no access until an owner restores it.".to_owned(),
            ..changed(
                LetterKind::AppArchived,
                format!("{} archived {name}.", plain(by)),
            )
        },
        MemberLetter::Restored { by } => Letter {
            subject: format!("{name} is restored"),
            next: "What it had, it has again.".to_owned(),
            ..changed(
                LetterKind::AppArchived,
                format!("{} restored {name}.", plain(by)),
            )
        },
        MemberLetter::SecretReplaced {
            by,
            environment,
            ends,
            at_once,
        } => {
            let of = environment.word();
            let old = match ends {
                None => "It is the first one.".to_owned(),
                Some(_) if *at_once => "The old one does not work any more.".to_owned(),
                Some(until) => format!("The old one works until {}.", moment(*until)),
            };
            Letter {
                subject: format!("{name} has a new client secret"),
                next: format!(
                    "{old} If nobody of you did this, replace the secret at once and write to us."
                ),
                because: format!("You get this because you own {name}."),
                ..changed(
                    LetterKind::SecretReplaced,
                    format!("{} made a new client secret of {name} for {of}.", plain(by)),
                )
            }
        }
        MemberLetter::RedirectsChanged { by, environment } => Letter {
            subject: format!("{name} has other redirect URIs"),
            next:
                "Look at them on the page of the app. If nobody of you did this, set them right at \
                   once, replace the secret and write to us."
                    .to_owned(),
            button: button("See the app", &format!("/apps/{}", app.id)),
            because: format!("You get this because you own {name}."),
            ..changed(
                LetterKind::RedirectsChanged,
                format!(
                    "{} changed where users of {name} are sent back to, for {}.",
                    plain(by),
                    environment.word()
                ),
            )
        },
        MemberLetter::YouWereRemoved { by } => Letter {
            subject: format!("You are no longer a member of {name}"),
            button: button("See your apps", "/apps"),
            because: format!("You get this because you were a member of {name}."),
            ..changed(
                LetterKind::MembershipEnded,
                format!("{}, an owner, removed you from {name}.", plain(by)),
            )
        },
    }
}

/// The most characters of a name in a letter.
const LONGEST: usize = 80;

/// A name that somebody chose, fit for a letter to somebody else: one line, not long, without
/// invisible characters, and without anything that a mail program would make a link of.
pub(crate) fn plain(name: &str) -> String {
    let visible: String = one_line(name)
        .chars()
        .filter(|c| !workflow::text::is_unwanted(*c))
        .collect();
    let words = visible.split_whitespace().map(unlinked);
    let joined = words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if joined.chars().count() <= LONGEST {
        joined
    } else {
        let cut: String = joined.chars().take(LONGEST).collect();
        format!("{}…", cut.trim_end())
    }
}

/// A word without the marks of an address: a dot or `@` before a letter, `:` or `/` anywhere.
fn unlinked(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut rest = word.chars().peekable();
    while let Some(c) = rest.next() {
        let before_letter = rest.peek().is_some_and(|next| next.is_alphabetic());
        let mark = matches!(c, ':' | '/' | '\\' | '@') || (c == '.' && before_letter);
        out.push(if mark { ' ' } else { c });
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_name_keeps_its_letters_and_loses_what_would_become_a_link() {
        for (typed, told) in [
            ("GlucoPal v2.1", "GlucoPal v2.1"),
            ("Ökonomie Zürich & Co. KG", "Ökonomie Zürich & Co. KG"),
            (
                "Click https://spam.example now",
                "Click https spam example now",
            ),
            ("pay www.spam.example/x", "pay www spam example x"),
            ("mail me@spam.example", "mail me spam example"),
            ("a\r\nBcc: b\u{202E}c", "a Bcc bc"),
            ("Nora <b>Test", "Nora <b>Test"),
            (" \u{200B} ", ""),
        ] {
            assert_eq!(plain(typed), told);
        }
        assert_eq!(plain(&"W".repeat(200)).chars().count(), 81);
    }
}
