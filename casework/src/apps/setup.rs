//! What an app has in each environment: where users are sent back to, and its secrets.

use crate::{Result, access::queries::DataEnvironment, entities::apps, rows};
use serde::{Deserialize, Serialize};
use workflow::Timestamp;

/// Where users are sent back to after they have authorised the app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirects {
    #[serde(default)]
    pub sandbox: Vec<String>,
    #[serde(default)]
    pub production: Vec<String>,
}

impl Redirects {
    /// Those of an app.
    ///
    /// # Errors
    /// [`crate::Error::Corrupt`].
    pub(crate) fn of(app: &apps::Model) -> Result<Self> {
        let stored = app.redirects.as_deref();
        stored.map_or_else(
            || Ok(Self::default()),
            |stored| rows::json(stored, "apps", app.id, "redirects"),
        )
    }

    /// Those of one environment.
    pub fn at(&self, environment: DataEnvironment) -> &[String] {
        match environment {
            DataEnvironment::Sandbox => &self.sandbox,
            DataEnvironment::Production => &self.production,
        }
    }

    pub(crate) fn set(&mut self, environment: DataEnvironment, uris: Vec<String>) {
        match environment {
            DataEnvironment::Sandbox => self.sandbox = uris,
            DataEnvironment::Production => self.production = uris,
        }
    }
}

/// A stored secret: its hash, and what its owner knows it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub hash: String,
    pub hint: String,
    /// When it was made; of one that was replaced, until when it works.
    pub at: i64,
}

/// The column `secrets` of an app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MoreSecrets {
    #[serde(default)]
    pub sandbox_before: Option<Stored>,
    #[serde(default)]
    pub production: Option<Stored>,
    #[serde(default)]
    pub production_before: Option<Stored>,
}

impl MoreSecrets {
    pub fn of(app: &apps::Model) -> Result<Self> {
        let stored = app.secrets.as_deref();
        stored.map_or_else(
            || Ok(Self::default()),
            |stored| rows::json(stored, "apps", app.id, "secrets"),
        )
    }
}

/// The secret of one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// None in production until the first is made.
    pub present: Option<Stored>,
    /// The one before it, where it was given time.
    pub before: Option<Stored>,
}

impl Pair {
    /// That of an app in an environment.
    ///
    /// # Errors
    /// [`crate::Error::Corrupt`].
    pub fn of(app: &apps::Model, environment: DataEnvironment) -> Result<Self> {
        let more = MoreSecrets::of(app)?;
        Ok(match environment {
            DataEnvironment::Sandbox => Self {
                present: Some(Stored {
                    hash: app.secret_hash.clone(),
                    hint: app.secret_hint.clone(),
                    at: app.secret_made_at,
                }),
                before: more.sandbox_before,
            },
            DataEnvironment::Production => Self {
                present: more.production,
                before: more.production_before,
            },
        })
    }

    /// The one before the present one, while it still works.
    pub fn still_works(&self, now: Timestamp) -> Option<&Stored> {
        self.before
            .as_ref()
            .filter(|before| before.at > now.micros())
    }
}

/// A secret as its owners see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretView {
    /// Its last characters.
    pub hint: String,
    /// When it was made; of the one before, until when it works.
    pub at: Timestamp,
}

impl From<&Stored> for SecretView {
    fn from(stored: &Stored) -> Self {
        Self {
            hint: stored.hint.clone(),
            at: Timestamp::from_micros(stored.at),
        }
    }
}

/// What an app has in one environment, for its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentView {
    pub environment: DataEnvironment,
    pub redirects: Vec<String>,
    pub secret: Option<SecretView>,
    pub secret_before: Option<SecretView>,
}

impl EnvironmentView {
    pub(crate) fn of(
        app: &apps::Model,
        environment: DataEnvironment,
        now: Timestamp,
    ) -> Result<Self> {
        let pair = Pair::of(app, environment)?;
        Ok(Self {
            environment,
            redirects: Redirects::of(app)?.at(environment).to_vec(),
            secret: pair.present.as_ref().map(SecretView::from),
            // Nothing of an archived app works.
            secret_before: pair
                .still_works(now)
                .filter(|_| app.archived_at.is_none())
                .map(SecretView::from),
        })
    }
}
