//! Say since when and where everybody can get an app, and whom its users ask; and confirm the latter.

use super::{PartnerStep, may_before, refused};
use crate::{
    Caller, Desk, Error, Result,
    entities::{partner_links, partner_publications},
    input::input,
    partners::evidence::{date_of, day_number},
    policy::PartnerAct,
    text::{Limits, line},
    typed,
    words::date,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};
use serde_json::json;
use time::Date;
use uuid::Uuid;
use workflow::{
    AppId,
    form::{Problem, contact_fault, web_address_fault},
    living::next_look,
    partners::Refused,
};

/// So many store pages an app can name.
pub const MOST_LINKS: usize = 5;

/// No store for apps is older.
const EARLIEST_YEAR: i32 = 2008;

/// The longest address of a store page, in characters.
const LONGEST_LINK: usize = 500;

input! {
    /// What the owners say of their app.
    pub struct PublishAppInput for "publish_app" OnDesk {
        hidden app: AppId;
        /// The version that the person saw; 0 where there was none.
        hidden version: i64;
        typed available: String = "Available since" up to 40;
        typed links: String = "Store pages" up to 3_000;
        typed contact: String = "Support contact" up to 200;
    }
}

input! {
    /// That the support contact is right.
    pub struct ConfirmContactInput for "confirm_contact" OnDesk {
        hidden app: AppId;
        hidden version: i64;
        typed right: bool = "The support contact is right, and users who write there are answered";
    }
}

/// What was typed, once it is sound.
struct Typed {
    available: Date,
    links: Vec<String>,
    contact: String,
}

/// Writes down what the owners say. Each store page is visited now; one that does not answer is
/// refused.
///
/// # Errors
/// [`Error::NotFound`] to strangers, [`Error::Forbidden`]; [`Error::Input`]; [`Error::Refused`]
/// without Full Access; [`Error::Conflict`] when it has changed since.
pub async fn publish_app(desk: &Desk, caller: &Caller, input: &PublishAppInput) -> Result<()> {
    may_before(desk, caller, input.app, PartnerAct::Publish).await?;
    let typed = checked(desk, input).await?;
    let step = PartnerStep::begin(desk, caller, input.app, PartnerAct::Publish).await?;
    if step.known.evidence.full.is_none() {
        return Err(refused(Refused::NoFullAccess));
    }
    let before = step.known.publication.clone();
    if before.as_ref().map_or(0, |row| row.version) != input.version {
        return Err(Error::Conflict {
            changes: Vec::new(),
        });
    }
    let day = day_number(typed.available);
    // The first day of use is looked for anew where it counts from another day.
    let first = before
        .as_ref()
        .filter(|row| row.available_day == day)
        .and_then(|row| row.first_user_day);
    use partner_publications::Column as P;
    partner_publications::Entity::insert(partner_publications::ActiveModel {
        app_id: Set(step.app.id),
        available_day: Set(day),
        contact: Set(typed.contact.clone()),
        confirmed_at: Set(step.now.micros()),
        confirmed_by: Set(caller.person.0),
        first_user_day: Set(first),
        version: Set(input.version + 1),
    })
    .on_conflict(
        OnConflict::column(P::AppId)
            .update_columns([
                P::AvailableDay,
                P::Contact,
                P::ConfirmedAt,
                P::ConfirmedBy,
                P::FirstUserDay,
                P::Version,
            ])
            .to_owned(),
    )
    .exec_without_returning(step.transaction())
    .await?;
    name_links(&step, &typed.links).await?;
    let body = json!({
        "published": step.app.id,
        "contact": typed.contact,
        "before": before.map(|row| json!({
            "available": date(date_of(row.available_day)),
            "contact": row.contact,
            "links": step.known.links.iter().map(|link| &link.address).collect::<Vec<_>>(),
        })),
        "available": date(typed.available),
        "links": typed.links,
    });
    step.commit("partner_app_published", body, String::new())
        .await
}

/// The store pages from now on. They were visited just now.
async fn name_links(step: &PartnerStep<'_>, links: &[String]) -> Result<()> {
    use partner_links::Column as C;
    partner_links::Entity::delete_many()
        .filter(C::AppId.eq(step.app.id))
        .filter(C::Address.is_not_in(links.iter().map(String::as_str)))
        .exec(step.transaction())
        .await?;
    let next = next_look(step.now, false, &step.step.known.settings).micros();
    for address in links {
        partner_links::Entity::insert(partner_links::ActiveModel {
            id: Set(Uuid::now_v7()),
            app_id: Set(step.app.id),
            address: Set(address.clone()),
            answered_at: Set(Some(step.now.micros())),
            failing_since_at: Set(None),
            failure: Set(String::new()),
            next_at: Set(next),
        })
        .on_conflict(
            OnConflict::columns([C::AppId, C::Address])
                .update_columns([C::AnsweredAt, C::FailingSinceAt, C::Failure, C::NextAt])
                .to_owned(),
        )
        .exec_without_returning(step.transaction())
        .await?;
    }
    Ok(())
}

