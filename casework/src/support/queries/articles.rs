//! Questions and answers for everybody: those released, and those that wait for a second person.

use crate::{
    Caller, Desk, Error, Result,
    entities::{
        people,
        support_articles::{self, Column as C, Model},
        support_requests,
    },
    policy::{Subject, SupportAct},
    support::{commands::Decision, queries::not_conflicted},
    text::{contains, search_words},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use workflow::{
    Timestamp,
    support::{Category, RequestNumber},
};

/// An article in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleLine {
    pub slug: String,
    pub title: String,
    pub category: Category,
}

/// What was found of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundArticles {
    pub lines: Vec<ArticleLine>,
    /// Whether each of them has every word that was looked for.
    pub has_every_word: bool,
}

/// An article, as everybody reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    pub slug: String,
    pub title: String,
    pub question: String,
    pub answer: String,
    pub category: Category,
    /// When it was released; nothing for one that is not, which only our side reads.
    pub released: Option<Timestamp>,
    /// What a second person decides about it, where the reader is of our side.
    pub to_decide: Option<ArticleToDecide>,
}

/// An article as those of ours see it who work on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleToDecide {
    pub id: Uuid,
    pub slug: String,
    pub title: String,
    pub request: RequestNumber,
    pub written_by: String,
    pub written: Timestamp,
    pub decision: Decision,
    /// Why it was not released, or was taken out.
    pub reason: Option<String>,
    /// Whether the reader may release it: not who wrote it.
    pub may_decide: bool,
    /// Whether the reader may take it out.
    pub may_take_out: bool,
}

/// What waits for a second person.
pub type ArticlesToDecide = Vec<ArticleToDecide>;

/// The most that one list shows.
const MOST: u64 = 100;

/// How many similar articles stand above a new request.
pub const SIMILAR: u64 = 5;

/// Shorter words are in every text.
const SHORTEST_WORD: usize = 4;

fn released() -> Condition {
    Condition::all().add(C::State.eq(Decision::Released.word()))
}

fn has(word: &str) -> Condition {
    Condition::any()
        .add(contains(Expr::col(C::TitleKey), word))
        .add(contains(Expr::col(C::TextKey), word))
}

/// How much of the words an article has: one of the title says more than one of the text.
fn rank(words: &BTreeSet<String>) -> Expr {
    let worth = |column: C, word: &str, worth: i32| -> Expr {
        Expr::case(contains(Expr::col(column), word), worth)
            .finally(0)
            .into()
    };
    words.iter().fold(Expr::val(0), |sum, word| {
        sum.add(worth(C::TitleKey, word, 3))
            .add(worth(C::TextKey, word, 1))
    })
}

/// The released articles that fit, those with most of the words first.
async fn ranked(
    desk: &Desk,
    fits: Condition,
    words: &BTreeSet<String>,
    most: u64,
) -> Result<Vec<ArticleLine>> {
    let rows = support_articles::Entity::find()
        .filter(released().add(fits))
        .order_by_desc(rank(words))
        .order_by_asc(C::TitleKey)
        .limit(most)
        .all(desk.database.read())
        .await?;
    rows.iter().map(line_of).collect()
}

fn line_of(row: &Model) -> Result<ArticleLine> {
    Ok(ArticleLine {
        slug: row.slug.clone(),
        title: row.title.clone(),
        category: category(row)?,
    })
}

fn category(row: &Model) -> Result<Category> {
    Category::from_word(&row.category)
        .ok_or_else(|| Error::corrupt("support_articles", row.id, "category"))
}

/// The released articles, by title.
///
/// # Errors
/// When the database does not answer.
pub async fn articles(desk: &Desk) -> Result<Vec<ArticleLine>> {
    ranked(desk, Condition::all(), &BTreeSet::new(), MOST).await
}

/// The released articles that have every word that was looked for, best first; where none has all of
/// them, those that have one of its longer words. Whatever accents, case and signs were typed.
///
/// # Errors
/// When the database does not answer.
pub async fn search_articles(desk: &Desk, text: &str) -> Result<FoundArticles> {
    let words = search_words(text);
    let mut lines = Vec::new();
    if !words.is_empty() {
        let every = words
            .iter()
            .fold(Condition::all(), |all, word| all.add(has(word)));
        lines = ranked(desk, every, &words, MOST).await?;
    }
    let has_every_word = !lines.is_empty();
    if !has_every_word {
        lines = alike(desk, words, MOST).await?;
    }
    Ok(FoundArticles {
        lines,
        has_every_word,
    })
}

