//! A report on paper. Written with measured widths, page by page, so that ten thousand events take
//! a second and not a layout engine's gigabytes.

use crate::{
    Result,
    data::{EventLine, Report, Signed},
    fonts::Style,
    line::Line,
    sheet::{Ink, LEFT, Look, Paper, Sheets},
};

const TITLE: Look = Look::new(Style::Bold, 20.0, Ink::Full);
const SUBTITLE: Look = Look::new(Style::Regular, 11.0, Ink::Soft);
const SECTION: Look = Look::new(Style::Bold, 12.0, Ink::Full);
const BODY: Look = Look::new(Style::Regular, 9.0, Ink::Full);
const STRONG: Look = Look::new(Style::Bold, 9.0, Ink::Full);
const LABEL: Look = Look::new(Style::Regular, 9.0, Ink::Soft);
const SMALL: Look = Look::new(Style::Regular, 7.6, Ink::Soft);
const CELL: Look = Look::new(Style::Regular, 8.0, Ink::Full);
const CELL_SOFT: Look = Look::new(Style::Regular, 8.0, Ink::Soft);
const CELL_HEAD: Look = Look::new(Style::Bold, 8.0, Ink::Soft);
const HASH: Look = Look::new(Style::Mono, 6.6, Ink::Soft);
const HASH_WHOLE: Look = Look::new(Style::Mono, 7.6, Ink::Full);

/// The report as a PDF.
///
/// # Errors
/// When a font cannot be embedded.
pub fn render(report: &Report, paper: Paper) -> Result<Vec<u8>> {
    let mut sheets = Sheets::new(paper);
    title(&mut sheets, report);
    facts(&mut sheets, report);
    if !report.signatures.is_empty() {
        section(&mut sheets, "Signatures", 90.0);
        for signed in &report.signatures {
            signature(&mut sheets, signed);
        }
    }
    events(&mut sheets, report);
    chain_head(&mut sheets, report);
    heads_and_feet(&mut sheets, report);
    sheets.finish(&report.heading, report.exported_at)
}

fn title(sheets: &mut Sheets, report: &Report) {
    sheets.y += 14.0;
    let width = sheets.width();
    for line in TITLE.wrap(&report.heading, width) {
        let y = sheets.y;
        sheets.text(LEFT, y, TITLE, &line);
        sheets.y += TITLE.leading();
    }
    sheets.y -= 8.0;
    for line in SUBTITLE.wrap(&report.subtitle, width) {
        let y = sheets.y;
        sheets.text(LEFT, y, SUBTITLE, &line);
        sheets.y += SUBTITLE.leading();
    }
    sheets.y += 6.0;
}

fn facts(sheets: &mut Sheets, report: &Report) {
    let label = 120.0;
    let value = sheets.width() - label;
    for (name, text) in &report.facts {
        let lines = BODY.wrap(text, value);
        let high = BODY.leading() * len(&lines) + 4.0;
        if sheets.left_over() < high {
            sheets.turn();
        }
        let y = sheets.y;
        sheets.rule(y - 9.0, Ink::Hairline, 0.4);
        sheets.text(LEFT, y + 2.0, LABEL, &Line::of(name));
        for (index, line) in lines.iter().enumerate() {
            let y = y + 2.0 + BODY.leading() * as_f32(index);
            sheets.text(LEFT + label, y, BODY, line);
        }
        sheets.y += high;
    }
    let y = sheets.y;
    sheets.rule(y - 9.0, Ink::Hairline, 0.4);
}

fn section(sheets: &mut Sheets, heading: &str, least: f32) {
    if sheets.left_over() < least {
        sheets.turn();
    } else {
        sheets.y += 18.0;
    }
    let y = sheets.y;
    sheets.text(LEFT, y, SECTION, &Line::of(heading));
    sheets.y += 16.0;
}

