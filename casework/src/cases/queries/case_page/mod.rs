//! The staff's page of one case: everything that is needed to work on it, in fourteen statements; a few more
//! where there are files or findings, a review is pending, or a decision was signed.

mod actions;
mod decided;
mod facts;
mod history;
mod revised;

pub use actions::{Lies, Obstacle, Possible, Waiver};
pub(crate) use decided::is_decision;
pub use decided::{Decided, SignatureLine};
pub use facts::{AppFacts, Attached, Looking, Sent, TagOn};
pub(super) use facts::{attachments, sent};
pub use history::{Entry, History};
pub use revised::{Reopened, Since};

use super::{
    finding_life::{LifeLine, Lives, finding_lives},
    pending::{PendingReview, pending_on},
};
use crate::{
    Caller, Desk, Result, audit,
    cases::{
        pending::Says,
        reasons::Reasons,
        sight::{self, Part},
        stuck::{self, StuckAsk},
    },
    commands::subject,
    context,
    policy::{CaseAct, SupportAct, Verdict},
    queries::queue::Snooze,
    reference::Known,
    store::under_way,
    support::queries::{AboutCase, about_case},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use workflow::{
    ActionKind, Actor, Case, CaseNumber, FindingId, PersonId, Seen, Timestamp,
    checklist::{
        Checklist, Finding, FindingStatus, Item, ListKind, Mark, Sheet, Verdict as Marked,
    },
    clock::Spent,
    event::Pin,
    form::Form,
    state::Side,
};

/// Everything on the page.
#[derive(Clone, Debug)]
pub struct CasePage {
    pub case: Case,
    /// What of it the reader sees, for its forms.
    pub seen: Seen,
    /// The newest event of the trail, about whatever, that it knows of.
    pub last: i64,
    pub app: AppFacts,
    /// What was handed in, newest revision; none only where the record is broken.
    pub sent: Option<Sent>,
    /// The checklists of the case in the versions it began with.
    pub lists: Vec<List>,
    pub history: History,
    pub lives: Lives,
    /// The findings that the reader may waive, or would but for a rule about who recorded them, with
    /// what it says.
    waivers: BTreeMap<FindingId, Option<String>>,
    /// Every decision on the case and its grant, oldest first.
    pub decided: Vec<Decided>,
    /// What the developer wrote against the end of it.
    pub appeal: Option<String>,
    /// Every step of staff, with what stands in its way.
    pub actions: Vec<Possible>,
    pub spent: Spent,
    pub running: Option<Side>,
    pub due: Option<Timestamp>,
    /// Who else has the case open now.
    pub looking: Vec<Looking>,
    /// Its tags and those that can be put on it, by name.
    pub tags: Vec<TagOn>,
    /// Why the reader has snoozed it, and until when.
    pub snooze: Option<Snooze>,
    /// What reviewers have gathered and not published, the oldest first.
    pub pending: Vec<PendingReview>,
    /// Somebody of the app asks whether it is stuck.
    pub stuck: Option<StuckAsk>,
    pub may_answer_stuck: bool,
    pub may_tag: bool,
    /// Whether the reader may have the developer reminded, whose turn it is.
    pub may_remind: bool,
    pub may_snooze: bool,
    /// Whether the reader may lay responsibilities on others.
    pub may_assign_others: bool,
    /// Whether the reader may take the record of the case away as a report.
    pub may_export: bool,
    /// The newest support requests about it.
    pub requests: Vec<AboutCase>,
    /// Whether the reader opens these requests, and sees the queue of support.
    pub sees_requests: bool,
    /// What is new to the reader.
    pub since: Since,
    reopened: BTreeMap<(ListKind, String), Reopened>,
    names: BTreeMap<Uuid, String>,
    form: Option<Form>,
}

/// A checklist with what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    pub kind: ListKind,
    pub template: Checklist,
    pub sheet: Sheet,
}

