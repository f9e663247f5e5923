//! The fonts of one document: with the glyphs that it uses, and what is read out of each.

use crate::{
    Error, Result,
    face::{Face, Style, place},
    line::{Line, Stretch},
    shape::{self, is_complex},
};
use allsorts::{
    binary::read::ReadScope,
    font_data::FontData,
    subset::{CmapTarget, SubsetProfile, subset},
};
use printpdf::{
    Codepoint, FontId, FontMetrics, Op, ParsedFont, PdfDocument, PdfFontHandle, Pt, TextItem,
};
use std::collections::{BTreeMap, HashMap};

/// A part of a line in one font.
pub(super) struct Run {
    pub face: Face,
    pub what: What,
    /// In points.
    pub width: f32,
}

/// What is drawn.
pub(super) enum What {
    /// One glyph for each character.
    Text(String),
    /// A glyph of the font as cut down, what it stands for, and how far from its place it is drawn,
    /// in points.
    Glyph {
        id: u16,
        text: String,
        x: f32,
        y: f32,
    },
}

/// The fonts of one document, with the glyphs that it has used so far.
#[derive(Default)]
pub(super) struct Fonts {
    used: BTreeMap<Face, Used>,
    /// How many characters were drawn that no font has.
    lacking: u64,
}

#[derive(Default)]
struct Used {
    /// Character → glyph in the font as cut down (its place in `order`, from 1).
    characters: BTreeMap<u32, u16>,
    /// A bit for each character of ASCII that is among them: most that is drawn is.
    ascii: u128,
    /// Glyph in the whole font and what it stands for → glyph in the one cut down. A glyph that
    /// stands for two texts is there twice, so that each can be read out again.
    glyphs: HashMap<(u16, String), u16>,
    /// The glyphs of the whole font in the order of the one cut down.
    order: Vec<u16>,
    widths: BTreeMap<u16, u16>,
}

impl Used {
    /// The glyph in the font as cut down.
    fn id(&mut self, face: Face, glyph: u16, text: &str, width: Option<f32>) -> u16 {
        let next = u16::try_from(self.order.len() + 1).unwrap_or(u16::MAX);
        let mine = *self.glyphs.entry((glyph, text.to_owned())).or_insert(next);
        if mine == next {
            self.order.push(glyph);
            let advance = face.file().map_or(0, |file| match width {
                // Rounded: half a unit of a thousand or more is not seen.
                Some(ems) => (ems * f32::from(file.units_per_em)).round() as u16,
                None => file.advance(glyph),
            });
            self.widths.insert(mine, advance);
        }
        mine
    }

    /// Notes that a character is drawn with a glyph of its own.
    fn note(&mut self, face: Face, character: char, glyph: u16) {
        let code = u32::from(character);
        let bit = 1_u128.checked_shl(code).unwrap_or(0);
        if self.ascii & bit != 0 || self.characters.contains_key(&code) {
            return;
        }
        self.ascii |= bit;
        let mut said = [0; 4];
        let id = self.id(face, glyph, character.encode_utf8(&mut said), None);
        self.characters.insert(code, id);
    }

    /// The font as printpdf has it.
    fn parsed(&self, face: Face, bytes: Vec<u8>) -> Option<ParsedFont> {
        let file = face.file()?;
        let mut font = ParsedFont::with_glyph_data(
            bytes,
            0,
            // Six letters before the name say that it is a part of that font.
            Some(format!("UDESK{}+{}", face.id(), face.name())),
            self.characters.clone(),
            self.widths.clone(),
            file.units_per_em,
            FontMetrics {
                ascent: file.ascent,
                descent: file.descent,
            },
        );
        let em = i16::try_from(file.units_per_em).unwrap_or(i16::MAX);
        font.pdf_font_metrics.x_max = em;
        font.pdf_font_metrics.y_max = file.ascent;
        font.pdf_font_metrics.y_min = file.descent;
        Some(font)
    }
}

impl Fonts {
    /// How many characters were drawn that no font has.
    pub const fn lacking(&self) -> u64 {
        self.lacking
    }

