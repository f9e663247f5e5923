//! What came of it, in words.

use std::io::Write;
use trail::{
    bundle::Report,
    note::Verifier,
    receipt::{Proven, Receipt, Row},
};

/// So many faults are named.
const MOST: usize = 50;

/// A line of the answer. Whoever asked may have read enough, and closed the pipe.
macro_rules! say {
    ($($part:tt)*) => { _ = writeln!(std::io::stdout(), $($part)*) };
}
pub(crate) use say;

/// What a receipt proves. Everything that is printed was hashed.
pub(crate) fn receipt(receipt: &Receipt, proven: &Proven) {
    let event = &receipt.event;
    let at = at(receipt);
    say!("WHOLE: this happened, and nothing of it was altered since.\n");
    say!(
        "event      {} of the log {}",
        event.seq,
        proven.checkpoint.origin
    );
    say!("what       {}", event.name.replace('_', " "));
    say!("when       {at}");
    say!("about      {} {}", event.subject, event.subject_id);
    say!("by         {}", event.actor);
    if !event.reason.is_empty() {
        say!("reason     {}", event.reason);
    }
    for row in &receipt.rows {
        record(row);
    }
    for one in &proven.by_hash {
        say!(
            "by hash    {}, SHA-256 {}: not in this receipt",
            one.record,
            one.sha256
        );
    }
    say!("hash       {}", event.hash);
    say!(
        "checkpoint {} events, root {}",
        proven.checkpoint.size,
        proven.checkpoint.root
    );
    keys(&proven.signed_by, proven.trusted);
}

/// The moment, as the leaf has it.
fn at(receipt: &Receipt) -> String {
    let leaf = receipt.event.leaf().unwrap_or_default();
    let leaf = String::from_utf8_lossy(&leaf).into_owned();
    let at = leaf.split_once("\"at\":\"").map(|(_, rest)| rest);
    let at = at.and_then(|rest| rest.split_once('"'));
    at.map_or_else(|| event_number(receipt), |(at, _)| at.to_owned())
}

fn event_number(receipt: &Receipt) -> String {
    format!("{} microseconds since 1970", receipt.event.at)
}

fn record(row: &Row) {
    match row.table() {
        "signatures" | "partner_signatures" => {
            say!(
                "signed by  {}, {}",
                row.text("signer_name"),
                row.text("capacity")
            );
            say!("meaning    {}", row.text("meaning"));
            say!("document   SHA-256 {}", row.text("document_sha256"));
        }
        table => say!("record     {table}"),
    }
}

/// What a bundle holds, and what is wrong with it.
pub(crate) fn bundle(report: &Report) {
    match report.faults.first() {
        None => say!("WHOLE: every byte is as the log has it."),
        Some(fault) => {
            say!("BROKEN ({}): {fault}", fault.class());
            for fault in report.faults.iter().skip(1).take(MOST) {
                say!("also ({}): {fault}", fault.class());
            }
            if report.faults.len() > MOST + 1 {
                say!("{} faults in all", report.faults.len());
            }
        }
    }
    say!("");
    if let Some(scope) = &report.scope {
        say!(
            "holds      {}: {} of {} events",
            scope.holds,
            scope.events,
            scope.of
        );
        say!("exported   {} by {}", scope.exported_at, scope.exported_by);
        if !scope.gone.is_empty() {
            let many = scope.gone.len();
            say!("without    {many} files that the desk does not have any more");
        }
        for document in &scope.unbound {
            say!("without    the document with the SHA-256 {document}, which was signed");
        }
    }
    say!(
        "looked at  {} events, {} records, {} files",
        report.events,
        report.rows,
        report.files
    );
    if report.readable > 0 {
        let many = report.readable;
        say!(
            "to read    {many} copies for people, as the desk wrote them; what they say is not recomputed"
        );
    }
    if let Some(checkpoint) = &report.checkpoint {
        say!("log        {}", checkpoint.origin);
        say!(
            "checkpoint {} events, root {}",
            checkpoint.size,
            checkpoint.root
        );
    }
    keys(&report.signed_by, report.trusted);
}

fn keys(signed_by: &[Verifier], trusted: bool) {
    for key in signed_by {
        say!("signed by  {key}");
    }
    if !trusted && !signed_by.is_empty() {
        say!(
            "\nThe key stands in the file itself: compare it with the one that the log is known by, \
             or give that with --key."
        );
    }
}
