//! Every kind of letter, written by the steps that cause it while the mail server is down: it goes
//! out once the server is back, unless what it tells or asks has been overtaken meanwhile.

use crate::support::{
    smtp::{Manner, SmtpServer, letters, worker},
    *,
};
use casework::{
    access,
    accounts::{self, AccountLetter, FactorNews, LinkLetter, post_link, post_to_person},
    cases::letters::post_due_dates,
    commands::{self, Answer, Authority, RoleChange, give_back, tick},
    entities::{apps, audit_events, inbox_entries, outbox},
    post::{LetterKind, Must},
    queries::{self, admin_people::admin_person},
    store::{Intent, Stored},
};
use futures_util::{StreamExt, stream};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use std::{collections::BTreeSet, pin::Pin};
use time::Duration;
use workflow::event::Response;

const PLAIN: Authority = Authority {
    owner: false,
    may_sign: false,
};

/// What was caused: who reads the letter, and the case it is about, if it is about one.
pub struct Caused {
    pub reader: Caller,
    case: Option<CaseNumber>,
}

async fn app_of(story: &Story, case: CaseNumber) -> AppId {
    let stored = Stored::load(story.database.read(), case, Intent::Read).await;
    stored.unwrap().case.app
}

async fn answer(story: &Story, case: CaseNumber) {
    let answers = story.answers(case, "Adults with diabetes.").await;
    story.step(&story.cast.owner, case, answers).await;
}

/// The developer responds to every open finding.
pub async fn resubmit(story: &Story, case: CaseNumber) {
    let findings = story.case(case).await.findings;
    let responses = findings.iter().filter(|finding| finding.is_open());
    let responses = responses.map(|finding| Response {
        finding: finding.id,
        text: "Corrected.".to_owned(),
    });
    let action = Action::Resubmit {
        responses: responses.collect(),
        submission: None,
    };
    story.step(&story.cast.owner, case, action).await;
}

/// A case in this state.
fn case_in(
    story: &Story,
    level: AccessLevel,
    state: StateKind,
) -> Pin<Box<dyn Future<Output = CaseNumber> + '_>> {
    boxed(move || story.case_in(level, state))
}

async fn sampled(story: &Story, who: &Caller, case: CaseNumber, kind: ActionKind) {
    let action = story::sample(kind, &story.cast.other_reviewer);
    story.step(who, case, action).await;
}

/// A future on the heap, made in a frame of its own: unoptimised, whoever awaits one holds the room of
/// all that it could await, and there is a kind of letter for each.
#[inline(never)]
pub fn boxed<'a, T, F: Future<Output = T> + 'a>(
    make: impl FnOnce() -> F,
) -> Pin<Box<dyn Future<Output = T> + 'a>> {
    Box::pin(make())
}

async fn invite(story: &Story, app: AppId, who: &Caller) {
    commands::invite_member(&story.desk, &story.cast.owner, app, &who.username, PLAIN)
        .await
        .unwrap();
}

async fn join(story: &Story, app: AppId, who: &Caller) {
    invite(story, app, who).await;
    let invitation = queries::my_invitations(&story.desk, who).await.unwrap()[0].id;
    commands::answer_invitation(&story.desk, who, invitation, Answer::Accept)
        .await
        .unwrap();
}

async fn remove(story: &Story, who: &Caller) {
    commands::remove_member(&story.desk, &story.cast.owner, story.app, who.person)
        .await
        .unwrap();
}

async fn link(story: &Story, who: &Caller, letter: LinkLetter) {
    let database = story.database.write();
    let person = accounts::find(database, who.person).await.unwrap();
    post_link(database, &story.desk, &person, letter)
        .await
        .unwrap();
}

async fn tell(story: &Story, who: &Caller, letter: AccountLetter) {
    let database = story.database.write();
    let person = accounts::find(database, who.person).await.unwrap();
    post_to_person(database, &story.desk, &person, letter)
        .await
        .unwrap();
}

/// Letters about the account of the stranger.
async fn of_account(story: &Story, kind: LetterKind) {
    use LetterKind as K;
    let (who, new) = (&story.cast.stranger, "new@example.org".to_owned());
    match kind {
        K::ConfirmOldAddress => link(story, who, LinkLetter::ConfirmOldAddress { new }).await,
        K::ConfirmNewAddress => link(story, who, LinkLetter::ConfirmNewAddress).await,
        K::EmailChanged => tell(story, who, AccountLetter::EmailChanged { new }).await,
        _ => tell(story, who, AccountLetter::SecondFactor(FactorNews::On)).await,
    }
}

