//! Just enough of a browser without scripts: cookies, forms, redirects.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
};

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// 0 where nobody answered.
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// As text; what is no UTF-8 in it is lost.
    pub body: String,
    /// As it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    const fn none() -> Self {
        Self {
            status: 0,
            headers: Vec::new(),
            body: String::new(),
            bytes: Vec::new(),
        }
    }

    /// A header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name)?;
        Some(&found.1)
    }
}

/// A form of a page.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pub action: String,
    /// Hidden fields and chosen options, as they would be sent.
    pub fixed: Vec<(String, String)>,
    /// The names of fields that take any text.
    pub texts: Vec<String>,
}

/// A browser with its cookies.
#[derive(Clone, Debug)]
pub struct Browser {
    port: u16,
    cookies: BTreeMap<String, String>,
    /// The page that was looked at last, from which forms are sent.
    page: String,
    /// Sent with each request.
    pub accept: &'static str,
}

impl Browser {
    pub const fn new(port: u16) -> Self {
        Self {
            port,
            cookies: BTreeMap::new(),
            page: String::new(),
            accept: "text/html",
        }
    }

    /// As when the session has ended and the browser has dropped its cookie.
    pub fn forget_cookie(&mut self, name: &str) {
        self.cookies.remove(name);
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.page = format!("http://127.0.0.1:{}{path}", self.port);
        let answer = self.send("GET", path, &[], b"");
        shelve(path, &answer);
        answer
    }

    /// As a page of the desk itself sends a form.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        if path.starts_with(WITH_FILES) {
            return self.post_with_files(path, fields, &[]);
        }
        let page = self.page.clone();
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("referer", page.as_str()),
            URL_ENCODED,
        ];
        self.send("POST", path, &headers, encode(fields).as_bytes())
    }

    /// The same with files, each a name and its bytes.
    pub fn post_with_files(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        self.post_with_files_in(path, fields, "files", files)
    }

    /// The same with files in the place of this name.
    pub fn post_with_files_in(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        place: &str,
        files: &[(&str, &[u8])],
    ) -> Answer {
        let page = self.page.clone();
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("referer", page.as_str()),
            FILE_FORM[1],
        ];
        let part = |about: String, bytes: &[u8]| {
            let head = format!("--b\r\ncontent-disposition: form-data; {about}\r\n\r\n");
            [head.as_bytes(), bytes, b"\r\n"].concat()
        };
        let texts = fields
            .iter()
            .map(|(name, value)| part(format!("name=\"{name}\""), value.as_bytes()));
        let files = files.iter().map(|(name, bytes)| {
            part(
                format!("name=\"{place}\"; filename=\"{name}\"\r\ncontent-type: image/png"),
                bytes,
            )
        });
        let mut body: Vec<u8> = texts.chain(files).flatten().collect();
        body.extend_from_slice(b"--b--\r\n");
        self.send("POST", path, &headers, &body)
    }

    /// As a script of the desk sends one picture.
    pub fn send_file(&mut self, path: &str, name: &str, bytes: &[u8]) -> Answer {
        self.send("POST", path, &FILE_FORM, &file_form(name, bytes))
    }

    /// Sends half of a file, and hangs up once `before_the_stop` is done.
    pub fn stop_sending_file(
        &mut self,
        path: &str,
        name: &str,
        bytes: &[u8],
        before_the_stop: impl FnOnce(),
    ) {
        let body = file_form(name, bytes);
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let head = self.head("POST", path, &FILE_FORM, body.len());
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body[..body.len() / 2]).unwrap();
        before_the_stop();
    }

    /// Follows redirects within the desk.
    pub fn follow(&mut self, answer: Answer) -> Answer {
        let mut answer = answer;
        for _ in 0..5 {
            match (answer.status, answer.header("location").map(str::to_owned)) {
                (301..=303 | 307 | 308, Some(to)) => answer = self.get(&to),
                _ => break,
            }
        }
        answer
    }

    /// As [`Self::post`] over a slow line: `meanwhile` happens while half of the form is on its way.
    pub fn post_slowly(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        meanwhile: impl FnOnce(),
    ) -> Answer {
        let page = self.page.clone();
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("referer", page.as_str()),
            URL_ENCODED,
        ];
        self.send_in_halves("POST", path, &headers, encode(fields).as_bytes(), meanwhile)
    }

    /// One request on a connection of its own.
    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        self.send_in_halves(method, path, headers, body, || ())
    }

    /// Asks for what does not end, and leaves the answer to be read.
    pub fn begins(&self, path: &str, headers: &[(&str, &str)]) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let head = self.head("GET", path, headers, 0);
        stream.write_all(head.as_bytes()).unwrap();
        stream
    }

    fn head(&self, method: &str, path: &str, headers: &[(&str, &str)], length: usize) -> String {
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nconnection: close\r\naccept: {}\r\ncontent-length: {}\r\n",
            self.port, self.accept, length
        );
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self
                .cookies
                .iter()
                .map(|(k, v)| format!("{k}={v}"))
                .collect();
            head.push_str(&format!("cookie: {}\r\n", pairs.join("; ")));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        head
    }

    fn send_in_halves(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
        between: impl FnOnce(),
    ) -> Answer {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else {
            return Answer::none();
        };
        let head = self.head(method, path, headers, body.len());
        // A server that has refused already may not read the rest.
        let _ = stream.write_all(head.as_bytes());
        let (first, second) = body.split_at(body.len() / 2);
        let _ = stream.write_all(first);
        between();
        let _ = stream.write_all(second);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let answer = parse(&bytes);
        for (_, value) in answer
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
        {
            if let Some((name, rest)) = value.split_once('=') {
                let value = rest.split(';').next().unwrap_or_default();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

/// Where steps are called whose forms carry files beside what is written.
pub const WITH_FILES: &str = "/files/with/";

const FILE_FORM: [(&str, &str); 2] = [
    ("sec-fetch-site", "same-origin"),
    ("content-type", "multipart/form-data; boundary=b"),
];

/// A form with one file, as a browser sends it.
fn file_form(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut body = format!("--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: image/png\r\n\r\n").into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b--\r\n");
    body
}

/// Lays a page into the folder `PAGES_OF_TESTS`, where there is one and no page made of the same
/// parts lies there: a checker of HTML reads them when the tests are done (`xtask/src/test`).
fn shelve(path: &str, answer: &Answer) {
    let Some(folder) = std::env::var_os("PAGES_OF_TESTS") else {
        return;
    };
    let is_page = answer
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("text/html"));
    // Mails are made as mail programs want them.
    let is_mail = path.starts_with("/demo/mail/") && path.ends_with("/html");
    let is_part = path.starts_with("/support/answers");
    if !is_page || is_mail || is_part || (300..400).contains(&answer.status) {
        return;
    }
    let mut parts: Vec<String> = answer
        .body
        .split('<')
        .skip(1)
        .map(|rest| {
            let tag = rest.split('>').next().unwrap_or_default();
            // Names of attributes, without what they say.
            tag.split('"').step_by(2).collect()
        })
        .collect();
    parts.sort_unstable();
    parts.dedup();
    let mut hash = std::hash::DefaultHasher::new();
    std::hash::Hash::hash(&parts, &mut hash);
    // The address without what differs between two cases or two people.
    let name: String = path
        .split('?')
        .next()
        .unwrap_or_default()
        .split('/')
        .filter(|part| !part.contains(|c: char| c.is_ascii_digit()))
        .map(|part| format!("{part}_"))
        .collect();
    let file = format!("{name}{:016x}.html", std::hash::Hasher::finish(&hash));
    let file = std::path::Path::new(&folder).join(file);
    if !file.exists() {
        std::fs::write(file, &answer.bytes).unwrap();
    }
}

/// What a form without files is sent as.
pub const URL_ENCODED: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn parse(bytes: &[u8]) -> Answer {
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let body = bytes.get(end + 4..).unwrap_or_default();
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1)?.parse().ok())
        .unwrap_or(0);
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let chunked = headers
        .iter()
        .any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let body = if chunked {
        unchunk(body)
    } else {
        body.to_vec()
    };
    Answer {
        status,
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
        bytes: body,
    }
}

