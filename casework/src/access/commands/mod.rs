//! What gateways report, and what admins do with their tokens.

mod authorise;
mod counts;
mod gateways;
mod report_served;
mod revoke_authorisation;

pub use authorise::{Authorised, authorise};
pub use gateways::{
    EndGatewayTokenInput, MadeToken, MakeGatewayTokenInput, ReplaceGatewayTokenInput,
    end_gateway_token, gateway_token_made_before, make_gateway_token, replace_gateway_token,
};
pub use report_served::{MOST_SERVED, Reported, Served, of_line, report_served};
pub use revoke_authorisation::revoke_authorisation;
