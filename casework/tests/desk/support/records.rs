//! People, apps and drafts as rows.

use super::story::{PASSWORD, new_id};
use casework::{
    Caller, Desk, accounts, audit, audit::Entry, audit::Subject, entities::app_members,
    entities::apps, entities::cases, entities::people, store, words_from_roles,
};
use sea_orm::{ActiveModelTrait, EntityTrait, QueryOrder, Set};
use serde_json::json;
use std::collections::BTreeSet;
use workflow::{
    Actor, AppId, Case, CaseId, CaseNumber, Event, PersonId, Recorded, Role, state::AccessLevel,
};

/// The hash of [`PASSWORD`], made once.
async fn password_hash() -> String {
    static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
    HASH.get_or_init(async || accounts::hash(PASSWORD.to_owned()).await.unwrap())
        .await
        .clone()
}

/// Someone with an account and [`PASSWORD`]; the email is `USERNAME@example.org`.
pub async fn person(desk: &Desk, username: &str, roles: &[Role]) -> Caller {
    let roles: BTreeSet<Role> = roles.iter().copied().collect();
    let id = new_id();
    let mut name = username.to_owned();
    name[..1].make_ascii_uppercase();
    let now = desk.now().micros();
    people::ActiveModel {
        id: Set(id),
        username: Set(username.to_owned()),
        username_key: Set(username.to_lowercase()),
        name: Set(name.clone()),
        name_key: Set(casework::text::fold(&name)),
        email: Set(format!("{username}@example.org")),
        email_key: Set(format!("{username}@example.org")),
        email_verified_at: Set(Some(now)),
        password_hash: Set(Some(password_hash().await)),
        organisation: Set("Glow Health".to_owned()),
        organisation_key: Set("glow health".to_owned()),
        roles: Set(words_from_roles(&roles)),
        agreement_version: Set(Some(1)),
        agreement_accepted_at: Set(Some(now)),
        disabled_at: Set(None),
        created_at: Set(now),
        version: Set(1),
        ..Default::default()
    }
    .insert(desk.database.write())
    .await
    .unwrap();
    Caller {
        person: PersonId(id),
        name,
        username: username.to_owned(),
        roles,
    }
}

/// An app with sandbox access.
pub async fn app(desk: &Desk, name: &str, owner: &Caller, members: &[&Caller]) -> AppId {
    let id = new_id();
    let now = desk.now().micros();
    apps::ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        name_key: Set(casework::text::fold(name)),
        organisation: Set("Glow Health".to_owned()),
        organisation_key: Set("glow health".to_owned()),
        description: Set("Shows glucose beside sleep.".to_owned()),
        website: Set("https://glow.example.org".to_owned()),
        client_id: Set(id.simple().to_string()),
        secret_hash: Set(String::new()),
        secret_hint: Set(String::new()),
        secret_made_at: Set(now),
        level: Set("sandbox".to_owned()),
        cap: Set(None),
        suspended: Set(false),
        version: Set(1),
        created_at: Set(now),
        redirects: Set(None),
        secrets: Set(None),
        archived_at: Set(None),
        logo: Set(None),
    }
    .insert(desk.database.write())
    .await
    .unwrap();
    for (index, member) in std::iter::once(&owner).chain(members).enumerate() {
        app_members::ActiveModel {
            app_id: Set(id),
            person_id: Set(member.person.0),
            owner: Set(index == 0),
            may_sign: Set(index == 0),
            added_at: Set(now),
            left_at: Set(None),
            version: Set(1),
        }
        .insert(desk.database.write())
        .await
        .unwrap();
    }
    AppId(id)
}

/// A draft, numbered after the last case.
pub async fn start(desk: &Desk, app: AppId, by: &Caller, level: AccessLevel) -> CaseNumber {
    let known = desk.reference.known();
    let transaction = desk.database.begin().await.unwrap();
    let last = cases::Entity::find()
        .order_by_desc(cases::Column::Number)
        .one(&transaction)
        .await
        .unwrap();
    let number = CaseNumber(last.map_or(1000, |row| u32::try_from(row.number).unwrap()) + 1);
    let recorded = Recorded {
        at: desk.now(),
        by: Actor::Person(by.person),
        event: Event::Started {
            case: CaseId(new_id()),
            number,
            app,
            level,
            versions: known.versions(),
        },
    };
    let case = Case::start(&recorded).unwrap();
    let row = store::project(&case, None, std::slice::from_ref(&recorded), &known).unwrap();
    cases::Entity::insert(cases::ActiveModel::from(row).reset_all())
        .exec_without_returning(&transaction)
        .await
        .unwrap();
    let entry = Entry {
        actor: Some(recorded.by),
        subject: Subject::Case {
            id: case.id.0,
            version: case.version,
        },
        name: recorded.event.name(),
        body: json!({ "event": recorded.event, "before": null, "after": case.state }),
        reason: String::new(),
    };
    let version = desk.policy.version();
    audit::append(&transaction, recorded.at, version, vec![entry])
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    number
}

/// What waits for somebody outside the queue of cases, as their pages say it.
pub async fn also_waiting(desk: &Desk, who: &Caller) -> Vec<String> {
    casework::queries::also_waiting::also_waiting(desk, who)
        .await
        .unwrap()
        .into_iter()
        .map(|(what, count)| what.text(count))
        .collect()
}
