//! The font files that we bring along: which one has a character, and what its glyphs measure.

use harfrust::{GlyphId, font::Font};
use std::sync::LazyLock;

/// How text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Regular,
    Bold,
    /// Ids and hashes.
    Mono,
}

/// A font file. Those of one script stand in for the first three, which lack it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Face {
    Regular,
    Bold,
    Mono,
    Hangul,
    Devanagari,
    Thai,
    /// Chinese characters and kana.
    Han,
}

/// A font file as read.
pub(crate) struct File {
    pub bytes: &'static [u8],
    /// The shaper's own view of it.
    pub font: Font,
    pub units_per_em: u16,
    pub ascent: i16,
    pub descent: i16,
    /// Character → glyph; 0 for none.
    glyphs: Vec<u16>,
    /// Glyph → advance.
    advances: Vec<u16>,
}

impl File {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let font = Font::new(bytes, 0)?;
        let metrics = *font.metrics();
        let mut glyphs = Vec::new();
        for (character, glyph) in font.charmap().unicodes() {
            let place = usize::try_from(character).ok()?;
            if place >= glyphs.len() {
                glyphs.resize(place + 1, 0);
            }
            if let (Some(held), Ok(glyph)) = (glyphs.get_mut(place), u16::try_from(glyph.to_u32()))
            {
                *held = glyph;
            }
        }
        let of_glyphs = font.glyph_metrics();
        let advances = (0..metrics.num_glyphs)
            .map(|glyph| of_glyphs.h_advance(GlyphId::new(glyph)) as u16)
            .collect();
        let line = metrics.hhea_line.unwrap_or_default();
        Some(Self {
            bytes,
            units_per_em: metrics.units_per_em,
            ascent: line.ascender.to_f64() as i16,
            descent: line.descender.to_f64() as i16,
            glyphs,
            advances,
            font,
        })
    }

    /// The glyph of a character.
    fn glyph(&self, character: char) -> Option<u16> {
        let place = usize::try_from(u32::from(character)).ok()?;
        self.glyphs.get(place).copied().filter(|glyph| *glyph > 0)
    }

    /// How wide a glyph is, in units of the font.
    pub fn advance(&self, glyph: u16) -> u16 {
        let advance = self.advances.get(usize::from(glyph));
        advance.copied().unwrap_or(0)
    }
}

macro_rules! files {
    ($($file:literal),*) => {
        // Read when first needed: most reports do without most of them.
        [$(LazyLock::new(|| {
            File::read(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/", $file)))
        })),*]
    };
}

/// In the order of the variants of [`Face`].
static FILES: [LazyLock<Option<File>>; 7] = files!(
    "DejaVuSansCondensed.ttf",
    "DejaVuSansCondensed-Bold.ttf",
    "DejaVuSansMono.ttf",
    "NotoSansKR-Jamo.ttf",
    "NotoSansDevanagari.ttf",
    "NotoSansThai.ttf",
    "DroidSansFallbackFull.ttf"
);

impl Face {
    #[cfg(test)]
    pub const ALL: [Self; 7] = [
        Self::Regular,
        Self::Bold,
        Self::Mono,
        Self::Hangul,
        Self::Devanagari,
        Self::Thai,
        Self::Han,
    ];

    /// Its file; none only where the file cannot be read, which a test rules out.
    pub fn file(self) -> Option<&'static File> {
        FILES.get(self as usize)?.as_ref()
    }

    /// What a document calls it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Regular => "R",
            Self::Bold => "B",
            Self::Mono => "M",
            Self::Hangul => "K",
            Self::Devanagari => "D",
            Self::Thai => "T",
            Self::Han => "C",
        }
    }

    /// What the font is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Regular => "DejaVuSansCondensed",
            Self::Bold => "DejaVuSansCondensed-Bold",
            Self::Mono => "DejaVuSansMono",
            Self::Hangul => "NotoSansKR",
            Self::Devanagari => "NotoSansDevanagari",
            Self::Thai => "NotoSansThai",
            Self::Han => "DroidSansFallback",
        }
    }

    /// Whether the font has a character.
    pub fn has(self, character: char) -> bool {
        self.file()
            .is_some_and(|file| file.glyph(character).is_some())
    }

    /// The glyph of a space.
    pub fn blank(self) -> Option<u16> {
        self.file()?.glyph(' ')
    }
}

/// A character in the first font that has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Placed {
    pub face: Face,
    pub glyph: u16,
    /// In ems.
    pub advance: f32,
}

/// Where a character is found; nowhere if no font has it.
pub(crate) fn place(style: Style, character: char) -> Option<Placed> {
    let first: &[Face] = match style {
        Style::Regular => &[Face::Regular],
        Style::Bold => &[Face::Bold, Face::Regular],
        Style::Mono => &[Face::Mono, Face::Regular],
    };
    let others = [Face::Hangul, Face::Devanagari, Face::Thai, Face::Han];
    // Nothing that is written often is looked for in vain.
    let others: &[Face] = if character < '\u{0500}' { &[] } else { &others };
    first.iter().chain(others).find_map(|face| {
        let file = face.file()?;
        let glyph = file.glyph(character)?;
        Some(Placed {
            face: *face,
            glyph,
            advance: f32::from(file.advance(glyph)) / f32::from(file.units_per_em),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_font_is_read_and_has_a_blank() {
        for face in Face::ALL {
            assert!(face.blank().is_some(), "{face:?}");
        }
    }

    #[test]
    fn each_script_has_its_font() {
        for (character, face) in [
            ('a', Face::Regular),
            ('Ж', Face::Regular),
            ('ع', Face::Regular),
            ('ᄒ', Face::Hangul),
            ('ह', Face::Devanagari),
            ('ก', Face::Thai),
            ('漢', Face::Han),
            ('グ', Face::Han),
        ] {
            let placed = place(Style::Regular, character);
            assert_eq!(placed.map(|one| one.face), Some(face), "{character}");
        }
        assert_eq!(place(Style::Regular, '\u{1F9EA}'), None);
    }
}
