//! What came of it, in words.

use trail::{
    bundle::Report,
    note::Verifier,
    receipt::{Proven, Receipt, Row},
};

/// So many faults are named.
const MOST: usize = 50;

/// What a receipt proves. Everything that is printed was hashed.
pub(crate) fn receipt(receipt: &Receipt, proven: &Proven) {
    let event = &receipt.event;
    let at = at(receipt);
    println!("WHOLE: this happened, and nothing of it was altered since.\n");
    println!(
        "event      {} of the log {}",
        event.seq, proven.checkpoint.origin
    );
    println!("what       {}", event.name.replace('_', " "));
    println!("when       {at}");
    println!("about      {} {}", event.subject, event.subject_id);
    println!("by         {}", event.actor);
    if !event.reason.is_empty() {
        println!("reason     {}", event.reason);
    }
    for row in &receipt.rows {
        record(row);
    }
    for one in &proven.by_hash {
        println!(
            "by hash    {}, SHA-256 {}: not in this receipt",
            one.record, one.sha256
        );
    }
    println!("hash       {}", event.hash);
    println!(
        "checkpoint {} events, root {}",
        proven.checkpoint.size, proven.checkpoint.root
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
            println!(
                "signed by  {}, {}",
                row.text("signer_name"),
                row.text("capacity")
            );
            println!("meaning    {}", row.text("meaning"));
            println!("document   SHA-256 {}", row.text("document_sha256"));
        }
        table => println!("record     {table}"),
    }
}

/// What a bundle holds, and what is wrong with it.
pub(crate) fn bundle(report: &Report) {
    match report.faults.first() {
        None => println!("WHOLE: every byte is as the log has it."),
        Some(fault) => {
            println!("BROKEN ({}): {fault}", fault.class());
            for fault in report.faults.iter().skip(1).take(MOST) {
                println!("also ({}): {fault}", fault.class());
            }
            if report.faults.len() > MOST + 1 {
                println!("{} faults in all", report.faults.len());
            }
        }
    }
    println!();
    if let Some(scope) = &report.scope {
        println!(
            "holds      {}: {} of {} events",
            scope.holds, scope.events, scope.of
        );
        println!("exported   {} by {}", scope.exported_at, scope.exported_by);
        if !scope.gone.is_empty() {
            let many = scope.gone.len();
            println!("without    {many} files that the desk does not have any more");
        }
        for document in &scope.unbound {
            println!("without    the document with the SHA-256 {document}, which was signed");
        }
    }
    println!(
        "looked at  {} events, {} records, {} files",
        report.events, report.rows, report.files
    );
    if let Some(checkpoint) = &report.checkpoint {
        println!("log        {}", checkpoint.origin);
        println!(
            "checkpoint {} events, root {}",
            checkpoint.size, checkpoint.root
        );
    }
    keys(&report.signed_by, report.trusted);
}

fn keys(signed_by: &[Verifier], trusted: bool) {
    for key in signed_by {
        println!("signed by  {key}");
    }
    if !trusted && !signed_by.is_empty() {
        println!(
            "\nThe key stands in the file itself: compare it with the one that the log is known by, \
             or give that with --key."
        );
    }
}
