//! What happened, in words. The subject of each sentence is the person who did it, named before it:
//! "requested clarification: 2 questions, due 4 Dec 2026".

use super::{accounts, body::event_in as event, entries, partners, requests};
use crate::words::{count, day, spaced};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use workflow::{
    Event, Role, Timestamp,
    checklist::{ListKind, Severity, Verdict},
    event::Asked,
    state::{Missed, Seat, StateKind, Track},
};

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Reads everything.
    Staff,
    /// Reads what concerns the developer; who did it on our side, and our deliberations, are not
    /// told.
    Developer,
}

/// Names of people by their ids.
pub type Names = BTreeMap<Uuid, String>;

/// What people read of an event whose stored body is broken.
pub const UNREADABLE: &str = "This entry cannot be read";

/// The events of which developers are told whatever they hold, for what cannot be read any more.
const TOLD_TO_DEVELOPERS: [&str; 21] = [
    "started",
    "draft_edited",
    "attachment_added",
    "attachment_removed",
    "submitted",
    "clarification_requested",
    "clarification_answered",
    "completeness_confirmed",
    "corrections_requested",
    "resubmitted",
    "track_passed",
    "dla_accepted",
    "approved",
    "declined",
    "withdrawn",
    "reminded",
    "lapsed",
    "reopened",
    "grant_suspended",
    "grant_reinstated",
    "grant_revoked",
];

/// The people besides the actor whom the sentence of an event names.
pub fn people_in(name: &str, body: &Value) -> Vec<Uuid> {
    match event(name, body) {
        Some(Event::Assigned { from, to, .. }) => {
            let from = from.map(|person| person.0);
            from.into_iter().chain([to.0]).collect()
        }
        Some(Event::Released { from, .. }) => vec![from.0],
        Some(Event::Reopened { to, .. }) => vec![to.0],
        Some(_) => Vec::new(),
        None => person_of(body).into_iter().collect(),
    }
}

/// The sentence of an event by its name and body; none where the reader is not to be told of it.
pub fn sentence(name: &str, body: &Value, names: &Names, reader: Reader) -> Option<String> {
    if body.is_null() {
        let told = reader == Reader::Staff || TOLD_TO_DEVELOPERS.contains(&name);
        return told.then(|| UNREADABLE.to_owned());
    }
    match (event(name, body), reader) {
        (Some(event), Reader::Staff) => Some(of_case(&event, names)),
        (Some(event), Reader::Developer) => to_developer(&event, body),
        (None, Reader::Staff) => Some(of_desk(name, body, names)),
        (None, Reader::Developer) => None,
    }
}

