//! Throwing away what is no longer needed. Every table that grows has its row in [`SWEEPERS`], with
//! its retention in the configuration; every other table is in [`KEPT`], with the reason.

mod entries;
mod files;

use crate::{Desk, Result, access::MICROS_PER_DAY};
use files::Cutoffs;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Alias, Expr, ExprTrait, Query},
};
use serde::Deserialize;
use time::Duration;
use workflow::Timestamp;

/// How long things are kept, in days.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    pub sessions: u16,
    pub links: u16,
    pub limits: u16,
    pub forms: u16,
    pub repeats: u16,
    pub views: u16,
    pub bulk: u16,
    pub letter_texts: u16,
    pub letters: u16,
    pub inbox: u16,
    pub captured_mail: u16,
    pub drafts: u16,
    pub removed_files: u16,
    pub held_names: u16,
    pub invitations: u16,
    pub page_texts: u16,
    pub served: u16,
    pub user_counts: u16,
    pub gallery_drafts: u16,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            sessions: 1,
            links: 7,
            limits: 2,
            forms: 7,
            repeats: 30,
            views: 400,
            bulk: 90,
            letter_texts: 30,
            letters: 400,
            inbox: 400,
            captured_mail: 30,
            drafts: 180,
            removed_files: 7,
            held_names: 400,
            invitations: 180,
            page_texts: 400,
            served: 30,
            user_counts: 800,
            gallery_drafts: 400,
        }
    }
}

/// What is thrown away of one table.
pub struct Sweeper {
    pub table: &'static str,
    /// The name of its retention in `[retention]`.
    pub setting: &'static str,
    /// From when its age counts, in words.
    pub after: &'static str,
    key: &'static [&'static str],
    days: fn(&Retention) -> u16,
    /// Which rows are too old, for this moment.
    old: fn(i64) -> Expr,
}

fn before(column: &'static str, moment: i64) -> Expr {
    Expr::col(column).lt(moment)
}

/// The drafts of cases that ended before this moment.
fn of_ended_cases(moment: i64) -> Expr {
    let ended = Query::select()
        .column("id")
        .from("cases")
        .cond_where(files::ended_before(moment))
        .to_owned();
    Expr::col("case_id").in_subquery(ended)
}

/// The cases of runs that nobody has touched since this moment.
fn of_old_runs(moment: i64) -> Expr {
    let old = Query::select()
        .column("id")
        .from("bulk_runs")
        .and_where(before("changed_at", moment))
        .to_owned();
    Expr::col("run_id").in_subquery(old)
}

/// Letters that are on their way are kept however old they are.
fn finished(moment: i64) -> Expr {
    Expr::col("state")
        .is_not_in(["waiting", "gathered", "held", "sending"])
        .and(before("created_at", moment))
}

/// What is told of days before that of this moment.
fn of_day(moment: i64) -> Expr {
    Expr::col("day").lt(moment.div_euclid(MICROS_PER_DAY))
}

/// Texts of pages that nothing is held against any more.
fn of_no_use(moment: i64) -> Expr {
    let known = Query::select()
        .column("known_id")
        .from("watched_pages")
        .and_where(Expr::col("known_id").is_not_null())
        .to_owned();
    let open = |column: &'static str| {
        Query::select()
            .column(column)
            .from("page_changes")
            .and_where(Expr::col("state").eq("open"))
            .to_owned()
    };
    before("read_at", moment)
        .and(Expr::col("id").not_in_subquery(known))
        .and(Expr::col("id").not_in_subquery(open("before_id")))
        .and(Expr::col("id").not_in_subquery(open("after_id")))
}

/// By them the files of ended applications are found.
const DRAFTS: &str = "drafts";

