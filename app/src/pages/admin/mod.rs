//! The pages of admins.

mod gateways;
mod guides;
mod mail;
mod people;
mod person;
mod published;
mod request;
mod settings;

pub use gateways::{GatewayTokenPage, GatewaysPage};
pub use guides::{AdminGuidePage, AdminGuideVersionPage, AdminGuidesPage};
pub use mail::AdminMailPage;
pub use people::AdminPeoplePage;
pub use person::AdminPersonPage;
pub use published::{AdminAgreementPage, AgreementsPage, ChecklistPage, ChecklistsPage};
pub use settings::AdminSettingsPage;

use crate::components::Opt;
use casework::{SecondAdmin, accounts::NEED_A_SECOND_ADMIN};
use workflow::Role;

/// Said under the field for a reason why one person holds roles that are better held by two.
const WHY_TOGETHER: &str = "Only where one person is to hold roles that are better held by two; recorded in the audit trail.";

/// The roles as boxes to tick.
fn role_options(second_admin: SecondAdmin) -> Vec<Opt> {
    let hint = |role: Role| {
        let waits = second_admin == SecondAdmin::Needed && NEED_A_SECOND_ADMIN.contains(&role);
        let more = if waits {
            " A second admin confirms it."
        } else {
            ""
        };
        format!("{}{more}", role_hint(role))
    };
    Role::ALL
        .iter()
        .map(|role| Opt::new(role.word(), role.label()).hint(hint(*role)))
        .collect()
}

const fn role_hint(role: Role) -> &'static str {
    match role {
        Role::Developer => "Has apps and applies for access; sees nothing internal.",
        Role::Reviewer => "Takes cases, checks completeness, asks for clarification.",
        Role::CommercialReviewer => "Works the commercial review.",
        Role::TechnicalReviewer => "Works the technical review of Full Access.",
        Role::Support => "Answers what developers ask.",
        Role::PartnerManager => "Looks after Digital Health Partners; proposes who becomes one.",
        Role::Lead => "Assigns work to others, reopens cases.",
        Role::Approver => "Decides cases that they did not review.",
        Role::Compliance => "Reads everything, exports, verifies; changes no case.",
        Role::Admin => "People, agreements, templates, settings, mail; decides no case.",
    }
}
