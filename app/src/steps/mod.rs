//! The steps, one file each (or one for each subject): what is called over HTTP, and on the steps
//! of cases the form beside it. None holds a rule: authorisation lives below.

pub mod absences;
pub mod account;
pub mod admin;
pub mod application;
pub mod apps;
pub mod audit;
pub mod bulk;
pub mod cases;
pub mod conflicts;
pub mod gallery;
pub mod gateways;
pub mod guides;
pub mod inbox;
pub mod living;
pub mod own;
pub mod partners;
pub mod queue;
pub mod stuck;
pub mod support;
pub mod workload;

use crate::web::Step;
use std::{collections::BTreeMap, sync::LazyLock};

static STEPS: LazyLock<BTreeMap<&'static str, Step>> = LazyLock::new(|| {
    let steps = account::steps()
        .into_iter()
        .chain(absences::steps())
        .chain(conflicts::steps())
        .chain(workload::steps())
        .chain(admin::steps())
        .chain(application::steps())
        .chain(apps::steps())
        .chain(audit::steps())
        .chain(bulk::steps())
        .chain(cases::steps())
        .chain(living::steps())
        .chain(own::steps())
        .chain(partners::steps())
        .chain(queue::steps())
        .chain(stuck::steps())
        .chain(support::steps())
        .chain(gallery::steps())
        .chain(gateways::steps())
        .chain(guides::steps())
        .chain(inbox::steps());
    steps.map(|step| (step.name, step)).collect()
});

/// Every step, by name.
pub fn all() -> impl Iterator<Item = &'static Step> {
    STEPS.values()
}

/// Whether files are attached beside what the step's form says.
pub fn attaches(name: &str) -> bool {
    application::ATTACHING.contains(&name)
}

/// The step of this name.
pub fn find(name: &str) -> Option<&'static Step> {
    STEPS.get(name)
}