/// Every table that grows.
pub const SWEEPERS: &[Sweeper] = &[
    Sweeper {
        table: "sessions",
        setting: "sessions",
        after: "the session ended",
        key: &["token_hash"],
        days: |keep| keep.sessions,
        old: |at| before("expires_at", at),
    },
    Sweeper {
        table: "tokens",
        setting: "links",
        after: "the link stopped working",
        key: &["hash"],
        days: |keep| keep.links,
        old: |at| before("expires_at", at),
    },
    Sweeper {
        table: "passkey_ceremonies",
        setting: "links",
        after: "the challenge stopped being taken",
        key: &["hash"],
        days: |keep| keep.links,
        old: |at| before("expires_at", at),
    },
    Sweeper {
        table: "email_changes",
        setting: "links",
        after: "the links stopped working",
        key: &["person_id"],
        days: |keep| keep.links,
        old: |at| before("expires_at", at),
    },
    Sweeper {
        table: "throttles",
        setting: "limits",
        after: "the attempts stopped counting",
        key: &["key"],
        days: |keep| keep.limits,
        old: |at| before("ends_at", at),
    },
    Sweeper {
        table: "kept_forms",
        setting: "forms",
        after: "the form was refused",
        key: &["id"],
        days: |keep| keep.forms,
        old: |at| before("created_at", at),
    },
    Sweeper {
        table: "once_keys",
        setting: "repeats",
        after: "the form was carried out",
        key: &["key"],
        days: |keep| keep.repeats,
        old: |at| before("created_at", at),
    },
    Sweeper {
        table: "case_views",
        setting: "views",
        after: "the person last looked at the case",
        key: &["case_id", "person_id"],
        days: |keep| keep.views,
        old: |at| before("seen_at", at),
    },
    Sweeper {
        table: "snoozes",
        setting: "limits",
        after: "the case was back in the person's own list (they go sooner: when anything happens)",
        key: &["person_id", "case_id"],
        days: |keep| keep.limits,
        old: |at| before("until_at", at),
    },
    Sweeper {
        table: "bulk_cases",
        setting: "bulk",
        after: "the run last changed (it goes with them)",
        key: &["run_id", "position"],
        days: |keep| keep.bulk,
        old: of_old_runs,
    },
    Sweeper {
        table: "bulk_runs",
        setting: "bulk",
        after: "the run last changed",
        key: &["id"],
        days: |keep| keep.bulk,
        old: |at| before("changed_at", at),
    },
    Sweeper {
        table: "outbox",
        setting: "letters",
        after: "the letter was written (letters still to be sent stay)",
        key: &["id"],
        days: |keep| keep.letters,
        old: finished,
    },
    Sweeper {
        table: "inbox_entries",
        setting: "inbox",
        after: "the person was told (they go sooner: with the account)",
        key: &["id"],
        days: |keep| keep.inbox,
        old: |at| before("told_at", at),
    },
    Sweeper {
        table: "captured_mails",
        setting: "captured_mail",
        after: "the demo's mail server received it",
        key: &["id"],
        days: |keep| keep.captured_mail,
        old: |at| before("received_at", at),
    },
    Sweeper {
        table: "held_usernames",
        setting: "held_names",
        after: "a registration that made no account",
        key: &["username_key"],
        days: |keep| keep.held_names,
        old: |at| before("held_at", at),
    },
    Sweeper {
        table: "app_invitations",
        setting: "invitations",
        after: "the invitation ended (accepted ones stay)",
        key: &["id"],
        days: |keep| keep.invitations,
        old: |at| {
            Expr::col("state")
                .ne("accepted")
                .and(before("expires_at", at))
        },
    },
    Sweeper {
        table: "served_subjects",
        setting: "served",
        after: "the user was served (the day's count stays)",
        key: &["app_id", "day", "subject"],
        days: |keep| keep.served,
        old: of_day,
    },
    Sweeper {
        table: "ended_authorisations",
        setting: "served",
        after: "the user took the authorisation back",
        key: &["app_id", "subject"],
        days: |keep| keep.served,
        old: of_day,
    },
    Sweeper {
        table: "user_days",
        setting: "user_counts",
        after: "the day",
        key: &["app_id", "day"],
        days: |keep| keep.user_counts,
        old: of_day,
    },
    Sweeper {
        table: "page_texts",
        setting: "page_texts",
        after: "the page was read so (what pages and open changes are held against stays)",
        key: &["id"],
        days: |keep| keep.page_texts,
        old: of_no_use,
    },
    Sweeper {
        table: "gallery_drafts",
        setting: "gallery_drafts",
        after: "somebody last wrote on it (what waits for review stays)",
        key: &["entry_id"],
        days: |keep| keep.gallery_drafts,
        old: entries::unsent,
    },
    Sweeper {
        table: "kept_answers",
        setting: "drafts",
        after: "the application ended (they go sooner: when they are sent)",
        key: &["case_id"],
        days: |keep| keep.drafts,
        old: of_ended_cases,
    },
    Sweeper {
        table: "self_checks",
        setting: "drafts",
        after: "the application ended",
        key: &["case_id"],
        days: |keep| keep.drafts,
        old: of_ended_cases,
    },
    Sweeper {
        table: DRAFTS,
        setting: "drafts",
        after: "the application ended",
        key: &["case_id"],
        days: |keep| keep.drafts,
        old: of_ended_cases,
    },
];