    /// A line as runs of one font each, from left to right; notes what it uses.
    pub fn runs(&mut self, line: &Line, style: Style, size: f32) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for stretch in line.stretches() {
            if is_complex(&stretch.text, style) {
                self.shaped(stretch, style, size, &mut runs);
            } else {
                self.plain(&stretch.text, style, size, &mut runs);
            }
        }
        runs
    }

    fn plain(&mut self, text: &str, style: Style, size: f32, runs: &mut Vec<Run>) {
        for character in text.chars() {
            let Some(placed) = place(style, character) else {
                continue;
            };
            let face = placed.face;
            let used = self.used.entry(face).or_default();
            used.note(face, character, placed.glyph);
            let advance = placed.advance * size;
            match runs.last_mut() {
                Some(Run {
                    face: before,
                    what: What::Text(text),
                    width,
                }) if *before == face => {
                    text.push(character);
                    *width += advance;
                }
                _ => runs.push(Run {
                    face,
                    what: What::Text(character.to_string()),
                    width: advance,
                }),
            }
        }
    }

    fn shaped(&mut self, stretch: &Stretch, style: Style, size: f32, runs: &mut Vec<Run>) {
        for glyph in shape::glyphs(stretch, style) {
            self.lacking += u64::from(glyph.stands_in);
            let used = self.used.entry(glyph.face).or_default();
            runs.push(Run {
                face: glyph.face,
                what: What::Glyph {
                    id: used.id(glyph.face, glyph.id, &glyph.text, glyph.width),
                    text: glyph.text,
                    x: glyph.x * size,
                    y: glyph.y * size,
                },
                width: glyph.advance * size,
            });
        }
    }

    /// Puts fonts without glyphs into the document of some pages, so that their text is numbered by
    /// the fonts as they will be.
    pub fn stand_in(&self, document: &mut PdfDocument) {
        for (face, used) in &self.used {
            put(document, *face, used.parsed(*face, Vec::new()));
        }
    }

    /// Puts the fonts, cut down, into the document.
    ///
    /// # Errors
    /// When a font cannot be cut down, which those we bring along can.
    pub fn embed(&self, document: &mut PdfDocument) -> Result<()> {
        for (face, used) in &self.used {
            let Some(file) = face.file() else { continue };
            let ids: Vec<u16> = std::iter::once(0)
                .chain(used.order.iter().copied())
                .collect();
            let bytes = cut_down(file.bytes, &ids)?;
            put(document, *face, used.parsed(*face, bytes));
        }
        Ok(())
    }

    /// Every glyph that was used: printpdf describes those that it finds on a page.
    pub fn specimen(&self) -> Vec<Op> {
        let mut ops = Vec::new();
        for (face, used) in &self.used {
            let glyphs = used.glyphs.iter();
            let glyphs = glyphs.map(|((_, text), id)| Codepoint::with_cid(*id, 0.0, text.clone()));
            ops.push(set_font(*face, 1.0));
            ops.push(Op::ShowText {
                items: vec![TextItem::GlyphIds(glyphs.collect())],
            });
        }
        ops
    }
}

/// The operation that sets a font.
pub(crate) fn set_font(face: Face, size: f32) -> Op {
    Op::SetFont {
        font: PdfFontHandle::External(FontId(face.id().to_owned())),
        size: Pt(size),
    }
}

fn put(document: &mut PdfDocument, face: Face, font: Option<ParsedFont>) {
    if let Some(font) = font {
        let id = FontId(face.id().to_owned());
        let fonts = &mut document.resources.fonts.map;
        fonts.insert(id, printpdf::PdfFont::new(font));
    }
}

/// A font file with these glyphs alone, numbered by their place.
fn cut_down(bytes: &[u8], glyphs: &[u16]) -> Result<Vec<u8>> {
    let font = ReadScope::new(bytes)
        .read::<FontData<'_>>()
        .map_err(|error| Error::Font(error.to_string()))?;
    let provider = font
        .table_provider(0)
        .map_err(|error| Error::Font(error.to_string()))?;
    subset(
        &provider,
        glyphs,
        &SubsetProfile::Pdf,
        CmapTarget::Unrestricted,
    )
    .map_err(|error| Error::Font(error.to_string()))
}
