//! Create an app: it begins with sandbox access, its creator as owner, and credentials whose secret
//! is shown once.

use super::{
    Secret,
    secret::{self, client_secret_of},
};
use crate::{
    By, Caller, Desk, Error, Result, Step,
    access::queries::DataEnvironment,
    audit::Subject,
    entities::{app_members, apps},
    input::input,
    policy::{self, AppAct},
    text::{Limits, fold, line, lines},
};
use sea_orm::{ActiveModelTrait, EntityTrait, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{
    AppId,
    form::{Problem, web_address_fault},
    state::AccessLevel,
};

input! {
    /// A new app.
    pub struct CreateAppInput for "create_app" OnDesk {
        typed name: String = "Name" up to 80;
        typed organisation: String = "Organisation" up to 200;
        typed description: String = "Description" up to 2_000;
        typed website: String = "Website" up to 300;
    }
}

/// What is typed about an app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppText {
    pub name: String,
    /// Who offers it, where that is not the developer personally.
    pub organisation: String,
    pub description: String,
    pub website: String,
}

impl AppText {
    /// Trimmed and within its limits.
    ///
    /// # Errors
    /// [`Error::Input`] with everything wrong at once.
    pub(crate) fn checked(&self) -> Result<Self> {
        let mut problems = Vec::new();
        let limits = |field, label, min, max| Limits {
            field,
            label,
            min,
            max,
        };
        let checked = Self {
            name: line(limits("name", "Name", 2, 80), &self.name, &mut problems),
            organisation: line(
                limits("organisation", "Organisation", 0, 200),
                &self.organisation,
                &mut problems,
            ),
            description: lines(
                limits("description", "Description", 0, 2_000),
                &self.description,
                &mut problems,
            ),
            website: line(
                limits("website", "Website", 0, 300),
                &self.website,
                &mut problems,
            ),
        };
        if !checked.website.is_empty()
            && let Some(fault) = web_address_fault(&checked.website)
        {
            problems.push(Problem {
                field: "website".to_owned(),
                text: format!("Website: {fault}"),
            });
        }
        if problems.is_empty() {
            Ok(checked)
        } else {
            Err(Error::Input { problems })
        }
    }
}

/// Creates an app; answers it with its secret.
///
/// # Errors
/// [`Error::Forbidden`] to those who are no developers; [`Error::Input`].
pub async fn create_app(desk: &Desk, caller: &Caller, text: &AppText) -> Result<(AppId, Secret)> {
    let subject = policy::Subject::new(&caller.roles, &BTreeSet::new());
    desk.policy.snapshot().require(&subject, AppAct::Create)?;
    let text = text.checked()?;
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    step.policy.require(&subject, AppAct::Create)?;
    let now = step.now;
    let id = Uuid::now_v7();
    let secret = Secret::generate(desk, &client_secret_of(AppId(id), DataEnvironment::Sandbox));
    let app = apps::Model {
        id,
        name: text.name.clone(),
        name_key: fold(&text.name),
        organisation: text.organisation.clone(),
        organisation_key: fold(&text.organisation),
        description: text.description.clone(),
        website: text.website.clone(),
        client_id: secret::client_id(),
        secret_hash: secret.hash(),
        secret_hint: secret.hint(),
        secret_made_at: now.micros(),
        level: AccessLevel::Sandbox.word().to_owned(),
        cap: None,
        suspended: false,
        version: 1,
        created_at: now.micros(),
        redirects: None,
        secrets: None,
        archived_at: None,
        logo: None,
    };
    let body = json!({ "before": null, "after": { "text": text, "client_id": app.client_id } });
    step.append(Subject::App(id), "app_created", body, String::new());
    apps::Entity::insert(apps::ActiveModel::from(app).reset_all())
        .exec_without_returning(step.transaction())
        .await?;
    app_members::Entity::insert(app_members::ActiveModel {
        app_id: Set(id),
        person_id: Set(caller.person.0),
        owner: Set(true),
        may_sign: Set(true),
        added_at: Set(now.micros()),
        left_at: Set(None),
        version: Set(1),
    })
    .exec_without_returning(step.transaction())
    .await?;
    step.commit().await?;
    Ok((AppId(id), secret))
}
