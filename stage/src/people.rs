//! The demo's people.

use super::PASSWORD;
use casework::{
    Desk, Result,
    accounts::{self, NewPerson},
    audit,
};
use serde_json::json;
use std::collections::BTreeSet;
use workflow::Role;

/// Username, name, organisation, roles.
type Sketch = (&'static str, &'static str, &'static str, &'static [Role]);

const PEOPLE: &[Sketch] = &[
    ("maya", "Maya Lindqvist", "Acme Health", &[Role::Developer]),
    ("tomas", "Tomáš Novák", "Acme Health", &[Role::Developer]),
    ("eleni", "Ελένη Παππά", "Kardia Labs", &[Role::Developer]),
    (
        "aisha",
        "عائشة المنصوري",
        "Nabd Digital",
        &[Role::Developer],
    ),
    ("sam", "Sam Okafor", "", &[Role::Developer]),
    ("yuki", "佐藤 由紀", "Sato Medical", &[Role::Developer]),
    (
        "frida",
        "Frida Solheim",
        "Halden Studio",
        &[Role::Developer],
    ),
    (
        "bruno",
        "Bruno Teixeira",
        "Parque Digital",
        &[Role::Developer],
    ),
    ("ines", "Inês Carvalho", "Vitalis", &[Role::Developer]),
    (
        "ito",
        "伊藤 明 (Akira Ito)",
        "",
        &[Role::Reviewer, Role::CommercialReviewer],
    ),
    (
        "rosa",
        "Rosa Méndez",
        "",
        &[Role::Reviewer, Role::CommercialReviewer],
    ),
    (
        "olena",
        "Олена Коваль",
        "",
        &[Role::Reviewer, Role::TechnicalReviewer],
    ),
    ("ben", "Ben Adeyemi", "", &[Role::TechnicalReviewer]),
    ("lena", "Lena Fischer", "", &[Role::Lead, Role::Reviewer]),
    ("anders", "Anders Holm", "", &[Role::Approver]),
    ("priya", "Priya Raman", "", &[Role::Approver]),
    ("chen", "Chen Wei", "", &[Role::Compliance]),
    ("noor", "Noor Haddad", "", &[Role::Support]),
    ("jonas", "Jonas Weber", "", &[Role::Support]),
    ("mira", "Mira Lindqvist", "", &[Role::PartnerManager]),
    ("dana", "Dana Whitfield", "", &[Role::Admin]),
];

/// What they sign in with.
pub(super) fn usernames() -> impl Iterator<Item = &'static str> {
    PEOPLE.iter().map(|(username, ..)| *username)
}

/// Adds every one of them, verified, with the demo's password.
pub(super) async fn add_all(desk: &Desk) -> Result<()> {
    let hash = accounts::hash(PASSWORD.to_owned()).await?;
    let agreement = desk.reference.known().agreements.get("developer").copied();
    let transaction = desk.database.begin().await?;
    let mut entries = Vec::new();
    for (username, name, organisation, roles) in PEOPLE {
        let is_developer = roles.contains(&Role::Developer);
        let person = accounts::add(
            &transaction,
            desk,
            NewPerson {
                name: (*name).to_owned(),
                username: (*username).to_owned(),
                email: format!("{username}@{}", host(organisation, roles)),
                organisation: (*organisation).to_owned(),
                roles: BTreeSet::from_iter(roles.iter().copied()),
                password_hash: Some(hash.clone()),
                verified: true,
                agreement_version: agreement
                    .filter(|_| is_developer)
                    .and_then(|version| i32::try_from(version).ok()),
            },
        )
        .await?;
        entries.push(accounts::entry(
            Some(workflow::PersonId(person.id)),
            person.id,
            "registered",
            json!({ "before": null, "after": { "username": username, "roles": roles } }),
        ));
    }
    audit::append(&transaction, desk.now(), desk.policy.version(), entries).await?;
    transaction.commit().await?;
    Ok(())
}

/// The mail domain of an organisation; staff have the desk's own.
fn host(organisation: &str, roles: &[Role]) -> &'static str {
    match organisation {
        "Acme Health" => "acme-health.example",
        "Kardia Labs" => "kardia.example",
        "Nabd Digital" => "nabd.example",
        "Sato Medical" => "sato-medical.example",
        "Halden Studio" => "halden.example",
        "Parque Digital" => "parque.example",
        "Vitalis" => "vitalis.example",
        // Sam works alone.
        "" if roles == [Role::Developer] => "okafor.example",
        _ => "upgrade-desk.example",
    }
}
