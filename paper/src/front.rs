//! What stands before a report and is known only when it is written: the cover, and the contents.

use crate::{
    data::{Checkpoint, Report},
    line::Line,
    report::{BODY, HASH_WHOLE, HEADING, LABEL, SECTION, SMALL, SUBTITLE, TITLE, one_line_of},
    section,
    sheet::{Ink, LEFT, Mark, Rank, Sheets},
};
use printpdf::{Actions, BorderArray, ColorArray, Destination, LinkAnnotation, Op, Pt, Rect};
use qrcodegen::{QrCode, QrCodeEcc};

/// The pages of the front, with their links. The marks of the rest are moved behind them.
pub(crate) fn write(
    sheets: &mut Sheets,
    report: &Report,
    marks: &mut [Mark],
) -> (Vec<Vec<u8>>, Vec<Vec<Op>>) {
    cover(sheets, report);
    sheets.turn();
    let first = sheets.number();
    let contents = Contents::of(sheets, marks);
    for mark in &mut *marks {
        mark.page += first + contents.pages;
    }
    let mut links = vec![Vec::new(); first];
    links.extend(contents.write(sheets, marks));
    (sheets.take(), links)
}

fn cover(sheets: &mut Sheets, report: &Report) {
    let width = sheets.width();
    sheets.y += 90.0;
    sheets.flow(LEFT, TITLE, &report.heading, width);
    sheets.flow(LEFT, SUBTITLE, &report.subtitle, width);
    sheets.y += 26.0;
    let head = format!("event {}, SHA-256 {}", report.head.seq, report.head.hash);
    let facts = report.facts.iter();
    let facts = facts.map(|(name, text)| (*name, text.as_str()));
    section::facts(sheets, facts.chain([("Trail ends with", head.as_str())]));
    if let Some(checkpoint) = &report.checkpoint {
        self::checkpoint(sheets, checkpoint);
    }
    let lacking = match sheets.fonts.lacking() {
        0 => return,
        1 => "1 character is shown".to_owned(),
        many => format!("{many} characters are shown"),
    };
    sheets.y += 8.0;
    let text = format!(
        "{lacking} by code point, as [U+1F9EA], because no font of this report has it. Copied or \
         read out, the character is itself."
    );
    sheets.flow(LEFT, SMALL, &text, width);
}

/// The note as it is, and to be scanned.
fn checkpoint(sheets: &mut Sheets, checkpoint: &Checkpoint) {
    /// The side of the code.
    const SIDE: f32 = 118.0;
    const GAP: f32 = 16.0;
    if sheets.left_over() < SIDE + 40.0 {
        sheets.turn();
    }
    sheets.y += 14.0;
    let y = sheets.y;
    sheets.text(LEFT, y, HEADING, &"Checkpoint".into());
    sheets.y += 20.0;
    let top = sheets.y - 8.0;
    let code = QrCode::encode_text(&checkpoint.note, QrCodeEcc::Medium).ok();
    let x = match &code {
        Some(code) => {
            draw(sheets, code, LEFT, top, SIDE);
            LEFT + SIDE + GAP
        }
        // More than a code can hold.
        None => LEFT,
    };
    let most = LEFT + sheets.width() - x;
    for line in checkpoint.note.lines() {
        sheets.flow(x, HASH_WHOLE, line, most);
    }
    sheets.y += 4.0;
    sheets.flow(x, SMALL, &checkpoint.about, most);
    if code.is_some() {
        sheets.y = sheets.y.max(top + SIDE + 12.0);
    }
}

/// A code, its dark modules row by row.
fn draw(sheets: &mut Sheets, code: &QrCode, x: f32, y: f32, side: f32) {
    let size = code.size();
    let module = side / size as f32;
    for row in 0..size {
        let mut column = 0;
        while column < size {
            let start = column;
            while column < size && code.get_module(column, row) {
                column += 1;
            }
            if column > start {
                let (from, wide) = (start as f32 * module, (column - start) as f32 * module);
                sheets.area(x + from, y + row as f32 * module, wide, module, Ink::Full);
            }
            column += 1;
        }
    }
}

/// The contents as they will be laid out.
struct Contents {
    per_page: usize,
    pages: usize,
}

impl Contents {
    const LEADING: f32 = 17.0;
    const HEAD: f32 = 34.0;

    fn of(sheets: &Sheets, marks: &[Mark]) -> Self {
        let room = sheets.left_over() - Self::HEAD;
        let per_page = ((room / Self::LEADING) as usize).max(1);
        let listed = marks.iter().filter(|mark| mark.rank != Rank::Row).count();
        Self {
            per_page,
            pages: listed.div_ceil(per_page).max(1),
        }
    }

    /// Writes them; the links of each page.
    fn write(&self, sheets: &mut Sheets, marks: &[Mark]) -> Vec<Vec<Op>> {
        let (width, height) = (sheets.width(), sheets.paper.size().1);
        let listed: Vec<&Mark> = marks.iter().filter(|mark| mark.rank != Rank::Row).collect();
        let mut links = Vec::new();
        for (nth, marks) in listed.chunks(self.per_page).enumerate() {
            if nth > 0 {
                sheets.turn();
            }
            let y = sheets.y;
            sheets.text(LEFT, y, SECTION, &"Contents".into());
            sheets.y += Self::HEAD;
            let mut of_page = Vec::new();
            for mark in marks {
                let y = sheets.y;
                let (look, indent) = match mark.rank {
                    Rank::Section => (BODY, 0.0),
                    Rank::Heading | Rank::Row => (LABEL, 14.0),
                };
                let title = one_line_of(&mark.title, look, width - indent - 40.0);
                sheets.text(LEFT + indent, y, look, &title);
                let page = (mark.page + 1).to_string();
                sheets.text_right(y, look, &Line::of(&page));
                sheets.rule(y + 5.0, Ink::Hairline, 0.3);
                of_page.push(link(mark, LEFT, height - y - 5.0, width, height));
                sheets.y += Self::LEADING;
            }
            links.push(of_page);
        }
        links
    }
}

fn link(mark: &Mark, x: f32, y: f32, wide: f32, height: f32) -> Op {
    let rect = Rect {
        x: Pt(x),
        y: Pt(y),
        width: Pt(wide),
        height: Pt(Contents::LEADING),
        mode: None,
        winding_order: None,
    };
    let place = Destination::Xyz {
        page: mark.page + 1,
        left: None,
        top: Some(height - mark.y + 24.0),
        zoom: None,
    };
    Op::LinkAnnotation {
        link: LinkAnnotation::new(
            rect,
            Actions::Goto(place),
            Some(BorderArray::Solid([0.0; 3])),
            Some(ColorArray::Transparent),
            None,
        ),
    }
}