/// Name, time and meaning together, with the hashes that bind them (21 CFR 11.50, 11.70).
fn signature(sheets: &mut Sheets, signed: &Signed) {
    let width = sheets.width() - 12.0;
    let mut lines: Vec<(Look, Line)> = Vec::new();
    let who = if signed.capacity.is_empty() {
        signed.name.clone()
    } else {
        format!("{}, {}", signed.name, signed.capacity)
    };
    let mut put = |look: Look, text: &str| {
        lines.extend(look.wrap(text, width).into_iter().map(|line| (look, line)));
    };
    put(STRONG, &who);
    put(BODY, &format!("{} · {}", signed.meaning, signed.at));
    put(SMALL, "SHA-256 of the document signed");
    put(HASH, &grouped(&signed.document_sha256));
    put(
        SMALL,
        if signed.holds {
            "SHA-256 of the signature (checked at this export: it fits document, case, signer, meaning and time)"
        } else {
            "SHA-256 of the signature (checked at this export: IT DOES NOT FIT what it was given for)"
        },
    );
    put(HASH, &grouped(&signed.signature_sha256));
    let high: f32 = lines.iter().map(|(look, _)| look.leading()).sum::<f32>() + 10.0;
    if sheets.left_over() < high {
        sheets.turn();
    }
    for (look, line) in lines {
        let y = sheets.y;
        sheets.text(LEFT + 12.0, y, look, &line);
        sheets.y += look.leading();
    }
    sheets.y += 10.0;
}

/// Where the columns of the event table begin, and how wide they are.
struct Columns {
    seq: (f32, f32),
    when: (f32, f32),
    who: (f32, f32),
    what: (f32, f32),
    hash: (f32, f32),
}

impl Columns {
    fn of(width: f32) -> Self {
        let gap = 8.0;
        let (seq, when, who, hash) = (34.0, 62.0, 88.0, 80.0);
        let what = width - seq - when - who - hash - gap * 4.0;
        let mut at = LEFT;
        let mut next = |wide: f32| {
            let column = (at, wide);
            at += wide + gap;
            column
        };
        Self {
            seq: next(seq),
            when: next(when),
            who: next(who),
            what: next(what),
            hash: next(hash),
        }
    }
}

fn events(sheets: &mut Sheets, report: &Report) {
    section(sheets, "Events", 110.0);
    if report.events.is_empty() {
        let y = sheets.y;
        sheets.text(LEFT, y, BODY, &"No event fits this report.".into());
        sheets.y += BODY.leading();
        return;
    }
    let columns = Columns::of(sheets.width());
    head_of_table(sheets, &columns);
    for (index, event) in report.events.iter().enumerate() {
        if index > 0 {
            let y = sheets.y;
            sheets.rule(y - 9.5, Ink::Hairline, 0.3);
        }
        row(sheets, &columns, event);
    }
    let y = sheets.y;
    sheets.rule(y - 7.0, Ink::Soft, 0.6);
}

fn head_of_table(sheets: &mut Sheets, columns: &Columns) {
    let y = sheets.y;
    let heads = [
        (columns.seq, "No."),
        (columns.when, "When (UTC)"),
        (columns.who, "Who"),
        (columns.what, "What"),
        (columns.hash, "Hash begins"),
    ];
    for ((x, _), text) in heads {
        sheets.text(x, y, CELL_HEAD, &text.into());
    }
    sheets.rule(y + 4.5, Ink::Soft, 0.6);
    sheets.y += 17.0;
}

fn row(sheets: &mut Sheets, columns: &Columns, event: &EventLine) {
    let what = columns.what.1;
    let mut lines: Vec<(Look, Line)> = Vec::new();
    let mut put = |look: Look, text: &str| {
        lines.extend(look.wrap(text, what).into_iter().map(|line| (look, line)));
    };
    if !event.about.is_empty() {
        put(CELL_SOFT, &event.about);
    }
    put(CELL, &event.what);
    if !event.change.is_empty() {
        put(CELL_SOFT, &event.change);
    }
    if !event.reason.is_empty() {
        put(CELL_SOFT, &format!("Reason: {}", event.reason));
    }
    let who = CELL.wrap(&event.who, columns.who.1);
    let hash: Vec<Line> = event
        .hash
        .get(..16)
        .map(|start| vec![Line::of(&grouped(start))])
        .unwrap_or_default();
    let at = event.at.as_str();
    let (day, clock) = at.split_once(", ").unwrap_or((at, ""));
    let clock = clock.trim_end_matches(" UTC");
    let leading = CELL.leading();
    let least = leading * len(&lines).max(len(&who)).max(2.0).max(len(&hash)) + 5.0;
    // A row that fits on a page is not torn apart; one that does not runs on over the next ones.
    if sheets.left_over() < least.min(200.0) {
        sheets.turn();
        head_of_table(sheets, columns);
    }
    let top = sheets.y;
    let number = Line::of(&event.seq.to_string());
    let right = columns.seq.0 + columns.seq.1 - CELL.width(&number);
    sheets.text(right, top, CELL, &number);
    sheets.text(columns.when.0, top, CELL, &day.into());
    sheets.text(columns.when.0, top + leading, CELL_SOFT, &clock.into());
    for (index, line) in who.iter().enumerate() {
        sheets.text(columns.who.0, top + leading * as_f32(index), CELL, line);
    }
    for (index, line) in hash.iter().enumerate() {
        sheets.text(columns.hash.0, top + leading * as_f32(index), HASH, line);
    }
    for (index, (look, line)) in lines.iter().enumerate() {
        if index > 0 && sheets.left_over() < leading {
            sheets.turn();
            head_of_table(sheets, columns);
        }
        let y = sheets.y;
        sheets.text(columns.what.0, y, *look, line);
        sheets.y += leading;
    }
    // The other cells may be higher than this one, if it did not run on to another page.
    sheets.y = if sheets.y >= top {
        sheets.y.max(top + least - 5.0) + 5.0
    } else {
        sheets.y + 5.0
    };
}

