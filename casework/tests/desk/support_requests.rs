//! Support requests: their life, who sees what of them, and what goes where.

use crate::support::{
    records::{app, person},
    *,
};
use casework::{
    dispatch::{Pace, Worker},
    entities::{audit_events, outbox, support_notes},
    mail::{MailConfig, Transport, TransportConfig},
    support::{
        commands::{self, OpenRequestInput},
        queries::{
            RequestFilter, RequestPage, RequestView, WroteIt, my_requests, request_page,
            requests_queue,
        },
    },
};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeSet;
use time::Duration;
use workflow::{
    state::Side,
    support::{ActionKind, Category, Environment, Refused, RequestNumber, State},
};

/// A desk with a developer who asks and two people who answer.
pub struct Window {
    pub story: Story,
    pub asks: Caller,
    pub answers: Caller,
    pub also_answers: Caller,
}

impl Window {
    /// Opens it.
    pub async fn open(engine: Engine) -> Self {
        let story = Story::begin(engine).await;
        let answers = person(&story, "sofia", &[Role::Support]).await;
        let also_answers = person(&story, "samuel", &[Role::Support]).await;
        Self {
            asks: story.cast.owner.clone(),
            answers,
            also_answers,
            story,
        }
    }

    /// What is typed of a question about the app of the story.
    pub fn question(&self, subject: &str) -> OpenRequestInput {
        OpenRequestInput {
            subject: subject.to_owned(),
            category: Some(Category::Api),
            app: Some(self.story.app),
            case: String::new(),
            environment: Some(Environment::Sandbox),
            text: "The readings of last night are missing.".to_owned(),
            files: String::new(),
        }
    }

    /// The developer asks.
    pub async fn ask(&self, subject: &str) -> RequestNumber {
        commands::open_request(&self.story.desk, &self.asks, &self.question(subject), &[])
            .await
            .unwrap()
    }

    /// The page as somebody sees it.
    pub async fn page(&self, who: &Caller, number: RequestNumber) -> RequestPage {
        request_page(&self.story.desk, who, number).await.unwrap()
    }

    /// One of ours replies, and perhaps solves it.
    pub async fn reply(&self, number: RequestNumber, text: &str, solved: bool) {
        let seen = self.page(&self.answers, number).await.version;
        commands::reply_to_request(
            &self.story.desk,
            &self.answers,
            number,
            text,
            &[],
            solved,
            seen,
        )
        .await
        .unwrap();
    }

    /// The developer writes.
    pub async fn answer(&self, number: RequestNumber, text: &str) -> casework::Result<()> {
        commands::answer_request(&self.story.desk, &self.asks, number, text, &[]).await
    }

    /// The developer reopens it.
    pub async fn reopen(&self, number: RequestNumber) -> casework::Result<()> {
        commands::reopen_request(&self.story.desk, &self.asks, number, "Not yet.", &[]).await
    }

    /// To whom letters of a kind were written, and what they say.
    pub async fn letters(&self, kind: &str) -> Vec<outbox::Model> {
        outbox::Entity::find()
            .filter(outbox::Column::Kind.eq(kind))
            .order_by_asc(outbox::Column::ToAddress)
            .all(self.story.database.read())
            .await
            .unwrap()
    }

    async fn readers(&self, kind: &str) -> Vec<String> {
        let letters = self.letters(kind).await;
        letters
            .into_iter()
            .map(|letter| letter.to_address)
            .collect()
    }
}

/// Sends what waits, to a mailbox that keeps everything.
async fn send_all(story: &Story) {
    let config = MailConfig {
        from: "Desk <desk@example.org>".to_owned(),
        transport: TransportConfig::Capture,
    };
    let transport = Transport::new(&config).unwrap();
    let worker = Worker::new(story.desk.clone(), transport, Pace::default());
    while worker.round().await.unwrap() > 0 {}
}

