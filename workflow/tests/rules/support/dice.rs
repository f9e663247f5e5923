//! Actions at random: mostly sensible, now and then not.

use super::{
    APPROVER, COMMERCIAL, LEAD, OTHER_REVIEWER, OWNER, REVIEWER, SIGNATURE, TECHNICAL, World,
    acceptance, approve, check,
};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{
    Action, ActionKind, Actor, FindingId, Internal, Outward, PersonId, QuestionId, Role,
    action::NewFinding,
    checklist::{ListKind, Severity, Verdict},
    event::{Answered, Asked, DeclineReason, Pin, Response, Submission},
    ids::AttachmentId,
    relied::{EVERY_FILE, Places},
    state::{Seat, Side, Track},
};

/// Numbers that are the same in every run from the same seed (splitmix64).
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    /// One time in `sides`.
    pub fn seldom(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let sides = u64::try_from(from.len()).unwrap();
        &from[usize::try_from(self.roll(sides)).unwrap()]
    }
}

/// What is tried next: mostly something that the guards let through, and seldom one that ends the
/// case or shortens its way, so that walks come far.
pub fn next_kind(world: &World, dice: &mut Dice) -> ActionKind {
    if dice.seldom(4) {
        return *dice.pick(ActionKind::ALL);
    }
    let rare = [
        ActionKind::AcceptDla,
        ActionKind::Decline,
        ActionKind::Lapse,
        ActionKind::Withdraw,
    ];
    let open: Vec<ActionKind> = ActionKind::ALL
        .iter()
        .copied()
        .filter(|kind| world.available(*kind).is_ok())
        .filter(|kind| !rare.contains(kind) || dice.seldom(15))
        .collect();
    if open.is_empty() {
        *dice.pick(ActionKind::ALL)
    } else {
        *dice.pick(&open)
    }
}

/// Who tries it.
pub fn actor(kind: ActionKind, dice: &mut Dice) -> Actor {
    use ActionKind as A;
    if dice.seldom(10) {
        let anyone = [OWNER, REVIEWER, COMMERCIAL, TECHNICAL, LEAD, APPROVER];
        return Actor::Person(*dice.pick(&anyone));
    }
    Actor::Person(match kind {
        A::Remind | A::Lapse | A::RemindFindings => return Actor::Clock,
        A::EditDraft
        | A::AddAttachment
        | A::RemoveAttachment
        | A::Submit
        | A::AnswerClarification
        | A::Resubmit
        | A::AcceptDla
        | A::Withdraw
        | A::Appeal
        | A::ReportCorrection => OWNER,
        A::CheckCommercial
        | A::RecordCommercialFinding
        | A::PassCommercial
        | A::RetestCommercialFinding => COMMERCIAL,
        A::CheckTechnical
        | A::RecordTechnicalFinding
        | A::PassTechnical
        | A::RetestTechnicalFinding => TECHNICAL,
        A::Reopen | A::AnswerAppeal => LEAD,
        A::Approve
        | A::Decline
        | A::SuspendGrant
        | A::ReinstateGrant
        | A::RevokeGrant
        | A::ChangeCap => APPROVER,
        A::AssignCase
        | A::AssignCommercial
        | A::AssignTechnical
        | A::ReleaseCase
        | A::ReleaseCommercial
        | A::ReleaseTechnical
        | A::RequestClarification
        | A::CheckCompleteness
        | A::ConfirmComplete
        | A::WaiveFinding
        | A::DateFinding
        | A::RequestCorrections
        | A::ProposeDecline => REVIEWER,
    })
}

