//! The Markdown of open pages: what it may hold, and the HTML that is made of it.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeStream};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// How deep lists, quotations and the like may lie in each other.
const DEEPEST: usize = 12;

/// The longest title, in characters.
const LONGEST_TITLE: usize = 80;

/// The summary stands under the title and in lists of search engines.
const SUMMARY: std::ops::RangeInclusive<usize> = 20..=200;

/// Ids that the frame around every page uses itself.
const TAKEN: [&str; 3] = ["main", "person-menu", "rail-nav"];

/// What goes into the text where a page is drawn, by the word between braces.
pub(super) type Words = BTreeMap<&'static str, String>;

/// Every word that can stand between braces.
pub(super) const WORDS: [&str; 3] = ["places", "time:limited", "time:full"];

/// A heading that can be linked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    pub id: String,
    pub text: String,
    /// 2 or 3.
    pub level: u8,
}

/// A text, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    pub title: String,
    /// The first paragraph.
    pub summary: String,
    /// Everything after it, sanitised.
    pub html: String,
    pub headings: Vec<Heading>,
}

/// Where a link of a text leads, and in which line it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub to: String,
    pub line: usize,
}

fn parser(markdown: &str) -> Parser<'_> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    Parser::new_ext(markdown, options)
}

/// The title, the summary, and the rest.
fn parts(markdown: &str) -> (String, String, &str) {
    let (title, rest) = markdown
        .trim_start()
        .strip_prefix("# ")
        .map(|rest| rest.split_once('\n').unwrap_or((rest, "")))
        .unwrap_or(("", markdown));
    let rest = rest.trim_start();
    let (summary, rest) = rest.split_once("\n\n").unwrap_or((rest, ""));
    let summary = summary.split_whitespace().collect::<Vec<_>>().join(" ");
    (title.trim().to_owned(), summary, rest)
}

/// Everything wrong with a text, in the words of whoever wrote it; where its links lead is looked at
/// by [`super::links`].
pub(super) fn problems(markdown: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let (title, summary, rest) = parts(markdown);
    if title.is_empty() || title.chars().count() > LONGEST_TITLE {
        problems.push(format!(
            "begin with a line such as \"# The sandbox\", with at most {LONGEST_TITLE} characters."
        ));
    }
    let plain = !summary.contains(['<', '[', '`', '*', '#', '|', '_']);
    if !plain || !SUMMARY.contains(&summary.chars().count()) {
        problems.push(format!(
            "after the title, write one paragraph of {} to {} characters without any signs of Markdown: it is the summary.",
            SUMMARY.start(),
            SUMMARY.end()
        ));
    }
    if rest.trim().is_empty() {
        problems.push("write something after the summary.".to_owned());
    }
    if too_deep(markdown) {
        // Whatever else is wrong with it, nobody wants to look further.
        return vec![format!(
            "lists and quotations lie more than {DEEPEST} deep in each other; make it flatter."
        )];
    }
    let line = line_of(markdown);
    let offset = markdown.len() - rest.len();
    let mut ids = BTreeSet::new();
    for (event, range) in parser(rest).into_offset_iter() {
        let line = line(offset + range.start);
        match event {
            Event::Html(_) | Event::InlineHtml(_) => problems.push(format!(
                "line {line}: HTML is shown as it is typed; use Markdown, and \\< for the sign."
            )),
            Event::Start(Tag::Image { .. }) => {
                problems.push(format!("line {line}: there are no pictures here."));
            }
            Event::Start(Tag::Heading { level, id, .. }) => {
                if !matches!(level, HeadingLevel::H2 | HeadingLevel::H3) {
                    problems.push(format!("line {line}: use ## or ### for a heading."));
                }
                if let Some(id) = id {
                    if !is_id(&id) || TAKEN.contains(&id.as_ref()) {
                        problems.push(format!(
                            "line {line}: the name of a heading has a-z, 0-9 and dashes, and is none of {}.",
                            TAKEN.join(", ")
                        ));
                    }
                    if !ids.insert(id.to_string()) {
                        problems.push(format!(
                            "line {line}: two headings have the same name; give one another."
                        ));
                    }
                }
            }
            _ => {}
        }
    }
    problems
}

/// Whether something lies deeper in something else than anybody writes it. Told from the events, of
/// which there are no more than characters.
fn too_deep(markdown: &str) -> bool {
    let mut depth = 0_usize;
    parser(markdown).any(|event| {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST
    })
}

