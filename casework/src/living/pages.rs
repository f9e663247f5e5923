//! Which pages an approval stands by: those that the request form asked for.

use workflow::form::{Answers, web_address_fault};

/// A field of the request form that names pages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageField {
    pub key: &'static str,
    pub label: &'static str,
}

const FIELDS: [PageField; 3] = [
    PageField {
        key: "privacy_policy",
        label: "Privacy policy",
    },
    PageField {
        key: "terms_of_service",
        label: "Terms of service",
    },
    PageField {
        key: "store_links",
        label: "Store page",
    },
];

/// How many pages of one app are read.
const MOST: usize = 8;

/// The name of a page by its field.
pub(crate) fn label(field: &str) -> &'static str {
    FIELDS
        .iter()
        .find(|known| known.key == field)
        .map_or("Page", |known| known.label)
}

/// The pages in some answers, each address once, with the field that named it first.
pub(crate) fn addresses(answers: &Answers) -> Vec<(&'static str, String)> {
    let mut found: Vec<(&'static str, String)> = Vec::new();
    for field in FIELDS {
        let answer = answers.get(field.key).map_or("", String::as_str);
        for word in answer.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')) {
            let address =
                word.trim_matches(|c: char| matches!(c, '.' | '(' | ')' | '<' | '>' | '"'));
            if web_address_fault(address).is_none()
                && found.iter().all(|(_, known)| known != address)
                && found.len() < MOST
            {
                found.push((field.key, address.to_owned()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_is_found_once_in_whatever_was_typed_around_it() {
        let answers = Answers::from([
            ("privacy_policy".to_owned(), "https://glow.example/privacy".to_owned()),
            ("website".to_owned(), "https://glow.example/".to_owned()),
            (
                "store_links".to_owned(),
                "App Store: https://apps.example/glow, https://play.example/glow.\nhttps://glow.example/privacy and http://old.example"
                    .to_owned(),
            ),
        ]);
        let found = addresses(&answers);
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(field, address)| (*field, address.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("privacy_policy", "https://glow.example/privacy"),
                ("store_links", "https://apps.example/glow"),
                ("store_links", "https://play.example/glow"),
            ]
        );
        assert_eq!(label("store_links"), "Store page");
    }
}
