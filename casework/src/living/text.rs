//! The text of a page: what it says, without what stands around it on every page of its site.

use reach::Page;
use scraper::{ElementRef, Html, Node, node::Element};

/// The longest text that is kept, in characters.
const LONGEST: usize = 400_000;

/// Elements that say nothing of the page's own.
const LEFT_OUT: [&str; 18] = [
    "head", "script", "style", "noscript", "template", "svg", "iframe", "object", "nav", "header",
    "footer", "aside", "form", "button", "select", "menu", "dialog", "canvas",
];

/// The same by their role.
const ROLES_LEFT_OUT: [&str; 8] = [
    "navigation",
    "banner",
    "contentinfo",
    "complementary",
    "search",
    "menu",
    "menubar",
    "dialog",
];

/// Elements that begin a paragraph of their own.
const BLOCKS: [&str; 26] = [
    "address",
    "article",
    "blockquote",
    "body",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "tr",
    "ul",
];

/// What a page says, a line for each paragraph; empty where it says nothing.
pub(super) fn of_page(page: &Page) -> String {
    if !page.html {
        return tidy(&page.body);
    }
    if is_too_deep(&page.body) {
        return String::new();
    }
    let document = Html::parse_document(&page.body);
    let mut text = String::new();
    write(document.root_element(), &mut text);
    tidy(&text)
}

/// How deep elements of a page may lie in each other: a parser looks through all that are open at each
/// tag.
const DEEPEST: usize = 2_000;

/// Elements that hold no others, or end by themselves where the next one begins.
const SHALLOW: [&str; 26] = [
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
    "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead", "tr",
    "wbr",
];

/// Whether elements lie in each other deeper than in any page for people, by a look at the tags alone.
fn is_too_deep(html: &str) -> bool {
    let mut depth = 0_usize;
    html.split('<').skip(1).any(|tag| {
        let (closes, tag) = tag
            .strip_prefix('/')
            .map_or((false, tag), |tag| (true, tag));
        let length = tag
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(tag.len());
        let name = tag.get(..length).unwrap_or_default().to_ascii_lowercase();
        if !name.is_empty() && !SHALLOW.contains(&name.as_str()) {
            depth = if closes {
                depth.saturating_sub(1)
            } else {
                depth + 1
            };
        }
        depth > DEEPEST
    })
}

/// An element whose children are being written.
struct Open<'a> {
    children: Box<dyn Iterator<Item = ego_tree::NodeRef<'a, Node>> + 'a>,
    block: bool,
}

/// Without recursion: how deep elements lie in each other is a stranger's choice.
fn write(root: ElementRef<'_>, text: &mut String) {
    let mut open = vec![Open {
        children: Box::new(root.children()),
        block: true,
    }];
    while let Some(top) = open.last_mut() {
        let Some(node) = top.children.next() else {
            let block = open.pop().is_some_and(|done| done.block);
            text.push_str(if block { "\n" } else { "" });
            continue;
        };
        match node.value() {
            // Line breaks of the source are white space.
            Node::Text(part) => text.extend(
                part.chars()
                    .map(|c| if c.is_whitespace() { ' ' } else { c }),
            ),
            Node::Element(element) if !is_left_out(element) && !is_menu(node) => {
                let block = BLOCKS.contains(&element.name());
                text.push_str(if block { "\n" } else { "" });
                text.push_str(if matches!(element.name(), "td" | "th") {
                    " "
                } else {
                    ""
                });
                open.push(Open {
                    children: Box::new(node.children()),
                    block,
                });
            }
            _ => {}
        }
    }
}

fn is_left_out(element: &Element) -> bool {
    LEFT_OUT.contains(&element.name())
        || element
            .attr("role")
            .is_some_and(|role| ROLES_LEFT_OUT.contains(&role.trim().to_ascii_lowercase().as_str()))
        || element.attr("hidden").is_some()
        || element.attr("aria-hidden") == Some("true")
}

/// Whether an element is a list of links and nothing else: a menu, whatever it is called.
fn is_menu(node: ego_tree::NodeRef<'_, Node>) -> bool {
    let Node::Element(element) = node.value() else {
        return false;
    };
    if !matches!(element.name(), "ul" | "ol") {
        return false;
    }
    let mut links = 0;
    let mut below: Vec<_> = node.children().collect();
    while let Some(node) = below.pop() {
        match node.value() {
            Node::Text(text) if !text.trim().is_empty() => return false,
            Node::Element(element) if element.name() == "a" => links += 1,
            Node::Element(_) => below.extend(node.children()),
            _ => {}
        }
    }
    links > 1
}

/// Lines without white space around and between their words; none that is empty.
fn tidy(text: &str) -> String {
    let mut out = String::new();
    let mut left = LONGEST;
    for line in text.lines() {
        let clean: String = line
            .chars()
            .filter(|c| !workflow::text::is_unwanted(*c) || c.is_whitespace())
            .collect();
        let line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            continue;
        }
        let count = line.chars().count() + 1;
        if count > left {
            break;
        }
        left -= count;
        out.push_str(&line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &str) -> String {
        of_page(&Page {
            body: body.to_owned(),
            html: true,
            etag: None,
            modified: None,
        })
    }

    #[test]
    fn what_a_page_says_is_kept_paragraph_by_paragraph() {
        let page = "<html><head><title>Glow</title><style>p{}</style></head><body>\
            <h1>Privacy</h1><p>We keep\n  <b>glucose</b> readings.</p>\
            <ul><li>Not sold</li><li>Not <a href=/x>shared</a></li></ul>\
            <table><tr><td>Kept</td><td>30 days</td></tr></table></body></html>";
        assert_eq!(
            text(page),
            "Privacy\nWe keep glucose readings.\nNot sold\nNot shared\nKept 30 days\n"
        );
    }

    #[test]
    fn menus_heads_and_feet_are_left_out_whatever_they_are_called() {
        let page = "<body><header>Glow</header><nav><a>Home</a></nav>\
            <div role='Navigation'>Go</div><div class=menu><ul><li><a>One</a><li><a>Two</a></ul></div>\
            <main>Words</main><aside>News</aside><footer>© Glow</footer><script>x()</script></body>";
        assert_eq!(text(page), "Words\n");
    }

    #[test]
    fn elements_within_elements_are_read_as_deep_as_pages_for_people_go() {
        let deep = |depth: usize| text(&format!("{}end", "<div>".repeat(depth)));
        assert_eq!(deep(1_500), "end\n");
        // A parser would be busy with these for minutes.
        assert_eq!(deep(100_000), "");
        let flat = "<p>One <br> <li>two".repeat(20_000);
        assert!(text(&flat).starts_with("One\ntwo\n"));
    }

    #[test]
    fn a_plain_text_is_kept_as_it_is() {
        let page = Page {
            body: "One.\r\n\r\n  Two  words. <b>".to_owned(),
            html: false,
            etag: None,
            modified: None,
        };
        assert_eq!(of_page(&page), "One.\nTwo words. <b>\n");
    }
}
