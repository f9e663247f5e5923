//! `/support/{number}`: one request, as its developer or as our side sees it.

use crate::{
    Caller, Desk, Error, Result,
    cases::sight,
    entities::{
        apps, cases, people, support_articles, support_files, support_links, support_messages,
        support_notes, support_requests,
    },
    policy::{Act, SupportAct},
    queries::application,
    relations::conflicted_apps,
    roles_from_words,
    support::{
        commands::{Decision, unsent},
        queries::{canned::offered, not_conflicted},
        store::{Stored, environment, reads_inside},
    },
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use workflow::{
    ActionKind as StepKind, AppId, CaseNumber, PersonId, QuestionId, Role, Timestamp,
    clock::Spent,
    state::Side,
    support::{
        ActionKind, Category, Environment, RequestNumber, State, available, may_reopen_until,
    },
};

/// Who wrote something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WroteIt {
    /// Whoever reads it.
    You,
    Developer(String),
    /// To developers our side has no names.
    Us(Option<String>),
}

/// What was written, by either side to the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub by: WroteIt,
    /// Empty where files alone were sent.
    pub text: String,
    pub at: Timestamp,
    /// What was sent with it.
    pub files: Vec<FileLine>,
}

/// A file that somebody attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLine {
    pub id: Uuid,
    pub name: String,
    /// In bytes.
    pub size: u64,
    pub at: Timestamp,
}

/// A question of ours about the application that the request names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenQuestion {
    pub id: QuestionId,
    pub text: String,
}

/// What only our side reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub by: String,
    pub text: String,
    pub at: Timestamp,
}

/// A case that it has to do with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedCase {
    pub number: CaseNumber,
    pub app: String,
    /// Whether the reader may open its page among the cases.
    pub readable: bool,
}

/// Somebody of ours who could answer for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    pub id: PersonId,
    pub name: String,
}

/// An article that nobody reads, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreleased {
    pub title: String,
    pub question: String,
    pub answer: String,
    pub reason: String,
}

/// Why somebody gets no letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreached {
    /// Letters are held until the account is enabled again.
    Disabled,
    Closed,
}

impl Unreached {
    fn of(person: &people::Model) -> Option<Self> {
        if person.closed_at.is_some() {
            Some(Self::Closed)
        } else {
            person.disabled_at.map(|_| Self::Disabled)
        }
    }
}

/// What only our side sees of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inside {
    pub developer: String,
    /// Why no letter reaches them now, and they cannot answer.
    pub unreached: Option<Unreached>,
    pub notes: Vec<Note>,
    pub links: Vec<LinkedCase>,
    pub colleagues: Vec<Colleague>,
    pub assignee: Option<Colleague>,
    pub stars: Option<u8>,
    pub rating: Option<String>,
    /// Articles made of it: title, address, and where each stands.
    pub articles: Vec<(String, String, Decision)>,
    pub may_write_article: bool,
    /// The newest article of it where that was not released, or taken out: what another one begins
    /// with.
    pub unreleased: Option<Unreleased>,
    /// Texts that can be put into an answer, by title.
    pub canned: Vec<(Uuid, String)>,
    /// Other open requests of the same developer, into which it could be merged.
    pub others: Vec<(RequestNumber, String)>,
}

/// The page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestPage {
    pub number: RequestNumber,
    pub subject: String,
    pub category: Category,
    pub environment: Environment,
    pub app: Option<(AppId, String)>,
    /// The application that the developer named.
    pub case: Option<LinkedCase>,
    pub state: State,
    pub due: Option<Timestamp>,
    pub spent: Spent,
    pub opened: Timestamp,
    pub reopens_until: Option<Timestamp>,
    pub merged_into: Option<RequestNumber>,
    pub moved_to: Option<String>,
    /// Requests that go on in this one.
    pub merged_here: Vec<RequestNumber>,
    pub messages: Vec<Message>,
    /// What the reader attached and has not sent.
    pub unsent: Vec<FileLine>,
    /// Our open questions about the application, where the reader is the developer and may answer
    /// them: what was written here can become the answer.
    pub questions: Vec<OpenQuestion>,
    pub version: u64,
    /// What the reader can do now.
    pub actions: BTreeSet<ActionKind>,
    pub rated: Option<u8>,
    /// None where the reader is the developer.
    pub inside: Option<Inside>,
}

