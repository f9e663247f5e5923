//! Steps on apps.

use crate::web::{Done, Next, Step, Visit};
use casework::{
    Caller, Error, Result,
    commands::{
        self, AcceptMembershipInput, Answer, AppText, ArchiveAppInput, Authority,
        ChangeMemberInput, CreateAppInput, DeclineMembershipInput, EditAppInput, InviteMemberInput,
        LeaveAppInput, OfferOwnershipInput, RemoveLogoInput, RemoveMemberInput, ReplaceSecretInput,
        Replacement, RestoreAppInput, Secret, SetRedirectsInput, StartInput,
        WithdrawInvitationInput,
    },
    queries::DataEnvironment,
};
use workflow::AppId;

/// The cookie that carries a new secret to the one page that shows it. The desk itself keeps the
/// hash alone.
pub const SECRET_COOKIE: &str = "ud-secret";

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new(create_app),
        Step::new(edit_app),
        Step::new(remove_app_logo),
        Step::new(invite_member),
        Step::new(withdraw_invitation),
        Step::new(accept_membership),
        Step::new(decline_membership),
        Step::new(leave_app),
        Step::new(change_member),
        Step::new(remove_member),
        Step::new(replace_secret),
        Step::new(set_redirects),
        Step::new(archive_app),
        Step::new(restore_app),
        Step::new(offer_ownership),
        Step::new(start),
    ]
}

/// The page that shows a new secret.
pub fn secret_page(app: AppId) -> String {
    format!("/apps/{app}/secret")
}

/// The same for one environment.
pub(crate) fn secret_page_of(app: AppId, environment: DataEnvironment) -> String {
    format!("{}?environment={}", secret_page(app), environment.word())
}

/// The cookie of a new secret for the page that shows it; one that clears it where there is none.
pub fn secret_cookie(visit: &Visit, page: &str, secret: Option<&Secret>) -> String {
    cookie_for(visit, page, secret.map_or("", Secret::reveal))
}

/// The cookie that carries a secret for five minutes to one page; one that clears it where it is
/// empty.
pub(crate) fn cookie_for(visit: &Visit, page: &str, value: &str) -> String {
    let age = if value.is_empty() { 0 } else { 300 };
    let secure = if visit.mode.secure { "; Secure" } else { "" };
    format!(
        "{SECRET_COOKIE}={value}; Path={page}; Max-Age={age}; HttpOnly; SameSite=Strict{secure}"
    )
}

fn members_of(app: AppId, done: Done) -> Next {
    Next::to(format!("/apps/{app}/members")).saying(done)
}

/// Where a form that makes a secret led when it was sent before: of a double click the browser
/// shows the second answer alone, so the secret is handed to its page once more.
async fn again(visit: &Visit, caller: &Caller) -> Result<Next> {
    let path = visit
        .desk
        .led_before(Some(caller.person))
        .await?
        .ok_or(Error::Before)?;
    let app = path.split('/').nth(2).and_then(|app| app.parse().ok());
    let app: AppId = app.ok_or(Error::Before)?;
    let environment = if path.contains("environment=production") {
        DataEnvironment::Production
    } else {
        DataEnvironment::Sandbox
    };
    let secret = commands::secret_made_before(&visit.desk, caller, app, environment).await?;
    let cookie = secret_cookie(visit, &secret_page(app), secret.as_ref());
    Ok(Next::to(path).cookie(cookie))
}

/// Creates an app and shows its secret.
async fn create_app(visit: Visit, input: CreateAppInput) -> Result<Next> {
    let caller = visit.caller()?;
    let text = AppText {
        name: input.name,
        organisation: input.organisation,
        description: input.description,
        website: input.website,
    };
    match commands::create_app(&visit.desk, caller, &text).await {
        Ok((app, secret)) => Ok(Next::to(secret_page(app))
            .saying(Done::AppCreated)
            .cookie(secret_cookie(&visit, &secret_page(app), Some(&secret)))),
        Err(Error::Before) => again(&visit, caller).await,
        Err(error) => Err(error),
    }
}

/// Edits an app.
async fn edit_app(visit: Visit, input: EditAppInput) -> Result<Next> {
    let app = input.app;
    let text = AppText {
        name: input.name,
        organisation: input.organisation,
        description: input.description,
        website: input.website,
    };
    commands::edit_app(&visit.desk, visit.caller()?, app, &text, input.version).await?;
    Ok(Next::to(format!("/apps/{app}")).saying(Done::AppSaved))
}

/// Takes the logo of an app away.
async fn remove_app_logo(visit: Visit, input: RemoveLogoInput) -> Result<Next> {
    commands::remove_app_logo(&visit.desk, visit.caller()?, input.app).await?;
    Ok(Next::to(format!("/apps/{}/edit", input.app)).saying(Done::LogoRemoved))
}