impl List {
    /// An item's mark.
    pub fn mark(&self, item: &Item) -> Option<&Mark> {
        self.sheet.marks.get(&item.key)
    }

    /// How many items carry a mark.
    pub fn marked(&self) -> usize {
        self.template.items.len() - self.sheet.unmarked(&self.template).count()
    }

    /// How many items failed.
    pub fn failed(&self) -> usize {
        let failed = |mark: &&Mark| mark.verdict == Marked::Fail;
        self.sheet.marks.values().filter(failed).count()
    }
}

impl CasePage {
    /// The name of a person who appears on the page.
    pub fn name(&self, person: PersonId) -> String {
        name_in(&self.names, person)
    }

    /// A checklist of the case.
    pub fn list(&self, kind: ListKind) -> Option<&List> {
        self.lists.iter().find(|list| list.kind == kind)
    }

    /// The form that the developer filled in.
    pub const fn form(&self) -> Option<&Form> {
        self.form.as_ref()
    }

    /// The findings against an item, oldest first.
    pub fn findings_of(&self, list: ListKind, item: &str) -> impl Iterator<Item = &Finding> {
        self.case
            .findings
            .iter()
            .filter(move |finding| finding.list == list && finding.item == item)
    }

    /// All that happened to a finding, oldest first.
    pub fn life(&self, finding: &Finding) -> impl Iterator<Item = LifeLine> {
        self.lives.of(finding.id).iter().map(|one| LifeLine {
            at: one.at,
            who: one.by.person().map(|by| self.name(by)).unwrap_or_default(),
            what: one.what.clone(),
        })
    }

    /// Whether the reader may waive a finding now; else why somebody else does, where that is to be
    /// said.
    pub fn waiver(&self, finding: &Finding) -> Waiver<'_> {
        match self.waivers.get(&finding.id) {
            _ if !self.can(ActionKind::WaiveFinding) => Waiver::Impossible,
            Some(None) => Waiver::Possible,
            Some(Some(reason)) => Waiver::SecondPerson(reason),
            None => Waiver::Impossible,
        }
    }

    /// The verdict on an item that is open again.
    pub fn reopened_of(&self, list: ListKind, item: &str) -> Option<&Reopened> {
        self.reopened.get(&(list, item.to_owned()))
    }

    /// Whether somebody else has done something to an item since the reader last looked, or what it
    /// concerns was changed.
    pub fn is_item_new(&self, list: ListKind, item: &str) -> bool {
        let sheet = self.case.sheet(list);
        let mark = sheet.and_then(|sheet| sheet.marks.get(item));
        let of_item =
            |pin: &Pin| matches!(pin, Pin::Item { list: of, key } if *of == list && key == item);
        let mut questions = self.case.questions.iter().filter(|one| of_item(&one.pin));
        let is_new = |at, by| self.since.is_new(at, Some(by));
        mark.is_some_and(|mark| is_new(mark.at, mark.by))
            || self.since.revised && self.reopened_of(list, item).is_some()
            || self.findings_of(list, item).any(|finding| {
                let mut life = self.lives.of(finding.id).iter();
                life.any(|one| self.since.is_new(one.at, one.by.person()))
            })
            || questions.any(|question| {
                let answer = question.answer.as_ref().map(|answer| answer.given);
                let stamp = answer.unwrap_or(question.asked);
                is_new(stamp.at, stamp.by)
            })
    }

    /// What a question is about, in words.
    pub fn pin_label(&self, pin: &Pin) -> String {
        match pin {
            Pin::Case => "The application".to_owned(),
            Pin::Field { key } => self
                .form
                .as_ref()
                .and_then(|form| form.field(key))
                .map_or_else(|| key.clone(), |field| field.label.clone()),
            Pin::Item { list, key } => self.item_label(*list, key),
        }
    }

    /// What must be so, in words.
    pub fn item_label(&self, list: ListKind, key: &str) -> String {
        self.list(list)
            .and_then(|list| list.template.item(key))
            .map_or_else(|| key.to_owned(), |item| item.label.clone())
    }

    /// What the reader has gathered.
    pub fn own_review(&self) -> Option<&PendingReview> {
        self.pending.iter().find(|review| review.is_own)
    }

    /// The verdict on an item that the reader has gathered.
    pub fn gathered_on(&self, list: ListKind, item: &str) -> Option<&Says> {
        let entries = &self.own_review()?.entries;
        let mut says = entries.iter().map(|entry| &entry.says);
        says.find(|says| says.verdict_on() == Some((list, item)))
    }

    /// Whether the reader could gather something now.
    pub fn may_gather(&self) -> bool {
        ActionKind::GATHERED.iter().any(|step| self.can(*step))
    }

    /// Whether a step can be taken by the reader now.
    pub fn can(&self, action: ActionKind) -> bool {
        self.actions
            .iter()
            .any(|possible| possible.action == action && possible.obstacle.is_none())
    }
}

