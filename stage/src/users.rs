//! The users of the demo's approved apps: they come by and by, and some are served each day.

use super::partners::LEFT;
use casework::{
    Caller, Desk, Error, Result,
    access::{GatewayScope, Refused, Subject, gateway_of},
    commands::{Secret, Served, authorise, make_gateway_token, report_served},
    entities::apps,
    queries::known_app,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use time::Duration;
use workflow::{Timestamp, state::AccessLevel};

/// How many users apps with a cap have come to have today; others fill all their places.
const SOME: [(&str, u32); 3] = [
    ("GlucoWise Coach", 16),
    ("Kardia Runner", 3),
    ("Vitalis Coach", 41),
];

/// How many an app without a cap has come to have.
const WITHOUT_CAP: u32 = 9;

/// Lets the portal's gateway in; answers its token.
pub(super) async fn let_gateway_in(desk: &Desk, admin: &Caller) -> Result<Secret> {
    let scopes = GatewayScope::ALL.into_iter().collect();
    let name = "Production gateway, Frankfurt";
    let made = make_gateway_token(desk, admin, name, &scopes, "365").await?;
    Ok(made.token)
}

/// What users do in a day: some authorise an app, as many as bring it to where it is in the end, and
/// most of those who have are served.
pub(super) async fn live_a_day(desk: &Desk, token: &Secret, end: Timestamp) -> Result<()> {
    let gateway = gateway_of(desk, token.reveal()).await?;
    let gateway = gateway.ok_or(Error::NotFound)?;
    let approved = apps::Entity::find()
        .filter(apps::Column::Level.ne(AccessLevel::Sandbox.word()))
        .filter(apps::Column::Suspended.eq(false))
        .all(desk.database.read())
        .await?;
    for app in approved {
        let left = LEFT.iter().find(|(name, _)| *name == app.name);
        if left.is_some_and(|(_, days)| desk.now() >= end.plus(-Duration::days(*days))) {
            continue;
        }
        let known = known_app(desk, &gateway, &app.client_id).await?;
        let some = SOME.iter().find(|(name, _)| *name == app.name);
        let in_the_end = match (some, known.cap) {
            (Some((_, users)), _) => *users,
            (None, Some(cap)) => cap.users,
            (None, None) => WITHOUT_CAP,
        };
        let begun = known.cap.map_or(app.created_at, |cap| cap.since.micros());
        let (gone, all) = (desk.now().micros() - begun, end.micros() - begun);
        let now = i64::from(in_the_end) * gone.max(0) / all.max(1) + 1;
        let now = u32::try_from(now).unwrap_or(0).min(in_the_end);
        for user in known.authorised..now {
            match authorise(desk, &gateway, &app.client_id, &subject(user)?).await {
                Ok(_) | Err(Refused::Denied { .. }) => {}
                Err(Refused::Failed(error)) => return Err(error),
            }
        }
        let day = desk.now().date();
        let served = (0..now.max(known.authorised))
            .filter(|user| user % 5 != 4)
            .map(|user| subject(user).map(|subject| Served { day, subject }))
            .collect::<Result<Vec<_>>>()?;
        report_served(desk, &gateway, &app.client_id, &served).await?;
    }
    Ok(())
}

fn subject(user: u32) -> Result<Subject> {
    Subject::parse(&format!("demo-user-{user}"))
}
