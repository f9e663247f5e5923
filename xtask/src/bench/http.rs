//! Just enough HTTP to sign in and to see how long one answer takes.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use crate::problem::{Outcome, Problem};

/// A whole answer.
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The head, as it came.
    head: String,
    /// The body, still in chunks if it was sent so.
    pub body: Vec<u8>,
    /// From the first byte sent to the last received.
    pub took: Duration,
}

impl Answer {
    /// The value of the header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The cookies that the answer sets, as a browser would send them back.
    pub fn cookies(&self) -> String {
        let cookies: Vec<&str> = self
            .head
            .lines()
            .filter_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("set-cookie")
                    .then(|| value.split(';').next().unwrap_or_default().trim())
            })
            .collect();
        cookies.join("; ")
    }
}

/// The fields of a form as a body.
pub fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

/// A server on this machine, and whom it knows us as.
#[derive(Clone)]
pub struct Client {
    port: u16,
    cookie: String,
}

impl Client {
    /// Nobody yet.
    pub fn new(port: u16) -> Self {
        Self {
            port,
            cookie: String::new(),
        }
    }

    /// The same server, known by this cookie.
    pub fn with_cookie(&self, cookie: &str) -> Self {
        Self {
            port: self.port,
            cookie: cookie.to_owned(),
        }
    }

    /// The cookie that it knows us by.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Fetches a page.
    pub fn get(&self, path: &str) -> Outcome<Answer> {
        self.send("GET", path, "")
    }

    /// Sends a form as a browser would from a page of the same site.
    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> Outcome<Answer> {
        self.post_body(path, &self::form(form))
    }

    /// The same with a body made before.
    pub fn post_body(&self, path: &str, body: &str) -> Outcome<Answer> {
        self.send("POST", path, body)
    }

    fn send(&self, method: &str, path: &str, body: &str) -> Outcome<Answer> {
        let host = format!("127.0.0.1:{}", self.port);
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAccept: text/html\r\n"
        );
        if !self.cookie.is_empty() {
            request.push_str(&format!("Cookie: {}\r\n", self.cookie));
        }
        if method == "POST" {
            request.push_str(&format!(
                "Origin: http://{host}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
                body.len()
            ));
        }
        request.push_str("\r\n");
        request.push_str(body);

        let start = Instant::now();
        let mut received = Vec::new();
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))
            .and_then(|mut stream| {
                stream.write_all(request.as_bytes())?;
                stream.read_to_end(&mut received)
            })
            .map_err(|error| Problem::new(format!("{method} {path}: {error}")))?;
        let took = start.elapsed();
        let end = received
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .ok_or_else(|| Problem::new(format!("{method} {path}: no answer")))?;
        let body = received.split_off(end + 4);
        let head = String::from_utf8_lossy(&received).into_owned();
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        match status {
            Some(status) => Ok(Answer {
                status,
                head,
                body,
                took,
            }),
            None => Err(Problem::new(format!("{method} {path}: not HTTP"))),
        }
    }
}

/// A value of a form, as a browser writes it.
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            b' ' => "+".to_owned(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_written_as_a_browser_writes_it() {
        assert_eq!(encode("a b&c=ü"), "a+b%26c%3D%C3%BC");
    }
}
