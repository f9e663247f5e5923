//! What all steps on a request share: load, authorise, decide, write, and record what changed, in
//! one transaction.

use super::{
    Files, message,
    request_files::{attach, send, unsent},
};
use crate::{
    By, Caller, Desk, Error, Result, Step,
    audit::Subject,
    entities::{support_files, support_messages, support_notes},
    policy::{Snapshot, SupportAct},
    support::store::{self, Stored},
};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::{Deref, DerefMut},
};
use uuid::Uuid;
use workflow::{
    Refusal,
    state::Side,
    support::{Action, ActionKind, RequestNumber, decide, of},
    text::plain,
    transition::StepSide,
};

/// What the person saw of a request: its version.
pub type Seen = u64;

/// What somebody wrote on a request.
pub(in crate::support) struct Said {
    /// Empty where files alone were sent.
    pub text: String,
    /// What the files are called that were sent with it.
    pub files: Vec<String>,
}

impl Said {
    /// The text, where there is one.
    pub fn quote(&self) -> Option<String> {
        (!self.text.is_empty()).then(|| self.text.clone())
    }
}

/// A request in the middle of a step.
pub(super) struct RequestStep<'a> {
    pub step: Step<'a>,
    pub stored: Stored,
}

impl<'a> Deref for RequestStep<'a> {
    type Target = Step<'a>;
    fn deref(&self) -> &Step<'a> {
        &self.step
    }
}

impl DerefMut for RequestStep<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.step
    }
}

impl<'a> RequestStep<'a> {
    /// Begins a step of a person: the request is locked, and the person may take it.
    ///
    /// # Errors
    /// [`Error::NotFound`] to those who may not know of the request; [`Error::Forbidden`];
    /// [`Error::Conflict`] where the step judges what has changed since `seen`.
    pub async fn begin(
        desk: &'a Desk,
        caller: &'a Caller,
        number: RequestNumber,
        kind: ActionKind,
        seen: Option<Seen>,
    ) -> Result<Self> {
        let step = Self::begin_beside(desk, caller, number, kind).await?;
        let is_new = |seen: Seen| i64::try_from(seen) == Ok(step.stored.row.version);
        if of(kind).judges && !seen.is_some_and(is_new) {
            return Err(Error::Conflict {
                changes: Vec::new(),
            });
        }
        Ok(step)
    }

    /// As [`RequestStep::begin`], with another request that is looked at: both are locked, in the
    /// order of their numbers, so that of two steps that meet one waits for the other. None where
    /// there is no such other.
    ///
    /// # Errors
    /// As [`RequestStep::begin`].
    pub async fn begin_both(
        desk: &'a Desk,
        caller: &'a Caller,
        number: RequestNumber,
        other: RequestNumber,
        kind: ActionKind,
        seen: Seen,
    ) -> Result<(Self, Option<Stored>)> {
        let step = Step::begin(desk, By::Person(caller)).await?;
        let mut found = BTreeMap::new();
        for one in BTreeSet::from([number, other]) {
            match Stored::load(step.transaction(), one, true).await {
                Ok(stored) => drop(found.insert(one, stored)),
                Err(Error::NotFound) if one != number => {}
                Err(error) => return Err(error),
            }
        }
        let stored = found.get(&number).cloned().ok_or(Error::NotFound)?;
        permitted(&step.policy, &stored, caller, kind)?;
        if i64::try_from(seen) != Ok(stored.row.version) {
            return Err(Error::Conflict {
                changes: Vec::new(),
            });
        }
        Ok((Self { step, stored }, found.remove(&other)))
    }

