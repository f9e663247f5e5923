//! The fonts of a report: what each character measures, and a font file with the used glyphs alone.

use crate::{
    Error, Result,
    line::{Line, Stretch, lay_out},
    shape::{self, is_complex},
};
use allsorts::{
    binary::read::ReadScope,
    font_data::FontData,
    subset::{CmapTarget, SubsetProfile, subset},
};
use printpdf::{FontId, FontMetrics, ParsedFont, PdfDocument};
use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
    sync::LazyLock,
};

/// How text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Regular,
    Bold,
    /// Ids and hashes.
    Mono,
}

/// A font file. The fallback holds Chinese, Japanese and Korean, which the others lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Face {
    Regular,
    Bold,
    Mono,
    Fallback,
}

/// What is known of a font file without using it.
struct Metrics {
    bytes: &'static [u8],
    name: &'static str,
    units_per_em: u16,
    ascent: i16,
    descent: i16,
    /// Character → glyph and advance.
    glyphs: HashMap<u32, (u16, u16)>,
    /// Glyph → advance.
    widths: BTreeMap<u16, u16>,
}

macro_rules! font {
    ($file:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/", $file))
    };
}

// Read when first needed: the fallback is large, and most reports do without it.
static REGULAR: LazyLock<Option<Metrics>> =
    LazyLock::new(|| read(font!("DejaVuSansCondensed.ttf"), "DejaVuSansCondensed"));
static BOLD: LazyLock<Option<Metrics>> = LazyLock::new(|| {
    read(
        font!("DejaVuSansCondensed-Bold.ttf"),
        "DejaVuSansCondensed-Bold",
    )
});
static MONO: LazyLock<Option<Metrics>> =
    LazyLock::new(|| read(font!("DejaVuSansMono.ttf"), "DejaVuSansMono"));
static FALLBACK: LazyLock<Option<Metrics>> =
    LazyLock::new(|| read(font!("DroidSansFallbackFull.ttf"), "DroidSansFallback"));

fn read(bytes: &'static [u8], name: &'static str) -> Option<Metrics> {
    let font = ParsedFont::from_bytes(bytes, 0, &mut Vec::new())?;
    let glyphs = font
        .codepoint_to_glyph
        .iter()
        .map(|(character, glyph)| {
            let advance = font.glyph_widths.get(glyph).copied().unwrap_or(0);
            (*character, (*glyph, advance))
        })
        .collect();
    Some(Metrics {
        bytes,
        name,
        units_per_em: font.units_per_em.max(1),
        ascent: font.font_metrics.ascent,
        descent: font.font_metrics.descent,
        glyphs,
        widths: font.glyph_widths.clone(),
    })
}

impl Face {
    pub const ALL: [Self; 4] = [Self::Regular, Self::Bold, Self::Mono, Self::Fallback];

    fn metrics(self) -> Option<&'static Metrics> {
        match self {
            Self::Regular => REGULAR.as_ref(),
            Self::Bold => BOLD.as_ref(),
            Self::Mono => MONO.as_ref(),
            Self::Fallback => FALLBACK.as_ref(),
        }
    }

    /// The whole font file.
    pub fn bytes(self) -> Option<&'static [u8]> {
        Some(self.metrics()?.bytes)
    }

    /// The glyph of a space.
    pub fn blank(self) -> Option<u16> {
        let (glyph, _) = self.glyph(' ')?;
        Some(glyph)
    }

    /// Glyph and advance in ems of a character.
    fn glyph(self, character: char) -> Option<(u16, f32)> {
        let metrics = self.metrics()?;
        let (glyph, advance) = metrics.glyphs.get(&u32::from(character))?;
        Some((
            *glyph,
            f32::from(*advance) / f32::from(metrics.units_per_em),
        ))
    }

    /// The name of the font inside the document.
    pub fn id(self) -> FontId {
        FontId(
            match self {
                Self::Regular => "R",
                Self::Bold => "B",
                Self::Mono => "M",
                Self::Fallback => "C",
            }
            .to_owned(),
        )
    }
}

/// What stands for a character that no font has.
const MISSING: char = '\u{FFFD}';

/// A character in the first font that has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed {
    pub face: Face,
    /// The character itself, or what stands for one that no font has.
    pub character: char,
    glyph: u16,
    /// In ems.
    advance: f32,
}

pub(crate) fn place(style: Style, character: char) -> Placed {
    let faces: &[Face] = match style {
        Style::Regular => &[Face::Regular, Face::Fallback],
        Style::Bold => &[Face::Bold, Face::Fallback],
        Style::Mono => &[Face::Mono, Face::Regular, Face::Fallback],
    };
    // The one character that every one of them has is asked for last.
    for wanted in [character, MISSING, '?'] {
        for face in faces {
            if let Some((glyph, advance)) = face.glyph(wanted) {
                return Placed {
                    face: *face,
                    character: wanted,
                    glyph,
                    advance,
                };
            }
        }
    }
    Placed {
        face: Face::Regular,
        character: ' ',
        glyph: 0,
        advance: 0.0,
    }
}

/// How wide a stretch is, in ems.
fn ems(stretch: &Stretch, style: Style) -> f32 {
    if is_complex(&stretch.text) {
        let glyphs = shape::glyphs(stretch, style);
        glyphs.iter().map(|glyph| glyph.advance).sum()
    } else {
        let characters = stretch.text.chars();
        characters.map(|one| place(style, one).advance).sum()
    }
}