fn of_case(event: &Event, names: &Names) -> String {
    let who = |person: &workflow::PersonId| {
        names
            .get(&person.0)
            .map_or("someone unknown", String::as_str)
    };
    match event {
        Event::Started { number, level, .. } => {
            format!("started application {number} for {}", level.label())
        }
        Event::DraftEdited { fields } => {
            let keys: Vec<String> = fields.iter().map(|key| spaced(key)).collect();
            format!("edited the draft: {}", keys.join(", "))
        }
        // What has not been handed in is its members' alone, its name too; what was has its name
        // where it was handed in.
        Event::AttachmentAdded { field, .. } => format!("attached a file to {}", spaced(field)),
        Event::AttachmentRemoved { .. } => "removed a file".to_owned(),
        Event::Submitted { submission } => {
            format!(
                "submitted the application (revision {})",
                submission.revision
            )
        }
        Event::Assigned { seat, from, to, .. } => match from {
            Some(from) => format!(
                "made {} {} in place of {}",
                who(to),
                seat_word(*seat),
                who(from)
            ),
            None => format!("made {} {}", who(to), seat_word(*seat)),
        },
        Event::Released {
            seat, from, away, ..
        } => {
            let away = away.map_or_else(String::new, |until| {
                format!(", being away until {}", day(until))
            });
            format!(
                "released the case: {} is no longer {}{away}",
                who(from),
                seat_word(*seat)
            )
        }
        Event::ClarificationRequested { questions, due } => asked(questions, *due),
        Event::ClarificationAnswered {
            answers,
            submission,
        } => answered(answers.len(), submission.as_ref().map(|s| s.revision)),
        Event::ItemChecked {
            list,
            item,
            verdict,
            ..
        } => format!(
            "checked “{}” ({}): {}",
            spaced(item),
            list_word(*list),
            verdict_word(verdict)
        ),
        Event::CompletenessConfirmed => "confirmed that the application is complete".to_owned(),
        Event::FindingRecorded { finding } => format!(
            "recorded a {} finding on “{}”",
            severity_word(finding.severity),
            spaced(&finding.item)
        ),
        Event::FindingWaived { .. } => "waived a finding".to_owned(),
        Event::FindingDated { due, .. } => {
            format!("set {} as the date for a finding", day(*due))
        }
        Event::CorrectionReported { .. } => "reported a finding as corrected".to_owned(),
        Event::FindingRetested {
            corrected: true, ..
        } => "saw that a finding is corrected".to_owned(),
        Event::FindingRetested {
            severity: Some(severity),
            ..
        } => format!(
            "found a finding not corrected yet, and {} now",
            severity_word(*severity)
        ),
        Event::FindingRetested { .. } => "found a finding not corrected yet".to_owned(),
        Event::FindingsReminded { findings } => format!(
            "reminded the developer of the date of {}",
            count(findings.len(), "finding")
        ),
        Event::CorrectionsRequested { due } => format!("requested corrections, due {}", day(*due)),
        Event::Resubmitted {
            responses,
            submission,
            ..
        } => resubmitted(responses.len(), submission.as_ref().map(|s| s.revision)),
        Event::TrackPassed {
            track,
            agreement_due,
        } => {
            let passed = passed(*track);
            match agreement_due {
                Some(due) => format!("{passed}; the agreement is due {}", day(*due)),
                None => passed,
            }
        }
        Event::DlaAccepted { acceptance } => format!(
            "accepted the Data Licensing Agreement, version {}, as {}",
            acceptance.version, acceptance.capacity
        ),
        Event::DeclineProposed { reason, .. } => {
            format!("proposed to decline: {}", reason.label())
        }
        Event::Approved { granted } => match granted.cap {
            Some(cap) => {
                let users = count(cap, "authorised user");
                format!("approved the application, for at most {users}")
            }
            None => "approved the application".to_owned(),
        },
        Event::Declined { reason, .. } => {
            format!("declined the application: {}", reason.label())
        }
        Event::Withdrawn { draft: true, .. } => "discarded the draft".to_owned(),
        Event::Withdrawn { .. } => "withdrew the application".to_owned(),
        Event::Reminded { overdue: false } => "reminded the developer".to_owned(),
        Event::Reminded { overdue: true } => {
            "reminded the developer that the date has passed".to_owned()
        }
        Event::Lapsed { missed } => format!("let the application lapse: {}", missed_word(*missed)),
        Event::Appealed { .. } => "appealed against the end of the application".to_owned(),
        Event::AppealAnswered { .. } => "answered the appeal: the end stays as it is".to_owned(),
        Event::Reopened { to, although, .. } if although.is_empty() => {
            format!("reopened the case for {}", who(to))
        }
        Event::Reopened { to, although, .. } => format!(
            "reopened the case for {}, who has worked on it before: {}",
            who(to),
            although.inside()
        ),
        Event::GrantSuspended { .. } => "suspended the grant".to_owned(),
        Event::GrantReinstated { .. } => "reinstated the grant".to_owned(),
        Event::GrantRevoked { .. } => "revoked the grant".to_owned(),
        Event::CapChanged { cap, .. } => format!(
            "changed the cap of the grant to {}",
            count(*cap, "authorised user")
        ),
    }
}

