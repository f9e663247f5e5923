//! Glyphs of text whose letters depend on their neighbours: Arabic, Hebrew with its points, letters
//! with combining marks. Everything else is one glyph per character, and needs none of this.

use super::{
    fonts::{Face, Style, place},
    line::{Stretch, runs_from_right_to_left},
};
use harfrust::{Buffer, ClusterLevel, Direction, Font, ShapeOptions, ShaperFont, shape};
use std::{collections::HashMap, sync::LazyLock};

/// A glyph with its place; distances in ems.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Glyph {
    pub face: Face,
    /// In the whole font.
    pub id: u16,
    /// What it stands for.
    pub text: String,
    pub advance: f32,
    /// How much of the line it says it takes, where that is not what the font says.
    pub width: Option<f32>,
    /// From where it would stand without.
    pub x: f32,
    pub y: f32,
}

/// Whether a text has to be shaped.
pub(crate) fn is_complex(text: &str) -> bool {
    text.chars()
        .any(|character| runs_from_right_to_left(character) || is_joined(character))
}

/// Marks that stand on the letter before them, and what joins letters.
const fn is_joined(character: char) -> bool {
    matches!(
        character,
        '\u{0300}'..='\u{036F}'
            | '\u{0483}'..='\u{0489}'
            | '\u{0591}'..='\u{05C7}'
            | '\u{0610}'..='\u{061A}'
            | '\u{064B}'..='\u{065F}'
            | '\u{0670}'
            | '\u{06D6}'..='\u{06ED}'
            | '\u{1AB0}'..='\u{1AFF}'
            | '\u{1DC0}'..='\u{1DFF}'
            | '\u{200C}'
            | '\u{200D}'
            | '\u{20D0}'..='\u{20FF}'
            | '\u{FE20}'..='\u{FE2F}'
    )
}

/// The fonts as the shaper reads them, each when first needed.
static FONTS: LazyLock<HashMap<Face, Font>> = LazyLock::new(|| {
    Face::ALL
        .into_iter()
        .filter_map(|face| Some((face, Font::new(face.bytes()?, 0)?)))
        .collect()
});

/// The glyphs of a stretch, from left to right.
pub(crate) fn glyphs(stretch: &Stretch, style: Style) -> Vec<Glyph> {
    let mut runs = by_face(&stretch.text, style);
    if stretch.right_to_left {
        runs.reverse();
    }
    let mut glyphs = Vec::new();
    for (face, text) in runs {
        for glyph in shaped(face, &text, stretch.right_to_left) {
            if stretch.right_to_left && glyph.text.chars().count() > 1 {
                glyphs.extend(one_by_one(glyph));
            } else {
                glyphs.push(glyph);
            }
        }
    }
    glyphs
}

/// One glyph for several letters that run from right to left: programs that read the text out turn
/// the letters of one glyph around or not, each as it likes. So the glyph says the last letter, at
/// its left, and a blank beside it says each of the others.
fn one_by_one(glyph: Glyph) -> Vec<Glyph> {
    let letters: Vec<char> = glyph.text.chars().rev().collect();
    let share = glyph.advance / f32::from(u16::try_from(letters.len()).unwrap_or(1));
    let Some(blank) = glyph.face.blank() else {
        return vec![glyph];
    };
    letters
        .into_iter()
        .enumerate()
        .map(|(nth, letter)| Glyph {
            id: if nth == 0 { glyph.id } else { blank },
            text: letter.to_string(),
            advance: share,
            width: Some(share),
            ..glyph
        })
        .collect()
}

/// Parts of a text in one font each; a mark stays with its letter.
fn by_face(text: &str, style: Style) -> Vec<(Face, String)> {
    let mut runs: Vec<(Face, String)> = Vec::new();
    for character in text.chars() {
        if is_joined(character)
            && let Some((_, run)) = runs.last_mut()
        {
            run.push(character);
            continue;
        }
        let placed = place(style, character);
        match runs.last_mut() {
            Some((face, run)) if *face == placed.face => run.push(placed.character),
            _ => runs.push((placed.face, placed.character.to_string())),
        }
    }
    runs
}

