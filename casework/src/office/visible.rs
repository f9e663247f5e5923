//! What is signed is what is shown: whether everything that an agreement's Markdown says can be read
//! on the page. Asked when a version is published; versions published before stay as they are.

use super::queries::agreement::html;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};
use workflow::text::clean;

/// Everything in the text that its reader would not see, or would see otherwise than it is written,
/// each with its line and what to do; nothing where the page shows the whole text.
pub(crate) fn unseen(markdown: &str) -> Vec<String> {
    let mut problems = hidden(markdown);
    if problems.is_empty() {
        problems.extend(first_difference(markdown));
    }
    problems
}

/// Parts of Markdown that put nothing on the page, or something that is not in the text.
fn hidden(markdown: &str) -> Vec<String> {
    let line = |at: usize| markdown[..at].matches('\n').count() + 1;
    let parser = Parser::new(markdown);
    let mut problems: Vec<(usize, String)> = parser
        .reference_definitions()
        .iter()
        .map(|(_, definition)| {
            let text = "the address of a link is defined here and not shown; write it in the text";
            (line(definition.span.start), text.to_owned())
        })
        .collect();
    // The number that the page gives to the next item of each list around here.
    let mut lists: Vec<Option<u64>> = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        let problem = match event {
            Event::Html(_) | Event::InlineHtml(_) => Some(
                "HTML and its comments are not shown; write plain text, and \\< for the sign"
                    .to_owned(),
            ),
            Event::Start(Tag::Image { .. }) => {
                Some("a picture is no part of what is signed; say it in words".to_owned())
            }
            Event::Start(Tag::Link { title, .. }) if !title.is_empty() => {
                Some("the title of a link is not shown; write it in the text".to_owned())
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if !info.is_empty() => {
                Some("what stands behind ``` is not shown; leave it out".to_owned())
            }
            Event::Start(Tag::List(first)) => {
                lists.push(first);
                None
            }
            Event::End(pulldown_cmark::TagEnd::List(_)) => {
                lists.pop();
                None
            }
            Event::Start(Tag::Item) => match lists.last_mut() {
                Some(Some(next)) => {
                    let shown = *next;
                    *next += 1;
                    let written = number_at(&markdown[range.clone()]);
                    written.filter(|written| *written != shown).map(|written| {
                        format!(
                            "this item is written as number {written} and shown as {shown}; \
                             number the items one after another"
                        )
                    })
                }
                _ => None,
            },
            _ => None,
        };
        problems.extend(problem.map(|text| (line(range.start), text)));
    }
    problems.sort();
    problems.dedup();
    problems
        .into_iter()
        .map(|(line, text)| format!("line {line}: {text}."))
        .collect()
}

fn number_at(item: &str) -> Option<u64> {
    let digits: String = item
        .trim_start()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}

/// The first word that the page does not show as it is written. Whatever Markdown may do with a
/// text, this compares what goes in with what comes out.
fn first_difference(markdown: &str) -> Option<String> {
    let page = text_of(&html(markdown));
    if clean(&page) != page {
        return Some("a character in it cannot be seen; leave it out.".to_owned());
    }
    let without_numbers = without_item_numbers(markdown);
    let mut shown = words(&page);
    let mut written = words(&without_numbers);
    loop {
        match (written.next(), shown.next()) {
            (None, None) => return None,
            (Some((_, one)), Some((_, other))) if one == other => {}
            (Some((at, word)), _) => {
                let line = without_numbers[..at].matches('\n').count() + 1;
                return Some(format!(
                    "line {line}: “{word}” is not shown as it is written; write it as plain text."
                ));
            }
            (None, Some((_, word))) => {
                return Some(format!(
                    "the page shows “{word}”, which is not in the text."
                ));
            }
        }
    }
}

