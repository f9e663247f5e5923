//! The parts of a report before its events.

use crate::{
    data::{Bar, Block, Entry, Said, Section},
    line::Line,
    report::{BODY, HASH, HEADING, LABEL, SECTION, SMALL, STRONG, as_f32},
    sheet::{Ink, LEFT, Look, Rank, Sheets, TOP},
};

pub(crate) fn write(sheets: &mut Sheets, section: &Section) {
    heading(sheets, Rank::Section, &section.heading, 90.0);
    if section.blocks.is_empty() {
        let width = sheets.width();
        sheets.flow(LEFT, LABEL, "None.", width);
    }
    for block in &section.blocks {
        match block {
            Block::Heading(text) => heading(sheets, Rank::Heading, text, 70.0),
            Block::Text(text) => {
                let width = sheets.width();
                sheets.flow(LEFT, BODY, text, width);
                sheets.y += 5.0;
            }
            Block::Facts(facts) => {
                let facts = facts
                    .iter()
                    .map(|(name, text)| (name.as_str(), text.as_str()));
                self::facts(sheets, facts);
            }
            Block::Entry(entry) => self::entry(sheets, entry),
            Block::Bars(bars) => self::bars(sheets, bars),
        }
    }
}

/// A heading, on the next page if there is less room than `least` below it.
pub(crate) fn heading(sheets: &mut Sheets, rank: Rank, text: &str, least: f32) {
    let (look, before, after) = match rank {
        Rank::Section => (SECTION, 20.0, 8.0),
        Rank::Heading | Rank::Row => (HEADING, 10.0, 4.0),
    };
    if sheets.left_over() < least {
        sheets.turn();
    } else if sheets.y > TOP {
        sheets.y += before;
    }
    sheets.mark(rank, text);
    let width = sheets.width();
    sheets.flow(LEFT, look, text, width);
    sheets.y += after;
}

/// Names and what they stand for, with a hairline above each.
pub(crate) fn facts<'a>(sheets: &mut Sheets, facts: impl Iterator<Item = (&'a str, &'a str)>) {
    const NAMES: f32 = 132.0;
    const GAP: f32 = 10.0;
    let values = sheets.width() - NAMES - GAP;
    for (name, text) in facts {
        let names = LABEL.wrap(name, NAMES);
        let lines = BODY.wrap(text, values);
        let rows = names.len().max(lines.len()).max(1);
        let high = BODY.leading() * as_f32(rows) + 4.0;
        // A fact that fits on a page is not torn apart; a long text runs on over the next ones.
        if sheets.left_over() < high.min(160.0) {
            sheets.turn();
        }
        let y = sheets.y;
        sheets.rule(y - 9.0, Ink::Hairline, 0.4);
        sheets.y += 2.0;
        let mut names = names.into_iter();
        let mut lines = lines.into_iter();
        for _ in 0..rows {
            if sheets.left_over() < BODY.leading() {
                sheets.turn();
            }
            let y = sheets.y;
            sheets.text(LEFT, y, LABEL, &names.next().unwrap_or_default());
            let line = lines.next().unwrap_or_default();
            sheets.text(LEFT + NAMES + GAP, y, BODY, &line);
            sheets.y += BODY.leading();
        }
        sheets.y += 2.0;
    }
    let y = sheets.y;
    sheets.rule(y - 9.0, Ink::Hairline, 0.4);
    sheets.y += 4.0;
}

fn entry(sheets: &mut Sheets, entry: &Entry) {
    const INDENT: f32 = 12.0;
    let width = sheets.width() - INDENT;
    let mut lines: Vec<(Look, Line)> = Vec::new();
    let mut put = |look: Look, text: &str| {
        lines.extend(look.wrap(text, width).into_iter().map(|line| (look, line)));
    };
    put(STRONG, &entry.title);
    for said in &entry.lines {
        match said {
            Said::Note(text) => put(SMALL, text),
            Said::Text(text) => put(BODY, text),
            Said::Hash(of, digits) => {
                put(SMALL, of);
                put(HASH, digits);
            }
        }
    }
    let high: f32 = lines.iter().map(|(look, _)| look.leading()).sum();
    if sheets.left_over() < high.min(160.0) {
        sheets.turn();
    }
    for (nth, (look, line)) in lines.into_iter().enumerate() {
        if sheets.left_over() < look.leading() {
            sheets.turn();
        }
        let y = sheets.y;
        let x = if nth == 0 { LEFT } else { LEFT + INDENT };
        sheets.text(x, y, look, &line);
        sheets.y += look.leading();
    }
    sheets.y += 8.0;
}

fn bars(sheets: &mut Sheets, bars: &[Bar]) {
    const LABELS: f32 = 132.0;
    const SAID: f32 = 110.0;
    const GAP: f32 = 10.0;
    let room = sheets.width() - LABELS - SAID - GAP * 2.0;
    let longest = bars.iter().map(|bar| bar.length).max().unwrap_or(0).max(1);
    for bar in bars {
        let labels = LABEL.wrap(&bar.label, LABELS);
        let high = LABEL.leading() * as_f32(labels.len().max(1)) + 6.0;
        if sheets.left_over() < high {
            sheets.turn();
        }
        let y = sheets.y;
        for (nth, line) in labels.iter().enumerate() {
            sheets.text(LEFT, y + LABEL.leading() * as_f32(nth), LABEL, line);
        }
        // What took hardly any time is seen all the same.
        let share = bar.length as f32 / longest as f32;
        let long = (room * share).max(0.75);
        sheets.area(LEFT + LABELS + GAP, y - 7.5, long, 9.0, Ink::Bar);
        let x = LEFT + LABELS + GAP + long + GAP;
        sheets.text(x, y, BODY, &Line::of(&bar.said));
        sheets.y += high;
    }
}
