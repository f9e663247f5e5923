//! What somebody looks for, as each database asks for it.

use super::words::{INSIDE, pair, units};
use crate::text::LONGEST_SEARCH;
use sea_orm::{
    DbBackend,
    sea_query::{Alias, Expr, ExprTrait, Func},
};
use std::fmt::Write;

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
        Some(Self { terms, depth })
    }

    /// The same of whole words alone.
    pub fn whole(mut self) -> Self {
        for term in &mut self.terms {
            term.begins = false;
        }
        self
    }

    /// For the tokenizer and the index of each database: nothing in a word needs to be escaped,
    /// see [`super::words`].
    pub fn asked(&self, backend: DbBackend) -> String {
        let postgres = backend == DbBackend::Postgres;
        let (quote, all, any, begins) = match postgres {
            true => ("'", " & ", " | ", ":*"),
            false => ("\"", " AND ", " OR ", "*"),
        };
        let mut asked = String::new();
        for (index, term) in self.terms.iter().enumerate() {
            let begins = if term.begins { begins } else { "" };
            let of = |mark: &str| format!("{quote}{mark}{}{quote}{begins}", term.word);
            if index > 0 {
                asked.push_str(all);
            }
            // Writing to a string does not fail.
            let _ = match self.depth {
                Depth::Outside => write!(asked, "{}", of("")),
                Depth::Inside => {
                    let mark = INSIDE.to_string();
                    write!(asked, "({}{any}{})", of(""), of(&mark))
                }
            };
        }
        asked
    }

    /// Whether a row of `search_documents` at hand is found, without its index.
    pub fn test(&self, backend: DbBackend) -> Expr {
        let words = Expr::col(("search_documents", "words"));
        if backend == DbBackend::Postgres {
            return Expr::cust_with_exprs(
                "$1 @@ $2",
                [
                    words,
                    Expr::value(self.asked(backend)).cast_as(Alias::new("tsquery")),
                ],
            );
        }
        let mut all = Expr::value(true);
        for term in &self.terms {
            let end = if term.begins { "" } else { " " };
            let has = |mark: &str| {
                let looked_for = format!(" {mark}{}{end}", term.word);
                Expr::expr(Func::cust("instr").arg(words.clone()).arg(looked_for)).gt(0)
            };
            let one = match self.depth {
                Depth::Outside => has(""),
                Depth::Inside => has("").or(has(&INSIDE.to_string())),
            };
            all = all.and(one);
        }
        all
    }
}
