//! Who may. Casbin answers, by one version of the policy; nothing else decides about rights. A
//! version that is empty or no policy at all denies everything. Pure: the versions are kept and
//! chosen where the database is.

mod act;
mod rules;

pub use act::{Act, AppAct, CaseAct, Class, DeskAct, GalleryAct, PartnerAct, SupportAct};
pub use rules::rules;

use casbin::{
    CoreApi, DefaultModel, Enforcer, MgmtApi, StringAdapter, function_map::OperatorFunction,
    rhai::Dynamic,
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, PoisonError, RwLock},
};
use workflow::{Relation, Role};

const MODEL: &str = include_str!("../model.conf");

/// The policy that a new desk begins with.
pub const BUILT_IN: &str = include_str!("../policy.csv");

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

/// A question that was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("denied by the rule {0}")]
pub struct Denied(
    /// The rule that denies; [`NO_RULE`] where none allows.
    pub String,
);

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

impl Snapshot {
    /// A version that denies everything.
    pub fn denying(version: i32) -> Self {
        Self::of(version, None)
    }

    /// A version by its text: lines as [`rules`] reads them.
    ///
    /// # Errors
    /// Why the text is no policy, or that it has no rule: it would deny everything.
    pub async fn read(version: i32, text: &str) -> Result<Self, String> {
        if rules(text)?.is_empty() {
            return Err("it is empty".to_owned());
        }
        let enforcer = enforcer(text.to_owned()).await;
        let enforcer = enforcer.map_err(|error| error.to_string())?;
        Ok(Self::of(version, Some(enforcer)))
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
    /// The rule that stands against it.
    pub fn require(&self, subject: &Subject, act: impl Into<Act>) -> Result<(), Denied> {
        match self.ask(subject, act) {
            Verdict::Allowed => Ok(()),
            Verdict::Denied(rule) => Err(Denied(rule)),
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