/// Tables that keep their rows for ever, and why.
pub const KEPT: &[(&str, &str)] = &[
    ("absences", "a few rows a year for each of ours"),
    ("agreements", "signed texts; a version never changes"),
    ("app_members", "who may act for an app"),
    ("apps", "what access was given to"),
    (
        "attachments",
        "the record of each file, with its hash; the bytes of those never handed in go",
    ),
    ("attestations", "who stood by an approval, for which year"),
    ("audit_events", "the trail"),
    (
        "authorisations",
        "who has authorised an app; a row goes when its user takes that back",
    ),
    ("audit_heads", "one row"),
    ("canned_texts", "published versions of what support answers"),
    (
        "case_tags",
        "a few rows for each case; they go when a tag is taken off",
    ),
    ("cases", "the record of each application"),
    (
        "declared_conflicts",
        "who was in conflict of interest with whom, and from when to when",
    ),
    ("discarded_files", "which files have no bytes any more"),
    (
        "former_usernames",
        "usernames are never given to somebody else (21 CFR 11.100)",
    ),
    ("gallery_entries", "one row for each app"),
    (
        "gallery_images",
        "what entries show or showed; those of drafts that went go with them",
    ),
    ("gallery_links", "a few rows for each public entry"),
    ("gallery_versions", "what was sent in for the gallery"),
    ("gateway_tokens", "who was let in, made by whom"),
    ("grants", "what approvals gave"),
    ("guides", "published versions of open pages"),
    ("holidays", "a few rows a year, published"),
    (
        "page_changes",
        "what was looked at of pages that changed, and by whom",
    ),
    (
        "partner_lapses",
        "when partners did not meet a criterion: their standing follows from it",
    ),
    (
        "partner_links",
        "a few rows for each app that names its stores",
    ),
    (
        "partner_publications",
        "one row for each app that names its stores",
    ),
    (
        "partner_signatures",
        "what was signed of partnerships, by whom, when",
    ),
    (
        "partnerships",
        "the record of each application to be a partner",
    ),
    (
        "passkeys",
        "a few rows for each person; one that is removed goes, and all with the account",
    ),
    (
        "pending_reviews",
        "at most one for each reviewer of a case; it goes when it is published or discarded",
    ),
    ("people", "identities are never used again (21 CFR 11.100)"),
    (
        "policy_rules",
        "published versions, named by the events they answered",
    ),
    (
        "policy_versions",
        "published versions, named by the events they answered",
    ),
    (
        "queue_counts",
        "one row for each way in which a case can stand in the queue",
    ),
    (
        "reacceptances",
        "newer versions of the agreement, accepted for an app",
    ),
    (
        "recovery_codes",
        "a few rows for each person; used ones go, and all with the second factor",
    ),
    (
        "role_requests",
        "who asked for roles for whom, and who decided",
    ),
    ("seaql_migrations", "one row for each step of the schema"),
    (
        "search_documents",
        "one row for each case that was handed in, written anew from its record",
    ),
    (
        "queue_habits",
        "one row for each of our side; it goes with the account",
    ),
    (
        "saved_views",
        "at most 30 for each of our side; they go when they are deleted",
    ),
    ("search_heads", "one row"),
    (
        "search_marks",
        "cases whose document is to be written; a row goes when it is",
    ),
    (
        "search_vocabulary",
        "single words that cases are found by, without the cases",
    ),
    ("second_factors", "one row for each person who has one"),
    ("settings", "values with the day from which they hold"),
    ("tags", "what cases are told apart by"),
    ("signatures", "what was signed, by whom, when"),
    (
        "stuck_asks",
        "who asked whether an application is stuck, and what was answered",
    ),
    ("submissions", "what was handed in"),
    (
        "support_articles",
        "what everybody was told, and what was not released",
    ),
    (
        "support_files",
        "the record of each file of a request, with its hash",
    ),
    ("support_links", "which cases a request had to do with"),
    ("support_messages", "what both sides wrote on a request"),
    ("support_notes", "what our side noted on a request"),
    ("support_requests", "the record of each request"),
    (
        "templates",
        "published versions, named by the cases that began with them",
    ),
    ("user_counts", "one row for each app"),
    ("watched_apps", "one row for each approved app"),
    ("watched_pages", "a few rows for each approved app"),
];

