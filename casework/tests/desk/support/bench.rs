//! A developer at work on her application, with the form that the desk brings along.

use super::{
    AccessLevel, AppId, Caller, CaseNumber, Engine, Rig, Role,
    story::{self, envelope},
};
use bytes::Bytes;
use casework::{
    accounts,
    commands::{self, Attested, Done, Typing},
    entities::people,
    queries,
};
use futures_util::stream;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use workflow::form::Answers;

pub const PASSWORD: &str = "correct horse battery";

/// A desk as delivered, a developer with a password, and her app.
pub struct Bench {
    pub rig: Rig,
    pub owner: Caller,
    pub stranger: Caller,
    pub app: AppId,
}

impl Bench {
    pub async fn open(engine: Engine) -> Self {
        let rig = Rig::as_delivered(engine).await;
        let owner = story::person(&rig, "olga", &[Role::Developer]).await;
        let stranger = story::person(&rig, "stella", &[Role::Developer]).await;
        let app = story::app(&rig, "Glow", &owner, &[]).await;
        Self {
            rig,
            owner,
            stranger,
            app,
        }
    }

    pub async fn start(&self, level: AccessLevel) -> CaseNumber {
        commands::start(&self.rig, &self.owner, self.app, level)
            .await
            .unwrap()
    }

    /// Every text of the form, filled in so that nothing stands in the way.
    pub async fn fill(&self, case: CaseNumber) {
        let draft = queries::draft_view(&self.rig, &self.owner, case)
            .await
            .unwrap();
        for view in &draft.sections {
            let answers = view
                .section
                .fields
                .iter()
                .map(|field| (field.key.clone(), good(&field.key)))
                .collect();
            self.save(case, &view.section.key, answers, "tab", 9_999, None)
                .await
                .unwrap();
        }
    }

    pub async fn save(
        &self,
        case: CaseNumber,
        section: &str,
        answers: Answers,
        tab: &str,
        seen: i64,
        order: Option<u64>,
    ) -> casework::Result<Done> {
        let typing = Typing {
            section: section.to_owned(),
            answers,
            seen,
            tab: tab.to_owned(),
            order,
            ..Default::default()
        };
        commands::edit_draft(&self.rig, &self.owner, &envelope(case), &typing).await
    }

    pub async fn submit(&self, case: CaseNumber) -> casework::Result<Done> {
        let attested = Attested {
            contacts_confirmed: true,
            accuracy_attested: true,
        };
        let envelope = story::looked(&self.rig, case).await;
        commands::submit(&self.rig, &self.owner, &envelope, attested).await
    }

    pub async fn submitted(&self, level: AccessLevel) -> CaseNumber {
        let case = self.start(level).await;
        self.fill(case).await;
        self.submit(case).await.unwrap();
        case
    }

    pub async fn attach(
        &self,
        case: CaseNumber,
        field: &str,
        name: &str,
        bytes: &'static [u8],
    ) -> casework::Result<Done> {
        let parts = bytes
            .chunks(7)
            .map(|part| Ok::<_, std::io::Error>(Bytes::from_static(part)));
        let parts = stream::iter(parts.collect::<Vec<_>>());
        commands::add_attachment(&self.rig, &self.owner, &envelope(case), field, name, parts).await
    }

    pub async fn give_password(&self) {
        let hash = accounts::hash(PASSWORD.to_owned()).await.unwrap();
        let row = people::Entity::find_by_id(self.owner.person.0)
            .one(self.rig.database.read())
            .await
            .unwrap()
            .unwrap();
        let mut row = row.into_active_model();
        row.password_hash = Set(Some(hash));
        row.update(self.rig.database.write()).await.unwrap();
    }
}

/// A good answer to a question of the form.
pub fn good(key: &str) -> String {
    match key {
        "privacy_policy" => "https://glow.example.org/privacy".to_owned(),
        "terms_of_service" => String::new(),
        "contact_email" | "support_email" | "security_email" => "team@glow.example.org".to_owned(),
        "launch_date" => "2027-03-31".to_owned(),
        "expected_users" => "500".to_owned(),
        "use_kind" => "individual,research".to_owned(),
        "regions" => "us,eu".to_owned(),
        _ => "A diary that lays readings beside sleep, so that people see patterns.".to_owned(),
    }
}
