//! Invite someone to become a member of an app.
//!
//! Whoever invites learns nothing about other accounts: the answer, and the list of those invited,
//! are the same whether or not the name or address belongs to somebody, and whatever that person
//! is. Somebody without an account finds the invitation once the address is confirmed.

use super::app_step::AppStep;
use crate::{
    Caller, Desk, Error, Result,
    apps::{
        invitations::{self, MOST_MEMBERS, State},
        letters::{self, MemberLetter},
    },
    entities::{app_invitations, app_members, people},
    input::input,
    limits::{self, ADD_MEMBER, APP_INVITATIONS},
    people::{admitted, username_problem},
    policy::AppAct,
    roles_from_words,
    text::{Limits, email_key, line},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::Duration;
use uuid::Uuid;
use workflow::{AppId, PersonId, form::Problem, mailbox::Mailbox};

input! {
    /// Who is invited, and what they may do.
    pub struct InviteMemberInput for "invite_member" OnDesk {
        hidden app: AppId;
        typed person: String = "Person" up to 254;
        typed owner: bool = "Owner: manages members and the secret";
        typed may_sign: bool = "Has authority to submit and sign for the organisation";
    }
}

/// What a member may do besides working on applications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// Manages members and the secret.
    pub owner: bool,
    /// Submits applications and, as owner, accepts agreements for the organisation.
    pub may_sign: bool,
}

impl Authority {
    /// What a member holds now.
    pub(super) const fn of(member: &app_members::Model) -> Self {
        Self {
            owner: member.owner,
            may_sign: member.may_sign,
        }
    }

    /// As its holder is told.
    pub(super) const fn in_words(self) -> &'static str {
        match (self.owner, self.may_sign) {
            (true, true) => "owner, with authority to sign",
            (true, false) => "owner, without authority to sign",
            (false, true) => "member with authority to sign",
            (false, false) => "member",
        }
    }

    /// An owner who may sign: an app keeps one.
    pub(super) const fn leads(self) -> bool {
        self.owner && self.may_sign
    }
}

/// Invites the person of this username or email address.
///
/// # Errors
/// [`Error::NotFound`] to strangers, [`Error::Forbidden`] to members who do not own the app,
/// [`Error::Throttled`], [`Error::Input`] on the field `person`.
pub async fn invite_member(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    person: &str,
    authority: Authority,
) -> Result<()> {
    let mut problems = Vec::new();
    let field = Limits {
        field: "person",
        label: "Person",
        min: 3,
        max: 254,
    };
    let address = line(field, person, &mut problems);
    // By its shape alone, so that nothing is learned: what no letter reaches nobody ever answers.
    if problems.is_empty()
        && address.contains('@')
        && let Err(fault) = Mailbox::parse(&address, desk.local_parts())
    {
        problems.push(Problem {
            field: "person".to_owned(),
            text: format!("Person: {fault}"),
        });
    }
    // Nor does anybody ever register with such a name.
    if problems.is_empty() && !address.contains('@') && username_problem(&address).is_some() {
        problems.push(Problem {
            field: "person".to_owned(),
            text: "Person: write a username (letters, digits and the signs . _ -) or an email address."
                .to_owned(),
        });
    }
    limits::take(desk, &ADD_MEMBER, &caller.person.to_string()).await?;
    let step = AppStep::begin(desk, caller, app, AppAct::ManageMembers).await?;
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    // In the step, so that nobody but an owner uses up what an app may send.
    limits::take_on(step.transaction(), desk, &APP_INVITATIONS, &app.to_string()).await?;
    let key = email_key(&address);
    let now = step.now;
    let waiting = invitations::waiting(step.transaction(), app, now).await?;
    if waiting.iter().any(|row| row.address_key == key) {
        return Err(Error::field(
            "person",
            "Person: an invitation is waiting for this name or address; withdraw it first to change it.",
        ));
    }
    if step.people.members().count() + waiting.len() >= MOST_MEMBERS {
        return Err(Error::field(
            "person",
            format!("Person: an app has at most {MOST_MEMBERS} members, those invited among them."),
        ));
    }
    let found = account(step.transaction(), &key).await?;
    if let Some(found) = &found
        && step.people.member(PersonId(found.id)).is_some()
    {
        return Err(Error::field(
            "person",
            format!("Person: {} is a member already.", found.name),
        ));
    }
    invitations::expire(step.transaction(), app, &key).await?;
    let known = desk.reference.known();
    let days = i64::from(known.settings.invitation_days);
    let row = app_invitations::Model {
        id: Uuid::now_v7(),
        app_id: app.0,
        person_id: found.as_ref().map(|person| person.id),
        address,
        address_key: key,
        owner: authority.owner,
        may_sign: authority.may_sign,
        invited_by: caller.person.0,
        invited_at: now.micros(),
        expires_at: now.plus(Duration::days(days)).micros(),
        state: State::Waiting.word().to_owned(),
        answered_at: None,
        from_owner_id: None,
    };
    let body = json!({
        "invitation": row.id,
        "person": row.person_id,
        "before": null,
        "after": authority,
    });
    if let Some(found) = &found {
        // Who works on an open case of this app is not asked away from it, nor who let it in; the
        // invitation waits.
        let (person, staff) = (
            PersonId(found.id),
            !roles_from_words(&found.roles).is_empty(),
        );
        let obstacle = invitations::obstacle(step.transaction(), app, person, staff).await?;
        if obstacle.is_none() && admitted(step.transaction(), desk, found).await? {
            let letter = MemberLetter::Invited {
                invitation: row.id,
                by: caller.name.clone(),
                until: workflow::Timestamp::from_micros(row.expires_at),
            };
            letters::post_to_members(&step, &[found], &letter).await?;
        }
    }
    app_invitations::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(step.transaction())
        .await?;
    step.commit("member_invited", body).await?;
    Ok(())
}

/// The account of this username or confirmed address that can be used.
async fn account(connection: &impl ConnectionTrait, key: &str) -> Result<Option<people::Model>> {
    Ok(people::Entity::find()
        .filter(
            Condition::any()
                .add(people::Column::UsernameKey.eq(key))
                .add(people::Column::EmailKey.eq(key)),
        )
        .filter(people::Column::DisabledAt.is_null())
        .filter(people::Column::EmailVerifiedAt.is_not_null())
        .one(connection)
        .await?)
}
