//! Questions and answers for everybody: made of a solved request, released by a second person.

use super::{LONGEST_MESSAGE, request_step::RequestStep};
use crate::{
    By, Caller, Desk, Error, Lock, Result, Step,
    audit::Subject,
    entities::{
        apps, people,
        support_articles::{self, Column as C},
        support_messages, support_requests,
    },
    input::input,
    policy::SupportAct,
    support::{
        letters,
        personal::{KnownBy, Telling, found},
        store::Stored,
    },
    take,
    text::{Limits, line, lines, plain, slug, slug_with},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Set, sea_query::ExprTrait,
};
use serde_json::json;
use uuid::Uuid;
use workflow::{
    Refusal, Relation, Role,
    form::Problem,
    support::{ActionKind, LONGEST_SUBJECT, Refused, RequestNumber, State},
};

input! {
    /// An article made of a request.
    pub struct WriteArticleInput for "write_article" OnDesk {
        hidden request: RequestNumber;
        typed title: String = "Title" up to LONGEST_SUBJECT;
        typed question: String = "Question" up to LONGEST_MESSAGE;
        typed answer: String = "Answer" up to LONGEST_MESSAGE;
    }
}

input! {
    /// What the second person says; the button says which of the two.
    pub struct DecideArticleInput for "decide_article" OnDesk {
        hidden article: Uuid;
        typed released: bool = "Released";
        typed reason: String = "Why not" up to 500;
    }
}

input! {
    /// Why an article is taken out.
    pub struct TakeOutArticleInput for "take_out_article" OnDesk {
        hidden article: Uuid;
        typed reason: String = "Why it is taken out" up to 500;
    }
}

/// Where an article stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Waiting,
    Released,
    Refused,
    /// It was released, and nobody reads it any more.
    TakenOut,
}

impl Decision {
    /// The word of the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Released => "released",
            Self::Refused => "refused",
            Self::TakenOut => "taken_out",
        }
    }

    /// The reverse of `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Released, Self::Refused, Self::TakenOut]
            .into_iter()
            .find(|one| one.word() == word)
    }
}

/// Writes an article, which waits for a second person; answers its address.
///
/// # Errors
/// See `RequestStep::begin`; [`Error::Input`] for texts that are missing or tell of somebody;
/// [`Error::Refused`] while the request is not solved.
pub async fn write_article(
    desk: &Desk,
    caller: &Caller,
    input: &WriteArticleInput,
) -> Result<String> {
    let number = input.request;
    let step = RequestStep::begin(desk, caller, number, ActionKind::Note, None).await?;
    let subject = step.stored.subject_of(caller);
    step.policy.require(&subject, SupportAct::WriteArticle)?;
    if !matches!(step.stored.request.state, State::Solved | State::Closed) {
        return Err(Refusal::Support(Refused::NotSolved).into());
    }
    let mut problems = Vec::new();
    let limits = |field, label, min, max| Limits {
        field,
        label,
        min,
        max,
    };
    let title = limits("title", "Title", 5, LONGEST_SUBJECT);
    let title = line(title, &input.title, &mut problems);
    let question = limits("question", "Question", 5, LONGEST_MESSAGE);
    let question = lines(question, &input.question, &mut problems);
    let answer = limits("answer", "Answer", 5, LONGEST_MESSAGE);
    let answer = lines(answer, &input.answer, &mut problems);
    take(step.transaction(), Lock::ArticleTitle).await?;
    if let Some(other) = of_same_title(step.transaction(), &title, None).await? {
        problems.push(Problem {
            field: "title".to_owned(),
            text: format!("Title: {}", taken(&other)),
        });
    }
    let telling = telling(step.transaction(), &step.stored).await?;
    for (field, label, text) in [
        ("title", "Title", &title),
        ("question", "Question", &question),
        ("answer", "Answer", &answer),
    ] {
        let found = found(text, &telling);
        if !found.is_empty() {
            problems.push(Problem {
                field: field.to_owned(),
                text: format!("{label}: take out {}.", found.join(", ")),
            });
        }
    }
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    let id = Uuid::now_v7();
    let slug = free_slug(step.transaction(), &title, id).await?;
    let row = support_articles::Model {
        id,
        slug: slug.clone(),
        request_id: step.stored.row.id,
        category: step.stored.row.category.clone(),
        title_key: plain(&title),
        text_key: plain(&format!("{question}\n{answer}")),
        title,
        question,
        answer,
        state: Decision::Waiting.word().to_owned(),
        written_by: caller.person.0,
        written_at: step.now.micros(),
        decided_by: None,
        decided_at: None,
        reason: None,
    };
    support_articles::Entity::insert(support_articles::ActiveModel::from(row).reset_all())
        .exec_without_returning(step.transaction())
        .await?;
    let body = json!({ "number": number.0, "slug": slug });
    step.commit_beside("article_written", body).await?;
    Ok(slug)
}

