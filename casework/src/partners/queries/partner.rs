//! One app and its partnership, for its members and for us; and all apps of a member.

use crate::{
    Caller, Desk, Error, Result,
    access::queries::{UsersSeen, users_seen},
    entities::{apps, gallery_entries, gallery_versions, partner_lapses, partnerships},
    partners::{
        commands::subject,
        evidence::{self, Known, date_of},
        record, record_sha256,
        store::{self, Partnership},
        words,
    },
    policy::{GalleryAct, PartnerAct, Subject, Verdict},
    queries::trail,
};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use time::Date;
use uuid::Uuid;
use workflow::{
    AppId, Timestamp,
    partners::{Criterion, Decision, Found, Standing, Step, allowed, criteria},
};

/// An app and its partnership.
#[derive(Clone, Debug)]
pub struct PartnerView {
    pub app: AppId,
    pub name: String,
    pub organisation: String,
    pub standing: Standing,
    /// Whether it has an entry in the gallery that the reader may see.
    pub has_entry: bool,
    pub criteria: Vec<CriterionView>,
    /// Whether the app has Full Access, without which nothing can be said or asked here.
    pub full: bool,
    /// What its owners say of it.
    pub publication: Option<Publication>,
    /// The newest application.
    pub application: Option<Application>,
    /// Times in which a criterion was not met, newest first.
    /// Of all its partnerships, the newest first.
    pub lapses: Vec<LapseLine>,
    /// Applications before the newest one and what became of them, the newest first.
    pub earlier: Vec<Application>,
    /// The version of the agreement that waits for acceptance.
    pub to_accept: Option<u32>,
    pub may: May,
    /// How many use it, on the page of ours.
    pub users: Option<UsersSeen>,
    /// Whether the reader is one of ours.
    pub inside: bool,
}

/// A criterion as it stands now.
#[derive(Clone, Debug)]
pub struct CriterionView {
    pub criterion: Criterion,
    pub met: bool,
    pub evidence: Vec<String>,
    pub missing: Vec<String>,
}

impl From<&Found> for CriterionView {
    fn from(found: &Found) -> Self {
        Self {
            criterion: found.criterion,
            met: found.is_met(),
            evidence: found.proofs.iter().map(words::proof).collect(),
            missing: found.missing.iter().map(words::missing).collect(),
        }
    }
}

/// What the owners say of their app.
#[derive(Clone, Debug)]
pub struct Publication {
    pub available: Date,
    pub links: Vec<String>,
    pub contact: String,
    pub version: i64,
}

/// An application and what became of it.
#[derive(Clone, Debug)]
pub struct Application {
    pub at: Timestamp,
    /// On the page of ours.
    pub by: Option<String>,
    pub statement: String,
    pub version: i64,
    /// On the page of ours.
    pub proposal: Option<Proposal>,
    pub decided: Option<Decided>,
    /// When the developer took it back, or left.
    pub left: Option<Timestamp>,
}

/// What was proposed.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub at: Timestamp,
    pub by: String,
    pub recommended: Decision,
    pub reasons: String,
}

/// What was decided.
#[derive(Clone, Debug)]
pub struct Decided {
    pub at: Timestamp,
    pub decision: Decision,
    /// On the page of ours.
    pub by: Option<String>,
    /// To the developer only where it was declined.
    pub note: String,
}

/// A time in which a criterion was not met.
#[derive(Clone, Debug)]
pub struct LapseLine {
    pub criterion: Criterion,
    pub from: Timestamp,
    pub until: Option<Timestamp>,
}

/// What the reader can do now.
#[derive(Clone, Copy, Debug, Default)]
pub struct May {
    pub publish: bool,
    pub confirm_contact: bool,
    pub apply: bool,
    pub leave: bool,
    pub reaccept: bool,
    pub propose: bool,
    pub take_back: bool,
    pub decide: bool,
}

/// How many lapses a page shows.
const SHOWN: u64 = 20;

/// What is read of one app before a page is made of it.
struct Looked {
    app: apps::Model,
    newest: Option<Partnership>,
    known: Known,
    found: [Found; 3],
    subject: Subject,
    inside: bool,
}

impl Looked {
    fn standing(&self, at: Timestamp) -> Standing {
        let newest = self.newest.as_ref();
        newest.map_or(Standing::NONE, |newest| newest.standing(at))
    }
}

