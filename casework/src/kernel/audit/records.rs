//! The rows that the trail binds by hash, and which event binds which.

use super::{pages, partners};
use crate::{
    Result,
    entities::{
        agreements, attachments, audit_events, canned_texts, gallery_entries, gallery_versions,
        grants, guides, holidays, partner_lapses, partner_publications, partner_signatures,
        partnerships, policy_rules, policy_versions, reacceptances, settings, signatures,
        submissions, templates,
    },
};
use sea_orm::{EntityTrait, IdenStatic, Iterable, ModelTrait, sea_query::sea_value_to_json_value};
use serde_json::{Map, Value};
use std::{collections::BTreeSet, fmt};
use trail::{Event, record::row_sha256};
use uuid::Uuid;

/// A row that an event makes or changes, by its primary key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Record {
    Submission {
        case: Uuid,
        revision: i32,
    },
    Attachment(Uuid),
    Signature(Uuid),
    Grant(Uuid),
    Agreement {
        kind: String,
        version: i32,
    },
    Template {
        kind: String,
        version: i32,
    },
    /// A version of an open page.
    Guide {
        guide: String,
        version: i32,
    },
    /// A version of what support answers again and again.
    CannedText {
        text: Uuid,
        version: i32,
    },
    /// A version of the policy with all its rules.
    Policy(i32),
    Setting {
        key: String,
        from_at: i64,
    },
    /// A version of an entry in the gallery.
    GalleryVersion {
        entry: Uuid,
        version: i32,
    },
    /// All holidays together.
    Holidays,
    /// An application to be a partner and what became of it, with every lapse of a criterion.
    Partnership(Uuid),
    /// What the owners of this app say of it.
    PartnerPublication(Uuid),
    /// A newer version of the agreement, accepted for an app.
    Reacceptance(Uuid),
    /// What was signed about a partnership.
    PartnerSignature(Uuid),
    /// An entry of the gallery: how it stands, and which version everybody may see.
    GalleryEntry(Uuid),
    /// A page that an approval stands by: where it is, and against which text it is held.
    WatchedPage(Uuid),
    /// What a page said.
    PageText(Uuid),
    /// A change of a page, and what came of it.
    PageChange(Uuid),
}

impl fmt::Display for Record {
    /// As it stands in an event: the table and the primary key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Submission { case, revision } => write!(f, "submissions/{case}/{revision}"),
            Self::Attachment(id) => write!(f, "attachments/{id}"),
            Self::Signature(id) => write!(f, "signatures/{id}"),
            Self::Grant(id) => write!(f, "grants/{id}"),
            Self::Agreement { kind, version } => write!(f, "agreements/{kind}/{version}"),
            Self::Template { kind, version } => write!(f, "templates/{kind}/{version}"),
            Self::Guide { guide, version } => write!(f, "guides/{guide}/{version}"),
            Self::CannedText { text, version } => write!(f, "canned_texts/{text}/{version}"),
            Self::Policy(version) => write!(f, "policy_versions/{version}"),
            Self::Setting { key, from_at } => write!(f, "settings/{key}/{from_at}"),
            Self::GalleryVersion { entry, version } => {
                write!(f, "gallery_versions/{entry}/{version}")
            }
            Self::Holidays => write!(f, "holidays"),
            Self::Partnership(id) => write!(f, "partnerships/{id}"),
            Self::PartnerPublication(app) => write!(f, "partner_publications/{app}"),
            Self::Reacceptance(id) => write!(f, "reacceptances/{id}"),
            Self::PartnerSignature(id) => write!(f, "partner_signatures/{id}"),
            Self::GalleryEntry(id) => write!(f, "gallery_entries/{id}"),
            Self::WatchedPage(id) => write!(f, "watched_pages/{id}"),
            Self::PageText(id) => write!(f, "page_texts/{id}"),
            Self::PageChange(id) => write!(f, "page_changes/{id}"),
        }
    }
}

