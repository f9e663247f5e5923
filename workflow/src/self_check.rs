//! What a machine can see in an application before it is handed in: what stands in its way, and what a
//! reviewer would ask about. Addresses and files are looked at elsewhere; here are the answers alone.

use crate::{
    form::{Answers, Field, FieldKind, Form},
    state::AccessLevel,
    text::plain,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use time::Date;

/// How much something matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// The application cannot be handed in like this.
    Wrong,
    /// It can, and a reviewer would ask.
    Look,
}

/// Something that was seen, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The key of the question.
    pub field: String,
    pub weight: Weight,
    /// To the person who wrote the answer, beginning with the question's label.
    pub text: String,
}

impl Remark {
    /// Something that a reviewer would ask about.
    pub fn look(field: &Field, text: &str) -> Self {
        Self {
            field: field.key.clone(),
            weight: Weight::Look,
            text: format!("{}: {text}", field.label),
        }
    }
}

/// What stands for an answer that is still to be written, folded.
const PLACEHOLDERS: [&str; 11] = [
    "tbd",
    "tba",
    "todo",
    "to do",
    "to be defined",
    "to be done",
    "lorem ipsum",
    "xxx",
    "asdf",
    "see above",
    "same as above",
];

/// What can make people believe that somebody else stands behind an app, folded.
const ENDORSING: [&str; 9] = [
    "approved by",
    "certified by",
    "endorsed by",
    "recommended by",
    "official app",
    "official partner",
    "in partnership with",
    "powered by",
    "guaranteed accuracy",
];

/// The questions whose answers say how the app speaks of us.
const SPEAKS_OF_US: [&str; 3] = ["description", "data_display", "branding"];

/// Domains whose mail reaches nobody (RFC 2606).
const NOBODYS: [&str; 6] = [
    "example.com",
    "example.org",
    "example.net",
    "localhost",
    "test",
    "invalid",
];

/// An answer this short may well be the same as another one.
const COPIED_FROM: usize = 20;

/// What can be seen in the answers for a level on the day `today`, in the order of the form. `files`:
/// the fields that have a file.
pub fn remarks(
    form: &Form,
    level: AccessLevel,
    answers: &Answers,
    files: &BTreeSet<String>,
    today: Date,
) -> Vec<Remark> {
    let mut problems = form.problems(level, answers, files);
    problems.extend(form.days_over(level, answers, today));
    let mut seen: Vec<Remark> = problems
        .into_iter()
        .map(|problem| Remark {
            field: problem.field,
            weight: Weight::Wrong,
            text: problem.text,
        })
        .collect();
    let fields: Vec<Field> = form
        .sections(level)
        .flat_map(|section| section.fields)
        .collect();
    let mut met: BTreeMap<String, &str> = BTreeMap::new();
    let answer = |key: &str| answers.get(key).map_or("", |text| text.trim());
    for field in &fields {
        let written = plain(answer(&field.key));
        if written.is_empty() {
            continue;
        }
        let looks = match field.kind {
            FieldKind::LongText { .. } | FieldKind::Text { .. } => {
                of_text(field, &written, &mut met)
            }
            FieldKind::Email => of_address(&written),
            _ => Vec::new(),
        };
        seen.extend(looks.iter().map(|look| Remark::look(field, look)));
    }
    if let Some(support) = fields.iter().find(|field| field.key == "security_email") {
        let at = |key| plain(answer(key));
        let all = [
            at("contact_email"),
            at("support_email"),
            at("security_email"),
        ];
        if !all[0].is_empty() && all.iter().all(|one| *one == all[0]) {
            let text = "one address for all three. Can somebody be reached there at night? If not, write one that does.";
            seen.push(Remark::look(support, text));
        }
    }
    let place = |remark: &Remark| fields.iter().position(|field| field.key == remark.field);
    seen.sort_by_key(|remark| (remark.weight, place(remark)));
    seen
}

/// Of a text, folded; `met` has those before it by what they say.
fn of_text<'a>(
    field: &'a Field,
    written: &str,
    met: &mut BTreeMap<String, &'a str>,
) -> Vec<String> {
    let mut looks = Vec::new();
    let words: Vec<&str> = written
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let said = words.join(" ");
    if let Some(found) = PLACEHOLDERS
        .iter()
        .find(|one| said == **one || said.starts_with(&format!("{one} ")))
    {
        looks.push(format!(
            "“{found}” stands where an answer should be. Write it, or why there is none yet."
        ));
    }
    if !field.hint.is_empty() && written == plain(&field.hint) {
        looks.push("this is our hint. Write what is true of your app.".to_owned());
    }
    if written.chars().count() >= COPIED_FROM
        && let Some(before) = met.insert(said.clone(), &field.label)
    {
        looks.push(format!(
            "the same words as under “{before}”. Write what is asked here."
        ));
    }
    if SPEAKS_OF_US.contains(&field.key.as_str()) {
        let spaced = format!(" {said} ");
        let found = ENDORSING
            .iter()
            .find(|one| spaced.contains(&format!(" {one} ")));
        looks.extend(found.map(|found| {
            format!("“{found}” can make people believe that somebody else stands behind the app. Say it only where it is true and agreed.")
        }));
    }
    if field.key == "test_account"
        && ["password", "pwd", "passwort"]
            .iter()
            .any(|one| words.contains(one))
    {
        looks
            .push("do not write a password here. We ask for it safely when we need it.".to_owned());
    }
    looks
}

/// Of an address, folded.
fn of_address(written: &str) -> Vec<String> {
    let domain = written.rsplit('@').next().unwrap_or_default();
    let is_nobodys = NOBODYS
        .iter()
        .any(|one| domain == *one || domain.ends_with(&format!(".{one}")));
    is_nobodys
        .then(|| format!("mail to {domain} reaches nobody. Write an address that is read."))
        .into_iter()
        .collect()
}
