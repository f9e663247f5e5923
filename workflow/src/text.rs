//! The one room for text that people typed: how it is cleaned before anything is done with it, and
//! how two texts are compared.
//!
//! Cleaning is the same for every field. What cannot be seen (control characters, zero-width
//! characters, marks that turn the direction of text around, tags, noncharacters) is taken out and
//! never refused: it comes with pasted text, and a person could not find it to correct it. Text is
//! kept in Unicode's composed form (NFC), with line breaks as `\n`. A field of one line
//! ([`line()`]) has single spaces where it had breaks; a field of several ([`lines`]) keeps its
//! breaks and tabs. Passwords are not text: they are never cleaned here.
//!
//! Joiners and variation selectors stay where scripts, emoji and ideographs need them.

use caseless::Caseless;
use std::fmt::Display;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// As many marks as one character can carry; more of them only paint over the lines around it.
const MOST_MARKS: usize = 8;

/// One line of text: clean, trimmed, with single spaces.
pub fn line(text: &str) -> String {
    single_spaced(&clean(text))
}

/// Several lines of text: clean, without space at the beginning and the end.
pub fn lines(text: &str) -> String {
    clean(text).trim().to_owned()
}

/// Text without what cannot be seen, composed (NFC), with line breaks as `\n`; space at the
/// beginning and the end stays. Cleaning clean text changes nothing.
pub fn clean(text: &str) -> String {
    if text
        .bytes()
        .all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte))
    {
        return text.to_owned();
    }
    let mut before = pass(text);
    // What was taken out may have stood between two characters that now change each other.
    loop {
        let after = pass(&before);
        if after == before {
            return after;
        }
        before = after;
    }
}

fn pass(text: &str) -> String {
    // Composed first, since composing decides what stands next to what, and composed again, since
    // what was between two characters may be gone.
    let composed: Vec<char> = text.replace("\r\n", "\n").nfc().collect();
    let mut kept: Vec<char> = Vec::with_capacity(composed.len());
    let mut marks = 0;
    for (at, &c) in composed.iter().enumerate() {
        let c = match c {
            '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            // A braille cell without dots looks like a space.
            '\u{2800}' => ' ',
            c => c,
        };
        let before = kept.last().copied();
        let is_kept = match c {
            '\n' | '\t' => true,
            '\u{200C}' | '\u{200D}' => joins(before, c, composed.get(at + 1).copied()),
            c if is_variation_selector(c) => varies(before, c),
            c if is_unwanted(c) => false,
            c if is_combining_mark(c) => {
                marks += 1;
                before.is_some_and(|base| !base.is_whitespace()) && marks <= MOST_MARKS
            }
            _ => true,
        };
        if is_kept {
            if !is_combining_mark(c) {
                marks = 0;
            }
            kept.push(c);
        }
    }
    kept.into_iter().nfc().collect()
}

/// The key by which texts are compared and found, whatever their case, width or composition
/// (Unicode's caseless matching over compatible forms, D146): clean, on one line, without joiners
/// and selectors. It may be longer than the text.
pub fn fold(text: &str) -> String {
    let folded: String = clean(text)
        .chars()
        .filter(|c| !matches!(c, '\u{200C}' | '\u{200D}') && !is_variation_selector(*c))
        .nfd()
        .default_case_fold()
        .nfkd()
        .default_case_fold()
        .nfkc()
        .collect();
    // A free-standing accent becomes a space with a mark upon it.
    single_spaced(&folded)
        .trim_start_matches(is_combining_mark)
        .to_owned()
}

/// The key by which words are looked for: folded ([`fold`]), and without the accents of Latin, Greek
/// and Cyrillic letters, so that `Zoe` finds `ZOË`. The marks of other scripts are vowels and stay.
pub fn plain(text: &str) -> String {
    let folded = fold(text);
    if folded.is_ascii() {
        return folded;
    }
    let bare = folded
        .nfd()
        .filter(|c| !('\u{300}'..='\u{36F}').contains(c));
    bare.nfc().collect()
}