impl RequestPage {
    /// Whether the reader can do this now.
    pub fn can(&self, kind: ActionKind) -> bool {
        self.actions.contains(&kind)
    }
}

/// The page of a request.
///
/// # Errors
/// [`Error::NotFound`] to those who may not know of it.
pub async fn request_page(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
) -> Result<RequestPage> {
    let database = desk.database.read();
    let stored = Stored::load(database, number, false).await?;
    let policy = desk.policy.snapshot();
    let subject = stored.subject_of(caller);
    let inside = policy.allows(&subject, SupportAct::ReadInternal);
    if !inside && !policy.allows(&subject, SupportAct::Read) {
        return Err(Error::NotFound);
    }
    let now = desk.now();
    let actions = ActionKind::ALL
        .iter()
        .copied()
        .filter(|kind| policy.allows(&subject, Act::Request(*kind)))
        .filter(|kind| available(&stored.request, *kind, now))
        .collect();
    let row = &stored.row;
    let app = match row.app_id {
        Some(app) => apps::Entity::find_by_id(app).one(database).await?,
        None => None,
    };
    // Of ours nobody reads what is of an app about which they are in conflict of interest.
    let readable = match inside {
        true => not_conflicted(caller.person),
        false => Condition::all(),
    };
    let merged: Vec<i32> = support_requests::Entity::find()
        .select_only()
        .column(support_requests::Column::Number)
        .filter(support_requests::Column::MergedInto.eq(row.number))
        .filter(readable)
        .order_by_asc(support_requests::Column::Number)
        .into_tuple()
        .all(database)
        .await?;
    let case = linked_cases(desk, caller, row.case_id).await?.pop();
    let questions = match &case {
        Some(case) if !inside => open_questions(desk, caller, case.number).await?,
        _ => Vec::new(),
    };
    let inside = match inside {
        true => Some(seen_inside(desk, caller, &stored).await?),
        false => None,
    };
    Ok(RequestPage {
        number,
        subject: row.subject.clone(),
        category: stored.request.category,
        environment: environment(row)?,
        app: app.map(|app| (AppId(app.id), app.name)),
        case,
        questions,
        state: stored.request.state,
        due: stored.request.due,
        spent: stored.request.spent(now, &desk.reference.known().calendar),
        opened: Timestamp::from_micros(row.opened_at),
        reopens_until: may_reopen_until(&stored.request).filter(|until| now <= *until),
        merged_into: row.merged_into.map(as_number),
        moved_to: row.moved_to.clone(),
        merged_here: merged.into_iter().map(as_number).collect(),
        messages: messages(desk, caller, row.id, inside.is_some()).await?,
        unsent: files(desk, unsent(row.id, caller))
            .await?
            .into_iter()
            .map(|(_, file)| file)
            .collect(),
        version: row.version.unsigned_abs(),
        actions,
        rated: stored.request.stars,
        inside,
    })
}