/// An action of this kind on this case; seldom with something wrong in it.
pub fn action(world: &mut World, kind: ActionKind, dice: &mut Dice) -> Action {
    use ActionKind as A;
    let text = if dice.seldom(12) { "  " } else { "Because." }.to_owned();
    let due = world.in_days(if dice.seldom(12) { -1 } else { 5 });
    match kind {
        A::EditDraft => Action::EditDraft {
            fields: vec!["description".to_owned()],
        },
        A::AddAttachment => Action::AddAttachment {
            attachment: AttachmentId(world.id()),
            field: "mockups".to_owned(),
            size: 5,
            sha256: "a".repeat(64),
        },
        A::RemoveAttachment => Action::RemoveAttachment {
            attachment: AttachmentId(Uuid::nil()),
        },
        A::Submit => Action::Submit {
            submission: revision(world, dice),
            problems: Vec::new(),
            contacts_confirmed: !dice.seldom(12),
            accuracy_attested: !dice.seldom(12),
        },
        A::AssignCase => assign(world, Seat::Case, dice),
        A::AssignCommercial => assign(world, Seat::Commercial, dice),
        A::AssignTechnical => assign(world, Seat::Technical, dice),
        A::ReleaseCase => release(world, Seat::Case, dice),
        A::ReleaseCommercial => release(world, Seat::Commercial, dice),
        A::ReleaseTechnical => release(world, Seat::Technical, dice),
        A::RequestClarification => Action::RequestClarification {
            questions: (0..dice.roll(3))
                .map(|_| Asked {
                    id: QuestionId(world.id()),
                    pin: Pin::Case,
                    text: Outward::written(text.clone()),
                })
                .collect(),
            due,
        },
        A::AnswerClarification => answer(world, &text, dice),
        A::CheckCompleteness => mark(world, ListKind::Completeness, text, dice),
        A::CheckCommercial => mark(world, ListKind::Commercial, text, dice),
        A::CheckTechnical => mark(world, ListKind::Technical, text, dice),
        A::ConfirmComplete => Action::ConfirmComplete,
        A::RecordCommercialFinding => record(world, ListKind::Commercial, text, dice),
        A::RecordTechnicalFinding => record(world, ListKind::Technical, text, dice),
        A::WaiveFinding => Action::WaiveFinding {
            finding: some_finding(world, dice),
            reason: Internal::written(text),
        },
        A::DateFinding => Action::DateFinding {
            finding: some_finding(world, dice),
            due,
        },
        A::ReportCorrection => Action::ReportCorrection {
            finding: dated_finding(world, dice, |_| true),
            text,
        },
        A::RetestCommercialFinding => retest(world, ListKind::Commercial, text, dice),
        A::RetestTechnicalFinding => retest(world, ListKind::Technical, text, dice),
        A::RemindFindings => Action::RemindFindings,
        A::RequestCorrections => Action::RequestCorrections { due },
        A::Resubmit => respond(world, &text, dice),
        A::PassCommercial => Action::PassTrack {
            track: Track::Commercial,
        },
        A::PassTechnical => Action::PassTrack {
            track: Track::Technical,
        },
        A::AcceptDla => Action::AcceptDla {
            acceptance: acceptance(if dice.seldom(6) { 1 } else { 2 }),
            current_version: 2,
            consent: !dice.seldom(6),
        },
        A::ProposeDecline => Action::ProposeDecline {
            reason: DeclineReason::UseCase,
            text: Internal::written(text),
        },
        A::Approve => approve(world.case.level),
        A::Decline => Action::Decline {
            reason: DeclineReason::Privacy,
            text: Outward::written(text),
            signature: SIGNATURE,
        },
        A::Withdraw => Action::Withdraw { reason: text },
        A::Remind => Action::Remind,
        A::Lapse => Action::Lapse,
        A::Appeal => Action::Appeal { text },
        A::AnswerAppeal => Action::AnswerAppeal {
            text: Outward::written(text),
        },
        A::Reopen => Action::Reopen {
            reason: Internal::written(text.clone()),
            to: *dice.pick(&[REVIEWER, OTHER_REVIEWER]),
            although: if dice.seldom(2) {
                Internal::default()
            } else {
                Internal::written(text)
            },
            roles: BTreeSet::from([Role::Reviewer]),
            is_member: dice.seldom(8),
            away: dice.seldom(8).then_some(world.now),
            other: None,
        },
        A::SuspendGrant => Action::SuspendGrant {
            reason: Outward::written(text),
            signature: SIGNATURE,
        },
        A::ReinstateGrant => Action::ReinstateGrant {
            reason: Outward::written(text),
            signature: SIGNATURE,
        },
        A::RevokeGrant => Action::RevokeGrant {
            reason: Outward::written(text),
            signature: SIGNATURE,
        },
        A::ChangeCap => Action::ChangeCap {
            cap: u32::from(dice.seldom(2)) * 7 + 5,
            reason: Outward::written(text),
            signature: SIGNATURE,
        },
    }
}

/// Some time passes; more of it while the developer is waited for.
pub fn wait(world: &mut World, dice: &mut Dice) {
    let waits_for_developer = match world.case.state.kind().side() {
        Side::Developer => true,
        Side::Nobody => world.case.dated_findings().next().is_some(),
        Side::Us => false,
    };
    let long = waits_for_developer && dice.seldom(3);
    let minutes = dice.roll(if long { 60 * 24 * 50 } else { 60 * 30 });
    world.now = world
        .now
        .plus(time::Duration::minutes(i64::try_from(minutes).unwrap()));
}

/// The next revision, in which some places hold something else.
fn revision(world: &World, dice: &mut Dice) -> Submission {
    let last = world.case.submission.clone();
    let (revision, mut places) = last.map_or_else(
        || (0, Places::new()),
        |last| (last.revision, last.places.clone()),
    );
    for place in ["use", "regions", EVERY_FILE] {
        match dice.roll(6) {
            0 => drop(places.remove(place)),
            1 | 2 => drop(places.insert(place.to_owned(), dice.roll(3).to_string())),
            _ => {}
        }
    }
    Submission {
        revision: revision + 1,
        sha256: format!("{places:?}"),
        places,
    }
}