impl Record {
    /// As people read it.
    pub fn label(&self) -> String {
        match self {
            Self::Submission { revision, .. } => format!("submission revision {revision}"),
            Self::Attachment(id) => format!("attachment {id}"),
            Self::Signature(id) => format!("signature {id}"),
            Self::Grant(id) => format!("grant {id}"),
            Self::Agreement { kind, version } => format!("agreement {kind} version {version}"),
            Self::Template { kind, version } => format!("template {kind} version {version}"),
            Self::Guide { guide, version } => format!("open page {guide} version {version}"),
            Self::CannedText { text, version } => format!("canned text {text} version {version}"),
            Self::Policy(version) => format!("policy version {version}"),
            Self::Setting { key, .. } => format!("setting {key}"),
            Self::GalleryVersion { entry, version } => {
                format!("version {version} of gallery entry {entry}")
            }
            Self::Holidays => "list of holidays".to_owned(),
            Self::Partnership(id) => format!("partnership {id}"),
            Self::PartnerPublication(app) => format!("what was said of the partner's app {app}"),
            Self::Reacceptance(id) => format!("acceptance {id} of a newer agreement"),
            Self::PartnerSignature(id) => format!("signature {id} of a partnership"),
            Self::GalleryEntry(id) => format!("gallery entry {id}"),
            Self::WatchedPage(id) => format!("page {id} of an approval"),
            Self::PageText(id) => format!("text {id} of a page"),
            Self::PageChange(id) => format!("change {id} of a page"),
        }
    }
}

/// What an event makes or changes beside the case itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    pub records: Vec<Record>,
    /// Every grant of this case.
    pub grants_of: Option<Uuid>,
}

/// The rows that an event touches, by its name and body. An event that touches a row of a kind
/// not known here binds nothing, and the verification finds a row that no event made.
pub(crate) fn touched(case: Option<Uuid>, name: &str, body: &Value) -> Touched {
    let Some(case) = case else {
        return Touched {
            records: pages::touched(name, body)
                .or_else(|| partners::touched(name, body))
                .unwrap_or_else(|| of_desk(name, body)),
            grants_of: None,
        };
    };
    let mut records = Vec::new();
    if let Some(event) = body.get("event") {
        of_case(case, event, &mut records);
    }
    records.sort();
    records.dedup();
    let changes_grants = name == "approved" || name.starts_with("grant_");
    Touched {
        records,
        grants_of: changes_grants.then_some(case),
    }
}

/// The signature that an event names, of a case or of a partnership, if it does.
pub(crate) fn signature_of(event: &Event, body: &Value) -> Option<Uuid> {
    let touched = touched(event.case_id, &event.name, body);
    touched.records.into_iter().find_map(|record| match record {
        Record::Signature(id) | Record::PartnerSignature(id) => Some(id),
        _ => None,
    })
}

/// The signatures that events name; what cannot be read names none.
pub(crate) fn signatures_in(events: &[audit_events::Model]) -> BTreeSet<Uuid> {
    let signed = events
        .iter()
        .filter(|row| row.body.contains("\"signature\""));
    signed
        .filter_map(|row| {
            let body = serde_json::from_str(&row.body).ok()?;
            signature_of(&row.clone().into(), &body)
        })
        .collect()
}

/// Looks for what names a row, however deep: steps that come later need no line here.
fn of_case(case: Uuid, value: &Value, records: &mut Vec<Record>) {
    let Value::Object(map) = value else { return };
    for (key, value) in map {
        let id = || value.as_str().and_then(|text| text.parse().ok());
        match key.as_str() {
            "signature" => records.extend(id().map(Record::Signature)),
            "attachment" => records.extend(id().map(Record::Attachment)),
            "submission" => {
                let revision = value.get("revision").and_then(Value::as_i64);
                if let Some(revision) = revision.and_then(|number| i32::try_from(number).ok()) {
                    records.push(Record::Submission { case, revision });
                }
            }
            _ => {}
        }
        of_case(case, value, records);
    }
}

fn of_desk(name: &str, body: &Value) -> Vec<Record> {
    published(name, body)
        .into_iter()
        .chain(of_entry(name, body))
        .collect()
}

/// How an entry of the gallery stands is changed by each of its events.
fn of_entry(name: &str, body: &Value) -> Option<Record> {
    let id = name.starts_with("entry_").then(|| body.get("entry"))??;
    Some(Record::GalleryEntry(id.as_str()?.parse().ok()?))
}

