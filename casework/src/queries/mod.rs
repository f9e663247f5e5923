//! What people see: one module per screen. Each query asks the policy before it answers.

pub mod admin_mail;
pub mod admin_people;
pub mod admin_published;
pub mod admin_settings;
pub mod agreement;
mod app_profile;
mod application;
mod attachment;
pub mod audit;
mod candidates;
pub mod case_page;
mod demo_mail;
mod demo_people;
mod draft;
mod mine;
mod my_apps;
pub mod queue;
mod signing;
pub mod trail;

pub use app_profile::{
    AppProfile, Environment, Member, SANDBOX_ACCOUNTS, SANDBOX_URL, SCOPES, SandboxAccount, Scope,
    app_profile,
};
pub use application::{
    Accepted, ApplicationView, Estimate, FindingView, Outcome, Pinned, QuestionView, Settled,
    TrackView, application,
};
pub use attachment::{Download, attachment};
pub use candidates::{Candidate, candidates};
pub use demo_mail::{DemoMail, DemoMailLine, demo_inbox, demo_mail};
pub use demo_people::{DemoPerson, demo_people};
pub use draft::{DraftView, SectionView, draft_view};
pub use mine::Asked;
pub use my_apps::{Brief, MyApp, MyApps, my_apps};
pub use signing::{Copy, Shape, SigningView, signed_copy, signing};