async fn version(story: &Story, who: &Caller) -> u64 {
    let person = accounts::find(story.database.read(), who.person).await;
    u64::try_from(person.unwrap().version).unwrap()
}

async fn disable(story: &Story, who: &Caller) {
    let seen = version(story, who).await;
    let admin = &story.cast.admin;
    commands::disable_person(&story.desk, admin, who.person, seen, "Has left us")
        .await
        .unwrap();
}

/// Lets days pass until the dates of either side cause such a letter.
async fn wait_for(story: &Story, kind: LetterKind) {
    let told = inbox_entries::Entity::find().filter(inbox_entries::Column::Kind.eq(kind.word()));
    while told
        .clone()
        .one(story.database.read())
        .await
        .unwrap()
        .is_none()
    {
        story.clock.pass(Duration::days(1));
        post_due_dates(&story.desk).await.unwrap();
        tick(&story.desk).await.unwrap();
    }
}

/// Takes the steps that cause a letter of this kind.
pub async fn cause(story: &Story, kind: LetterKind) -> Caused {
    use LetterKind as K;
    use StateKind as S;
    let cast = &story.cast;
    let limited = AccessLevel::Limited;
    let about = |reader: &Caller, case: CaseNumber| Caused {
        reader: reader.clone(),
        case: Some(case),
    };
    let to = |reader: &Caller| Caused {
        reader: reader.clone(),
        case: None,
    };
    match kind {
        K::Submitted => about(&cast.owner, case_in(story, limited, S::Submitted).await),
        K::ClarificationRequested => {
            about(&cast.owner, case_in(story, limited, S::Clarification).await)
        }
        K::CorrectionsRequested => {
            about(&cast.owner, case_in(story, limited, S::Corrections).await)
        }
        K::AgreementOpen => about(
            &cast.owner,
            case_in(story, AccessLevel::Full, S::Review).await,
        ),
        K::AgreementReady => about(&cast.owner, case_in(story, limited, S::Agreement).await),
        K::Reminder | K::DeveloperOverdue => {
            let case = case_in(story, limited, S::Clarification).await;
            wait_for(story, kind).await;
            match kind {
                K::Reminder => about(&cast.owner, case),
                _ => about(&cast.reviewer, case),
            }
        }
        K::Approved => about(&cast.owner, case_in(story, limited, S::Approved).await),
        K::Declined => about(&cast.owner, case_in(story, limited, S::Declined).await),
        K::Withdrawn => about(&cast.member, case_in(story, limited, S::Withdrawn).await),
        K::Lapsed => about(&cast.owner, case_in(story, limited, S::Lapsed).await),
        K::AppealArrived => {
            let case = case_in(story, limited, S::Declined).await;
            sampled(story, &cast.owner, case, ActionKind::Appeal).await;
            about(&cast.lead, case)
        }
        K::CorrectionReported | K::FindingRetested | K::FindingsDue | K::FindingsOverdue => {
            let (reader, case) = boxed(|| crate::dated_findings::cause(story, kind)).await;
            about(&reader, case)
        }
        K::StuckAsked | K::StuckAnswered => {
            let (reader, case) = boxed(|| crate::stuck::cause(story, kind)).await;
            about(&reader, case)
        }
        K::AppealAnswered => {
            let case = case_in(story, limited, S::Declined).await;
            sampled(story, &cast.owner, case, ActionKind::Appeal).await;
            sampled(story, &cast.lead, case, ActionKind::AnswerAppeal).await;
            about(&cast.member, case)
        }
        K::Reopened => {
            let case = case_in(story, limited, S::Declined).await;
            sampled(story, &cast.lead, case, ActionKind::Reopen).await;
            about(&cast.owner, case)
        }
        K::GrantSuspended | K::GrantReinstated | K::GrantRevoked => {
            let case = case_in(story, limited, S::Approved).await;
            sampled(story, &cast.approver, case, ActionKind::SuspendGrant).await;
            let next = match kind {
                K::GrantReinstated => Some(ActionKind::ReinstateGrant),
                K::GrantRevoked => Some(ActionKind::RevokeGrant),
                _ => None,
            };
            if let Some(next) = next {
                sampled(story, &cast.approver, case, next).await;
            }
            about(&cast.member, case)
        }
        K::CapChanged => {
            let case = case_in(story, limited, S::Approved).await;
            sampled(story, &cast.approver, case, ActionKind::ChangeCap).await;
            about(&cast.member, case)
        }
        K::UserCapNear | K::UserCapReached => {
            let users = if kind == K::UserCapNear { 16 } else { 20 };
            boxed(|| fill_places(story, users)).await;
            to(&cast.member)
        }
        K::Assigned => {
            let case = case_in(story, limited, S::Submitted).await;
            let assign = story::take(Seat::Case, &cast.reviewer);
            story.step(&cast.lead, case, assign).await;
            about(&cast.reviewer, case)
        }
        K::CasesAssigned => {
            case_in(story, limited, S::Submitted).await;
            boxed(|| crate::bulk::assign_all(story, &cast.reviewer)).await;
            to(&cast.reviewer)
        }
        K::AnswerArrived => {
            let case = case_in(story, limited, S::Clarification).await;
            answer(story, case).await;
            about(&cast.reviewer, case)
        }
        K::Resubmitted => {
            let case = case_in(story, limited, S::Corrections).await;
            resubmit(story, case).await;
            about(&cast.commercial, case)
        }
        K::DlaAccepted => about(&cast.reviewer, case_in(story, limited, S::Decision).await),
        K::DecisionWaits => about(&cast.approver, case_in(story, limited, S::Decision).await),
        K::DueSoon | K::Overdue => {
            let case = case_in(story, limited, S::Completeness).await;
            wait_for(story, kind).await;
            about(&cast.reviewer, case)
        }
        K::WorkGivenBack => {
            let case = case_in(story, limited, S::Completeness).await;
            disable(story, &cast.reviewer).await;
            assert_eq!(give_back(&story.desk).await.unwrap(), 1);
            about(&cast.lead, case)
        }
        K::MemberInvited => {
            invite(story, story.app, &cast.stranger).await;
            to(&cast.stranger)
        }
        K::MemberJoined | K::MemberLeft | K::MemberRemoved | K::MemberChanged => {
            join(story, story.app, &cast.stranger).await;
            let (desk, who) = (&story.desk, &cast.stranger);
            let may_sign = Authority {
                may_sign: true,
                ..PLAIN
            };
            match kind {
                K::MemberLeft => commands::leave_app(desk, who, story.app).await.unwrap(),
                K::MemberRemoved => remove(story, who).await,
                K::MemberChanged => {
                    commands::change_member(desk, &cast.owner, story.app, who.person, may_sign, 1)
                        .await
                        .unwrap();
                }
                _ => {}
            }
            to(&cast.member)
        }
        K::AppArchived => {
            let (desk, owner) = (&story.desk, &cast.owner);
            commands::archive_app(desk, owner, story.app, "Glow")
                .await
                .unwrap();
            to(&cast.member)
        }
        K::SecretReplaced | K::RedirectsChanged => {
            join(story, story.app, &cast.stranger).await;
            let (desk, owner) = (&story.desk, &cast.owner);
            let both = Authority {
                owner: true,
                may_sign: true,
            };
            commands::change_member(desk, owner, story.app, cast.stranger.person, both, 1)
                .await
                .unwrap();
            if kind == K::SecretReplaced {
                let what = commands::Replacement::default();
                commands::replace_secret(desk, owner, story.app, 1, what)
                    .await
                    .unwrap();
            } else {
                let uri = "https://glow.example.org/callback";
                let at = queries::DataEnvironment::Sandbox;
                commands::set_redirects(desk, owner, story.app, at, uri, 1)
                    .await
                    .unwrap();
            }
            to(&cast.stranger)
        }
        K::PageChanged
        | K::PageQuestioned
        | K::PageAnswered
        | K::PageSettled
        | K::PageUnreachable
        | K::AttestationSoon
        | K::AttestationToday
        | K::AttestationOverdue
        | K::AttestationMissing => {
            let (reader, case) = boxed(|| crate::living::cause(story, kind)).await;
            about(&reader, case)
        }
        K::RequestReceived
        | K::RequestReplied
        | K::RequestSolved
        | K::RequestMerged
        | K::RequestMoved
        | K::RequestArrived
        | K::RequestAnswered
        | K::RequestAssigned
        | K::ArticleRefused => to(&boxed(|| crate::support_letters::cause(story, kind)).await),
        K::EntrySentIn
        | K::EntryChangesAsked
        | K::EntryPublished
        | K::EntryTakenDown
        | K::EntryHidden
        | K::EntryShownAgain
        | K::EntryLinkDead => to(&boxed(|| crate::gallery_letters::cause(story, kind)).await),
        K::PartnerApplied
        | K::PartnerProposed
        | K::PartnerApproved
        | K::PartnerDeclined
        | K::PartnerWarned
        | K::PartnerRests
        | K::PartnerEnded
        | K::PartnerRestored => {
            let (reader, case) = boxed(|| crate::partners::cause(story, kind)).await;
            about(&reader, case)
        }
        K::MembershipEnded => {
            remove(story, &cast.member).await;
            to(&cast.member)
        }
        K::VerifyEmail => {
            link(story, &cast.stranger, LinkLetter::VerifyEmail).await;
            to(&cast.stranger)
        }
        K::PasswordReset => {
            link(story, &cast.stranger, LinkLetter::ResetPassword).await;
            to(&cast.stranger)
        }
        K::Invitation => {
            let roles = vec![Role::Developer];
            link(
                story,
                &cast.stranger,
                LinkLetter::Invitation { by: None, roles },
            )
            .await;
            to(&cast.stranger)
        }
        K::AlreadyRegistered => {
            tell(story, &cast.stranger, AccountLetter::AlreadyRegistered).await;
            to(&cast.stranger)
        }
        K::PasswordChanged => {
            tell(story, &cast.stranger, AccountLetter::PasswordChanged).await;
            to(&cast.stranger)
        }
        K::FailedSignings => {
            let letter = AccountLetter::FailedSignings { times: 10 };
            tell(story, &cast.stranger, letter).await;
            to(&cast.stranger)
        }
        K::AccountClosed => {
            let database = story.database.write();
            story.sql("UPDATE people SET closed_at = 1").await.unwrap();
            let person = accounts::find(database, cast.stranger.person)
                .await
                .unwrap();
            post_to_person(database, &story.desk, &person, AccountLetter::Closed)
                .await
                .unwrap();
            to(&cast.stranger)
        }
        K::Digest => {
            let daily = "UPDATE people SET letters_daily = 'submitted'";
            story.sql(daily).await.unwrap();
            case_in(story, limited, S::Submitted).await;
            story.clock.pass(Duration::days(1));
            let server = SmtpServer::start().await;
            worker(&story.desk, &server).round().await.unwrap();
            to(&cast.owner)
        }
        K::ConfirmOldAddress | K::ConfirmNewAddress | K::EmailChanged | K::SecondFactor => {
            boxed(|| of_account(story, kind)).await;
            to(&cast.stranger)
        }
        K::SecondAdmin => {
            let eve = story.person("eve", &[Role::Admin]).await;
            let change = RoleChange {
                roles: BTreeSet::from([Role::Approver]),
                reason: "They joined the team".to_owned(),
                combination: String::new(),
            };
            let who = &cast.stranger;
            let seen = version(story, who).await;
            commands::set_roles(&story.desk, &cast.admin, who.person, &change, seen)
                .await
                .unwrap();
            to(&eve)
        }
    }
}

