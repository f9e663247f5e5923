//! What the office does.

mod publish_agreement;
mod publish_next;
mod publish_template;
mod set_setting;
mod verify_trail;

pub use publish_agreement::{LONGEST_AGREEMENT, publish_agreement};
pub use publish_template::{LARGEST_TEMPLATE, publish_template};
pub use set_setting::set_setting;
pub use verify_trail::verify_trail;
