//! What the desk can set.

/// What each may do without.
pub const OPTIONAL: &str = "optional";

/// What nobody may do without.
pub const NECESSARY: &str = "necessary";

/// Time limits, in business days unless said otherwise, and where our side begins. All of them are
/// settings of the desk.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Settings {
    pub clarification_days: u16,
    pub corrections_days: u16,
    pub agreement_days: u16,
    /// After a developer's date has passed, before the case lapses.
    pub grace_days: u16,
    pub remind_before_days: u16,
    /// After any reminder, before our side sends the next one.
    pub remind_again_days: u16,
    /// Our own aim for the whole review.
    pub review_days: u16,
    /// Without a step for longer than this a developer may ask whether an application is stuck.
    pub quiet_days: u16,
    /// Cases that a reviewer holds at most, where a lead has said nothing else of them.
    pub open_cases: u16,
    /// The longest absence over which a holder may keep cases.
    pub absence_keeps_days: u16,
    /// Calendar days in which an ended case may be reopened.
    pub appeal_days: u16,
    /// Calendar days in which an invitation to become a member of an app can be accepted.
    pub invitation_days: u16,
    /// Calendar days after which a page of an approved app is read again.
    pub reading_days: u16,
    /// How alike, in percent, two readings of a page must be for nobody to have to look.
    pub reading_similarity: u16,
    /// Calendar days in which a page could not be read, before its developer is warned.
    pub unreachable_days: u16,
    /// Months from one attestation of an app to the next.
    pub attestation_months: u16,
    /// Calendar days before its date from which an attestation is asked for.
    pub attestation_remind_days: u16,
    /// Calendar days after its date, before those who decide are told that it is missing.
    pub attestation_grace_days: u16,
    /// Calendar days from the publication of a version of the Data Licensing Agreement in which a
    /// partner accepts it.
    pub reacceptance_days: u16,
    /// Months for which a confirmation of a partner's support contact holds.
    pub partner_contact_months: u16,
    /// Calendar days in which a partner's app has at least one active user, at any time.
    pub partner_active_days: u16,
    /// Calendar days from the warning until a partnership rests.
    pub partner_rest_days: u16,
    /// Calendar days from then until it ends.
    pub partner_end_days: u16,
    /// The hour of the day, in UTC, at which letters go out that people get once a day.
    pub digest_hour: u16,
    /// Calendar days for which a letter to a disabled account is held.
    pub held_letter_days: u16,
    /// Authorised users of an app with Limited Access (seed: "up to 20 authorized users").
    pub limited_cap: u32,
    /// Whether our own people set a second factor up before they see or do anything else: one of
    /// [`OPTIONAL`] and [`NECESSARY`].
    pub staff_second_factor: String,
    /// The view of the queue, by its word, with which people of a role begin who have chosen none.
    pub view_reviewer: String,
    pub view_commercial_reviewer: String,
    pub view_technical_reviewer: String,
    pub view_approver: String,
    pub view_lead: String,
    pub view_compliance: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            clarification_days: 10,
            corrections_days: 20,
            agreement_days: 20,
            grace_days: 5,
            remind_before_days: 3,
            remind_again_days: 3,
            review_days: 10,
            quiet_days: 5,
            open_cases: 12,
            absence_keeps_days: 1,
            appeal_days: 30,
            invitation_days: 14,
            reading_days: 7,
            reading_similarity: 98,
            unreachable_days: 14,
            attestation_months: 12,
            attestation_remind_days: 30,
            attestation_grace_days: 30,
            reacceptance_days: 60,
            partner_contact_months: 12,
            partner_active_days: 60,
            partner_rest_days: 30,
            partner_end_days: 60,
            digest_hour: 7,
            held_letter_days: 30,
            limited_cap: 20,
            staff_second_factor: OPTIONAL.to_owned(),
            view_reviewer: "my_turn".to_owned(),
            view_commercial_reviewer: "my_turn".to_owned(),
            view_technical_reviewer: "my_turn".to_owned(),
            view_approver: "my_turn".to_owned(),
            view_lead: "needs_reviewer".to_owned(),
            view_compliance: "all_open".to_owned(),
        }
    }
}