async fn checked(desk: &Desk, input: &PublishAppInput) -> Result<Typed> {
    let mut problems = Vec::new();
    let available = match typed::day("available", "Available since", &input.available) {
        Ok(Some(end)) if end.date().year() < EARLIEST_YEAR => {
            problems.push(wrong(
                "available",
                &format!("Available since: write a day in {EARLIEST_YEAR} or later."),
            ));
            None
        }
        Ok(Some(end)) if end.date() <= desk.now().date() => Some(end.date()),
        Ok(day) => {
            problems.push(wrong(
                "available",
                if day.is_some() {
                    "Available since: this day lies ahead; write the day on which everybody could first get the app."
                } else {
                    "Available since: write a date such as 2026-03-31, today or before."
                },
            ));
            None
        }
        Err(Error::Input { problems: more }) => {
            problems.extend(more);
            None
        }
        Err(error) => return Err(error),
    };
    let links = links(desk, &input.links, &mut problems).await;
    let limits = Limits {
        field: "contact",
        label: "Support contact",
        min: 5,
        max: 200,
    };
    let contact = line(limits, &input.contact, &mut problems);
    if !problems.iter().any(|one| one.field == "contact")
        && let Some(fault) = contact_fault(&contact)
    {
        problems.push(wrong("contact", &format!("Support contact: {fault}")));
    }
    match available {
        Some(available) if problems.is_empty() => Ok(Typed {
            available,
            links,
            contact,
        }),
        _ => Err(Error::Input { problems }),
    }
}

/// The addresses, one on each line; those that are none, or do not answer, are problems. They are
/// visited only where all of them look right.
async fn links(desk: &Desk, typed: &str, problems: &mut Vec<Problem>) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    for word in typed.split_whitespace() {
        let address = workflow::text::line(word);
        if !links.contains(&address) {
            links.push(address);
        }
    }
    let mut texts = Vec::new();
    if links.is_empty() {
        texts.push("name at least one, each on its own line.".to_owned());
    } else if links.len() > MOST_LINKS {
        texts.push(format!("name at most {MOST_LINKS}."));
    }
    for address in links.iter().take(MOST_LINKS) {
        if address.chars().count() > LONGEST_LINK {
            texts.push(format!("an address has at most {LONGEST_LINK} characters."));
        } else if let Some(fault) = web_address_fault(address) {
            texts.push(format!("{address}: {fault}"));
        }
    }
    if texts.is_empty() {
        for address in &links {
            if let Some(fault) = desk.links.problem(address).await {
                texts.push(format!("{address}: {fault}"));
            }
        }
    }
    let told = texts
        .iter()
        .map(|text| wrong("links", &format!("Store pages: {text}")));
    problems.extend(told);
    links
}

fn wrong(field: &str, text: &str) -> Problem {
    Problem {
        field: field.to_owned(),
        text: text.to_owned(),
    }
}

/// Confirms the support contact as it stands.
///
/// # Errors
/// As [`publish_app`]; [`Error::NotFound`] where nothing was said of the app yet.
pub async fn confirm_contact(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    seen: i64,
    right: bool,
) -> Result<()> {
    let step = PartnerStep::begin(desk, caller, app, PartnerAct::ConfirmContact).await?;
    if !right {
        return Err(Error::field("right", "Tick the box once it is right."));
    }
    let known = step.known.publication.clone().ok_or(Error::NotFound)?;
    if known.version != seen {
        return Err(Error::Conflict {
            changes: Vec::new(),
        });
    }
    // It may be older than the rule.
    if let Some(fault) = contact_fault(&known.contact) {
        return Err(Error::field("right", format!("Support contact: {fault}")));
    }
    use partner_publications::Column as P;
    partner_publications::Entity::update_many()
        .col_expr(P::ConfirmedAt, Expr::value(step.now.micros()))
        .col_expr(P::ConfirmedBy, Expr::value(caller.person.0))
        .col_expr(P::Version, Expr::value(known.version + 1))
        .filter(P::AppId.eq(step.app.id))
        .exec(step.transaction())
        .await?;
    let body = json!({ "published": step.app.id });
    step.commit("partner_contact_confirmed", body, String::new())
        .await
}
