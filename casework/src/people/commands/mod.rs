//! What admins do with people, and what people do with their own account.

mod absences;
mod anew;
mod confirm_roles;
mod conflicts;
mod disable_person;
mod invite_person;
mod own_closing;
mod own_email;
mod own_keys;
mod own_letters;
mod own_passkeys;
mod own_password;
mod own_profile;
mod own_second_factor;
mod own_sessions;
mod own_step;
mod person_step;
mod role_request;
mod set_capacity;
mod set_roles;

pub use absences::{PlanAbsenceInput, TakeBackAbsenceInput, plan_absence, take_back_absence};
pub use confirm_roles::{ConfirmRolesInput, RefuseRolesInput, confirm_roles, refuse_roles};
pub use conflicts::{
    DeclareConflictInput, WithdrawConflictInput, declare_conflict, withdraw_conflict,
};
pub use disable_person::{DisablePersonInput, EnablePersonInput, disable_person, enable_person};
pub use invite_person::{Invitation, InvitePersonInput, Invited, invite_person};
pub use own_closing::{CloseAccountInput, InTheWay, close_account, in_the_way};
pub(crate) use own_email::under_way as email_change_under_way;
pub use own_email::{
    CancelEmailChangeInput, ChangeEmailInput, ConfirmEmailInput, EmailConfirmed,
    cancel_email_change, change_email, confirm_email, email_change_of_link,
};
pub use own_keys::{SetKeysInput, set_keys};
pub use own_letters::{ChooseLettersInput, choose_letters};
pub use own_passkeys::{
    AddPasskeyInput, BeginPasskeyInput, RemovePasskeyInput, RenamePasskeyInput, add_passkey,
    begin_passkey, passkey_to_make, remove_passkey, rename_passkey,
};
pub use own_password::{ChangePasswordInput, change_password};
pub use own_profile::{ChangeProfileInput, ChangeUsernameInput, change_profile, change_username};
pub(in crate::people) use own_second_factor::wrong_code;
pub use own_second_factor::{
    BeginSecondFactorInput, ConfirmSecondFactorInput, EndSecondFactorInput,
    RenewRecoveryCodesInput, ResetSecondFactorInput, begin_second_factor, confirm_second_factor,
    end_second_factor, recovery_secret_made_before, renew_recovery_codes, reset_second_factor,
};
pub use own_sessions::{EndOtherSessionsInput, EndSessionInput, end_other_sessions, end_session};
pub(crate) use role_request::admins;
pub use role_request::{Given, RequestKind, RequestState};
pub use set_capacity::{SetCapacityInput, set_capacity};
pub use set_roles::{RoleChange, SetRolesInput, set_roles};
