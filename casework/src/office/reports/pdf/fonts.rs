//! The fonts of a report: what each character measures, and a font file with the used glyphs alone.

use super::arabic;
use crate::{Error, Result};
use allsorts::{
    binary::read::ReadScope,
    font_data::FontData,
    subset::{CmapTarget, SubsetProfile, subset},
};
use printpdf::{FontId, FontMetrics, ParsedFont, PdfDocument};
use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

/// How text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Regular,
    Bold,
    /// Ids and hashes.
    Mono,
}

/// A font file. The fallback holds Chinese, Japanese and Korean, which the others lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Face {
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
    })
}

impl Face {
    const ALL: [Self; 4] = [Self::Regular, Self::Bold, Self::Mono, Self::Fallback];

    fn metrics(self) -> Option<&'static Metrics> {
        match self {
            Self::Regular => REGULAR.as_ref(),
            Self::Bold => BOLD.as_ref(),
            Self::Mono => MONO.as_ref(),
            Self::Fallback => FALLBACK.as_ref(),
        }
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

fn place(style: Style, character: char) -> (Face, char, u16, f32) {
    let faces: &[Face] = match style {
        Style::Regular => &[Face::Regular, Face::Fallback],
        Style::Bold => &[Face::Bold, Face::Fallback],
        Style::Mono => &[Face::Mono, Face::Regular, Face::Fallback],
    };
    // The one character that every one of them has is asked for last.
    for wanted in [character, MISSING, '?'] {
        for face in faces {
            if let Some((glyph, advance)) = face.glyph(wanted) {
                return (*face, wanted, glyph, advance);
            }
        }
    }
    (Face::Regular, ' ', 0, 0.0)
}

/// How wide a line is, in points.
pub(super) fn width(text: &str, style: Style, size: f32) -> f32 {
    text.chars()
        .map(|character| place(style, character).3)
        .sum::<f32>()
        * size
}

/// Text in lines no wider than `most` points: broken at spaces and between Chinese and Japanese
/// characters; a word too long for a line is broken anywhere.
pub(super) fn wrap(text: &str, style: Style, size: f32, most: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let shaped = arabic::shape(paragraph);
        let mut line = String::new();
        let mut used = 0.0;
        for word in words(&shaped) {
            let wide = width(word, style, size);
            if used + width(word.trim_end(), style, size) <= most {
                line.push_str(word);
                used += wide;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            for character in word.chars() {
                let advance = place(style, character).3 * size;
                if used + advance > most && !line.is_empty() && !character.is_whitespace() {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(character);
                used += advance;
            }
        }
        lines.push(line);
    }
    lines
        .iter()
        .map(|line| arabic::in_visual_order(line.trim_end()))
        .collect()
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

/// A stretch of text in one font.
pub(super) struct Run {
    pub face: Face,
    pub text: String,
    pub width: f32,
}

/// The fonts of one document, with the glyphs that it has used so far.
#[derive(Default)]
pub(super) struct Fonts {
    /// Face → character → its glyph in the font as cut down (its place in `order`, from 1).
    used: BTreeMap<Face, Used>,
}

#[derive(Default)]
struct Used {
    characters: BTreeMap<u32, u16>,
    /// Glyph in the whole font → glyph in the one cut down.
    glyphs: HashMap<u16, u16>,
    /// The glyphs of the whole font in the order of the one cut down.
    order: Vec<u16>,
    widths: BTreeMap<u16, u16>,
}

impl Fonts {
    /// A line as runs of one font each; notes what it uses.
    pub fn runs(&mut self, line: &str, style: Style, size: f32) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for character in line.chars() {
            let (face, character, glyph, advance) = place(style, character);
            self.note(face, character, glyph);
            let advance = advance * size;
            match runs.last_mut() {
                Some(run) if run.face == face => {
                    run.text.push(character);
                    run.width += advance;
                }
                _ => runs.push(Run {
                    face,
                    text: character.to_string(),
                    width: advance,
                }),
            }
        }
        runs
    }

    fn note(&mut self, face: Face, character: char, glyph: u16) {
        let used = self.used.entry(face).or_default();
        let key = u32::from(character);
        if used.characters.contains_key(&key) {
            return;
        }
        let next = u16::try_from(used.order.len() + 1).unwrap_or(u16::MAX);
        let mine = *used.glyphs.entry(glyph).or_insert(next);
        if mine == next {
            used.order.push(glyph);
            let advance = face
                .metrics()
                .and_then(|metrics| metrics.glyphs.get(&key))
                .map_or(0, |(_, advance)| *advance);
            used.widths.insert(mine, advance);
        }
        used.characters.insert(key, mine);
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
        .map_err(|error| Error::unavailable(format!("font: {error}")))?;
    let provider = font
        .table_provider(0)
        .map_err(|error| Error::unavailable(format!("font: {error}")))?;
    subset(
        &provider,
        glyphs,
        &SubsetProfile::Pdf,
        CmapTarget::Unrestricted,
    )
    .map_err(|error| Error::unavailable(format!("font: {error}")))
}