/// The line of a place in a text, counted from 1.
fn line_of(markdown: &str) -> impl Fn(usize) -> usize {
    let ends: Vec<usize> = markdown.match_indices('\n').map(|(at, _)| at).collect();
    move |at| ends.partition_point(|end| *end < at) + 1
}

/// Every link of a text.
pub(super) fn links(markdown: &str) -> Vec<Link> {
    let line = line_of(markdown);
    parser(markdown)
        .into_offset_iter()
        .filter_map(|(event, range)| match event {
            Event::Start(Tag::Link { dest_url, .. }) => Some(Link {
                to: dest_url.to_string(),
                line: line(range.start),
            }),
            _ => None,
        })
        .collect()
}

/// The names of the headings of a text.
pub(super) fn headings(markdown: &str) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut ids = BTreeMap::new();
    let mut open: Option<(HeadingLevel, Option<String>, String)> = None;
    for event in parser(parts(markdown).2) {
        match (event, &mut open) {
            (Event::Start(Tag::Heading { level, id, .. }), _) => {
                open = Some((level, id.map(|id| id.to_string()), String::new()));
            }
            (Event::Text(text) | Event::Code(text), Some((_, _, heading))) => {
                heading.push_str(&text);
            }
            (Event::End(TagEnd::Heading(_)), Some(_)) => {
                if let Some((level, id, text)) = open.take() {
                    let id = free(id.unwrap_or_else(|| slug(&text)), &mut ids);
                    let level = if level <= HeadingLevel::H2 { 2 } else { 3 };
                    headings.push(Heading { id, text, level });
                }
            }
            _ => {}
        }
    }
    headings
}

/// `How it goes` → `how-it-goes`.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "part" } else { slug }.to_owned()
}

/// The name, or the name with a number where it is taken.
fn free(name: String, taken: &mut BTreeMap<String, usize>) -> String {
    let name = if is_id(&name) { name } else { slug(&name) };
    // The number that this name was given last, so that a text of equal headings is read in one go.
    let mut number = taken.get(&name).copied().unwrap_or_default();
    loop {
        number += 1;
        let free = match number {
            1 => name.clone(),
            _ => format!("{name}-{number}"),
        };
        if !TAKEN.contains(&free.as_str()) && (free == name || !taken.contains_key(&free)) {
            taken.insert(free.clone(), 1);
            taken.insert(name, number);
            return free;
        }
    }
}

/// Whether a heading can have this name.
pub(super) fn is_id(id: &str) -> bool {
    (1..=60).contains(&id.len())
        && id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// What is put under a heading, by the heading's name: label and address.
pub(super) type Under = BTreeMap<String, Vec<(String, String)>>;

/// The text as a page shows it. A text in which something is wrong is shown without what is.
pub(super) fn render(markdown: &str, words: &Words, under: &Under) -> Rendered {
    let (title, summary, rest) = parts(markdown);
    let headings = headings(markdown);
    let mut html = String::new();
    if !too_deep(rest) {
        let events = Drawing::new(&headings, words, under).events(rest);
        pulldown_cmark::html::push_html(&mut html, events.into_iter());
    }
    Rendered {
        title,
        summary: filled(&summary, words).into_owned(),
        html: CLEANER.clean(&html).to_string(),
        headings,
    }
}

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .add_tag_attributes("h2", ["id"])
        .add_tag_attributes("h3", ["id"])
        .add_tag_attributes("pre", ["tabindex"])
        .add_tag_attributes("td", ["data-label", "data-row"])
        .add_tag_attributes("th", ["scope"])
        .add_tag_attribute_values("p", "class", ["in-the-form"])
        .url_schemes(["https", "mailto"].into())
        .link_rel(Some("noreferrer"));
    cleaner
});

/// Each word between braces as it is now.
fn filled<'a>(text: &'a str, words: &Words) -> Cow<'a, str> {
    if !text.contains('{') {
        return Cow::Borrowed(text);
    }
    let filled = words.iter().fold(text.to_owned(), |text, (word, now)| {
        text.replace(&format!("{{{word}}}"), now)
    });
    Cow::Owned(filled)
}

/// Where the drawing of a text stands.
struct Drawing<'a> {
    headings: std::slice::Iter<'a, Heading>,
    words: &'a Words,
    under: &'a Under,
    heading: Option<&'a Heading>,
    /// The texts of the heads of the table around here.
    heads: Vec<String>,
    /// The text of the cell that names the row around here.
    row: String,
    in_head: bool,
    cell: usize,
}

