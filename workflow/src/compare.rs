//! Two texts side by side: paragraph by paragraph, and word by word where a paragraph was changed.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A stretch of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    /// Not in the other text.
    pub changed: bool,
}

/// A paragraph of the old text beside its fellow of the new one; nothing where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub old: Vec<Piece>,
    pub new: Vec<Piece>,
    /// Both hold the same words.
    pub same: bool,
}

/// Of paragraphs with more words nothing is compared word by word.
const LONGEST: usize = 1_000;

/// Of texts with more paragraphs the first stands beside the first, and so on.
const MOST: usize = 4_000;

/// The paragraphs of two texts, those that belong together beside each other.
pub fn side_by_side(old: &str, new: &str) -> Vec<Row> {
    let (old, new) = (paragraphs(old), paragraphs(new));
    let mut rows = Vec::new();
    if old.len().max(new.len()) > MOST {
        let both = old.len().max(new.len());
        rows.extend((0..both).map(|index| beside(old.get(index), new.get(index))));
        return rows;
    }
    for op in capture_diff_slices(Algorithm::Patience, &old, &new) {
        let (was, is) = (
            old.get(op.old_range()).unwrap_or_default(),
            new.get(op.new_range()).unwrap_or_default(),
        );
        for index in 0..was.len().max(is.len()) {
            rows.push(beside(was.get(index), is.get(index)));
        }
    }
    rows
}

/// Two paragraphs that belong together, or one alone.
fn beside(was: Option<&&str>, is: Option<&&str>) -> Row {
    match (was, is) {
        (Some(was), Some(is)) if was.split_whitespace().eq(is.split_whitespace()) => Row {
            old: whole(was, false),
            new: whole(is, false),
            same: true,
        },
        (Some(was), Some(is)) => words(was, is),
        (was, is) => Row {
            old: was.map_or_else(Vec::new, |text| whole(text, true)),
            new: is.map_or_else(Vec::new, |text| whole(text, true)),
            same: false,
        },
    }
}

fn paragraphs(text: &str) -> Vec<&str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect()
}

fn whole(text: &str, changed: bool) -> Vec<Piece> {
    vec![Piece {
        text: text.to_owned(),
        changed,
    }]
}

fn words(was: &str, is: &str) -> Row {
    let old: Vec<&str> = was.split_whitespace().collect();
    let new: Vec<&str> = is.split_whitespace().collect();
    if old.len() > LONGEST || new.len() > LONGEST {
        return Row {
            old: whole(was, true),
            new: whole(is, true),
            same: false,
        };
    }
    let mut row = Row {
        old: Vec::new(),
        new: Vec::new(),
        same: false,
    };
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let changed = !matches!(op, DiffOp::Equal { .. });
        for (pieces, words) in [
            (&mut row.old, old.get(op.old_range())),
            (&mut row.new, new.get(op.new_range())),
        ] {
            let text = words.unwrap_or_default().join(" ");
            if !text.is_empty() {
                pieces.push(Piece { text, changed });
            }
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_texts_stand_side_by_side_by_paragraphs_and_words() {
        let rows = side_by_side(
            "One.\nWe keep it 30 days.\nEnd.",
            "One.\nWe keep it 90 days.\nNew.\nEnd.",
        );
        let text = |pieces: &[Piece]| {
            let marked = pieces.iter().map(|piece| {
                if piece.changed {
                    format!("[{}]", piece.text)
                } else {
                    piece.text.clone()
                }
            });
            marked.collect::<Vec<_>>().join(" ")
        };
        let shown: Vec<(String, String, bool)> = rows
            .iter()
            .map(|row| (text(&row.old), text(&row.new), row.same))
            .collect();
        let row = |old: &str, new: &str, same| (old.to_owned(), new.to_owned(), same);
        assert_eq!(
            shown,
            [
                row("One.", "One.", true),
                row("We keep it [30] days.", "We keep it [90] days.", false),
                row("", "[New.]", false),
                row("End.", "End.", true),
            ]
        );
    }

    #[test]
    fn a_paragraph_that_differs_in_its_spacing_alone_is_the_same() {
        let rows = side_by_side("x  y\nz", "\nx y\n\nz\n");
        assert!(rows.iter().all(|row| row.same), "{rows:?}");
    }

    proptest! {
        #[test]
        fn both_texts_are_shown_whole(old in "([a-d]{1,3}[ \n]){0,40}", new in "([a-d]{1,3}[ \n]){0,40}") {
            let rows = side_by_side(&old, &new);
            let shown = |side: fn(&Row) -> &Vec<Piece>| -> Vec<String> {
                rows.iter()
                    .flat_map(|row| side(row).iter())
                    .flat_map(|piece| piece.text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
                    .collect()
            };
            let words = |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
            prop_assert_eq!(shown(|row| &row.old), words(&old));
            prop_assert_eq!(shown(|row| &row.new), words(&new));
        }
    }
}
