//! Walking the chain, from its first event to its recorded end.

use crate::{
    event::{Event, GENESIS, Head},
    fault::Fault,
    json::Unwritable,
};

/// What a walk over a whole trail found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How many events were walked, up to the first fault.
    pub events: i64,
    /// The hash of the last of them.
    pub head: String,
    /// The first fault, if there is one.
    pub fault: Option<Fault>,
}

/// A walk: takes the events one after another, in the order of their numbers.
#[derive(Clone, Debug)]
pub struct Walk {
    recorded: Head,
    report: Report,
}

impl Walk {
    /// Towards the recorded end.
    pub fn new(recorded: Head) -> Self {
        Self {
            recorded,
            report: Report {
                events: 0,
                head: GENESIS.to_owned(),
                fault: None,
            },
        }
    }

    /// Takes the next event; answers whether it is sound and so were all before it. After a fault
    /// nothing more is looked at.
    ///
    /// # Errors
    /// As [`Event::leaf`].
    pub fn take(&mut self, event: &Event) -> Result<bool, Unwritable> {
        if self.report.fault.is_some() {
            return Ok(false);
        }
        let seq = self.report.events + 1;
        let recorded = self.recorded.seq;
        let fault = if seq > recorded {
            Some(Fault::Beyond {
                seq: event.seq,
                recorded,
            })
        } else if event.seq != seq {
            Some(Fault::Missing { seq })
        } else if event.prev_hash != self.report.head {
            Some(Fault::Unchained { seq })
        } else if event.leaf_hash()? != event.hash {
            Some(Fault::Altered { seq })
        } else {
            None
        };
        if fault.is_none() {
            self.report.events = seq;
            self.report.head.clone_from(&event.hash);
            if seq == recorded && self.report.head != self.recorded.hash {
                self.report.fault = Some(Fault::Head { seq });
            }
        } else {
            self.report.fault = fault;
        }
        Ok(self.report.fault.is_none())
    }

    /// Whether all that it took is sound.
    pub const fn is_sound(&self) -> bool {
        self.report.fault.is_none()
    }

    /// Ends the walk with a fault that was met where the next event was to be read; after another
    /// fault nothing changes.
    pub fn fail(&mut self, fault: Fault) {
        self.report.fault.get_or_insert(fault);
    }

    /// What the walk found, there being no more events.
    pub fn finish(mut self) -> Report {
        let seq = self.report.events;
        let recorded = self.recorded.seq;
        if self.report.fault.is_none() {
            if seq < recorded {
                self.report.fault = Some(Fault::Truncated { seq, recorded });
            } else if self.report.head != self.recorded.hash {
                // Without any event: the recorded hash is that of something else.
                self.report.fault = Some(Fault::Head { seq });
            }
        }
        self.report
    }
}

/// Walks a whole trail and compares its end with the recorded one.
///
/// # Errors
/// As [`Event::leaf`].
pub fn verify(
    events: impl IntoIterator<Item = Event>,
    recorded: &Head,
) -> Result<Report, Unwritable> {
    let mut walk = Walk::new(recorded.clone());
    for event in events {
        if !walk.take(&event)? {
            break;
        }
    }
    Ok(walk.finish())
}
