//! Texts that support puts into its answers: who keeps them, in which versions, and what stands in
//! their places.

use crate::{
    support::{records::person, *},
    support_requests::Window,
};
use casework::{
    entities::canned_texts,
    support::{
        canned::LONGEST_CANNED,
        commands::{self, PublishCannedTextInput, put_behind},
        queries::{CannedText, canned_text, canned_text_for, canned_texts},
    },
    verification,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

fn input(text: Option<Uuid>, seen: u32, title: &str, body: &str) -> PublishCannedTextInput {
    PublishCannedTextInput {
        text,
        seen,
        title: title.to_owned(),
        body: body.to_owned(),
        retired: false,
    }
}

const BODY: &str = "Hello {developer}, {app} is at {number}.";

impl Window {
    async fn publish(&self, input: &PublishCannedTextInput) -> casework::Result<Uuid> {
        commands::publish_canned_text(&self.story.desk, &self.story.cast.admin, input).await
    }

    async fn texts(&self) -> Vec<CannedText> {
        canned_texts(&self.story.desk, &self.story.cast.admin)
            .await
            .unwrap()
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_canned_text_is_kept_in_versions_and_put_behind_what_was_typed(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let on = &desk.story.desk;
    let id = desk.publish(&input(None, 0, "Ask", "Old.")).await.unwrap();
    let other = desk.publish(&input(None, 0, "Bye", "End.")).await.unwrap();
    assert_eq!(
        desk.publish(&input(Some(id), 1, "Ask", BODY))
            .await
            .unwrap(),
        id
    );
    let texts = desk.texts().await;
    let stand: Vec<_> = texts.iter().map(|one| (one.id, one.version)).collect();
    assert_eq!(stand, [(id, 2), (other, 1)]);

    let number = desk.ask("Readings are missing").await;
    let inside = desk.page(&desk.answers, number).await.inside.unwrap();
    let offered: Vec<&str> = inside.canned.iter().map(|(_, title)| &**title).collect();
    assert_eq!(offered, ["Ask", "Bye"]);
    let put = commands::put_in_canned_text(on, &desk.answers, number, Some(id)).await;
    assert!(matches!(put, Err(Error::PutIn)), "{put:?}");
    let filled = canned_text_for(on, &desk.answers, number, id)
        .await
        .unwrap();
    let app = desk.page(&desk.asks, number).await.app.unwrap().1;
    let name = &desk.asks.name;
    assert_eq!(filled, format!("Hello {name}, {app} is at {number}."));
    assert_eq!(put_behind("Good day.\n", "End."), "Good day.\n\nEnd.");
    assert_eq!(put_behind(" \n", "End."), "End.");

    // Retired, it is not offered; published again, it is.
    let mut retire = input(Some(id), 2, "Ask", BODY);
    retire.retired = true;
    desk.publish(&retire).await.unwrap();
    let inside = desk.page(&desk.answers, number).await.inside.unwrap();
    assert_eq!(inside.canned, [(other, "Bye".to_owned())]);
    for gone in [Some(id), None, Some(Uuid::nil())] {
        let put = commands::put_in_canned_text(on, &desk.answers, number, gone).await;
        assert_eq!(put.unwrap_err().problems()[0].field, "canned");
    }
    let gone = canned_text_for(on, &desk.answers, number, id).await;
    assert!(matches!(gone, Err(Error::NotFound)));
    desk.publish(&input(Some(id), 3, "Ask", BODY))
        .await
        .unwrap();
    let versions = canned_text(on, &desk.story.cast.admin, id).await.unwrap();
    let told: Vec<_> = versions
        .iter()
        .map(|one| (one.version, one.retired))
        .collect();
    assert_eq!(told, [(4, false), (3, true), (2, false), (1, false)]);
    desk.story.assert_sound().await;

    // A version that somebody changed in the database is found.
    let database = &desk.story.database;
    let changed = canned_texts::Entity::update_many()
        .col_expr(canned_texts::Column::Title, Expr::value("Another"))
        .filter(canned_texts::Column::Version.eq(1))
        .filter(canned_texts::Column::Id.eq(id))
        .exec(database.write())
        .await
        .unwrap();
    assert_eq!(changed.rows_affected, 1);
    let report = verification::verify(database, None).await.unwrap();
    let told: Vec<String> = report.found.iter().map(ToString::to_string).collect();
    let is_told = |fault: &&String| fault.contains("canned text");
    assert_eq!(told.iter().filter(is_told).count(), 1, "{told:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_change_a_canned_text_at_once_the_second_is_told(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let id = desk.publish(&input(None, 0, "Ask", "Old.")).await.unwrap();
    let (one, two) = (
        input(Some(id), 1, "Ask", "One."),
        input(Some(id), 1, "Ask", "Two."),
    );
    let (one, two) = tokio::join!(desk.publish(&one), desk.publish(&two));
    let outcomes = [one, two];
    assert_eq!(outcomes.iter().filter(|it| it.is_ok()).count(), 1);
    let late = outcomes.into_iter().find_map(Result::err).unwrap();
    assert!(matches!(late, Error::Conflict { .. }), "{late:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_canned_text_is_said_at_its_field() {
    let desk = Window::open(Engine::Sqlite).await;
    let id = desk.publish(&input(None, 0, "Ask", "Old.")).await.unwrap();
    let long = "x".repeat(LONGEST_CANNED + 1);
    for (typed, field, said) in [
        (input(None, 0, "ASK", "New."), "title", "another text"),
        (input(None, 0, " ", "New."), "title", "this is empty"),
        (input(None, 0, "New", &long), "body", "shorten it"),
        (
            input(None, 0, "New", "Dear {name},"),
            "body",
            "{name} stands for nothing",
        ),
        (
            input(Some(id), 1, "Ask", "Old."),
            "body",
            "stands there already",
        ),
    ] {
        let refused = desk.publish(&typed).await.unwrap_err();
        let problem = &refused.problems()[0];
        assert_eq!(problem.field, field, "{refused}");
        assert!(problem.text.contains(said), "{refused}");
    }
    let strange = desk
        .publish(&input(Some(Uuid::nil()), 1, "Ask", "Old."))
        .await;
    assert!(matches!(strange, Err(Error::NotFound)));
}

#[tokio::test(flavor = "multi_thread")]
async fn leads_of_support_and_admins_keep_canned_texts_and_nobody_else() {
    let desk = Window::open(Engine::Sqlite).await;
    let on = &desk.story.desk;
    let leads = person(&desk.story, "leads", &[Role::Support, Role::Lead]).await;
    let id = commands::publish_canned_text(on, &leads, &input(None, 0, "Ask", "Old."))
        .await
        .unwrap();
    assert_eq!(canned_texts(on, &leads).await.unwrap().len(), 1);
    let cast = &desk.story.cast;
    for nobody in [&desk.answers, &cast.lead, &cast.compliance, &desk.asks] {
        let refused =
            commands::publish_canned_text(on, nobody, &input(None, 0, "New", "New.")).await;
        assert!(
            matches!(refused, Err(Error::Forbidden { .. })),
            "{}",
            nobody.name
        );
        let refused = canned_texts(on, nobody).await;
        assert!(
            matches!(refused, Err(Error::Forbidden { .. })),
            "{}",
            nobody.name
        );
        let refused = canned_text(on, nobody, id).await;
        assert!(
            matches!(refused, Err(Error::Forbidden { .. })),
            "{}",
            nobody.name
        );
    }
    // What stands in the places of a request is nobody else's, its developer's neither.
    let number = desk.ask("Readings are missing").await;
    for nobody in [&desk.asks, &cast.lead, &cast.admin] {
        let refused = canned_text_for(on, nobody, number, id).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{}", nobody.name);
        let refused = commands::put_in_canned_text(on, nobody, number, Some(id)).await;
        assert!(!matches!(refused, Err(Error::PutIn)), "{}", nobody.name);
    }
}
