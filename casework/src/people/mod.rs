//! People and their accounts: registration, sign-in, sessions, passwords, single-use links; and
//! what admins do with them.

pub(crate) mod absences;
pub mod commands;
pub(crate) mod conflicts;
mod device;
mod duties;
mod forms;
mod letters;
pub mod own_data;
mod passkeys;
mod password;
#[expect(
    clippy::module_inception,
    reason = "the room is about people, and this is their table"
)]
mod people;
pub mod queries;
mod register;
mod reset;
mod second_factor;
mod session;
mod sign_in;
mod sign_in_code;
mod sign_in_passkey;
mod signing;
mod token;

pub use absences::Absence;
pub use conflicts::Conflict;
pub(crate) use duties::check as check_combination;
pub use duties::{
    COMBINATIONS, Combination, NEED_A_SECOND_ADMIN, Together, needs_a_second_admin,
    new_combinations,
};
pub(crate) use forms::LONGEST_PASSWORD;
pub use forms::{
    AcceptInvitationInput, DemoSignInInput, RegisterInput, RequestResetInput, ResetPasswordInput,
    SignInInput, SignOutInput, VerifyEmailInput,
};
pub(crate) use letters::admitted;
pub use letters::{AccountLetter, FactorNews, LinkLetter, Posted, post_link, post_to_person};
pub(crate) use passkeys::TO_ANSWER;
pub use passkeys::why_no_passkeys;
pub use password::{
    hash, matches as password_matches, problem as password_problem, verify_password,
};
pub use people::{NewPerson, add, entry};
pub use people::{create_admin, find};
pub(crate) use people::{end_access, key, lock, problems as person_problems, username_problem};
pub use register::{Registration, register, verify_email};
pub use reset::{accept_invitation, request_reset, reset_password};
pub use second_factor::{Picture, ToPair, recovery_codes};
pub use session::{Session, UsedBy, find as find_session, sign_out};
pub(crate) use session::{code as session_code, still_open as sessions_still_open};
pub use sign_in::{Entered, Origin, sign_in, sign_in_for_demo};
pub use sign_in_code::{Awaited, SignInCodeInput, sign_in_code, waits_for_code};
pub use sign_in_passkey::{
    BeginPasskeyCodeInput, BeginPasskeySignInInput, SignInPasskeyInput, begin_passkey_code,
    begin_passkey_sign_in, passkey_to_use, sign_in_passkey,
};
pub(crate) use signing::Signing;
pub use signing::{
    Asked, Form, Means, Proof, Secrets, SignWithPasskeyInput, ToSign, answered, ask, means, prove,
    to_sign,
};
pub use token::{Purpose, issue as issue_link, who as link_holder};
