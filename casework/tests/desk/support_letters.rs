//! What causes each letter about a support request, and what overtakes it.

use crate::support::*;
use casework::{
    entities::outbox,
    mail::LetterKind as K,
    support::{
        commands::{self, OpenRequestInput},
        queries::{articles_to_decide, request_page},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use workflow::support::{Category, Environment, RequestNumber};

const FIRST: RequestNumber = RequestNumber(1001);
const SUBJECT: &str = "Readings are missing";

async fn ask(story: &Story, subject: &str) -> RequestNumber {
    let input = OpenRequestInput {
        subject: subject.to_owned(),
        category: Some(Category::Api),
        app: None,
        case: String::new(),
        environment: Some(Environment::Sandbox),
        text: "Since last night.".to_owned(),
        files: String::new(),
    };
    commands::open_request(&story.desk, &story.cast.owner, &input, &[])
        .await
        .unwrap()
}

async fn seen(story: &Story, who: &Caller) -> u64 {
    let page = request_page(&story.desk, who, FIRST).await;
    page.unwrap().version
}

async fn reply(story: &Story, who: &Caller, solved: bool) {
    let seen = seen(story, who).await;
    commands::reply_to_request(&story.desk, who, FIRST, "Try it again.", &[], solved, seen)
        .await
        .unwrap();
}

async fn answer(story: &Story) {
    commands::answer_request(&story.desk, &story.cast.owner, FIRST, "Still missing.", &[])
        .await
        .unwrap();
}

/// Someone of support, whom every story of a letter has.
async fn of_support(story: &Story) -> Caller {
    story.person("sofia", &[Role::Support]).await
}

/// Takes the steps that cause a letter of this kind; answers its reader.
pub async fn cause(story: &Story, kind: K) -> Caller {
    let sofia = of_support(story).await;
    ask(story, SUBJECT).await;
    let (desk, owner) = (&story.desk, story.cast.owner.clone());
    match kind {
        K::RequestReplied => reply(story, &sofia, false).await,
        K::RequestSolved => reply(story, &sofia, true).await,
        K::RequestMerged => {
            let into = ask(story, "The chart ends at noon").await.to_string();
            let seen = seen(story, &sofia).await;
            commands::merge_request(desk, &sofia, FIRST, &into, seen)
                .await
                .unwrap();
        }
        K::RequestMoved => {
            let seen = seen(story, &sofia).await;
            commands::move_request(desk, &sofia, FIRST, "The portal", seen)
                .await
                .unwrap();
        }
        K::RequestAnswered => answer(story).await,
        K::RequestAssigned => {
            let samuel = story.person("samuel", &[Role::Support]).await;
            let seen = seen(story, &sofia).await;
            commands::assign_request(desk, &sofia, FIRST, Some(samuel.person), seen)
                .await
                .unwrap();
            return samuel;
        }
        K::ArticleRefused => {
            reply(story, &sofia, true).await;
            let input = commands::WriteArticleInput {
                request: FIRST,
                title: "Why are readings missing?".to_owned(),
                question: "Since when, and where?".to_owned(),
                answer: "Ask again, an hour later.".to_owned(),
            };
            commands::write_article(desk, &sofia, &input).await.unwrap();
            let waiting = articles_to_decide(desk, &sofia).await.unwrap();
            let second = story.person("second", &[Role::Support]).await;
            commands::decide_article(desk, &second, waiting[0].id, false, "It helps nobody.")
                .await
                .unwrap();
        }
        _ => {}
    }
    match kind {
        K::RequestArrived | K::RequestAnswered | K::ArticleRefused => sofia,
        _ => owner,
    }
}

/// Takes a step after which the letter no longer applies.
pub async fn overtake(story: &Story, kind: K) {
    let other = story.person("other", &[Role::Support]).await;
    let (desk, owner) = (&story.desk, &story.cast.owner);
    match kind {
        K::RequestSolved => commands::reopen_request(desk, owner, FIRST, "It is not.", &[])
            .await
            .unwrap(),
        K::RequestReplied => answer(story).await,
        K::RequestAnswered => reply(story, &other, false).await,
        K::RequestArrived | K::RequestAssigned => {
            let seen = seen(story, &other).await;
            commands::assign_request(desk, &other, FIRST, Some(other.person), seen)
                .await
                .unwrap();
        }
        _ => {
            let seen = seen(story, owner).await;
            commands::close_request(desk, owner, FIRST, seen)
                .await
                .unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_names_its_own_request_and_subject_and_where_it_goes_on() {
    for kind in [
        K::RequestReceived,
        K::RequestArrived,
        K::RequestAnswered,
        K::RequestAssigned,
        K::RequestReplied,
        K::RequestSolved,
        K::RequestMerged,
        K::RequestMoved,
        K::ArticleRefused,
    ] {
        let story = Story::begin(Engine::Sqlite).await;
        let reader = cause(&story, kind).await;
        // The letter about the first request: a second one has letters of its own.
        let letter = outbox::Entity::find()
            .filter(outbox::Column::Kind.eq(kind.word()))
            .filter(outbox::Column::PersonId.eq(reader.person.0))
            .order_by_asc(outbox::Column::Id)
            .one(story.database.read())
            .await
            .unwrap()
            .unwrap();
        let text = letter.text;
        let facts: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("Request:") || line.starts_with("Subject:"))
            .map(|line| line.split_once(':').map_or("", |(_, fact)| fact.trim()))
            .collect();
        assert_eq!(facts, ["SR-1001", SUBJECT], "{kind:?}: {text}");
        let goes_on = text.contains("Goes on in: SR-1002");
        assert_eq!(goes_on, kind == K::RequestMerged, "{kind:?}: {text}");
        assert!(!text.contains("The chart ends"), "{kind:?}: {text}");
    }
}
