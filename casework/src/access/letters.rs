//! Letters to the members of an app whose places for authorised users run out.

use super::Cap;
use crate::{
    Result, Step,
    apps::letters::plain,
    entities::{apps, people},
    post::{self, About, Addressee, Button, Letter, LetterKind},
    relations::AppPeople,
    words::{count, day},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use url::Url;
use workflow::{Timestamp, users::Taken};

/// Tells all members of an app how far its places are taken.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn post_places_taken(
    step: &Step<'_>,
    app: &apps::Model,
    taken: Taken,
    authorised: u32,
    cap: Cap,
) -> Result<()> {
    let people = AppPeople::of(step.transaction(), app.id).await?;
    let members = people.members().map(|member| member.person_id);
    let readers = people::Entity::find()
        .filter(people::Column::Id.is_in(members))
        .filter(post::held::reachable())
        .all(step.transaction())
        .await?;
    let letter = write(&step.desk.base_url, app, taken, authorised, cap, step.now);
    let addressed: Vec<(Addressee, Letter)> = readers
        .iter()
        .map(|person| (Addressee::from(person), letter.clone()))
        .collect();
    post::put(
        step.transaction(),
        step.desk,
        About::App(app.id),
        &addressed,
    )
    .await?;
    step.has_letters();
    Ok(())
}

fn write(
    base_url: &Url,
    app: &apps::Model,
    taken: Taken,
    authorised: u32,
    cap: Cap,
    now: Timestamp,
) -> Letter {
    let name = plain(&app.name);
    let mut link = base_url.clone();
    link.set_path(&format!("/apps/{}", app.id));
    let users = cap.users;
    let (kind, subject, happened, next) = match taken {
        Taken::All => (
            LetterKind::UserCapReached,
            format!("{name} has all of its {}", count(users, "authorised user")),
            format!(
                "On {} the last of {} for authorised users of {name} was taken. Nobody else can authorise the app; those who have can go on.",
                day(now),
                count(users, "place")
            ),
            "Full Access has no limit of users; the app's page says how to apply, or where your application stands. A place is free again when a user takes the authorisation back."
                .to_owned(),
        ),
        Taken::Most | Taken::Some => (
            LetterKind::UserCapNear,
            format!("{name} has {authorised} of {}", count(users, "authorised user")),
            format!(
                "On {} {authorised} of {} for authorised users of {name} were taken.",
                day(now),
                count(users, "place")
            ),
            "When all are taken, nobody else can authorise the app. Full Access has no limit of users; the app's page says how to apply, or where your application stands."
                .to_owned(),
        ),
    };
    Letter {
        kind,
        link_hash: None,
        subject,
        happened,
        next,
        quotes: Vec::new(),
        button: Button {
            label: "See the app",
            link,
        },
        facts: vec![
            ("App", name.clone()),
            ("Authorised users", format!("{authorised} of {users}")),
        ],
        because: format!("You get this because you are a member of {name}."),
    }
}
