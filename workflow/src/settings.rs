//! What the desk can set.

/// Time limits, in business days unless said otherwise. All of them are settings of the desk.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Settings {
    pub clarification_days: u16,
    pub corrections_days: u16,
    pub agreement_days: u16,
    /// After a developer's date has passed, before the case lapses.
    pub grace_days: u16,
    pub remind_before_days: u16,
    /// Our own aim for the whole review.
    pub review_days: u16,
    /// Calendar days in which an ended case may be reopened.
    pub appeal_days: u16,
    /// Calendar days in which an invitation to become a member of an app can be accepted.
    pub invitation_days: u16,
    /// Authorised users of an app with Limited Access (seed: "up to 20 authorized users").
    pub limited_cap: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            clarification_days: 10,
            corrections_days: 20,
            agreement_days: 20,
            grace_days: 5,
            remind_before_days: 3,
            review_days: 10,
            appeal_days: 30,
            invitation_days: 14,
            limited_cap: 20,
        }
    }
}