async fn open_questions(
    desk: &Desk,
    caller: &Caller,
    case: CaseNumber,
) -> Result<Vec<OpenQuestion>> {
    let case = match application(desk, caller, case).await {
        Ok(case) => case,
        // Who has left the app still has the request.
        Err(Error::NotFound) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    if !case.possible.contains(&StepKind::AnswerClarification) {
        return Ok(Vec::new());
    }
    let open = case.questions.into_iter();
    Ok(open
        .filter(|question| question.answer.is_none())
        .map(|question| OpenQuestion {
            id: question.id,
            text: question.text,
        })
        .collect())
}

/// Everything that the reader wrote on a request, to become the answer to a question of ours.
///
/// # Errors
/// [`Error::NotFound`] to those who may not know of it.
pub async fn own_words(desk: &Desk, caller: &Caller, number: RequestNumber) -> Result<String> {
    let page = request_page(desk, caller, number).await?;
    let own = page.messages.into_iter();
    let words: Vec<String> = own
        .filter(|message| message.by == WroteIt::You && !message.text.is_empty())
        .map(|message| message.text)
        .collect();
    Ok(words.join("\n\n"))
}

fn as_number(number: i32) -> RequestNumber {
    RequestNumber(number.unsigned_abs())
}

async fn messages(
    desk: &Desk,
    caller: &Caller,
    request: Uuid,
    inside: bool,
) -> Result<Vec<Message>> {
    use support_messages::Column as C;
    let rows = support_messages::Entity::find()
        .filter(C::RequestId.eq(request))
        .order_by_asc(C::WrittenAt)
        .order_by_asc(C::Id)
        .all(desk.database.read())
        .await?;
    let names = names(desk, rows.iter().map(|row| row.author_id)).await?;
    let sent = Condition::all()
        .add(support_files::Column::RequestId.eq(request))
        .add(support_files::Column::MessageId.is_not_null());
    let mut sent_with: BTreeMap<Option<Uuid>, Vec<FileLine>> = BTreeMap::new();
    for (message, file) in files(desk, sent).await? {
        sent_with.entry(message).or_default().push(file);
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let name = names.get(&row.author_id).cloned().unwrap_or_default();
            let by = if row.author_id == caller.person.0 {
                WroteIt::You
            } else if row.side == Side::Developer.word() {
                WroteIt::Developer(name)
            } else {
                WroteIt::Us(inside.then_some(name))
            };
            Message {
                by,
                text: row.text,
                at: Timestamp::from_micros(row.written_at),
                files: sent_with.remove(&Some(row.id)).unwrap_or_default(),
            }
        })
        .collect())
}

/// Each with the message that it was sent with, in the order in which they were attached.
async fn files(desk: &Desk, which: Condition) -> Result<Vec<(Option<Uuid>, FileLine)>> {
    use support_files::Column as C;
    let rows = support_files::Entity::find()
        .filter(which)
        .order_by_asc(C::AddedAt)
        .order_by_asc(C::Id)
        .all(desk.database.read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let line = FileLine {
                id: row.id,
                size: row.size.unsigned_abs(),
                name: row.name,
                at: Timestamp::from_micros(row.added_at),
            };
            (row.message_id, line)
        })
        .collect())
}

async fn names(desk: &Desk, ids: impl Iterator<Item = Uuid>) -> Result<BTreeMap<Uuid, String>> {
    let ids: BTreeSet<Uuid> = ids.collect();
    let found: Vec<(Uuid, String)> = people::Entity::find()
        .select_only()
        .columns([people::Column::Id, people::Column::Name])
        .filter(people::Column::Id.is_in(ids))
        .into_tuple()
        .all(desk.database.read())
        .await?;
    Ok(found.into_iter().collect())
}

async fn linked_cases(
    desk: &Desk,
    caller: &Caller,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<LinkedCase>> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = cases::Entity::find()
        .select_only()
        .columns([
            cases::Column::Number,
            cases::Column::AppId,
            cases::Column::InViews,
        ])
        .filter(cases::Column::Id.is_in(ids))
        .order_by_asc(cases::Column::Number)
        .into_tuple::<(i32, Uuid, i32)>()
        .all(desk.database.read())
        .await?;
    let named: BTreeMap<Uuid, String> = apps::Entity::find()
        .filter(apps::Column::Id.is_in(rows.iter().map(|(_, app, _)| *app)))
        .all(desk.database.read())
        .await?
        .into_iter()
        .map(|app| (app.id, app.name))
        .collect();
    let policy = desk.policy.snapshot();
    Ok(rows
        .into_iter()
        .map(|(number, app, in_views)| LinkedCase {
            number: CaseNumber(number.unsigned_abs()),
            app: named.get(&app).cloned().unwrap_or_default(),
            readable: sight::opens(&policy, caller, in_views),
        })
        .collect())
}