/// The same text with the numbers of list items blanked: the page shows them beside the items, as
/// [`hidden`] has compared.
fn without_item_numbers(markdown: &str) -> String {
    let mut text = markdown.to_owned();
    let mut ordered: Vec<bool> = Vec::new();
    for (event, range) in Parser::new(markdown).into_offset_iter() {
        match event {
            Event::Start(Tag::List(first)) => ordered.push(first.is_some()),
            Event::End(pulldown_cmark::TagEnd::List(_)) => {
                ordered.pop();
            }
            Event::Start(Tag::Item) if ordered.last() == Some(&true) => {
                let item = &markdown[range.clone()];
                let digits = item.bytes().take_while(u8::is_ascii_digit).count();
                text.replace_range(range.start..range.start + digits, &" ".repeat(digits));
            }
            _ => {}
        }
    }
    text
}

/// Runs of letters and digits with where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// The text of our own sanitised HTML: without its tags, its few entities read.
fn text_of(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let Some((name, after)) = tag.split_once('>') else {
            break;
        };
        // Between two blocks there is a break, within a line there is none.
        let name = name.trim_start_matches('/');
        let name = name.split(' ').next().unwrap_or_default();
        if !["em", "strong", "code", "a"].contains(&name) {
            text.push('\n');
        }
        rest = after;
    }
    text.push_str(rest);
    for (entity, character) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&nbsp;", "\u{A0}"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CLAUSES: &str = "# Data Licensing Agreement\n\n1. Keep the *data* safe.\n2. Pay \
                           **20** EUR (R&D: 5 < 6).\n   - Not later than May.\n\n> Quoted.\n\n    code\n";

    #[test]
    fn plain_clauses_are_shown_whole() {
        assert_eq!(unseen(CLAUSES), Vec::<String>::new());
    }

    #[test]
    fn what_the_desk_brings_along_is_shown_whole() {
        for body in [
            include_str!("../../reference/data_licensing_agreement.v1.md"),
            include_str!("../../reference/registered_developer_agreement.v1.md"),
        ] {
            assert_eq!(unseen(body), Vec::<String>::new());
        }
    }

    #[test]
    fn whatever_is_not_shown_is_found_with_its_line() {
        for hidden in [
            "<!-- and our first-born -->",
            "Safe <!-- and sold --> indeed.",
            "<div style=\"display:none\">Sold.</div>",
            "<span hidden>Sold.</span> Safe.",
            "<details><summary>Safe</summary>Sold.</details>",
            "<script>sold</script>",
            "<![CDATA[sold]]>",
            "<?sold?>",
            "![sold](https://example.org/safe.png)",
            "![](https://example.org/sold.png)",
            "[safe](https://example.org/sold)",
            "[safe](https://example.org \"sold\")",
            "[safe][x]\n\n[x]: https://example.org/sold",
            "[//]: # (sold)",
            "[x]: <> \"sold\"",
            "```sold\nsafe\n```",
            "~~~ sold\nsafe\n~~~",
            "Zero&#8203;width",
            "Turned &#x202E;around",
            "Copy&shy;right",
            "&copy; by us",
            "1. one\n7. seven",
            "1. one\n1. one",
        ] {
            let text = format!("{CLAUSES}\n{hidden}\n");
            let problems = unseen(&text);
            assert!(!problems.is_empty(), "{hidden}");
        }
        assert!(unseen("# Title\n\n<!-- sold -->\n")[0].starts_with("line 3: "));
    }

    proptest! {
        /// The law: a text without objection shows every word of itself.
        #[test]
        fn a_text_without_objection_shows_every_word(
            parts in proptest::collection::vec("[ -~\n]{0,12}|<!--|-->|<b|>|\\[a\\]: |```|&#8203;|1\\. |\\*\\*|_x_|\\\\", 0..12)
        ) {
            let text = parts.concat();
            if unseen(&text).is_empty() {
                let page = text_of(&html(&text));
                let shown: std::collections::BTreeSet<&str> = words(&page).map(|(_, word)| word).collect();
                let written = without_item_numbers(&text);
                for (_, word) in words(&written) {
                    prop_assert!(shown.contains(word), "{word} of {text:?} is not in {page:?}");
                }
            }
        }
    }
}
