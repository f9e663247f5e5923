//! The users of the demo's approved apps: they come by and by, and some are served each day.

use casework::{
    Caller, Desk, Error, Result,
    access::{Gateway, GatewayScope, Refused, Subject, gateway_of},
    commands::{Served, authorise, make_gateway_token, report_served},
    entities::apps,
    queries::known_app,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use workflow::state::AccessLevel;

/// How many users the apps with Limited Access come to have, one after the other.
const LIMITED: [u32; 3] = [16, 20, 3];

/// How many an app with Full Access comes to have.
const FULL: u32 = 41;

/// How many come on one day, at most.
const A_DAY: u32 = 3;

/// The portal's gateway, which an admin lets in.
pub(super) async fn gateway(desk: &Desk, admin: &Caller) -> Result<Gateway> {
    let scopes = GatewayScope::ALL.into_iter().collect();
    let name = "Production gateway, Frankfurt";
    let made = make_gateway_token(desk, admin, name, &scopes, "365").await?;
    gateway_of(desk, made.token.reveal())
        .await?
        .ok_or(Error::NotFound)
}

/// What users do in a day: some authorise an app, and most of those who have are served.
pub(super) async fn live_a_day(desk: &Desk, gateway: &Gateway) -> Result<()> {
    let approved = apps::Entity::find()
        .filter(apps::Column::Level.ne(AccessLevel::Sandbox.word()))
        .filter(apps::Column::Suspended.eq(false))
        .order_by_asc(apps::Column::CreatedAt)
        .all(desk.database.read())
        .await?;
    let today = desk.now().date();
    let mut limited = LIMITED.into_iter().cycle();
    for app in approved {
        let in_the_end = match app.access_level()? {
            AccessLevel::Full => FULL,
            AccessLevel::Limited | AccessLevel::Sandbox => limited.next().unwrap_or(0),
        };
        let known = known_app(desk, gateway, &app.client_id).await?;
        let then = in_the_end.min(known.authorised + A_DAY);
        for user in known.authorised..then {
            let subject = subject(user)?;
            match authorise(desk, gateway, &app.client_id, &subject).await {
                Ok(_) | Err(Refused::Denied { .. }) => {}
                Err(Refused::Failed(error)) => return Err(error),
            }
        }
        let served = (0..then)
            .filter(|user| user % 5 != 4)
            .map(|user| {
                Ok(Served {
                    day: today,
                    subject: subject(user)?,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        report_served(desk, gateway, &app.client_id, &served).await?;
    }
    Ok(())
}

fn subject(user: u32) -> Result<Subject> {
    Subject::parse(&format!("demo-user-{user}"))
}
