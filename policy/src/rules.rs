//! A policy as text.

/// The parts of a rule after its type: who, object, act, class, effect, name of the rule.
const PARTS: usize = 6;

/// The rules of a text, each with all its parts: lines of
/// `p, who, object, act, class, effect, rule`; `#` begins a comment.
///
/// # Errors
/// The first line that is no rule. Casbin would take it in and fail, or pass it over, each time it
/// is asked.
pub fn rules(text: &str) -> Result<Vec<Vec<&str>>, String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let parts: Vec<&str> = line.split(',').map(str::trim).collect();
            let effect = parts.get(PARTS - 1).copied();
            let whole = parts.len() == PARTS + 1
                && parts.first() == Some(&"p")
                && parts.iter().all(|part| is_word(part))
                && matches!(effect, Some("allow" | "deny"));
            if whole {
                Ok(parts)
            } else {
                Err(format!("not a rule: {line}"))
            }
        })
        .collect()
}

/// Small letters joined by `_`, several of them by `+`: nothing that CSV or casbin would read in
/// another way than it is written.
fn is_word(part: &str) -> bool {
    part.split('+')
        .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_has_all_its_parts_or_the_text_is_no_policy() {
        let good = "# who\n\np, lead+reviewer, case, read, either, allow, staff\n";
        assert_eq!(rules(good).map(|rules| rules.len()), Ok(1));
        for bad in [
            "p, lead, case, read, allow, staff",
            "p, , case, read, either, allow, staff",
            "p, lead, case, read, either, perhaps, staff",
            "p, lead+, case, read, either, allow, staff",
            "p, \"lead\", case, read, either, allow, staff",
            "p, lead, case, read, either, allow, staff, more",
            "g, lead, case, read, either, allow, staff",
        ] {
            assert!(rules(bad).is_err(), "{bad}");
        }
    }
}
