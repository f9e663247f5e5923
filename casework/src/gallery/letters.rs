//! Letters about entries: to the members of the app, and to those of ours who look at entries.

use super::store::Stored;
use crate::{
    Result, Step,
    apps::letters::plain,
    entities::{gallery_links, people},
    policy::GalleryAct,
    post::{self, About, Addressee, Button, Letter, LetterKind, Quote},
    roles_from_words,
    words::day,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;
use workflow::{PersonId, Role, Timestamp};

/// Whoever looks at entries.
pub(crate) const REVIEWER: Role = Role::PartnerManager;

/// What differs between two letters.
struct Says {
    kind: LetterKind,
    subject: &'static str,
    happened: String,
    next: String,
    quote: Option<(&'static str, String)>,
    button: &'static str,
    path: String,
    facts: Vec<(&'static str, String)>,
}

impl Says {
    /// To the members, with the page on which they work.
    fn to_members(kind: LetterKind, stored: &Stored, subject: &'static str) -> Self {
        Self {
            kind,
            subject,
            happened: String::new(),
            next: String::new(),
            quote: None,
            button: "See the entry",
            path: format!("/apps/{}/gallery", stored.app.id),
            facts: Vec::new(),
        }
    }
}

/// To those of ours who look at entries: one waits.
pub(super) async fn sent_in(step: &Step<'_>, stored: &Stored) -> Result<()> {
    let app = plain(&stored.app.name);
    let says = Says {
        happened: format!("The developer of {app} has sent in an entry for the gallery."),
        next: "Look at it, and publish it or ask for changes.".to_owned(),
        button: "Look at the entry",
        path: format!("/gallery/review/{}", stored.app.id),
        ..Says::to_members(LetterKind::EntrySentIn, stored, "an entry to look at")
    };
    let found = people::Entity::find()
        .filter(people::Column::Roles.contains(REVIEWER.word()))
        .filter(people::Column::DisabledAt.is_null())
        .all(step.transaction())
        .await?;
    let readers: Vec<people::Model> = found
        .into_iter()
        .filter(|person| {
            let roles = roles_from_words(&person.roles);
            let subject = stored.subject(PersonId(person.id), &roles);
            roles.contains(&REVIEWER) && step.policy.allows(&subject, GalleryAct::ReadInternal)
        })
        .collect();
    let because = "You get this because you look after the gallery.".to_owned();
    put(step, stored, &readers, says, because).await
}

/// To the members: what is to be changed.
pub(super) async fn changes_asked(step: &Step<'_>, stored: &Stored, text: &str) -> Result<()> {
    let subject = "we ask for changes in its gallery entry";
    let says = Says {
        happened: "We have looked at the entry for the gallery and ask for changes.".to_owned(),
        next: "Change the entry, and send it in again.".to_owned(),
        quote: Some(("What to change", text.to_owned())),
        ..Says::to_members(LetterKind::EntryChangesAsked, stored, subject)
    };
    to_members(step, stored, says).await
}

/// To the members: it is public.
pub(super) async fn published(step: &Step<'_>, stored: &Stored) -> Result<()> {
    let says = Says {
        happened: "The entry is in the gallery, where everybody can read it.".to_owned(),
        next: "Look at it as visitors see it. When something changes, write a new version; this one stays until that is published.".to_owned(),
        button: "See it in the gallery",
        path: format!("/gallery/{}", stored.row.slug),
        ..Says::to_members(LetterKind::EntryPublished, stored, "its entry is in the gallery")
    };
    to_members(step, stored, says).await
}

/// To the members: it was taken down, and why.
pub(super) async fn taken_down(step: &Step<'_>, stored: &Stored, why: &str) -> Result<()> {
    let subject = "its entry was taken out of the gallery";
    let says = Says {
        happened: "We have taken the entry out of the gallery.".to_owned(),
        next: "Read why. You can change the entry and send it in again.".to_owned(),
        quote: Some(("Why", why.to_owned())),
        ..Says::to_members(LetterKind::EntryTakenDown, stored, subject)
    };
    to_members(step, stored, says).await
}

/// To the members: it is not shown while partnership or access is gone.
pub(super) async fn hidden(step: &Step<'_>, stored: &Stored) -> Result<()> {
    let subject = "its entry is not in the gallery any more";
    let says = Says {
        happened: "The gallery shows apps with Full Access of partners in good standing. This app is not one of them at present, so its entry was taken out.".to_owned(),
        next: "See what is missing. The entry comes back by itself once nothing is.".to_owned(),
        ..Says::to_members(LetterKind::EntryHidden, stored, subject)
    };
    to_members(step, stored, says).await
}

/// To the members: it is shown again.
pub(super) async fn shown_again(step: &Step<'_>, stored: &Stored) -> Result<()> {
    let subject = "its entry is in the gallery again";
    let says = Says {
        happened: "Partnership and access are there again, so the entry is in the gallery again."
            .to_owned(),
        next: "Look whether it still says what is right.".to_owned(),
        button: "See it in the gallery",
        path: format!("/gallery/{}", stored.row.slug),
        ..Says::to_members(LetterKind::EntryShownAgain, stored, subject)
    };
    to_members(step, stored, says).await
}

/// To the members: a link leads nowhere.
pub(super) async fn link_dead(
    step: &Step<'_>,
    stored: &Stored,
    label: &str,
    link: &gallery_links::Model,
) -> Result<()> {
    let since = link.failing_since_at.map(Timestamp::from_micros);
    let since = since.map_or_else(String::new, |at| format!(" since {}", day(at)));
    let says = Says {
        happened: format!(
            "The link to {label} in the entry does not answer{since}: {}",
            link.failure
        ),
        next: "See to it that it answers, or change the link in the entry. We try again every day."
            .to_owned(),
        facts: vec![("Link", link.address.clone())],
        ..Says::to_members(
            LetterKind::EntryLinkDead,
            stored,
            "a link in its gallery entry does not answer",
        )
    };
    to_members(step, stored, says).await
}

async fn to_members(step: &Step<'_>, stored: &Stored, says: Says) -> Result<()> {
    let members: Vec<Uuid> = stored
        .people
        .members()
        .map(|member| member.person_id)
        .collect();
    let readers = people::Entity::find()
        .filter(people::Column::Id.is_in(members))
        .filter(post::held::reachable())
        .all(step.transaction())
        .await?;
    let app = plain(&stored.app.name);
    let because = format!("You get this because you are a member of {app}.");
    put(step, stored, &readers, says, because).await
}

async fn put(
    step: &Step<'_>,
    stored: &Stored,
    readers: &[people::Model],
    says: Says,
    because: String,
) -> Result<()> {
    let app = plain(&stored.app.name);
    let mut link = step.desk.base_url.clone();
    link.set_path(&says.path);
    let mut facts = vec![
        ("App", app.clone()),
        ("Organisation", plain(&stored.app.organisation)),
    ];
    facts.extend(says.facts);
    let quotes = says.quote.map(|(about, text)| Quote {
        about: about.to_owned(),
        text,
    });
    let letter = Letter {
        kind: says.kind,
        link_hash: None,
        subject: format!("{app}: {}", says.subject),
        happened: says.happened,
        next: says.next,
        quotes: quotes.into_iter().collect(),
        button: Button {
            label: says.button,
            link,
        },
        facts,
        because,
    };
    let letters: Vec<(Addressee, Letter)> = readers
        .iter()
        .map(|person| (Addressee::from(person), letter.clone()))
        .collect();
    let about = About::App(stored.app.id);
    post::put(step.transaction(), step.desk, about, &letters).await?;
    step.has_letters();
    Ok(())
}