fn published(name: &str, body: &Value) -> Option<Record> {
    let text = |key: &str| Some(body.get(key)?.as_str()?.to_owned());
    let version = || {
        let version = body.pointer("/after/version")?.as_i64()?;
        i32::try_from(version).ok()
    };
    match name {
        "agreement_published" => Some(Record::Agreement {
            kind: text("kind")?,
            version: version()?,
        }),
        "template_published" => Some(Record::Template {
            kind: text("kind")?,
            version: version()?,
        }),
        "guide_published" => Some(Record::Guide {
            guide: text("kind")?,
            version: version()?,
        }),
        "canned_text_published" | "canned_text_retired" => Some(Record::CannedText {
            text: text("text")?.parse().ok()?,
            version: version()?,
        }),
        "policy_published" => Some(Record::Policy(version()?)),
        "setting_set" => {
            let from: workflow::Timestamp =
                serde_json::from_value(body.get("from_at")?.clone()).ok()?;
            Some(Record::Setting {
                key: text("key")?,
                from_at: from.micros(),
            })
        }
        "entry_sent_in" => Some(Record::GalleryVersion {
            entry: text("entry")?.parse().ok()?,
            version: version()?,
        }),
        "holidays_set" => Some(Record::Holidays),
        _ => None,
    }
}

/// Every column of a row, by its name.
pub(crate) fn columns<M: ModelTrait>(row: &M) -> Map<String, Value> {
    <M::Entity as EntityTrait>::Column::iter()
        .map(|column| {
            let value = sea_value_to_json_value(&row.get(column));
            (column.as_str().to_owned(), value)
        })
        .collect()
}

/// A row that can stand in the trail by its hash.
pub(crate) trait Hashed: ModelTrait {
    const TABLE: &'static str;

    fn record(&self) -> Record;

    /// The text that is published, and its own hash as it stands beside it.
    fn text(&self) -> Option<(&str, &str)> {
        None
    }

    fn sha256(&self) -> Result<String> {
        Ok(row_sha256(Self::TABLE, &columns(self))?)
    }
}

/// A row as receipts and bundles hold it.
pub(crate) fn row_of<M: Hashed>(row: &M) -> trail::receipt::Row {
    trail::receipt::Row {
        record: row.record().to_string(),
        row: columns(row),
    }
}

impl Hashed for submissions::Model {
    const TABLE: &'static str = "submissions";
    fn record(&self) -> Record {
        Record::Submission {
            case: self.case_id,
            revision: self.revision,
        }
    }
}

impl Hashed for attachments::Model {
    const TABLE: &'static str = "attachments";
    fn record(&self) -> Record {
        Record::Attachment(self.id)
    }
}

impl Hashed for signatures::Model {
    const TABLE: &'static str = "signatures";
    fn record(&self) -> Record {
        Record::Signature(self.id)
    }
}

impl Hashed for partner_publications::Model {
    const TABLE: &'static str = "partner_publications";
    fn record(&self) -> Record {
        Record::PartnerPublication(self.app_id)
    }
}

impl Hashed for reacceptances::Model {
    const TABLE: &'static str = "reacceptances";
    fn record(&self) -> Record {
        Record::Reacceptance(self.id)
    }
}

impl Hashed for gallery_entries::Model {
    const TABLE: &'static str = "gallery_entries";
    fn record(&self) -> Record {
        Record::GalleryEntry(self.id)
    }
}

impl Hashed for partner_signatures::Model {
    const TABLE: &'static str = "partner_signatures";
    fn record(&self) -> Record {
        Record::PartnerSignature(self.id)
    }
}

impl Hashed for grants::Model {
    const TABLE: &'static str = "grants";
    fn record(&self) -> Record {
        Record::Grant(self.id)
    }
}

impl Hashed for agreements::Model {
    const TABLE: &'static str = "agreements";
    fn record(&self) -> Record {
        Record::Agreement {
            kind: self.kind.clone(),
            version: self.version,
        }
    }

    fn text(&self) -> Option<(&str, &str)> {
        Some((&self.body, &self.sha256))
    }
}

impl Hashed for templates::Model {
    const TABLE: &'static str = "templates";
    fn record(&self) -> Record {
        Record::Template {
            kind: self.kind.clone(),
            version: self.version,
        }
    }

