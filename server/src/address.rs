//! One address per page: others that mean the same lead there, and no address leaves the desk.

use axum::{
    extract::Request,
    http::{HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use workflow::limits;

/// Redirects readers to the one address of a page, and refuses what is too long to be one.
pub async fn one(request: Request, next: Next) -> Response {
    let uri = request.uri();
    let target = uri
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    if target > limits::ADDRESS_BYTES {
        return StatusCode::URI_TOO_LONG.into_response();
    }
    let fields = request.headers().iter();
    let size: usize = fields
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    if size > limits::HEADER_BYTES {
        return StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response();
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads
        && let Some(to) = elsewhere(uri)
        && let Ok(to) = HeaderValue::from_str(&to)
    {
        return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response();
    }
    next.run(request).await
}

/// The page's own address, if this is another: without empty parts and a slash at the end, in small
/// letters but for case numbers, with nothing encoded that need not be.
fn elsewhere(uri: &Uri) -> Option<String> {
    let path = uri.path();
    // Names of the site's files and of steps are exact.
    if ["/pkg/", "/do/", "/health/"]
        .iter()
        .any(|start| path.starts_with(start))
    {
        return None;
    }
    let parts: Vec<String> = path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| canonical(&plain(part)))
        .collect();
    let mut own = format!("/{}", parts.join("/"));
    if own == path {
        return None;
    }
    if let Some(query) = uri.query() {
        own.push('?');
        own.push_str(query);
    }
    Some(own)
}

/// Letters, digits and `-._~` stand for themselves (RFC 3986, 6.2.2.2); a backslash, which browsers
/// take for a slash, never does.
fn plain(part: &str) -> String {
    let mut plain = String::with_capacity(part.len());
    let mut rest = part;
    while let Some(first) = rest.chars().next() {
        let byte = rest
            .strip_prefix('%')
            .and_then(|rest| rest.get(..2))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                plain.push(char::from(byte));
                rest = &rest[3..];
            }
            Some(_) => {
                plain.push_str(&rest[..3].to_ascii_uppercase());
                rest = &rest[3..];
            }
            None if first == '\\' => {
                plain.push_str("%5C");
                rest = &rest[1..];
            }
            None => {
                plain.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    plain
}

fn canonical(part: &str) -> String {
    // The numbers of cases and of support requests.
    let kind = ["UD-", "SR-"].into_iter().find(|kind| {
        let start = part.get(..3);
        start.is_some_and(|start| start.eq_ignore_ascii_case(kind))
    });
    match kind.zip(part.get(3..)) {
        Some((kind, digits))
            if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) =>
        {
            let number = digits.trim_start_matches('0');
            format!("{kind}{}", if number.is_empty() { "0" } else { number })
        }
        // What is encoded stays as it is: its hexadecimal digits are upper-case.
        _ if part.contains('%') => part.to_owned(),
        _ => part.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(address: &str) -> Option<String> {
        elsewhere(&address.parse().unwrap())
    }

    #[test]
    fn other_spellings_lead_to_the_one_address_of_a_page() {
        for (asked, own) in [
            ("/queue/", "/queue"),
            ("/Queue", "/queue"),
            ("//queue", "/queue"),
            ("/queue///?view=all&page=2", "/queue?view=all&page=2"),
            ("/%71ueue", "/queue"),
            ("/cases/ud-1001", "/cases/UD-1001"),
            ("/CASES/Ud-01001/Decide/", "/cases/UD-1001/decide"),
            ("/admin//people", "/admin/people"),
            ("/support/sr-1001", "/support/SR-1001"),
        ] {
            assert_eq!(to(asked).as_deref(), Some(own), "{asked}");
            assert_eq!(to(own), None, "{own}");
        }
        for own in ["/", "/queue", "/pkg/X/Y.css", "/do/sign_in", "/cases/%00"] {
            assert_eq!(to(own), None, "{own}");
        }
    }

    #[test]
    fn no_address_leads_out_of_the_desk() {
        for asked in [
            "//evil.example/",
            "///evil.example/",
            "/\\evil.example/",
            "/%5Cevil.example/",
            "/%2F%2Fevil.example/",
            "/.//evil.example/",
            "//evil.example/%2e%2e/",
            "/%09/evil.example/",
        ] {
            let Ok(uri) = asked.parse::<Uri>() else {
                continue;
            };
            let to = elsewhere(&uri).unwrap_or_else(|| asked.to_owned());
            let desk = url::Url::parse("https://desk.example/queue").unwrap();
            let landed = desk.join(&to).unwrap();
            assert_eq!(landed.host_str(), Some("desk.example"), "{asked} → {to}");
        }
    }
}
