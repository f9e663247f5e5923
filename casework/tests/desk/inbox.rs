//! What people are told beside their letters: the inbox, and the daily digest.

use crate::{
    applies::{self, cause},
    support::{
        smtp::{SmtpServer, letters, worker},
        *,
    },
};
use casework::{
    cases::letters::post_due_dates,
    commands::{self, mark_all_read, mark_read, open_entry},
    dispatch::Worker,
    entities::{audit_events, inbox_entries, outbox},
    post::{LetterKind, Way},
    queries::{INBOX_AT_ONCE, Inbox, InboxPlace, application, inbox, unread},
    sweep::{Retention, sweep},
};
use futures_util::{StreamExt, future::join_all, stream};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use std::collections::BTreeSet;
use time::Duration;
use uuid::Uuid;

async fn entries(story: &Story, who: &Caller) -> Vec<inbox_entries::Model> {
    inbox_entries::Entity::find()
        .filter(inbox_entries::Column::PersonId.eq(who.person.0))
        .order_by_asc(inbox_entries::Column::Id)
        .all(story.database.read())
        .await
        .unwrap()
}

async fn of_kind(story: &Story, who: &Caller, kind: LetterKind) -> Vec<outbox::Model> {
    let mut rows = letters(&story.desk).await;
    rows.retain(|row| row.person_id == Some(who.person.0) && row.kind == kind.word());
    rows
}

async fn choose(story: &Story, who: &Caller, kind: LetterKind, way: Way) {
    commands::choose_letters(&story.desk, who, &[(kind, way)].into())
        .await
        .unwrap();
}

/// Sends everything that can be sent now.
async fn sends_all(worker: &Worker) {
    for _ in 0..100 {
        if worker.round().await.unwrap() == 0 {
            return;
        }
    }
    panic!("there is no end to the letters");
}

/// The text of every digest that arrived, with to whom.
fn digests(server: &SmtpServer) -> Vec<(String, String)> {
    server
        .received()
        .into_iter()
        .map(|mail| {
            let text = casework::post::parts(&mail.data).text;
            (mail.to, text.replace("\r\n", "\n"))
        })
        .filter(|(_, text)| text.contains("since the last digest"))
        .collect()
}

/// Everybody has chosen so for everything that can be chosen, and the letter is caused.
async fn told(engine: Engine, kind: LetterKind, way: Way) {
    let story = Story::begin(engine).await;
    let all: Vec<&str> = LetterKind::ALL.iter().map(|kind| kind.word()).collect();
    let column = match way {
        Way::Never => "letters_off",
        _ => "letters_daily",
    };
    let choose = format!("UPDATE people SET {column} = '{}'", all.join(","));
    story.sql(&choose).await.unwrap();
    let caused = applies::boxed(|| cause(&story, kind)).await;
    let reader = &caused.reader;
    let mut entries = entries(&story, reader).await;
    entries.retain(|entry| entry.kind == kind.word());
    if kind == LetterKind::Digest {
        // What it tells is there already.
        assert_eq!(entries, []);
        return;
    }
    let entry = entries
        .pop()
        .unwrap_or_else(|| panic!("{kind:?}: no entry"));
    let letter = of_kind(&story, reader, kind).await.pop();
    assert_eq!(entry.place.is_empty(), kind.holds_a_secret(), "{kind:?}");
    assert_eq!(entry.read_at.is_some(), kind.holds_a_secret(), "{kind:?}");
    assert!(!entry.place.contains("token"), "{kind:?}: {}", entry.place);
    if kind.always().is_some() {
        let letter = letter.unwrap_or_else(|| panic!("{kind:?}: no letter"));
        assert_eq!((entry.id, letter.state.as_str()), (letter.id, "waiting"));
        let expected = if kind.holds_a_secret() {
            kind.label()
        } else {
            &letter.subject
        };
        assert_eq!(entry.subject, expected, "{kind:?}");
        return;
    }
    if way == Way::Never {
        assert_eq!(letter, None, "{kind:?}");
        return;
    }
    let letter = letter.unwrap_or_else(|| panic!("{kind:?}: no letter"));
    assert_eq!(letter.state, "gathered", "{kind:?}");
    let server = SmtpServer::start().await;
    let worker = worker(&story.desk, &server);
    let names_it = || {
        digests(&server)
            .iter()
            .any(|(to, text)| *to == letter.to_address && text.contains(&letter.subject))
    };
    sends_all(&worker).await;
    assert!(!names_it(), "{kind:?}: it is not the hour");
    story.clock.pass(Duration::days(1));
    sends_all(&worker).await;
    assert!(names_it(), "{kind:?}: {:?}", digests(&server));
    let after = of_kind(&story, reader, kind).await;
    assert!(after.iter().all(|row| row.state == "digested"), "{kind:?}");
}