fn name_in(names: &BTreeMap<Uuid, String>, person: PersonId) -> String {
    names
        .get(&person.0)
        .cloned()
        .unwrap_or_else(|| "Unknown".to_owned())
}

/// The page of a case; `before` is where an older part of the history begins.
///
/// # Errors
/// [`crate::Error::NotFound`] to those who may not know of it, and while it is a draft;
/// [`crate::Error::Forbidden`] to a member of its app.
pub async fn case_page(
    desk: &Desk,
    caller: &Caller,
    number: CaseNumber,
    before: Option<i64>,
) -> Result<CasePage> {
    let connection = desk.database.read();
    // Before everything else: the page may know more than that, never less.
    let last = audit::head(connection).await?.map_or(0, |head| head.seq);
    let (stored, _) = sight::read(desk, connection, caller, number, Part::Inside).await?;
    let known = desk.reference.known();
    let now = desk.now();
    let files = attachments(desk, &stored).await?;
    let sent = sent(desk, &stored, &known, &files).await?;
    let raw = history::read(desk, &stored, before).await?;
    let seen = match (before, raw.first()) {
        (None, Some(newest)) => Seen {
            version: stored.case.version,
            trail: Some(newest.seq()),
        },
        _ => stored.seen(connection).await?,
    };
    let lives = finding_lives(desk, &stored.case).await?;
    let stuck = stuck::open(connection, stored.row.id).await?;
    let pending = pending_on(desk, caller, &stored).await?;
    let mut people = people_of(&stored.case);
    people.extend(pending.iter().map(|review| review.person.0));
    people.extend(lives.people());
    people.extend(stuck.as_ref().map(|ask| ask.by.0));
    people.extend(raw.iter().flat_map(history::Raw::people));
    // Most cases have no decision yet, which their history says where it is short.
    let undecided =
        history::is_whole(before, &raw) && !raw.iter().any(|raw| is_decision(raw.name()));
    let decided = match undecided {
        true => Vec::new(),
        false => decided::read(desk, &stored).await?,
    };
    people.extend(decided.iter().flat_map(decided::Raw::people));
    let facts::People {
        names,
        looking,
        new_since,
    } = facts::people(desk, &stored, caller, &people, now).await?;
    let revised = revised::of(desk, &stored, &known, caller, new_since, sent.as_ref()).await?;
    let who = subject(Some(caller), &stored);
    let asks = context(&known, now, Actor::Person(caller.person));
    let may = |act| desk.policy.ask(&who, act) == Verdict::Allowed;
    let name = |person: PersonId| name_in(&names, person);
    let policy = desk.policy.snapshot();
    let reasons = Reasons {
        case: &stored.case,
        app: &stored.app.name,
        policy: &policy,
        me: caller.person,
        roles: &caller.roles,
        relations: &stored.relations_of(caller.person),
        name: &name,
    };
    let waivers = actions::waivers(desk, &stored, caller).await?;
    // A case that is on its way is the one.
    let other = match stored.case.state.kind().is_open() {
        true => None,
        false => under_way(desk.database.read(), stored.row.app_id).await?,
    };
    let actions = actions::of(desk, &who, &stored.case, &asks, other, &reasons);
    let mut page = CasePage {
        actions,
        tags: facts::tags(desk, &stored).await?,
        snooze: facts::snooze(desk, &stored, caller, now).await?,
        may_answer_stuck: may(CaseAct::AnswerStuck),
        stuck,
        pending,
        may_tag: may(CaseAct::Tag),
        may_remind: may(CaseAct::RemindDeveloper) && stored.case.state.developer_due().is_some(),
        may_snooze: may(CaseAct::Snooze) && stored.case.state.kind().is_open(),
        may_assign_others: may(CaseAct::AssignOthers),
        may_export: may(CaseAct::Export),
        requests: about_case(connection, stored.row.id).await?,
        sees_requests: policy.allows(&who, SupportAct::ReadQueue),
        spent: stored.case.clock.spent(now, &known.calendar),
        running: stored.case.clock.running().map(|(side, _)| side),
        due: stored.row.due_at.map(Timestamp::from_micros),
        lists: lists(&stored.case, &known),
        form: known.forms.get(&stored.case.form_version).cloned(),
        app: AppFacts::of(&stored.app)?,
        case: stored.case,
        last: last.max(seen.trail.unwrap_or_default()),
        seen,
        sent,
        history: History::default(),
        lives,
        waivers,
        appeal: decided
            .iter()
            .find_map(decided::Raw::appeal)
            .map(str::to_owned),
        decided: Vec::new(),
        since: revised.since,
        reopened: revised.reopened,
        looking,
        names,
    };
    page.history = history::tell(&page, raw);
    page.decided = decided::tell(&page, decided);
    Ok(page)
}

