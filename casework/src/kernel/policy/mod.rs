//! Who may. Casbin answers, from a versioned policy in the database; nothing else decides about
//! rights. An empty or unreadable policy denies everything.

mod act;
mod versions;

pub use act::{Act, AppAct, CaseAct, Class, DeskAct, SupportAct};
pub use versions::publish;

use crate::{Error, Result, database::Database};
use casbin::{
    CoreApi, DefaultModel, Enforcer, MgmtApi, StringAdapter, function_map::OperatorFunction,
    rhai::Dynamic,
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, PoisonError, RwLock},
};
use time::Duration;
use workflow::{Relation, Role, Timestamp};

const MODEL: &str = include_str!("../../../policy/model.conf");

/// The policy that a new desk begins with.
pub const BUILT_IN: &str = include_str!("../../../policy/policy.csv");

/// How long the version loaded last holds while the database does not say whether there is a newer
/// one. Afterwards everything is denied.
pub const HOLDS: Duration = Duration::minutes(15);

/// The rule of an answer where no rule allows.
pub const NO_RULE: &str = "no_rule";

/// Where a row of the policy says `allow` or `deny`; the name of the rule comes after it.
const EFFECT: usize = 4;

/// How many answers are remembered at most.
const MOST_ANSWERS: usize = 4_096;

/// All that a person is to an object: roles and relations, sorted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject(Vec<&'static str>);

impl Subject {
    /// Of roles anywhere and relations to the object in question.
    pub fn new(roles: &BTreeSet<Role>, relations: &BTreeSet<Relation>) -> Self {
        let roles = roles.iter().map(|role| role.word());
        let relations = relations.iter().map(|relation| relation.word());
        Self(roles.chain(relations).collect())
    }
}

/// Casbin's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Allowed,
    /// The name of the rule that denies; [`NO_RULE`] where none allows.
    Denied(String),
}

type Question = (Subject, Act);

/// One version of the policy at work. A step asks one snapshot and records its version, whatever
/// is published meanwhile.
#[derive(Clone)]
pub struct Snapshot(Arc<Loaded>);

struct Loaded {
    version: i32,
    /// None where the policy could not be read or is empty: then everything is denied.
    enforcer: Option<Enforcer>,
    /// Answers given before, by the whole question: the same for as long as this version holds.
    answers: RwLock<HashMap<Question, Verdict>>,
}

/// The policy in force.
pub struct Policy(RwLock<InForce>);

struct InForce {
    snapshot: Snapshot,
    /// When the database said last that this is the newest version.
    confirmed_at: Timestamp,
}

impl Policy {
    /// Loads the newest version; one that is empty or no policy at all denies everything.
    ///
    /// # Errors
    /// When the database does not answer: a desk that does not know which version it has must not
    /// begin, for its events would name none.
    pub async fn load(database: &Database, now: Timestamp) -> Result<Self> {
        let snapshot = newest(database, None).await.map_err(|error| match error {
            Error::Unavailable(cause) => {
                Error::unavailable(format!("the policy cannot be read: {cause}"))
            }
            other => other,
        })?;
        Ok(Self(RwLock::new(InForce {
            snapshot: snapshot.unwrap_or_else(|| Snapshot::denying(0)),
            confirmed_at: now,
        })))
    }

    /// Replaces the policy by the newest version, whole, if it is another one. While the database
    /// does not answer the version loaded last holds, for [`HOLDS`].
    pub async fn refresh(&self, database: &Database, now: Timestamp) {
        let present = self.snapshot();
        let answer = newest(database, Some(&present)).await;
        let mut in_force = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match answer {
            Ok(changed) => {
                if let Some(snapshot) = changed {
                    in_force.snapshot = snapshot;
                }
                in_force.confirmed_at = now;
            }
            Err(error) if now.since(in_force.confirmed_at) < HOLDS => {
                let version = present.version();
                tracing::warn!(%error, version, "the policy cannot be read: the last version holds");
            }
            Err(error) => {
                tracing::error!(%error, "the policy has not been read for too long: everything is denied");
                in_force.snapshot = Snapshot::denying(present.version());
            }
        }
    }

    /// The version in force, to ask and to record within one step.
    pub fn snapshot(&self) -> Snapshot {
        let in_force = self.0.read().unwrap_or_else(PoisonError::into_inner);
        in_force.snapshot.clone()
    }

    /// The number of the version in force; 0 where there is none.
    pub fn version(&self) -> i32 {
        self.snapshot().version()
    }

    /// As [`Snapshot::ask`], of the version in force.
    pub fn ask(&self, subject: &Subject, act: impl Into<Act>) -> Verdict {
        self.snapshot().ask(subject, act)
    }

    /// As [`Snapshot::require`], of the version in force.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with the rule.
    pub fn require(&self, subject: &Subject, act: impl Into<Act>) -> Result<()> {
        self.snapshot().require(subject, act)
    }
}

impl Snapshot {
    fn denying(version: i32) -> Self {
        Self::of(version, None)
    }

