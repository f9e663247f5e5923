//! What a site lets programs read (`robots.txt`, RFC 9309).

/// By this name the desk is addressed in `robots.txt`.
pub(crate) const OUR_NAME: &str = "upgrade-desk";

/// Whether the text of a `robots.txt` lets us read what stands at `path`, query included.
pub(crate) fn allows(robots: &str, path: &str) -> bool {
    let rules = rules_for(robots, OUR_NAME).or_else(|| rules_for(robots, "*"));
    let rules = rules.unwrap_or_default();
    // The longest rule decides; of two as long, the one that allows.
    let best = rules
        .iter()
        .filter(|rule| fits(rule.path, path))
        .max_by_key(|rule| (rule.path.len(), rule.allow));
    best.is_none_or(|rule| rule.allow)
}

#[derive(Clone, Copy)]
struct Rule<'a> {
    allow: bool,
    path: &'a str,
}

/// The rules of all groups for this name; none where there is no such group.
fn rules_for<'a>(robots: &'a str, name: &str) -> Option<Vec<Rule<'a>>> {
    let mut found: Option<Vec<Rule<'a>>> = None;
    let (mut ours, mut in_names) = (false, false);
    for line in robots.trim_start_matches('\u{feff}').lines() {
        let line = line.split('#').next().unwrap_or_default();
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
        if key == "user-agent" {
            // Several names in a row begin one group.
            ours = (in_names && ours) || value.eq_ignore_ascii_case(name);
            in_names = true;
            if ours {
                found.get_or_insert_default();
            }
            continue;
        }
        let allow = match key.as_str() {
            "allow" => true,
            "disallow" => false,
            // Sitemaps and the like belong to no group.
            _ => continue,
        };
        in_names = false;
        if ours && !value.is_empty() {
            found
                .get_or_insert_default()
                .push(Rule { allow, path: value });
        }
    }
    found
}

/// Whether a path begins as a rule says; `*` stands for anything, `$` at its end for the end.
fn fits(rule: &str, path: &str) -> bool {
    let (rule, to_end) = match rule.strip_suffix('$') {
        Some(rule) => (rule, true),
        None => (rule, false),
    };
    let mut parts = rule.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return !to_end || rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() && to_end {
            return rest.ends_with(part);
        }
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_longest_rule_of_our_own_group_decides() {
        let robots = "\u{feff}User-agent: *\nDisallow: /\n\n\
            user-agent: Other\nUser-Agent: Upgrade-Desk # us\n\
            Sitemap: https://glow.example/map\nDisallow: /private\nAllow: /private/policy\n\
            Disallow: /*.pdf$\nDisallow:\n";
        for (path, may) in [
            ("/", true),
            ("/privacy", true),
            ("/private/", false),
            ("/private/policy?lang=en", true),
            ("/terms.pdf", false),
            ("/terms.pdf?page=1", true),
        ] {
            assert_eq!(allows(robots, path), may, "{path}");
        }
    }

    #[test]
    fn without_a_group_of_ours_that_of_everybody_holds_and_without_any_all_is_open() {
        assert!(!allows("User-agent: *\nDisallow: /p", "/privacy"));
        assert!(allows("User-agent: *\nDisallow: /p", "/terms"));
        assert!(allows("User-agent: other\nDisallow: /", "/privacy"));
        assert!(allows("<html>no rules</html>", "/privacy"));
        // A group of ours without a rule lets us read what others may not.
        let ours = "User-agent: upgrade-desk\nDisallow:\n\nUser-agent: *\nDisallow: /";
        assert!(allows(ours, "/"));
        // Of two as long the one that allows.
        assert!(allows("User-agent: *\nDisallow: /a\nAllow: /a", "/a"));
    }

    #[test]
    fn stars_stand_for_anything() {
        for (rule, path, does) in [
            ("/a*c", "/abc", true),
            ("/a*c", "/ab", false),
            ("/a*c*e", "/abcde", true),
            ("*", "/", true),
            ("/a*$", "/abc", true),
            ("/a*c$", "/abcd", false),
            ("/a$", "/ab", false),
        ] {
            assert_eq!(fits(rule, path), does, "{rule} {path}");
        }
    }

    proptest! {
        #[test]
        fn whatever_a_site_writes_there_is_an_answer(robots in ".{0,400}", path in "/[ -~]{0,40}") {
            let _ = allows(&robots, &path);
            let closed = format!("User-agent: {OUR_NAME}\nDisallow: /\n");
            prop_assert!(!allows(&closed, &path));
        }
    }
}
