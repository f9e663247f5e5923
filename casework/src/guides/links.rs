//! Where links lead: from an open page to others, and from forms and checklists to its headings.

use super::{
    Guide,
    markdown::{headings, is_id, links},
    store,
};
use crate::{Result, reference::Known};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};
use workflow::{
    checklist::ListKind,
    form::{Form, web_address_fault},
    mailbox::{LocalParts, Mailbox},
};

/// A link from a question or an item to a heading of an open page.
pub(super) struct Pointer {
    pub heading: String,
    /// The question or item, as people call it.
    pub label: String,
    /// The key of the question.
    pub key: String,
}

/// Page and heading of an address such as `/guides/limited-access#users`.
fn split(link: &str) -> Option<(Guide, &str)> {
    let (path, heading) = link.split_once('#')?;
    Some((Guide::at(path)?, heading))
}

/// Whether text leads to a heading of an open page, by its form alone.
pub(crate) fn is_link(link: &str) -> bool {
    split(link).is_some_and(|(_, heading)| is_id(heading))
}

/// Of these links, those that lead to no heading as the pages are now.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn missing<'a>(
    connection: &impl ConnectionTrait,
    links: impl Iterator<Item = &'a str>,
) -> Result<Vec<String>> {
    let mut known: BTreeMap<Guide, BTreeSet<String>> = BTreeMap::new();
    let mut missing = Vec::new();
    for link in links {
        let Some((guide, heading)) = split(link) else {
            missing.push(link.to_owned());
            continue;
        };
        if let Entry::Vacant(unread) = known.entry(guide) {
            let text = store::newest(connection, guide).await?.body;
            let names = headings(&text).into_iter().map(|heading| heading.id);
            unread.insert(names.collect());
        }
        let has_it = |names: &BTreeSet<String>| names.contains(heading);
        if !known.get(&guide).is_some_and(has_it) {
            missing.push(link.to_owned());
        }
    }
    Ok(missing)
}

/// The questions of the newest form that point at a page.
pub(super) fn of_form(known: &Known, guide: Guide) -> Vec<Pointer> {
    let form: Option<&Form> = known.forms.values().next_back();
    let fields = form
        .into_iter()
        .flat_map(|form| &form.sections)
        .flat_map(|section| &section.fields);
    fields
        .filter_map(|field| {
            let (to, heading) = split(&field.guide)?;
            (to == guide).then(|| Pointer {
                heading: heading.to_owned(),
                label: field.label.clone(),
                key: field.key.clone(),
            })
        })
        .collect()
}

/// The items of the newest checklists that point at a page.
pub(super) fn of_lists(known: &Known, guide: Guide) -> Vec<Pointer> {
    ListKind::ALL
        .iter()
        .filter_map(|kind| {
            let of_kind = known.lists.range((*kind, 0)..=(*kind, u32::MAX));
            of_kind.map(|(_, list)| list).next_back()
        })
        .flat_map(|list| &list.items)
        .filter_map(|item| {
            let (to, heading) = split(&item.guide)?;
            (to == guide).then(|| Pointer {
                heading: heading.to_owned(),
                label: item.label.clone(),
                key: item.key.clone(),
            })
        })
        .collect()
}

/// What is wrong with the links of a text that is to stand at `guide`; the other pages are looked at
/// as they are now.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn problems(
    connection: &impl ConnectionTrait,
    guide: Guide,
    text: &str,
) -> Result<Vec<String>> {
    let own: BTreeSet<String> = headings(text)
        .into_iter()
        .map(|heading| heading.id)
        .collect();
    let mut problems = Vec::new();
    for link in links(text) {
        let (line, to) = (link.line, link.to.as_str());
        let shown = to.chars().take(80).collect::<String>();
        if !may_lead(to) {
            problems.push(format!(
                "line {line}: a link leads to https://… with the name of a public site, mailto:… with an address, or a page of ours such as /sandbox, not to “{shown}”."
            ));
            continue;
        }
        let inside = to.strip_prefix('#').or_else(|| {
            split(to)
                .filter(|(other, _)| *other == guide)
                .map(|(_, heading)| heading)
        });
        let found = match inside {
            Some(heading) => own.contains(heading),
            None if split(to).is_some() => {
                missing(connection, std::iter::once(to)).await?.is_empty()
            }
            None => true,
        };
        if !found {
            problems.push(format!(
                "line {line}: there is no heading where “{shown}” leads to."
            ));
        }
    }
    Ok(problems)
}

/// Headings that questions and items point at and that a text does not have.
pub(super) fn lost(known: &Known, guide: Guide, text: &str) -> Vec<String> {
    let own: BTreeSet<String> = headings(text)
        .into_iter()
        .map(|heading| heading.id)
        .collect();
    let of_form = of_form(known, guide);
    let of_lists = of_lists(known, guide);
    let pointers = of_form.iter().map(|pointer| ("question", pointer));
    pointers
        .chain(of_lists.iter().map(|pointer| ("item", pointer)))
        .filter(|(_, pointer)| !own.contains(&pointer.heading))
        .map(|(what, pointer)| {
            format!(
                "the {what} “{}” leads to the heading {{#{}}}; keep it, or change the {what} first.",
                pointer.label, pointer.heading
            )
        })
        .collect()
}

/// Whether a link may lead there: to other public sites, to an address of mail, to a page of ours.
pub(super) fn may_lead(to: &str) -> bool {
    let plain = !to
        .chars()
        .any(|c| c.is_control() || c.is_whitespace() || c == '\\');
    let outside = match to.strip_prefix("mailto:") {
        Some(mail) => {
            let address = mail.split('?').next().unwrap_or_default();
            Mailbox::parse(address, LocalParts::Ascii).is_ok()
        }
        None => web_address_fault(to).is_none(),
    };
    let inside = to.starts_with('#')
        || (to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/do/"));
    plain && to.len() <= 2_000 && (outside || inside)
}
