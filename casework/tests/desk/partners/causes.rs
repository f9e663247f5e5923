//! What causes and overtakes each letter about partnerships, for the test of all letters (`applies`).

use super::*;
use casework::{partners::watch_partners, post::LetterKind};
use sea_orm::QuerySelect;
use time::Duration;

/// Causes a letter of this kind: who gets it, of which case.
pub async fn cause(story: &Story, kind: LetterKind) -> (Caller, CaseNumber) {
    let cast = &story.cast;
    let case = story.case_in(AccessLevel::Full, StateKind::Approved).await;
    let app = AppId(story.row(case).await.app_id);
    let manager = story.person("mira", &[Role::PartnerManager]).await;
    let at = Place {
        story,
        app,
        manager: &manager,
    };
    at.publish(0).await;
    at.serve().await;
    at.apply().await;
    let days = async |days: i64| {
        story.clock.pass(Duration::days(days));
        watch_partners(&story.desk).await.unwrap();
    };
    match kind {
        LetterKind::PartnerApplied => return (manager, case),
        LetterKind::PartnerProposed => {
            at.propose().await;
            return (cast.approver.clone(), case);
        }
        LetterKind::PartnerDeclined => {
            at.propose().await;
            at.decide(false).await;
        }
        _ => {
            at.propose().await;
            at.decide(true).await;
        }
    }
    match kind {
        LetterKind::PartnerWarned => days(61).await,
        LetterKind::PartnerRests => {
            days(61).await;
            days(31).await;
        }
        LetterKind::PartnerEnded => {
            days(61).await;
            days(91).await;
        }
        LetterKind::PartnerRestored => {
            days(61).await;
            at.serve().await;
            days(0).await;
        }
        _ => {}
    }
    (cast.member.clone(), case)
}

/// Takes a step after which the letter no longer applies.
pub async fn overtake(story: &Story, kind: LetterKind, app: AppId) {
    let owner = &story.cast.owner;
    let at = Place {
        story,
        app,
        manager: owner,
    };
    match kind {
        LetterKind::PartnerApplied
        | LetterKind::PartnerProposed
        | LetterKind::PartnerApproved
        | LetterKind::PartnerRestored => {
            let version = at.version().await;
            leave_partners(&story.desk, owner, app, version, true)
                .await
                .unwrap();
        }
        LetterKind::PartnerWarned | LetterKind::PartnerRests => {
            at.serve().await;
            watch_partners(&story.desk).await.unwrap();
        }
        // A new application does not undo what was told: only its reader can be somebody else.
        _ => {
            casework::commands::leave_app(&story.desk, &story.cast.member, app)
                .await
                .unwrap();
        }
    }
}

struct Place<'a> {
    story: &'a Story,
    app: AppId,
    manager: &'a Caller,
}

impl Place<'_> {
    async fn publish(&self, version: i64) {
        let today = self.story.now().date().to_string();
        let input = publication(self.app, &today, STORE, version);
        publish_app(&self.story.desk, &self.story.cast.owner, &input)
            .await
            .unwrap();
    }

    async fn apply(&self) {
        apply_partner(
            &self.story.desk,
            &self.story.cast.owner,
            self.app,
            STATEMENT,
        )
        .await
        .unwrap();
    }

    async fn version(&self) -> i64 {
        let view = partner(&self.story.desk, &self.story.cast.owner, self.app).await;
        view.unwrap().application.unwrap().version
    }

    async fn propose(&self) {
        let input = ProposePartnerInput {
            app: self.app,
            version: self.version().await,
            approve: true,
            reasons: "The app is used and answered for.".to_owned(),
        };
        propose_partner(&self.story.desk, self.manager, &input)
            .await
            .unwrap();
    }

    async fn decide(&self, approve: bool) {
        let approver = &self.story.cast.approver;
        let found = to_decide(&self.story.desk, approver, self.app)
            .await
            .unwrap();
        let input = DecidePartnerInput {
            app: self.app,
            version: found.view.application.unwrap().version,
            seen: found.seen,
            approve,
            note: "As proposed, and rightly so.".to_owned(),
            password: PASSWORD.into(),
            code: "".into(),
        };
        decide_partner(&self.story.desk, approver, &input)
            .await
            .unwrap();
    }

    async fn serve(&self) {
        let client: String = apps::Entity::find_by_id(self.app.0)
            .select_only()
            .column(apps::Column::ClientId)
            .into_tuple()
            .one(self.story.desk.database.read())
            .await
            .unwrap()
            .unwrap();
        let scopes = BTreeSet::from([GatewayScope::Authorise, GatewayScope::Report]);
        let admin = &self.story.cast.admin;
        let made = make_gateway_token(&self.story.desk, admin, "Gateway", &scopes, "9")
            .await
            .unwrap();
        let gateway = gateway_of(&self.story.desk, made.token.reveal()).await;
        let (gateway, user) = (gateway.unwrap().unwrap(), Subject::parse("user-1").unwrap());
        authorise(&self.story.desk, &gateway, &client, &user)
            .await
            .unwrap();
        let served = Served {
            day: self.story.now().date(),
            subject: user,
        };
        report_served(&self.story.desk, &gateway, &client, &[served])
            .await
            .unwrap();
    }
}
