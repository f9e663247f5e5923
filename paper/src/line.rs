//! Lines of text in the order in which they are laid out: by the Unicode Bidirectional Algorithm.

use std::ops::Range;
use unicode_bidi::{BidiInfo, Level};

/// A line as it is laid out: stretches of one direction each, from left to right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line(Vec<Stretch>);

/// Text that runs in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// In the order in which it is read.
    pub text: String,
    pub right_to_left: bool,
}

impl Line {
    /// A text without line breaks.
    pub fn of(text: &str) -> Self {
        let whole = 0..text.len();
        lay_out(text, &[whole]).pop().unwrap_or_default()
    }

    pub fn stretches(&self) -> &[Stretch] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|stretch| stretch.text.is_empty())
    }

    /// Puts something behind the line.
    pub fn push(&mut self, text: &str) {
        self.0.push(Stretch {
            text: text.to_owned(),
            right_to_left: false,
        });
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::of(text)
    }
}

/// The lines of a paragraph, each given by its bytes. Which way the paragraph runs is decided by its
/// first letter.
pub(crate) fn lay_out(paragraph: &str, lines: &[Range<usize>]) -> Vec<Line> {
    if !paragraph.chars().any(runs_from_right_to_left) {
        let plain = |line: &Range<usize>| {
            Line(vec![Stretch {
                text: paragraph[line.clone()].to_owned(),
                right_to_left: false,
            }])
        };
        return lines.iter().map(plain).collect();
    }
    let info = BidiInfo::new(paragraph, None);
    lines
        .iter()
        .map(|line| {
            let within = info
                .paragraphs
                .iter()
                .find(|one| one.range.contains(&line.start));
            let Some(within) = within else {
                return Line::default();
            };
            let (levels, runs) = info.visual_runs(within, line.clone());
            let stretch = |run: Range<usize>| Stretch {
                right_to_left: levels.get(run.start).is_some_and(Level::is_rtl),
                text: paragraph[run].to_owned(),
            };
            Line(runs.into_iter().map(stretch).collect())
        })
        .collect()
}

/// Hebrew, Arabic and their kin, and the marks that turn the direction of others.
pub(crate) const fn runs_from_right_to_left(character: char) -> bool {
    matches!(
        character,
        '\u{0590}'..='\u{08FF}'
            | '\u{200F}'
            | '\u{202B}'
            | '\u{202E}'
            | '\u{2067}'
            | '\u{FB1D}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFC}'
            | '\u{10800}'..='\u{10FFF}'
            | '\u{1E800}'..='\u{1EFFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid(text: &str) -> Vec<(String, bool)> {
        let line = Line::of(text);
        let stretches = line.stretches().iter();
        stretches
            .map(|one| (one.text.clone(), one.right_to_left))
            .collect()
    }

    fn said(text: &str, right_to_left: bool) -> (String, bool) {
        (text.to_owned(), right_to_left)
    }

    #[test]
    fn plain_text_is_one_stretch() {
        assert_eq!(laid("Olga, 12"), [said("Olga, 12", false)]);
        assert!(Line::of("").is_empty());
    }

    #[test]
    fn a_name_between_latin_words_is_turned_around_alone() {
        assert_eq!(
            laid("by אב גד at"),
            [said("by ", false), said("אב גד", true), said(" at", false)]
        );
    }

    #[test]
    fn digits_in_arabic_run_from_left_to_right() {
        // In an Arabic paragraph the number stands to the left of the word before it.
        assert_eq!(laid("عدد ١٢٣"), [said("١٢٣", false), said("عدد ", true)]);
        assert_eq!(laid("غرفة 45"), [said("45", false), said("غرفة ", true)]);
    }

    #[test]
    fn every_byte_of_every_line_is_laid_out_once() {
        let text = "Reason: السبب الأول (a) ثم 12, then more";
        let middle = text.find('(').unwrap_or_default();
        let lines = lay_out(text, &[0..middle, middle..text.len()]);
        let mut letters: Vec<char> = lines
            .iter()
            .flat_map(|line| line.stretches())
            .flat_map(|stretch| stretch.text.chars())
            .collect();
        letters.sort_unstable();
        let mut all: Vec<char> = text.chars().collect();
        all.sort_unstable();
        assert_eq!(letters, all);
    }
}