/// How wide a line is, in points.
pub(super) fn width(line: &Line, style: Style, size: f32) -> f32 {
    let stretches = line.stretches().iter();
    stretches.map(|one| ems(one, style)).sum::<f32>() * size
}

/// How wide a part of a line is, in points, whichever way it runs.
fn width_of(text: &str, style: Style, size: f32) -> f32 {
    if is_complex(text) {
        width(&Line::of(text), style, size)
    } else {
        let advances = text.chars().map(|one| place(style, one).advance);
        advances.sum::<f32>() * size
    }
}

/// Text in lines no wider than `most` points: broken at spaces and between Chinese and Japanese
/// characters; a word too long for a line is broken anywhere.
pub(super) fn wrap(text: &str, style: Style, size: f32, most: f32) -> Vec<Line> {
    text.lines()
        .flat_map(|paragraph| {
            // What else ends a paragraph is a space here: lines are broken above.
            let paragraph = paragraph.replace(
                |c| matches!(c, '\r' | '\u{1C}'..='\u{1E}' | '\u{85}' | '\u{2029}'),
                " ",
            );
            lay_out(&paragraph, &broken(&paragraph, style, size, most))
        })
        .collect()
}

/// Where the lines of a paragraph begin and end.
fn broken(paragraph: &str, style: Style, size: f32, most: f32) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut line = 0..0;
    let mut used = 0.0;
    for word in words(paragraph) {
        let wide = width_of(word, style, size);
        if used + width_of(word.trim_end(), style, size) <= most {
            line.end += word.len();
            used += wide;
            continue;
        }
        if !line.is_empty() {
            lines.push(line.clone());
            line.start = line.end;
            used = 0.0;
        }
        for character in word.chars() {
            let advance = place(style, character).advance * size;
            if used + advance > most && !line.is_empty() && !character.is_whitespace() {
                lines.push(line.clone());
                line.start = line.end;
                used = 0.0;
            }
            line.end += character.len_utf8();
            used += advance;
        }
    }
    lines.push(line);
    for line in &mut lines {
        let kept = paragraph.get(line.clone()).unwrap_or_default().trim_end();
        line.end = line.start + kept.len();
    }
    lines
}

/// Words with the space that follows them; each character between which a line may break anyway is
/// a word of its own.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut previous = None;
    for (index, character) in text.char_indices() {
        let breaks = previous.is_some_and(|before: char| {
            (before.is_whitespace() && !character.is_whitespace())
                || is_ideograph(before)
                || is_ideograph(character)
        });
        if breaks && index > start {
            words.push(&text[start..index]);
            start = index;
        }
        previous = Some(character);
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

const fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}')
}

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
}

#[derive(Default)]
struct Used {
    /// Character → glyph in the font as cut down (its place in `order`, from 1).
    characters: BTreeMap<u32, u16>,
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
            let advance = face.metrics().map_or(0, |metrics| match width {
                // Rounded: half a unit of a thousand or more is not seen.
                Some(ems) => (ems * f32::from(metrics.units_per_em)).round() as u16,
                None => metrics.widths.get(&glyph).copied().unwrap_or(0),
            });
            self.widths.insert(mine, advance);
        }
        mine
    }
}

impl Fonts {
    /// A line as runs of one font each, from left to right; notes what it uses.
    pub fn runs(&mut self, line: &Line, style: Style, size: f32) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for stretch in line.stretches() {
            if is_complex(&stretch.text) {
                self.shaped(stretch, style, size, &mut runs);
            } else {
                self.plain(&stretch.text, style, size, &mut runs);
            }
        }
        runs
    }

    fn plain(&mut self, text: &str, style: Style, size: f32, runs: &mut Vec<Run>) {
        for character in text.chars() {
            let placed = place(style, character);
            let (face, character) = (placed.face, placed.character);
            let used = self.used.entry(face).or_default();
            if !used.characters.contains_key(&u32::from(character)) {
                let mut said = [0; 4];
                let id = used.id(face, placed.glyph, character.encode_utf8(&mut said), None);
                used.characters.insert(u32::from(character), id);
            }
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

    /// Puts the fonts, cut down, into the document.
    ///
    /// # Errors
    /// When a font cannot be cut down, which those we bring along can.
    pub fn embed(self, document: &mut PdfDocument) -> Result<()> {
        for face in Face::ALL {
            let (Some(used), Some(metrics)) = (self.used.get(&face), face.metrics()) else {
                continue;
            };
            let ids: Vec<u16> = std::iter::once(0)
                .chain(used.order.iter().copied())
                .collect();
            let bytes = cut_down(metrics.bytes, &ids)?;
            let mut font = ParsedFont::with_glyph_data(
                bytes,
                0,
                // Six letters before the name say that it is a part of that font.
                Some(format!("UDESK{}+{}", face.id().0, metrics.name)),
                used.characters.clone(),
                used.widths.clone(),
                metrics.units_per_em,
                FontMetrics {
                    ascent: metrics.ascent,
                    descent: metrics.descent,
                },
            );
            let em = i16::try_from(metrics.units_per_em).unwrap_or(i16::MAX);
            font.pdf_font_metrics.x_max = em;
            font.pdf_font_metrics.y_max = metrics.ascent;
            font.pdf_font_metrics.y_min = metrics.descent;
            document
                .resources
                .fonts
                .map
                .insert(face.id(), printpdf::PdfFont::new(font));
        }
        Ok(())
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
