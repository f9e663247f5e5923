//! What our side writes for itself is read by no developer: each such text carries a mark, and
//! everything that a developer gets is searched for it.

use crate::support::*;
use casework::{
    commands::{Envelope, Question, RequestClarification, gather_questions},
    entities::{inbox_entries, outbox, search_documents},
    queries::{application, draft_view, my_apps},
};
use sea_orm::EntityTrait;
use workflow::{
    Internal, Outward,
    checklist::{ListKind, Severity, Verdict},
    event::DeclineReason,
    state::Seat,
};

/// No word of anybody else's.
const MARK: &str = "quokka";

/// Marked texts, each of its own.
#[derive(Default)]
struct Pen(u32);

impl Pen {
    fn text(&mut self) -> String {
        self.0 += 1;
        format!("Between us, {MARK} number {}.", self.0)
    }

    fn note(&mut self) -> Internal {
        Internal::written(self.text())
    }
}

/// A case to which everything was written that our side writes for itself; declined, appealed
/// against and reopened for one who has worked on it.
async fn written(story: &Story, pen: &mut Pen) -> CaseNumber {
    let cast = &story.cast;
    let case = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    let release = Action::Release {
        seat: Seat::Case,
        seen: Some(cast.reviewer.person),
        note: pen.note(),
        away: None,
    };
    story.step(&cast.reviewer, case, release).await;
    let mut assign = story::take(Seat::Case, &cast.reviewer);
    if let Action::Assign { note, .. } = &mut assign {
        *note = pen.note();
    }
    story.step(&cast.lead, case, assign).await;
    let marks = [
        ("use_case", Verdict::Pass),
        ("markets", Verdict::NotApplicable { reason: pen.note() }),
    ];
    for (item, verdict) in marks {
        let mut check = story::check(ListKind::Commercial, item, verdict);
        if let Action::CheckItem { evidence, .. } = &mut check {
            *evidence = pen.text();
        }
        story.step(&cast.commercial, case, check).await;
    }
    let record = story::finding(ListKind::Commercial, "use_case", Severity::Minor);
    story.step(&cast.commercial, case, record).await;
    let finding = story.case(case).await.findings[0].id;
    let reason = pen.note();
    let waive = Action::WaiveFinding { finding, reason };
    story.step(&cast.commercial, case, waive).await;
    // Corrections are asked for, so that its developers read of findings.
    let record = story::finding(ListKind::Commercial, "markets", Severity::Major);
    story.step(&cast.commercial, case, record).await;
    let due = story.in_days(9);
    let request = Action::RequestCorrections { due };
    story.step(&cast.commercial, case, request).await;
    crate::applies::resubmit(story, case).await;
    let (reason, text) = (DeclineReason::UseCase, pen.note());
    let propose = Action::ProposeDecline { reason, text };
    story.step(&cast.commercial, case, propose).await;
    let decline = story::decline("The use does not need the data.");
    story.step(&cast.approver, case, decline).await;
    let text = "You overlooked our second use.".to_owned();
    story.step(&cast.owner, case, Action::Appeal { text }).await;
    let reopen = Action::Reopen {
        reason: pen.note(),
        to: cast.reviewer.person,
        although: pen.note(),
        roles: cast.reviewer.roles.clone(),
        is_member: false,
        away: None,
        other: None,
    };
    story.step(&cast.lead, case, reopen).await;
    case
}

/// What a reviewer has gathered for the reopened case and not published: until then it is between us,
/// whatever it becomes.
async fn gathered(story: &Story, case: CaseNumber, pen: &mut Pen) {
    let (desk, reviewer) = (&story.desk, &story.cast.reviewer);
    let at = Envelope { case, seen: None };
    let ask = RequestClarification {
        questions: vec![Question {
            about: "case".to_owned(),
            text: pen.text(),
        }],
        due: String::new(),
    };
    gather_questions(desk, reviewer, &at, ask).await.unwrap();
}

/// An approval with a note, suspended with a reason that its developer does read.
async fn approved(story: &Story, pen: &mut Pen) -> CaseNumber {
    let cast = &story.cast;
    let app = story.app("Second", &cast.owner).await;
    let case = story
        .draft_for(app, &cast.owner, AccessLevel::Limited)
        .await;
    story.bring(case, StateKind::Decision).await;
    let mut approve = story::approve(AccessLevel::Limited);
    if let Action::Approve { granted } = &mut approve {
        granted.note = pen.note();
    }
    story.step(&cast.approver, case, approve).await;
    let mut suspend = story::sample(ActionKind::SuspendGrant, &cast.owner);
    if let Action::SuspendGrant { reason, .. } = &mut suspend {
        *reason = Outward::written("Tokens were found in public.");
    }
    story.step(&cast.approver, case, suspend).await;
    case
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_between_us_is_on_no_page_in_no_letter_and_in_nothing_a_developer_gets(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (cast, desk) = (&story.cast, &story.desk);
    let mut pen = Pen::default();
    let reopened = written(&story, &mut pen).await;
    let approved = approved(&story, &mut pen).await;
    let recorded = pen.0;
    gathered(&story, reopened, &mut pen).await;
    // All of it stands in the record.
    let mut kept = String::new();
    for case in [reopened, approved] {
        kept.push_str(&format!("{:?}", story.history(case).await));
    }
    for number in 1..=recorded {
        assert!(
            kept.contains(&format!("{MARK} number {number}.")),
            "{number}"
        );
    }

    let mut got: Vec<(String, String)> = Vec::new();
    for who in [&cast.owner, &cast.member] {
        let apps = my_apps(desk, who).await.unwrap();
        got.push((format!("the apps of {}", who.name), format!("{apps:?}")));
        for case in [reopened, approved] {
            let Ok(view) = application(desk, who, case).await else {
                continue;
            };
            got.push((format!("{case} to {}", who.name), format!("{view:?}")));
            if let Ok(draft) = draft_view(desk, who, case).await {
                got.push((format!("the form of {case}"), format!("{draft:?}")));
            }
        }
    }
    assert!(got.len() >= 4);
    let ours = [cast.owner.person.0, cast.member.person.0];
    let letters = outbox::Entity::find();
    for letter in letters.all(desk.database.read()).await.unwrap() {
        if letter
            .person_id
            .is_some_and(|person| ours.contains(&person))
        {
            got.push((letter.kind.clone(), format!("{letter:?}")));
        }
    }
    let lines = inbox_entries::Entity::find();
    for line in lines.all(desk.database.read()).await.unwrap() {
        if ours.contains(&line.person_id) {
            got.push(("a line of the inbox".to_owned(), format!("{line:?}")));
        }
    }
    crate::search::write(desk).await;
    let mut inside = String::new();
    let documents = search_documents::Entity::find();
    for document in documents.all(desk.database.read()).await.unwrap() {
        let texts: serde_json::Value = serde_json::from_str(&document.texts).unwrap();
        let outside = texts["outside"].to_string();
        inside.push_str(&texts["inside"].to_string());
        got.push((format!("found in {}", document.number), outside));
    }
    assert!(inside.contains(MARK), "our side finds what it wrote");
    for (what, text) in &got {
        assert!(!text.contains(MARK), "{what}: {text}");
    }
    // What was written to them is there.
    for told in [
        "The use does not need the data.",
        "Tokens were found in public.",
    ] {
        assert!(got.iter().any(|(_, text)| text.contains(told)), "{told}");
    }
}
