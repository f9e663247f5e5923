//! A report on paper, written with measured widths, page by page: what it takes grows with its
//! events, and of those it holds no more than it is given at a time.

use crate::{
    Result,
    bind::{Loose, bind},
    data::{EventLine, Report},
    face::Style,
    front,
    line::Line,
    section,
    sheet::{Ink, LEFT, Look, Paper, Rank, Sheets},
    table::Table,
};

pub(crate) const TITLE: Look = Look::new(Style::Bold, 24.0, Ink::Full);
pub(crate) const SUBTITLE: Look = Look::new(Style::Regular, 12.0, Ink::Soft);
pub(crate) const SECTION: Look = Look::new(Style::Bold, 13.0, Ink::Full);
pub(crate) const HEADING: Look = Look::new(Style::Bold, 10.0, Ink::Accent);
pub(crate) const BODY: Look = Look::new(Style::Regular, 9.0, Ink::Full);
pub(crate) const STRONG: Look = Look::new(Style::Bold, 9.0, Ink::Full);
pub(crate) const LABEL: Look = Look::new(Style::Regular, 9.0, Ink::Soft);
pub(crate) const SMALL: Look = Look::new(Style::Regular, 7.6, Ink::Soft);
pub(crate) const CELL: Look = Look::new(Style::Regular, 8.0, Ink::Full);
pub(crate) const CELL_SOFT: Look = Look::new(Style::Regular, 8.0, Ink::Soft);
pub(crate) const CELL_HEAD: Look = Look::new(Style::Bold, 8.0, Ink::Soft);
pub(crate) const HASH: Look = Look::new(Style::Mono, 6.6, Ink::Soft);
pub(crate) const HASH_WHOLE: Look = Look::new(Style::Mono, 7.6, Ink::Full);

/// A report being written.
pub struct Writer {
    report: Report,
    sheets: Sheets,
    table: Table,
}

impl Writer {
    /// Writes everything that stands before the events.
    pub fn new(report: Report, paper: Paper) -> Self {
        let mut sheets = Sheets::new(paper);
        for part in &report.sections {
            section::write(&mut sheets, part);
        }
        let table = Table::begin(&mut sheets);
        Self {
            report,
            sheets,
            table,
        }
    }

    /// Writes the next events.
    pub fn events(&mut self, events: &[EventLine]) {
        for event in events {
            self.table.row(&mut self.sheets, event);
        }
    }

    /// The report as a PDF.
    ///
    /// # Errors
    /// When a font cannot be embedded.
    pub fn finish(self) -> Result<Vec<u8>> {
        let Self {
            report,
            mut sheets,
            table,
        } = self;
        table.end(&mut sheets);
        chain_head(&mut sheets, &report);
        let body = sheets.take();
        let mut marks = std::mem::take(&mut sheets.marks);
        let furniture = furniture(&mut sheets, &report);
        let (mut pages, links) = front::write(&mut sheets, &report, &mut marks);
        pages.extend(body);
        let numbers = numbers(&mut sheets, pages.len());
        bind(Loose {
            title: &report.heading,
            at: report.exported_at,
            paper: sheets.paper,
            fonts: &sheets.fonts,
            furniture,
            pages,
            numbers,
            links,
            marks,
        })
    }
}

/// A report with all of its events as a PDF.
///
/// # Errors
/// When a font cannot be embedded.
pub fn render(report: Report, events: &[EventLine], paper: Paper) -> Result<Vec<u8>> {
    let mut writer = Writer::new(report, paper);
    writer.events(events);
    writer.finish()
}

/// The end of the chain: with it anyone can later show that nothing of this was changed or left
/// out.
fn chain_head(sheets: &mut Sheets, report: &Report) {
    section::heading(sheets, Rank::Section, "Chain head", 120.0);
    let width = sheets.width();
    let held = match report.events {
        1 => "1 event".to_owned(),
        many => format!("{many} events"),
    };
    let text = format!(
        "This report holds {held} of {} in the audit trail. At the moment of the export the trail \
         ended with event {}, whose SHA-256 is",
        report.total, report.head.seq
    );
    sheets.flow(LEFT, BODY, &text, width);
    sheets.y += 4.0;
    sheets.flow(LEFT, HASH_WHOLE, &report.head.hash, width);
    sheets.y += 4.0;
    sheets.flow(
        LEFT,
        SMALL,
        "Each event's hash is taken over the event and the hash before it: whoever alters, drops or \
         adds one changes every hash after it. The CSV export holds every column and every hash \
         whole; `upgrade-desk audit verify` walks the chain.",
        width,
    );
}

/// What is the same on every page.
fn furniture(sheets: &mut Sheets, report: &Report) -> Vec<u8> {
    let foot = sheets.foot();
    let width = sheets.width();
    let scope = one_line_of(&report.scope, SMALL, width - 180.0);
    sheets.text(LEFT, 40.0, SMALL, &"Upgrade Desk · Audit report".into());
    sheets.text_right(40.0, SMALL, &scope);
    sheets.rule(47.0, Ink::Accent, 0.8);
    sheets.rule(foot - 11.0, Ink::Hairline, 0.4);
    let by = one_line_of(&report.exported, SMALL, width - 90.0);
    sheets.text(LEFT, foot, SMALL, &by);
    sheets.take().pop().unwrap_or_default()
}

/// The number of each page.
fn numbers(sheets: &mut Sheets, pages: usize) -> Vec<Vec<u8>> {
    let foot = sheets.foot();
    for page in 1..=pages {
        if page > 1 {
            sheets.turn();
        }
        let number = Line::of(&format!("Page {page} of {pages}"));
        sheets.text_right(foot, SMALL, &number);
    }
    sheets.take()
}

/// The first line of a text that may be too long for one.
pub(crate) fn one_line_of(text: &str, look: Look, most: f32) -> Line {
    let mut lines = look.wrap(text, most - look.width(&" …".into()));
    let more = lines.len() > 1;
    lines.truncate(1);
    let mut first = lines.pop().unwrap_or_default();
    if more {
        first.push(" …");
    }
    first
}

pub(crate) fn as_f32(number: usize) -> f32 {
    // A page holds a hundred lines; nothing here counts further than that exactly.
    f32::from(u16::try_from(number).unwrap_or(u16::MAX))
}
