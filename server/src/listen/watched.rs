//! A connection whose pauses are seen, and whose unreadable requests get a page.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Instant,
};

/// The answers to requests that cannot be read at all (400, 414, 431), whole, as they go over the
/// line: hyper itself would answer with an empty page.
#[derive(Debug, Default)]
pub struct Unreadable {
    pub bad: Vec<u8>,
    pub long_address: Vec<u8>,
    pub long_head: Vec<u8>,
}

impl Unreadable {
    fn in_place_of(&self, answer: &[u8]) -> Option<&[u8]> {
        let start = |text: &str| answer.starts_with(text.as_bytes());
        let page = if start("HTTP/1.1 400 ") || start("HTTP/1.0 400 ") {
            &self.bad
        } else if start("HTTP/1.1 414 ") || start("HTTP/1.0 414 ") {
            &self.long_address
        } else if start("HTTP/1.1 431 ") || start("HTTP/1.0 431 ") {
            &self.long_head
        } else {
            return None;
        };
        Some(page)
    }
}

/// What a connection is doing.
#[derive(Clone, Default)]
pub struct Pulse(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Requests being answered.
    answering: usize,
    /// When the head that is coming in began.
    head: Option<Instant>,
    /// Since when the reader takes nothing.
    blocked: Option<Instant>,
}

impl Pulse {
    fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A head is whole; its request is being answered.
    pub fn begin(&self) {
        self.with(|state| {
            state.answering += 1;
            state.head = None;
        });
    }

    /// The request was answered.
    pub fn end(&self) {
        self.with(|state| state.answering = state.answering.saturating_sub(1));
    }

    /// Why the connection has kept us waiting for too long, if it has.
    pub fn overdue(&self, head: Duration, blocked: Duration) -> Option<&'static str> {
        self.with(|state| {
            let older =
                |since: Option<Instant>, than| since.is_some_and(|since| since.elapsed() > than);
            if older(state.head, head) {
                Some("the head of its request did not end")
            } else if older(state.blocked, blocked) {
                Some("its reader took nothing more")
            } else {
                None
            }
        })
    }

    fn read(&self, some: bool) {
        self.with(|state| {
            if some && state.answering == 0 && state.head.is_none() {
                state.head = Some(Instant::now());
            }
        });
    }

    fn wrote(&self, done: bool) {
        self.with(|state| match (done, state.blocked) {
            (true, _) => state.blocked = None,
            (false, None) => state.blocked = Some(Instant::now()),
            (false, Some(_)) => {}
        });
    }

    fn unread(&self) -> bool {
        self.with(|state| state.answering == 0 && state.head.is_some())
    }
}

/// See the module.
pub struct Watched {
    stream: TcpStream,
    pulse: Pulse,
    unreadable: Arc<Unreadable>,
    /// What goes out in place of hyper's answer, and how much of it has gone.
    own: Option<(Vec<u8>, usize)>,
    /// What is still sent is read and dropped, so that our answer is not lost with it.
    lingers: bool,
    shut: bool,
}

impl Watched {
    pub const fn new(stream: TcpStream, pulse: Pulse, unreadable: Arc<Unreadable>) -> Self {
        Self {
            stream,
            pulse,
            unreadable,
            own: None,
            lingers: false,
            shut: false,
        }
    }

    fn poll_own(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some((bytes, gone)) = &mut self.own {
            let rest = bytes.get(*gone..).unwrap_or_default();
            if rest.is_empty() {
                self.own = None;
                break;
            }
            let outcome = Pin::new(&mut self.stream).poll_write(cx, rest);
            self.pulse.wrote(outcome.is_ready());
            *gone += ready!(outcome)?;
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.pulse.read(buffer.filled().len() > before);
        outcome
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_own(cx))?;
        if self.pulse.unread()
            && let Some(page) = self.unreadable.in_place_of(bytes)
        {
            self.own = Some((page.to_vec(), 0));
            self.lingers = true;
            return Poll::Ready(Ok(bytes.len()));
        }
        let outcome = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.pulse.wrote(outcome.is_ready());
        outcome
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_own(cx))?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_own(cx))?;
        if !self.shut {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            self.shut = true;
        }
        // The time limit of the head ends this.
        while self.lingers {
            let mut dropped = [0; 4_096];
            let mut dropped = ReadBuf::new(&mut dropped);
            let read = ready!(Pin::new(&mut self.stream).poll_read(cx, &mut dropped));
            self.lingers = read.is_ok() && !dropped.filled().is_empty();
        }
        Poll::Ready(Ok(()))
    }
}
