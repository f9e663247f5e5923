//! The tests of what the desk does, on both engines: one file for a subject, one binary for all.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod absences;
mod access_ends;
mod accounts;
mod admin;
mod app_setup;
mod applies;
mod audit;
mod authorised_users;
mod bulk;
mod case_page;
mod conflicts;
mod dated_findings;
mod decisions;
mod declared_conflicts;
mod demo;
mod developer;
mod dispatch;
mod drafts;
mod ends;
mod finding_life;
mod gallery;
mod gallery_images;
mod gallery_letters;
mod guides;
mod held;
mod inbox;
mod internal_texts;
mod kept;
mod kept_answers;
mod ledger;
mod letters;
mod live;
mod living;
mod log;
mod mail;
mod members;
mod other_under_way;
mod own_account;
mod own_closing;
mod own_email;
mod own_passkeys;
mod own_second_factor;
mod partners;
mod passed_over;
mod pending_reviews;
mod policy;
mod queue;
mod queue_narrow;
mod queue_own;
mod queue_pages;
mod queue_walk;
mod reopened;
mod reports;
mod search;
mod second_admin;
mod self_checks;
mod sendings;
mod signed_steps;
mod story;
mod strangers;
mod stuck;
mod support;
mod support_articles;
mod support_canned;
mod support_letters;
mod support_requests;
mod support_subjects;
mod text;
mod told;
mod upkeep;