    fn text(&self) -> Option<(&str, &str)> {
        Some((&self.body, &self.sha256))
    }
}

impl Hashed for guides::Model {
    const TABLE: &'static str = "guides";
    fn record(&self) -> Record {
        Record::Guide {
            guide: self.guide.clone(),
            version: self.version,
        }
    }

    fn text(&self) -> Option<(&str, &str)> {
        Some((&self.body, &self.sha256))
    }
}

impl Hashed for canned_texts::Model {
    const TABLE: &'static str = "canned_texts";
    fn record(&self) -> Record {
        Record::CannedText {
            text: self.id,
            version: self.version,
        }
    }

    fn text(&self) -> Option<(&str, &str)> {
        Some((&self.body, &self.sha256))
    }
}

impl Hashed for settings::Model {
    const TABLE: &'static str = "settings";
    fn record(&self) -> Record {
        Record::Setting {
            key: self.key.clone(),
            from_at: self.from_at,
        }
    }
}

impl Hashed for gallery_versions::Model {
    const TABLE: &'static str = "gallery_versions";
    fn record(&self) -> Record {
        Record::GalleryVersion {
            entry: self.entry_id,
            version: self.version,
        }
    }

    fn text(&self) -> Option<(&str, &str)> {
        Some((&self.body, &self.sha256))
    }
}

/// The hash of a version of the policy with its rules in their order.
pub(crate) fn policy_sha256(
    version: &policy_versions::Model,
    rules: &[policy_rules::Model],
) -> Result<String> {
    let mut row = columns(version);
    let rules = rules.iter().map(|rule| Value::Object(columns(rule)));
    row.insert("rules".to_owned(), rules.collect());
    Ok(row_sha256("policy_versions", &row)?)
}

/// The hash of a partnership with its lapses in their order.
pub(crate) fn partnership_sha256(
    row: &partnerships::Model,
    lapses: &[partner_lapses::Model],
) -> Result<String> {
    let mut row = columns(row);
    let lapses = lapses.iter().map(|lapse| Value::Object(columns(lapse)));
    row.insert("lapses".to_owned(), lapses.collect());
    Ok(row_sha256("partnerships", &row)?)
}

/// The hash of all holidays in the order of their days.
pub(crate) fn holidays_sha256(days: &[holidays::Model]) -> Result<String> {
    let days = days.iter().map(|day| Value::Object(columns(day)));
    let row = Map::from_iter([("days".to_owned(), days.collect())]);
    Ok(row_sha256("holidays", &row)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use workflow::{GrantId, SignatureId, event::Acceptance, event::Granted};

    const CASE: Uuid = Uuid::from_u128(5);

    fn of(event: &workflow::Event) -> Touched {
        touched(Some(CASE), event.name(), &json!({ "event": event }))
    }

    #[test]
    fn a_signature_is_found_wherever_its_event_names_it() {
        let signature = SignatureId(Uuid::from_u128(1));
        let accepted = of(&workflow::Event::DlaAccepted {
            acceptance: Acceptance {
                version: 1,
                document_sha256: String::new(),
                signature,
                capacity: String::new(),
            },
        });
        assert_eq!(accepted.records, [Record::Signature(signature.0)]);
        assert_eq!(accepted.grants_of, None);
        let approved = of(&workflow::Event::Approved {
            granted: Granted {
                grant: GrantId(Uuid::from_u128(2)),
                cap: None,
                signature,
                note: workflow::Internal::default(),
            },
        });
        assert_eq!(approved.records, [Record::Signature(signature.0)]);
        assert_eq!(approved.grants_of, Some(CASE));
    }

    #[test]
    fn what_the_desk_publishes_is_bound_by_kind_and_version() {
        let body = json!({ "kind": "dla", "before": null, "after": { "version": 2 } });
        let touched = |name| touched(None, name, &body).records;
        let (kind, version) = ("dla".to_owned(), 2);
        assert_eq!(
            touched("agreement_published"),
            [Record::Agreement {
                kind: kind.clone(),
                version
            }]
        );
        assert_eq!(
            touched("template_published"),
            [Record::Template { kind, version }]
        );
        assert_eq!(touched("policy_published"), [Record::Policy(2)]);
        assert_eq!(touched("signed_in"), []);
    }
}
