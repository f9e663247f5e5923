//! The table of events, with its head on every page.

use crate::{
    data::EventLine,
    line::Line,
    report::{BODY, CELL, CELL_HEAD, CELL_SOFT, HASH, as_f32},
    section,
    sheet::{Ink, LEFT, Look, Rank, Sheets},
};

/// From so many rows on, every so many of them can be gone to.
const ROWS_BETWEEN_MARKS: u64 = 1_000;

/// Where the columns begin, and how wide they are.
pub(crate) struct Table {
    seq: (f32, f32),
    when: (f32, f32),
    who: (f32, f32),
    what: (f32, f32),
    hash: (f32, f32),
    rows: u64,
}

impl Table {
    pub fn begin(sheets: &mut Sheets) -> Self {
        section::heading(sheets, Rank::Section, "Events", 110.0);
        let gap = 8.0;
        let (seq, when, who, hash) = (34.0, 62.0, 88.0, 72.0);
        let what = sheets.width() - seq - when - who - hash - gap * 4.0;
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
            rows: 0,
        }
    }

    fn head(&self, sheets: &mut Sheets) {
        let y = sheets.y;
        let heads = [
            (self.seq, "No."),
            (self.when, "When (UTC)"),
            (self.who, "Who"),
            (self.what, "What"),
            (self.hash, "Hash begins"),
        ];
        for ((x, _), text) in heads {
            sheets.text(x, y, CELL_HEAD, &text.into());
        }
        sheets.rule(y + 4.5, Ink::Soft, 0.6);
        sheets.y += 17.0;
    }

    pub fn row(&mut self, sheets: &mut Sheets, event: &EventLine) {
        let most = self.what.1;
        let mut lines: Vec<(Look, Line)> = Vec::new();
        let mut put = |look: Look, text: &str| {
            lines.extend(look.wrap(text, most).into_iter().map(|line| (look, line)));
        };
        put(CELL_SOFT, &event.about);
        put(CELL, &event.what);
        put(CELL_SOFT, &event.change);
        if !event.reason.is_empty() {
            put(CELL_SOFT, &format!("Reason: {}", event.reason));
        }
        let who = CELL.wrap(&event.who, self.who.1);
        let leading = CELL.leading();
        let least = leading * as_f32(lines.len().max(who.len()).max(2)) + 5.0;
        // A row that fits on a page is not torn apart; one that does not runs on over the next ones.
        if self.rows == 0 {
            self.head(sheets);
        } else if sheets.left_over() < least.min(200.0) {
            sheets.turn();
            self.head(sheets);
        } else {
            let y = sheets.y;
            sheets.rule(y - 9.5, Ink::Hairline, 0.3);
        }
        if self.rows > 0 && self.rows.is_multiple_of(ROWS_BETWEEN_MARKS) {
            sheets.mark(Rank::Row, &format!("From event {}", event.seq));
        }
        self.rows += 1;
        let top = sheets.y;
        let number = Line::of(&event.seq.to_string());
        let right = self.seq.0 + self.seq.1 - CELL.width(&number);
        sheets.text(right, top, CELL, &number);
        let at = event.at.as_str();
        let (day, clock) = at.split_once(", ").unwrap_or((at, ""));
        let clock = clock.trim_end_matches(" UTC");
        sheets.text(self.when.0, top, CELL, &day.into());
        sheets.text(self.when.0, top + leading, CELL_SOFT, &clock.into());
        for (nth, line) in who.iter().enumerate() {
            sheets.text(self.who.0, top + leading * as_f32(nth), CELL, line);
        }
        let hash = event.hash.get(..16).unwrap_or(&event.hash);
        sheets.text(self.hash.0, top, HASH, &hash.into());
        for (nth, (look, line)) in lines.iter().enumerate() {
            if nth > 0 && sheets.left_over() < leading {
                sheets.turn();
                self.head(sheets);
            }
            let y = sheets.y;
            sheets.text(self.what.0, y, *look, line);
            sheets.y += leading;
        }
        // The other cells may be higher than this one, if it did not run on to another page.
        sheets.y = if sheets.y >= top {
            sheets.y.max(top + least - 5.0) + 5.0
        } else {
            sheets.y + 5.0
        };
    }

    pub fn end(&self, sheets: &mut Sheets) {
        if self.rows == 0 {
            let width = sheets.width();
            sheets.flow(LEFT, BODY, "No event fits this report.", width);
        } else {
            let y = sheets.y;
            sheets.rule(y - 7.0, Ink::Soft, 0.6);
        }
    }
}