fn to_developer(event: &Event, body: &Value) -> Option<String> {
    let before = body.pointer("/before/state").and_then(Value::as_str);
    let was_waiting = before == Some(StateKind::Submitted.word());
    let was_approved = before == Some(StateKind::Approved.word());
    let text = match event {
        Event::Assigned {
            seat: Seat::Case, ..
        } if was_waiting => "began to check that the application is complete".to_owned(),
        Event::Assigned { .. }
        | Event::Released { .. }
        | Event::ItemChecked { .. }
        | Event::FindingRecorded { .. }
        | Event::FindingWaived { .. }
        | Event::FindingDated { .. }
        | Event::DeclineProposed { .. } => return None,
        // What is seen while the review runs is told with the request for corrections.
        Event::FindingRetested { .. } if !was_approved => return None,
        Event::AttachmentAdded { field, name, .. } if !name.is_empty() => {
            // Several of one sitting are told together.
            let names: Vec<&str> = name.lines().filter(|name| !name.is_empty()).collect();
            format!("attached “{}” to {}", names.join("”, “"), spaced(field))
        }
        Event::TrackPassed { track, .. } => passed(*track),
        Event::Reminded { .. } => "sent a reminder".to_owned(),
        Event::Appealed { .. } => "appealed against the end of the application".to_owned(),
        Event::Reopened { .. } => "reopened the application".to_owned(),
        told => of_case(told, &Names::new()),
    };
    Some(text)
}

fn asked(questions: &[Asked], due: Timestamp) -> String {
    format!(
        "requested clarification: {}, due {}",
        count(questions.len(), "question"),
        day(due)
    )
}

fn answered(answers: usize, revision: Option<u32>) -> String {
    let number = count(answers, "question");
    match revision {
        Some(revision) => format!("answered {number}, with revision {revision}"),
        None => format!("answered {number}"),
    }
}

fn resubmitted(responses: usize, revision: Option<u32>) -> String {
    let number = count(responses, "response");
    match revision {
        Some(revision) => format!("resubmitted with {number} and revision {revision}"),
        None => format!("resubmitted with {number}"),
    }
}

fn passed(track: Track) -> String {
    format!("passed the {}", track.label().to_lowercase())
}

const fn seat_word(seat: Seat) -> &'static str {
    match seat {
        Seat::Case => "the assignee",
        Seat::Commercial => "the commercial reviewer",
        Seat::Technical => "the technical reviewer",
    }
}

const fn list_word(list: ListKind) -> &'static str {
    match list {
        ListKind::Completeness => "completeness",
        ListKind::Commercial => "commercial",
        ListKind::Technical => "technical",
    }
}

const fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Minor => "minor",
        Severity::Major => "major",
        Severity::Blocker => "blocker",
    }
}

const fn verdict_word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::NotApplicable { .. } => "not applicable",
    }
}

const fn missed_word(missed: Missed) -> &'static str {
    match missed {
        Missed::Clarification => "the questions were not answered in time",
        Missed::Corrections => "the corrections did not arrive in time",
        Missed::Agreement => "the agreement was not accepted in time",
    }
}

