//! What somebody looks for, as each database asks for it.

use super::{
    Facet,
    words::{self, INSIDE, pair, units},
};
use crate::{Desk, Result, text::LONGEST_SEARCH};
use sea_orm::{
    ConnectionTrait, DbBackend,
    sea_query::{Alias, Expr, ExprTrait, Func, Query},
};

/// A word that a document must have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Term {
    pub word: String,
    /// Any word that begins so.
    pub begins: bool,
}

impl Term {
    /// Whether a word of a document is it.
    pub fn is(&self, word: &str) -> bool {
        match self.begins {
            true => word.starts_with(&self.word),
            false => word == self.word,
        }
    }
}

/// How much of a case a reader's question is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Depth {
    /// What its developers see as well.
    Outside,
    /// What staff work with, too.
    Inside,
}

/// Words that all must be found; of the last one its beginning is enough.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Question {
    pub(super) terms: Vec<Term>,
    /// Words that all must be there besides, see [`Facet`].
    pub(super) facets: Vec<String>,
    pub(super) depth: Depth,
}

impl Question {
    /// What was typed; none where there is no word in it. It is cut at [`LONGEST_SEARCH`].
    pub fn read(typed: &str, depth: Depth) -> Option<Self> {
        let cut: String = workflow::text::line(typed)
            .chars()
            .take(LONGEST_SEARCH)
            .collect();
        let mut terms: Vec<Term> = Vec::new();
        let mut before: Option<String> = None;
        let mut paired = false;
        for unit in units(&cut) {
            let word = match before.filter(|_| unit.is_joined) {
                Some(before) => {
                    if !paired {
                        // It is part of the pair.
                        terms.pop();
                    }
                    pair(&before, &unit.word)
                }
                None => unit.word.clone(),
            };
            paired = unit.is_joined;
            before = Some(unit.word);
            terms.push(Term {
                word,
                begins: false,
            });
        }
        terms.last_mut()?.begins = true;
        Some(Self {
            terms,
            facets: Vec::new(),
            depth,
        })
    }

    /// What has all of these, and what was typed if anything was; none where there is nothing to look
    /// for, or no word in what was typed. Facets are asked for by those who read the inside alone.
    pub fn with_facets(typed: &str, facets: &[Facet], depth: Depth) -> Option<Self> {
        let mut question = match typed.is_empty() && !facets.is_empty() {
            true => Self {
                terms: Vec::new(),
                facets: Vec::new(),
                depth,
            },
            false => Self::read(typed, depth)?,
        };
        question.facets = facets.iter().map(words::facet).collect();
        Some(question)
    }

    /// The same of whole words alone.
    pub fn whole(mut self) -> Self {
        for term in &mut self.terms {
            term.begins = false;
        }
        self
    }

    /// As it is asked of the index: nothing in a word needs to be escaped, see [`super::words`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn asked(&self, desk: &Desk) -> Result<String> {
        let backend = desk.database.backend();
        let facets = self.facets.iter();
        let mut all: Vec<String> = facets
            .map(|word| self.any_of(backend, std::slice::from_ref(word), ""))
            .collect();
        for term in &self.terms {
            let words = match term.begins {
                true => words_beginning(desk, &term.word).await?,
                false => Some(vec![term.word.clone()]),
            };
            let any = match words {
                Some(words) => self.any_of(backend, &words, ""),
                None => self.any_of(backend, std::slice::from_ref(&term.word), begins(backend)),
            };
            all.push(any);
        }
        let and = match backend {
            DbBackend::Postgres => " & ",
            _ => " AND ",
        };
        Ok(all.join(and))
    }

    /// One of these words, outside or as deep as the reader reads.
    fn any_of(&self, backend: DbBackend, words: &[String], end: &str) -> String {
        let (quote, or) = match backend {
            DbBackend::Postgres => ("'", " | "),
            _ => ("\"", " OR "),
        };
        let outside = words
            .iter()
            .map(|word| format!("{quote}{word}{quote}{end}"));
        let inside = words
            .iter()
            .map(|word| format!("{quote}{INSIDE}{word}{quote}{end}"));
        let all: Vec<String> = match self.depth {
            Depth::Outside => outside.collect(),
            Depth::Inside => outside.chain(inside).collect(),
        };
        format!("({})", all.join(or))
    }

    /// Whether a row of `search_documents` at hand is found, without its index.
    pub fn test(&self, backend: DbBackend) -> Expr {
        let words = || Expr::col(("search_documents", "words"));
        let mut all = Expr::value(true);
        let facets = self.facets.iter().map(|word| Term {
            word: word.clone(),
            begins: false,
        });
        let terms: Vec<Term> = self.terms.iter().cloned().chain(facets).collect();
        for term in &terms {
            let one = match backend {
                DbBackend::Postgres => {
                    let end = if term.begins { begins(backend) } else { "" };
                    let any = self.any_of(backend, std::slice::from_ref(&term.word), end);
                    let any = Expr::value(any).cast_as(Alias::new("tsquery"));
                    Expr::cust_with_exprs("$1 @@ $2", [words(), any])
                }
                _ => {
                    let end = if term.begins { "" } else { " " };
                    let place = |text: String| Func::cust("instr").arg(words()).arg(text);
                    let place_of_word = Expr::expr(place(format!(" {}{end}", term.word)));
                    match self.depth {
                        Depth::Inside => place_of_word.gt(0),
                        // Those inside stand behind the mark.
                        Depth::Outside => {
                            let mark = Expr::expr(place(format!(" {INSIDE} ")));
                            place_of_word.clone().gt(0).and(place_of_word.lt(mark))
                        }
                    }
                }
            };
            all = all.and(one);
        }
        all
    }
}

const fn begins(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => ":*",
        _ => "*",
    }
}

/// So many words are asked for in place of what they begin with.
const MOST_WORDS: u64 = 256;

/// What is in the index for all words that begin so; none where it is to be looked through for them:
/// both databases gather whatever begins so before they answer with the first hit.
async fn words_beginning(desk: &Desk, beginning: &str) -> Result<Option<Vec<String>>> {
    if !words::is_unit(beginning) {
        return Ok(None);
    }
    if let Some(word) = words::beginning(beginning) {
        return Ok(Some(vec![word]));
    }
    let column = || Expr::col("word");
    let select = Query::select()
        .column("word")
        .from("search_vocabulary")
        .and_where(column().gte(beginning))
        .and_where(column().lt(format!("{beginning}{}", char::MAX)))
        .limit(MOST_WORDS + 1)
        .to_owned();
    let statement = desk.database.backend().build(&select);
    let rows = desk.database.read().query_all_raw(statement).await?;
    if rows.len() as u64 > MOST_WORDS {
        return Ok(None);
    }
    let words = rows.into_iter().map(|row| row.try_get("", "word"));
    let mut words = words.collect::<std::result::Result<Vec<String>, _>>()?;
    if words.is_empty() {
        // No case has such a word.
        words.push(beginning.to_owned());
    }
    Ok(Some(words))
}
