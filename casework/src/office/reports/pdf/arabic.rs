//! Arabic in a PDF: letters take the shape that their neighbours give them, and a stretch of them is
//! laid out from right to left. Enough for names and short texts; the whole bidirectional algorithm
//! is not needed for those.

/// The letters from U+0621: the first of their shapes (alone, at the end, at the beginning, in the
/// middle) and how many shapes there are.
const LETTERS: &[(char, u32, u8)] = &[
    ('\u{0621}', 0xFE80, 1),
    ('\u{0622}', 0xFE81, 2),
    ('\u{0623}', 0xFE83, 2),
    ('\u{0624}', 0xFE85, 2),
    ('\u{0625}', 0xFE87, 2),
    ('\u{0626}', 0xFE89, 4),
    ('\u{0627}', 0xFE8D, 2),
    ('\u{0628}', 0xFE8F, 4),
    ('\u{0629}', 0xFE93, 2),
    ('\u{062A}', 0xFE95, 4),
    ('\u{062B}', 0xFE99, 4),
    ('\u{062C}', 0xFE9D, 4),
    ('\u{062D}', 0xFEA1, 4),
    ('\u{062E}', 0xFEA5, 4),
    ('\u{062F}', 0xFEA9, 2),
    ('\u{0630}', 0xFEAB, 2),
    ('\u{0631}', 0xFEAD, 2),
    ('\u{0632}', 0xFEAF, 2),
    ('\u{0633}', 0xFEB1, 4),
    ('\u{0634}', 0xFEB5, 4),
    ('\u{0635}', 0xFEB9, 4),
    ('\u{0636}', 0xFEBD, 4),
    ('\u{0637}', 0xFEC1, 4),
    ('\u{0638}', 0xFEC5, 4),
    ('\u{0639}', 0xFEC9, 4),
    ('\u{063A}', 0xFECD, 4),
    ('\u{0641}', 0xFED1, 4),
    ('\u{0642}', 0xFED5, 4),
    ('\u{0643}', 0xFED9, 4),
    ('\u{0644}', 0xFEDD, 4),
    ('\u{0645}', 0xFEE1, 4),
    ('\u{0646}', 0xFEE5, 4),
    ('\u{0647}', 0xFEE9, 4),
    ('\u{0648}', 0xFEED, 2),
    ('\u{0649}', 0xFEEF, 2),
    ('\u{064A}', 0xFEF1, 4),
    ('\u{067E}', 0xFB56, 4),
    ('\u{0686}', 0xFB7A, 4),
    ('\u{06A9}', 0xFB8E, 4),
    ('\u{06AF}', 0xFB92, 4),
    ('\u{06CC}', 0xFBFC, 4),
];

/// The line that joins letters without being one.
const TATWEEL: char = '\u{0640}';
const LAM: char = '\u{0644}';

fn letter(character: char) -> Option<(u32, u8)> {
    LETTERS
        .iter()
        .find(|(known, ..)| *known == character)
        .map(|(_, first, shapes)| (*first, *shapes))
}

/// Vowel signs stand above or below a letter and do not come between it and the next.
const fn is_sign(character: char) -> bool {
    matches!(character, '\u{064B}'..='\u{0652}' | '\u{0670}')
}

fn joins_forward(character: char) -> bool {
    character == TATWEEL || letter(character).is_some_and(|(_, shapes)| shapes == 4)
}

fn joins_backward(character: char) -> bool {
    character == TATWEEL || letter(character).is_some_and(|(_, shapes)| shapes > 1)
}

/// Lam and alef are written as one.
const fn lam_alef(alef: char) -> Option<u32> {
    match alef {
        '\u{0622}' => Some(0xFEF5),
        '\u{0623}' => Some(0xFEF7),
        '\u{0625}' => Some(0xFEF9),
        '\u{0627}' => Some(0xFEFB),
        _ => None,
    }
}

/// The text with each Arabic letter in its shape, in the order in which it is read.
pub(super) fn shape(text: &str) -> String {
    if !text.chars().any(is_right_to_left) {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let neighbour = |from: usize, step: isize| {
        let mut at = from;
        loop {
            at = at.checked_add_signed(step)?;
            let found = *letters.get(at)?;
            if !is_sign(found) {
                return Some(found);
            }
        }
    };
    let mut shaped = String::with_capacity(text.len());
    let mut skip = false;
    for (index, character) in letters.iter().copied().enumerate() {
        if std::mem::take(&mut skip) {
            continue;
        }
        let joined = neighbour(index, -1).is_some_and(joins_forward);
        if character == LAM
            && let Some(one) = letters.get(index + 1).and_then(|alef| lam_alef(*alef))
        {
            shaped.extend(char::from_u32(one + u32::from(joined)));
            skip = true;
            continue;
        }
        let Some((first, shapes)) = letter(character) else {
            shaped.push(character);
            continue;
        };
        let before = joined && joins_backward(character);
        let after = joins_forward(character) && neighbour(index, 1).is_some_and(joins_backward);
        let which = match (before, after) {
            (false, false) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (true, true) => 3,
        };
        let which = if which < u32::from(shapes) { which } else { 0 };
        shaped.extend(char::from_u32(first + which));
    }
    shaped
}

const fn is_right_to_left(character: char) -> bool {
    matches!(character, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

/// A line as it is laid out: stretches that are read from right to left are turned around, the
/// spaces within them too; numbers in them stay as they are.
pub(super) fn in_visual_order(line: &str) -> String {
    if !line.chars().any(is_right_to_left) {
        return line.to_owned();
    }
    let characters: Vec<char> = line.chars().collect();
    let mut laid = String::with_capacity(line.len());
    let mut at = 0;
    while at < characters.len() {
        if !is_right_to_left(characters[at]) {
            laid.push(characters[at]);
            at += 1;
            continue;
        }
        // Up to the last such character before one that is read from left to right.
        let mut end = at + 1;
        let mut look = end;
        while look < characters.len() && !characters[look].is_alphanumeric()
            || look < characters.len() && is_right_to_left(characters[look])
        {
            look += 1;
            if is_right_to_left(characters[look - 1]) {
                end = look;
            }
        }
        laid.extend(characters[at..end].iter().rev());
        at = end;
    }
    laid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_join_as_their_neighbours_let_them() {
        // Ain at the beginning, alef at the end, yeh with hamza, sheen, teh marbuta.
        assert_eq!(shape("عائشة"), "\u{FECB}\u{FE8E}\u{FE8B}\u{FEB8}\u{FE94}");
        assert_eq!(shape("لا"), "\u{FEFB}");
        assert_eq!(shape("Olga"), "Olga");
    }

    #[test]
    fn a_name_between_latin_words_is_turned_around_alone() {
        assert_eq!(in_visual_order("by אב גד at"), "by דג בא at");
    }
}
