//! What the office does.

mod publish_agreement;
mod publish_next;
mod publish_template;
mod set_setting;
mod verify_trail;

pub use publish_agreement::{LONGEST_AGREEMENT, PublishAgreementInput, publish_agreement};
pub use publish_template::{LARGEST_TEMPLATE, PublishTemplateInput, publish_template};
pub use set_setting::{SetSettingInput, set_setting};
pub use verify_trail::{VerifyTrailInput, verify_trail};
