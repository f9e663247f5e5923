//! The program as somebody runs it who has a file and a public key.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../../trail/tests/support/mod.rs"]
mod support;

use std::{path::Path, process::Command};
use support::Log;
use tempfile::TempDir;

fn run(arguments: &[&str]) -> (i32, String) {
    let program = env!("CARGO_BIN_EXE_audit-verify");
    let output = Command::new(program).args(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(said).unwrap(),
    )
}

fn written(folder: &TempDir, name: &str, bytes: &[u8]) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

#[test]
fn a_receipt_is_whole_altered_or_of_another_log() {
    let (log, folder) = (Log::of(70), TempDir::new().unwrap());
    let key = log.signer.verifier().to_string();
    let text = log.receipt(70).to_text().unwrap();
    let file = written(&folder, "receipt.json", text.as_bytes());
    let (code, said) = run(&[&file, "--key", &key]);
    assert_eq!(code, 0, "{said}");
    for part in [
        "WHOLE",
        "event      70 of the log",
        "approved",
        "I approve.",
        &key,
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    assert!(!said.contains("compare it"), "{said}");
    let (code, said) = run(&[&file]);
    assert_eq!(code, 0);
    assert!(said.contains("compare it"), "{said}");
    let keys = written(&folder, "keys.txt", format!("{key}\n").as_bytes());
    assert_eq!(run(&[&file, "--keys", &keys]).0, 0);

    let altered = written(
        &folder,
        "altered.json",
        text.replace("Fits.", "Fine.").as_bytes(),
    );
    let (code, said) = run(&[&altered, "--key", &key]);
    assert_eq!(code, 1);
    assert!(said.starts_with("BROKEN"), "{said}");
    let stranger = trail::note::Signer::from_seed(support::ORIGIN, [9; 32]).unwrap();
    let (code, said) = run(&[&file, "--key", &stranger.verifier().to_string()]);
    assert_eq!(code, 1, "{said}");
}

#[test]
fn a_bundle_is_whole_or_its_first_bad_event_is_named_with_its_class() {
    let (log, folder) = (Log::of(70), TempDir::new().unwrap());
    let key = log.signer.verifier().to_string();
    let bytes = log.bundle(|_| true);
    let file = written(&folder, "bundle.tar", &bytes);
    let (code, said) = run(&[&file, "--key", &key]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("looked at  70 events, 24 records, 14 files"),
        "{said}"
    );
    let text =
        String::from_utf8_lossy(&bytes).replace("the file of event 35", "the file of event 53");
    let file = written(&folder, "altered.tar", text.as_bytes());
    let (code, said) = run(&[&file, "--key", &key]);
    assert_eq!(code, 1);
    assert!(
        said.starts_with("BROKEN (altered): event 35: attachments/"),
        "{said}"
    );
}

#[test]
fn other_programs_open_a_bundle() {
    let (log, folder) = (Log::of(70), TempDir::new().unwrap());
    let file = written(&folder, "bundle.tar", &log.bundle(|_| true));
    let run = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        let status = command.args(arguments).current_dir(folder.path()).output();
        let output = status.unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    run("tar", &["xf", &file]);
    run("sha256sum", &["--check", "--strict", "manifest.sha256"]);
    assert!(
        Path::new(folder.path())
            .join("events/000001.jsonl")
            .is_file()
    );
}

#[test]
fn what_cannot_be_looked_at_ends_with_two() {
    let folder = TempDir::new().unwrap();
    let nothing = folder.path().join("none").display().to_string();
    for arguments in [
        &[][..],
        &["--kye"],
        &[&nothing],
        &["a", "b"],
        &["a", "--key", "x"],
        &["--key"],
    ] {
        let (code, said) = run(arguments);
        assert_eq!(code, 2, "{arguments:?}: {said}");
    }
    assert_eq!(run(&["--help"]).0, 0);
    let empty = written(&folder, "empty", b"");
    assert_eq!(run(&[&empty]).0, 1, "no bundle");
}