/// Takes a step after which the letter no longer applies.
async fn overtake(story: &Story, kind: LetterKind, caused: &Caused) {
    use LetterKind as K;
    let cast = &story.cast;
    let case = caused.case.unwrap_or(CaseNumber(0));
    match kind {
        K::Submitted
        | K::Reopened
        | K::AnswerArrived
        | K::Resubmitted
        | K::DlaAccepted
        | K::StuckAsked
        | K::StuckAnswered => sampled(story, &cast.owner, case, ActionKind::Withdraw).await,
        K::ClarificationRequested | K::Reminder | K::DeveloperOverdue => answer(story, case).await,
        K::CorrectionsRequested => resubmit(story, case).await,
        K::AgreementOpen | K::AgreementReady => {
            sampled(story, &cast.owner, case, ActionKind::AcceptDla).await;
        }
        K::Approved | K::GrantReinstated | K::CapChanged => {
            sampled(story, &cast.approver, case, ActionKind::SuspendGrant).await;
        }
        K::GrantSuspended => {
            sampled(story, &cast.approver, case, ActionKind::ReinstateGrant).await;
        }
        K::Declined | K::Lapsed | K::AppealArrived | K::AppealAnswered => {
            sampled(story, &cast.lead, case, ActionKind::Reopen).await
        }
        K::CorrectionReported | K::FindingRetested | K::FindingsDue | K::FindingsOverdue => {
            boxed(|| crate::dated_findings::overtake(story, kind, case)).await;
        }
        K::Withdrawn | K::GrantRevoked => {
            let app = app_of(story, case).await;
            commands::leave_app(&story.desk, &caused.reader, app)
                .await
                .unwrap();
        }
        K::Assigned => {
            let release = Action::Release {
                seat: Seat::Case,
                seen: Some(cast.reviewer.person),
                note: workflow::Internal::default(),
                away: None,
            };
            story.step(&cast.reviewer, case, release).await;
        }
        K::DecisionWaits => {
            let approve = story::approve(AccessLevel::Limited);
            story.step(&cast.approver, case, approve).await;
        }
        K::DueSoon | K::Overdue => {
            let question = story.question("Who are the users?");
            story.step(&cast.reviewer, case, question).await;
        }
        K::WorkGivenBack => {
            let assign = story::take(Seat::Case, &cast.other_reviewer);
            story.step(&cast.lead, case, assign).await;
        }
        K::MemberInvited => {
            let invitations = queries::my_invitations(&story.desk, &cast.stranger).await;
            let id = invitations.unwrap()[0].id;
            commands::withdraw_invitation(&story.desk, &cast.owner, story.app, id)
                .await
                .unwrap();
            // Another one that waits does not stand in for it.
            let other = story.app("Other", &cast.owner).await;
            invite(story, other, &cast.stranger).await;
        }
        K::AppArchived => {
            let reader = &caused.reader;
            commands::leave_app(&story.desk, reader, story.app)
                .await
                .unwrap();
        }
        K::MemberJoined
        | K::MemberLeft
        | K::MemberRemoved
        | K::MemberChanged
        | K::SecretReplaced
        | K::RedirectsChanged
        | K::UserCapNear
        | K::UserCapReached => {
            remove(story, &caused.reader).await;
        }
        K::PageChanged
        | K::PageQuestioned
        | K::PageSettled
        | K::PageUnreachable
        | K::AttestationSoon
        | K::AttestationToday
        | K::AttestationOverdue
        | K::AttestationMissing => {
            boxed(|| crate::living::overtake(story, kind, case)).await;
        }
        K::RequestReceived
        | K::RequestReplied
        | K::RequestSolved
        | K::RequestArrived
        | K::RequestAnswered
        | K::RequestAssigned => boxed(|| crate::support_letters::overtake(story, kind)).await,
        K::PartnerApplied
        | K::PartnerProposed
        | K::PartnerApproved
        | K::PartnerDeclined
        | K::PartnerWarned
        | K::PartnerRests
        | K::PartnerEnded
        | K::PartnerRestored => {
            let app = app_of(story, case).await;
            boxed(|| crate::partners::overtake(story, kind, app)).await;
        }
        // Nothing follows on these but that their reader is no longer here.
        K::RequestMerged | K::RequestMoved | K::ArticleRefused => {
            disable(story, &caused.reader).await
        }
        K::EntrySentIn
        | K::EntryChangesAsked
        | K::EntryPublished
        | K::EntryTakenDown
        | K::EntryHidden
        | K::EntryShownAgain
        | K::EntryLinkDead => boxed(|| crate::gallery_letters::overtake(story, kind)).await,
        K::MembershipEnded => join(story, story.app, &caused.reader).await,
        // A newer link ends the one before.
        K::VerifyEmail => link(story, &caused.reader, LinkLetter::VerifyEmail).await,
        K::PasswordReset => link(story, &caused.reader, LinkLetter::ResetPassword).await,
        K::Invitation => {
            let roles = vec![Role::Developer];
            link(
                story,
                &caused.reader,
                LinkLetter::Invitation { by: None, roles },
            )
            .await;
        }
        // A newer one of the same ends the one before.
        K::ConfirmOldAddress | K::ConfirmNewAddress => boxed(|| of_account(story, kind)).await,
        // Nothing in the desk follows on it: a database put back from before.
        K::AccountClosed => {
            story
                .sql("UPDATE people SET closed_at = NULL")
                .await
                .unwrap();
        }
        K::AlreadyRegistered
        | K::PasswordChanged
        | K::FailedSignings
        | K::EmailChanged
        | K::Digest
        | K::CasesAssigned
        | K::PageAnswered
        | K::SecondFactor => {
            disable(story, &caused.reader).await;
        }
        K::SecondAdmin => {
            let person = cast.stranger.person;
            let view = admin_person(&story.desk, &cast.admin, person).await;
            let request = view.unwrap().request.unwrap().id;
            commands::refuse_roles(&story.desk, &cast.admin, request, "A mistake")
                .await
                .unwrap();
        }
    }
}

