//! Who may waive a finding: the reviewer of the track it belongs to, or a lead; a major one only who
//! did not record it. Asked by the step and by the page that shows it.

use crate::{
    Result,
    entities::people,
    policy::{CaseAct, Denied, Snapshot, Subject},
    relations::AppPeople,
    roles_from_words,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeSet;
use workflow::{
    ActionKind, PersonId, Relation, Role,
    checklist::{Finding, Severity},
    state::{Seat, Track},
};

/// The rule of the policy that a second person waives.
pub(in crate::cases) const OWN_FINDING: &str = "own_finding";

/// Asks the policy.
///
/// # Errors
/// The rule that stands against it.
pub(in crate::cases) fn may_waive(
    policy: &Snapshot,
    roles: &BTreeSet<Role>,
    relations: &BTreeSet<Relation>,
    me: PersonId,
    finding: &Finding,
) -> Result<(), Denied> {
    let mut relations = relations.clone();
    // A blocker is waived by nobody, as the workflow says.
    if finding.severity == Severity::Major && finding.by == me {
        relations.insert(Relation::FindingRecorder);
    }
    let who = Subject::new(roles, &relations);
    if !policy.allows(&who, CaseAct::WaiveAny) {
        policy.require(&who, ActionKind::check(finding.list))?;
    }
    policy.require(&who, ActionKind::WaiveFinding)
}

/// Who could, to whoever may not waive their own.
///
/// # Errors
/// When the database does not answer.
pub(in crate::cases) async fn who_could(
    connection: &impl ConnectionTrait,
    of_app: &AppPeople,
    me: PersonId,
    finding: &Finding,
) -> Result<String> {
    let found = people::Entity::find()
        .filter(people::Column::DisabledAt.is_null())
        .filter(people::Column::Roles.contains(Role::Lead.word()))
        .order_by_asc(people::Column::NameKey)
        .all(connection)
        .await?;
    let leads: Vec<String> = found
        .into_iter()
        .filter(|row| {
            let person = PersonId(row.id);
            person != me
                && roles_from_words(&row.roles).contains(&Role::Lead)
                && !of_app.is_conflicted(person)
        })
        .map(|row| row.name)
        .collect();
    let leads = match leads.as_slice() {
        [] => "a lead".to_owned(),
        [one] => format!("{one} (lead)"),
        several => format!("a lead ({})", several.join(", ")),
    };
    let seat = Seat::of(Track::of_findings(finding.list)).label();
    Ok(format!(
        "You recorded this major finding, and a second person waives it: {leads}, or whoever is {} after you.",
        seat.to_lowercase()
    ))
}
