//! What people do about living approvals.

mod attest;
mod close_change;

pub use attest::{AttestInput, Attestation, attest};
pub use close_change::{ClearChangeInput, RaiseChangeInput, clear_change, raise_change};
