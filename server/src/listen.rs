//! Connections: how many, how long each may keep us waiting, and how they end.
//!
//! hyper reads a request's head in its own time limit; what it cannot see from inside is watched
//! here: a head that trickles in, and a reader who takes no more of the answer.

mod watched;

use crate::workers::told;
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, Response},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    collections::HashMap,
    convert::Infallible,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
};
use tower::ServiceExt;
use watched::{Pulse, Watched};

pub use watched::Unreadable;

/// How connections are treated.
#[derive(Clone, Debug)]
pub struct Manners {
    /// Connections at once; whoever comes then waits for one to end.
    pub most: usize,
    /// Connections at once from one address that is no proxy of ours.
    pub most_of_one: usize,
    /// Proxies of ours, which bring many people from one address.
    pub proxies: Arc<[IpAddr]>,
    /// How long a head may take from its first byte to its last.
    pub head: Duration,
    /// How long an open connection may wait for its next request. Longer than proxies keep theirs
    /// (a minute, mostly), so that it is they who end it.
    pub idle: Duration,
    /// How long a reader may take nothing of an answer.
    pub blocked: Duration,
    /// How long requests may go on once the server was told to stop.
    pub drain: Duration,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            most: 2_048,
            most_of_one: 256,
            proxies: Arc::new([]),
            head: Duration::from_secs(15),
            idle: Duration::from_secs(75),
            blocked: Duration::from_secs(30),
            drain: Duration::from_secs(25),
        }
    }
}

/// The largest head that is parsed, in bytes: more than [`workflow::limits::HEADER_BYTES`], so that
/// what is a little too long is answered with a page.
const LARGEST_HEAD: usize = 128 << 10;

/// How often each connection is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Serves until `stop` says true, then lets open requests end; answers how many had to be broken
/// off. `at_once` ends everything without waiting.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    unreadable: Arc<Unreadable>,
    manners: Manners,
    mut stop: watch::Receiver<bool>,
    at_once: impl Future<Output = ()>,
) -> usize {
    let room = Arc::new(Semaphore::new(manners.most));
    let callers = Callers::default();
    let mut open = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            () = told(&mut stop) => break,
        };
        while open.try_join_next().is_some() {}
        let Some((stream, peer, permit)) = accepted else {
            continue;
        };
        let from = peer.ip().to_canonical();
        let most = match manners.proxies.contains(&from) {
            true => usize::MAX,
            false => manners.most_of_one,
        };
        let Some(caller) = callers.enter(network(from), most) else {
            tracing::warn!(%from, "too many connections from one address");
            continue;
        };
        let (router, manners, stop) = (router.clone(), manners.clone(), stop.clone());
        let unreadable = Arc::clone(&unreadable);
        open.spawn(async move {
            connection(stream, peer, router, unreadable, &manners, stop).await;
            drop((caller, permit));
        });
    }
    drop(listener);
    let ended = async { while open.join_next().await.is_some() {} };
    tokio::select! {
        () = ended => {}
        () = tokio::time::sleep(manners.drain) => {}
        () = at_once => {}
    }
    open.len()
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(room).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, permit)),
        Err(error) => {
            // Without file descriptors the next try fails as well: not in a tight loop.
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(LOOK).await;
            None
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    unreadable: Arc<Unreadable>,
    manners: &Manners,
    mut stop: watch::Receiver<bool>,
) {
    // Answers are short: nothing is gained by waiting for more to send.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
    let pulse = Pulse::default();
    let stream = Watched::new(stream, pulse.clone(), unreadable);
    let answering = pulse.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        answering.begin();
        let (answering, router) = (answering.clone(), router.clone());
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let answer: Result<Response<Body>, Infallible> = router.oneshot(request).await;
            answering.end();
            answer
        }
    });
    let mut served = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(manners.idle)
            .max_header_size(LARGEST_HEAD)
            .serve_connection(TokioIo::new(stream), service)
    );
    let mut look = tokio::time::interval(LOOK);
    let mut ending = false;
    loop {
        tokio::select! {
            outcome = &mut served => {
                if let Err(error) = outcome {
                    tracing::debug!(%error, "a connection broke");
                }
                return;
            }
            () = told(&mut stop), if !ending => {
                ending = true;
                served.as_mut().graceful_shutdown();
            }
            _ = look.tick() => {
                if let Some(why) = pulse.overdue(manners.head, manners.blocked) {
                    tracing::info!(peer = %peer.ip(), why, "a connection was ended");
                    return;
                }
            }
        }
    }
}

/// How many connections each address has.
#[derive(Clone, Default)]
struct Callers(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A connection that counts as long as it lives.
struct Caller {
    all: Callers,
    from: IpAddr,
}

/// Whom connections are counted by: an IPv4 address, of an IPv6 address the /64 that one customer
/// is given.
const fn network(from: IpAddr) -> IpAddr {
    match from {
        IpAddr::V4(_) => from,
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

impl Callers {
    fn enter(&self, from: IpAddr, most: usize) -> Option<Caller> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = known.entry(from).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Caller {
            all: self.clone(),
            from,
        })
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        let mut known = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = known.get_mut(&self.from) {
            *count -= 1;
            if *count == 0 {
                known.remove(&self.from);
            }
        }
    }
}