/// Events about people, apps and the desk itself; a name that is not known here is spaced out, so
/// that nothing of the trail is ever unreadable.
fn of_desk(name: &str, body: &Value, names: &Names) -> String {
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
    let events = || {
        let number = body.pointer("/events").and_then(Value::as_u64).unwrap_or(0);
        count(usize::try_from(number).unwrap_or(usize::MAX), "event")
    };
    let member = || {
        person_of(body)
            .and_then(|id| names.get(&id))
            .map_or("someone", String::as_str)
    };
    let number = |path: &str| {
        body.pointer(path)
            .and_then(Value::as_u64)
            .unwrap_or_default()
    };
    let named = || text("/name").map_or_else(String::new, |name| format!("“{name}”"));
    let gateway = || text("/gateway").map_or_else(String::new, |name| format!("“{name}”"));
    let told = requests::sentence(name, body, member()).or_else(|| entries::sentence(name, body));
    if let Some(told) = told {
        return told;
    }
    if let Some(told) =
        partners::sentence(name, body).or_else(|| accounts::sentence(name, body, member()))
    {
        return told;
    }
    match name {
        "registered" => "registered as a developer".to_owned(),
        "registered_again" => "tried to register with an address that has an account".to_owned(),
        "email_verified" => "confirmed the email address".to_owned(),
        "signed_in" => "signed in".to_owned(),
        "sign_in_failed" => "failed to sign in".to_owned(),
        "signing_failed" => "gave a wrong password where a signature was asked for".to_owned(),
        "invitation_accepted" => "accepted the invitation and chose a password".to_owned(),
        "password_reset" => "chose a new password".to_owned(),
        "person_invited" => with_roles("invited a person", body),
        "roles_set" => with_roles("changed a person's roles", body),
        "invitation_requested" => with_roles("asked a second admin to invite a person", body),
        "roles_requested" => with_roles("asked a second admin for other roles", body),
        "enabling_requested" => "asked a second admin to enable an account".to_owned(),
        "roles_confirmed" => with_roles(&format!("confirmed what {} asked for", member()), body),
        "roles_refused" => with_roles(&format!("refused what {} asked for", member()), body),
        "roles_withdrawn" => with_roles("withdrew a request for a second admin", body),
        "person_disabled" => "disabled an account and ended its sessions and links".to_owned(),
        "person_enabled" => "enabled an account".to_owned(),
        "mail_retried" => match text("/kind") {
            Some(kind) => format!("had a letter sent again ({})", spaced(kind)),
            None => "had a letter sent again".to_owned(),
        },
        "letter_dropped" => match text("/kind") {
            Some(kind) => format!("dropped a letter that no longer applied ({})", spaced(kind)),
            None => "dropped a letter that no longer applied".to_owned(),
        },
        "setting_set" => match (text("/key"), body.pointer("/after"), text("/from")) {
            (Some(key), Some(after), Some(from)) => {
                let after = after
                    .as_str()
                    .map_or_else(|| after.to_string(), |word| format!("“{word}”"));
                format!("set “{}” to {after} from {from}", spaced(key))
            }
            _ => "changed a setting".to_owned(),
        },
        "case_exported" => format!(
            "exported the case as {} ({})",
            text("/format").unwrap_or("a file"),
            events()
        ),
        "case_tagged" => format!("put the tag {} on the case", named()),
        "case_untagged" => format!("took the tag {} off the case", named()),
        "case_snoozed" => format!("snoozed the case until {}", moment_in(body, "/until")),
        "bulk_begun" => {
            let cases = count(
                usize::try_from(number("/cases")).unwrap_or(usize::MAX),
                "case",
            );
            match (text("/kind"), member()) {
                (Some("assign"), who) => format!("began to assign {cases} to {who}"),
                (Some("remind"), _) => format!("began to remind the developers of {cases}"),
                _ => format!("began to put a tag on {cases}"),
            }
        }
        "bulk_stopped" => format!(
            "stopped what they had begun for many cases; {} were left",
            number("/cases")
        ),
        "bulk_ended" => format!(
            "ended what {} began for many cases: {} done, {} not done",
            member(),
            number("/done"),
            number("/not_done")
        ),
        "developer_reminded" => "reminded the developer that it is their turn".to_owned(),
        "case_woken" => "ended the snooze of the case".to_owned(),
        "stuck_asked" => "asked whether the application is stuck".to_owned(),
        "stuck_answered" => "answered whether the application is stuck".to_owned(),
        "tag_added" => format!("added the tag {}", named()),
        "tag_renamed" => match text("/before/name") {
            Some(before) => format!("renamed the tag “{before}” to {}", named()),
            None => format!("renamed a tag to {}", named()),
        },
        "tag_retired" => format!("retired the tag {}", named()),
        "tag_offered" => format!("offered the tag {} again", named()),
        "view_shared" => format!("shared the view {} with all staff", named()),
        "view_renamed" => format!("renamed a shared view to {}", named()),
        "view_dropped" => format!("deleted the shared view {}", named()),
        "trail_exported" => format!(
            "exported {} of the audit trail as {}",
            events(),
            text("/format").unwrap_or("a file")
        ),
        "trail_verified" => verified(body, &events()),
        "app_created" => match text("/after/text/name") {
            Some(app) => format!("created the app “{app}”"),
            None => "created an app".to_owned(),
        },
        "app_edited" => "edited the app's profile".to_owned(),
        "app_logo_set" => "gave the app a logo".to_owned(),
        "app_logo_removed" => "took the app's logo away".to_owned(),
        "secret_replaced" => match text("/environment") {
            Some("production") => "made a client secret of the app for production".to_owned(),
            _ => "replaced the app's client secret".to_owned(),
        },
        "redirects_changed" => {
            "changed where users are sent back to after they authorise the app".to_owned()
        }
        "app_archived" => "archived the app".to_owned(),
        "app_restored" => "restored the app from the archive".to_owned(),
        "ownership_offered" => "offered to hand the app over to another member".to_owned(),
        "ownership_moved" => "accepted the app and owns it now".to_owned(),
        "user_cap_near" | "user_cap_reached" => format!(
            "saw {} of {} for authorised users taken",
            number("/authorised"),
            count(number("/cap"), "place")
        ),
        "gateway_token_made" => format!("made a token for the gateway {}", gateway()),
        "gateway_token_replaced" => format!("replaced a token of the gateway {}", gateway()),
        "gateway_token_ended" => format!("ended a token of the gateway {}", gateway()),
        "watch_begun" => format!(
            "began to look after the approval: {}, the attestation is due {}",
            count(pages_in(body), "page"),
            moment_in(body, "/due")
        ),
        "watch_ended" => "no longer looks after the approval".to_owned(),
        "page_read" => format!("read the {} for the first time", page_in(body)),
        "page_changed" => format!(
            "found the {} changed: {} of a thousand words alike",
            page_in(body),
            number("/permille")
        ),
        "page_change_undone" => format!("found the {} as it was before", page_in(body)),
        "page_unreachable" => format!(
            "warned that the {} cannot be read since {}",
            page_in(body),
            moment_in(body, "/since")
        ),
        "page_cleared" => format!("saw no concern in the change of the {}", page_in(body)),
        "page_questioned" => format!(
            "raised the change of the {} with the developer",
            page_in(body)
        ),
        "page_change_answered" => format!(
            "answered what was asked about the change of the {}",
            page_in(body)
        ),
        "attestation_asked" => format!(
            "asked for the attestation that is due {}",
            moment_in(body, "/due")
        ),
        "attestation_missed" => format!(
            "told leads and approvers that the attestation of {} is missing",
            moment_in(body, "/due")
        ),
        "attestation_given" => format!(
            "attested that contacts and use are as approved; next due {}",
            moment_in(body, "/next")
        ),
        "member_added" => format!("added {} as a member of the app", member()),
        "member_changed" => format!("changed the authority of {} on the app", member()),
        "member_removed" => format!("removed {} from the app", member()),
        "member_invited" => "invited someone to become a member of the app".to_owned(),
        "member_joined" => "accepted the invitation and became a member of the app".to_owned(),
        "member_left" => "left the app".to_owned(),
        "invitation_declined" => "declined an invitation to the app".to_owned(),
        "invitation_withdrawn" => "withdrew an invitation to the app".to_owned(),
        "agreement_published" => published("the agreement", body),
        "guide_published" => published("the open page", body),
        "template_published" => published("the template", body),
        "policy_published" => published("the policy", body),
        "holidays_set" => "set the holidays".to_owned(),
        other => spaced(other),
    }
}

