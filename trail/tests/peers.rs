//! The log against verifiers that we did not write: PyPI's `aics-tlog` reads our checkpoints and
//! tiles, and finds what we find. `cargo xtask test` installs it; `AICS_TLOG` names the program.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

mod support;

use std::{fs, path::Path, process::Command};
use support::Log;
use tempfile::TempDir;
use trail::tile::between;

/// A log as a desk lays it down.
fn laid_down(log: &Log, folder: &Path) {
    for tile in between(0, log.tree.size()) {
        let path = folder.join(tile.to_string());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, log.tiles.bytes(tile).unwrap()).unwrap();
    }
    fs::write(folder.join("checkpoint"), log.checkpoint().to_string()).unwrap();
}

fn aics(arguments: &[&str]) -> (bool, String) {
    let program =
        std::env::var("AICS_TLOG").expect("AICS_TLOG names the program (cargo xtask test)");
    let program = Path::new(&program);
    // Installed beside what it needs: `FOLDER/bin/aics-tlog`.
    let beside = program.ancestors().nth(2).unwrap();
    let mut command = Command::new(program);
    let output = command.env("PYTHONPATH", beside).args(arguments).output();
    let output = output.unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[test]
fn aics_tlog_reads_our_checkpoints_tiles_and_proofs_and_finds_what_is_forged() {
    let (log, folder) = (Log::of(70_000), TempDir::new().unwrap());
    laid_down(&log, folder.path());
    let tiles = folder.path().display().to_string();
    let key = log.signer.verifier().to_string();
    let trusted = [
        "--tiles",
        &tiles,
        "--log-key",
        &key,
        "--origin",
        support::ORIGIN,
    ];
    let run = |command: &[&str]| aics(&[command, &trusted[..]].concat());
    let (whole, said) = run(&["verify-checkpoint"]);
    assert!(whole, "{said}");
    for seq in [1, 256, 257, 65_536, 65_537, 70_000] {
        let event = &log.events[seq - 1];
        let index = (seq - 1).to_string();
        let (whole, said) = run(&[
            "verify-inclusion",
            "--leaf-hash",
            &event.hash,
            "--index",
            &index,
        ]);
        assert!(whole, "{seq}: {said}");
        let other = &log.events[seq % 70_000].hash;
        let (whole, said) = run(&["verify-inclusion", "--leaf-hash", other, "--index", &index]);
        assert!(!whole, "{seq}: {said}");
    }
    let before = Log::of(40_000);
    let old = folder.path().join("old");
    fs::write(&old, before.checkpoint().to_string()).unwrap();
    let old = old.display().to_string();
    let (whole, said) = run(&["verify-consistency", "--old-checkpoint", &old]);
    assert!(whole, "{said}");

    // A proof of ours, by itself.
    let receipt = log.receipt(40_001);
    let hashes: String = receipt
        .proof
        .hashes
        .iter()
        .map(|hash| hash.to_base64() + "\n")
        .collect();
    let proof = folder.path().join("proof");
    fs::write(&proof, hashes).unwrap();
    let proof = proof.display().to_string();
    let root = log.tree.root().to_base64();
    let by_proof = |hash: &str| {
        aics(&[
            "verify-inclusion",
            "--leaf-hash",
            hash,
            "--index",
            "40000",
            "--size",
            "70000",
            "--root",
            &root,
            "--proof",
            &proof,
        ])
    };
    let (whole, said) = by_proof(&receipt.event.hash);
    assert!(whole, "{said}");
    assert!(!by_proof(&log.events[1].hash).0);

    let tile = folder.path().join("tile/0/000");
    let mut bytes = fs::read(&tile).unwrap();
    bytes[5] ^= 1;
    fs::write(&tile, bytes).unwrap();
    let hash = &log.events[7].hash;
    let (whole, said) = run(&["verify-inclusion", "--leaf-hash", hash, "--index", "7"]);
    assert!(!whole, "{said}");
}