/// Approves the story's app for Limited Access, and lets so many users authorise it.
async fn fill_places(story: &Story, users: usize) {
    let case = story.draft(AccessLevel::Limited).await;
    story.bring(case, StateKind::Approved).await;
    let scopes = [access::GatewayScope::Authorise].into();
    let made =
        commands::make_gateway_token(&story.desk, &story.cast.admin, "Gateway", &scopes, "9")
            .await
            .unwrap();
    let gateway = access::gateway_of(&story.desk, made.token.reveal()).await;
    let gateway = gateway.unwrap().unwrap();
    let app = apps::Entity::find_by_id(story.app.0)
        .one(story.desk.database.read())
        .await
        .unwrap()
        .unwrap();
    for user in 0..users {
        let subject = access::Subject::parse(&format!("user-{user}")).unwrap();
        commands::authorise(&story.desk, &gateway, &app.client_id, &subject)
            .await
            .unwrap();
    }
}

/// Leaves this letter alone in the outbox, as one that waits.
async fn waits_alone(story: &Story, letter: &outbox::Model) {
    let database = story.database.write();
    outbox::Entity::delete_many()
        .filter(outbox::Column::Id.ne(letter.id))
        .exec(database)
        .await
        .unwrap();
    outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value("waiting"))
        .col_expr(outbox::Column::NotBeforeAt, Expr::value(0_i64))
        .exec(database)
        .await
        .unwrap();
}

