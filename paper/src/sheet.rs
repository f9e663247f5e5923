//! Pages, and what is drawn on them. Distances are in points from the upper left corner.

use crate::{
    bind::encode,
    face::{Face, Style},
    fonts::{Fonts, What, set_font},
    line::Line,
};
use printpdf::{
    Codepoint, Color, LinePoint, Op, PaintMode, Point, Pt, Rect, Rgb, TextItem, TextMatrix,
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
    pub(super) const fn size(self) -> (f32, f32) {
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
    /// The bars of a chart.
    Bar,
}

impl Ink {
    fn color(self) -> Color {
        let (r, g, b) = match self {
            Self::Full => (0x14, 0x20, 0x25),
            Self::Soft => (0x3f, 0x4d, 0x53),
            Self::Accent => (0x00, 0x5c, 0x68),
            Self::Hairline => (0xc3, 0xcd, 0xcf),
            Self::Bar => (0x5f, 0x9a, 0xa2),
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
        crate::wrap::width(line, self.style, self.size)
    }

    pub fn wrap(self, text: &str, most: f32) -> Vec<Line> {
        crate::wrap::wrap(text, self.style, self.size, most)
    }
}

/// The page at hand.
#[derive(Default)]
struct Page {
    /// Lines and areas, behind the text.
    shapes: Vec<Op>,
    text: Vec<Op>,
    /// With what the last text was written.
    ink: Option<Ink>,
    font: Option<(Face, f32)>,
}

impl Page {
    fn ops(self) -> Vec<Op> {
        let mut ops = self.shapes;
        if !self.text.is_empty() {
            ops.push(Op::StartTextSection);
            ops.extend(self.text);
            ops.push(Op::EndTextSection);
        }
        ops
    }
}

/// Where a reader may want to go.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub title: String,
    pub rank: Rank,
    /// The page, from 0, and how far down it.
    pub page: usize,
    pub y: f32,
}

/// What a mark is a mark of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    Section,
    /// Within a section.
    Heading,
    /// A row of a long table: not in the contents.
    Row,
}

/// Pages being written. Those that are finished are kept as the bytes of the document: as operations
/// they would take a hundred times as much.
pub(super) struct Sheets {
    pub paper: Paper,
    pub fonts: Fonts,
    pub marks: Vec<Mark>,
    /// How far down the page at hand is written.
    pub y: f32,
    page: Page,
    finished: Vec<Vec<Op>>,
    encoded: Vec<Vec<u8>>,
}

/// The margins: wider at the side where the binder holds the page.
pub(super) const LEFT: f32 = 62.0;
const RIGHT: f32 = 48.0;
pub(super) const TOP: f32 = 74.0;
const BOTTOM: f32 = 62.0;

/// So many pages are turned into bytes at a time.
const BATCH: usize = 16;

impl Sheets {
    pub fn new(paper: Paper) -> Self {
        Self {
            paper,
            fonts: Fonts::default(),
            marks: Vec::new(),
            y: TOP,
            page: Page::default(),
            finished: Vec::new(),
            encoded: Vec::new(),
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
        self.finished.push(std::mem::take(&mut self.page).ops());
        self.y = TOP;
        if self.finished.len() >= BATCH {
            self.encode();
        }
    }

    /// The page at hand, from 0.
    pub fn number(&self) -> usize {
        self.encoded.len() + self.finished.len()
    }

    /// The pages so far, the one at hand included, as bytes of the document; begins anew.
    pub fn take(&mut self) -> Vec<Vec<u8>> {
        self.turn();
        self.encode();
        std::mem::take(&mut self.encoded)
    }

    fn encode(&mut self) {
        let pages = std::mem::take(&mut self.finished);
        self.encoded.extend(encode(&self.fonts, pages));
    }

    /// Notes that something begins here.
    pub fn mark(&mut self, rank: Rank, title: &str) {
        self.marks.push(Mark {
            title: title.to_owned(),
            rank,
            page: self.number(),
            y: self.y,
        });
    }

    /// One line of text with its baseline at `y`.
    pub fn text(&mut self, x: f32, y: f32, look: Look, line: &Line) {
        if line.is_empty() {
            return;
        }
        let height = self.paper.size().1;
        let page = &mut self.page;
        if page.ink != Some(look.ink) {
            page.ink = Some(look.ink);
            page.text.push(Op::SetFillColor {
                col: look.ink.color(),
            });
        }
        let mut at = x;
        for run in self.fonts.runs(line, look.style, look.size) {
            let font = Some((run.face, look.size));
            if page.font != font {
                page.font = font;
                page.text.push(set_font(run.face, look.size));
            }
            let (x, up, item) = match run.what {
                What::Text(text) => (at, 0.0, TextItem::Text(text)),
                What::Glyph { id, text, x, y } => {
                    let glyph = Codepoint::with_cid(id, 0.0, text);
                    (at + x, y, TextItem::GlyphIds(vec![glyph]))
                }
            };
            page.text.push(Op::SetTextMatrix {
                matrix: TextMatrix::Translate(points(x), points(height - y + up)),
            });
            page.text.push(Op::ShowText { items: vec![item] });
            at += run.width;
        }
    }

    /// A line that ends at the right margin.
    pub fn text_right(&mut self, y: f32, look: Look, line: &Line) {
        let x = LEFT + self.width() - look.width(line);
        self.text(x, y, look, line);
    }

    /// A text from here down, over as many pages as it takes.
    pub fn flow(&mut self, x: f32, look: Look, text: &str, most: f32) {
        for line in look.wrap(text, most) {
            if self.left_over() < look.leading() {
                self.turn();
            }
            let y = self.y;
            self.text(x, y, look, &line);
            self.y += look.leading();
        }
    }

    /// A hairline across the page between the margins.
    pub fn rule(&mut self, y: f32, ink: Ink, thickness: f32) {
        let height = self.paper.size().1;
        let end = LEFT + self.width();
        let point = |x: f32| LinePoint {
            p: Point {
                x: points(x),
                y: points(height - y),
            },
            bezier: false,
        };
        let shapes = &mut self.page.shapes;
        shapes.push(Op::SetOutlineColor { col: ink.color() });
        shapes.push(Op::SetOutlineThickness { pt: Pt(thickness) });
        shapes.push(Op::DrawLine {
            line: printpdf::Line {
                points: vec![point(LEFT), point(end)],
                is_closed: false,
            },
        });
    }

    /// A filled area, from its upper left corner.
    pub fn area(&mut self, x: f32, y: f32, wide: f32, high: f32, ink: Ink) {
        let height = self.paper.size().1;
        let shapes = &mut self.page.shapes;
        shapes.push(Op::SetFillColor { col: ink.color() });
        shapes.push(Op::DrawRectangle {
            rectangle: Rect {
                x: points(x),
                y: points(height - y - high),
                width: points(wide),
                height: points(high),
                mode: Some(PaintMode::Fill),
                winding_order: None,
            },
        });
    }

    /// The foot's baseline.
    pub fn foot(&self) -> f32 {
        self.paper.size().1 - 34.0
    }
}

/// A distance, to a hundredth of a point: finer is not seen, and would have to be written out.
fn points(distance: f32) -> Pt {
    Pt((distance * 100.0).round() / 100.0)
}
