//! Steps on the tokens of gateways.

use super::apps::secret_cookie;
use crate::web::{Done, Next, Step, Visit};
use casework::{
    Caller, Error, Result,
    commands::{
        self, EndGatewayTokenInput, MadeToken, MakeGatewayTokenInput, ReplaceGatewayTokenInput,
    },
};
use uuid::Uuid;

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new(make_gateway_token),
        Step::new(replace_gateway_token),
        Step::new(end_gateway_token),
    ]
}

/// The page of a token, which shows it once.
pub fn token_page(token: Uuid) -> String {
    format!("/admin/gateways/{token}")
}

/// To the page that shows a new token; also the second of two clicks, whose answer alone a browser
/// shows.
async fn shown(
    visit: &Visit,
    caller: &Caller,
    made: Result<MadeToken>,
    done: Done,
) -> Result<Next> {
    match made {
        Ok(made) => {
            let page = token_page(made.id);
            let cookie = secret_cookie(visit, &page, Some(&made.token));
            Ok(Next::to(page).saying(done).cookie(cookie))
        }
        Err(Error::Before) => {
            let page = visit
                .desk
                .led_before(Some(caller.person))
                .await?
                .ok_or(Error::Before)?;
            let token = page.split(['/', '?']).nth(3).and_then(|id| id.parse().ok());
            let token: Uuid = token.ok_or(Error::Before)?;
            let made = commands::gateway_token_made_before(&visit.desk, caller, token).await?;
            let cookie = secret_cookie(visit, &token_page(token), made.as_ref());
            Ok(Next::to(page).cookie(cookie))
        }
        Err(error) => Err(error),
    }
}

/// Makes a token and shows it.
async fn make_gateway_token(visit: Visit, input: MakeGatewayTokenInput) -> Result<Next> {
    let caller = visit.caller()?;
    let made = commands::make_gateway_token(
        &visit.desk,
        caller,
        &input.gateway,
        &input.scopes,
        &input.days,
    )
    .await;
    shown(&visit, caller, made, Done::GatewayTokenMade).await
}

/// Makes the successor of a token and shows it.
async fn replace_gateway_token(visit: Visit, input: ReplaceGatewayTokenInput) -> Result<Next> {
    let caller = visit.caller()?;
    let made =
        commands::replace_gateway_token(&visit.desk, caller, input.token, &input.hours).await;
    shown(&visit, caller, made, Done::GatewayTokenReplaced).await
}

/// Ends a token at once.
async fn end_gateway_token(visit: Visit, input: EndGatewayTokenInput) -> Result<Next> {
    commands::end_gateway_token(&visit.desk, visit.caller()?, input.token).await?;
    Ok(Next::to("/admin/gateways").saying(Done::GatewayTokenEnded))
}
