//! Which question of the request form a point of a checklist is about, so that what was found stands
//! beside the answer that it is about.

use crate::{
    checklist::Item,
    form::{Field, FieldKind, Form, Section},
    relied::EVERY_FILE,
    state::AccessLevel,
};

impl Form {
    /// The question that an item is about: the one of the same name; else the first in the step of
    /// the same name; else the first one that is described where the item is, if all that are
    /// described there stand in one step; else the first that it says it concerns, an answer rather
    /// than files. None for what concerns the application as a whole.
    pub fn question_of(&self, level: AccessLevel, item: &Item) -> Option<Field> {
        let sections: Vec<Section> = self.sections(level).collect();
        let typed = |field: &&Field| !matches!(field.kind, FieldKind::Files { .. });
        let of = |section: &Section, wanted: &dyn Fn(&Field) -> bool| {
            let found = section
                .fields
                .iter()
                .filter(typed)
                .find(|field| wanted(field));
            found.cloned()
        };
        let named = sections
            .iter()
            .find_map(|section| of(section, &|field| field.key == item.key));
        let in_named_step = || {
            let step = sections.iter().find(|section| section.key == item.key);
            step.and_then(|section| of(section, &|_| true))
        };
        let described = || {
            let mut found = sections.iter().filter_map(|section| {
                of(section, &|field| {
                    !item.guide.is_empty() && field.guide == item.guide
                })
            });
            let first = found.next();
            first.filter(|_| found.next().is_none())
        };
        let concerned = || {
            let keys = item.concerns.iter().flatten();
            let asked: Vec<&Field> = keys
                .filter_map(|key| {
                    let mut fields = sections.iter().flat_map(|section| &section.fields);
                    fields.find(|field| field.key == *key)
                })
                .collect();
            let answer = asked.iter().copied().find(typed);
            answer.or(asked.first().copied()).cloned()
        };
        named
            .or_else(in_named_step)
            .or_else(described)
            .or_else(concerned)
    }

    /// The fields asked at this level in which one sees whether an item holds, files among them: those
    /// that the item names; where it names none, the question that it is about, with the files that
    /// may stand in its place. None for what concerns the application as a whole.
    pub fn concerned(&self, level: AccessLevel, item: &Item) -> Vec<Field> {
        let asked = || self.sections(level).flat_map(|section| section.fields);
        if let Some(concerns) = &item.concerns {
            let every_file = concerns.iter().any(|key| key == EVERY_FILE);
            return asked()
                .filter(|field| {
                    let is_file = matches!(field.kind, FieldKind::Files { .. });
                    concerns.contains(&field.key) || (every_file && is_file)
                })
                .collect();
        }
        let Some(question) = self.question_of(level, item) else {
            return Vec::new();
        };
        let files = question.or_attachment.clone();
        let files = asked().filter(|field| files.as_ref() == Some(&field.key));
        let files: Vec<Field> = files.collect();
        std::iter::once(question).chain(files).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::Severity;

    fn field(key: &str, guide: &str, kind: FieldKind) -> Field {
        Field {
            key: key.to_owned(),
            label: key.to_owned(),
            hint: String::new(),
            kind,
            optional: false,
            full_only: key == "later",
            or_attachment: None,
            guide: guide.to_owned(),
        }
    }

    fn text(key: &str, guide: &str) -> Field {
        field(key, guide, FieldKind::Text { max: 9 })
    }

    fn form() -> Form {
        let section = |key: &str, fields: Vec<Field>| Section {
            key: key.to_owned(),
            title: key.to_owned(),
            guidance: String::new(),
            fields,
        };
        let accept = crate::form::FileKind::Pdf;
        let file = field("plan", "#use", FieldKind::Files { accept });
        Form {
            version: 1,
            sections: vec![
                section(
                    "product",
                    vec![file, text("use", "#use"), text("kind", "#use")],
                ),
                section("who", vec![text("name", "#who")]),
                section(
                    "contacts",
                    vec![text("mail", "#who"), text("later", "#later")],
                ),
            ],
        }
    }

    fn item(key: &str, guide: &str, concerns: Option<&[&str]>) -> Item {
        Item {
            key: key.to_owned(),
            concerns: concerns.map(|keys| keys.iter().map(|&key| key.to_owned()).collect()),
            label: String::new(),
            verify: String::new(),
            severity: Severity::Minor,
            source: String::new(),
            guide: guide.to_owned(),
        }
    }

    #[test]
    fn a_point_that_is_described_with_no_question_is_about_what_it_concerns() {
        let about = |level, guide: &str, concerns: &[&str]| {
            let item = item("checked", guide, Some(concerns));
            form().question_of(level, &item).map(|field| field.key)
        };
        let limited = |guide, concerns: &[&str]| about(AccessLevel::Limited, guide, concerns);
        assert_eq!(limited("", &["plan", "kind"]).as_deref(), Some("kind"));
        assert_eq!(limited("#who", &["name"]).as_deref(), Some("name"));
        assert_eq!(limited("", &["plan"]).as_deref(), Some("plan"));
        // What is described with one question alone is about that one.
        assert_eq!(limited("#use", &["name"]).as_deref(), Some("use"));
        assert_eq!(limited("", &[]), None);
        assert_eq!(limited("", &[EVERY_FILE]), None);
        assert_eq!(limited("", &["later"]), None);
        let full = about(AccessLevel::Full, "", &["later"]);
        assert_eq!(full.as_deref(), Some("later"));
    }

    #[test]
    fn a_point_is_about_the_question_of_its_name_its_step_or_its_description() {
        let about = |level, key: &str, guide: &str| {
            let item = item(key, guide, None);
            form().question_of(level, &item).map(|field| field.key)
        };
        let limited = |key, guide| about(AccessLevel::Limited, key, guide);
        assert_eq!(limited("kind", "#who").as_deref(), Some("kind"));
        assert_eq!(limited("contacts", "#who").as_deref(), Some("mail"));
        assert_eq!(limited("purpose", "#use").as_deref(), Some("use"));
        // Described where two steps are, or nowhere: it concerns the whole.
        assert_eq!(limited("identity", "#who"), None);
        assert_eq!(limited("plan", ""), None);
        // Asked for Full Access alone.
        assert_eq!(limited("later", "#later"), None);
        let full = about(AccessLevel::Full, "later", "");
        assert_eq!(full.as_deref(), Some("later"));
    }

    #[test]
    fn an_item_concerns_the_fields_that_it_names_or_the_question_that_it_is_about() {
        let concerned = |level, key: &str, concerns: Option<&[&str]>| {
            let item = Item {
                key: key.to_owned(),
                label: String::new(),
                verify: String::new(),
                severity: Severity::Minor,
                source: String::new(),
                guide: String::new(),
                concerns: concerns.map(|keys| keys.iter().map(|key| (*key).to_owned()).collect()),
            };
            let mut form = form();
            form.sections[0].fields[1].or_attachment = Some("plan".to_owned());
            let fields = form.concerned(level, &item);
            fields
                .into_iter()
                .map(|field| field.key)
                .collect::<Vec<_>>()
        };
        let (limited, full) = (AccessLevel::Limited, AccessLevel::Full);
        assert_eq!(
            concerned(limited, "any", Some(&["later", "plan", "gone"])),
            ["plan"]
        );
        assert_eq!(
            concerned(full, "any", Some(&["later", EVERY_FILE])),
            ["plan", "later"]
        );
        assert_eq!(concerned(limited, "use", None), ["use", "plan"]);
        assert!(concerned(limited, "identity", None).is_empty());
    }
}