/// The end of the chain: with it anyone can later show that nothing of this was changed or left
/// out.
fn chain_head(sheets: &mut Sheets, report: &Report) {
    section(sheets, "Chain head", 120.0);
    let width = sheets.width();
    let held = match report.events.len() {
        1 => "1 event".to_owned(),
        many => format!("{many} events"),
    };
    let mut lines: Vec<(Look, Line)> = Vec::new();
    let mut put = |look: Look, text: &str| {
        lines.extend(look.wrap(text, width).into_iter().map(|line| (look, line)));
    };
    put(
        BODY,
        &format!(
            "This report holds {held} of {} in the audit trail. At the moment of the export the \
             trail ended with event {}, whose SHA-256 is",
            report.total, report.head.seq
        ),
    );
    let hash = report.head.hash.as_str();
    let (first, second) = hash.split_at_checked(32).unwrap_or((hash, ""));
    put(HASH_WHOLE, &grouped(first));
    put(HASH_WHOLE, &grouped(second));
    put(
        SMALL,
        "Each event's hash is taken over the event and the hash before it: whoever alters, drops or \
         adds one changes every hash after it. The CSV export holds every column and every hash \
         whole; `upgrade-desk audit verify` walks the chain.",
    );
    let mut before = BODY.ink;
    for (look, line) in lines {
        if look.ink != before {
            sheets.y += 4.0;
        }
        before = look.ink;
        let y = sheets.y;
        sheets.text(LEFT, y, look, &line);
        sheets.y += look.leading();
    }
}

fn heads_and_feet(sheets: &mut Sheets, report: &Report) {
    let pages = sheets.pages();
    let foot = sheets.foot();
    let width = sheets.width();
    let by = one_line_of(&report.exported, width - 90.0);
    let scope = one_line_of(&report.scope, width - 180.0);
    for page in 0..pages {
        sheets.text_on(
            page,
            LEFT,
            40.0,
            SMALL,
            &"Upgrade Desk · Audit report".into(),
        );
        sheets.text_right(page, 40.0, SMALL, &scope);
        sheets.rule_on(page, 47.0, Ink::Accent, 0.8);
        sheets.rule_on(page, foot - 11.0, Ink::Hairline, 0.4);
        sheets.text_on(page, LEFT, foot, SMALL, &by);
        let number = format!("Page {} of {pages}", page + 1);
        sheets.text_right(page, foot, SMALL, &Line::of(&number));
    }
}

/// The first line of a text that may be too long for one.
fn one_line_of(text: &str, most: f32) -> Line {
    let mut lines = SMALL.wrap(text, most - SMALL.width(&" …".into()));
    let more = lines.len() > 1;
    lines.truncate(1);
    let mut first = lines.pop().unwrap_or_default();
    if more {
        first.push(" …");
    }
    first
}

/// Hexadecimal digits in groups of four.
fn grouped(hash: &str) -> String {
    let digits: Vec<char> = hash.chars().collect();
    digits
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

fn len<T>(items: &[T]) -> f32 {
    as_f32(items.len())
}

fn as_f32(number: usize) -> f32 {
    // A page holds a hundred lines; nothing here counts further than that exactly.
    f32::from(u16::try_from(number).unwrap_or(u16::MAX))
}
