//! What causes and overtakes each letter of living approval, for the tests over all letters and
//! all sweepers.

use super::{
    attestation::{GIVEN, due},
    *,
};

/// A text that nothing is held against, for the test of all sweepers (`upkeep`).
pub async fn text_of_no_use(rig: &Rig, app: AppId, case: CaseNumber) {
    let writing = rig.database.write();
    let number = i32::try_from(case.0).unwrap();
    let case = cases::Entity::find()
        .filter(cases::Column::Number.eq(number))
        .one(writing)
        .await
        .unwrap()
        .unwrap();
    let page = Uuid::now_v7();
    watched_pages::Entity::insert(watched_pages::ActiveModel {
        id: Set(page),
        app_id: Set(app.0),
        case_id: Set(case.id),
        field: Set("privacy_policy".to_owned()),
        address: Set("https://glow.example.org/privacy".to_owned()),
        next_at: Set(None),
        known_id: Set(None),
        etag: Set(None),
        modified: Set(None),
        read_at: Set(None),
        failing_since_at: Set(None),
        failure: Set(String::new()),
        warned_at: Set(None),
        leased_until_at: Set(None),
        lease_id: Set(None),
    })
    .exec_without_returning(writing)
    .await
    .unwrap();
    page_texts::Entity::insert(page_texts::ActiveModel {
        id: Set(Uuid::now_v7()),
        page_id: Set(page),
        text: Set("We keep it.".to_owned()),
        sha256: Set(String::new()),
        read_at: Set(rig.now().micros()),
    })
    .exec_without_returning(writing)
    .await
    .unwrap();
}

/// Causes a letter of this kind, for the test of all letters (`applies`): who gets it, of which case.
pub async fn cause(story: &Story, kind: LetterKind) -> (Caller, CaseNumber) {
    let (web, cast) = (Web::start().await, &story.cast);
    web.put(POLICY, V1);
    story.links.read_from(web.of_desk());
    let address = format!("https://{POLICY}");
    let case = approved(story, &[("privacy_policy", &address)]).await;
    reader(&story.desk).round().await.unwrap();
    let days = |days| story.clock.pass(Duration::days(days));
    let (reader_of_it, wait) = match kind {
        LetterKind::PageChanged
        | LetterKind::PageQuestioned
        | LetterKind::PageAnswered
        | LetterKind::PageSettled => {
            web.put(POLICY, &v2());
            a_week_later(story).await;
            if kind == LetterKind::PageChanged {
                return (cast.commercial.clone(), case);
            }
            let (id, carmen) = (changes(story).await[0].id, &cast.commercial);
            commands::raise_change(&story.desk, carmen, id, 1, "Who are they?")
                .await
                .unwrap();
            if kind != LetterKind::PageQuestioned {
                commands::answer_change(&story.desk, &cast.member, id, "A lab.")
                    .await
                    .unwrap();
            }
            if kind == LetterKind::PageAnswered {
                return (carmen.clone(), case);
            }
            if kind == LetterKind::PageSettled {
                commands::clear_change(&story.desk, carmen, id, 3, "A lab is fine.")
                    .await
                    .unwrap();
            }
            return (cast.member.clone(), case);
        }
        LetterKind::PageUnreachable => {
            web.fail(POLICY, 503);
            for _ in 0..3 {
                a_week_later(story).await;
            }
            return (cast.member.clone(), case);
        }
        LetterKind::AttestationSoon => (&cast.owner, -1),
        LetterKind::AttestationToday => (&cast.owner, 0),
        LetterKind::AttestationOverdue => (&cast.owner, 1),
        _ => (&cast.lead, 31),
    };
    story
        .clock
        .set(Timestamp::from_micros(due(story).await - 1));
    days(wait);
    ask_for_attestations(&story.desk).await.unwrap();
    (reader_of_it.clone(), case)
}

/// Takes the step after which such a letter no longer applies.
pub async fn overtake(story: &Story, kind: LetterKind, case: CaseNumber) {
    let (cast, app) = (&story.cast, app_of(story, case).await);
    match kind {
        LetterKind::PageChanged => {
            let id = changes(story).await[0].id;
            commands::clear_change(&story.desk, &cast.commercial, id, 1, "As before.")
                .await
                .unwrap();
        }
        LetterKind::PageQuestioned | LetterKind::PageSettled => {
            commands::leave_app(&story.desk, &cast.member, app)
                .await
                .unwrap();
        }
        LetterKind::PageUnreachable => {
            let web = Web::start().await;
            web.put(POLICY, V1);
            story.links.read_from(web.of_desk());
            a_week_later(story).await;
        }
        _ => {
            let seen = due(story).await;
            commands::attest(&story.desk, &cast.owner, app, seen, &GIVEN(&cast.owner))
                .await
                .unwrap();
        }
    }
}