fn lists(case: &Case, known: &Known) -> Vec<List> {
    ListKind::ALL
        .iter()
        .filter_map(|kind| {
            let sheet = case.sheet(*kind)?;
            let template = known.lists.get(&(*kind, sheet.version))?;
            Some(List {
                kind: *kind,
                template: template.clone(),
                sheet: sheet.clone(),
            })
        })
        .collect()
}

/// Everyone whose name the case itself needs.
fn people_of(case: &Case) -> BTreeSet<Uuid> {
    let mut people: BTreeSet<PersonId> = case.seats.values().copied().collect();
    people.extend(case.handed_over.values().map(|left| left.stamp.by));
    people.extend(&case.reviewers);
    people.extend(&case.past_assignees);
    for kind in ListKind::ALL {
        if let Some(sheet) = case.sheet(*kind) {
            people.extend(sheet.given().map(|mark| mark.by));
            people.extend(sheet.passed.map(|stamp| stamp.by));
        }
    }
    for finding in &case.findings {
        people.insert(finding.by);
        match &finding.status {
            FindingStatus::Open { .. } => {}
            FindingStatus::Responded { by, .. }
            | FindingStatus::Resolved { by, .. }
            | FindingStatus::Waived { by, .. }
            | FindingStatus::Dated { by, .. } => {
                people.insert(*by);
            }
        }
    }
    for finding in &case.findings {
        people.extend(finding.returned().map(|wrong| wrong.by));
        if let FindingStatus::Dated { reported, .. } = &finding.status {
            people.extend(reported.iter().map(|said| said.by));
        }
    }
    people.extend(case.appeal_answer.as_ref().map(|answer| answer.stamp.by));
    for question in &case.questions {
        people.insert(question.asked.by);
        people.extend(question.answer.as_ref().map(|answer| answer.given.by));
    }
    people.extend(case.acceptance.as_ref().map(|accepted| accepted.stamp.by));
    people.extend(
        case.decline_proposal
            .as_ref()
            .map(|proposal| proposal.stamp.by),
    );
    people.extend(case.grant.as_ref().map(|grant| grant.approved.by));
    people.into_iter().map(|person| person.0).collect()
}
