//! Invite a person: an account without a password, and a single-use link under which it is chosen.

use super::{
    person_step::PersonStep,
    role_request::{Given, RequestKind, Wish},
};
use crate::{
    By, Caller, Desk, Error, Lock, Result, Step,
    accounts::{NewPerson, add, check_combination, find, person_problems},
    audit::Subject,
    input::input,
    limits::{self, INVITE},
    people::{LinkLetter, Posted, post_link},
    policy::DeskAct,
    queries::audit::may,
    roles_from_words, take,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{PersonId, Role, form::Problem};

input! {
    /// Who is invited.
    pub struct InvitePersonInput for "invite_person" OnDesk {
        typed name: String = "Name" up to 100;
        typed email: String = "Email" up to 254;
        typed username: String = "Username" up to 40;
        typed organisation: String = "Organisation" up to 200;
        typed roles: BTreeSet<Role> = "Roles";
        /// Why one person is to hold roles that are better held by two.
        typed combination: String = "Why together" up to 500;
    }
}

/// Who is to be invited, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invitation {
    pub name: String,
    pub username: String,
    pub email: String,
    pub organisation: String,
    pub roles: BTreeSet<Role>,
    /// Why one person is to hold roles that are better held by two.
    pub combination: String,
}

/// The new account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invited {
    pub person: PersonId,
    /// Where it waits for a second admin, the account has no roles and no letter has gone out.
    pub given: Given,
}

/// Makes the account and writes the letter; where a role is asked for that one admin alone does
/// not give, both wait for a second admin.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Throttled`]; [`Error::Input`] with everything wrong at once.
pub async fn invite_person(desk: &Desk, caller: &Caller, new: Invitation) -> Result<Invited> {
    may(desk, caller, DeskAct::ManagePeople)?;
    limits::take(desk, &INVITE, &caller.person.to_string()).await?;
    let mut problems = person_problems(&new.name, &new.username, &new.email, desk.local_parts());
    let mut wrong = |field: &str, text: &str| {
        problems.push(Problem {
            field: field.to_owned(),
            text: text.to_owned(),
        });
    };
    if new.roles.is_empty() {
        wrong("roles", "Roles: choose at least one.");
    }
    let none = BTreeSet::new();
    let checked = check_combination(&none, &new.roles, &new.combination);
    if let Err(error) = &checked {
        for problem in error.problems() {
            wrong(&problem.field, &problem.text);
        }
    }
    if workflow::text::line(&new.organisation).chars().count() > 200 {
        wrong("organisation", "Organisation: use at most 200 characters.");
    }
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    take(step.transaction(), Lock::Identity).await?;
    let known = crate::entities::people::Entity::find()
        .filter(crate::entities::people::Column::EmailKey.eq(crate::text::email_key(&new.email)))
        .count(step.transaction())
        .await?;
    if known > 0 {
        wrong(
            "email",
            "Email: this address has an account; change its roles instead.",
        );
    }
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    let combination = checked?;
    let wish = Wish {
        kind: RequestKind::Invitation,
        before: &none,
        after: &new.roles,
        reason: "",
        combination: &combination,
    };
    let waits = wish.waits(desk);
    let person = add(
        step.transaction(),
        desk,
        NewPerson {
            name: new.name,
            username: new.username,
            email: new.email,
            organisation: new.organisation,
            roles: if waits {
                none.clone()
            } else {
                new.roles.clone()
            },
            ..Default::default()
        },
    )
    .await?;
    let id = person.id;
    let name = if waits {
        "invitation_requested"
    } else {
        "person_invited"
    };
    let body = json!({
        "before": null,
        "after": { "username": person.username, "roles": new.roles },
    });
    step.append(Subject::Person(id), name, body, combination.clone());
    let step = PersonStep { step, person };
    if waits {
        wish.ask(desk, caller, &step).await?;
    } else {
        send_invitation(&step.step, id).await?;
    }
    step.step.commit().await?;
    Ok(Invited {
        person: PersonId(id),
        given: if waits { Given::Waits } else { Given::Now },
    })
}

/// Sends someone who has never chosen a password the link under which it is chosen, in place of
/// any that was sent before; nothing to others.
///
/// # Errors
/// [`Error::Input`] on `email` when the address has had too many letters; when the database does
/// not answer.
pub(super) async fn send_invitation(step: &Step<'_>, person: Uuid) -> Result<()> {
    let transaction = step.transaction();
    // As it is now: links are bound to what the account was when they were made.
    let person = find(transaction, PersonId(person)).await?;
    if person.password_hash.is_some() {
        return Ok(());
    }
    let letter = LinkLetter::Invitation {
        by: step.by.caller().map(|caller| caller.name.clone()),
        roles: roles_from_words(&person.roles).into_iter().collect(),
    };
    if post_link(transaction, step.desk, &person, letter).await? == Posted::Withheld {
        return Err(Error::field(
            "email",
            "Email: this address has had several letters from us already; try again tomorrow.",
        ));
    }
    step.has_letters();
    Ok(())
}
