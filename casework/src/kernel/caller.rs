//! Who is asking.

use std::collections::BTreeSet;
use workflow::{PersonId, Role};

/// A signed-in person, as of this request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub person: PersonId,
    pub name: String,
    pub username: String,
    pub roles: BTreeSet<Role>,
}

impl Caller {
    /// Whether this person sits on the reviewing side.
    pub fn is_staff(&self) -> bool {
        self.roles.iter().any(|role| role.is_staff())
    }
}

/// The words of `people.roles`.
pub fn roles_from_words(words: &str) -> BTreeSet<Role> {
    words.split(',').filter_map(Role::from_word).collect()
}

/// The reverse of [`roles_from_words`].
pub fn words_from_roles(roles: &BTreeSet<Role>) -> String {
    let words: Vec<&str> = roles.iter().map(|role| role.word()).collect();
    words.join(",")
}
