//! Reading pages, against a server on a socket of its own.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use reach::{Asked, LinkChecker, LocalWeb, Page, Read};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// Reads an address of a web whose server gives these answers, one for each request for a page, and
/// says nothing of what may be read; what came of it, and the requests for pages.
async fn read(address: &str, asked: &Asked, answers: Vec<String>) -> (Read, Vec<String>) {
    // Whoever comes second finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let mut requests = Vec::new();
        let mut answers = answers.into_iter().peekable();
        while answers.peek().is_some() {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            let head = String::from_utf8(head).unwrap().to_lowercase();
            let answer = if head.starts_with("get /robots.txt ") {
                answer("404 Not Found", "", "")
            } else {
                requests.push(head);
                answers.next().unwrap()
            };
            // Who has read enough hangs up.
            let _ = stream.write_all(answer.as_bytes()).await;
        }
        requests
    });
    let read = LocalWeb::new(port).unwrap().read(address, asked).await;
    (read, server.await.unwrap())
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

const HTML: &str = "Content-Type: text/html; charset=utf-8\r\n";
const ADDRESS: &str = "https://glow.example/privacy?lang=en";

#[tokio::test]
async fn a_page_is_read_with_its_marks_under_the_name_of_who_asks() {
    let headers = format!("{HTML}ETag: \"7\"\r\nLast-Modified: Mon, 02 Mar 2026 09:00:00 GMT\r\n");
    let asked = Asked {
        agent: "upgrade-desk/1 (+https://desk.example)".to_owned(),
        ..Asked::default()
    };
    let answers = vec![answer("200 OK", &headers, "<p>Grüße</p>")];
    let (read, requests) = read(ADDRESS, &asked, answers).await;
    let page = Page {
        body: "<p>Grüße</p>".to_owned(),
        html: true,
        etag: Some("\"7\"".to_owned()),
        modified: Some("Mon, 02 Mar 2026 09:00:00 GMT".to_owned()),
    };
    assert_eq!(read, Read::Page(page));
    let request = &requests[0];
    assert!(
        request.starts_with("get /privacy?lang=en http/1.1"),
        "{request}"
    );
    assert!(request.contains("host: glow.example\r\n"), "{request}");
    assert!(request.contains("user-agent: upgrade-desk/1 (+https://desk.example)\r\n"));
    assert!(!request.contains("if-none-match"), "{request}");
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let asked = Asked {
        etag: Some("\"7\"".to_owned()),
        ..Asked::default()
    };
    let answers = vec![answer("304 Not Modified", "", "")];
    let (unchanged, requests) = read(ADDRESS, &asked, answers).await;
    assert_eq!(unchanged, Read::Unchanged);
    assert!(requests[0].contains("if-none-match: \"7\"\r\n"));
    // Who did not ask so is not told so.
    let answers = vec![answer("304 Not Modified", "", "")];
    let (odd, _) = read(ADDRESS, &Asked::default(), answers).await;
    assert!(matches!(odd, Read::Failed(_)), "{odd:?}");
}

#[tokio::test]
async fn a_redirect_is_followed_to_public_addresses_alone() {
    let to = |address: &str| answer("302 Found", &format!("Location: {address}\r\n"), "");
    let page = answer("200 OK", HTML, "Words");
    let (found, requests) = read(
        ADDRESS,
        &Asked::default(),
        vec![to("https://www.glow.example/p"), page],
    )
    .await;
    assert!(matches!(found, Read::Page(_)), "{found:?}");
    assert!(requests[1].contains("host: www.glow.example\r\n"));
    for inward in [
        "http://glow.example/",
        "https://localhost/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://db.internal/",
    ] {
        let (found, _) = read(ADDRESS, &Asked::default(), vec![to(inward)]).await;
        assert!(matches!(found, Read::Failed(_)), "{inward}: {found:?}");
    }
    let circle = vec![to(ADDRESS); 4];
    let (found, _) = read(ADDRESS, &Asked::default(), circle).await;
    assert!(
        matches!(&found, Read::Failed(why) if why.contains("redirects")),
        "{found:?}"
    );
}

#[tokio::test]
async fn what_is_no_page_of_text_or_too_large_is_not_taken() {
    let large = "x".repeat((1 << 20) + 1);
    for (what, answers) in [
        ("sign-in", answer("403 Forbidden", HTML, "No")),
        ("no page", answer("404 Not Found", HTML, "Nothing")),
        ("an error", answer("503 Busy", HTML, "Later")),
        ("empty", answer("200 OK", HTML, "")),
        (
            "something else",
            answer("200 OK", "Content-Type: application/pdf\r\n", "%PDF"),
        ),
        ("something else", answer("200 OK", "", "Words")),
        ("larger", answer("200 OK", HTML, &large)),
    ] {
        let (found, _) = read(ADDRESS, &Asked::default(), vec![answers]).await;
        assert!(
            matches!(&found, Read::Failed(why) if why.contains(what)),
            "{what}: {found:?}"
        );
    }
}

#[tokio::test]
async fn an_address_that_is_not_public_by_its_looks_is_not_asked() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let web = LocalWeb::new(9).unwrap();
    for address in [
        "https://127.0.0.1/",
        "http://glow.example/",
        "https://glow.example:8443/",
    ] {
        let found = web.read(address, &Asked::default()).await;
        assert!(matches!(found, Read::Failed(_)), "{address}: {found:?}");
    }
}
