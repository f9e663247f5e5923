//! Text in lines: measured, and broken where Unicode lets it be (UAX #14).

use crate::{
    face::{Style, place},
    line::{Line, Stretch, lay_out},
    shape::{self, is_complex},
};
use std::ops::Range;
use unicode_linebreak::linebreaks;
use unicode_segmentation::UnicodeSegmentation;

/// How wide a stretch is, in ems.
fn ems(stretch: &Stretch, style: Style) -> f32 {
    if is_complex(&stretch.text, style) {
        let glyphs = shape::glyphs(stretch, style);
        glyphs.iter().map(|glyph| glyph.advance).sum()
    } else {
        let placed = stretch.text.chars().filter_map(|one| place(style, one));
        placed.map(|one| one.advance).sum()
    }
}

/// How wide a line is, in points.
pub(crate) fn width(line: &Line, style: Style, size: f32) -> f32 {
    let stretches = line.stretches().iter();
    stretches.map(|one| ems(one, style)).sum::<f32>() * size
}

/// How wide a part of a paragraph is, in points, whichever way it runs.
fn width_of(text: &str, style: Style, size: f32) -> f32 {
    width(&Line::of(text), style, size)
}

/// Text in lines no wider than `most` points. A word too long for a line is broken between any two
/// characters; so is Thai, which has no spaces between its words.
pub(crate) fn wrap(text: &str, style: Style, size: f32, most: f32) -> Vec<Line> {
    text.lines()
        .flat_map(|paragraph| {
            // What else ends a paragraph is a space here: lines are broken above.
            let paragraph = paragraph.replace(
                |c| matches!(c, '\t' | '\r' | '\u{1C}'..='\u{1E}' | '\u{85}' | '\u{2029}'),
                " ",
            );
            lay_out(&paragraph, &broken(&paragraph, style, size, most))
        })
        .collect()
}

/// Where the lines of a paragraph begin and end.
fn broken(paragraph: &str, style: Style, size: f32, most: f32) -> Vec<Range<usize>> {
    if width_of(paragraph.trim_end(), style, size) <= most {
        return vec![trimmed(paragraph, 0..paragraph.len())];
    }
    let mut lines = Vec::new();
    let mut line = 0..0;
    let mut used = 0.0;
    let mut start = 0;
    for (end, _) in linebreaks(paragraph) {
        let word = paragraph.get(start..end).unwrap_or_default();
        let before = start;
        start = end;
        let drawn = width_of(word.trim_end(), style, size);
        if used + drawn > most && !line.is_empty() {
            lines.push(line.clone());
            line = before..before;
            used = 0.0;
        }
        if drawn <= most {
            line.end = end;
            used += width_of(word, style, size);
            continue;
        }
        for (from, character) in word.grapheme_indices(true) {
            let wide = width_of(character, style, size);
            if used + wide > most && !line.is_empty() {
                lines.push(line.clone());
                line = before + from..before + from;
                used = 0.0;
            }
            line.end = before + from + character.len();
            used += wide;
        }
    }
    lines.push(line);
    lines
        .into_iter()
        .map(|line| trimmed(paragraph, line))
        .collect()
}

/// Without the spaces at the end of a line.
fn trimmed(paragraph: &str, line: Range<usize>) -> Range<usize> {
    let kept = paragraph.get(line.clone()).unwrap_or_default().trim_end();
    line.start..line.start + kept.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, most: f32) -> Vec<String> {
        let lines = wrap(text, Style::Regular, 10.0, most);
        let text_of = |line: &Line| {
            line.stretches()
                .iter()
                .map(|one| one.text.clone())
                .collect()
        };
        lines.iter().map(text_of).collect()
    }

    #[test]
    fn lines_are_broken_between_words_and_words_only_where_they_must() {
        assert_eq!(lines("one two three", 40.0), ["one two", "three"]);
        let long = "a".repeat(30);
        let broken = lines(&long, 40.0);
        assert!(broken.len() > 3);
        assert_eq!(broken.concat(), long);
    }

    #[test]
    fn no_line_begins_with_what_ends_a_sentence() {
        for line in lines("東京、大阪、京都。東京、大阪、京都。", 35.0) {
            assert!(!line.starts_with(['、', '。']), "{line}");
        }
    }

    #[test]
    fn a_letter_keeps_its_marks() {
        for line in lines(&"e\u{301}".repeat(30), 40.0) {
            assert!(line.starts_with('e'), "{line}");
        }
        let thai = "ผู้ป่วยให้ความยินยอมแล้วที่นี่";
        let broken = lines(thai, 30.0);
        assert_eq!(broken.concat(), thai);
        for line in broken {
            let first = line.chars().next();
            // Vowels above and below, and tones.
            let mark = first.is_some_and(
                |c| matches!(c, '\u{E31}' | '\u{E34}'..='\u{E3A}' | '\u{E47}'..='\u{E4E}'),
            );
            assert!(!mark, "{line}");
        }
    }
}
