//! Every end of an application as its developer sees it: what is so, since when, and what can be done.

use crate::support::*;
use casework::{
    commands::{self, appeal},
    entities::outbox,
    post::LetterKind,
    queries::{
        AlsoAsked, AppealView, Outcome, app_profile, application,
        case_page::case_page,
        my_apps,
        queue::{Filter, View, queue},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use time::Duration;
use workflow::{Seen, case::GrantStatus};

async fn view(story: &Story, case: CaseNumber) -> (Option<AppealView>, bool) {
    let page = application(&story.desk, &story.cast.owner, case)
        .await
        .unwrap();
    let appeal = match page.outcome {
        Some(Outcome::Declined { appeal, .. } | Outcome::Lapsed { appeal, .. }) => appeal,
        other => panic!("{other:?}"),
    };
    // The list, and the page of the app, say the same.
    let profile = app_profile(&story.desk, &story.cast.owner, page.app)
        .await
        .unwrap();
    let brief = profile
        .applications
        .iter()
        .find(|brief| brief.number == case);
    assert_eq!(brief.unwrap().appeal, appeal);
    (appeal, page.possible.contains(&ActionKind::Appeal))
}

async fn sent(
    story: &Story,
    caller: &Caller,
    case: CaseNumber,
    text: &str,
) -> casework::Result<()> {
    let page = application(&story.desk, &story.cast.owner, case)
        .await
        .unwrap();
    let mut envelope = story::envelope(case);
    envelope.seen = Some(Seen::version(page.version));
    appeal(&story.desk, caller, &envelope, text).await.map(drop)
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_appeal_is_offered_in_time_alone_and_made_once_by_a_form(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(StateKind::Declined, StateKind::Lapsed)] end: StateKind,
) {
    let story = Story::begin(engine).await;
    let case = story.case_in(AccessLevel::Limited, end).await;
    let ended = story.desk.now();
    let (appeal, possible) = view(&story, case).await;
    assert!(
        matches!(appeal, Some(AppealView::Until(until)) if until > ended),
        "{appeal:?}"
    );
    assert!(possible);
    let short = sent(&story, &story.cast.member, case, "Why?").await;
    assert_eq!(short.unwrap_err().problems()[0].field, "text");
    let stranger = sent(&story, &story.cast.stranger, case, "I appeal against this.").await;
    assert!(matches!(stranger, Err(Error::NotFound)), "{stranger:?}");
    sent(
        &story,
        &story.cast.member,
        case,
        "You overlooked our second use.",
    )
    .await
    .unwrap();
    let (appeal, possible) = view(&story, case).await;
    assert!(
        matches!(appeal, Some(AppealView::Made(at)) if at >= ended),
        "{appeal:?}"
    );
    assert!(!possible);
    let again = sent(&story, &story.cast.owner, case, "And once more, please.").await;
    assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
    // Leads read it, and the trail keeps it.
    let letters = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq("appeal_arrived"))
        .all(story.desk.database.read())
        .await
        .unwrap();
    assert_eq!(letters.len(), 1);
    assert!(letters[0].text.contains("You overlooked our second use."));
    let page = application(&story.desk, &story.cast.owner, case)
        .await
        .unwrap();
    let last = page.history.last().unwrap();
    assert_eq!(last.what, "appealed against the end of the application");
    assert_eq!(last.why, "You overlooked our second use.");
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_appeal_waits_in_a_view_until_a_lead_answers_it_and_its_developer_reads_why(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(StateKind::Declined, StateKind::Lapsed)] end: StateKind,
) {
    let story = Story::begin(engine).await;
    let (cast, desk) = (&story.cast, &story.desk);
    let case = story.case_in(AccessLevel::Limited, end).await;
    let waiting = async || {
        let filter = Filter::view(View::Appeals);
        let page = queue(desk, &cast.lead, filter).await.unwrap();
        page.rows.len()
    };
    assert_eq!(waiting().await, 0);
    sent(&story, &cast.member, case, "You overlooked our second use.")
        .await
        .unwrap();
    assert_eq!(waiting().await, 1);
    let page = case_page(desk, &cast.lead, case, None).await.unwrap();
    assert_eq!(
        page.appeal.as_deref(),
        Some("You overlooked our second use.")
    );
    let answer = || Action::AnswerAppeal {
        text: workflow::Outward::written("The second use is not in the application."),
    };
    let reviewer = story.act(&cast.reviewer, case, answer()).await;
    assert!(
        matches!(reviewer, Err(Error::Forbidden { .. })),
        "{reviewer:?}"
    );
    story.step(&cast.lead, case, answer()).await;
    assert_eq!(waiting().await, 0);
    let (appeal, _) = view(&story, case).await;
    let Some(AppealView::Answered { text, .. }) = appeal else {
        panic!("{appeal:?}")
    };
    assert_eq!(text, "The second use is not in the application.");
    let letters = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq("appeal_answered"))
        .all(desk.database.read())
        .await
        .unwrap();
    assert_eq!(letters.len(), 2, "to both members");
    assert!(letters[0].text.contains(&text));
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_beside_an_application_stands_on_the_list_and_on_the_page_of_the_app(
    #[values(
        LetterKind::AttestationToday,
        LetterKind::PageUnreachable,
        LetterKind::EntryChangesAsked,
        LetterKind::PartnerWarned
    )]
    kind: LetterKind,
) {
    let story = Story::begin(Engine::Sqlite).await;
    let caused = crate::applies::cause(&story, kind).await;
    let apps = my_apps(&story.desk, &caused.reader).await.unwrap().apps;
    let app = apps.iter().find(|app| !app.also_asked.is_empty());
    let app = app.unwrap_or_else(|| panic!("{kind:?} is not on the list"));
    let fits = match kind {
        LetterKind::AttestationToday => {
            |asked: &AlsoAsked| matches!(asked, AlsoAsked::Attestation(_))
        }
        LetterKind::PageUnreachable => |asked: &AlsoAsked| matches!(asked, AlsoAsked::Page),
        LetterKind::EntryChangesAsked => |asked: &AlsoAsked| matches!(asked, AlsoAsked::Entry),
        _ => |asked: &AlsoAsked| matches!(asked, AlsoAsked::Partner(Some(_))),
    };
    assert!(app.also_asked.iter().any(fits), "{:?}", app.also_asked);
    let profile = app_profile(&story.desk, &caused.reader, app.id).await;
    assert_eq!(profile.unwrap().also_asked, app.also_asked);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn when_its_time_has_passed_an_appeal_is_not_offered_any_more(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Declined)
        .await;
    story.clock.pass(Duration::days(31));
    let (appeal, possible) = view(&story, case).await;
    assert!(
        matches!(appeal, Some(AppealView::Over(until)) if until < story.desk.now()),
        "{appeal:?}"
    );
    assert!(!possible);
    let late = sent(&story, &story.cast.owner, case, "I appeal against this.").await;
    assert!(
        late.unwrap_err().to_string().contains("30 days"),
        "it says how long it was possible"
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_an_approval_is_said_wherever_the_application_is_named(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Approved)
        .await;
    let owner = &story.cast.owner;
    for (step, now) in [
        (None, GrantStatus::Active),
        (Some(ActionKind::SuspendGrant), GrantStatus::Suspended),
        (Some(ActionKind::ReinstateGrant), GrantStatus::Active),
        (Some(ActionKind::RevokeGrant), GrantStatus::Revoked),
    ] {
        if let Some(step) = step {
            let change = story::sample(step, &story.cast.approver);
            story.step(&story.cast.approver, case, change).await;
        }
        let page = application(&story.desk, owner, case).await.unwrap();
        assert!(
            matches!(page.outcome, Some(Outcome::Approved { grant, .. }) if grant == now),
            "{now:?}"
        );
        let mine = my_apps(&story.desk, owner).await.unwrap();
        let briefs = mine.apps.iter().filter_map(|app| app.application.as_ref());
        let grants: Vec<_> = briefs
            .filter(|brief| brief.number == case)
            .map(|brief| brief.grant)
            .collect();
        assert_eq!(grants, [Some(now)]);
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_withdrew_is_named_and_when_it_lapses_is_said_before(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let owner = &story.cast.owner;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Clarification)
        .await;
    let asked = application(&story.desk, owner, case)
        .await
        .unwrap()
        .asked
        .unwrap();
    assert!(asked.lapses.unwrap() > asked.due.unwrap());
    // The day after which it lapses is the one on which the clock ends it.
    let member = &story.cast.member;
    commands::withdraw(&story.desk, member, &story::envelope(case), "")
        .await
        .unwrap();
    let page = application(&story.desk, owner, case).await.unwrap();
    let Some(Outcome::Withdrawn { who, .. }) = page.outcome else {
        panic!("{:?}", page.outcome);
    };
    assert_eq!(who, "Mahmoud");
}