async fn seen_inside(desk: &Desk, caller: &Caller, stored: &Stored) -> Result<Inside> {
    let database = desk.database.read();
    let row = &stored.row;
    let notes = support_notes::Entity::find()
        .filter(support_notes::Column::RequestId.eq(row.id))
        .order_by_asc(support_notes::Column::WrittenAt)
        .order_by_asc(support_notes::Column::Id)
        .all(database)
        .await?;
    let wrote = notes.iter().map(|note| note.author_id);
    let also = [row.opener_id].into_iter().chain(row.assignee_id);
    let names = names(desk, wrote.chain(also)).await?;
    let name = |id: Uuid| names.get(&id).cloned().unwrap_or_default();
    let links: Vec<Uuid> = support_links::Entity::find()
        .select_only()
        .column(support_links::Column::CaseId)
        .filter(support_links::Column::RequestId.eq(row.id))
        .into_tuple()
        .all(database)
        .await?;
    let links: Vec<Uuid> = cases::Entity::find()
        .select_only()
        .column(cases::Column::Id)
        .filter(cases::Column::Id.is_in(links))
        .filter(cases::Column::AppId.not_in_subquery(conflicted_apps(caller.person)))
        .into_tuple()
        .all(database)
        .await?;
    let articles = support_articles::Entity::find()
        .filter(support_articles::Column::RequestId.eq(row.id))
        .order_by_asc(support_articles::Column::WrittenAt)
        .all(database)
        .await?;
    let others = support_requests::Entity::find()
        .filter(support_requests::Column::OpenerId.eq(row.opener_id))
        .filter(support_requests::Column::Id.ne(row.id))
        .filter(support_requests::Column::Side.ne(Side::Nobody.word()))
        .filter(not_conflicted(caller.person))
        .order_by_asc(support_requests::Column::Number)
        .all(database)
        .await?;
    let policy = desk.policy.snapshot();
    let subject = stored.subject_of(caller);
    let is_over = matches!(stored.request.state, State::Solved | State::Closed);
    let developer = people::Entity::find_by_id(row.opener_id)
        .one(database)
        .await?;
    let unreached = developer
        .as_ref()
        .map_or(Some(Unreached::Closed), Unreached::of);
    Ok(Inside {
        unreached,
        developer: name(row.opener_id),
        links: linked_cases(desk, caller, links).await?,
        colleagues: colleagues(desk, stored).await?,
        assignee: row.assignee_id.map(|id| Colleague {
            id: PersonId(id),
            name: name(id),
        }),
        stars: stored.request.stars,
        rating: row.rating.clone(),
        unreleased: articles
            .last()
            .filter(|one| {
                let decision = Decision::from_word(&one.state);
                matches!(decision, Some(Decision::Refused | Decision::TakenOut))
            })
            .map(|one| Unreleased {
                title: one.title.clone(),
                question: one.question.clone(),
                answer: one.answer.clone(),
                reason: one.reason.clone().unwrap_or_default(),
            }),
        articles: articles
            .into_iter()
            .filter_map(|one| Some((one.title, one.slug, Decision::from_word(&one.state)?)))
            .collect(),
        canned: match stored.request.state {
            State::Solved | State::Closed | State::Merged | State::Moved => Vec::new(),
            _ => offered(desk).await?,
        },
        may_write_article: is_over && policy.allows(&subject, SupportAct::WriteArticle),
        others: others
            .into_iter()
            .map(|other| (as_number(other.number), other.subject))
            .collect(),
        notes: notes
            .into_iter()
            .map(|note| Note {
                by: name(note.author_id),
                text: note.text,
                at: Timestamp::from_micros(note.written_at),
            })
            .collect(),
    })
}

/// Everybody of ours who could answer for it, by name.
async fn colleagues(desk: &Desk, stored: &Stored) -> Result<Vec<Colleague>> {
    let found = people::Entity::find()
        .filter(people::Column::Roles.contains(Role::Support.word()))
        .filter(people::Column::DisabledAt.is_null())
        .order_by_asc(people::Column::Name)
        .all(desk.database.read())
        .await?;
    let policy = desk.policy.snapshot();
    Ok(found
        .into_iter()
        .filter(|person| {
            let roles = roles_from_words(&person.roles);
            let id = PersonId(person.id);
            reads_inside(&policy, stored, id, &roles)
                && policy.allows(&stored.subject(id, &roles), ActionKind::Reply)
        })
        .map(|person| Colleague {
            id: PersonId(person.id),
            name: person.name,
        })
        .collect())
}
