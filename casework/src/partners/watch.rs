//! The clock watches partners: a criterion that is not met any more begins a lapse, one that is met
//! again ends it, and each change of the standing is an event and a letter. What follows from dates is
//! found by the clock's rounds; what a step changes, in the step itself ([`follow`]), so that no page
//! says of a partner what its criteria do not.

use super::{
    evidence::{self, Known},
    letters::{Told, post},
    store::{self, Partnership},
    words::all_missing,
};
use crate::{
    By, Desk, Part, Result, Step,
    audit::{Entry, Subject},
    entities::{apps, partner_lapses, partner_publications, partnerships},
    words::date,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, sea_query::Expr,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{
    Actor, Timestamp,
    partners::{Criterion, FIRST_USER_DAYS, Found, Grace, Lapse, State, criteria, unmet},
};

/// How many partners are held in memory at once.
const BATCH: u64 = 200;

/// Looks at every partner; answers for how many something changed. One that fails is reported
/// ([`crate::Conditions`]) and passed over.
///
/// # Errors
/// When the partners cannot be listed.
pub async fn watch_partners(desk: &Desk) -> Result<usize> {
    let held = State::ALL.iter().filter(|state| state.is_held());
    let held: Vec<&str> = held.map(|state| state.word()).collect();
    let mut changed = 0;
    let mut after = Uuid::nil();
    let mut wrong = Vec::new();
    loop {
        let apps: Vec<(Uuid, Uuid)> = partnerships::Entity::find()
            .select_only()
            .columns([partnerships::Column::Id, partnerships::Column::AppId])
            .filter(partnerships::Column::State.is_in(held.iter().copied()))
            .filter(partnerships::Column::Id.gt(after))
            .order_by_asc(partnerships::Column::Id)
            .limit(BATCH)
            .into_tuple()
            .all(desk.database.read())
            .await?;
        let Some((last, _)) = apps.last() else { break };
        after = *last;
        for (_, app) in apps {
            match watch(desk, app).await {
                Ok(done) => changed += usize::from(done),
                Err(error) => {
                    tracing::warn!(%app, %error, "a partner could not be looked at");
                    let text = "its partnership could not be looked at".to_owned();
                    wrong.push((format!("app {app}"), text));
                }
            }
        }
    }
    desk.conditions.found(Part::Partners, &wrong, desk.now());
    Ok(changed)
}

/// What a look finds to be written down.
struct Changes {
    /// Criteria that are not met any more.
    begin: Vec<Criterion>,
    /// Criteria that are met again.
    end: Vec<Criterion>,
    /// The first day of use, which is kept where the days are not.
    first_user: Option<i32>,
    found: [Found; 3],
}

impl Changes {
    /// Of a partnership as it is, at a moment.
    fn of(
        partnership: &Partnership,
        known: &Known,
        settings: &workflow::Settings,
        now: Timestamp,
    ) -> Self {
        let found = criteria(&known.evidence, settings, now);
        let fails: BTreeSet<Criterion> = unmet(&found).collect();
        let open: BTreeSet<Criterion> = partnership
            .facts
            .lapses
            .iter()
            .filter(|lapse| lapse.until.is_none())
            .map(|lapse| lapse.criterion)
            .collect();
        // What has ended is not followed any more.
        let follows = partnership.standing(now).state.is_held();
        let of = |criteria: &BTreeSet<Criterion>, but: &BTreeSet<Criterion>| {
            let more = criteria.difference(but).copied();
            more.filter(|_| follows).collect()
        };
        Self {
            begin: of(&fails, &open),
            end: of(&open, &fails),
            first_user: first_user(known),
            found,
        }
    }

    fn is_empty(&self) -> bool {
        self.begin.is_empty() && self.end.is_empty() && self.first_user.is_none()
    }
}

/// The first day of use, where it is in time and not written down yet.
fn first_user(known: &Known) -> Option<i32> {
    let publication = known.publication.as_ref()?;
    let first = evidence::day_number(known.evidence.first_user?);
    let days = i64::from(first) - i64::from(publication.available_day);
    (publication.first_user_day.is_none() && days <= FIRST_USER_DAYS).then_some(first)
}

/// Whether there is anything to write down, without a lock: mostly there is not.
async fn is_due(desk: &Desk, app: &apps::Model) -> Result<bool> {
    let read = desk.database.read();
    let Some(partnership) = store::newest(read, app.id).await? else {
        return Ok(false);
    };
    let known = evidence::known(read, app).await?;
    let settings = &desk.reference.known().settings;
    let changes = Changes::of(&partnership, &known, settings, desk.now());
    Ok(!changes.is_empty() || partnership.standing(desk.now()).state != partnership.told())
}

/// Looks at the partnership of an app of which gateways or stores have told something; what cannot be
/// done now, the next round does.
pub(crate) async fn look_at(desk: &Desk, app: Uuid) {
    if let Err(error) = watch(desk, app).await {
        tracing::warn!(%app, %error, "a partner could not be looked at");
    }
}

async fn watch(desk: &Desk, app: Uuid) -> Result<bool> {
    let read = desk.database.read();
    let Some(row) = apps::Entity::find_by_id(app).one(read).await? else {
        return Ok(false);
    };
    if !is_due(desk, &row).await? {
        return Ok(false);
    }
    let mut step = Step::begin(desk, By::Clock).await?;
    let changed = follow(&mut step, app).await?;
    if changed {
        step.commit().await?;
    }
    Ok(changed)
}

/// Within a step that may have changed what the criteria of an app look at: its partnership stands as
/// they say when the step ends. Answers whether anything was to be written down.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn follow(step: &mut Step<'_>, app: Uuid) -> Result<bool> {
    // Locked as by every step on a partnership: of two instances the second sees what the first did.
    let row = apps::Entity::find_by_id(app)
        .lock_exclusive()
        .one(step.transaction())
        .await?;
    let Some(row) = row else { return Ok(false) };
    let Some(mut partnership) = store::newest(step.transaction(), app).await? else {
        return Ok(false);
    };
    // Of two instances that look at the same time, the one that began first may get the lock second:
    // what the other wrote down lies ahead of its moment then, and it has nothing to add.
    if !partnership.told().is_held() || is_ahead(&partnership.facts.lapses, step.now) {
        return Ok(false);
    }
    let known = evidence::known(step.transaction(), &row).await?;
    let changes = Changes::of(&partnership, &known, &step.known.settings, step.now);
    write(step, &mut partnership, &changes).await?;
    let told = tell(step, &row, &partnership, &changes).await?;
    Ok(told || !changes.is_empty())
}

