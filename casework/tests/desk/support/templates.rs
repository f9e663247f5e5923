//! Short templates, so that a story gets on.

use casework::{
    audit, audit::Entry, audit::Subject, database::Database, entities::templates,
    reference::REQUEST_FORM,
};
use sea_orm::{ActiveModelTrait, Set};
use serde_json::json;
use workflow::{
    Timestamp, checklist::Checklist, checklist::Item, checklist::ListKind, checklist::Severity,
    form::Field, form::FieldKind, form::Form, form::Section,
};

/// Short templates of every kind, version 1.
pub async fn publish_templates(database: &Database, now: Timestamp) {
    let list = |kind: ListKind, keys: &[(&str, Severity)]| Checklist {
        kind,
        version: 1,
        items: keys
            .iter()
            .map(|(key, severity)| Item {
                key: (*key).to_owned(),
                concerns: None,
                label: format!("The {} is as it should be.", key.replace('_', " ")),
                verify: String::new(),
                severity: *severity,
                source: String::new(),
                guide: String::new(),
            })
            .collect(),
    };
    let lists = [
        list(
            ListKind::Completeness,
            &[("fields", Severity::Major), ("files", Severity::Major)],
        ),
        list(
            ListKind::Commercial,
            &[("use_case", Severity::Major), ("markets", Severity::Minor)],
        ),
        list(
            ListKind::Technical,
            &[("tls", Severity::Blocker), ("backoff", Severity::Major)],
        ),
    ];
    let form = Form {
        version: 1,
        sections: vec![Section {
            key: "product".to_owned(),
            title: "Product".to_owned(),
            guidance: String::new(),
            fields: vec![Field {
                key: "description".to_owned(),
                label: "Description".to_owned(),
                hint: String::new(),
                kind: FieldKind::LongText { min: 10, max: 4000 },
                optional: false,
                full_only: false,
                or_attachment: None,
                guide: String::new(),
            }],
        }],
    };
    let mut rows = vec![(REQUEST_FORM, serde_json::to_string(&form).unwrap())];
    for list in &lists {
        rows.push((list.kind.word(), serde_json::to_string(list).unwrap()));
    }
    let transaction = database.begin().await.unwrap();
    let mut entries = Vec::new();
    for (kind, body) in rows {
        let sha256 = trail::sha256(&body);
        entries.push(Entry {
            actor: None,
            subject: Subject::Desk,
            name: "template_published",
            body: json!({ "kind": kind, "after": { "version": 1, "sha256": sha256 } }),
            reason: String::new(),
        });
        templates::ActiveModel {
            kind: Set(kind.to_owned()),
            version: Set(1),
            body: Set(body),
            sha256: Set(sha256),
            published_at: Set(now.micros()),
            published_by: Set(None),
        }
        .insert(&transaction)
        .await
        .unwrap();
    }
    audit::append(&transaction, now, 1, entries).await.unwrap();
    transaction.commit().await.unwrap();
}