    fn of(version: i32, enforcer: Option<Enforcer>) -> Self {
        Self(Arc::new(Loaded {
            version,
            enforcer,
            answers: RwLock::default(),
        }))
    }

    /// Its number; 0 where no policy was ever read.
    pub fn version(&self) -> i32 {
        self.0.version
    }

    /// Whether it denies everything, because no policy could be read, or not for too long.
    pub fn denies_everything(&self) -> bool {
        self.0.enforcer.is_none()
    }

    /// May this subject do that?
    pub fn ask(&self, subject: &Subject, act: impl Into<Act>) -> Verdict {
        let question = (subject.clone(), act.into());
        let known = {
            let answers = self.0.answers.read();
            let answers = answers.unwrap_or_else(PoisonError::into_inner);
            answers.get(&question).cloned()
        };
        known.unwrap_or_else(|| {
            let verdict = self.0.enforce(&question);
            let answers = self.0.answers.write();
            let mut answers = answers.unwrap_or_else(PoisonError::into_inner);
            if answers.len() >= MOST_ANSWERS {
                answers.clear();
            }
            answers.insert(question, verdict.clone());
            verdict
        })
    }

    /// Whether this subject may do that.
    pub fn allows(&self, subject: &Subject, act: impl Into<Act>) -> bool {
        self.ask(subject, act) == Verdict::Allowed
    }

    /// As [`Snapshot::ask`], refusing with the rule.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with the rule.
    pub fn require(&self, subject: &Subject, act: impl Into<Act>) -> Result<()> {
        match self.ask(subject, act) {
            Verdict::Allowed => Ok(()),
            Verdict::Denied(rule) => Err(Error::forbidden(rule)),
        }
    }

    /// Who may: for each rule that allows it, the roles and relations that it asks for together.
    pub fn allowed_to(&self, act: impl Into<Act>) -> Vec<Vec<String>> {
        let Some(enforcer) = &self.0.enforcer else {
            return Vec::new();
        };
        let act = act.into();
        enforcer
            .get_filtered_policy(1, vec![act.object().to_owned(), act.word().to_owned()])
            .into_iter()
            .filter(|rule| rule.get(EFFECT).is_some_and(|effect| effect == "allow"))
            .filter_map(|rule| rule.into_iter().next())
            .map(|who| who.split('+').map(str::to_owned).collect())
            .collect()
    }
}

impl Loaded {
    fn enforce(&self, (subject, act): &Question) -> Verdict {
        let nobody = || Verdict::Denied(NO_RULE.to_owned());
        let Some(enforcer) = &self.enforcer else {
            return nobody();
        };
        let subject = subject.0.join("|");
        let class = act.class().words();
        match enforcer.enforce_ex((subject, act.object(), act.word(), class)) {
            Ok((true, _)) => Verdict::Allowed,
            Ok((false, rules)) => rules
                .into_iter()
                .find(|rule| rule.get(EFFECT).is_some_and(|effect| effect == "deny"))
                .and_then(|rule| rule.into_iter().nth(EFFECT + 1))
                .map_or_else(nobody, Verdict::Denied),
            Err(error) => {
                tracing::error!(%error, "policy");
                nobody()
            }
        }
    }
}

/// The newest version, unless it is the one that is known. One that is empty or no policy at all
/// denies everything; that is no passing fault and is not waited out.
///
/// # Errors
/// When the database does not answer.
async fn newest(database: &Database, known: Option<&Snapshot>) -> Result<Option<Snapshot>> {
    let version = versions::newest(database.read()).await?;
    // One that was denied because it could not be read is read again.
    if known.is_some_and(|known| known.version() == version && known.0.enforcer.is_some()) {
        return Ok(None);
    }
    let text = versions::text(database.read(), version).await?;
    let enforcer = match versions::rules(&text) {
        Ok(rules) if rules.is_empty() => Err("it is empty".to_owned()),
        Ok(_) => enforcer(text).await.map_err(|error| error.to_string()),
        Err(line) => Err(line),
    };
    if let Err(error) = &enforcer {
        tracing::error!(%error, version, "no policy: everything is denied");
    }
    Ok(Some(Snapshot::of(version, enforcer.ok())))
}

async fn enforcer(text: String) -> casbin::Result<Enforcer> {
    let model = DefaultModel::from_str(MODEL).await?;
    let mut enforcer = Enforcer::new(model, StringAdapter::new(text)).await?;
    enforcer.add_function("has", OperatorFunction::Arg2(has));
    // Casbin's own log would repeat every question; ours has the refusals.
    enforcer.enable_log(false);
    Ok(enforcer)
}

/// `has("lead|assignee", "assignee+lead")`: whether the subject is all that the rule names.
fn has(subject: Dynamic, who: Dynamic) -> Dynamic {
    let subject = subject.to_string();
    let who = who.to_string();
    let all = !who.is_empty()
        && who
            .split('+')
            .all(|word| subject.split('|').any(|part| part == word));
    all.into()
}

#[cfg(test)]
mod tests;
