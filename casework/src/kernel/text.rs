//! What may be typed into a single field: length and characters. Everything else about a field is
//! said where the field is used.

use workflow::form::Problem;

/// A field with its limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub field: &'static str,
    pub label: &'static str,
    /// In characters, after trimming; 0 where it may stay empty.
    pub min: usize,
    pub max: usize,
}

/// One line of text, trimmed; what is wrong with it goes to `problems`.
pub(crate) fn line(limits: Limits, text: &str, problems: &mut Vec<Problem>) -> String {
    let text = text.trim();
    if text.chars().any(is_unwanted) {
        wrong(
            limits,
            "remove the line breaks and invisible characters.",
            problems,
        );
    } else {
        measure(limits, text, problems);
    }
    text.to_owned()
}

/// Several lines of text, trimmed, with line breaks as `\n`.
pub(crate) fn lines(limits: Limits, text: &str, problems: &mut Vec<Problem>) -> String {
    let text = unix(text.trim());
    if text
        .chars()
        .any(|c| is_unwanted(c) && c != '\n' && c != '\t')
    {
        wrong(limits, "remove the invisible characters.", problems);
    } else {
        measure(limits, &text, problems);
    }
    text
}

/// Line breaks as `\n`, which browsers send as `\r\n`.
pub(crate) fn unix(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Control characters, and those that turn the direction of text around: names that carry them can
/// be made to look like others.
pub(crate) fn is_unwanted(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{2028}' | '\u{2029}')
}

fn measure(limits: Limits, text: &str, problems: &mut Vec<Problem>) {
    let count = text.chars().count();
    let Limits { min, max, .. } = limits;
    if count == 0 && min > 0 {
        wrong(limits, "write an answer.", problems);
    } else if count < min {
        wrong(
            limits,
            &format!("use at least {min} characters; it has {count}."),
            problems,
        );
    } else if count > max {
        wrong(
            limits,
            &format!("shorten it to {max} characters; it has {count}."),
            problems,
        );
    }
}

fn wrong(limits: Limits, text: &str, problems: &mut Vec<Problem>) {
    problems.push(Problem {
        field: limits.field.to_owned(),
        text: format!("{}: {text}", limits.label),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Limits = Limits {
        field: "name",
        label: "Name",
        min: 2,
        max: 5,
    };

    fn problem_of(text: &str) -> Option<String> {
        let mut problems = Vec::new();
        line(NAME, text, &mut problems);
        problems.pop().map(|problem| problem.text)
    }

    #[test]
    fn a_line_keeps_to_its_limits() {
        assert_eq!(problem_of(" Ünal "), None);
        assert_eq!(problem_of(" ").as_deref(), Some("Name: write an answer."));
        assert!(problem_of("a").is_some_and(|text| text.contains("at least 2")));
        assert!(problem_of("abcdef").is_some_and(|text| text.contains("shorten it to 5")));
    }

    #[test]
    fn a_line_has_no_line_breaks_and_nothing_that_turns_text_around() {
        for text in ["ab\r\ncd", "ab\0", "ab\u{202E}c"] {
            assert!(problem_of(text).is_some_and(|text| text.contains("invisible")));
        }
    }

    #[test]
    fn lines_come_with_unix_breaks() {
        let mut problems = Vec::new();
        assert_eq!(
            lines(Limits { max: 9, ..NAME }, "a\r\nb\rc", &mut problems),
            "a\nb\nc"
        );
        assert!(problems.is_empty());
    }
}