async fn look(desk: &Desk, caller: &Caller, app: AppId) -> Result<Looked> {
    let read = desk.database.read();
    let app = apps::Entity::find_by_id(app.0)
        .one(read)
        .await?
        .ok_or(Error::NotFound)?;
    let newest = store::newest(read, app.id).await?;
    let subject = subject(read, caller, &app, newest.as_ref()).await?;
    let reads = |act| desk.policy.ask(&subject, act) == Verdict::Allowed;
    let inside = reads(PartnerAct::ReadInternal);
    if !inside && !reads(PartnerAct::Read) {
        return Err(Error::NotFound);
    }
    let known = evidence::known(read, &app).await?;
    let settings = &desk.reference.known().settings;
    let found = criteria(&known.evidence, settings, desk.now());
    Ok(Looked {
        app,
        newest,
        known,
        found,
        subject,
        inside,
    })
}

/// The partnership of an app.
///
/// # Errors
/// [`Error::NotFound`] to those who may not know of it.
pub async fn partner(desk: &Desk, caller: &Caller, app: AppId) -> Result<PartnerView> {
    let looked = look(desk, caller, app).await?;
    let standing = looked.standing(desk.now());
    let application = match &looked.newest {
        Some(newest) => Some(application(desk, &newest.row, looked.inside).await?),
        None => None,
    };
    let to_accept = to_accept(&looked.known);
    Ok(PartnerView {
        app,
        standing,
        has_entry: has_entry(desk, &looked).await?,
        full: looked.known.evidence.full.is_some(),
        publication: publication(&looked.known),
        lapses: lapses(desk, app).await?,
        earlier: earlier(desk, &looked).await?,
        may: may(desk, &looked, standing, to_accept),
        criteria: looked.found.iter().map(CriterionView::from).collect(),
        users: match looked.inside {
            true => users_seen(desk, &looked.app).await?,
            false => None,
        },
        name: looked.app.name,
        organisation: looked.app.organisation,
        application,
        to_accept,
        inside: looked.inside,
    })
}

/// Of us, some look at entries, at what was sent in.
async fn has_entry(desk: &Desk, looked: &Looked) -> Result<bool> {
    let act = match looked.inside {
        true => GalleryAct::ReadInternal,
        false => GalleryAct::Read,
    };
    if desk.policy.ask(&looked.subject, act) != Verdict::Allowed {
        return Ok(false);
    }
    let mut entry =
        gallery_entries::Entity::find().filter(gallery_entries::Column::AppId.eq(looked.app.id));
    if looked.inside {
        let sent = gallery_versions::Entity::find()
            .select_only()
            .column(gallery_versions::Column::EntryId)
            .into_query();
        entry = entry.filter(gallery_entries::Column::Id.in_subquery(sent));
    }
    Ok(entry.count(desk.database.read()).await? > 0)
}

/// The version that waits for acceptance, of those who have accepted an older one.
fn to_accept(known: &Known) -> Option<u32> {
    let newest = known.evidence.newest?.version;
    let accepted = known.evidence.accepted?.version;
    (accepted < newest && known.evidence.full.is_some()).then_some(newest)
}

fn may(desk: &Desk, looked: &Looked, standing: Standing, to_accept: Option<u32>) -> May {
    let asks = |act| desk.policy.ask(&looked.subject, act) == Verdict::Allowed;
    let can = |step| allowed(step, standing.state).is_ok();
    let full = looked.known.evidence.full.is_some();
    May {
        publish: full && asks(PartnerAct::Publish),
        confirm_contact: looked.known.publication.is_some() && asks(PartnerAct::ConfirmContact),
        apply: full && can(Step::Apply) && asks(PartnerAct::Apply),
        leave: can(Step::Leave) && asks(PartnerAct::Leave),
        reaccept: to_accept.is_some() && asks(PartnerAct::Reaccept),
        propose: can(Step::Propose) && asks(PartnerAct::Propose),
        take_back: can(Step::TakeBack) && asks(PartnerAct::TakeBack),
        decide: can(Step::Decide) && asks(PartnerAct::Decide),
    }
}

