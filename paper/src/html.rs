//! The same report as one page of HTML that asks for nothing else: it opens without a network, can be
//! searched and copied, and reads in any browser.

use crate::data::{Bar, Block, Entry, EventLine, Report, Said, Section};
use html_escape::{encode_double_quoted_attribute as attribute, encode_text as text};
use std::{collections::BTreeSet, fmt::Write as _};

/// A page being written.
#[derive(Debug)]
pub struct Html {
    report: Report,
    /// Names of files that lie beside the page, in `../files/`: their SHA-256.
    files: BTreeSet<String>,
    rows: String,
}

const STYLE: &str = "\
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}\
body{margin:0 auto;max-width:64rem;padding:1.5rem;overflow-wrap:anywhere}\
h2{margin-top:2.5rem;border-top:1px solid;padding-top:1rem}\
dl{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.25rem 1rem}dl>dd{margin:0}\
dt,.note{opacity:.8}.text{white-space:pre-wrap;margin:.5rem 0}.hash,pre{font:.85rem/1.4 ui-monospace,monospace}\
pre{white-space:pre-wrap;border:1px solid;padding:.75rem}article{margin:1.25rem 0}h3,h4{margin:1rem 0 .25rem}\
nav h2{border:0;padding:0}.events{overflow-x:auto}table{border-collapse:collapse;min-width:100%}\
th,td{text-align:start;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid}\
@media(max-width:40rem){dl{grid-template-columns:1fr}dl>dd{margin-bottom:.5rem}}\
@media print{body{max-width:none;padding:0}tr,article{break-inside:avoid}}";

impl Html {
    /// Begins a page beside whose folder lie `files`, by their SHA-256.
    pub const fn new(report: Report, files: BTreeSet<String>) -> Self {
        Self {
            report,
            files,
            rows: String::new(),
        }
    }

    /// Writes the next events.
    pub fn events(&mut self, events: &[EventLine]) {
        for event in events {
            self.row(event);
        }
    }

    /// The whole page.
    pub fn finish(self) -> String {
        let mut page = String::new();
        self.write(&mut page);
        page
    }

    fn row(&mut self, event: &EventLine) {
        let what = [&event.about, &event.what, &event.change, &event.reason];
        let what = what.into_iter().filter(|part| !part.is_empty());
        let what: Vec<_> = what.map(|part| text(part)).collect();
        put(
            &mut self.rows,
            format_args!(
                "<tr id=\"event-{seq}\"><th scope=\"row\">{seq}</th><td>{at}</td><td>{who}</td>\
                 <td class=\"text\">{what}</td><td class=\"hash\">{hash}</td></tr>\n",
                seq = event.seq,
                at = text(&event.at),
                who = text(&event.who),
                what = what.join("\n"),
                hash = text(&event.hash),
            ),
        );
    }

    fn write(&self, page: &mut String) {
        let report = &self.report;
        put(
            page,
            format_args!(
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
                 <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
                 <meta http-equiv=\"Content-Security-Policy\" \
                 content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
                 <title>{title} · Upgrade Desk</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
                 <header>\n<h1>{title}</h1>\n<p>{subtitle}</p>\n",
                title = text(&report.heading),
                subtitle = text(&report.subtitle),
            ),
        );
        let facts = report.facts.iter();
        list(page, facts.map(|(name, said)| (*name, said.as_str())));
        if let Some(checkpoint) = &report.checkpoint {
            put(
                page,
                format_args!(
                    "<h2>Checkpoint</h2>\n<pre>{}</pre>\n<p class=\"note\">{}</p>\n",
                    text(&checkpoint.note),
                    text(&checkpoint.about)
                ),
            );
        }
        page.push_str("</header>\n<nav aria-label=\"Contents\">\n<h2>Contents</h2>\n<ul>\n");
        let headings = report.sections.iter().map(|one| one.heading.as_str());
        for (nth, heading) in headings.chain(["Events", "Chain head"]).enumerate() {
            put(
                page,
                format_args!("<li><a href=\"#part-{nth}\">{}</a></li>\n", text(heading)),
            );
        }
        page.push_str("</ul>\n</nav>\n<main>\n");
        for (nth, section) in report.sections.iter().enumerate() {
            self.section(page, nth, section);
        }
        let many = report.sections.len();
        put(
            page,
            format_args!(
                "<section aria-labelledby=\"part-{many}\">\n<h2 id=\"part-{many}\">Events</h2>\n\
                 <div class=\"events\" tabindex=\"0\" role=\"group\" aria-label=\"Events\">\n<table>\n\
                 <thead><tr><th scope=\"col\">Event</th><th scope=\"col\">When</th>\
                 <th scope=\"col\">Who</th><th scope=\"col\">What</th><th scope=\"col\">SHA-256</th>\
                 </tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n</section>\n\
                 <section aria-labelledby=\"part-{end}\">\n<h2 id=\"part-{end}\">Chain head</h2>\n\
                 <p>{held} of {total} in the audit trail. At the moment of the export the trail ended \
                 with event {seq}, whose SHA-256 is <span class=\"hash\">{hash}</span>.</p>\n\
                 </section>\n</main>\n<footer><p class=\"note\">{exported}</p></footer>\n</body>\n</html>\n",
                rows = self.rows,
                end = many + 1,
                held = match report.events {
                    1 => "1 event".to_owned(),
                    many => format!("{many} events"),
                },
                total = report.total,
                seq = report.head.seq,
                hash = text(&report.head.hash),
                exported = text(&report.exported),
            ),
        );
    }

