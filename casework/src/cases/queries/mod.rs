//! What people see of cases: one module per screen. Each query asks the policy before it answers.

mod application;
mod attachment;
mod bulk;
mod candidates;
pub mod case_page;
mod compare;
pub(crate) mod developer;
mod differences;
mod draft;
mod finding_life;
mod pending;
pub mod queue;
mod queued;
mod self_check;
mod signing;
mod sittings;
mod stage_times;
mod stuck;
pub mod trail;
mod workload;

pub use application::{
    Accepted, AppealView, ApplicationView, FindingView, Foretold, Outcome, Pinned, QuestionView,
    Settled, TrackView, application,
};
pub(in crate::cases) use application::{is_told, question_of, returned_is_told};
pub use attachment::{Download, attachment};
pub use bulk::{
    BulkCase, BulkChoice, BulkRun, BulkShown, ListedRun, bulk_choice, bulk_run, bulk_runs,
};
pub use candidates::{Candidate, candidates};
pub use compare::{Compared, Revision, compare, compare_own};
pub use developer::AskedOfDeveloper;
pub use differences::{Difference, FileRow};
pub use draft::{AskedBefore, DraftView, LastAttempt, SectionView, draft_view};
pub use finding_life::{LifeLine, Lives};
pub use pending::{PendingReview, WaitingReview, counted, waiting_reviews};
pub use queued::{MOST_BEFORE, Queued};
pub use self_check::{SelfChecked, self_checked};
pub use signing::{Copy, Shape, SigningView, signed_copy, signing};
pub(crate) use stage_times::{MOVES, in_stages};
pub use stage_times::{StageTime, stage_times};
pub use stuck::{AskEnd, MayAsk, Stuck, StuckAsk, WaitingAsk, waiting_asks};
pub use workload::{HeldSeat, MOST_CASES, WorkOf, Worker, work_of, workload};
pub(crate) use workload::{held_seats, workers};