/// Whether this character has no place in any text of ours: nobody sees it, or it changes what is
/// seen around it. Line breaks and tabs count among them; joiners and variation selectors do not.
pub const fn is_unwanted(c: char) -> bool {
    matches!(c,
        // Controls.
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}'
        // Soft hyphen, grapheme joiner, fillers that look like nothing.
        | '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}'
        | '\u{17B4}' | '\u{17B5}' | '\u{180E}' | '\u{2800}'
        // Direction: marks, embeddings, overrides, isolates.
        | '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
        // Zero width, and invisible operators.
        | '\u{200B}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}'
        // Line and paragraph separators.
        | '\u{2028}' | '\u{2029}'
        // Annotations, objects, formats of shorthand, music and hieroglyphs.
        | '\u{FFF0}'..='\u{FFFC}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{13430}'..='\u{1343F}'
        // Tags, and all that Unicode keeps for characters to be ignored.
        | '\u{E0000}'..='\u{E00FF}' | '\u{E01F0}'..='\u{E0FFF}'
        // Noncharacters.
        | '\u{FDD0}'..='\u{FDEF}')
        || c as u32 & 0xFFFE == 0xFFFE
}

/// `1 question`, `2 questions`: a number of things, for nouns that take an s. The one place where a
/// number that may be 1 meets its noun.
pub fn count<N: Display + PartialEq + From<u8>>(number: N, noun: &str) -> String {
    let ending = if number == N::from(1) { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// Whether nothing of this text can be seen.
pub fn is_blank(text: &str) -> bool {
    line(text).is_empty()
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}' | '\u{180F}')
}

/// Whether a joiner between these two has work to do: letters of a script that joins or stacks,
/// or the parts of one emoji.
fn joins(before: Option<char>, joiner: char, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    if is_unwanted(after) || is_variation_selector(after) {
        return false;
    }
    let of_script = is_of_joining_script(before) && is_of_joining_script(after);
    let of_emoji = joiner == '\u{200D}'
        && (is_pictograph(before) || before == '\u{FE0F}')
        && is_pictograph(after);
    of_script || of_emoji
}

/// Whether a variation selector after this character chooses between forms that there are.
fn varies(before: Option<char>, selector: char) -> bool {
    let Some(before) = before else { return false };
    match selector {
        '\u{FE0E}' | '\u{FE0F}' => is_pictograph(before) || matches!(before, '0'..='9' | '#' | '*'),
        '\u{180B}'..='\u{180F}' => matches!(before, '\u{1820}'..='\u{18AA}'),
        '\u{FE00}'..='\u{FE0D}' => {
            is_ideograph(before)
                || matches!(before, '\u{2200}'..='\u{22FF}' | '\u{2A00}'..='\u{2AFF}'
                    | '\u{1000}'..='\u{109F}' | '\u{A840}'..='\u{A87F}' | '\u{3000}'..='\u{303F}')
        }
        _ => is_ideograph(before),
    }
}

const fn is_of_joining_script(c: char) -> bool {
    matches!(c,
        '\u{620}'..='\u{DFF}' | '\u{F00}'..='\u{109F}' | '\u{1780}'..='\u{18AF}'
        | '\u{1900}'..='\u{1CFF}' | '\u{A800}'..='\u{ABFF}' | '\u{FB50}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10A00}'..='\u{11FFF}'
        | '\u{1E900}'..='\u{1E95F}')
}

const fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
        | '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}' | '\u{24C2}' | '\u{25A0}'..='\u{27BF}'
        | '\u{2900}'..='\u{297F}' | '\u{2B00}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}'
        | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
}

const fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_thing_is_one_and_any_other_number_of_them_many() {
        assert_eq!(count(1_u16, "business day"), "1 business day");
        assert_eq!(
            [count(0, "user"), count(2_u64, "user")],
            ["0 users", "2 users"]
        );
    }

    /// One of each kind that must never be kept.
    const UNWANTED: &[char] = &[
        '\0',
        '\u{1}',
        '\u{8}',
        '\u{1B}',
        '\u{7F}',
        '\u{9B}',
        '\u{AD}',
        '\u{34F}',
        '\u{61C}',
        '\u{115F}',
        '\u{1160}',
        '\u{17B4}',
        '\u{180E}',
        '\u{200B}',
        '\u{200E}',
        '\u{200F}',
        '\u{202A}',
        '\u{202B}',
        '\u{202C}',
        '\u{202D}',
        '\u{202E}',
        '\u{2060}',
        '\u{2061}',
        '\u{2064}',
        '\u{2066}',
        '\u{2067}',
        '\u{2068}',
        '\u{2069}',
        '\u{206A}',
        '\u{206F}',
        '\u{3164}',
        '\u{FDD0}',
        '\u{FEFF}',
        '\u{FFA0}',
        '\u{FFF9}',
        '\u{FFFC}',
        '\u{FFFE}',
        '\u{FFFF}',
        '\u{1D173}',
        '\u{1FFFE}',
        '\u{E0001}',
        '\u{E0020}',
        '\u{E007F}',
        '\u{10FFFF}',
    ];

    #[test]
    fn what_cannot_be_seen_is_taken_out_of_every_text() {
        for c in UNWANTED {
            let typed = format!("{c}Ada{c} {c}Ito{c}");
            assert_eq!(line(&typed), "Ada Ito", "{c:?} in a line");
            assert_eq!(lines(&typed), "Ada Ito", "{c:?} in lines");
            assert_eq!(fold(&typed), "ada ito", "{c:?} in a key");
            assert!(is_blank(&format!(" {c}{c} ")), "{c:?} alone");
            assert!(!is_blank(&format!("{c}a{c}")), "{c:?} around a letter");
        }
    }

    #[test]
    fn joiners_and_selectors_do_not_hide_in_latin_text() {
        for c in [
            '\u{200C}',
            '\u{200D}',
            '\u{FE0F}',
            '\u{FE00}',
            '\u{E0100}',
            '\u{180B}',
        ] {
            assert_eq!(line(&format!("{c}ad{c}min{c}")), "admin", "{c:?}");
        }
    }

    #[test]
    fn scripts_and_emoji_keep_what_they_need() {
        for text in [
            "می‌خواهم",
            "क्‍ष",
            "👩‍⚕️",
            "👩🏽‍💻",
            "❤️",
            "1️⃣",
            "葛\u{E0100}城",
            "שָׁלוֹם",
            "Việt Nam",
            "ประเทศไทย",
            "O'Brien & Söhne – 東京",
        ] {
            let composed: String = text.nfc().collect();
            assert_eq!(line(text), composed);
        }
    }

    #[test]
    fn selectors_stay_with_the_characters_that_have_such_forms() {
        for text in [
            "\u{1820}\u{180B}",
            "\u{2268}\u{FE00}",
            "\u{A860}\u{FE00}",
            "\u{3001}\u{FE01}",
            "\u{845B}\u{FE00}",
            "\u{845B}\u{E0100}",
            "❤\u{FE0E}",
            "#\u{FE0F}",
        ] {
            assert_eq!(line(text), text, "{text:?}");
        }
        for (typed, kept) in [
            ("\u{845B}\u{180B}", "\u{845B}"),
            ("\u{845B}\u{FE0F}", "\u{845B}"),
            ("\u{1820}\u{FE00}", "\u{1820}"),
            ("\u{2268}\u{E0100}", "\u{2268}"),
            ("❤\u{E0100}", "❤"),
        ] {
            assert_eq!(line(typed), kept, "{typed:?}");
        }
    }

    #[test]
    fn a_joiner_stays_between_two_that_it_joins() {
        for text in [
            "می\u{200C}خواهم",
            "क\u{94D}\u{200D}ष",
            "❤\u{FE0F}\u{200D}🔥",
            "👩\u{200D}⚕",
        ] {
            assert_eq!(line(text), text, "{text:?}");
        }
        for (typed, kept) in [
            ("a\u{200C}ی", "aی"),
            ("ی\u{200C}a", "یa"),
            ("a\u{200D}⚕", "a⚕"),
            ("⚕\u{200D}a", "⚕a"),
            ("ی\u{200D}⚕", "ی⚕"),
            ("👩\u{200C}⚕", "👩⚕"),
            ("\u{200D}⚕", "⚕"),
            // What is taken out is joined to nothing, nor is a form of a letter.
            ("\u{1820}\u{200D}\u{180E}\u{1820}", "\u{1820}\u{1820}"),
            (
                "\u{1820}\u{200D}\u{180B}\u{1820}",
                "\u{1820}\u{180B}\u{1820}",
            ),
        ] {
            assert_eq!(line(typed), kept, "{typed:?}");
        }
    }

    #[test]
    fn a_line_has_no_breaks_and_lines_have_unix_ones() {
        for brk in [
            "\r\n", "\r", "\n", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}",
        ] {
            assert_eq!(line(&format!(" a{brk}b ")), "a b", "{brk:?}");
            assert_eq!(lines(&format!("\n a{brk}b ")), "a\nb", "{brk:?}");
        }
        assert_eq!(line("a\t \u{A0}b\u{2800}c"), "a b c");
        assert_eq!(lines("a\tb"), "a\tb");
    }

    #[test]
    fn marks_that_paint_over_other_lines_are_cut() {
        let typed = format!("a{}b", "\u{301}\u{323}".repeat(200));
        assert!(line(&typed).chars().count() <= MOST_MARKS + 2);
        // As many as one character can carry, on each.
        let most = "\u{323}".repeat(MOST_MARKS);
        let typed = format!("x{most} x{most}");
        assert_eq!(line(&typed), typed);
        assert_eq!(line(&format!("x{most}\u{323}")), format!("x{most}"));
        assert_eq!(line("\u{301}a"), "a");
    }

    #[test]
    fn keys_know_neither_case_nor_width_nor_composition() {
        for (one, other) in [
            ("Ökonomie Zürich", "ÖKONOMIE zu\u{308}rich"),
            ("STRASSE", "straße"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("Ａｃｍｅ", "acme"),
            ("ﬁnance", "FINANCE"),
            ("İstanbul", "i\u{307}stanbul"),
            ("ЁЖ", "ёж"),
            ("ad\u{200D}min", "Admin"),
            ("می\u{200C}خواهم", "میخواهم"),
            ("❤\u{FE0F}", "❤"),
            ("K (Kelvin \u{212A})", "k (kelvin k)"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} and {other}");
        }
        assert_ne!(fold("Ökonomie"), fold("Okonomie"));
    }

    proptest! {
        #[test]
        fn cleaning_clean_text_changes_nothing(text in any::<String>()) {
            for shape in [clean, line, lines] {
                let once = shape(&text);
                prop_assert_eq!(shape(&once), once);
            }
        }

        #[test]
        fn cleaning_what_is_made_of_awkward_characters_changes_nothing_twice(
            text in proptest::collection::vec(
                proptest::sample::select(vec![
                    'a', '1', ' ', '\n', '\r', '\t', '\0', '\u{301}', '\u{323}', '\u{344}',
                    '\u{200C}', '\u{200D}', '\u{FE0F}', '\u{FE00}', '\u{E0100}', '\u{915}',
                    '\u{94D}', '\u{958}', '\u{1F469}', '\u{2695}', '\u{845B}', '\u{2F800}',
                    '\u{202E}', '\u{2800}', '\u{180B}', '\u{1820}', '\u{0C46}', '\u{0C56}',
                ]),
                0..24,
            ),
        ) {
            let text: String = text.into_iter().collect();
            for shape in [clean, line, lines, fold] {
                let once = shape(&text);
                prop_assert_eq!(shape(&once), once.clone());
                prop_assert!(!once.chars().any(|c| is_unwanted(c) && !matches!(c, '\n' | '\t')));
            }
        }

        #[test]
        fn a_text_and_its_upper_and_lower_case_have_one_key(
            text in "[A-Za-zÀ-ÖØ-öø-ÿΑ-ΡΣ-Ωά-ώА-яЁёԱ-Ֆ0-9 ]{0,20}",
        ) {
            let key = fold(&text);
            prop_assert_eq!(fold(&text.to_uppercase()), key.clone());
            prop_assert_eq!(fold(&text.to_lowercase()), key.clone());
            prop_assert_eq!(fold(&text.nfd().collect::<String>()), key);
        }
    }
}