fn shaped(face: Face, text: &str, right_to_left: bool) -> Vec<Glyph> {
    let Some(font) = FONTS.get(&face) else {
        return Vec::new();
    };
    let mut buffer = Buffer::new();
    buffer.push_str(text);
    buffer.set_direction(if right_to_left {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    });
    buffer.guess_segment_properties();
    // Each mark says what it stands for itself.
    buffer.set_cluster_level(ClusterLevel::MonotoneCharacters);
    if shape(&ShaperFont::new(font), &mut buffer, ShapeOptions::new()).is_err() {
        return Vec::new();
    }
    let em = f32::from(font.units_per_em().max(1));
    let ems = |units: i32| units as f32 / em;
    let mut starts: Vec<usize> = buffer
        .glyph_infos()
        .iter()
        .filter_map(|info| usize::try_from(info.cluster).ok())
        .collect();
    starts.sort_unstable();
    starts.dedup();
    let mut told = None;
    let told_by = |start: usize| {
        let next = starts.partition_point(|other| *other <= start);
        let end = starts.get(next).copied().unwrap_or(text.len());
        text.get(start..end).unwrap_or_default().to_owned()
    };
    buffer
        .glyph_infos()
        .iter()
        .zip(buffer.glyph_positions())
        .map(|(info, position)| {
            let start = usize::try_from(info.cluster).unwrap_or(usize::MAX);
            // Of several glyphs for one letter, the first says it.
            let text = if told == Some(start) {
                String::new()
            } else {
                told_by(start)
            };
            told = Some(start);
            Glyph {
                face,
                id: u16::try_from(info.glyph_id).unwrap_or(0),
                text,
                advance: ems(position.x_advance),
                width: None,
                x: ems(position.x_offset),
                y: ems(position.y_offset),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, right_to_left: bool) -> Vec<Glyph> {
        let stretch = Stretch {
            text: text.to_owned(),
            right_to_left,
        };
        glyphs(&stretch, Style::Regular)
    }

    #[test]
    fn letters_join_as_their_neighbours_let_them() {
        let alone: Vec<u16> = "عائشة"
            .chars()
            .flat_map(|letter| of(&letter.to_string(), true))
            .map(|glyph| glyph.id)
            .collect();
        let joined: Vec<u16> = of("عائشة", true)
            .iter()
            .rev()
            .map(|glyph| glyph.id)
            .collect();
        assert_eq!(joined.len(), alone.len());
        // Alef stands alone behind ain only in its final shape; none keeps the shape it has alone.
        let same = joined
            .iter()
            .zip(&alone)
            .filter(|(one, other)| one == other);
        assert_eq!(same.count(), 0);
    }

    #[test]
    fn lam_and_alef_are_one_glyph_and_a_blank_that_say_both_from_right_to_left() {
        let glyphs = of("لا", true);
        let said: Vec<&str> = glyphs.iter().map(|glyph| glyph.text.as_str()).collect();
        assert_eq!(said, ["ا", "ل"]);
        assert_eq!(Some(glyphs[1].id), glyphs[1].face.blank());
        assert_ne!(glyphs[0].id, glyphs[1].id);
    }

    #[test]
    fn what_the_glyphs_say_is_the_text() {
        for (text, right_to_left) in [
            ("السلام عليكم", true),
            ("שלום", true),
            ("e\u{301}a\u{308}", false),
        ] {
            let mut parts: Vec<String> = of(text, right_to_left)
                .into_iter()
                .map(|glyph| glyph.text)
                .collect();
            if right_to_left {
                parts.reverse();
            }
            assert_eq!(parts.concat(), text);
        }
    }

    #[test]
    fn plain_text_needs_no_shaping() {
        for text in ["Olga", "Ελένη", "Олена", "伊藤 明", "é"] {
            assert!(!is_complex(text), "{text}");
        }
        for text in ["عائشة", "שלום", "e\u{301}"] {
            assert!(is_complex(text), "{text}");
        }
    }
}
