//! Pages, and what is drawn on them. Distances are in points from the upper left corner.

use crate::{
    Result,
    fonts::{Fonts, Style, What},
    line::Line,
};
use printpdf::{
    Codepoint, Color, LinePoint, Mm, Op, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions,
    Point, Pt, Rgb, TextItem, TextMatrix,
};

/// A size of paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    #[default]
    A4,
    Letter,
}

impl Paper {
    /// Width and height in points.
    const fn size(self) -> (f32, f32) {
        match self {
            Self::A4 => (595.28, 841.89),
            Self::Letter => (612.0, 792.0),
        }
    }
}

/// The tokens of the look that a report needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Full,
    Soft,
    Accent,
    Hairline,
}

impl Ink {
    fn color(self) -> Color {
        let (r, g, b) = match self {
            Self::Full => (0x14, 0x20, 0x25),
            Self::Soft => (0x3f, 0x4d, 0x53),
            Self::Accent => (0x00, 0x5c, 0x68),
            Self::Hairline => (0xc3, 0xcd, 0xcf),
        };
        let part = |value: u8| f32::from(value) / 255.0;
        Color::Rgb(Rgb {
            r: part(r),
            g: part(g),
            b: part(b),
            icc_profile: None,
        })
    }
}

/// How one line of text looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub style: Style,
    pub size: f32,
    pub ink: Ink,
}

impl Look {
    pub const fn new(style: Style, size: f32, ink: Ink) -> Self {
        Self { style, size, ink }
    }

    /// From one baseline to the next.
    pub fn leading(self) -> f32 {
        self.size * 1.42
    }

    pub fn width(self, line: &Line) -> f32 {
        crate::fonts::width(line, self.style, self.size)
    }

    pub fn wrap(self, text: &str, most: f32) -> Vec<Line> {
        crate::fonts::wrap(text, self.style, self.size, most)
    }
}

/// A document being written: the page at hand, those before it, the fonts of all.
pub(super) struct Sheets {
    pub paper: Paper,
    pages: Vec<Vec<Op>>,
    fonts: Fonts,
    /// How far down the page at hand is written.
    pub y: f32,
}

/// The margins: wider at the side where the binder holds the page.
pub(super) const LEFT: f32 = 62.0;
const RIGHT: f32 = 48.0;
const TOP: f32 = 74.0;
const BOTTOM: f32 = 62.0;

impl Sheets {
    pub fn new(paper: Paper) -> Self {
        Self {
            paper,
            pages: vec![Vec::new()],
            fonts: Fonts::default(),
            y: TOP,
        }
    }

    /// The width between the margins.
    pub fn width(&self) -> f32 {
        self.paper.size().0 - LEFT - RIGHT
    }

    /// How much of the page at hand is left.
    pub fn left_over(&self) -> f32 {
        self.paper.size().1 - BOTTOM - self.y
    }

    /// Begins the next page.
    pub fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// One line of text with its baseline at `y`, on the page at hand.
    pub fn text(&mut self, x: f32, y: f32, look: Look, line: &Line) {
        let page = self.pages.len() - 1;
        self.text_on(page, x, y, look, line);
    }

    /// As [`Sheets::text`], on any page.
    pub fn text_on(&mut self, page: usize, x: f32, y: f32, look: Look, line: &Line) {
        if line.is_empty() {
            return;
        }
        let height = self.paper.size().1;
        let runs = self.fonts.runs(line, look.style, look.size);
        let Some(ops) = self.pages.get_mut(page) else {
            return;
        };
        ops.push(Op::StartTextSection);
        ops.push(Op::SetFillColor {
            col: look.ink.color(),
        });
        let mut at = x;
        for run in runs {
            ops.push(Op::SetFont {
                font: PdfFontHandle::External(run.face.id()),
                size: Pt(look.size),
            });
            let (x, up, item) = match run.what {
                What::Text(text) => (at, 0.0, TextItem::Text(text)),
                What::Glyph { id, text, x, y } => {
                    let glyph = Codepoint::with_cid(id, 0.0, text);
                    (at + x, y, TextItem::GlyphIds(vec![glyph]))
                }
            };
            ops.push(Op::SetTextMatrix {
                matrix: TextMatrix::Translate(Pt(x), Pt(height - y + up)),
            });
            ops.push(Op::ShowText { items: vec![item] });
            at += run.width;
        }
        ops.push(Op::EndTextSection);
    }

    /// A line that ends at the right margin.
    pub fn text_right(&mut self, page: usize, y: f32, look: Look, line: &Line) {
        let x = LEFT + self.width() - look.width(line);
        self.text_on(page, x, y, look, line);
    }

    /// A hairline across the page between the margins.
    pub fn rule(&mut self, y: f32, ink: Ink, thickness: f32) {
        let page = self.pages.len() - 1;
        self.rule_on(page, y, ink, thickness);
    }

    /// As [`Sheets::rule`], on any page.
    pub fn rule_on(&mut self, page: usize, y: f32, ink: Ink, thickness: f32) {
        let height = self.paper.size().1;
        let end = LEFT + self.width();
        let point = |x: f32| LinePoint {
            p: Point {
                x: Pt(x),
                y: Pt(height - y),
            },
            bezier: false,
        };
        let Some(ops) = self.pages.get_mut(page) else {
            return;
        };
        ops.push(Op::SetOutlineColor { col: ink.color() });
        ops.push(Op::SetOutlineThickness { pt: Pt(thickness) });
        ops.push(Op::DrawLine {
            line: printpdf::Line {
                points: vec![point(LEFT), point(end)],
                is_closed: false,
            },
        });
    }

    /// The foot's baseline.
    pub fn foot(&self) -> f32 {
        self.paper.size().1 - 34.0
    }

    /// The bytes of the finished document.
    ///
    /// # Errors
    /// When a font cannot be embedded.
    pub fn finish(self, title: &str, at: time::OffsetDateTime) -> Result<Vec<u8>> {
        let (width, height) = self.paper.size();
        let mut document = PdfDocument::new(title);
        let info = &mut document.metadata.info;
        info.author = "Upgrade Desk".to_owned();
        info.creator = "Upgrade Desk".to_owned();
        if let Ok(date) = printpdf::OffsetDateTime::from_unix_timestamp(at.unix_timestamp()) {
            info.creation_date = date;
            info.modification_date = date;
            info.metadata_date = date;
        }
        self.fonts.embed(&mut document)?;
        let pages = self
            .pages
            .into_iter()
            .map(|ops| PdfPage::new(Mm::from(Pt(width)), Mm::from(Pt(height)), ops))
            .collect();
        document.with_pages(pages);
        let mut warnings = Vec::new();
        let options = PdfSaveOptions {
            optimize: true,
            // The fonts are cut down already.
            subset_fonts: false,
            secure: true,
            image_optimization: None,
        };
        Ok(document.save(&options, &mut warnings))
    }
}
