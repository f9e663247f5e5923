//! Glyphs of text whose letters depend on their neighbours: Arabic, Hebrew with its points, Devanagari,
//! Thai, Korean syllables, letters with combining marks; and what stands for a character that no font
//! has. Everything else is one glyph per character, and needs none of this.

use crate::{
    face::{Face, Style, place},
    line::{Stretch, runs_from_right_to_left},
};
use harfrust::{Buffer, ClusterLevel, Direction, ShapeOptions, ShaperFont, shape};

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
    /// Whether it begins what stands for a character that no font has.
    pub stands_in: bool,
}

/// Whether a text has to be shaped.
pub(crate) fn is_complex(text: &str, style: Style) -> bool {
    text.chars().any(|character| {
        !matches!(character, ' '..='~')
            && (is_shaped(character) || place(style, character).is_none())
    })
}

/// Whether a character is drawn as its neighbours let it.
const fn is_shaped(character: char) -> bool {
    runs_from_right_to_left(character)
        || is_joined(character)
        || is_syllable(character)
        || is_silent(character)
        // The scripts of India and South-East Asia, and the letters of Korean syllables.
        || matches!(
            character,
            '\u{0900}'..='\u{11FF}'
                | '\u{1780}'..='\u{17FF}'
                | '\u{1CD0}'..='\u{1CFF}'
                | '\u{A8E0}'..='\u{A8FF}'
                | '\u{A960}'..='\u{A97F}'
                | '\u{D7B0}'..='\u{D7FF}'
        )
}

/// Korean syllables, which their font composes from letters.
const fn is_syllable(character: char) -> bool {
    matches!(character, '\u{AC00}'..='\u{D7A3}')
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

/// What is never drawn: marks of direction, joiners, selectors of variants.
const fn is_silent(character: char) -> bool {
    matches!(
        character,
        '\u{034F}'
            | '\u{061C}'
            | '\u{180B}'..='\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// The glyphs of a stretch, from left to right.
pub(crate) fn glyphs(stretch: &Stretch, style: Style) -> Vec<Glyph> {
    let mut parts = by_face(&stretch.text, style);
    if stretch.right_to_left {
        parts.reverse();
    }
    let mut glyphs: Vec<Glyph> = Vec::new();
    for part in parts {
        match part {
            Part::Of(face, text) => {
                for glyph in shaped(face, &text, stretch.right_to_left) {
                    if glyph.id == 0 {
                        let lacking = glyph.text.chars();
                        glyphs.extend(lacking.flat_map(|one| code_point(style, one)));
                    } else if stretch.right_to_left && glyph.text.chars().count() > 1 {
                        glyphs.extend(one_by_one(glyph));
                    } else if let (true, Some(said)) = (glyph.text.is_empty(), told(&mut glyphs)) {
                        said.width = Some(said.width.unwrap_or(said.advance) + glyph.advance);
                        glyphs.push(glyph);
                    } else {
                        glyphs.push(glyph);
                    }
                }
            }
            // What turns the direction of others has done so: read out, it would do it again.
            Part::Silent('\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') => {}
            Part::Silent(character) => glyphs.extend(silent(style, character)),
            Part::Lacking(character) => glyphs.extend(code_point(style, character)),
        }
    }
    glyphs
}

/// The glyph that says what those after it are drawn for too. It says that it is as wide as all of
/// them: or else what is read out has a gap behind it, which is taken for a space.
fn told(glyphs: &mut [Glyph]) -> Option<&mut Glyph> {
    glyphs.iter_mut().rev().find(|glyph| !glyph.text.is_empty())
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

/// A blank without width that says a character which is not drawn.
fn silent(style: Style, character: char) -> Option<Glyph> {
    let blank = place(style, ' ')?;
    Some(Glyph {
        face: blank.face,
        id: blank.glyph,
        text: character.to_string(),
        advance: 0.0,
        width: Some(0.0),
        x: 0.0,
        y: 0.0,
        stands_in: false,
    })
}

/// What stands for a character that no font has: its code point is seen, and the character itself
/// is read out.
fn code_point(style: Style, character: char) -> Vec<Glyph> {
    let seen = format!("[U+{:04X}]", u32::from(character));
    let drawn = || seen.chars().filter_map(|one| place(style, one));
    let whole = drawn().map(|placed| placed.advance).sum();
    drawn()
        .enumerate()
        .map(|(nth, placed)| Glyph {
            face: placed.face,
            id: placed.glyph,
            text: match nth {
                0 => character.to_string(),
                _ => String::new(),
            },
            advance: placed.advance,
            width: (nth == 0).then_some(whole),
            x: 0.0,
            y: 0.0,
            stands_in: nth == 0,
        })
        .collect()
}

/// A part of a text.
enum Part {
    /// In one font.
    Of(Face, String),
    /// Not drawn.
    Silent(char),
    /// In no font.
    Lacking(char),
}

/// Parts of a text in one font each; a mark stays with its letter where the font has it.
fn by_face(text: &str, style: Style) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for character in text.chars() {
        if is_silent(character) && !is_joined(character) {
            parts.push(Part::Silent(character));
            continue;
        }
        if let Some(Part::Of(face, run)) = parts.last_mut()
            && is_joined(character)
            && (is_silent(character) || face.has(character))
        {
            run.push(character);
            continue;
        }
        let face = if is_syllable(character) {
            Some(Face::Hangul)
        } else {
            place(style, character).map(|placed| placed.face)
        };
        match (face, parts.last_mut()) {
            (Some(face), Some(Part::Of(before, run))) if *before == face => run.push(character),
            (Some(face), _) => parts.push(Part::Of(face, character.to_string())),
            (None, _) if is_silent(character) => parts.push(Part::Silent(character)),
            (None, _) => parts.push(Part::Lacking(character)),
        }
    }
    parts
}

fn shaped(face: Face, text: &str, right_to_left: bool) -> Vec<Glyph> {
    let Some(file) = face.file() else {
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
    // From right to left each mark says what it stands for itself; elsewhere its letter says it too:
    // programs that read the text out take a mark that is drawn higher for another line.
    buffer.set_cluster_level(if right_to_left {
        ClusterLevel::MonotoneCharacters
    } else {
        ClusterLevel::MonotoneGraphemes
    });
    let font = ShaperFont::new(&file.font);
    if shape(&font, &mut buffer, ShapeOptions::new()).is_err() {
        return Vec::new();
    }
    let em = f32::from(file.units_per_em);
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
                stands_in: false,
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
            assert!(!is_complex(text, Style::Regular), "{text}");
        }
        for text in [
            "عائشة",
            "שלום",
            "e\u{301}",
            "한글",
            "हिन्दी",
            "ไทย",
            "\u{1F9EA}",
        ] {
            assert!(is_complex(text, Style::Regular), "{text}");
        }
    }
}