/// Invites someone to become a member of an app.
async fn invite_member(visit: Visit, input: InviteMemberInput) -> Result<Next> {
    let app = input.app;
    let authority = Authority {
        owner: input.owner,
        may_sign: input.may_sign,
    };
    commands::invite_member(&visit.desk, visit.caller()?, app, &input.person, authority).await?;
    Ok(members_of(app, Done::InvitationNoted))
}

/// Withdraws an invitation.
async fn withdraw_invitation(visit: Visit, input: WithdrawInvitationInput) -> Result<Next> {
    let (app, invitation) = (input.app, input.invitation);
    commands::withdraw_invitation(&visit.desk, visit.caller()?, app, invitation).await?;
    Ok(members_of(app, Done::InvitationWithdrawn))
}

/// Accepts an invitation to become a member of an app.
async fn accept_membership(visit: Visit, input: AcceptMembershipInput) -> Result<Next> {
    let (caller, invitation) = (visit.caller()?, input.invitation);
    let app = commands::answer_invitation(&visit.desk, caller, invitation, Answer::Accept).await?;
    Ok(Next::to(format!("/apps/{app}")).saying(Done::InvitationAccepted))
}

/// Declines an invitation to become a member of an app.
async fn decline_membership(visit: Visit, input: DeclineMembershipInput) -> Result<Next> {
    let (caller, invitation) = (visit.caller()?, input.invitation);
    commands::answer_invitation(&visit.desk, caller, invitation, Answer::Decline).await?;
    Ok(Next::to("/apps").saying(Done::InvitationDeclined))
}

/// Ends the own membership of an app.
async fn leave_app(visit: Visit, input: LeaveAppInput) -> Result<Next> {
    commands::leave_app(&visit.desk, visit.caller()?, input.app).await?;
    Ok(Next::to("/apps").saying(Done::AppLeft))
}

/// Changes what a member may do.
async fn change_member(visit: Visit, input: ChangeMemberInput) -> Result<Next> {
    let (app, member, seen) = (input.app, input.member, input.version);
    let authority = Authority {
        owner: input.owner,
        may_sign: input.may_sign,
    };
    let caller = visit.caller()?;
    commands::change_member(&visit.desk, caller, app, member, authority, seen).await?;
    Ok(members_of(app, Done::MemberChanged))
}

/// Removes a member from an app.
async fn remove_member(visit: Visit, input: RemoveMemberInput) -> Result<Next> {
    commands::remove_member(&visit.desk, visit.caller()?, input.app, input.member).await?;
    Ok(members_of(input.app, Done::MemberRemoved))
}

/// Replaces the client secret and shows the new one.
async fn replace_secret(visit: Visit, input: ReplaceSecretInput) -> Result<Next> {
    let (app, caller) = (input.app, visit.caller()?);
    let what = Replacement {
        environment: input.environment,
        keep: input.keep.unwrap_or(0),
    };
    match commands::replace_secret(&visit.desk, caller, app, input.version, what).await {
        Ok(secret) => Ok(Next::to(secret_page_of(app, what.environment))
            .saying(Done::SecretReplaced)
            .cookie(secret_cookie(&visit, &secret_page(app), Some(&secret)))),
        Err(Error::Before) => again(&visit, caller).await,
        Err(error) => Err(error),
    }
}

/// Says where users are sent back to.
async fn set_redirects(visit: Visit, input: SetRedirectsInput) -> Result<Next> {
    let (app, environment, caller) = (input.app, input.environment, visit.caller()?);
    let (uris, seen) = (&input.uris, input.version);
    commands::set_redirects(&visit.desk, caller, app, environment, uris, seen).await?;
    Ok(Next::to(format!("/apps/{app}#environments")).saying(Done::RedirectsSaved))
}

/// Archives an app.
async fn archive_app(visit: Visit, input: ArchiveAppInput) -> Result<Next> {
    commands::archive_app(&visit.desk, visit.caller()?, input.app, &input.name).await?;
    Ok(Next::to(format!("/apps/{}", input.app)).saying(Done::AppArchived))
}

/// Restores an app.
async fn restore_app(visit: Visit, input: RestoreAppInput) -> Result<Next> {
    commands::restore_app(&visit.desk, visit.caller()?, input.app).await?;
    Ok(Next::to(format!("/apps/{}", input.app)).saying(Done::AppRestored))
}

/// Offers an app to another member.
async fn offer_ownership(visit: Visit, input: OfferOwnershipInput) -> Result<Next> {
    let (app, member) = (input.app, input.member);
    commands::offer_ownership(&visit.desk, visit.caller()?, app, member).await?;
    Ok(members_of(app, Done::OwnershipOffered))
}

/// Starts an application.
async fn start(visit: Visit, input: StartInput) -> Result<Next> {
    let number = commands::start(&visit.desk, visit.caller()?, input.app, input.level).await?;
    Ok(Next::to(format!("/applications/{number}/form")))
}