fn publication(known: &Known) -> Option<Publication> {
    known.publication.as_ref().map(|row| Publication {
        available: date_of(row.available_day),
        links: known
            .links
            .iter()
            .map(|link| link.address.clone())
            .collect(),
        contact: row.contact.clone(),
        version: row.version,
    })
}

async fn application(desk: &Desk, row: &partnerships::Model, inside: bool) -> Result<Application> {
    let ids = [Some(row.applied_by), row.proposed_by, row.decided_by];
    let ids: Vec<String> = ids.iter().flatten().map(Uuid::to_string).collect();
    let names = trail::names(desk.database.read(), ids.iter().map(String::as_str)).await?;
    let name = |id: Uuid| names.get(&id).cloned().unwrap_or_default();
    let moment = Timestamp::from_micros;
    let decision = |word: &Option<String>| word.as_deref().and_then(Decision::from_word);
    let proposal = match (row.proposed_by, row.proposed_at, decision(&row.recommended)) {
        (Some(by), Some(at), Some(recommended)) if inside => Some(Proposal {
            at: moment(at),
            by: name(by),
            recommended,
            reasons: row.reasons.clone().unwrap_or_default(),
        }),
        _ => None,
    };
    let decided = match (row.decided_by, row.decided_at, decision(&row.decision)) {
        (Some(by), Some(at), Some(decision)) => Some(Decided {
            at: moment(at),
            decision,
            by: inside.then(|| name(by)),
            note: row
                .note
                .clone()
                .filter(|_| inside || decision == Decision::Declined)
                .unwrap_or_default(),
        }),
        _ => None,
    };
    Ok(Application {
        at: moment(row.applied_at),
        by: inside.then(|| name(row.applied_by)),
        statement: row.statement.clone(),
        version: row.version,
        proposal,
        decided,
        left: row.left_at.map(moment),
    })
}

/// What was applied for before, and what became of it: whoever decides anew knows it.
async fn earlier(desk: &Desk, looked: &Looked) -> Result<Vec<Application>> {
    let Some(newest) = &looked.newest else {
        return Ok(Vec::new());
    };
    let rows = partnerships::Entity::find()
        .filter(partnerships::Column::AppId.eq(looked.app.id))
        .filter(partnerships::Column::Id.ne(newest.row.id))
        .order_by_desc(partnerships::Column::AppliedAt)
        .limit(SHOWN)
        .all(desk.database.read())
        .await?;
    let mut earlier = Vec::new();
    for row in &rows {
        earlier.push(application(desk, row, looked.inside).await?);
    }
    Ok(earlier)
}

async fn lapses(desk: &Desk, app: AppId) -> Result<Vec<LapseLine>> {
    let of_app = partnerships::Entity::find()
        .select_only()
        .column(partnerships::Column::Id)
        .filter(partnerships::Column::AppId.eq(app.0))
        .into_query();
    let rows = partner_lapses::Entity::find()
        .filter(partner_lapses::Column::PartnershipId.in_subquery(of_app))
        .order_by_desc(partner_lapses::Column::FromAt)
        .limit(SHOWN)
        .all(desk.database.read())
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(LapseLine {
                criterion: Criterion::from_word(&row.criterion)?,
                from: Timestamp::from_micros(row.from_at),
                until: row.until_at.map(Timestamp::from_micros),
            })
        })
        .collect())
}

/// What an approver reads and signs.
#[derive(Clone, Debug)]
pub struct ToDecide {
    pub view: PartnerView,
    /// What stands for the record that is shown.
    pub seen: String,
}

/// The page on which an application is decided.
///
/// # Errors
/// [`Error::NotFound`] to those who may not know of it; [`Error::Forbidden`] to those who do not
/// decide, the proposer above all; [`Error::Refused`] where nothing waits.
pub async fn to_decide(desk: &Desk, caller: &Caller, app: AppId) -> Result<ToDecide> {
    let looked = look(desk, caller, app).await?;
    desk.policy.require(&looked.subject, PartnerAct::Decide)?;
    let standing = looked.standing(desk.now());
    allowed(Step::Decide, standing.state).map_err(workflow::Refusal::Partner)?;
    let newest = looked.newest.as_ref().ok_or(Error::NotFound)?;
    let seen = record_sha256(&record(&looked.app, newest, &looked.known, &looked.found))?;
    let view = partner(desk, caller, app).await?;
    Ok(ToDecide { view, seen })
}