fn unchunk(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&body[..end])
            .ok()
            .and_then(|hex| usize::from_str_radix(hex.trim(), 16).ok())
            .unwrap_or(0);
        if size == 0 {
            break;
        }
        let start = end + 2;
        whole.extend_from_slice(body.get(start..start + size).unwrap_or_default());
        body = body.get(start + size + 2..).unwrap_or_default();
    }
    whole
}

/// Fields as a URL-encoded body.
pub fn encode(fields: &[(&str, &str)]) -> String {
    let percent = |text: &str| {
        text.bytes().fold(String::new(), |out, byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                out + char::from(byte).to_string().as_str()
            }
            _ => out + format!("%{byte:02X}").as_str(),
        })
    };
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", percent(name), percent(value)))
        .collect();
    pairs.join("&")
}

/// The forms of a page that carry more than files.
pub fn forms(page: &str) -> Vec<Form> {
    page.split("<form")
        .skip(1)
        .filter_map(|rest| {
            let form = rest.split("</form>").next()?;
            let (tag, inside) = form.split_once('>')?;
            let only_files = attribute(tag, "enctype").is_some_and(|e| e.starts_with("multipart"))
                && !attribute(tag, "action")?.starts_with(WITH_FILES);
            if attribute(tag, "method")?.to_lowercase() != "post" || only_files {
                return None;
            }
            let mut read = Form {
                action: attribute(tag, "action")?,
                ..Form::default()
            };
            for tag in tags(inside, "<input") {
                let Some(name) = attribute(tag, "name") else {
                    continue;
                };
                let value = attribute(tag, "value").unwrap_or_default();
                match attribute(tag, "type").as_deref() {
                    Some("hidden") => read.fixed.push((name, value)),
                    Some("radio" | "checkbox") => {
                        if !read.fixed.iter().any(|(known, _)| *known == name) {
                            read.fixed.push((
                                name,
                                if value.is_empty() {
                                    "on".to_owned()
                                } else {
                                    value
                                },
                            ));
                        }
                    }
                    Some("submit" | "file" | "button") => {}
                    _ => read.texts.push(name),
                }
            }
            read.texts
                .extend(tags(inside, "<textarea").filter_map(|tag| attribute(tag, "name")));
            for part in inside.split("<select").skip(1) {
                let Some((tag, rest)) = part.split_once('>') else {
                    continue;
                };
                let options = rest.split("</select>").next().unwrap_or_default();
                let last = tags(options, "<option")
                    .filter_map(|tag| attribute(tag, "value"))
                    .next_back();
                if let (Some(name), Some(value)) = (attribute(tag, "name"), last) {
                    read.fixed.push((name, value));
                }
            }
            Some(read)
        })
        .collect()
}

fn tags<'a>(html: &'a str, opening: &'a str) -> impl DoubleEndedIterator<Item = &'a str> {
    let parts: Vec<&str> = html
        .split(opening)
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .collect();
    parts.into_iter()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
    let raw = rest.split('"').next()?;
    Some(
        raw.replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&#x27;", "'")
            .replace("&amp;", "&"),
    )
}
