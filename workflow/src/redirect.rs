//! Where users may be sent back to after they have authorised an app (RFC 6749, RFC 8252).

use url::{Host, Url};

/// The most redirect URIs of an app in one environment.
pub const MOST_REDIRECTS: usize = 10;

/// The longest redirect URI, in characters.
pub const LONGEST_REDIRECT: usize = 500;

/// What is wrong with a redirect URI; none where nothing is. Three kinds are good: https, http to
/// the own machine by its number (a port may be left open), and a scheme of the app's own.
pub fn redirect_fault(text: &str) -> Option<&'static str> {
    if text.chars().count() > LONGEST_REDIRECT {
        return Some("it has more than 500 characters.");
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Some("leave out blanks.");
    }
    if !text.is_ascii() {
        return Some("write it as your program sends it, in ASCII (xn--… for other letters).");
    }
    if text.contains('*') {
        return Some("write each address whole; * does not stand for others.");
    }
    if text.contains('#') {
        return Some("leave out the # and what follows it.");
    }
    let Ok(url) = Url::parse(text) else {
        return Some("write a whole address, such as https://app.example/callback.");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Some("leave out the name or password before the @.");
    }
    match url.scheme() {
        "https" => match url.host() {
            Some(Host::Domain(host)) if host.contains('.') => None,
            Some(Host::Domain(_)) | None => Some("its host must be a public name."),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => Some("write the host by its name."),
        },
        "http" => match url.host() {
            Some(Host::Ipv4(host)) if host.is_loopback() => None,
            Some(Host::Ipv6(host)) if host.is_loopback() => None,
            Some(Host::Domain("localhost")) => {
                Some("write 127.0.0.1 or [::1] in place of localhost.")
            }
            _ => Some("http is for the own machine alone (127.0.0.1, [::1]); write https."),
        },
        // A name that its owner has, the other way round, so that no other app takes it.
        scheme if scheme.contains('.') => None,
        _ => Some(
            "a scheme of your own is a domain of yours the other way round, such as com.example.app:/callback.",
        ),
    }
}

/// The redirect URIs that were typed, one a line, or everything that is wrong with them.
///
/// # Errors
/// One sentence for each line with a fault, with its number.
pub fn redirects(typed: &str) -> Result<Vec<String>, Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    let mut faults = Vec::new();
    for (index, line) in typed.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let number = index + 1;
        match redirect_fault(line) {
            Some(fault) => faults.push(format!("Redirect URIs, line {number}: {fault}")),
            None if found.iter().any(|known| known == line) => {
                faults.push(format!(
                    "Redirect URIs, line {number}: it stands there twice."
                ));
            }
            None => found.push(line.to_owned()),
        }
    }
    if found.len() > MOST_REDIRECTS {
        faults.push(format!("Redirect URIs: at most {MOST_REDIRECTS}."));
    }
    if faults.is_empty() {
        Ok(found)
    } else {
        Err(faults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_the_own_machine_and_a_scheme_of_ones_own_are_good() {
        for good in [
            "https://app.example/callback",
            "https://app.example:8443/callback?from=desk",
            "http://127.0.0.1/callback",
            "http://127.0.0.1:51004/callback",
            "http://[::1]:51004/",
            "com.example.app:/callback",
            "com.example.app://callback",
        ] {
            assert_eq!(redirect_fault(good), None, "{good}");
        }
    }

    #[test]
    fn what_somebody_else_could_receive_is_refused() {
        for bad in [
            "",
            "/callback",
            "app.example/callback",
            "http://app.example/callback",
            "http://localhost:3000/callback",
            "http://10.0.0.1/",
            "https://localhost/callback",
            "https://192.0.2.1/callback",
            "https://*.app.example/callback",
            "https://app.example/callback#token",
            "https://user:secret@app.example/",
            "https://app.example/a b",
            "https://zürich.example/",
            "https://app.example/\u{200B}",
            "myapp://callback",
            "javascript:alert(1)",
            "data:text/html,x",
        ] {
            assert!(redirect_fault(bad).is_some(), "{bad}");
        }
        let long = format!("https://app.example/{}", "a".repeat(500));
        assert!(redirect_fault(&long).is_some());
    }

    #[test]
    fn each_line_is_told_with_its_number() {
        let typed = "https://app.example/a\n\nhttp://app.example/b\nhttps://app.example/a";
        let faults = redirects(typed).expect_err("two faults");
        assert_eq!(faults.len(), 2);
        assert!(faults[0].contains("line 3") && faults[1].contains("line 4"));
        assert_eq!(redirects(" \n").expect("none"), Vec::<String>::new());
        let many: Vec<String> = (0..11).map(|n| format!("https://a.example/{n}")).collect();
        assert!(redirects(&many.join("\n")).is_err());
    }
}
