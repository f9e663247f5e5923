//! The first step: an app applies for more access.

use crate::{
    AppId, CaseId, CaseNumber, Refusal,
    event::{Event, Versions},
    state::AccessLevel,
};

/// What the decision to start depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    pub app: AppId,
    /// The level the app has now.
    pub present: AccessLevel,
    /// The application of this app that is on its way, if there is one.
    pub open: Option<CaseNumber>,
    /// What the new case is to be called, if it may begin.
    pub case: CaseId,
    pub number: CaseNumber,
    pub versions: Versions,
}

/// An application of an app that is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnderWay {
    pub number: CaseNumber,
    /// Not handed in yet: staff know nothing of it but that it is there.
    pub draft: bool,
}

/// An ended case is on its way again only while no other application of its app is.
///
/// # Errors
/// [`Refusal::OtherUnderWay`].
pub fn alone(other: Option<UnderWay>) -> Result<(), Refusal> {
    match other {
        Some(UnderWay { number, draft }) => Err(Refusal::OtherUnderWay {
            number: (!draft).then_some(number),
        }),
        None => Ok(()),
    }
}

/// An app may apply for a level above the present one while no other application of it is open.
///
/// # Errors
/// The refusal that names the rule in the way.
pub fn start(facts: Facts, level: AccessLevel) -> Result<Event, Refusal> {
    if let Some(number) = facts.open {
        return Err(Refusal::CaseOpen { number });
    }
    if level <= facts.present {
        return Err(Refusal::LevelReached { level });
    }
    Ok(Event::Started {
        case: facts.case,
        number: facts.number,
        app: facts.app,
        level,
        versions: facts.versions,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn facts(present: AccessLevel, open: Option<u32>) -> Facts {
        Facts {
            app: AppId(Uuid::nil()),
            present,
            open: open.map(CaseNumber),
            case: CaseId(Uuid::nil()),
            number: CaseNumber(1001),
            versions: Versions {
                form: 1,
                completeness: 1,
                commercial: 1,
                technical: 1,
            },
        }
    }

    #[test]
    fn an_app_applies_for_a_level_above_its_own_alone() {
        use AccessLevel::{Full, Limited, Sandbox};
        for present in [Sandbox, Limited, Full] {
            for level in [Sandbox, Limited, Full] {
                assert_eq!(start(facts(present, None), level).is_ok(), level > present);
            }
        }
    }

    #[test]
    fn an_app_has_one_open_application_at_a_time() {
        assert_eq!(
            start(
                facts(AccessLevel::Sandbox, Some(1001)),
                AccessLevel::Limited
            ),
            Err(Refusal::CaseOpen {
                number: CaseNumber(1001)
            })
        );
    }
}