/// Rows of one statement: short enough that nobody waits for it.
const BATCH: u64 = 500;
/// A file that no record names may be an upload that is not finished; after this long it is not.
const UPLOAD_GRACE: Duration = Duration::days(1);

/// Throws away what is older than its retention; answers what went, by table or place. One sweeper
/// that fails does not stop the others.
///
/// # Errors
/// The first failure, after all sweepers have run.
pub async fn sweep(desk: &Desk, keep: &Retention) -> Result<Vec<(&'static str, u64)>> {
    let mut swept = Vec::new();
    let mut failure = None;
    let mut note = |place: &'static str, outcome: Result<u64>| match outcome {
        Ok(count) => {
            if count > 0 {
                tracing::info!(place, count, "swept");
            }
            swept.push((place, count));
        }
        Err(error) => {
            tracing::warn!(place, %error, "could not be swept");
            failure.get_or_insert(error);
        }
    };
    // One moment for all: what is found by a draft has gone before the draft goes.
    let now = desk.now();
    let cutoffs = Cutoffs {
        removed: cutoff(now, keep.removed_files),
        ended: cutoff(now, keep.drafts),
    };
    let of_ended = files::of_ended(desk, cutoffs).await;
    let keeps_drafts = of_ended.is_err();
    note("files of ended applications", of_ended);
    for sweeper in SWEEPERS {
        if sweeper.table == DRAFTS && keeps_drafts {
            continue;
        }
        note(sweeper.table, rows(desk, sweeper, now, keep).await);
    }
    note("texts of letters", letter_texts(desk, keep).await);
    note("removed files", files::removed(desk, cutoffs).await);
    note(
        "images of no entry",
        entries::unused_images(desk, cutoffs.removed).await,
    );
    note("files without a record", files::orphaned(desk).await);
    failure.map_or(Ok(swept), Err)
}

fn cutoff(now: Timestamp, days: u16) -> i64 {
    now.plus(-Duration::days(i64::from(days))).micros()
}

async fn rows(desk: &Desk, sweeper: &Sweeper, now: Timestamp, keep: &Retention) -> Result<u64> {
    let old = (sweeper.old)(cutoff(now, (sweeper.days)(keep)));
    let key = || sweeper.key.iter().map(|column| Alias::new(*column));
    let batch = Query::select()
        .columns(key())
        .from(sweeper.table)
        .and_where(old)
        .limit(BATCH)
        .to_owned();
    let delete = Query::delete()
        .from_table(sweeper.table)
        .and_where(Expr::tuple(key().map(Expr::col)).in_subquery(batch))
        .to_owned();
    let mut all = 0;
    loop {
        let gone = desk
            .database
            .write()
            .execute(&delete)
            .await?
            .rows_affected();
        all += gone;
        if gone < BATCH {
            return Ok(all);
        }
    }
}

/// The text of a letter that was sent long ago is nobody's business any more; that it was sent
/// stays.
async fn letter_texts(desk: &Desk, keep: &Retention) -> Result<u64> {
    let before = cutoff(desk.now(), keep.letter_texts);
    let batch = Query::select()
        .column("id")
        .from("outbox")
        .and_where(finished(before))
        .and_where(Expr::col("state").ne("dead"))
        .and_where(Expr::col("text").ne("").or(Expr::col("html").ne("")))
        .limit(BATCH)
        .to_owned();
    let clear = Query::update()
        .table("outbox")
        .value("text", "")
        .value("html", "")
        .and_where(Expr::col("id").in_subquery(batch))
        .to_owned();
    let mut all = 0;
    loop {
        let cleared = desk.database.write().execute(&clear).await?.rows_affected();
        all += cleared;
        if cleared < BATCH {
            return Ok(all);
        }
    }
}
