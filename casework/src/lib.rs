//! Everything that has an effect: records, policy, mail, reports. What may happen is decided in
//! [`workflow`]; who may is answered by [`policy`]; both are asked in [`commands::run`] and in
//! the queries alone.
//!
//! Rooms by subject, each with its commands (what people do) and its queries (what they see):
//! [`cases`], [`apps`], [`access`] (authorised users and gateways), [`guides`] (open pages), [`gallery`], [`people`], [`partners`], [`office`] (agreements, templates, settings, audit, reports),
//! [`log`] (the trail as others verify it), [`live`] (what open pages are told as it happens) and [`post`] (the outbox and its worker), on a kernel of desk, database, policy, reference data
//! and text.

pub mod access;
pub mod apps;
pub mod cases;
pub mod dispatch;
pub mod gallery;
pub mod guides;
mod kernel;
pub mod live;
pub mod living;
pub mod log;
pub mod office;
pub mod partners;
pub mod people;
pub mod post;
pub mod support;

pub use cases::{signatures, store};
pub use kernel::*;
pub use office::{reports, verification};
pub use people as accounts;
pub use post as mail;

/// What people do.
pub mod commands {
    pub use crate::{
        access::commands::*,
        apps::commands::*,
        cases::commands::*,
        guides::commands::*,
        living::commands::*,
        office::commands::*,
        people::commands::*,
        post::{
            RetryMailInput,
            inbox::{MarkAllReadInput, MarkReadInput, mark_all_read, mark_read, open_entry},
            retry_mail,
        },
    };
}

/// What people see.
pub mod queries {
    pub use crate::{
        access::queries::*,
        apps::queries::*,
        cases::queries::*,
        guides::queries::*,
        living::queries::*,
        office::queries::*,
        people::queries::*,
        post::{
            admin_mail,
            demo_mail::{DemoMail, DemoMailLine, demo_inbox, demo_mail},
            inbox::{INBOX_AT_ONCE, Inbox, InboxEntry, InboxKey, InboxPlace, inbox, unread},
        },
    };
}
