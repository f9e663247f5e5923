//! What people do about living approvals.

mod answer_change;
mod attest;
mod close_change;

pub use answer_change::{AnswerChangeInput, answer_change};
pub use attest::{AttestInput, Attestation, attest};
pub use close_change::{ClearChangeInput, RaiseChangeInput, clear_change, raise_change};
