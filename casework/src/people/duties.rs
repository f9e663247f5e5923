//! Separation of duties: which roles one admin alone does not give, and which do not go together
//! in one person.

use crate::{
    Error, Result,
    text::{Limits, line},
};
use std::collections::BTreeSet;
use workflow::{Role, form::Problem};

/// Roles that one admin alone does not give: they decide, watch, or make others.
pub const NEED_A_SECOND_ADMIN: &[Role] = &[Role::Approver, Role::Compliance, Role::Admin];

/// What is done about two roles in one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Together {
    Refused,
    /// Only with a reason, which is recorded.
    WithReason,
}

/// Two roles that undo the separation of duties when one person holds both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Combination {
    pub one: Role,
    pub other: Role,
    pub together: Together,
    /// What one person could then do alone.
    pub because: &'static str,
}

const fn refused(one: Role, other: Role, because: &'static str) -> Combination {
    Combination {
        one,
        other,
        together: Together::Refused,
        because,
    }
}

const fn with_reason(one: Role, other: Role, because: &'static str) -> Combination {
    Combination {
        one,
        other,
        together: Together::WithReason,
        because,
    }
}

const DECIDES: &str = "whoever decides should not do the reviews";
const MAKES: &str = "whoever gives roles should not do the work that roles are given for";
const WATCHES: &str = "compliance watches this work and should not do it";

/// Every pair that is looked at; other pairs go together freely.
pub const COMBINATIONS: &[Combination] = &[
    refused(
        Role::Admin,
        Role::Approver,
        "one person could make the reviewers of a case and decide it",
    ),
    refused(
        Role::Admin,
        Role::Compliance,
        "compliance watches what admins do",
    ),
    refused(
        Role::Approver,
        Role::Compliance,
        "compliance watches what is decided",
    ),
    with_reason(Role::Approver, Role::Reviewer, DECIDES),
    with_reason(Role::Approver, Role::CommercialReviewer, DECIDES),
    with_reason(Role::Approver, Role::TechnicalReviewer, DECIDES),
    with_reason(
        Role::Approver,
        Role::Lead,
        "whoever assigns and reopens cases should not decide them",
    ),
    with_reason(Role::Admin, Role::Reviewer, MAKES),
    with_reason(Role::Admin, Role::CommercialReviewer, MAKES),
    with_reason(Role::Admin, Role::TechnicalReviewer, MAKES),
    with_reason(Role::Admin, Role::Lead, MAKES),
    with_reason(Role::Compliance, Role::Reviewer, WATCHES),
    with_reason(Role::Compliance, Role::CommercialReviewer, WATCHES),
    with_reason(Role::Compliance, Role::TechnicalReviewer, WATCHES),
    with_reason(Role::Compliance, Role::Lead, WATCHES),
    with_reason(Role::Approver, Role::PartnerManager, DECIDES),
    with_reason(Role::Admin, Role::PartnerManager, MAKES),
    with_reason(Role::Compliance, Role::PartnerManager, WATCHES),
    with_reason(Role::Admin, Role::Support, MAKES),
    with_reason(Role::Compliance, Role::Support, WATCHES),
    with_reason(
        Role::Developer,
        Role::Approver,
        "whoever has apps should not decide about the apps of others",
    ),
];

/// The pairs that somebody with `before` does not hold yet and with `after` would.
pub fn new_combinations<'a>(
    before: &'a BTreeSet<Role>,
    after: &'a BTreeSet<Role>,
) -> impl Iterator<Item = &'static Combination> + 'a {
    let holds = |roles: &BTreeSet<Role>, pair: &Combination| {
        roles.contains(&pair.one) && roles.contains(&pair.other)
    };
    COMBINATIONS
        .iter()
        .filter(move |pair| holds(after, pair) && !holds(before, pair))
}

/// Whether going from `before` to `after` gives a role that one admin alone does not give.
pub fn needs_a_second_admin(before: &BTreeSet<Role>, after: &BTreeSet<Role>) -> bool {
    NEED_A_SECOND_ADMIN
        .iter()
        .any(|role| after.contains(role) && !before.contains(role))
}

/// Refuses combinations that do not go, and those for which no reason was given; answers the
/// reason, cleaned.
///
/// # Errors
/// [`Error::Input`] on `roles` or `combination`.
pub(crate) fn check(
    before: &BTreeSet<Role>,
    after: &BTreeSet<Role>,
    combination: &str,
) -> Result<String> {
    let limits = Limits {
        field: "combination",
        label: "Why together",
        min: 0,
        max: 500,
    };
    let mut problems = Vec::new();
    let reason = line(limits, combination, &mut problems);
    let mut needs_a_reason = Vec::new();
    for pair in new_combinations(before, after) {
        let (one, other) = (pair.one.label(), pair.other.label());
        match pair.together {
            Together::Refused => problems.push(Problem {
                field: "roles".to_owned(),
                text: format!(
                    "Roles: {one} and {other} do not go together, because {}; take one of them.",
                    pair.because
                ),
            }),
            Together::WithReason => {
                needs_a_reason.push(format!("{one} and {other} ({})", pair.because));
            }
        }
    }
    if !needs_a_reason.is_empty() && reason.chars().count() < 3 {
        problems.push(Problem {
            field: "combination".to_owned(),
            text: format!(
                "Why together: say why one person is to hold {}.",
                needs_a_reason.join("; ")
            ),
        });
    }
    if problems.is_empty() {
        Ok(reason)
    } else {
        Err(Error::Input { problems })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(roles: &[Role]) -> BTreeSet<Role> {
        roles.iter().copied().collect()
    }

    #[test]
    fn no_pair_is_listed_twice() {
        for (at, pair) in COMBINATIONS.iter().enumerate() {
            assert_ne!(pair.one, pair.other);
            let again = COMBINATIONS
                .iter()
                .skip(at + 1)
                .any(|later| set(&[later.one, later.other]) == set(&[pair.one, pair.other]));
            assert!(!again, "{pair:?}");
        }
    }

    #[test]
    fn whoever_decides_watches_or_gives_roles_does_none_of_the_other_things_unremarked() {
        let work = [
            Role::Reviewer,
            Role::CommercialReviewer,
            Role::TechnicalReviewer,
            Role::Lead,
        ];
        for guarded in NEED_A_SECOND_ADMIN {
            for other in work.iter().chain(NEED_A_SECOND_ADMIN) {
                let both = set(&[*guarded, *other]);
                let is_one = guarded == other;
                assert_eq!(
                    check(&BTreeSet::new(), &both, "").is_ok(),
                    is_one,
                    "{both:?}"
                );
            }
        }
    }

    #[test]
    fn what_somebody_holds_already_needs_no_new_reason_and_can_be_taken_away() {
        let before = set(&[Role::Approver, Role::Reviewer, Role::Lead]);
        assert!(check(&before, &set(&[Role::Approver, Role::Reviewer]), "").is_ok());
        assert!(check(&BTreeSet::new(), &before, "").is_err());
        assert!(check(&BTreeSet::new(), &before, "We are three people.").is_ok());
        let refused = set(&[Role::Admin, Role::Approver]);
        assert!(check(&BTreeSet::new(), &refused, "We are three people.").is_err());
    }

    #[test]
    fn giving_is_what_waits_and_taking_away_is_not() {
        let reviewer = set(&[Role::Reviewer]);
        let approver = set(&[Role::Reviewer, Role::Approver]);
        assert!(needs_a_second_admin(&reviewer, &approver));
        assert!(!needs_a_second_admin(&approver, &reviewer));
        assert!(!needs_a_second_admin(&approver, &approver));
    }
}
