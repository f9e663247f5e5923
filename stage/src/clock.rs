//! A clock that runs through the past weeks while the demo is filled.

use casework::Clock;
use std::sync::atomic::{AtomicI64, Ordering};
use time::Duration;
use workflow::Timestamp;

/// Stands still until it is moved, and never goes back: the trail is in order.
#[derive(Debug)]
pub(super) struct StoryClock(AtomicI64);

impl StoryClock {
    pub fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.micros()))
    }

    /// Moves on to `at`, or by half a minute if that lies behind.
    pub fn move_to(&self, at: Timestamp) {
        let least = self.now().plus(Duration::seconds(31));
        self.0.store(at.max(least).micros(), Ordering::SeqCst);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}
