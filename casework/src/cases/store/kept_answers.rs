//! Answers and corrections that are written and not sent yet. They are no part of the record: nobody
//! but the app's members sees them, no event tells of them, and they go when what they answer is over.

use crate::{Error, Result, entities::kept_answers, rows};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow::{State, Timestamp, form::Answers};

/// From which page a field was saved last, and as which of its savings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptBy {
    pub tab: String,
    pub order: u64,
}

/// What is kept of a case, by the names of its form's fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptAnswers {
    pub answers: Answers,
    /// Of what is kept, and of what was put back as it was handed in.
    pub marks: BTreeMap<String, KeptBy>,
    /// When it was saved last; none where nothing is kept.
    pub at: Option<Timestamp>,
}

impl KeptAnswers {
    /// What is kept under a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.answers.get(name).map(String::as_str)
    }
}

/// Whether a case in this state waits for answers that can be kept.
pub(crate) const fn waits(state: &State) -> bool {
    matches!(
        state,
        State::Clarification { .. } | State::Corrections { .. }
    )
}

/// What is kept of a case.
pub(crate) async fn kept_answers(
    connection: &impl ConnectionTrait,
    case: Uuid,
) -> Result<KeptAnswers> {
    let row = kept_answers::Entity::find_by_id(case)
        .one(connection)
        .await?;
    let Some(row) = row else {
        return Ok(KeptAnswers::default());
    };
    Ok(KeptAnswers {
        answers: rows::json(&row.answers, "kept_answers", case, "answers")?,
        marks: rows::json(&row.marks, "kept_answers", case, "marks")?,
        at: Some(Timestamp::from_micros(row.saved_at)),
    })
}

/// Keeps these in place of what was kept before.
pub(crate) async fn keep(
    connection: &impl ConnectionTrait,
    case: Uuid,
    kept: &KeptAnswers,
    at: Timestamp,
    by: Uuid,
) -> Result<()> {
    forget(connection, case).await?;
    if kept.answers.is_empty() && kept.marks.is_empty() {
        return Ok(());
    }
    let row = kept_answers::Model {
        case_id: case,
        answers: serde_json::to_string(&kept.answers).map_err(Error::unavailable)?,
        marks: serde_json::to_string(&kept.marks).map_err(Error::unavailable)?,
        saved_at: at.micros(),
        saved_by: by,
    };
    kept_answers::Entity::insert(kept_answers::ActiveModel::from(row).reset_all())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Throws away what is kept of a case.
pub(crate) async fn forget(connection: &impl ConnectionTrait, case: Uuid) -> Result<()> {
    kept_answers::Entity::delete_by_id(case)
        .exec(connection)
        .await?;
    Ok(())
}