/// Mostly a finding with a date, of a list that is wanted.
fn dated_finding(world: &World, dice: &mut Dice, wanted: fn(ListKind) -> bool) -> FindingId {
    let mut dated = world.case.dated_findings();
    let found = dated.find(|(finding, _)| wanted(finding.list));
    match found {
        Some((finding, _)) if !dice.seldom(12) => finding.id,
        _ => some_finding(world, dice),
    }
}

fn retest(world: &World, list: ListKind, text: String, dice: &mut Dice) -> Action {
    let finding = match list {
        ListKind::Technical => dated_finding(world, dice, |list| list == ListKind::Technical),
        ListKind::Completeness | ListKind::Commercial => {
            dated_finding(world, dice, |list| list != ListKind::Technical)
        }
    };
    let found = world.case.findings.iter().find(|one| one.id == finding);
    Action::RetestFinding {
        list,
        finding,
        corrected: dice.seldom(2),
        text: Outward::written(text),
        seen: found.and_then(workflow::checklist::Finding::reported_at),
    }
}

fn assign(world: &World, seat: Seat, dice: &mut Dice) -> Action {
    let (to, role): (&[PersonId], _) = match seat {
        Seat::Case => (&[REVIEWER, OTHER_REVIEWER], Role::Reviewer),
        Seat::Commercial => (&[COMMERCIAL], Role::CommercialReviewer),
        Seat::Technical => (&[TECHNICAL], Role::TechnicalReviewer),
    };
    let role = if dice.seldom(8) { Role::Admin } else { role };
    Action::Assign {
        seat,
        to: *dice.pick(to),
        roles: BTreeSet::from([role]),
        is_member: dice.seldom(8),
        away: dice.seldom(8).then_some(world.now),
        seen: seen(world, seat, dice),
        note: Internal::written(note(dice)),
    }
}

fn release(world: &World, seat: Seat, dice: &mut Dice) -> Action {
    Action::Release {
        seat,
        seen: seen(world, seat, dice),
        note: Internal::written(note(dice)),
        away: None,
    }
}

fn note(dice: &mut Dice) -> String {
    if dice.seldom(2) {
        "The privacy policy is still to be read.".to_owned()
    } else {
        String::new()
    }
}

fn seen(world: &World, seat: Seat, dice: &mut Dice) -> Option<PersonId> {
    if dice.seldom(8) {
        Some(LEAD)
    } else {
        world.case.seats.get(&seat).copied()
    }
}

fn answer(world: &World, text: &str, dice: &mut Dice) -> Action {
    let mut answers: Vec<Answered> = world
        .case
        .open_questions()
        .map(|question| Answered {
            question: question.id,
            text: text.to_owned(),
        })
        .collect();
    if dice.seldom(8) {
        answers.pop();
    }
    Action::AnswerClarification {
        answers,
        submission: dice.seldom(2).then(|| revision(world, dice)),
    }
}

fn respond(world: &World, text: &str, dice: &mut Dice) -> Action {
    let mut responses: Vec<Response> = world
        .case
        .findings
        .iter()
        .filter(|finding| finding.is_open())
        .map(|finding| Response {
            finding: finding.id,
            text: text.to_owned(),
        })
        .collect();
    if dice.seldom(8) {
        responses.pop();
    }
    Action::Resubmit {
        responses,
        submission: dice.seldom(2).then(|| revision(world, dice)),
    }
}

fn mark(world: &mut World, list: ListKind, text: String, dice: &mut Dice) -> Action {
    let item = some_item(world, list, dice);
    let finding = (!dice.seldom(8)).then(|| new_finding(world, "Wrong.".to_owned(), dice));
    let verdict = match dice.roll(8) {
        0 => Verdict::Fail,
        1 => Verdict::NotApplicable {
            reason: Internal::written(text),
        },
        _ => Verdict::Pass,
    };
    let mut action = check(list, &item, verdict);
    if let Action::CheckItem { finding: slot, .. } = &mut action {
        *slot = finding;
    }
    action
}

fn record(world: &mut World, list: ListKind, text: String, dice: &mut Dice) -> Action {
    Action::RecordFinding {
        list,
        item: some_item(world, list, dice),
        finding: new_finding(world, text, dice),
    }
}

fn new_finding(world: &mut World, text: String, dice: &mut Dice) -> NewFinding {
    NewFinding {
        id: FindingId(world.id()),
        severity: (!dice.seldom(3)).then(|| *dice.pick(Severity::ALL)),
        text: Outward::written(text),
    }
}

fn some_item(world: &World, list: ListKind, dice: &mut Dice) -> String {
    if dice.seldom(12) {
        "no_such_item".to_owned()
    } else {
        dice.pick(&world.items(list)).clone()
    }
}

fn some_finding(world: &World, dice: &mut Dice) -> FindingId {
    let standing: Vec<FindingId> = world.case.standing_findings().map(|f| f.id).collect();
    if standing.is_empty() || dice.seldom(8) {
        FindingId(Uuid::nil())
    } else {
        *dice.pick(&standing)
    }
}