/// Another article of the same title, in whichever case and with whichever signs, that everybody reads
/// or that waits for a second person.
async fn of_same_title(
    connection: &impl ConnectionTrait,
    title: &str,
    but: Option<Uuid>,
) -> Result<Option<support_articles::Model>> {
    let words = |key: &str| -> Vec<String> {
        key.split(|character: char| !character.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let own = words(&plain(title));
    let others = support_articles::Entity::find()
        .filter(C::State.is_in([Decision::Waiting.word(), Decision::Released.word()]))
        .order_by_desc(C::State.eq(Decision::Released.word()))
        .all(connection)
        .await?;
    Ok(others
        .into_iter()
        .find(|other| but != Some(other.id) && words(&other.title_key) == own))
}

/// That it stands in the way.
fn taken(other: &support_articles::Model) -> String {
    let stands = match Decision::from_word(&other.state) {
        Some(Decision::Released) => "everybody reads",
        _ => "waits for a second person",
    };
    format!(
        "an article of this title {stands}: /support/articles/{}. Choose another title, or take that one out first.",
        other.slug
    )
}

/// An article that somebody is at, with its request, and what they are to it.
async fn held(
    step: &Step<'_>,
    caller: &Caller,
    article: Uuid,
) -> Result<(support_articles::Model, Stored, crate::policy::Subject)> {
    let row = support_articles::Entity::find_by_id(article)
        .lock_exclusive()
        .one(step.transaction())
        .await?
        .ok_or(Error::NotFound)?;
    let request = support_requests::Entity::find_by_id(row.request_id)
        .one(step.transaction())
        .await?
        .ok_or(Error::NotFound)?;
    let stored = Stored::of(step.transaction(), request).await?;
    let mut relations = stored.people.relations(caller.person);
    if row.written_by == caller.person.0 {
        relations.insert(Relation::ArticleAuthor);
    }
    if stored.row.opener_id == caller.person.0 {
        relations.insert(Relation::Requester);
    }
    let subject = crate::policy::Subject::new(&caller.roles, &relations);
    if !step.policy.allows(&subject, SupportAct::ReadInternal) {
        return Err(Error::NotFound);
    }
    Ok((row, stored, subject))
}

/// Takes a released article out: nobody reads it any more. One person is enough, so that what tells of
/// somebody goes at once; another article of the same request is written and released as the first.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`]; [`Error::Input`] on `reason`; [`Error::Refused`] for one
/// that is not released.
pub async fn take_out_article(
    desk: &Desk,
    caller: &Caller,
    article: Uuid,
    reason: &str,
) -> Result<RequestNumber> {
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    let (row, stored, subject) = held(&step, caller, article).await?;
    step.policy.require(&subject, SupportAct::WriteArticle)?;
    if row.state != Decision::Released.word() {
        return Err(Refusal::Support(Refused::DecidedBefore).into());
    }
    let reason = why("Why it is taken out", 3, reason)?;
    support_articles::Entity::update_many()
        .set(support_articles::ActiveModel {
            state: Set(Decision::TakenOut.word().to_owned()),
            reason: Set(Some(reason.clone())),
            ..Default::default()
        })
        .filter(C::Id.eq(row.id))
        .exec(step.transaction())
        .await?;
    let body = json!({ "number": stored.row.number, "slug": row.slug });
    let subject = Subject::Request(stored.row.id);
    step.append(subject, "article_taken_out", body, reason);
    step.commit().await?;
    Ok(stored.request.number)
}

/// Releases an article to everybody, or refuses it with a reason. Who wrote it does neither.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] to who wrote it; [`Error::Input`] on `reason`;
/// [`Error::Refused`] for one that has been decided.
pub async fn decide_article(
    desk: &Desk,
    caller: &Caller,
    article: Uuid,
    released: bool,
    reason: &str,
) -> Result<String> {
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    let (row, stored, subject) = held(&step, caller, article).await?;
    step.policy.require(&subject, SupportAct::ReleaseArticle)?;
    if row.state != Decision::Waiting.word() {
        return Err(Refusal::Support(Refused::DecidedBefore).into());
    }
    let reason = why("Why not", if released { 0 } else { 3 }, reason)?;
    if released {
        take(step.transaction(), Lock::ArticleTitle).await?;
        let other = of_same_title(step.transaction(), &row.title, Some(row.id)).await?;
        let public = other.filter(|other| other.state == Decision::Released.word());
        if let Some(other) = public {
            return Err(Error::field("released", taken(&other)));
        }
    }
    let (decision, name) = if released {
        (Decision::Released, "article_released")
    } else {
        (Decision::Refused, "article_refused")
    };
    support_articles::Entity::update_many()
        .set(support_articles::ActiveModel {
            state: Set(decision.word().to_owned()),
            decided_by: Set(Some(caller.person.0)),
            decided_at: Set(Some(step.now.micros())),
            reason: Set((!released).then(|| reason.clone())),
            ..Default::default()
        })
        .filter(C::Id.eq(row.id))
        .exec(step.transaction())
        .await?;
    if !released {
        letters::article_refused(&step, &stored, row.written_by, &row.title, &reason).await?;
    }
    let body = json!({ "number": stored.row.number, "slug": row.slug });
    step.append(Subject::Request(stored.row.id), name, body, reason);
    step.commit().await?;
    Ok(row.slug)
}

/// A reason on one line, of `min` characters at least.
fn why(label: &'static str, min: usize, typed: &str) -> Result<String> {
    let mut problems = Vec::new();
    let limits = Limits {
        field: "reason",
        label,
        min,
        max: 500,
    };
    let reason = line(limits, typed, &mut problems);
    match problems.is_empty() {
        true => Ok(reason),
        false => Err(Error::Input { problems }),
    }
}

/// What tells of the developer, of their app and its people, and of ours.
async fn telling(connection: &impl ConnectionTrait, stored: &Stored) -> Result<Vec<Telling>> {
    let mut telling = Vec::new();
    let mut add = |what: &'static str, word: String, known: KnownBy| {
        telling.push(Telling { what, word, known });
    };
    let opener = people::Entity::find_by_id(stored.row.opener_id)
        .one(connection)
        .await?;
    if let Some(person) = opener {
        add("the name of the developer", person.name, KnownBy::AnyPart);
        let username = person.username;
        add("the username of the developer", username, KnownBy::AnyPart);
        add(
            "the organisation of the developer",
            person.organisation,
            KnownBy::Capitals,
        );
    }
    if let Some(app) = stored.row.app_id
        && let Some(app) = apps::Entity::find_by_id(app).one(connection).await?
    {
        add("the name of the app", app.name, KnownBy::Whole);
        let (organisation, client_id) = (app.organisation, app.client_id);
        add(
            "the organisation of the app",
            organisation,
            KnownBy::Capitals,
        );
        add("the client id of the app", client_id, KnownBy::Whole);
    }
    let wrote = support_messages::Entity::find()
        .select_only()
        .column(support_messages::Column::AuthorId)
        .filter(support_messages::Column::RequestId.eq(stored.row.id))
        .into_tuple::<Uuid>()
        .all(connection)
        .await?;
    let members: Vec<Uuid> = stored.people.members().map(|one| one.person_id).collect();
    let ours = people::Column::Roles.is_not_in(["", Role::Developer.word()]);
    let others = people::Entity::find()
        .filter(people::Column::Id.ne(stored.row.opener_id))
        .filter(people::Column::Id.is_in(members.iter().copied()).or(ours))
        .all(connection)
        .await?;
    for person in others {
        let took_part = wrote.contains(&person.id) || stored.row.assignee_id == Some(person.id);
        match (members.contains(&person.id), took_part) {
            (true, _) => add(
                "the name of a member of the app",
                person.name,
                KnownBy::AnyPart,
            ),
            (false, true) => add("the name of a colleague", person.name, KnownBy::AnyPart),
            // Of the many others one name alone is a word like others.
            (false, false) if person.name.contains(' ') => {
                add("the name of a colleague", person.name, KnownBy::Whole);
            }
            (false, false) => {}
        }
    }
    Ok(telling)
}

/// An address that no article has: made of the title, with the end of the article's own id where that
/// is taken or says nothing.
async fn free_slug(connection: &impl ConnectionTrait, title: &str, id: Uuid) -> Result<String> {
    let slug = slug(title);
    let taken = support_articles::Entity::find()
        .filter(C::Slug.eq(slug.as_str()))
        .one(connection)
        .await?
        .is_some();
    let is_free = !taken && !slug.is_empty();
    Ok(if is_free { slug } else { slug_with(&slug, id) })
}
