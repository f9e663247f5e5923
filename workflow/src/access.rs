//! What an app may do: derived from all its grants, here and nowhere else.

use crate::{case::GrantStatus, state::AccessLevel};

/// A grant as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    pub level: AccessLevel,
    /// At most this many authorised users; none: no such cap.
    pub cap: Option<u32>,
    pub status: GrantStatus,
}

/// How far an app reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    pub level: AccessLevel,
    pub cap: Option<u32>,
    /// Without production access until every suspended grant is reinstated or revoked.
    pub suspended: bool,
}

impl Access {
    /// What every app begins with.
    pub const SANDBOX: Self = Self {
        level: AccessLevel::Sandbox,
        cap: None,
        suspended: false,
    };
}

/// The access that follows from all grants of an app, in any order: the highest level that is not
/// revoked, with the cap of that level (the strictest, were there several). One suspended grant
/// suspends the app, whatever else it holds: a further approval does not lift a suspension.
pub fn access(grants: impl IntoIterator<Item = Held>) -> Access {
    grants
        .into_iter()
        .filter(|grant| match grant.status {
            GrantStatus::Active | GrantStatus::Suspended => true,
            GrantStatus::Revoked => false,
        })
        .fold(Access::SANDBOX, |access, grant| Access {
            level: access.level.max(grant.level),
            cap: match grant.level.cmp(&access.level) {
                std::cmp::Ordering::Less => access.cap,
                std::cmp::Ordering::Greater => grant.cap,
                std::cmp::Ordering::Equal => strictest(access.cap, grant.cap),
            },
            suspended: access.suspended || grant.status == GrantStatus::Suspended,
        })
}

fn strictest(one: Option<u32>, other: Option<u32>) -> Option<u32> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (cap, None) | (None, cap) => cap,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const LIMITED: Held = Held {
        level: AccessLevel::Limited,
        cap: Some(20),
        status: GrantStatus::Active,
    };
    const FULL: Held = Held {
        level: AccessLevel::Full,
        cap: None,
        status: GrantStatus::Active,
    };

    const fn with(held: Held, status: GrantStatus) -> Held {
        Held { status, ..held }
    }

    fn of(level: AccessLevel, cap: Option<u32>, suspended: bool) -> Access {
        Access {
            level,
            cap,
            suspended,
        }
    }

    #[test]
    fn an_app_without_a_grant_has_its_sandbox() {
        assert_eq!(access([]), Access::SANDBOX);
    }

    #[test]
    fn revoking_the_old_limited_grant_leaves_the_full_one() {
        let grants = [with(LIMITED, GrantStatus::Revoked), FULL];
        assert_eq!(access(grants), of(AccessLevel::Full, None, false));
    }

    #[test]
    fn revoking_the_full_grant_leaves_the_limited_one_with_its_cap() {
        let grants = [LIMITED, with(FULL, GrantStatus::Revoked)];
        assert_eq!(access(grants), of(AccessLevel::Limited, Some(20), false));
    }

    #[test]
    fn an_active_limited_grant_does_not_lift_the_suspension_of_the_full_one() {
        let grants = [LIMITED, with(FULL, GrantStatus::Suspended)];
        assert_eq!(access(grants), of(AccessLevel::Full, None, true));
    }

    #[test]
    fn an_approval_does_not_lift_a_suspension() {
        let grants = [with(LIMITED, GrantStatus::Suspended), FULL];
        assert_eq!(access(grants), of(AccessLevel::Full, None, true));
    }

    #[test]
    fn of_two_caps_of_one_level_the_stricter_holds() {
        let grant = |cap| Held { cap, ..LIMITED };
        for caps in [
            [Some(5), Some(20)],
            [Some(20), Some(5)],
            [None, Some(5)],
            [Some(5), None],
        ] {
            assert_eq!(access(caps.map(grant)).cap, Some(5), "{caps:?}");
        }
    }

    /// What happens to one of the grants of an app.
    #[derive(Clone, Copy, Debug)]
    enum Change {
        Approve,
        Suspend,
        Reinstate,
        Revoke,
    }

    fn change() -> impl Strategy<Value = (bool, Change)> {
        let change = prop_oneof![
            Just(Change::Approve),
            Just(Change::Suspend),
            Just(Change::Reinstate),
            Just(Change::Revoke),
        ];
        (any::<bool>(), change)
    }

    /// As the guards let it: what is not possible changes nothing.
    fn take(grants: &mut BTreeMap<AccessLevel, Held>, new: Held, change: Change) {
        let old = grants.get(&new.level).map(|grant| grant.status);
        let status = match (change, old) {
            (Change::Approve, None | Some(GrantStatus::Revoked))
            | (Change::Reinstate, Some(GrantStatus::Suspended)) => GrantStatus::Active,
            (Change::Suspend, Some(GrantStatus::Active)) => GrantStatus::Suspended,
            (Change::Revoke, Some(GrantStatus::Active | GrantStatus::Suspended)) => {
                GrantStatus::Revoked
            }
            _ => return,
        };
        grants.insert(new.level, with(new, status));
    }

    proptest! {
        #[test]
        fn access_follows_from_how_the_grants_stand_and_from_nothing_else(changes in prop::collection::vec(change(), 0..40)) {
            let mut grants = BTreeMap::new();
            for (full, change) in changes {
                let before = access(grants.values().copied());
                take(&mut grants, if full { FULL } else { LIMITED }, change);
                let after = access(grants.values().copied());
                let standing: Vec<Held> = grants
                    .values()
                    .copied()
                    .filter(|grant| grant.status != GrantStatus::Revoked)
                    .collect();
                let highest = standing.iter().map(|grant| grant.level).max();
                prop_assert_eq!(after.level, highest.unwrap_or(AccessLevel::Sandbox));
                prop_assert_eq!(after.cap, if after.level == AccessLevel::Limited { Some(20) } else { None });
                let stopped = standing.iter().any(|grant| grant.status == GrantStatus::Suspended);
                prop_assert_eq!(after.suspended, stopped);
                // Only reinstating or revoking what is suspended lifts a suspension.
                if before.suspended && !after.suspended {
                    let lifts = matches!(change, Change::Reinstate | Change::Revoke);
                    prop_assert!(lifts, "{:?}", change);
                }
                let mut turned: Vec<Held> = grants.values().copied().collect();
                turned.reverse();
                prop_assert_eq!(access(turned), after);
            }
        }
    }
}
