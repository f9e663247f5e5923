//! What a report of many events takes: `cargo run --release -p paper --example many -- 10000 [file]`.

#![allow(clippy::print_stdout, reason = "this is what it is for")]

use paper::{EventLine, Head, Paper, Report, Writer};
use std::{error::Error, time::Instant};
use time::OffsetDateTime;

const NAMES: [&str; 5] = [
    "Rosa Reviewer",
    "伊藤 明",
    "Ελένη Παπαδοπούλου",
    "Олена Шевченко",
    "عائشة الزهراء",
];

fn event(seq: u64) -> EventLine {
    let (what, change, reason) = match seq % 10 {
        0 => (
            "requested clarification: 2 questions, due 4 Dec 2026",
            "Review → Clarification",
            "",
        ),
        3 => (
            "recorded a major finding on “data minimisation”",
            "",
            "The market is named in the privacy policy; 市場はプライバシーポリシーに記載されています。",
        ),
        nth if nth % 2 == 0 => ("checked “tls everywhere” (technical): pass", "", ""),
        _ => ("passed the commercial review", "", ""),
    };
    let who = usize::try_from(seq).unwrap_or(0) % NAMES.len();
    EventLine {
        seq: i64::try_from(seq).unwrap_or(0),
        at: "22 Nov 2026, 14:02:09 UTC".to_owned(),
        who: NAMES.get(who).copied().unwrap_or_default().to_owned(),
        about: format!("UD-{}, GlucoPal", 1_000 + seq / 30),
        what: what.to_owned(),
        change: change.to_owned(),
        reason: reason.to_owned(),
        hash: format!("{seq:016x}").repeat(4),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let events: u64 = arguments.next().unwrap_or_default().parse()?;
    let began = Instant::now();
    let mut writer = Writer::new(
        Report {
            heading: "Audit trail".to_owned(),
            subtitle: "Everything".to_owned(),
            scope: "Everything".to_owned(),
            facts: Vec::new(),
            checkpoint: None,
            sections: Vec::new(),
            events,
            total: events,
            head: Head::default(),
            exported: "Exported by Cyril".to_owned(),
            exported_at: OffsetDateTime::UNIX_EPOCH,
        },
        Paper::A4,
    );
    let mut seq = 1;
    while seq <= events {
        let last = events.min(seq + 999);
        let part: Vec<EventLine> = (seq..=last).map(event).collect();
        writer.events(&part);
        seq = last + 1;
    }
    let bytes = writer.finish()?;
    let took = began.elapsed();
    println!("{events} events: {took:?}, {} kB", bytes.len() / 1_000);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(most) = status.lines().find(|line| line.starts_with("VmHWM")) {
        println!("{most}");
    }
    if let Some(file) = arguments.next() {
        std::fs::write(file, bytes)?;
    }
    Ok(())
}
