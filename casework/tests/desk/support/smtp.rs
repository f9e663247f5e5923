//! A small SMTP server on a socket of its own, which can be told to misbehave.

use casework::{
    Desk,
    dispatch::{Pace, Worker},
    entities::outbox,
    post::{MailConfig, SmtpConfig, Tls, Transport, TransportConfig},
};
use sea_orm::{EntityTrait, QueryOrder};
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

/// How the server answers from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Kind,
    /// Answers every recipient with this code.
    Refusing(u16),
    /// Takes the message in and then answers with this code.
    RefusingAfterData(u16),
    /// Says nothing after the end of the message.
    Hanging,
    /// Hangs up in the middle of the dialogue.
    HangingUp,
    /// Hangs up the first time only.
    HangingUpOnce,
    /// Keeps the message, and hangs up without its 250.
    KeepingSilently,
}

/// A message as it came over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub from: String,
    pub to: String,
    pub data: String,
}

impl Received {
    /// A header, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.data.split("\r\n\r\n").next()?;
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        unfolded.split("\r\n").find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    }
}

/// See the module.
pub struct SmtpServer {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    manner: Mutex<Manner>,
    received: Mutex<Vec<Received>>,
    connections: AtomicUsize,
    arrival: Notify,
    /// A client was told nothing after its message.
    kept_waiting: Notify,
}

impl Shared {
    fn keep(&self, message: Received) {
        self.received.lock().unwrap().push(message);
        self.arrival.notify_one();
    }
}

impl SmtpServer {
    /// On a free port of the loopback address.
    pub async fn start() -> Self {
        Self::start_at("127.0.0.1:0".parse().unwrap()).await
    }

    /// On this address: a server that comes back.
    pub async fn start_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            manner: Mutex::new(Manner::Kind),
            received: Mutex::default(),
            connections: AtomicUsize::new(0),
            arrival: Notify::new(),
            kept_waiting: Notify::new(),
        });
        let serving = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.connections.fetch_add(1, Ordering::SeqCst);
                let serving = Arc::clone(&serving);
                tokio::spawn(async move {
                    // A client that goes away ends its dialogue, nothing else.
                    let _ended = serve(stream, &serving).await;
                });
            }
        });
        Self {
            address,
            shared,
            task,
        }
    }

    /// Behaves like this from now on.
    pub fn be(&self, manner: Manner) {
        *self.shared.manner.lock().unwrap() = manner;
    }

    /// Everything taken in so far.
    pub fn received(&self) -> Vec<Received> {
        self.shared.received.lock().unwrap().clone()
    }

    /// Waits until so many messages have been taken in.
    pub async fn has_received(&self, count: usize) {
        while self.received().len() < count {
            self.shared.arrival.notified().await;
        }
    }

    /// Waits until a server that hangs has a whole message and says nothing.
    pub async fn is_kept_waiting(&self) {
        self.shared.kept_waiting.notified().await;
    }

    /// How often someone connected.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let (mut from, mut to) = (String::new(), String::new());
    write.write_all(b"220 test ESMTP\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let manner = *shared.manner.lock().unwrap();
        let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
        let answer = match verb.as_str() {
            "EHLO" | "HELO" => "250-test\r\n250 8BITMIME".to_owned(),
            "MAIL" => {
                from = address(&line);
                match manner {
                    Manner::HangingUp => return Ok(()),
                    Manner::HangingUpOnce => {
                        *shared.manner.lock().unwrap() = Manner::Kind;
                        return Ok(());
                    }
                    _ => "250 ok".to_owned(),
                }
            }
            "RCPT" => {
                to = address(&line);
                match manner {
                    Manner::Refusing(code) => format!("{code} not this one"),
                    _ => "250 ok".to_owned(),
                }
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let mut data = String::new();
                while let Some(line) = lines.next_line().await? {
                    if line == "." {
                        break;
                    }
                    data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    data.push_str("\r\n");
                }
                let message = Received {
                    from: from.clone(),
                    to: to.clone(),
                    data,
                };
                match manner {
                    Manner::Hanging => {
                        // Says nothing until the client gives up.
                        shared.kept_waiting.notify_one();
                        while lines.next_line().await?.is_some() {}
                        return Ok(());
                    }
                    Manner::RefusingAfterData(code) => format!("{code} not this one"),
                    Manner::KeepingSilently => {
                        shared.keep(message);
                        return Ok(());
                    }
                    _ => {
                        shared.keep(message);
                        "250 taken".to_owned()
                    }
                }
            }
            "QUIT" => {
                write.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            "RSET" | "NOOP" => "250 ok".to_owned(),
            _ => "502 what".to_owned(),
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

fn address(line: &str) -> String {
    line.split(['<', '>']).nth(1).unwrap_or_default().to_owned()
}

/// The way to a server under an address of this machine, with the patience that a busy machine asks
/// for.
pub fn smtp(server: SocketAddr) -> Transport {
    with_patience(server, 60)
}

/// The way to a server that is given up after a second: where a test waits for that.
pub fn smtp_in_a_hurry(server: SocketAddr) -> Transport {
    with_patience(server, 1)
}

fn with_patience(server: SocketAddr, timeout_seconds: u64) -> Transport {
    Transport::new(&MailConfig {
        from: "Upgrade Desk <desk@example.org>".to_owned(),
        transport: TransportConfig::Smtp(SmtpConfig {
            host: server.ip().to_string(),
            port: Some(server.port()),
            tls: Tls::None,
            username: None,
            password: None,
            authority: None,
            timeout_seconds,
        }),
    })
    .unwrap()
}

/// A worker that sends what lies in a desk's outbox to this server.
pub fn worker(desk: &Desk, server: &SmtpServer) -> Worker {
    Worker::new(desk.clone(), smtp(server.address), Pace::default())
}

/// Everything in the outbox, oldest first.
pub async fn letters(desk: &Desk) -> Vec<outbox::Model> {
    outbox::Entity::find()
        .order_by_asc(outbox::Column::Id)
        .all(desk.database.read())
        .await
        .unwrap()
}