/// What came of a verification; before rows and files were compared, it was of the chain alone.
fn verified(body: &Value, events: &str) -> String {
    let number = |key: &str| body.get(key).and_then(Value::as_u64);
    let Some(fault) = body.get("fault").and_then(Value::as_str) else {
        return match (number("records"), number("files")) {
            (Some(records), Some(files)) => {
                let records = count(usize::try_from(records).unwrap_or(usize::MAX), "record");
                let files = count(usize::try_from(files).unwrap_or(usize::MAX), "file");
                format!("verified the trail: {events}, {records} and {files} are whole")
            }
            _ => format!("verified the chain of {events}: it is whole"),
        };
    };
    match number("faults").unwrap_or(1) {
        0 | 1 => format!("verified the trail and found a fault: {fault}"),
        many => format!("verified the trail and found {many} faults, the first: {fault}"),
    }
}

/// The page of an approval that an event is about, by its field of the request form.
fn page_in(body: &Value) -> String {
    body.pointer("/field")
        .and_then(Value::as_str)
        .map_or_else(|| "page".to_owned(), spaced)
}

fn pages_in(body: &Value) -> usize {
    body.pointer("/pages")
        .and_then(Value::as_array)
        .map_or(0, Vec::len)
}

/// The day of a moment in a body.
pub(super) fn moment_in(body: &Value, pointer: &str) -> String {
    body.pointer(pointer)
        .and_then(|at| serde_json::from_value::<Timestamp>(at.clone()).ok())
        .map_or_else(|| "some day".to_owned(), day)
}