    fn section(&self, page: &mut String, nth: usize, section: &Section) {
        put(
            page,
            format_args!(
                "<section aria-labelledby=\"part-{nth}\">\n<h2 id=\"part-{nth}\">{}</h2>\n",
                text(&section.heading)
            ),
        );
        if section.blocks.is_empty() {
            page.push_str("<p class=\"note\">None.</p>\n");
        }
        // Below a heading of the section, where there is one.
        let mut rank = 3;
        for block in &section.blocks {
            match block {
                Block::Heading(said) => {
                    rank = 4;
                    put(page, format_args!("<h3>{}</h3>\n", text(said)));
                }
                Block::Text(said) => {
                    put(page, format_args!("<p class=\"text\">{}</p>\n", text(said)));
                }
                Block::Facts(facts) => {
                    let facts = facts.iter();
                    list(
                        page,
                        facts.map(|(name, said)| (name.as_str(), said.as_str())),
                    );
                }
                Block::Entry(entry) => self.entry(page, rank, entry),
                Block::Bars(all) => bars(page, all),
            }
        }
        page.push_str("</section>\n");
    }

    fn entry(&self, page: &mut String, rank: u8, entry: &Entry) {
        put(
            page,
            format_args!("<article>\n<h{rank}>{}</h{rank}>\n", text(&entry.title)),
        );
        for line in &entry.lines {
            match line {
                Said::Note(said) => {
                    put(page, format_args!("<p class=\"note\">{}</p>\n", text(said)))
                }
                Said::Text(said) => {
                    put(page, format_args!("<p class=\"text\">{}</p>\n", text(said)))
                }
                Said::Hash(of, hash) => {
                    let digits = match self.files.contains(hash) {
                        true => format!(
                            "<a href=\"../files/{}\">{}</a>",
                            attribute(hash),
                            text(hash)
                        ),
                        false => text(hash).into_owned(),
                    };
                    put(
                        page,
                        format_args!("<p class=\"hash\">{} {digits}</p>\n", text(of)),
                    );
                }
            }
        }
        page.push_str("</article>\n");
    }
}

fn list<'a>(page: &mut String, facts: impl Iterator<Item = (&'a str, &'a str)>) {
    page.push_str("<dl>\n");
    for (name, said) in facts {
        put(
            page,
            format_args!(
                "<dt>{}</dt><dd class=\"text\">{}</dd>\n",
                text(name),
                text(said)
            ),
        );
    }
    page.push_str("</dl>\n");
}

fn bars(page: &mut String, bars: &[Bar]) {
    let longest = bars.iter().map(|bar| bar.length).max().unwrap_or(1).max(1);
    page.push_str("<dl>\n");
    for bar in bars {
        put(
            page,
            format_args!(
                "<dt>{label}</dt><dd>{said}<br><meter aria-label=\"{name}\" max=\"{longest}\" \
                 value=\"{length}\"></meter></dd>\n",
                label = text(&bar.label),
                said = text(&bar.said),
                name = attribute(&bar.label),
                length = bar.length,
            ),
        );
    }
    page.push_str("</dl>\n");
}

/// Into a text everything can be written.
fn put(page: &mut String, what: std::fmt::Arguments<'_>) {
    _ = page.write_fmt(what);
}