fn optional() -> impl Iterator<Item = LetterKind> {
    LetterKind::ALL
        .iter()
        .copied()
        .filter(|kind| kind.always().is_none())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_letter_is_told_in_the_inbox_and_comes_as_it_was_chosen_or_always_at_once() {
    let ways = [Way::Daily, Way::Never];
    let all = LetterKind::ALL
        .iter()
        .flat_map(|kind| ways.map(|way| (*kind, way)))
        .filter(|(kind, way)| kind.always().is_none() || *way == Way::Never);
    stream::iter(all)
        .for_each_concurrent(4, |(kind, way)| told(Engine::Sqlite, kind, way))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_too_what_can_be_chosen_comes_as_it_was_chosen() {
    let all = optional().flat_map(|kind| [(kind, Way::Daily), (kind, Way::Never)]);
    let some_that_always_come = [
        LetterKind::PasswordReset,
        LetterKind::ClarificationRequested,
        LetterKind::Overdue,
    ];
    let others = some_that_always_come.map(|kind| (kind, Way::Never));
    for (kind, way) in all.chain(others) {
        told(Engine::Postgres, kind, way).await;
    }
}

/// A story in which the receipts of two cases wait for the owner's digest.
async fn two_receipts(engine: Engine) -> (Story, [CaseNumber; 2]) {
    let story = Story::begin(engine).await;
    choose(&story, &story.cast.owner, LetterKind::Submitted, Way::Daily).await;
    let first = story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    let app = story.app("Solo", &story.cast.owner).await;
    let second = story
        .draft_for(app, &story.cast.owner, AccessLevel::Limited)
        .await;
    story.bring(second, StateKind::Submitted).await;
    (story, [first, second])
}

async fn states(story: &Story) -> Vec<String> {
    let rows = of_kind(story, &story.cast.owner, LetterKind::Submitted).await;
    rows.into_iter().map(|row| row.state).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_several_instances_one_makes_the_digest_of_a_day_and_a_day_without_news_has_none(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, cases) = two_receipts(engine).await;
    let server = SmtpServer::start().await;
    let mut desks = Vec::new();
    for _ in 0..4 {
        desks.push(story.another_desk().await);
    }
    let workers: Vec<_> = desks.iter().map(|desk| worker(desk, &server)).collect();
    let everybody = async || {
        for round in join_all(workers.iter().map(|worker| worker.round())).await {
            round.unwrap();
        }
        sends_all(&workers[0]).await;
    };
    everybody().await;
    assert_eq!(digests(&server), []);
    story.clock.pass(Duration::days(1));
    everybody().await;
    let sent = digests(&server);
    assert_eq!(sent.len(), 1, "{sent:?}");
    let (to, text) = &sent[0];
    assert_eq!(to, "olga@example.org");
    for case in cases {
        assert!(text.contains(&format!("\n{case}\n- ")), "{text}");
        assert!(text.contains(&format!("/applications/{case}")), "{text}");
    }
    assert_eq!(states(&story).await, ["digested", "digested"]);
    // The next days have nothing.
    for _ in 0..3 {
        story.clock.pass(Duration::days(1));
        everybody().await;
    }
    assert_eq!(digests(&server).len(), 1);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_comes_too_late_for_a_digest_waits_for_that_of_the_next_day(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, _) = two_receipts(engine).await;
    let server = SmtpServer::start().await;
    let worker = worker(&story.desk, &server);
    story.clock.pass(Duration::days(1));
    sends_all(&worker).await;
    // As of a step that began before the hour and ended after it.
    let late = of_kind(&story, &story.cast.owner, LetterKind::Submitted).await[0].id;
    story
        .sql(
            "UPDATE outbox SET state = 'gathered' WHERE subject LIKE '%Solo%' AND kind = 'submitted' \
             AND to_address = 'olga@example.org'",
        )
        .await
        .unwrap();
    sends_all(&worker).await;
    assert_eq!(digests(&server).len(), 1, "one a day");
    assert_eq!(states(&story).await, ["digested", "gathered"], "{late}");
    story.clock.pass(Duration::days(1));
    sends_all(&worker).await;
    assert_eq!(digests(&server).len(), 2);
    assert_eq!(states(&story).await, ["digested", "digested"]);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_digest_that_breaks_off_has_told_nothing_and_lost_nothing(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, _) = two_receipts(engine).await;
    let server = SmtpServer::start().await;
    let worker = worker(&story.desk, &server);
    story.clock.pass(Duration::days(1));
    let rename = async |from: &str, to: &str| {
        let rename = format!("ALTER TABLE {from} RENAME TO {to}");
        story.sql(&rename).await.unwrap();
    };
    // It ends where the digest is written, after letters were dropped and looked at.
    rename("inbox_entries", "elsewhere").await;
    sends_all(&worker).await;
    assert_eq!(states(&story).await, ["gathered", "gathered"]);
    rename("elsewhere", "inbox_entries").await;
    sends_all(&worker).await;
    assert_eq!(digests(&server).len(), 1);
    assert_eq!(states(&story).await, ["digested", "digested"]);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_no_longer_holds_or_is_not_wanted_any_more_is_in_no_digest(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, [first, second]) = two_receipts(engine).await;
    let owner = &story.cast.owner;
    let server = SmtpServer::start().await;
    let sender = worker(&story.desk, &server);
    sends_all(&sender).await;
    let withdraw = story::sample(ActionKind::Withdraw, owner);
    story.step(owner, first, withdraw).await;
    story.clock.pass(Duration::days(1));
    sends_all(&sender).await;
    let sent = digests(&server);
    assert_eq!(sent.len(), 1);
    assert!(sent[0].1.contains(&second.to_string()), "{sent:?}");
    assert!(!sent[0].1.contains(&first.to_string()), "{sent:?}");
    assert_eq!(states(&story).await, ["dropped", "digested"]);

    let app = story.app("Third", owner).await;
    let third = story.draft_for(app, owner, AccessLevel::Limited).await;
    story.bring(third, StateKind::Submitted).await;
    choose(&story, owner, LetterKind::Submitted, Way::Never).await;
    story.clock.pass(Duration::days(1));
    sends_all(&sender).await;
    assert_eq!(digests(&server).len(), 1);
    assert_eq!(states(&story).await, ["dropped", "digested", "dropped"]);
    let dropped = audit_events::Entity::find()
        .filter(audit_events::Column::Name.eq("letter_dropped"))
        .order_by_asc(audit_events::Column::Seq)
        .all(story.database.read())
        .await
        .unwrap();
    let why: Vec<&str> = dropped.iter().map(|event| event.reason.as_str()).collect();
    assert_eq!(
        why,
        [
            "the case has ended",
            "its reader chose to do without such letters"
        ]
    );
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_due_letter_goes_to_whoever_holds_the_work_when_it_is_sent(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Completeness)
        .await;
    let server = SmtpServer::start().await;
    let sender = worker(&story.desk, &server);
    sends_all(&sender).await;
    story.clock.pass(Duration::days(22));
    assert_eq!(post_due_dates(&story.desk).await.unwrap(), 1);
    // Given to a lead and then to somebody else, before the letters went out.
    let reviewing_lead = story.person("liv", &[Role::Reviewer, Role::Lead]).await;
    for to in [&reviewing_lead, &cast.other_reviewer] {
        let row = story.case(case).await;
        let assign = Action::Assign {
            seat: Seat::Case,
            to: to.person,
            seen: row.seats.get(&Seat::Case).copied(),
            roles: to.roles.clone(),
            is_member: false,
            away: None,
            note: workflow::Internal::default(),
        };
        story.step(&cast.lead, case, assign).await;
        assert_eq!(post_due_dates(&story.desk).await.unwrap(), 1, "{}", to.name);
    }
    assert_eq!(post_due_dates(&story.desk).await.unwrap(), 0);
    sends_all(&sender).await;
    let overdue: Vec<(String, String)> = letters(&story.desk)
        .await
        .into_iter()
        .filter(|row| row.kind == "overdue")
        .map(|row| (row.to_address, row.state))
        .collect();
    let expected = [
        (&cast.reviewer, "dropped"),
        (&reviewing_lead, "dropped"),
        (&cast.other_reviewer, "sent"),
    ]
    .map(|(who, state)| (format!("{}@example.org", who.username), state.to_owned()));
    assert_eq!(overdue, expected);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_lead_in_conflict_of_interest_is_told_of_no_date_of_the_app(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let other = story.person("liv", &[Role::Lead]).await;
    let app = story.app("Own", &other).await;
    let case = story.draft_for(app, &other, AccessLevel::Limited).await;
    let submit = story::submission();
    story.step(&other, case, submit).await;
    story.clock.pass(Duration::days(22));
    post_due_dates(&story.desk).await.unwrap();
    let told = |rows: Vec<inbox_entries::Model>| rows.iter().any(|row| row.kind == "overdue");
    assert!(told(entries(&story, &story.cast.lead).await));
    assert!(!told(entries(&story, &other).await));
}

/// Tells the owner of so many things, a minute apart.
async fn tell(story: &Story, from: i64, to: i64) {
    let rows = (from..to).map(|number| inbox_entries::ActiveModel {
        id: Set(Uuid::now_v7()),
        person_id: Set(story.cast.owner.person.0),
        kind: Set("submitted".to_owned()),
        case_id: Set(None),
        about_id: Set(None),
        subject: Set(format!("No. {number}")),
        place: Set("/apps".to_owned()),
        // Some at the very same moment.
        told_at: Set(number / 3 * 60_000_000),
        read_at: Set(None),
    });
    inbox_entries::Entity::insert_many(rows)
        .exec_without_returning(story.database.write())
        .await
        .unwrap();
}

fn subjects(page: &Inbox) -> Vec<String> {
    let entries = page.entries.iter();
    entries.map(|entry| entry.subject.clone()).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_long_inbox_is_walked_in_both_directions_whatever_arrives_meanwhile(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let owner = &story.cast.owner;
    let empty = inbox(&story.desk, owner, InboxPlace::Newest).await.unwrap();
    assert_eq!((empty.entries.len(), empty.newest), (0, None));
    tell(&story, 0, 130).await;
    let page = async |place| inbox(&story.desk, owner, place).await.unwrap();
    let mut seen = Vec::new();
    let mut pages = vec![page(InboxPlace::Newest).await];
    tell(&story, 130, 140).await;
    while let Some(older) = pages.last().unwrap().older {
        pages.push(page(older).await);
    }
    for one in &pages {
        assert!(one.entries.len() as u64 <= INBOX_AT_ONCE);
        seen.extend(subjects(one));
    }
    let expected: BTreeSet<String> = (0..130).map(|number| format!("No. {number}")).collect();
    assert_eq!(seen.len(), 130, "none twice");
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), expected);
    assert!(pages[0].newer.is_none());
    // Back up: the second page again, then the newest with what has arrived.
    let second = page(pages[2].newer.unwrap()).await;
    assert_eq!(subjects(&second), subjects(&pages[1]));
    let mut newest = page(second.newer.unwrap()).await;
    while let Some(newer) = newest.newer {
        newest = page(newer).await;
    }
    assert_eq!(newest.entries.len() as u64, INBOX_AT_ONCE);
    assert_eq!(newest, page(InboxPlace::Newest).await);
    assert_eq!(unread(&story.desk, owner).await.unwrap().to_string(), "99+");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn entries_are_marked_by_their_owner_alone_one_by_one_by_opening_or_up_to_what_was_seen(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, owner, stranger) = (&story.desk, &story.cast.owner, &story.cast.stranger);
    tell(&story, 0, 6).await;
    let list = inbox(desk, owner, InboxPlace::Newest).await.unwrap();
    let [first, second] = [&list.entries[0], &list.entries[1]].map(|entry| entry.id);
    // Nobody else sees, opens or marks them.
    let theirs = inbox(desk, stranger, InboxPlace::Newest).await.unwrap();
    assert_eq!(subjects(&theirs), [""; 0]);
    for id in [first, second, Uuid::now_v7()] {
        let marked = mark_read(desk, stranger, id).await.unwrap_err();
        let opened = open_entry(desk, stranger, id).await.unwrap_err();
        assert_eq!((marked.status(), opened.status()), (404, 404));
    }
    mark_all_read(desk, stranger, story.desk.now())
        .await
        .unwrap();
    let count = async || unread(desk, owner).await.unwrap().number;
    assert_eq!(count().await, 6);

    mark_read(desk, owner, first).await.unwrap();
    mark_read(desk, owner, first).await.unwrap();
    assert_eq!(count().await, 5);
    assert_eq!(open_entry(desk, owner, second).await.unwrap(), "/apps");
    assert_eq!(count().await, 4);
    let until = list.newest.unwrap();
    tell(&story, 6, 8).await;
    mark_all_read(desk, owner, until).await.unwrap();
    assert_eq!(count().await, 2, "what has arrived since is unread");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn entries_go_in_time_and_those_of_a_closed_account_at_once(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let stranger = &story.cast.stranger;
    choose(&story, stranger, LetterKind::MemberLeft, Way::Daily).await;
    story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    let member = &story.cast.member;
    assert_eq!(entries(&story, member).await.len(), 1);
    sweep(&story.desk, &Retention::default()).await.unwrap();
    assert_eq!(entries(&story, member).await.len(), 1);
    commands::close_account(&story.desk, member, story::PASSWORD.into())
        .await
        .unwrap();
    assert_eq!(entries(&story, member).await, []);
    assert!(!entries(&story, &story.cast.owner).await.is_empty());
    story.clock.pass(Duration::days(401));
    sweep(&story.desk, &Retention::default()).await.unwrap();
    assert_eq!(entries(&story, &story.cast.owner).await, []);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_read_a_case_any_more_is_led_to_a_page_that_refuses(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, member) = (&story.desk, &story.cast.member);
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Clarification)
        .await;
    let app = story.case(case).await.app;
    commands::remove_member(desk, &story.cast.owner, app, member.person)
        .await
        .unwrap();
    let told = entries(&story, member).await;
    let of_case: Vec<_> = told.iter().filter(|one| one.case_id.is_some()).collect();
    assert_eq!(of_case.len(), 2, "{told:?}");
    for entry in of_case {
        let place = open_entry(desk, member, entry.id).await.unwrap();
        assert!(
            place.starts_with(&format!("/applications/{case}")),
            "{place}"
        );
        // What was asked is in the letter, and on the page for those who may read it.
        assert!(!entry.subject.contains("Who are the users"), "{entry:?}");
    }
    let refused = application(desk, member, case).await.unwrap_err();
    assert_eq!(refused.status(), 404);
}