fn person_of(body: &Value) -> Option<Uuid> {
    body.get("person")?.as_str()?.parse().ok()
}

fn published(what: &str, body: &Value) -> String {
    let kind = ["/kind", "/after/kind"]
        .iter()
        .find_map(|pointer| body.pointer(pointer)?.as_str())
        .map_or_else(String::new, |kind| format!(" “{}”", spaced(kind)));
    let version = ["/after/version", "/version", "/after"]
        .iter()
        .find_map(|pointer| body.pointer(pointer)?.as_u64())
        .map_or_else(String::new, |version| format!(", version {version}"));
    format!("published {what}{kind}{version}")
}

fn with_roles(what: &str, body: &Value) -> String {
    let roles: BTreeSet<Role> = body
        .pointer("/after/roles")
        .and_then(|roles| serde_json::from_value(roles.clone()).ok())
        .unwrap_or_default();
    if roles.is_empty() {
        return format!("{what}: none");
    }
    let roles: Vec<&str> = roles.iter().map(|role| role.label()).collect();
    format!("{what}: {}", roles.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use time::macros::datetime;
    use workflow::{FindingId, PersonId, QuestionId, checklist::Finding, event::Pin};

    fn told(event: &Event, names: &Names, reader: Reader) -> Option<String> {
        let body = json!({ "event": event, "before": { "state": "submitted" } });
        sentence(event.name(), &body, names, reader)
    }

    fn question() -> Asked {
        Asked {
            id: QuestionId(Uuid::nil()),
            pin: Pin::Case,
            text: workflow::Outward::written("Who?"),
        }
    }

    #[test]
    fn a_sentence_says_how_many_and_by_when() {
        let event = Event::ClarificationRequested {
            questions: vec![question(), question()],
            due: datetime!(2026-12-04 23:59 UTC).into(),
        };
        assert_eq!(
            told(&event, &Names::new(), Reader::Staff).unwrap(),
            "requested clarification: 2 questions, due 4 Dec 2026"
        );
    }

    #[test]
    fn a_developer_reads_no_name_and_no_deliberation_of_ours() {
        let rosa = Uuid::from_u128(1);
        let names = Names::from([(rosa, "Rosa".to_owned())]);
        let assigned = Event::Assigned {
            seat: Seat::Case,
            from: None,
            to: PersonId(rosa),
            note: workflow::Internal::written("Ask for the privacy policy."),
        };
        assert_eq!(
            told(&assigned, &names, Reader::Staff).unwrap(),
            "made Rosa the assignee"
        );
        assert_eq!(
            told(&assigned, &names, Reader::Developer).unwrap(),
            "began to check that the application is complete"
        );
        let finding = Event::FindingRecorded {
            finding: Finding {
                id: FindingId(Uuid::nil()),
                list: ListKind::Commercial,
                item: "market".to_owned(),
                severity: Severity::Major,
                text: workflow::Outward::default(),
                by: PersonId(rosa),
                at: Timestamp::default(),
                round: 1,
                status: workflow::checklist::FindingStatus::Open { returned: None },
            },
        };
        assert_eq!(told(&finding, &names, Reader::Developer), None);
    }

    #[test]
    fn what_cannot_be_read_is_said_to_be_so_to_those_who_are_told_of_such_events() {
        let said = |name, reader| sentence(name, &Value::Null, &Names::new(), reader);
        for name in ["approved", "finding_recorded", "signed_in"] {
            assert_eq!(said(name, Reader::Staff).as_deref(), Some(UNREADABLE));
        }
        assert_eq!(
            said("approved", Reader::Developer).as_deref(),
            Some(UNREADABLE)
        );
        for name in [
            "assigned",
            "finding_recorded",
            "decline_proposed",
            "case_exported",
        ] {
            assert_eq!(said(name, Reader::Developer), None, "{name}");
        }
    }

    #[test]
    fn an_unknown_event_is_still_readable() {
        let text = sentence("moon_landed", &json!({}), &Names::new(), Reader::Staff);
        assert_eq!(text.as_deref(), Some("moon landed"));
    }
}