fn refused(error: &Error) -> Refused {
    match error {
        Error::Refused(Refusal::Support(refused)) => *refused,
        other => panic!("{other}"),
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_request_goes_from_hand_to_hand_until_it_is_closed(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let number = desk.ask("Readings are missing").await;
    assert_eq!(number.to_string(), "SR-1001");
    let page = desk.page(&desk.asks, number).await;
    assert_eq!((page.state, page.state.side()), (State::Open, Side::Us));
    let due = desk
        .story
        .desk
        .reference
        .known()
        .calendar
        .due(page.opened, 2);
    assert_eq!(page.due, Some(due));

    let taken = commands::next_request(&desk.story.desk, &desk.answers)
        .await
        .unwrap();
    assert_eq!(taken, Some(number));
    desk.story.clock.pass(Duration::days(1));
    desk.reply(number, "Which account is it?", false).await;
    let page = desk.page(&desk.asks, number).await;
    assert_eq!((page.state, page.due), (State::WaitingForDeveloper, None));
    assert_eq!(page.spent.us.whole_days(), 1);

    desk.story.clock.pass(Duration::days(1));
    desk.answer(number, "The second one.").await.unwrap();
    let page = desk.page(&desk.asks, number).await;
    assert_eq!(page.state, State::WaitingForUs);
    assert_eq!(page.spent.developer.whole_days(), 1);
    assert!(page.due.is_some());

    desk.reply(number, "Corrected: they are back.", true).await;
    let page = desk.page(&desk.asks, number).await;
    assert_eq!(page.state, State::Solved);
    assert!(page.can(ActionKind::Reopen) && page.can(ActionKind::Rate));
    commands::rate_request(&desk.story.desk, &desk.asks, number, Some(5), "Quick.")
        .await
        .unwrap();

    desk.story.clock.pass(Duration::days(15));
    commands::look_after_requests(&desk.story.desk)
        .await
        .unwrap();
    let page = desk.page(&desk.asks, number).await;
    assert_eq!(page.state, State::Closed);
    assert!(!page.can(ActionKind::Reopen));
    let by: Vec<WroteIt> = page.messages.into_iter().map(|one| one.by).collect();
    // To developers our side has no names.
    assert_eq!(
        by,
        [
            WroteIt::You,
            WroteIt::Us(None),
            WroteIt::You,
            WroteIt::Us(None)
        ]
    );
    let inside = desk.page(&desk.also_answers, number).await.inside.unwrap();
    assert_eq!(
        (inside.stars, inside.rating.as_deref()),
        (Some(5), Some("Quick."))
    );

    desk.story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn strangers_learn_of_no_request_and_reviewers_neither(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let number = desk.ask("Readings are missing").await;
    let nothing = RequestNumber(number.0 + 1);
    let cast = &desk.story.cast;
    for who in [
        &cast.stranger,
        &cast.member,
        &cast.reviewer,
        &cast.admin,
        &cast.approver,
    ] {
        for asked in [number, nothing] {
            let page = request_page(&desk.story.desk, who, asked).await;
            assert!(matches!(page, Err(Error::NotFound)), "{}", who.name);
            let answer = commands::answer_request(&desk.story.desk, who, asked, "Mine?", &[]).await;
            assert!(matches!(answer, Err(Error::NotFound)), "{}", who.name);
            let note = commands::note_on_request(&desk.story.desk, who, asked, "Mine?").await;
            assert!(matches!(note, Err(Error::NotFound)), "{}", who.name);
        }
        let filter = RequestFilter::view(RequestView::AllOpen);
        let queue = requests_queue(&desk.story.desk, who, filter).await;
        assert!(matches!(queue, Err(Error::NotFound)), "{}", who.name);
        let next = commands::next_request(&desk.story.desk, who).await;
        assert!(matches!(next, Err(Error::NotFound)), "{}", who.name);
        let mine = my_requests(&desk.story.desk, who).await.unwrap();
        assert_eq!(mine.requests, []);
    }
    // Compliance reads, and takes no step.
    let filter = RequestFilter::view(RequestView::AllOpen);
    let queue = requests_queue(&desk.story.desk, &cast.compliance, filter)
        .await
        .unwrap();
    assert_eq!((queue.total, queue.may_take), (1, false));
    let page = desk.page(&cast.compliance, number).await;
    assert_eq!(page.actions, BTreeSet::new());
    let note = commands::note_on_request(&desk.story.desk, &cast.compliance, number, "Seen.").await;
    assert!(matches!(note, Err(Error::Forbidden { .. })));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_queue_finds_what_either_side_wrote_in_any_order_and_without_accents(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let number = desk.ask("No readings").await;
    let other = desk.ask("Another question").await;
    let reply = "Die Überprüfung ergab: the clock of Zoë's server was 20 % off.";
    desk.reply(number, reply, false).await;
    let finds = async |typed: &str| {
        let filter = RequestFilter {
            text: typed.to_owned(),
            ..RequestFilter::view(RequestView::AllOpen)
        };
        let queue = requests_queue(&desk.story.desk, &desk.answers, filter).await;
        let rows = queue.unwrap().rows;
        rows.into_iter()
            .map(|row| row.number)
            .collect::<BTreeSet<_>>()
    };
    let both = BTreeSet::from([number, other]);
    let one = BTreeSet::from([number]);
    for (typed, found) in [
        ("missing night", &both),
        ("zoe clock", &one),
        ("UBERPRUFUNG, server", &one),
        ("20 % off", &one),
        ("another", &BTreeSet::from([other])),
        ("readings NO", &both),
        ("question olga", &BTreeSet::from([other])),
        ("glow clock", &one),
        ("zoe missing", &one),
        ("zoe invoice", &BTreeSet::new()),
        ("%", &BTreeSet::new()),
        ("…", &BTreeSet::new()),
    ] {
        assert_eq!(&finds(typed).await, found, "{typed}");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn nobody_of_ours_answers_their_own_request_or_one_of_their_own_app(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let both = person(&desk.story, "berta", &[Role::Developer, Role::Support]).await;
    let app = app(&desk.story, "Twin", &desk.asks, &[&both]).await;
    let own = OpenRequestInput {
        app: None,
        ..desk.question("My own question")
    };
    let own = commands::open_request(&desk.story.desk, &both, &own, &[])
        .await
        .unwrap();
    let of_app = OpenRequestInput {
        app: Some(app),
        ..desk.question("About our app")
    };
    let of_app = commands::open_request(&desk.story.desk, &desk.asks, &of_app, &[])
        .await
        .unwrap();
    // Her own she sees as who asked; that of her app not at all.
    let page = desk.page(&both, own).await;
    assert_eq!(page.inside, None);
    assert!(matches!(
        request_page(&desk.story.desk, &both, of_app).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        commands::note_on_request(&desk.story.desk, &both, own, "To myself.").await,
        Err(Error::Forbidden { .. })
    ));
    let filter = RequestFilter::view(RequestView::AllOpen);
    let queue = requests_queue(&desk.story.desk, &both, filter)
        .await
        .unwrap();
    assert_eq!(queue.rows, []);
    let next = commands::next_request(&desk.story.desk, &both)
        .await
        .unwrap();
    assert_eq!(next, None);
    // Nor is she written to about them, nor can a colleague give them to her.
    assert!(
        !desk
            .readers("request_arrived")
            .await
            .contains(&"berta@example.org".to_owned())
    );
    for number in [own, of_app] {
        let seen = desk.page(&desk.answers, number).await.version;
        let to = Some(both.person);
        let given =
            commands::assign_request(&desk.story.desk, &desk.answers, number, to, seen).await;
        assert!(matches!(given, Err(Error::Input { .. })));
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_note_never_reaches_the_developer(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    const SECRET: &str = "Ask the legal team before we say more: marzipan.";
    let desk = Window::open(engine).await;
    let number = desk.ask("Readings are missing").await;
    let before = desk.page(&desk.asks, number).await;
    commands::note_on_request(&desk.story.desk, &desk.answers, number, SECRET)
        .await
        .unwrap();
    // Not even that there is one: the developer sees the same page as before.
    let after = desk.page(&desk.asks, number).await;
    let timeless = RequestPage {
        spent: before.spent,
        ..after
    };
    assert_eq!(timeless, before);
    desk.reply(number, "We are looking into it.", false).await;
    desk.answer(number, "Thank you.").await.unwrap();
    commands::note_on_request(&desk.story.desk, &desk.answers, number, SECRET)
        .await
        .unwrap();
    desk.reply(number, "Done.", true).await;
    let page = desk.page(&desk.asks, number).await;
    assert!(!format!("{page:?}").contains("marzipan"));
    let mine = my_requests(&desk.story.desk, &desk.asks).await.unwrap();
    assert!(!format!("{mine:?}").contains("marzipan"));
    let inside = desk.page(&desk.also_answers, number).await.inside.unwrap();
    assert_eq!(inside.notes.len(), 2);
    assert!(inside.notes.iter().all(|note| note.text == SECRET));
    // No letter holds it, and the trail does not either.
    let letters = outbox::Entity::find()
        .all(desk.story.database.read())
        .await
        .unwrap();
    assert!(letters.len() > 5);
    for letter in letters {
        assert!(
            !format!("{letter:?}").contains("marzipan"),
            "{}",
            letter.kind
        );
    }
    let events = audit_events::Entity::find()
        .all(desk.story.database.read())
        .await
        .unwrap();
    assert!(
        events
            .iter()
            .all(|event| !format!("{event:?}").contains("marzipan"))
    );
    let notes = support_notes::Entity::find()
        .all(desk.story.database.read())
        .await
        .unwrap();
    assert_eq!(notes.len(), 2);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_solved_is_reopened_within_fourteen_days_and_not_later(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let number = desk.ask("Readings are missing").await;
    desk.reply(number, "Corrected.", true).await;
    desk.story.clock.pass(Duration::days(13));
    assert_eq!(
        commands::look_after_requests(&desk.story.desk)
            .await
            .unwrap(),
        0
    );
    desk.reopen(number).await.unwrap();
    let page = desk.page(&desk.asks, number).await;
    assert_eq!(page.state, State::WaitingForUs);
    desk.reply(number, "Now it is.", true).await;
    desk.story.clock.pass(Duration::days(14) + Duration::MINUTE);
    let late = desk.reopen(number).await.unwrap_err();
    assert_eq!(refused(&late), Refused::TooLate { number });
    // Several instances close it once.
    let other = desk.story.another_desk().await;
    let (one, two) = tokio::join!(
        commands::look_after_requests(&desk.story.desk),
        commands::look_after_requests(&other)
    );
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    let late = desk.reopen(number).await.unwrap_err();
    assert_eq!(refused(&late), Refused::TooLate { number });
    assert_eq!(desk.page(&desk.asks, number).await.state, State::Closed);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_goes_on_elsewhere_says_where(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let first = desk.ask("Readings are missing").await;
    let again = desk.ask("Still missing readings").await;
    let of_another = {
        let input = OpenRequestInput {
            app: None,
            ..desk.question("Somebody else's question")
        };
        commands::open_request(&desk.story.desk, &desk.story.cast.stranger, &input, &[])
            .await
            .unwrap()
    };
    let inside = desk.page(&desk.answers, again).await.inside.unwrap();
    let others: Vec<RequestNumber> = inside.others.iter().map(|(number, _)| *number).collect();
    assert_eq!(others, [first]);
    let seen = desk.page(&desk.answers, again).await.version;
    let merge = async |into: &str| {
        commands::merge_request(&desk.story.desk, &desk.answers, again, into, seen).await
    };
    let strange = merge(&of_another.to_string()).await.unwrap_err();
    assert_eq!(refused(&strange), Refused::OfAnother { into: of_another });
    assert!(matches!(merge("SR-999999").await, Err(Error::Input { .. })));
    assert_eq!(
        refused(&merge(&again.to_string()).await.unwrap_err()),
        Refused::IntoItself
    );
    merge(&first.to_string()).await.unwrap();
    let page = desk.page(&desk.asks, again).await;
    assert_eq!((page.state, page.merged_into), (State::Merged, Some(first)));
    assert_eq!(page.messages.len(), 1);
    assert_eq!(desk.page(&desk.asks, first).await.merged_here, [again]);
    assert!(desk.answer(again, "Hello?").await.is_err());

    let seen = desk.page(&desk.answers, first).await.version;
    let place = "The portal's billing team, billing@portal.example";
    commands::move_request(&desk.story.desk, &desk.answers, first, place, seen)
        .await
        .unwrap();
    let page = desk.page(&desk.asks, first).await;
    assert_eq!(
        (page.state, page.moved_to.as_deref()),
        (State::Moved, Some(place))
    );
    let merged = desk.letters("request_merged").await;
    assert_eq!(merged.len(), 1);
    assert_eq!(merged[0].to_address, "olga@example.org");
    let leads_to = |number| merged[0].text.contains(&format!("/support/{number}"));
    assert!(leads_to(first) && !leads_to(again), "{}", merged[0].text);
    let moved = desk.letters("request_moved").await;
    assert!(moved[0].text.contains(place), "{}", moved[0].text);
    // Both are still found.
    let filter = RequestFilter::view(RequestView::Ended);
    let queue = requests_queue(&desk.story.desk, &desk.answers, filter)
        .await
        .unwrap();
    assert_eq!(queue.total, 2);
    let mine = my_requests(&desk.story.desk, &desk.asks).await.unwrap();
    assert_eq!(mine.requests.len(), 2);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn get_next_never_gives_one_request_to_two_people(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let mut asked = BTreeSet::new();
    for index in 0..6 {
        asked.insert(desk.ask(&format!("Question {index}")).await);
    }
    let other = desk.story.another_desk().await;
    let taken = join_all((0..10).map(async |turn| {
        let (from, who) = match turn % 2 {
            0 => (&desk.story.desk, &desk.answers),
            _ => (&other, &desk.also_answers),
        };
        let taken = commands::next_request(from, who).await.unwrap();
        taken.map(|number| (number, who.person))
    }))
    .await;
    let mut taken: Vec<_> = taken.into_iter().flatten().collect();
    // Who came while the last row was locked found nothing; it is there for the next one.
    while let Some(number) = commands::next_request(&desk.story.desk, &desk.answers)
        .await
        .unwrap()
    {
        taken.push((number, desk.answers.person));
    }
    let numbers: BTreeSet<RequestNumber> = taken.iter().map(|(number, _)| *number).collect();
    assert_eq!((taken.len(), &numbers), (6, &asked));
    for (number, holder) in taken {
        let inside = desk.page(&desk.answers, number).await.inside.unwrap();
        assert_eq!(inside.assignee.map(|person| person.id), Some(holder));
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn letters_go_to_both_sides_and_only_while_they_say_something(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let number = desk.ask("Readings are missing").await;
    assert_eq!(desk.readers("request_received").await, ["olga@example.org"]);
    assert_eq!(
        desk.readers("request_arrived").await,
        ["samuel@example.org", "sofia@example.org"]
    );
    let seen = desk.page(&desk.answers, number).await.version;
    let to = Some(desk.also_answers.person);
    commands::assign_request(&desk.story.desk, &desk.answers, number, to, seen)
        .await
        .unwrap();
    assert_eq!(
        desk.readers("request_assigned").await,
        ["samuel@example.org"]
    );
    desk.answer(number, "One thing more.").await.unwrap();
    assert_eq!(
        desk.readers("request_answered").await,
        ["samuel@example.org"]
    );
    desk.reply(number, "Try it again.", false).await;
    let replied = desk.letters("request_replied").await;
    assert_eq!(replied[0].to_address, "olga@example.org");
    assert!(replied[0].text.contains("Try it again."));
    assert!(replied[0].text.contains("/support/SR-1001"));
    assert!(!replied[0].text.contains("Sofia"), "{}", replied[0].text);
    desk.reply(number, "It works.", true).await;
    assert_eq!(desk.readers("request_solved").await, ["olga@example.org"]);

    // Nothing has gone out yet: what has been overtaken is dropped, and what holds is sent.
    send_all(&desk.story).await;
    let state = async |kind: &str| {
        let letters = desk.letters(kind).await;
        letters
            .into_iter()
            .map(|letter| letter.state)
            .collect::<BTreeSet<_>>()
    };
    for kind in [
        "request_received",
        "request_arrived",
        "request_answered",
        "request_replied",
    ] {
        assert_eq!(
            state(kind).await,
            BTreeSet::from(["dropped".to_owned()]),
            "{kind}"
        );
    }
    assert_eq!(
        state("request_solved").await,
        BTreeSet::from(["sent".to_owned()])
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_replies_has_seen_what_the_developer_wrote_last(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let number = desk.ask("Readings are missing").await;
    let seen = desk.page(&desk.answers, number).await.version;
    desk.answer(number, "It works again, sorry.").await.unwrap();
    let reply = commands::reply_to_request(
        &desk.story.desk,
        &desk.answers,
        number,
        "No.",
        &[],
        true,
        seen,
    )
    .await;
    assert!(matches!(reply, Err(Error::Conflict { .. })));
    assert_eq!(desk.page(&desk.asks, number).await.messages.len(), 2);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_holds_who_has_left_goes_back_to_the_queue(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let number = desk.ask("Readings are missing").await;
    commands::next_request(&desk.story.desk, &desk.answers)
        .await
        .unwrap();
    desk.story
        .sql("UPDATE people SET roles = 'reviewer' WHERE username = 'sofia'")
        .await
        .unwrap();
    assert_eq!(
        commands::look_after_requests(&desk.story.desk)
            .await
            .unwrap(),
        1
    );
    let next = commands::next_request(&desk.story.desk, &desk.also_answers)
        .await
        .unwrap();
    assert_eq!(next, Some(number));
}
