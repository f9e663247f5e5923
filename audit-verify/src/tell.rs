//! What came of it, in words.

use std::{fmt::Display, io::Write};
use trail::{
    bundle::Report,
    note::Verifier,
    receipt::{Proven, Receipt, Row},
    signature,
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
        "checkpoint {}, root {}",
        count(proven.checkpoint.size, "event"),
        proven.checkpoint.root
    );
    keys(&proven.signed_by, proven.trusted);
}

/// `1 event`, `2 events`.
fn count<N: Display + PartialEq + From<u8>>(number: N, noun: &str) -> String {
    let ending = if number == N::from(1) { "" } else { "s" };
    format!("{number} {noun}{ending}")
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
            let how = signature::given(row.text("method"));
            say!(
                "signed by  {}, {}, {how}",
                row.text("signer_name"),
                row.text("capacity")
            );
            if row.text("method") == "passkey" {
                let key = trail::sha256(row.text("public_key"));
                say!("its key    SHA-256 {key}: it has signed this");
            }
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
                say!("{} in all", count(report.faults.len(), "fault"));
            }
        }
    }
    say!("");
    if let Some(scope) = &report.scope {
        say!(
            "holds      {}: {} of {}",
            scope.holds,
            scope.events,
            count(scope.of, "event")
        );
        say!("exported   {} by {}", scope.exported_at, scope.exported_by);
        if !scope.withheld.is_empty() {
            let files = count(scope.withheld.len(), "file");
            say!("without    {files} that the developer never handed in");
        }
        for document in &scope.unbound {
            say!("without    the document with the SHA-256 {document}, which was signed");
        }
    }
    say!(
        "looked at  {}, {}, {}",
        count(report.events, "event"),
        count(report.rows, "record"),
        count(report.files, "file")
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
            "checkpoint {}, root {}",
            count(checkpoint.size, "event"),
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
