//! How many have authorised an app: kept beside it, so that nobody has to count.

use crate::{
    Error, Result,
    access::{day_of, whole},
    entities::{user_counts, user_days},
};
use sea_orm::{ConnectionTrait, EntityTrait, Set, sea_query::OnConflict};
use uuid::Uuid;
use workflow::{Timestamp, users::Taken};

/// The counts of an app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub authorised: u32,
    pub told: Taken,
}

impl Counts {
    /// Reads them; of an app that nobody has authorised there are none yet.
    pub async fn of(connection: &impl ConnectionTrait, app: Uuid) -> Result<Self> {
        let Some(row) = user_counts::Entity::find_by_id(app).one(connection).await? else {
            return Ok(Self::default());
        };
        Ok(Self {
            authorised: whole(row.authorised),
            told: Taken::from_word(&row.told)
                .ok_or_else(|| Error::corrupt("user_counts", app, "told"))?,
        })
    }

    /// Writes them down, and what they are at this day's end so far.
    pub async fn keep(
        self,
        connection: &impl ConnectionTrait,
        app: Uuid,
        now: Timestamp,
    ) -> Result<()> {
        let authorised = i32::try_from(self.authorised).unwrap_or(i32::MAX);
        user_counts::Entity::insert(user_counts::ActiveModel {
            app_id: Set(app),
            authorised: Set(authorised),
            told: Set(self.told.word().to_owned()),
        })
        .on_conflict(
            OnConflict::column(user_counts::Column::AppId)
                .update_columns([user_counts::Column::Authorised, user_counts::Column::Told])
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
        user_days::Entity::insert(user_days::ActiveModel {
            app_id: Set(app),
            day: Set(day_of(now)),
            authorised: Set(authorised),
            served: Set(0),
        })
        .on_conflict(
            OnConflict::columns([user_days::Column::AppId, user_days::Column::Day])
                .update_column(user_days::Column::Authorised)
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
        Ok(())
    }
}