/// Notes an event: whatever step it follows from, it is the clock's.
fn note(step: &mut Step<'_>, app: Uuid, name: &'static str, body: Value) {
    step.append_entry(Entry {
        actor: Some(Actor::Clock),
        subject: Subject::App(app),
        name,
        body,
        reason: String::new(),
    });
}

/// Whether a lapse begins or ends after this moment.
fn is_ahead(lapses: &[Lapse], now: Timestamp) -> bool {
    lapses
        .iter()
        .any(|lapse| lapse.from > now || lapse.until.is_some_and(|until| until > now))
}

/// Writes down which lapses begin and end now, with the event, and takes them over into the facts.
async fn write(
    step: &mut Step<'_>,
    partnership: &mut Partnership,
    changes: &Changes,
) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    use partner_lapses::Column as L;
    let settings = &step.known.settings;
    let grace = Grace {
        rest_days: settings.partner_rest_days,
        end_days: settings.partner_end_days,
    };
    for criterion in &changes.begin {
        partner_lapses::Entity::insert(partner_lapses::ActiveModel {
            id: Set(Uuid::now_v7()),
            partnership_id: Set(partnership.row.id),
            criterion: Set(criterion.word().to_owned()),
            from_at: Set(step.now.micros()),
            until_at: Set(None),
            rest_days: Set(i32::from(grace.rest_days)),
            end_days: Set(i32::from(grace.end_days)),
        })
        .exec_without_returning(step.transaction())
        .await?;
        partnership.facts.lapses.push(Lapse {
            criterion: *criterion,
            from: step.now,
            until: None,
            grace,
        });
    }
    for criterion in &changes.end {
        partner_lapses::Entity::update_many()
            .col_expr(L::UntilAt, Expr::value(Some(step.now.micros())))
            .filter(L::PartnershipId.eq(partnership.row.id))
            .filter(L::Criterion.eq(criterion.word()))
            .filter(L::UntilAt.is_null())
            .exec(step.transaction())
            .await?;
        let ended = |lapse: &&mut Lapse| lapse.criterion == *criterion && lapse.until.is_none();
        for lapse in partnership.facts.lapses.iter_mut().filter(ended) {
            lapse.until = Some(step.now);
        }
    }
    if let Some(day) = changes.first_user {
        use partner_publications::Column as P;
        partner_publications::Entity::update_many()
            .col_expr(P::FirstUserDay, Expr::value(Some(day)))
            .filter(P::AppId.eq(partnership.row.app_id))
            .exec(step.transaction())
            .await?;
    }
    let app = partnership.row.app_id;
    let body = json!({
        "partnership": partnership.row.id,
        "not_met": changes.begin,
        "met_again": changes.end,
        "published": changes.first_user.map(|_| app),
        "first_user": changes.first_user.map(|day| date(evidence::date_of(day))),
    });
    note(step, app, "partner_facts_noted", body);
    Ok(())
}

/// Tells of the standing where it is another one than people were told; answers whether it was.
async fn tell(
    step: &mut Step<'_>,
    app: &apps::Model,
    partnership: &Partnership,
    changes: &Changes,
) -> Result<bool> {
    let standing = partnership.standing(step.now);
    if standing.state == partnership.told() {
        return Ok(false);
    }
    let missing = all_missing(&changes.found);
    let (name, told) = match standing.state {
        State::Warned => ("partner_warned", Told::Warned),
        State::Resting => ("partner_rests", Told::Rests),
        State::Ended => ("partner_ended", Told::Ended),
        _ => ("partner_restored", Told::Restored),
    };
    store::tell(step.transaction(), &partnership.row, standing.state).await?;
    let next = standing.next;
    let letters = post(step, app, &partnership.row, &told, &missing, next).await?;
    let body = json!({
        "partnership": partnership.row.id,
        "before": partnership.told(),
        "after": standing.state,
        "since": standing.since,
        "next": next,
        "missing": missing,
        "letters": letters,
    });
    note(step, app.id, name, body);
    Ok(true)
}
