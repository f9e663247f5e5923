//! Questions and answers for everybody: made of a solved request, by two people, and found again.

use crate::{
    support::{
        records::{also_waiting, person},
        *,
    },
    support_requests::Window,
};
use casework::{
    policy::NO_RULE,
    support::{
        commands::{self, WriteArticleInput},
        queries::{article, articles, articles_to_decide, search_articles, similar},
    },
};
use workflow::support::{Refused, RequestNumber};

fn text(request: RequestNumber, title: &str, question: &str) -> WriteArticleInput {
    WriteArticleInput {
        request,
        title: title.to_owned(),
        question: question.to_owned(),
        answer: "Ask for a new token; the old one ends when it has been used.".to_owned(),
    }
}

const TITLE: &str = "Why does refreshing a token fail?";
const QUESTION: &str = "Two refreshes at once, and the second one is refused.";

/// A solved request, and the article that one of ours made of it: its id and address.
async fn written(desk: &Window) -> (uuid::Uuid, String) {
    let number = desk.ask("Token refused").await;
    desk.reply(number, "Ask for a new one.", true).await;
    let input = text(number, TITLE, QUESTION);
    let slug = commands::write_article(&desk.story.desk, &desk.answers, &input)
        .await
        .unwrap();
    let waiting = articles_to_decide(&desk.story.desk, &desk.answers)
        .await
        .unwrap();
    let one = waiting.iter().find(|one| one.slug == slug).unwrap();
    (one.id, slug)
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_article_needs_a_second_person_before_anybody_reads_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let (id, slug) = written(&desk).await;
    assert_eq!(slug, "why-does-refreshing-a-token-fail");
    let on = &desk.story.desk;
    for reader in [None, Some(&desk.asks), Some(&desk.story.cast.reviewer)] {
        assert!(matches!(
            article(on, reader, &slug).await,
            Err(Error::NotFound)
        ));
    }
    assert_eq!(articles(on).await.unwrap(), []);
    assert_eq!(similar(on, TITLE).await.unwrap(), []);

    assert_eq!(
        also_waiting(on, &desk.also_answers).await,
        ["1 article to release"]
    );
    assert_eq!(also_waiting(on, &desk.answers).await, [""; 0]);
    let own = commands::decide_article(on, &desk.answers, id, true, "").await;
    let Err(Error::Forbidden { rule, .. }) = own else {
        panic!("{own:?}");
    };
    assert_eq!(rule, "second_person");
    for who in [&desk.asks, &desk.story.cast.admin, &desk.story.cast.lead] {
        let strange = commands::decide_article(on, who, id, true, "").await;
        assert!(matches!(strange, Err(Error::NotFound)), "{}", who.name);
    }
    // Compliance reads it, and has no rule that lets it release.
    let watched = commands::decide_article(on, &desk.story.cast.compliance, id, true, "").await;
    assert!(matches!(watched, Err(Error::Forbidden { rule, .. }) if rule == NO_RULE));

    let seen = article(on, Some(&desk.also_answers), &slug).await.unwrap();
    assert!(seen.to_decide.is_some_and(|one| one.may_decide));
    commands::decide_article(on, &desk.also_answers, id, true, "")
        .await
        .unwrap();
    let read = article(on, None, &slug).await.unwrap();
    assert_eq!((read.title.as_str(), read.to_decide), (TITLE, None));
    assert!(read.released.is_some());
    // Whoever wrote it takes it out again, and nobody reads it from then on.
    let take_out =
        async |who: &Caller, reason: &str| commands::take_out_article(on, who, id, reason).await;
    let strange = take_out(&desk.story.cast.compliance, "Why not?").await;
    assert!(strange.is_err());
    let silent = take_out(&desk.answers, " ").await;
    assert_eq!(silent.unwrap_err().problems()[0].field, "reason");
    let again = commands::decide_article(on, &desk.also_answers, id, false, "Twice.").await;
    let Err(Error::Refused(Refusal::Support(refused))) = again else {
        panic!("{again:?}");
    };
    assert_eq!(refused, Refused::DecidedBefore);
    take_out(&desk.answers, "It names a person.").await.unwrap();
    assert!(matches!(
        article(on, None, &slug).await,
        Err(Error::NotFound)
    ));
    assert_eq!(articles(on).await.unwrap(), []);
    let ours = article(on, Some(&desk.answers), &slug).await.unwrap();
    assert!(!ours.to_decide.unwrap().may_take_out);
    desk.story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn no_two_articles_that_are_read_or_wait_have_the_same_title(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let on = &desk.story.desk;
    let (id, slug) = written(&desk).await;
    let of_same = desk.ask("Token refused again").await;
    desk.reply(of_same, "Ask for a new one.", true).await;
    let again = async |title: &str| {
        let input = text(of_same, title, QUESTION);
        commands::write_article(on, &desk.answers, &input).await
    };
    let there = format!("/support/articles/{slug}");
    let spellings = [
        TITLE,
        "why does refreshing, a token FAIL",
        "Why does refreshing a token fail",
    ];
    for title in spellings {
        let refused = again(title).await.unwrap_err();
        let problem = refused.problems()[0].clone();
        assert_eq!(problem.field, "title");
        assert!(problem.text.contains(&there), "{}", problem.text);
        assert!(
            problem.text.contains("waits for a second person"),
            "{}",
            problem.text
        );
    }
    commands::decide_article(on, &desk.also_answers, id, true, "")
        .await
        .unwrap();
    let refused = again(TITLE).await.unwrap_err();
    let told = refused.problems()[0].text.clone();
    assert!(
        told.contains("everybody reads") && told.contains(&there),
        "{told}"
    );
    // Once it is out, its title is free.
    commands::take_out_article(on, &desk.answers, id, "It is out of date.")
        .await
        .unwrap();
    let second = again(TITLE).await.unwrap();
    assert_ne!(second, slug);
    assert!(again(TITLE).await.is_err());
    desk.story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_article_names_nobody_of_the_app_or_of_ours(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let on = &desk.story.desk;
    // Of ours, who has nothing to do with the request; a first name alone is a word like others.
    desk.story
        .sql("UPDATE people SET name = 'Will Stone' WHERE username = 'lena'")
        .await
        .unwrap();
    let number = desk.ask("Token refused").await;
    desk.reply(number, "Ask for a new one.", true).await;
    let who = desk.answers.name.to_uppercase();
    for (words, is_found) in [
        (format!("As {who} says."), true),
        (format!("As {} says.", desk.asks.name), true),
        ("As Will Stone says.".to_owned(), true),
        ("A stone will do.".to_owned(), false),
    ] {
        let input = WriteArticleInput {
            answer: words.clone(),
            ..text(number, TITLE, QUESTION)
        };
        let written = commands::write_article(on, &desk.answers, &input).await;
        let fields: Vec<String> = match &written {
            Err(Error::Input { problems }) => {
                problems.iter().map(|one| one.field.clone()).collect()
            }
            _ => Vec::new(),
        };
        assert_eq!(fields == ["answer"], is_found, "{words}: {written:?}");
        assert_eq!(written.is_ok(), !is_found, "{words}");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_article_that_is_not_released_stays_with_us(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let (id, slug) = written(&desk).await;
    let on = &desk.story.desk;
    let without = commands::decide_article(on, &desk.also_answers, id, false, "").await;
    assert!(matches!(without, Err(Error::Input { .. })));
    commands::decide_article(on, &desk.also_answers, id, false, "It tells too much.")
        .await
        .unwrap();
    assert!(matches!(
        article(on, None, &slug).await,
        Err(Error::NotFound)
    ));
    // Who wrote it reads why.
    let refused = article(on, Some(&desk.answers), &slug).await.unwrap();
    let refused = refused.to_decide.unwrap();
    let why = refused.reason;
    assert_eq!(why.as_deref(), Some("It tells too much."));
    let author = format!("{}@example.org", desk.answers.username);
    let letters = desk.letters("article_refused").await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to_address, author);
    assert!(letters[0].text.contains("It tells too much."));
    // Another one begins with its texts.
    let inside = desk.page(&desk.answers, refused.request).await.inside;
    let before = inside.unwrap().unreleased.unwrap();
    assert_eq!(
        (before.title.as_str(), before.question.as_str()),
        (TITLE, QUESTION)
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_tells_of_whom_it_was_comes_into_no_article(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let number = desk.ask("Token refused").await;
    let on = &desk.story.desk;
    let early = commands::write_article(on, &desk.answers, &text(number, TITLE, QUESTION)).await;
    assert!(matches!(early, Err(Error::Refused(_))));
    desk.reply(number, "Ask for a new one.", true).await;
    for question in [
        "OLGA asked why.",
        "In Glow the second one is refused.",
        "At Glow Health it is refused.",
        "Write to someone@glow.example.",
        "As in SR-1001.",
        "As with UD-1002.",
    ] {
        let input = text(number, TITLE, question);
        let told = commands::write_article(on, &desk.answers, &input).await;
        let Err(error) = told else {
            panic!("{question}");
        };
        let fields: Vec<&str> = error
            .problems()
            .iter()
            .map(|one| one.field.as_str())
            .collect();
        assert_eq!(fields, ["question"], "{question}");
    }
    for who in [&desk.asks, &desk.story.cast.compliance] {
        let strange = commands::write_article(on, who, &text(number, TITLE, QUESTION)).await;
        assert!(
            matches!(strange, Err(Error::Forbidden { .. })),
            "{}",
            who.name
        );
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_article_is_found_by_its_words_and_above_a_question_like_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let (id, _) = written(&desk).await;
    let on = &desk.story.desk;
    commands::decide_article(on, &desk.also_answers, id, true, "")
        .await
        .unwrap();
    assert_eq!(articles(on).await.unwrap().len(), 1);
    for (looked_for, found, every) in [
        ("REFRESHING Token", 1, true),
        ("token, used?", 1, true),
        ("“töken” – ÚSED!", 1, true),
        ("token unicorn", 1, false),
        ("unicorn", 0, false),
        ("100%", 0, false),
        ("_", 0, false),
        ("", 0, false),
    ] {
        let answer = search_articles(on, looked_for).await.unwrap();
        assert_eq!(answer.lines.len(), found, "{looked_for}");
        assert_eq!(answer.has_every_word, every, "{looked_for}");
    }
    for (subject, found) in [
        ("My refresh of a token is refused", 1),
        ("why is it so", 0),
        ("Readings are missing", 0),
        ("", 0),
    ] {
        let lines = similar(on, subject).await.unwrap();
        assert_eq!(lines.len(), found, "{subject}");
    }
    let stranger = person(&desk.story, "nora", &[Role::Developer]).await;
    assert_eq!(articles_to_decide(on, &stranger).await.unwrap(), []);
}
