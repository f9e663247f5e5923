//! A proxy of others before a stand-in for the data, which asks the desk about each request.

use super::*;

/// The data that the proxy stands before: each request is answered with `data`.
pub fn data_api() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut asked = [0; 4096];
            // Whatever it was.
            let _ = stream.read(&mut asked);
            let _ = stream.write_all(
                b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\ndata",
            );
        }
    });
    port
}

/// A running proxy.
pub struct Proxy {
    child: Child,
    port: u16,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// The manual's blocks of a language.
pub fn manual(language: &str) -> Vec<String> {
    let manual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/gateways.md");
    let text = fs::read_to_string(manual).unwrap();
    text.split(&format!("```{language}\n"))
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

impl Proxy {
    /// Starts it, and waits until it listens.
    pub fn start(command: &mut Command, port: u16, install: &str) -> Self {
        let child = command.stderr(Stdio::inherit()).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("{install}: {error}"));
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(child.try_wait().unwrap().is_none(), "it ended at once");
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "it does not begin"
            );
            thread::park_timeout(Duration::from_millis(20));
        }
        Self { child, port }
    }

    /// A request of an app for a user's data: its status, and why it was denied.
    pub fn ask(&self, client_id: &str, subject: &str) -> (u16, Option<String>) {
        let headers = [("x-client-id", client_id), ("x-subject", subject)];
        let answer = self.send("GET", "/v3/users/self/egvs", &headers);
        if answer.status == 200 {
            assert_eq!(answer.body, "data");
        }
        (
            answer.status,
            answer.header("x-access-denied").map(str::to_owned),
        )
    }

    /// A request with these headers.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        Browser::new(self.port).send(method, path, headers, b"")
    }
}