impl<'a> Drawing<'a> {
    fn new(headings: &'a [Heading], words: &'a Words, under: &'a Under) -> Self {
        Self {
            headings: headings.iter(),
            words,
            under,
            heading: None,
            heads: Vec::new(),
            row: String::new(),
            in_head: false,
            cell: 0,
        }
    }

    fn events<'t>(mut self, markdown: &'t str) -> Vec<Event<'t>> {
        let mut events = Vec::new();
        for event in TextMergeStream::new(parser(markdown)) {
            self.draw(event, &mut events);
        }
        events
    }

    fn draw<'t>(&mut self, event: Event<'t>, out: &mut Vec<Event<'t>>) {
        let html = |html: String| Event::Html(CowStr::from(html));
        match event {
            // HTML is text as any other.
            Event::Html(text) | Event::InlineHtml(text) => out.push(Event::Text(text)),
            Event::Start(Tag::HtmlBlock) => out.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => out.push(Event::End(TagEnd::Paragraph)),
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Text(text) => {
                if self.in_head
                    && let Some(head) = self.heads.last_mut()
                {
                    head.push_str(&text);
                } else if self.cell == 1 && self.names_rows() {
                    self.row.push_str(&text);
                }
                let text = filled(&text, self.words).into_owned();
                out.push(Event::Text(text.into()));
            }
            Event::Start(Tag::Heading { .. }) => {
                self.heading = self.headings.next();
                out.extend(
                    self.heading
                        .map(|it| html(format!("<h{} id=\"{}\">", it.level, it.id))),
                );
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some(heading) = self.heading.take() {
                    out.push(html(format!("</h{}>\n", heading.level)));
                    out.extend(self.under.get(&heading.id).map(|links| html(asked(links))));
                }
            }
            // What is too wide to be seen at once can be reached by the keyboard.
            Event::Start(Tag::CodeBlock(_)) => out.push(html("<pre tabindex=\"0\"><code>".into())),
            Event::End(TagEnd::CodeBlock) => out.push(html("</code></pre>\n".into())),
            other => self.table(other, out),
        }
    }

    /// Whether the first column names the rows of the table around here: where it has no head of its
    /// own, or stands before several others. Of two columns each is as good as the other.
    fn names_rows(&self) -> bool {
        self.heads.len() > 2 || self.heads.first().is_some_and(String::is_empty)
    }

    /// On narrow screens a table is a list of its rows, or of its columns: each cell says under which head
    /// it stands, and in which row.
    fn table<'t>(&mut self, event: Event<'t>, out: &mut Vec<Event<'t>>) {
        let mut html = |html: &str| out.push(Event::Html(CowStr::from(html.to_owned())));
        match event {
            Event::Start(Tag::Table(_)) => {
                self.heads.clear();
                html("<table>");
            }
            Event::End(TagEnd::Table) => html("</tbody></table>\n"),
            Event::Start(Tag::TableHead) => {
                self.in_head = true;
                html("<thead><tr>");
            }
            Event::End(TagEnd::TableHead) => {
                self.in_head = false;
                html("</tr></thead><tbody>");
            }
            Event::Start(Tag::TableRow) => {
                self.cell = 0;
                self.row.clear();
                html("<tr>");
            }
            Event::End(TagEnd::TableRow) => html("</tr>"),
            Event::Start(Tag::TableCell) if self.in_head => {
                self.heads.push(String::new());
                html("<th scope=\"col\">");
            }
            Event::Start(Tag::TableCell) => {
                let head = self.heads.get(self.cell).map_or("", String::as_str);
                let label = attribute(head);
                if self.cell == 0 && self.names_rows() {
                    html("<th scope=\"row\">");
                } else if self.names_rows() {
                    let row = attribute(&self.row);
                    html(&format!("<td data-label=\"{label}\" data-row=\"{row}\">"));
                } else {
                    html(&format!("<td data-label=\"{label}\">"));
                }
                self.cell += 1;
            }
            Event::End(TagEnd::TableCell) => {
                let names_row = self.cell == 1 && self.names_rows();
                html(if self.in_head || names_row {
                    "</th>"
                } else {
                    "</td>"
                });
            }
            other => out.push(other),
        }
    }
}

/// Which questions of the form stand under a heading.
fn asked(links: &[(String, String)]) -> String {
    let links: Vec<String> = links
        .iter()
        .map(|(label, href)| format!("<a href=\"{}\">{}</a>", attribute(href), attribute(label)))
        .collect();
    format!(
        "<p class=\"in-the-form\">In the form: {}</p>\n",
        links.join(", ")
    )
}

/// Text inside an attribute or an element.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests;
