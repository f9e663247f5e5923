//! Digital Health Partners: from the application to the decision, and what the clock makes of a
//! criterion that is not met any more.

mod causes;
mod fallen;
mod standing;

pub use causes::{cause, overtake};

use crate::support::{records::also_waiting, story::PASSWORD, *};
use casework::{
    access::{GatewayScope, Subject, gateway_of},
    audit::{Names, Reader, sentence},
    commands::{Served, authorise, make_gateway_token, report_served},
    entities::{apps, audit_events, outbox, partner_signatures},
    partners::{
        commands::{
            DecidePartnerInput, ProposePartnerInput, PublishAppInput, apply_partner,
            confirm_contact, decide_partner, leave_partners, propose_partner, publish_app,
            take_back_proposal,
        },
        in_good_standing,
        queries::{PartnerFilter, PartnerView, my_partners, partner, partners, to_decide},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeSet;
use workflow::partners::{Criterion, Decision, Refused, State};

const STORE: &str = "https://apps.example.org/glow";
const STATEMENT: &str = "Two people answer every mail within a day.";

/// A story with an app that has Full Access, and somebody who looks after partners.
struct Programme {
    story: Story,
    app: AppId,
    case: CaseNumber,
    manager: Caller,
}

impl Programme {
    async fn begin(engine: Engine) -> Self {
        Self::of(Story::begin(engine).await).await
    }

    async fn of(story: Story) -> Self {
        let case = story.case_in(AccessLevel::Full, StateKind::Approved).await;
        let app = AppId(story.row(case).await.app_id);
        let manager = story.person("mira", &[Role::PartnerManager]).await;
        Self {
            story,
            app,
            case,
            manager,
        }
    }

    fn desk(&self) -> &Desk {
        &self.story.desk
    }

    fn owner(&self) -> &Caller {
        &self.story.cast.owner
    }

    fn publication(&self) -> PublishAppInput {
        publication(self.app, &self.story.now().date().to_string(), STORE, 0)
    }

    /// One that meets every criterion.
    async fn sound(engine: Engine) -> Self {
        let programme = Self::begin(engine).await;
        programme.make_sound().await;
        programme
    }

    async fn make_sound(&self) {
        publish_app(self.desk(), self.owner(), &self.publication())
            .await
            .unwrap();
        self.serve().await;
    }

    async fn applied(engine: Engine) -> Self {
        let programme = Self::sound(engine).await;
        programme.apply().await.unwrap();
        programme
    }

    async fn partner(engine: Engine) -> Self {
        let programme = Self::applied(engine).await;
        programme.propose(&programme.manager, true).await.unwrap();
        programme.decide(true).await.unwrap();
        programme
    }

    async fn apply(&self) -> casework::Result<()> {
        apply_partner(self.desk(), self.owner(), self.app, STATEMENT).await
    }

    async fn propose(&self, who: &Caller, approve: bool) -> casework::Result<()> {
        let version = self.view().await.application.unwrap().version;
        let input = ProposePartnerInput {
            app: self.app,
            version,
            approve,
            reasons: "The app is used and answered for.".to_owned(),
        };
        propose_partner(self.desk(), who, &input).await
    }

    async fn decision(&self, approve: bool) -> DecidePartnerInput {
        let found = to_decide(self.desk(), &self.story.cast.approver, self.app)
            .await
            .unwrap();
        DecidePartnerInput {
            app: self.app,
            version: found.view.application.unwrap().version,
            seen: found.seen,
            approve,
            note: "As proposed, and rightly so.".to_owned(),
            password: PASSWORD.into(),
            code: "".into(),
        }
    }

    async fn decide(&self, approve: bool) -> casework::Result<Decision> {
        let input = self.decision(approve).await;
        decide_partner(self.desk(), &self.story.cast.approver, &input).await
    }

    async fn view(&self) -> PartnerView {
        partner(self.desk(), self.owner(), self.app).await.unwrap()
    }

    async fn state(&self) -> State {
        self.view().await.standing.state
    }

    /// A user of the app is served today.
    async fn serve(&self) {
        let scopes = BTreeSet::from([GatewayScope::Authorise, GatewayScope::Report]);
        let admin = &self.story.cast.admin;
        let made = make_gateway_token(self.desk(), admin, "Gateway", &scopes, "9")
            .await
            .unwrap();
        let gateway = gateway_of(self.desk(), made.token.reveal()).await.unwrap();
        let row = apps::Entity::find_by_id(self.app.0)
            .one(self.desk().database.read())
            .await
            .unwrap()
            .unwrap();
        let (gateway, user) = (gateway.unwrap(), Subject::parse("user-1").unwrap());
        authorise(self.desk(), &gateway, &row.client_id, &user)
            .await
            .unwrap();
        let served = Served {
            day: self.story.now().date(),
            subject: user,
        };
        report_served(self.desk(), &gateway, &row.client_id, &[served])
            .await
            .unwrap();
    }

    /// To whom letters of a kind were written.
    async fn letters(&self, kind: &str) -> Vec<String> {
        let rows = outbox::Entity::find()
            .filter(outbox::Column::Kind.eq(kind))
            .order_by_asc(outbox::Column::ToAddress)
            .all(self.desk().database.read())
            .await
            .unwrap();
        rows.into_iter().map(|row| row.to_address).collect()
    }

    /// What happened to the partnership, in words.
    async fn told(&self) -> Vec<String> {
        let rows = audit_events::Entity::find()
            .filter(audit_events::Column::SubjectId.eq(self.app.to_string()))
            .order_by_asc(audit_events::Column::Seq)
            .all(self.desk().database.read())
            .await
            .unwrap();
        rows.iter()
            .filter(|row| row.name.starts_with("partner_") || row.name.contains("reaccepted"))
            .filter_map(|row| {
                let body = serde_json::from_str(&row.body).unwrap();
                sentence(&row.name, &body, &Names::new(), Reader::Staff)
            })
            .collect()
    }
}

fn publication(app: AppId, available: &str, links: &str, version: i64) -> PublishAppInput {
    PublishAppInput {
        app,
        version,
        available: available.to_owned(),
        links: links.to_owned(),
        contact: "help@glow.example.org".to_owned(),
    }
}

fn refused<T: std::fmt::Debug>(outcome: casework::Result<T>) -> Refused {
    match outcome.unwrap_err() {
        Error::Refused(refusal) => match refusal {
            Refusal::Partner(refused) => refused,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn fields<T: std::fmt::Debug>(outcome: casework::Result<T>) -> Vec<String> {
    match outcome.unwrap_err() {
        Error::Input { problems } => problems.into_iter().map(|one| one.field).collect(),
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_owner_applies_a_manager_proposes_and_an_approver_decides_with_a_signature(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let programme = Programme::sound(engine).await;
    let (desk, now) = (programme.desk(), programme.story.now());
    programme.apply().await.unwrap();
    assert_eq!(programme.state().await, State::Applied);
    assert_eq!(
        programme.letters("partner_applied").await,
        ["mira@example.org"]
    );
    let (manager, approver) = (&programme.manager, &programme.story.cast.approver);
    assert_eq!(also_waiting(desk, manager).await, ["1 partner application"]);
    assert_eq!(also_waiting(desk, approver).await, [""; 0]);
    programme.propose(manager, true).await.unwrap();
    assert_eq!(programme.state().await, State::Proposed);
    assert_eq!(also_waiting(desk, manager).await, [""; 0]);
    assert_eq!(also_waiting(desk, approver).await, ["1 partner decision"]);
    assert_eq!(
        programme.letters("partner_proposed").await,
        ["amara@example.org"]
    );
    assert!(
        !in_good_standing(desk.database.read(), programme.app.0, now)
            .await
            .unwrap()
    );
    assert_eq!(programme.decide(true).await.unwrap(), Decision::Approved);
    let now = programme.story.now();
    assert_eq!(programme.state().await, State::Active);
    assert_eq!(
        programme.letters("partner_approved").await,
        ["mahmoud@example.org", "olga@example.org"]
    );
    let read = desk.database.read();
    assert!(in_good_standing(read, programme.app.0, now).await.unwrap());
    assert_eq!(
        standing::in_good_standing_at(desk, now).await,
        BTreeSet::from([programme.app.0])
    );
    let signed = partner_signatures::Entity::find().all(read).await.unwrap();
    assert_eq!(signed.len(), 1);
    assert_eq!(signed[0].signer_name, "Amara");
    assert_eq!(
        programme.told().await[1..],
        [
            "applied for the app to be a Digital Health Partner",
            "proposed to make the app a Digital Health Partner",
            "made the app a Digital Health Partner",
            "noted of the partner: the app had its first active user on 2 Mar 2026"
        ]
    );
    // Our names and reasons are not the developer's to read.
    let seen = programme.view().await.application.unwrap();
    assert!(seen.proposal.is_none() && seen.by.is_none());
    assert_eq!(seen.decided.unwrap().note, "");
    programme.story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_manager_takes_a_proposal_back_until_it_is_decided(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let programme = Programme::applied(engine).await;
    let (desk, app, manager) = (programme.desk(), programme.app, &programme.manager);
    let version = async || programme.view().await.application.unwrap().version;
    let back = async |who: &Caller, reason: &str| {
        take_back_proposal(desk, who, app, version().await, reason).await
    };
    assert_eq!(
        refused(back(manager, "Too early").await),
        Refused::NothingToTakeBack
    );
    programme.propose(manager, true).await.unwrap();
    let (approver, owner) = (&programme.story.cast.approver, programme.owner());
    for who in [approver, owner] {
        let outcome = back(who, "Not mine").await;
        assert!(matches!(outcome, Err(Error::Forbidden { .. })));
    }
    let seen = programme.decision(true).await;
    assert_eq!(fields(back(manager, "").await), ["reason"]);
    // Another manager may as well: whoever proposed may have left.
    let other = programme
        .story
        .person("milo", &[Role::PartnerManager])
        .await;
    back(&other, "The users were miscounted").await.unwrap();
    assert_eq!(programme.state().await, State::Applied);
    let outcome = decide_partner(desk, approver, &seen).await;
    assert_eq!(refused(outcome), Refused::NothingToDecide);
    assert_eq!(also_waiting(desk, manager).await, ["1 partner application"]);
    programme.propose(manager, false).await.unwrap();
    assert_eq!(programme.state().await, State::Proposed);
    programme.decide(false).await.unwrap();
    assert_eq!(
        refused(back(manager, "Too late").await),
        Refused::NothingToTakeBack
    );
    assert!(
        programme
            .told()
            .await
            .contains(&"took the proposal back".to_owned())
    );
    programme.story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_signature_that_was_changed_afterwards_is_found(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let programme = Programme::partner(engine).await;
    programme
        .story
        .sql("UPDATE partner_signatures SET signer_name = 'Nobody'")
        .await
        .unwrap();
    let report = casework::verification::verify(&programme.desk().database, None)
        .await
        .unwrap();
    // The rows that a story leaves out are found as well.
    let found = report.found.iter().map(ToString::to_string);
    let of_it = found.filter(|fault| fault.contains("of a partnership"));
    assert_eq!(of_it.count(), 2);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn nobody_applies_while_something_is_missing_and_is_told_what(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let programme = Programme::begin(engine).await;
    let Refused::Unmet { missing } = refused(programme.apply().await) else {
        panic!("it could apply");
    };
    assert_eq!(
        missing,
        [
            "Say since when and where everybody can get the app.",
            "Confirm the support contact."
        ]
    );
    let publication = programme.publication();
    publish_app(programme.desk(), programme.owner(), &publication)
        .await
        .unwrap();
    let view = programme.view().await;
    let met: Vec<(Criterion, bool)> = view
        .criteria
        .iter()
        .map(|one| (one.criterion, one.met))
        .collect();
    assert_eq!(
        met,
        [
            (Criterion::Agreement, true),
            (Criterion::App, true),
            (Criterion::Users, false)
        ]
    );
    programme.serve().await;
    programme.apply().await.unwrap();
    assert_eq!(refused(programme.apply().await), Refused::AppliedBefore);
    let mine = my_partners(programme.desk(), programme.owner())
        .await
        .unwrap();
    assert_eq!((mine[0].met, mine[0].full), (3, true));
}

#[tokio::test]
async fn an_app_without_full_access_has_nothing_to_say() {
    let story = Story::begin(Engine::Sqlite).await;
    let input = publication(story.app, "2026-03-01", STORE, 0);
    let outcome = publish_app(&story.desk, &story.cast.owner, &input).await;
    assert_eq!(refused(outcome), Refused::NoFullAccess);
    let outcome = apply_partner(&story.desk, &story.cast.owner, story.app, STATEMENT).await;
    assert_eq!(refused(outcome), Refused::NoFullAccess);
}

#[tokio::test]
async fn what_is_typed_wrong_is_said_at_its_field() {
    let programme = Programme::begin(Engine::Sqlite).await;
    let (desk, owner, app) = (programme.desk(), programme.owner(), programme.app);
    programme
        .story
        .links
        .break_link("https://gone.example.org/", "this address does not answer.");
    for (available, links, contact, wrong) in [
        ("", STORE, "help@glow.example.org", "available"),
        ("soon", STORE, "help@glow.example.org", "available"),
        ("2999-01-01", STORE, "help@glow.example.org", "available"),
        ("2026-03-01", "", "help@glow.example.org", "links"),
        ("2026-03-01", "ftp://x", "help@glow.example.org", "links"),
        (
            "2026-03-01",
            "https://gone.example.org/",
            "help@glow.example.org",
            "links",
        ),
        ("2026-03-01", STORE, "me", "contact"),
        ("2026-03-01", STORE, "bogus", "contact"),
        ("2026-03-01", STORE, "https://127.0.0.1/", "contact"),
        ("2026-03-01", STORE, "help@localhost", "contact"),
    ] {
        let input = PublishAppInput {
            contact: contact.to_owned(),
            ..publication(app, available, links, 0)
        };
        let outcome = publish_app(desk, owner, &input).await;
        assert_eq!(fields(outcome), [wrong], "{available} {links}");
    }
    let many = (0..6).map(|n| format!("https://a{n}.example.org/"));
    let many = many.collect::<Vec<_>>().join(" ");
    let outcome = publish_app(desk, owner, &publication(app, "2026-03-01", &many, 0)).await;
    assert_eq!(fields(outcome), ["links"]);
    programme.make_sound().await;
    // A contact that is older than the rule is not confirmed.
    programme
        .story
        .sql("UPDATE partner_publications SET contact = 'bogus'")
        .await
        .unwrap();
    let seen = programme.view().await.publication.unwrap().version;
    let outcome = confirm_contact(desk, owner, app, seen, true).await;
    assert_eq!(fields(outcome), ["right"]);
    let outcome = apply_partner(desk, owner, app, "short").await;
    assert_eq!(fields(outcome), ["statement"]);
    let outcome = confirm_contact(desk, owner, app, 1, false).await;
    assert_eq!(fields(outcome), ["right"]);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_proposed_does_not_decide_and_a_member_of_the_app_does_neither(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let programme = Programme::applied(engine).await;
    let (desk, app) = (programme.desk(), programme.app);
    let both = programme
        .story
        .person("berta", &[Role::PartnerManager, Role::Approver])
        .await;
    programme.propose(&both, true).await.unwrap();
    let input = programme.decision(true).await;
    let Err(Error::Forbidden { rule, .. }) = decide_partner(desk, &both, &input).await else {
        panic!("who proposed decided");
    };
    assert_eq!(rule, "proposer");
    // Somebody of the developer's side who has a role of ours sees it as a member alone.
    let mut inside_out = programme.owner().clone();
    inside_out.roles = BTreeSet::from([Role::Developer, Role::Approver, Role::PartnerManager]);
    assert!(!partner(desk, &inside_out, app).await.unwrap().inside);
    let outcome = decide_partner(desk, &inside_out, &input).await;
    assert!(matches!(outcome, Err(Error::Forbidden { .. })));
    let filter = PartnerFilter {
        state: None,
        page: 1,
    };
    let listed = partners(desk, &inside_out, filter).await.unwrap();
    assert_eq!(listed.lines.len(), 0);
    let listed = partners(desk, &programme.manager, filter).await.unwrap();
    assert_eq!(listed.lines.len(), 1);
    assert_eq!(programme.decide(true).await.unwrap(), Decision::Approved);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_about_the_record_that_was_seen_and_needs_the_password(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let programme = Programme::applied(engine).await;
    programme.propose(&programme.manager, true).await.unwrap();
    let (desk, approver) = (programme.desk(), &programme.story.cast.approver);
    let seen = programme.decision(true).await;
    let wrong = DecidePartnerInput {
        password: "not mine".into(),
        ..seen.clone()
    };
    assert_eq!(
        fields(decide_partner(desk, approver, &wrong).await),
        ["password"]
    );
    let without_reason = DecidePartnerInput {
        approve: false,
        note: String::new(),
        ..seen.clone()
    };
    let outcome = decide_partner(desk, approver, &without_reason).await;
    assert_eq!(fields(outcome), ["note"]);
    // The owner changes what was looked at: the day, and then the contact alone.
    let another_day = publication(programme.app, "2026-03-01", STORE, 1);
    let another_contact = PublishAppInput {
        contact: "answers@glow.example.org".to_owned(),
        version: 2,
        ..another_day.clone()
    };
    for changed in [another_day, another_contact] {
        let seen = programme.decision(true).await;
        publish_app(desk, programme.owner(), &changed)
            .await
            .unwrap();
        let outcome = decide_partner(desk, approver, &seen).await;
        assert!(
            matches!(outcome, Err(Error::Conflict { .. })),
            "{outcome:?}"
        );
    }
    assert_eq!(programme.state().await, State::Proposed);
}

#[tokio::test]
async fn a_declined_application_says_why_and_leaves_a_new_one_open() {
    let programme = Programme::applied(Engine::Sqlite).await;
    programme.propose(&programme.manager, false).await.unwrap();
    assert_eq!(programme.decide(false).await.unwrap(), Decision::Declined);
    let view = programme.view().await;
    assert_eq!(view.standing.state, State::Declined);
    let decided = view.application.unwrap().decided.unwrap();
    assert_eq!(decided.note, "As proposed, and rightly so.");
    assert_eq!(decided.by, None);
    assert_eq!(programme.letters("partner_declined").await.len(), 2);
    programme.apply().await.unwrap();
    let view = programme.view().await;
    assert_eq!(view.standing.state, State::Applied);
    // What became of the first one stays in view.
    let earlier = view.earlier[0].decided.as_ref().unwrap();
    assert_eq!(earlier.note, "As proposed, and rightly so.");
    programme.story.assert_sound().await;
}

#[tokio::test]
async fn an_owner_takes_the_application_back_or_ends_the_partnership() {
    let programme = Programme::applied(Engine::Sqlite).await;
    let (desk, owner, app) = (programme.desk(), programme.owner(), programme.app);
    let stale = leave_partners(desk, owner, app, 9, true).await;
    assert!(matches!(stale, Err(Error::Conflict { .. })));
    assert!(!leave_partners(desk, owner, app, 1, false).await.unwrap());
    assert_eq!(programme.state().await, State::None);
    programme.apply().await.unwrap();
    programme.propose(&programme.manager, true).await.unwrap();
    programme.decide(true).await.unwrap();
    let version = programme.view().await.application.unwrap().version;
    let unsure = leave_partners(desk, owner, app, version, false).await;
    assert!(matches!(unsure, Err(Error::Input { .. })));
    assert!(
        leave_partners(desk, owner, app, version, true)
            .await
            .unwrap()
    );
    assert_eq!(programme.state().await, State::Ended);
    let outcome = leave_partners(desk, owner, app, version + 1, true).await;
    assert_eq!(refused(outcome), Refused::NothingToLeave);
}

#[tokio::test]
async fn the_partnership_of_others_is_not_found_and_members_who_are_no_owners_only_read() {
    let programme = Programme::applied(Engine::Sqlite).await;
    let (desk, app) = (programme.desk(), programme.app);
    let cast = &programme.story.cast;
    for who in [&cast.stranger, &cast.reviewer, &cast.admin] {
        assert!(matches!(
            partner(desk, who, app).await,
            Err(Error::NotFound)
        ));
        let outcome = apply_partner(desk, who, app, STATEMENT).await;
        assert!(matches!(outcome, Err(Error::NotFound)), "{outcome:?}");
        let outcome = publish_app(desk, who, &programme.publication()).await;
        assert!(matches!(outcome, Err(Error::NotFound)), "{outcome:?}");
    }
    assert!(partner(desk, &cast.member, app).await.is_ok());
    let outcome = leave_partners(desk, &cast.member, app, 1, true).await;
    assert!(matches!(outcome, Err(Error::Forbidden { .. })));
    let outcome = programme.propose(&cast.approver, true).await;
    assert!(matches!(outcome, Err(Error::Forbidden { .. })));
    let nobody = AppId(new_id());
    let outcome = partner(desk, &programme.manager, nobody).await;
    assert!(matches!(outcome, Err(Error::NotFound)));
    let stranger = partners(
        desk,
        &cast.stranger,
        PartnerFilter {
            state: None,
            page: 1,
        },
    );
    assert!(matches!(stranger.await, Err(Error::NotFound)));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_agreement_of_an_app_with_limited_access_was_accepted_with_that(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story.draft(AccessLevel::Limited).await;
    story.bring(case, StateKind::Approved).await;
    let view = partner(&story.desk, &story.cast.owner, story.app).await;
    let view = view.unwrap();
    assert!(!view.full);
    assert!(view.criteria[0].met, "{:?}", view.criteria[0]);
    let missing = view.criteria[0].missing.join(" ");
    assert!(!missing.contains("has not been accepted"), "{missing}");
}