    /// As [`RequestStep::begin`], for what is put beside the request and judges nothing of it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn begin_beside(
        desk: &'a Desk,
        caller: &'a Caller,
        number: RequestNumber,
        kind: ActionKind,
    ) -> Result<Self> {
        let step = Step::begin(desk, By::Person(caller)).await?;
        let stored = Stored::load(step.transaction(), number, true).await?;
        permitted(&step.policy, &stored, caller, kind)?;
        Ok(Self { step, stored })
    }

    /// Whether a person may take a step on a request: before slow work, and again within the step.
    ///
    /// # Errors
    /// As [`RequestStep::begin_beside`].
    pub fn may(desk: &Desk, stored: &Stored, caller: &Caller, kind: ActionKind) -> Result<()> {
        permitted(&desk.policy.snapshot(), stored, caller, kind)
    }

    /// Begins a step of the desk's own clock.
    ///
    /// # Errors
    /// When the database does not answer; [`Error::Forbidden`].
    pub async fn of_clock(desk: &'a Desk, number: RequestNumber, kind: ActionKind) -> Result<Self> {
        let step = Step::begin(desk, By::Clock).await?;
        let stored = Stored::load(step.transaction(), number, true).await?;
        let clock = crate::policy::Subject::new(
            &BTreeSet::new(),
            &BTreeSet::from([workflow::Relation::Clock]),
        );
        step.policy.require(&clock, kind)?;
        Ok(Self { step, stored })
    }

    /// Asks the rules, and takes over what they answer.
    ///
    /// # Errors
    /// [`Error::Refused`].
    pub fn decide(&mut self, action: Action<'_>) -> Result<()> {
        let now = self.step.now;
        let calendar = &self.step.known.calendar;
        let next = decide(&self.stored.request, action, now, calendar).map_err(Refusal::Support)?;
        self.stored.row = store::project(&self.stored.row, &next, now);
        self.stored.request = next;
        Ok(())
    }

    /// Asks the rules about what leaves the request as it is.
    ///
    /// # Errors
    /// [`Error::Refused`].
    pub fn permits(&self, action: Action<'_>) -> Result<()> {
        decide(
            &self.stored.request,
            action,
            self.step.now,
            &self.step.known.calendar,
        )
        .map_err(Refusal::Support)?;
        Ok(())
    }

    /// Writes down what was said by the side whose step it is, with the files that came with it or
    /// had been waiting for it; where there are some, they may say it without a text. Answers what
    /// was said.
    ///
    /// # Errors
    /// [`Error::Input`] on `text` and `files`; when the database does not answer.
    pub async fn say(
        &mut self,
        kind: ActionKind,
        label: &str,
        text: &str,
        files: &Files,
    ) -> Result<Said> {
        let side = match of(kind).side {
            StepSide::Developer => Side::Developer,
            StepSide::Staff | StepSide::Clock => Side::Us,
        };
        let caller = self.by.caller().ok_or(Error::SignedOut)?.clone();
        let request = self.stored.row.id;
        let mut names: Vec<String> = support_files::Entity::find()
            .select_only()
            .column(support_files::Column::Name)
            .filter(unsent(request, &caller))
            .order_by_asc(support_files::Column::AddedAt)
            .order_by_asc(support_files::Column::Id)
            .into_tuple()
            .all(self.transaction())
            .await?;
        names.extend(files.iter().map(|file| file.name.clone()));
        let text = match names.is_empty() || !text.trim().is_empty() {
            true => message(label, text)?,
            false => String::new(),
        };
        let id = Uuid::now_v7();
        support_messages::Entity::insert(support_messages::ActiveModel {
            id: Set(id),
            request_id: Set(request),
            author_id: Set(caller.person.0),
            text_key: Set(plain(&text)),
            text: Set(text.clone()),
            written_at: Set(self.now.micros()),
            side: Set(side.word().to_owned()),
        })
        .exec_without_returning(self.transaction())
        .await?;
        send(self.transaction(), request, &caller, id).await?;
        attach(
            &mut self.step,
            &self.stored.row,
            &caller,
            side,
            files,
            Some(id),
        )
        .await?;
        Ok(Said { text, files: names })
    }

    /// Writes down what only our side reads.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note(&self, text: &str) -> Result<()> {
        let author = self.by.caller().ok_or(Error::SignedOut)?.person.0;
        support_notes::Entity::insert(support_notes::ActiveModel {
            id: Set(Uuid::now_v7()),
            request_id: Set(self.stored.row.id),
            author_id: Set(author),
            text: Set(text.to_owned()),
            written_at: Set(self.now.micros()),
        })
        .exec_without_returning(self.transaction())
        .await?;
        Ok(())
    }

    /// Ends a step that leaves the request as it is: what stands beside it has been written, and
    /// nobody who looks at it is told that it has changed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn commit_beside(
        mut self,
        name: &'static str,
        body: serde_json::Value,
    ) -> Result<()> {
        let subject = Subject::Request(self.stored.row.id);
        self.step.append(subject, name, body, String::new());
        self.step.commit().await
    }

    /// Writes the request, its event and what both hold. The event says what happened and carries
    /// nothing that anybody typed.
    ///
    /// # Errors
    /// [`Error::Conflict`]; when the database does not answer.
    pub async fn commit(mut self, name: &'static str, more: serde_json::Value) -> Result<()> {
        store::write(self.step.transaction(), &self.stored.row).await?;
        let mut body = json!({
            "number": self.stored.row.number,
            "state": self.stored.row.state,
        });
        if let (Some(body), serde_json::Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        let subject = Subject::Request(self.stored.row.id);
        self.step.append(subject, name, body, String::new());
        self.step.commit().await
    }
}

fn permitted(policy: &Snapshot, stored: &Stored, caller: &Caller, kind: ActionKind) -> Result<()> {
    let subject = stored.subject_of(caller);
    let reads = |act: SupportAct| policy.allows(&subject, act);
    if !reads(SupportAct::Read) && !reads(SupportAct::ReadInternal) {
        return Err(Error::NotFound);
    }
    Ok(policy.require(&subject, kind)?)
}
