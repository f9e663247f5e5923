//! What is typed around accounts, by people who are not signed in.

use crate::input::input;

/// The longest password that is looked at, in characters.
pub(crate) const LONGEST_PASSWORD: usize = 1_000;

input! {
    /// Who signs in, and where to go then.
    pub struct SignInInput for "sign_in" ByVisitor repeats {
        hidden next: Option<String>;
        typed username: String = "Username or email" up to 254;
        secret password = "Password" up to LONGEST_PASSWORD;
    }
}

input! {
    /// Which of the demo's people, and where to go then.
    pub struct DemoSignInInput for "demo_sign_in" ByVisitor repeats {
        hidden username: String;
        hidden next: Option<String>;
    }
}

input! {
    /// Nothing is typed.
    pub struct SignOutInput for "sign_out" ByVisitor repeats {}
}

input! {
    /// A new developer.
    pub struct RegisterInput for "register" ByVisitor {
        typed name: String = "Your name" up to 100;
        typed organisation: String = "Organisation" up to 200;
        typed email: String = "Email" up to 254;
        typed username: String = "Username" up to 40;
        secret password = "Password" up to LONGEST_PASSWORD;
        typed agreement: bool = "Registered Developer Agreement";
        /// The version that was shown.
        hidden agreement_version: Option<u32>;
    }
}

input! {
    /// The link's secret.
    pub struct VerifyEmailInput for "verify_email" ByVisitor {
        secret token = "Link";
    }
}

input! {
    /// Whose password is forgotten.
    pub struct RequestResetInput for "request_reset" ByVisitor {
        typed email: String = "Email" up to 254;
    }
}

input! {
    /// The link's secret and the new password.
    pub struct ResetPasswordInput for "reset_password" ByVisitor {
        secret token = "Link";
        secret password = "New password" up to LONGEST_PASSWORD;
    }
}

input! {
    /// The invitation's secret and the first password.
    pub struct AcceptInvitationInput for "accept_invitation" ByVisitor {
        secret token = "Link";
        secret password = "New password" up to LONGEST_PASSWORD;
    }
}