/// The reasons with which letters were dropped, by the trail.
async fn dropped(story: &Story) -> Vec<String> {
    let events = audit_events::Entity::find()
        .filter(audit_events::Column::Name.eq("letter_dropped"))
        .all(story.database.read())
        .await
        .unwrap();
    events.into_iter().map(|event| event.reason).collect()
}

async fn goes_only_while_it_applies(engine: Engine, kind: LetterKind) {
    let story = Story::begin(engine).await;
    let caused = boxed(|| cause(&story, kind)).await;
    let address = format!("{}@example.org", caused.reader.username);
    let letter = letters(&story.desk)
        .await
        .into_iter()
        .find(|letter| letter.kind == kind.word() && letter.to_address == address)
        .unwrap_or_else(|| panic!("no {kind:?} to {address}"));
    let server = SmtpServer::start().await;
    let worker = worker(&story.desk, &server);

    // The server is down, and back.
    waits_alone(&story, &letter).await;
    server.be(Manner::HangingUp);
    worker.round().await.unwrap();
    assert_eq!(letters(&story.desk).await[0].state, "waiting", "{kind:?}");
    server.be(Manner::Kind);
    story.clock.pass(Duration::minutes(5));
    worker.round().await.unwrap();
    let sent = letters(&story.desk).await.remove(0);
    assert_eq!(sent.state, "sent", "{kind:?}: {}", sent.last_error);
    assert_eq!(server.received().len(), 1, "{kind:?}");
    assert_eq!(dropped(&story).await, [""; 0], "{kind:?}");

    // The same once more, overtaken while the server is down.
    server.be(Manner::HangingUp);
    waits_alone(&story, &letter).await;
    boxed(|| overtake(&story, kind, &caused)).await;
    waits_alone(&story, &letter).await;
    server.be(Manner::Kind);
    worker.round().await.unwrap();
    let mut row = letters(&story.desk).await.remove(0);
    if row.state == "held" {
        // Nothing but its reader's account stood in its way, for too long.
        story.clock.set(Timestamp::from_micros(row.not_before_at));
        worker.round().await.unwrap();
        row = letters(&story.desk).await.remove(0);
    }
    assert_eq!(row.state, "dropped", "{kind:?}: {}", row.last_error);
    worker.round().await.unwrap();
    assert_eq!(server.received().len(), 1, "{kind:?}");
    let reasons = dropped(&story).await;
    assert_eq!(reasons.len(), 1, "{kind:?}: {reasons:?}");
    assert!(
        reasons[0] == "its reader's account stayed disabled"
            || kind.must().iter().any(|must| must.reason() == reasons[0]),
        "{kind:?}: {reasons:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_letter_goes_out_while_it_applies_and_is_dropped_with_one_event_once_it_does_not()
 {
    stream::iter(LetterKind::ALL)
        .for_each_concurrent(4, |kind| goes_only_while_it_applies(Engine::Sqlite, *kind))
        .await;
}

/// Disables the reader's account while the letter waits, until its time is over.
async fn is_held_while_its_reader_is_disabled(engine: Engine, kind: LetterKind) {
    let story = Story::begin(engine).await;
    let caused = boxed(|| cause(&story, kind)).await;
    let address = format!("{}@example.org", caused.reader.username);
    let letter = letters(&story.desk)
        .await
        .into_iter()
        .find(|letter| letter.kind == kind.word() && letter.to_address == address)
        .unwrap_or_else(|| panic!("no {kind:?} to {address}"));
    let server = SmtpServer::start().await;
    let worker = worker(&story.desk, &server);
    let disabled = |at: &str| {
        let sql = format!(
            "UPDATE people SET disabled_at = {at} WHERE username = '{}'",
            caused.reader.username
        );
        let story = &story;
        async move { story.sql(&sql).await.unwrap() }
    };
    waits_alone(&story, &letter).await;
    disabled("1").await;
    worker.round().await.unwrap();
    let row = letters(&story.desk).await.remove(0);
    assert_eq!(server.received().len(), 0, "{kind:?}");
    // Nobody waits for a link that has ended; and work goes to others.
    let goes_elsewhere = kind.is_unsolicited() || kind.must().contains(&Must::DoesWork);
    if goes_elsewhere && row.state == "dropped" {
        return;
    }
    assert_eq!(row.state, "held", "{kind:?}: {}", row.last_error);
    assert_eq!(row.last_error, "Held: its reader's account is disabled.");
    worker.round().await.unwrap();
    assert_eq!(letters(&story.desk).await[0], row, "{kind:?}");

    // Its time is over, and the account was enabled without a step.
    disabled("NULL").await;
    story.clock.set(Timestamp::from_micros(row.not_before_at));
    worker.round().await.unwrap();
    let row = letters(&story.desk).await.remove(0);
    assert_ne!(row.state, "held", "{kind:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_letter_is_held_while_its_reader_is_disabled() {
    let kinds = LetterKind::ALL
        .iter()
        .filter(|kind| **kind != LetterKind::AccountClosed);
    stream::iter(kinds)
        .for_each_concurrent(4, |kind| {
            is_held_while_its_reader_is_disabled(Engine::Sqlite, *kind)
        })
        .await;
}

/// One of each sort of matter.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_too_a_letter_is_held_against_what_it_is_about(
    #[values(
        LetterKind::PasswordReset,
        LetterKind::SecondAdmin,
        LetterKind::MemberInvited,
        LetterKind::MemberLeft,
        LetterKind::MembershipEnded,
        LetterKind::WorkGivenBack,
        LetterKind::StuckAsked,
        LetterKind::EntryHidden
    )]
    kind: LetterKind,
) {
    goes_only_while_it_applies(Engine::Postgres, kind).await;
}

#[test]
fn every_kind_of_letter_looks_at_what_it_is_about() {
    for kind in LetterKind::ALL {
        // Of letters about the account alone nothing else can change.
        let about_the_account = matches!(
            kind,
            LetterKind::AlreadyRegistered
                | LetterKind::PasswordChanged
                | LetterKind::FailedSignings
                | LetterKind::EmailChanged
                | LetterKind::SecondFactor
                // What its lines tell of is looked at when it is made.
                | LetterKind::Digest
                // How many cases somebody got in one run stays true.
                | LetterKind::CasesAssigned
        );
        let more = kind
            .must()
            .iter()
            .any(|must| !matches!(must, Must::Account | Must::Address));
        assert_eq!(more, !about_the_account, "{kind:?}");
    }
}
