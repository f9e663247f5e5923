//! What admins see of people, and whom the demo offers.

pub mod admin_people;
mod demo_people;
mod own_absences;
mod own_account;
mod own_conflicts;

pub use demo_people::{DemoPerson, Waiting, Work, demo_people};
pub use own_absences::{OwnAbsences, own_absences};
pub use own_account::{
    EmailChange, OwnAccount, OwnPasskey, OwnSession, SecondFactor, own_account, own_passkey,
    own_passkeys, own_recovery_codes, own_second_factor, recovery_codes_left,
};
pub use own_conflicts::own_conflicts;
