//! Why a step is not possible, in the words of the person who would take it: which rule stands
//! against it and what would have to be so, with people, numbers and dates.

use crate::{
    policy::{NO_RULE, Snapshot},
    words::{count, day},
};
use std::collections::BTreeSet;
use workflow::{
    ActionKind, Case, PersonId, Refusal, Relation, Role, StateKind,
    case::GrantStatus,
    checklist::{FindingStatus, ListKind, Severity},
    state::{Seat, State},
};

/// What the reasons are told from.
pub(crate) struct Reasons<'a> {
    pub case: &'a Case,
    /// The name of the app.
    pub app: &'a str,
    pub policy: &'a Snapshot,
    /// Who would take the step; the desk's clock is told nothing.
    pub me: PersonId,
    pub roles: &'a BTreeSet<Role>,
    /// What they are to the case.
    pub relations: &'a BTreeSet<Relation>,
    pub name: &'a (dyn Fn(PersonId) -> String + Sync),
}

impl Reasons<'_> {
    /// Why the policy denies a step by a rule.
    pub(crate) fn denied(&self, action: ActionKind, rule: &str) -> String {
        match rule {
            NO_RULE => self.not_allowed(action),
            "four_eyes" => format!("You {}; someone else decides.", self.own_part()),
            "conflict_of_interest" => self.conflict(),
            other => format!(
                "The rule “{}” of the policy stands against it; someone to whom it does not apply takes this step.",
                crate::words::spaced(other)
            ),
        }
    }

    /// Why the case is not ready for a step.
    pub(crate) fn refused(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::NotInThisState { action, .. } => {
                format!("{}. {}", self.situation(), possible_in(*action))
            }
            Refusal::BlockerOpen => format!(
                "{} to be corrected first: a blocker is neither waived nor dated.",
                self.standing(Severity::Blocker)
            ),
            Refusal::MajorOpen => format!(
                "{} to be corrected, waived with a reason or dated first.",
                self.standing(Severity::Major)
            ),
            Refusal::NothingToCorrect => self.nothing_to_correct(),
            Refusal::UnknownFinding => {
                "No finding stands that could be waived or dated.".to_owned()
            }
            Refusal::AlreadyPassed { list } => self.passed(*list),
            Refusal::TracksOpen => format!("{}.", self.open_tracks()),
            Refusal::SeatEmpty { seat } => {
                format!(
                    "Nobody holds {}; there is nothing to release.",
                    place(*seat)
                )
            }
            Refusal::TooEarly { due } => format!("It is too early: the date is {}.", day(*due)),
            Refusal::AppealOver { days } => match self.case.state {
                State::Declined { at } | State::Lapsed { at, .. } => format!(
                    "An appeal was possible for {} after {}.",
                    count(usize::from(*days), "day"),
                    day(at)
                ),
                _ => refusal.to_string(),
            },
            Refusal::NoAppealWaits => match &self.case.appeal_answer {
                Some(answer) => format!(
                    "{} answered the appeal on {}.",
                    (self.name)(answer.stamp.by),
                    day(answer.stamp.at)
                ),
                None => format!("{}, and no appeal waits for an answer.", self.situation()),
            },
            Refusal::GrantNotActive | Refusal::GrantNotSuspended | Refusal::GrantRevoked => {
                self.grant()
            }
            Refusal::GrantUncapped => {
                format!(
                    "The grant is of {}, which has no cap of authorised users.",
                    self.case.level.label()
                )
            }
            Refusal::CaseOpen { .. }
            | Refusal::OtherUnderWay { .. }
            | Refusal::Support(_)
            | Refusal::Partner(_)
            | Refusal::Gallery(_)
            | Refusal::LevelReached { .. }
            | Refusal::Input { .. }
            | Refusal::ChecklistIncomplete { .. }
            | Refusal::CompletenessFailed { .. }
            | Refusal::QuestionsOpen { .. }
            | Refusal::BlockerStays
            | Refusal::FindingSettled
            | Refusal::NothingDated
            | Refusal::CorrectionReported
            | Refusal::UnknownQuestion
            | Refusal::UnknownItem { .. }
            | Refusal::NoTechnicalTrack
            | Refusal::AgreementOpen
            | Refusal::AgreementAccepted
            | Refusal::AgreementNotOpen
            | Refusal::AgreementOutdated { .. }
            | Refusal::SeatTaken { .. }
            | Refusal::AlreadyAssigned { .. }
            | Refusal::NotCompetent { .. }
            | Refusal::ConflictOfInterest
            | Refusal::Away { .. }
            | Refusal::YouAreAway { .. }
            | Refusal::AtCapacity { .. }
            | Refusal::OneTrackEach
            | Refusal::TrailChanged
            | Refusal::NotSeen { .. }
            | Refusal::NotSigned { .. }
            | Refusal::NobodyReviewed
            | Refusal::DueInThePast
            | Refusal::NotReminded
            | Refusal::RemindersSent
            | Refusal::NotDevelopersTurn
            | Refusal::RemindedBefore { .. }
            | Refusal::ReopenedBefore
            | Refusal::AppealedBefore => refusal.to_string(),
        }
    }

    /// Where the case stands, and who is waited for until when.
    fn situation(&self) -> String {
        let case = self.case;
        match &case.state {
            State::Draft => {
                "The application is a draft that its developer has not handed in".to_owned()
            }
            State::Submitted => "Nobody has taken the case yet".to_owned(),
            State::Completeness => match case.assignee() {
                Some(person) => format!("{} checks completeness", (self.name)(person)),
                None => "Completeness is not confirmed, and nobody holds the case".to_owned(),
            },
            State::Review => self.open_tracks(),
            State::Clarification { due, .. } => {
                let open = case.open_questions().count();
                let waits = if open == 1 { "waits" } else { "wait" };
                let (questions, due) = (count(open, "question"), day(*due));
                format!("{questions} {waits} for the developer until {due}")
            }
            State::Corrections { due } => {
                let open = case.findings.iter().filter(|finding| finding.is_open());
                let open = open.count();
                let waits = if open == 1 { "waits" } else { "wait" };
                let (findings, due) = (count(open, "finding"), day(*due));
                format!("{findings} {waits} for the developer's corrections until {due}")
            }
            State::Agreement { due } => format!(
                "The developer has until {} to accept the Data Licensing Agreement",
                day(*due)
            ),
            State::Decision => {
                "Every review has passed, and the case waits for an approver".to_owned()
            }
            State::Approved => match &case.grant {
                Some(grant) => {
                    let now = match grant.status {
                        GrantStatus::Active => "",
                        GrantStatus::Suspended => ", and its grant is suspended",
                        GrantStatus::Revoked => ", and its grant is revoked",
                    };
                    format!(
                        "{} approved the case on {}{now}",
                        (self.name)(grant.approved.by),
                        day(grant.approved.at)
                    )
                }
                None => "The case was approved".to_owned(),
            },
            State::Declined { at } => format!("The case was declined on {}", day(*at)),
            State::Withdrawn => match case.clock.running() {
                Some((_, at)) => format!("The developer withdrew the application on {}", day(at)),
                None => "The developer withdrew the application".to_owned(),
            },
            State::Lapsed { at, .. } => format!("The case lapsed on {}", day(*at)),
        }
    }

    /// The tracks that have not passed, and who works them.
    fn open_tracks(&self) -> String {
        let open: Vec<String> = self
            .case
            .level
            .tracks()
            .iter()
            .filter(|track| {
                let sheet = self.case.sheet(ListKind::of(**track));
                sheet.is_some_and(|sheet| sheet.passed.is_none())
            })
            .map(|track| {
                let seat = Seat::of(*track);
                let holder = self.case.seats.get(&seat);
                let holder = holder.map_or("nobody".to_owned(), |person| (self.name)(*person));
                format!("{} ({holder})", place(seat))
            })
            .collect();
        match open.as_slice() {
            [] => "Every review has passed".to_owned(),
            [one] => format!("{} has not passed", capital(one)),
            several => format!("{} have not passed", capital(&several.join(" and "))),
        }
    }

    /// Findings that stand with at least this severity.
    fn standing(&self, least: Severity) -> String {
        let standing = self.case.standing_findings();
        let number = standing.filter(|finding| finding.severity >= least).count();
        let word = least.label().to_lowercase();
        let has = if number == 1 { "has" } else { "have" };
        format!("{} {has}", count(number, &format!("{word} finding")))
    }

    /// What is open is asked for; what was answered is to be tested again first.
    fn nothing_to_correct(&self) -> String {
        let (open, answered): (Vec<_>, Vec<_>) = self
            .case
            .standing_findings()
            .partition(|finding| finding.is_open());
        let number = answered.len();
        if number > 0 {
            let (waits, it) = if number == 1 {
                ("waits", "it")
            } else {
                ("wait", "one")
            };
            return format!(
                "{} {waits} to be tested again: corrections can be requested where {it} fails again.",
                count(number, "answered finding")
            );
        }
        match open.len() {
            0 => "No finding is open; record a blocker or major one that the developer is to correct."
                .to_owned(),
            minor => format!(
                "{} open; corrections are requested for a blocker or major one.",
                match minor {
                    1 => "Only 1 minor finding is".to_owned(),
                    more => format!("Only {more} minor findings are"),
                }
            ),
        }
    }

    fn passed(&self, list: ListKind) -> String {
        let what = match list {
            ListKind::Completeness => "completeness",
            ListKind::Commercial => "the commercial review",
            ListKind::Technical => "the technical review",
        };
        match self.case.sheet(list).and_then(|sheet| sheet.passed) {
            Some(stamp) => format!(
                "{} passed {what} on {}.",
                (self.name)(stamp.by),
                day(stamp.at)
            ),
            None => format!("This case has no such review: {what}."),
        }
    }

    fn grant(&self) -> String {
        match self.case.grant.as_ref().map(|grant| grant.status) {
            Some(GrantStatus::Active) => "The grant is active: it is not suspended.".to_owned(),
            Some(GrantStatus::Suspended) => {
                "The grant is suspended: it can be reinstated or revoked.".to_owned()
            }
            Some(GrantStatus::Revoked) => {
                "The grant is revoked for good: the app applies again.".to_owned()
            }
            None => "The case has no grant.".to_owned(),
        }
    }

    /// What the person did in the review.
    fn own_part(&self) -> &'static str {
        let (case, me) = (self.case, self.me);
        let worked = |list: ListKind| {
            case.sheet(list).is_some_and(|sheet| {
                sheet.passed.is_some_and(|stamp| stamp.by == me)
                    || sheet.given().any(|mark| mark.by == me)
            })
        };
        let settled = |status: &FindingStatus| match status {
            FindingStatus::Open { .. } | FindingStatus::Responded { .. } => false,
            FindingStatus::Resolved { by, .. }
            | FindingStatus::Waived { by, .. }
            | FindingStatus::Dated { by, .. } => *by == me,
        };
        let proposal = case.decline_proposal.as_ref();
        if worked(ListKind::Commercial) {
            "did the commercial review"
        } else if worked(ListKind::Technical) {
            "did the technical review"
        } else if worked(ListKind::Completeness) {
            "checked completeness"
        } else if proposal.is_some_and(|proposal| proposal.stamp.by == me) {
            "proposed to decline"
        } else if case.findings.iter().any(|finding| finding.by == me) {
            "recorded a finding in this case"
        } else if case.findings.iter().any(|finding| settled(&finding.status)) {
            "settled a finding in this case"
        } else if case
            .questions
            .iter()
            .any(|question| question.asked.by == me)
        {
            "asked the developer questions"
        } else {
            "worked on an earlier round of this case"
        }
    }

    fn conflict(&self) -> String {
        let app = self.app;
        if self.relations.contains(&Relation::AppMember) {
            format!("You are a member of {app}; someone who has no part in it takes this step.")
        } else {
            format!("You have had a part in {app}; someone who has none takes this step.")
        }
    }

    /// No rule allows it: what is missing to the rule that comes nearest.
    fn not_allowed(&self, action: ActionKind) -> String {
        let rules = self.policy.allowed_to(action);
        let has = |word: &str| {
            self.roles.iter().any(|role| role.word() == word)
                || self
                    .relations
                    .iter()
                    .any(|relation| relation.word() == word)
        };
        let missing = |rule: &Vec<String>| -> Vec<String> {
            let words = rule.iter().filter(|word| !has(word));
            words.cloned().collect()
        };
        let Some(nearest) = rules.iter().map(missing).min_by_key(|words| {
            let roles = words.iter().filter(|word| Role::from_word(word).is_some());
            (roles.count(), words.len())
        }) else {
            return "No rule of the policy lets anybody take this step.".to_owned();
        };
        let relation = nearest.iter().find_map(|word| Relation::from_word(word));
        let lacks_role = nearest.iter().any(|word| Role::from_word(word).is_some());
        match (lacks_role, relation) {
            (false, Some(relation)) => self.not_in_place(action, relation),
            _ => self.other_role(&rules),
        }
    }

    /// The role is there, the place on the case is somebody else's or nobody's.
    fn not_in_place(&self, action: ActionKind, relation: Relation) -> String {
        let seat = match relation {
            Relation::Assignee => Seat::Case,
            Relation::CommercialSeat => Seat::Commercial,
            Relation::TechnicalSeat => Seat::Technical,
            Relation::Clock => {
                return "The desk does this by itself when its date comes.".to_owned();
            }
            Relation::AppOwner | Relation::AppSignatory => {
                return format!(
                    "Only an owner of {} with authority to sign does this.",
                    self.app
                );
            }
            _ => return format!("Only the members of {} do this.", self.app),
        };
        let releases = action == ActionKind::release(seat);
        match self
            .case
            .seats
            .get(&seat)
            .map(|person| (self.name)(*person))
        {
            Some(holder) if releases => {
                format!(
                    "{holder} holds {}; {holder} or a lead releases it.",
                    place(seat)
                )
            }
            Some(holder) => format!(
                "{holder} holds {}; release or reassign it first.",
                place(seat)
            ),
            None => format!("Nobody holds {}; take it first.", place(seat)),
        }
    }

    fn other_role(&self, rules: &[Vec<String>]) -> String {
        let able: BTreeSet<&str> = rules
            .iter()
            .flatten()
            .filter_map(|word| Role::from_word(word))
            .map(Role::label)
            .collect();
        let mine: Vec<&str> = self.roles.iter().map(|role| role.label()).collect();
        let seat = rules.iter().flatten().find_map(|word| {
            let seat = match Relation::from_word(word)? {
                Relation::Assignee => Seat::Case,
                Relation::CommercialSeat => Seat::Commercial,
                Relation::TechnicalSeat => Seat::Technical,
                _ => return None,
            };
            let holder = (self.name)(*self.case.seats.get(&seat)?);
            Some(format!(" {holder} holds {}.", place(seat)))
        });
        let able: Vec<&str> = able.into_iter().collect();
        if able.is_empty() {
            return format!("Only the members of {} do this.", self.app);
        }
        format!(
            "It takes the role {}; you have {}.{}",
            able.join(" or "),
            if mine.is_empty() {
                "none".to_owned()
            } else {
                mine.join(", ")
            },
            seat.unwrap_or_default()
        )
    }
}

/// What a seat is called in a sentence.
const fn place(seat: Seat) -> &'static str {
    match seat {
        Seat::Case => "the case",
        Seat::Commercial => "the commercial review",
        Seat::Technical => "the technical review",
    }
}

/// In which states a step is possible.
fn possible_in(action: ActionKind) -> String {
    let from: Vec<&str> = action
        .row()
        .from
        .iter()
        .map(|state| StateKind::label(*state))
        .collect();
    let states = match from.as_slice() {
        [] => "no state".to_owned(),
        [one] => (*one).to_owned(),
        [all @ .., last] => format!("{} or {last}", all.join(", ")),
    };
    format!("{} is possible in {states}.", action.label())
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}
