//! `/account` and the pages below it: one's own account.

mod absences;
mod close;
mod conflicts;
mod email;
mod home;
mod keyboard;
mod letters;
mod passkeys;
mod password;
mod profile;
mod second_factor;
mod sign;

pub use absences::OwnAbsencesPage;
pub use close::CloseAccountPage;
pub use conflicts::OwnConflictsPage;
pub use email::{ConfirmEmailPage, EmailChangedPage, HalfConfirmedPage, OwnEmailPage};
pub use home::AccountPage;
pub use keyboard::OwnKeyboardPage;
pub use letters::OwnLettersPage;
pub use passkeys::{NewPasskeyPage, PasskeyPage, PasskeysPage};
pub use password::OwnPasswordPage;
pub use profile::OwnProfilePage;
pub use second_factor::{RecoveryCodesPage, SecondFactorPage};
pub use sign::SignPage;

/// The way back to the account.
fn crumbs() -> Vec<(String, String)> {
    vec![("Your account".to_owned(), "/account".to_owned())]
}
