//! Who may. Casbin answers, from a versioned policy in the database; nothing else decides about
//! rights. An empty or unreadable policy denies everything.

mod adapter;

pub use adapter::{PolicyAdapter, publish};

use crate::{Error, Result, database::Database};
use casbin::{
    CoreApi, DefaultModel, Enforcer, MgmtApi, function_map::OperatorFunction, rhai::Dynamic,
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, PoisonError, RwLock},
};
use workflow::{Relation, Role};

const MODEL: &str = include_str!("../../../policy/model.conf");

/// The policy that a new desk begins with.
pub const BUILT_IN: &str = include_str!("../../../policy/policy.csv");

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
    /// The name of the rule that denies; `no_rule` where none allows.
    Denied(String),
}

/// The rule of a denial where no rule allows it.
pub const NO_RULE: &str = "no_rule";

type Question = (Subject, &'static str, &'static str);

/// One version of the policy at work.
struct Loaded {
    version: i32,
    /// None where the policy could not be read or is empty: then everything is denied.
    enforcer: Option<Enforcer>,
    /// Answers given before, by the whole question: the same for as long as this version holds.
    answers: RwLock<HashMap<Question, Verdict>>,
}

/// The policy in force.
pub struct Policy(RwLock<Arc<Loaded>>);

impl Policy {
    /// Loads the newest version.
    pub async fn load(database: &Database) -> Self {
        Self(RwLock::new(Arc::new(load(database).await)))
    }

    /// Replaces the policy by the newest version, whole, if it is another one.
    pub async fn refresh(&self, database: &Database) {
        let stale = match adapter::newest(database.read()).await {
            Ok(version) => version != self.version(),
            Err(_) => true,
        };
        if stale {
            let loaded = Arc::new(load(database).await);
            *self.0.write().unwrap_or_else(PoisonError::into_inner) = loaded;
        }
    }

    /// The version in force, noted in every audit event; 0 where there is none.
    pub fn version(&self) -> i32 {
        self.current().version
    }

    /// May this subject do `action` with an object of this kind?
    pub fn ask(&self, subject: &Subject, object: &'static str, action: &'static str) -> Verdict {
        let loaded = self.current();
        let question = (subject.clone(), object, action);
        let known = {
            let answers = loaded.answers.read();
            let answers = answers.unwrap_or_else(PoisonError::into_inner);
            answers.get(&question).cloned()
        };
        known.unwrap_or_else(|| {
            let verdict = loaded.enforce(&question);
            let answers = loaded.answers.write();
            let mut answers = answers.unwrap_or_else(PoisonError::into_inner);
            answers.insert(question, verdict.clone());
            verdict
        })
    }

    /// As [`Policy::ask`], refusing with the rule.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with the rule.
    pub fn require(
        &self,
        subject: &Subject,
        object: &'static str,
        action: &'static str,
    ) -> Result<()> {
        match self.ask(subject, object, action) {
            Verdict::Allowed => Ok(()),
            Verdict::Denied(rule) => Err(Error::forbidden(rule)),
        }
    }

    /// Who may: for each rule that allows it, the roles and relations that it asks for together.
    pub fn allowed_to(&self, object: &str, action: &str) -> Vec<Vec<String>> {
        let loaded = self.current();
        let Some(enforcer) = &loaded.enforcer else {
            return Vec::new();
        };
        enforcer
            .get_filtered_policy(1, vec![object.to_owned(), action.to_owned()])
            .into_iter()
            .filter(|rule| rule.get(3).is_some_and(|effect| effect == "allow"))
            .filter_map(|rule| rule.into_iter().next())
            .map(|who| who.split('+').map(str::to_owned).collect())
            .collect()
    }

    fn current(&self) -> Arc<Loaded> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Loaded {
    fn enforce(&self, (subject, object, action): &Question) -> Verdict {
        let nobody = || Verdict::Denied(NO_RULE.to_owned());
        let Some(enforcer) = &self.enforcer else {
            return nobody();
        };
        let subject = subject.0.join("|");
        match enforcer.enforce_ex((subject, *object, *action)) {
            Ok((true, _)) => Verdict::Allowed,
            Ok((false, rules)) => rules
                .into_iter()
                .find(|rule| rule.get(3).is_some_and(|effect| effect == "deny"))
                .and_then(|rule| rule.into_iter().nth(4))
                .map_or_else(nobody, Verdict::Denied),
            Err(error) => {
                tracing::error!(%error, "policy");
                nobody()
            }
        }
    }
}

async fn load(database: &Database) -> Loaded {
    let version = adapter::newest(database.read()).await.unwrap_or(0);
    let enforcer = match enforcer(PolicyAdapter::new(database.clone())).await {
        Ok(enforcer) if !enforcer.get_policy().is_empty() => Some(enforcer),
        Ok(_) => {
            tracing::error!("the policy is empty: everything is denied");
            None
        }
        Err(error) => {
            tracing::error!(%error, "the policy cannot be read: everything is denied");
            None
        }
    };
    Loaded {
        version,
        enforcer,
        answers: RwLock::default(),
    }
}

async fn enforcer(adapter: PolicyAdapter) -> casbin::Result<Enforcer> {
    let model = DefaultModel::from_str(MODEL).await?;
    let mut enforcer = Enforcer::new(model, adapter).await?;
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
