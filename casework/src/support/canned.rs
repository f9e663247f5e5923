//! Texts that support answers again and again, with places for what differs: the name of the
//! developer, of the app, and the number of the request.

use crate::{
    Result,
    entities::canned_texts::{Column as C, Entity, Model},
};
use sea_orm::{
    ConnectionTrait, EntityTrait, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};

/// The longest title, in characters.
pub const LONGEST_TITLE: usize = 80;

/// The longest text, in characters: what an answer takes, less what is typed around it.
pub const LONGEST_CANNED: usize = 2_000;

/// The most texts that are offered at a time.
pub const MOST_CANNED: usize = 100;

/// What can stand in braces, and what it means.
pub const PLACES: [(&str, &str); 3] = [
    ("developer", "the name of the developer"),
    ("app", "the name of the app"),
    ("number", "the number of the request"),
];

/// What stands in the places of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filling {
    pub developer: String,
    /// None where the request is about no app in particular.
    pub app: Option<String>,
    pub number: String,
}

impl Filling {
    fn at(&self, place: &str) -> Option<&str> {
        match place {
            "developer" => Some(&self.developer),
            "app" => Some(self.app.as_deref().unwrap_or("your app")),
            "number" => Some(&self.number),
            _ => None,
        }
    }

    /// The text with its places filled. What is filled in is not looked at again, whatever somebody
    /// calls their app.
    pub fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        for part in parts(text) {
            match part {
                Part::Plain(text) => filled.push_str(text),
                Part::Place(place) => match self.at(place) {
                    Some(value) => filled.push_str(value),
                    None => {
                        filled.push('{');
                        filled.push_str(place);
                        filled.push('}');
                    }
                },
            }
        }
        filled
    }
}

/// What stands in braces and is no place of ours.
pub(super) fn strange_places(text: &str) -> Vec<String> {
    let known = |place: &str| PLACES.iter().any(|(name, _)| *name == place);
    parts(text)
        .into_iter()
        .filter_map(|part| match part {
            Part::Place(place) if !known(place) => Some(format!("{{{place}}}")),
            _ => None,
        })
        .collect()
}

enum Part<'a> {
    Plain(&'a str),
    /// What stands between braces.
    Place(&'a str),
}

/// `{` without its `}` on the same line is plain text.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        match after.split_once('}') {
            Some((place, behind)) if !place.contains(['{', '\n']) => {
                parts.push(Part::Plain(before));
                parts.push(Part::Place(place));
                rest = behind;
            }
            _ => {
                let end = before.len() + 1;
                let (plain, behind) = rest.split_at(end);
                parts.push(Part::Plain(plain));
                rest = behind;
            }
        }
    }
    parts.push(Part::Plain(rest));
    parts
}

/// The newest version of each text, by title; those that are retired too.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn newest(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    let newest = Query::select()
        .column(C::Id)
        .expr(Expr::col(C::Version).max())
        .from(Entity)
        .group_by_col(C::Id)
        .to_owned();
    let mut rows = Entity::find();
    QuerySelect::query(&mut rows)
        .and_where(Expr::tuple([Expr::col(C::Id), Expr::col(C::Version)]).in_subquery(newest));
    Ok(rows
        .order_by_asc(C::Title)
        .order_by_asc(C::Id)
        .all(connection)
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filling(app: Option<&str>) -> Filling {
        Filling {
            developer: "Maya {number}".to_owned(),
            app: app.map(str::to_owned),
            number: "SR-1002".to_owned(),
        }
    }

    #[test]
    fn places_are_filled_once_and_what_fills_them_is_not_looked_at_again() {
        let text = "Hello {developer},\n{app} of {number} works. {";
        assert_eq!(
            filling(Some("Tide {developer}")).fill(text),
            "Hello Maya {number},\nTide {developer} of SR-1002 works. {"
        );
        assert_eq!(filling(None).fill("{app}, {nobody}"), "your app, {nobody}");
    }

    #[test]
    fn what_is_no_place_is_named() {
        assert_eq!(
            strange_places("{developer} {devloper} {{app} {a\nb} {}"),
            ["{devloper}", "{}"]
        );
    }
}
