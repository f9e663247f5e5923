//! Attestations: asked for, given, missed.

use super::*;

pub(super) const GIVEN: fn(&Caller) -> Attestation = |who| Attestation {
    contacts: true,
    as_approved: true,
    name: format!(" {} ", who.name.to_uppercase()),
};

pub(super) async fn due(story: &Story) -> i64 {
    let row = watched_apps::Entity::find()
        .one(story.database.read())
        .await;
    row.unwrap().unwrap().due_at
}

/// The clock looks every day until this one.
async fn days_until(story: &Story, day: time::OffsetDateTime) {
    while story.now() < day.into() {
        story.clock.pass(Duration::days(1));
        ask_for_attestations(&story.desk).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_letter_says_how_often_it_is_asked_as_the_setting_does() {
    for (months, words) in [
        ("1", "Every month"),
        ("6", "Every 6 months"),
        ("12", "Once a year"),
    ] {
        let (story, _web, _) = with_policy(Engine::Sqlite).await;
        if months != "12" {
            let (admin, key) = (&story.cast.admin, "attestation_months");
            let seen = crate::admin::setting_seen(&story, key).await;
            commands::set_setting(&story.desk, admin, key, months, "", "As agreed", &seen)
                .await
                .unwrap();
        }
        reader(&story.desk).round().await.unwrap();
        let end = Timestamp::from_micros(due(&story).await);
        while story.now().plus(Duration::days(1)) < end {
            story.clock.pass(Duration::days(1));
            ask_for_attestations(&story.desk).await.unwrap();
        }
        let asked = outbox::Entity::find()
            .filter(outbox::Column::Kind.eq("attestation_soon"))
            .one(story.database.read())
            .await
            .unwrap()
            .unwrap();
        assert!(asked.text.contains(words), "{months}: {}", asked.text);
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn attestations_are_asked_for_by_their_dates_and_those_who_decide_are_told_of_a_missing_one(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, _web, case) = with_policy(engine).await;
    let desk = &story.desk;
    reader(desk).round().await.unwrap();
    assert_eq!(
        Timestamp::from_micros(due(&story).await).date().to_string(),
        "2027-03-02"
    );
    let told = async || {
        let mut told = Vec::new();
        for kind in ["soon", "today", "overdue", "missing"] {
            told.push(letters(&story, &format!("attestation_{kind}")).await.len());
        }
        told
    };
    days_until(&story, datetime!(2027-01-29 9:00 UTC)).await;
    assert_eq!(told().await, [0, 0, 0, 0]);
    days_until(&story, datetime!(2027-02-01 9:00 UTC)).await;
    assert_eq!(told().await, [1, 0, 0, 0]);
    days_until(&story, datetime!(2027-03-01 23:00 UTC)).await;
    assert_eq!(told().await, [1, 1, 0, 0]);
    days_until(&story, datetime!(2027-03-31 9:00 UTC)).await;
    assert_eq!(told().await, [1, 1, 1, 0]);
    assert_eq!(
        letters(&story, "attestation_soon").await,
        ["olga@example.org"]
    );
    days_until(&story, datetime!(2027-05-01 9:00 UTC)).await;
    assert_eq!(told().await, [1, 1, 1, 2]);
    let missing = letters(&story, "attestation_missing").await;
    assert_eq!(missing, ["amara@example.org", "lena@example.org"]);
    let of_case = queries::approval_of_case(desk, &story.cast.lead, case)
        .await
        .unwrap();
    assert_eq!(of_case.unwrap().stage, Stage::Missing);
    // Nothing is suspended by the clock.
    assert!(
        queries::app_profile(desk, &story.cast.owner, app_of(&story, case).await)
            .await
            .unwrap()
            .suspended
            .is_none()
    );

    let app = app_of(&story, case).await;
    let seen = due(&story).await;
    commands::attest(
        desk,
        &story.cast.owner,
        app,
        seen,
        &GIVEN(&story.cast.owner),
    )
    .await
    .unwrap();
    // Given late: the next year counts from the day it was given.
    assert!(
        Timestamp::from_micros(due(&story).await)
            .date()
            .to_string()
            .starts_with("2028-05-0")
    );
    let kept = attestations::Entity::find()
        .all(story.database.read())
        .await
        .unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (kept[0].due_at, kept[0].given_by),
        (seen, story.cast.owner.person.0)
    );
    assert_eq!(ask_for_attestations(desk).await.unwrap(), 0);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_attestation_is_given_once_in_its_time_by_an_owner(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, _web, case) = with_policy(engine).await;
    let (desk, cast) = (&story.desk, &story.cast);
    reader(desk).round().await.unwrap();
    let (app, seen) = (app_of(&story, case).await, due(&story).await);
    let good = GIVEN(&cast.owner);
    // Not asked for yet.
    let early = commands::attest(desk, &cast.owner, app, seen, &good).await;
    assert!(matches!(early, Err(Error::Conflict { .. })));
    story.clock.set(datetime!(2027-02-10 9:00 UTC).into());
    for who in [&cast.stranger, &cast.admin, &cast.lead] {
        let outcome = commands::attest(desk, who, app, seen, &GIVEN(who)).await;
        assert!(matches!(outcome, Err(Error::NotFound)), "{}", who.name);
        let shown = queries::approval_of_app(desk, who, app).await;
        assert!(matches!(shown, Err(Error::NotFound)), "{}", who.name);
    }
    let plain = commands::attest(desk, &cast.member, app, seen, &GIVEN(&cast.member)).await;
    assert!(matches!(plain, Err(Error::Forbidden { .. })));
    assert!(
        !queries::approval_of_app(desk, &cast.member, app)
            .await
            .unwrap()
            .unwrap()
            .may_attest
    );
    let nothing = commands::attest(desk, &cast.owner, app, seen, &Attestation::default()).await;
    let fields: Vec<String> = nothing
        .unwrap_err()
        .problems()
        .iter()
        .map(|problem| problem.field.clone())
        .collect();
    assert_eq!(fields, ["contacts", "as_approved", "name"]);
    assert!(
        queries::approval_of_app(desk, &cast.owner, app)
            .await
            .unwrap()
            .unwrap()
            .may_attest
    );
    commands::attest(desk, &cast.owner, app, seen, &good)
        .await
        .unwrap();
    let again = commands::attest(desk, &cast.owner, app, seen, &good).await;
    assert!(matches!(again, Err(Error::Conflict { .. })));
    assert_eq!(
        Timestamp::from_micros(due(&story).await).date().to_string(),
        "2028-03-02"
    );
    assert_eq!(events(&story, "attestation_given").await, 1);
    story.assert_sound().await;
}
