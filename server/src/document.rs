//! The last touch on a page: HTML as its standard has it.
//!
//! Pages are rendered whole before their first byte is sent, so what Leptos leaves behind the end of
//! the document can be put into it.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use memchr::memmem;

/// Sets pages right; passes everything else on as it is.
pub async fn tidy(request: Request, next: Next) -> Response {
    tidied(next.run(request).await).await
}

/// The same response, with a page that is valid HTML.
pub async fn tidied(response: Response) -> Response {
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = match std::str::from_utf8(&bytes) {
        Ok(page) => Body::from(valid(page)),
        Err(_) => Body::from(bytes),
    };
    Response::from_parts(parts, body)
}

/// The page with its scripts inside the document, its comments closed, and no nonce where it is none.
/// What people typed stands in it with its signs escaped, so none of it is taken for a tag.
fn valid(page: &str) -> String {
    let (head, body) = page.split_once("</head>").unwrap_or(("", page));
    let mut valid = String::with_capacity(page.len() + page.len() / 8);
    for (index, part) in head.split("<link ").enumerate() {
        if index > 0 {
            valid.push_str("<link ");
        }
        let (tag, after) = part.split_at(part.find('>').unwrap_or(0));
        valid.push_str(&anonymous(tag));
        push_closed(&mut valid, after);
    }
    if !head.is_empty() {
        valid.push_str("</head>");
    }
    push_closed(&mut valid, body);
    let Some(end) = memmem::find(valid.as_bytes(), b"</body>") else {
        return valid;
    };
    let (document, behind) = (&valid[..end], &valid[end + "</body>".len()..]);
    let Some((between, scripts)) = behind.split_once("</html>") else {
        return valid;
    };
    let scripts = scripts.replace("<!---->", "");
    let between = between.replace("<!---->", "");
    format!("{document}{scripts}</body>{between}</html>")
}

/// Adds a part of a page with its comments closed; searched as fast as the processor can.
fn push_closed(valid: &mut String, part: &str) {
    const OPEN: &str = "<!>";
    let mut rest = 0;
    for at in memmem::find_iter(part.as_bytes(), OPEN) {
        valid.push_str(&part[rest..at]);
        valid.push_str("<!---->");
        rest = at + OPEN.len();
    }
    valid.push_str(&part[rest..]);
}

/// A link with an empty `crossorigin`: Leptos writes the nonce of the page there, where it means
/// nothing.
fn anonymous(tag: &str) -> String {
    const NAME: &str = " crossorigin=\"";
    match tag.split_once(NAME) {
        Some((before, after)) => {
            let after = after.split_once('"').map_or("", |(_, after)| after);
            format!("{before}{NAME}\"{after}")
        }
        None => tag.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_stand_inside_the_document_and_comments_are_closed() {
        let page = "<!DOCTYPE html><html><head><link rel=\"icon\"><!></head><body><p>One<!></p></body><!></html><!><script nonce=\"a\">x=[]</script>";
        assert_eq!(
            valid(page),
            "<!DOCTYPE html><html><head><link rel=\"icon\"><!----></head><body><p>One<!----></p><script nonce=\"a\">x=[]</script></body></html>"
        );
    }

    #[test]
    fn a_nonce_is_no_way_of_asking_another_origin() {
        let page = "<head><link rel=\"preload\" crossorigin=\"Ab1\" as=\"fetch\"><script nonce=\"Ab1\"></script></head> crossorigin=\"typed\"";
        assert_eq!(
            valid(page),
            "<head><link rel=\"preload\" crossorigin=\"\" as=\"fetch\"><script nonce=\"Ab1\"></script></head> crossorigin=\"typed\""
        );
    }

    #[test]
    fn what_is_no_whole_document_stays_as_it_is() {
        assert_eq!(valid("<p>One</p>"), "<p>One</p>");
    }
}