/// The released articles that have most of a subject's words, best first.
///
/// # Errors
/// When the database does not answer.
pub async fn similar(desk: &Desk, subject: &str) -> Result<Vec<ArticleLine>> {
    alike(desk, search_words(subject), SIMILAR).await
}

async fn alike(desk: &Desk, mut words: BTreeSet<String>, most: u64) -> Result<Vec<ArticleLine>> {
    words.retain(|word| word.chars().count() >= SHORTEST_WORD);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let any = words
        .iter()
        .fold(Condition::any(), |any, word| any.add(has(word)));
    ranked(desk, any, &words, most).await
}

/// One article: a released one to everybody, others to those who decide about them.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn article(desk: &Desk, caller: Option<&Caller>, slug: &str) -> Result<Article> {
    let row = support_articles::Entity::find()
        .filter(C::Slug.eq(slug))
        .one(desk.database.read())
        .await?
        .ok_or(Error::NotFound)?;
    let is_released = row.state == Decision::Released.word();
    let to_decide = match caller {
        Some(caller) if reads_queue(desk, caller) => {
            to_decide(desk, caller, Condition::all().add(C::Id.eq(row.id)))
                .await?
                .pop()
        }
        _ => None,
    };
    if !is_released && to_decide.is_none() {
        return Err(Error::NotFound);
    }
    Ok(Article {
        category: category(&row)?,
        released: row
            .decided_at
            .filter(|_| is_released)
            .map(Timestamp::from_micros),
        slug: row.slug,
        title: row.title,
        question: row.question,
        answer: row.answer,
        to_decide,
    })
}

fn reads_queue(desk: &Desk, caller: &Caller) -> bool {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    let policy = desk.policy.snapshot();
    policy.allows(&subject, SupportAct::ReadQueue)
}

/// The articles that wait for a second person, the oldest first; none to those who do not see the
/// queue.
///
/// # Errors
/// When the database does not answer.
pub async fn articles_to_decide(desk: &Desk, caller: &Caller) -> Result<ArticlesToDecide> {
    if !reads_queue(desk, caller) {
        return Ok(Vec::new());
    }
    let waiting = Condition::all().add(C::State.eq(Decision::Waiting.word()));
    to_decide(desk, caller, waiting).await
}

async fn to_decide(desk: &Desk, caller: &Caller, which: Condition) -> Result<ArticlesToDecide> {
    let database = desk.database.read();
    let seen = support_requests::Entity::find()
        .select_only()
        .column(support_requests::Column::Id)
        .filter(not_conflicted(caller.person))
        .into_query();
    let rows = support_articles::Entity::find()
        .filter(which)
        .filter(C::RequestId.in_subquery(seen))
        .order_by_asc(C::WrittenAt)
        .limit(MOST)
        .all(database)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let numbers: BTreeMap<Uuid, i32> = support_requests::Entity::find()
        .select_only()
        .columns([
            support_requests::Column::Id,
            support_requests::Column::Number,
        ])
        .filter(support_requests::Column::Id.is_in(rows.iter().map(|row| row.request_id)))
        .into_tuple::<(Uuid, i32)>()
        .all(database)
        .await?
        .into_iter()
        .collect();
    let names: BTreeMap<Uuid, String> = people::Entity::find()
        .select_only()
        .columns([people::Column::Id, people::Column::Name])
        .filter(people::Column::Id.is_in(rows.iter().map(|row| row.written_by)))
        .into_tuple::<(Uuid, String)>()
        .all(database)
        .await?
        .into_iter()
        .collect();
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    let policy = desk.policy.snapshot();
    let may = policy.allows(&subject, SupportAct::ReleaseArticle);
    let takes_out = policy.allows(&subject, SupportAct::WriteArticle);
    rows.into_iter()
        .map(|row| {
            let decision = Decision::from_word(&row.state)
                .ok_or_else(|| Error::corrupt("support_articles", row.id, "state"))?;
            let number = numbers.get(&row.request_id).copied().unwrap_or_default();
            let written_by = names.get(&row.written_by).cloned().unwrap_or_default();
            Ok(ArticleToDecide {
                id: row.id,
                may_decide: may
                    && decision == Decision::Waiting
                    && row.written_by != caller.person.0,
                may_take_out: takes_out && decision == Decision::Released,
                slug: row.slug,
                title: row.title,
                request: RequestNumber(number.unsigned_abs()),
                written_by,
                written: Timestamp::from_micros(row.written_at),
                decision,
                reason: row.reason,
            })
        })
        .collect()
}
