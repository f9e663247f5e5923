//! A small web on a socket of its own: pages by their address, which a test can change.

use reach::LocalWeb;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinHandle,
};

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `glow.example.org/privacy`.
    pub address: String,
    pub head: String,
}

impl Request {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

#[derive(Clone)]
struct Page {
    status: u16,
    body: String,
    etag: Option<String>,
}

struct Shared {
    pages: Mutex<BTreeMap<String, Page>>,
    requests: Mutex<Vec<Request>>,
    arrived: Semaphore,
    holding: watch::Sender<bool>,
}

/// See the module.
pub struct Web {
    port: u16,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Web {
    /// A web without pages.
    pub async fn start() -> Self {
        // Whoever comes second finds it installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            pages: Mutex::default(),
            requests: Mutex::default(),
            arrived: Semaphore::new(0),
            holding: watch::Sender::new(false),
        });
        let of_server = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&of_server)));
            }
        });
        Self { port, shared, task }
    }

    /// As a desk reads it.
    pub fn of_desk(&self) -> LocalWeb {
        LocalWeb::new(self.port).unwrap()
    }

    /// From now on this page stands at an address, `glow.example.org/privacy`.
    pub fn put(&self, address: &str, body: &str) {
        self.set(address, 200, body, None);
    }

    /// The same, with a name for its version.
    pub fn put_marked(&self, address: &str, body: &str, etag: &str) {
        self.set(address, 200, body, Some(etag.to_owned()));
    }

    /// From now on an address answers with an error.
    pub fn fail(&self, address: &str, status: u16) {
        self.set(address, status, "", None);
    }

    fn set(&self, address: &str, status: u16, body: &str, etag: Option<String>) {
        let page = Page {
            status,
            body: body.to_owned(),
            etag,
        };
        let mut pages = self.shared.pages.lock().unwrap();
        pages.insert(address.to_owned(), page);
    }

    /// From now on nothing is answered, until [`Web::go_on`].
    pub fn hold(&self) {
        self.shared.holding.send_replace(true);
    }

    /// Answers what was held.
    pub fn go_on(&self) {
        self.shared.holding.send_replace(false);
    }

    /// Until another request has come in.
    pub async fn somebody_asks(&self) {
        self.shared.arrived.acquire().await.unwrap().forget();
    }

    /// Everything that was asked for.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(mut stream: TcpStream, shared: Arc<Shared>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read_exact(&mut byte).await.is_err() {
            return;
        }
        head.extend_from_slice(&byte);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut request = Request {
        address: String::new(),
        head,
    };
    request.address = format!("{}{path}", request.header("host").unwrap_or_default());
    // What may be read is asked before every page: it is no page that somebody asks for.
    if path != "/robots.txt" {
        shared.requests.lock().unwrap().push(request.clone());
        shared.arrived.add_permits(1);
        let mut holding = shared.holding.subscribe();
        if holding.wait_for(|holding| !holding).await.is_err() {
            return;
        }
    }
    let page = shared.pages.lock().unwrap().get(&request.address).cloned();
    let page = page.unwrap_or(Page {
        status: 404,
        body: String::new(),
        etag: None,
    });
    let known = page.etag.is_some() && request.header("if-none-match") == page.etag.as_deref();
    let (status, body) = if known {
        (304, String::new())
    } else {
        (page.status, page.body)
    };
    let etag = page
        .etag
        .map_or_else(String::new, |etag| format!("ETag: {etag}\r\n"));
    let answer = format!(
        "HTTP/1.1 {status} So\r\nContent-Type: text/html; charset=utf-8\r\n{etag}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    // Who asked may have gone.
    let _ = stream.write_all(answer.as_bytes()).await;
}
