//! What people do with their apps.

mod answer_invitation;
mod app_logo;
mod app_step;
mod archive_app;
mod change_member;
mod create_app;
mod edit_app;
mod invite_member;
mod leave_app;
mod offer_ownership;
mod remove_member;
mod replace_secret;
mod secret;
mod set_redirects;
mod withdraw_invitation;

pub use answer_invitation::{
    AcceptMembershipInput, Answer, DeclineMembershipInput, answer_invitation,
};
pub use app_logo::{AddLogoInput, LOGO_FIELD, RemoveLogoInput, add_app_logo, remove_app_logo};
pub(crate) use app_step::{AppStep, app_subject};
pub use archive_app::{ArchiveAppInput, RestoreAppInput, archive_app, restore_app};
pub use change_member::{ChangeMemberInput, change_member};
pub use create_app::{AppText, CreateAppInput, create_app};
pub use edit_app::{EditAppInput, edit_app};
pub use invite_member::{Authority, InviteMemberInput, invite_member};
pub use leave_app::{LeaveAppInput, leave_app};
pub use offer_ownership::{OfferOwnershipInput, offer_ownership};
pub(crate) use remove_member::keeps_an_owner;
pub use remove_member::{RemoveMemberInput, remove_member};
pub use replace_secret::{
    OVERLAPS, ReplaceSecretInput, Replacement, replace_secret, secret_made_before,
};
pub use secret::Secret;
pub use set_redirects::{SetRedirectsInput, set_redirects};
pub use withdraw_invitation::{WithdrawInvitationInput, withdraw_invitation};
