//! The log in the open formats, held against the words and vectors of their specifications.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use proptest::prelude::*;
use support::{Log, ORIGIN, leaf};
use trail::{
    Event, Hash,
    checkpoint::Checkpoint,
    note::{BadNote, Note, Signer, Verifier},
    receipt::{Flaw, Receipt},
    tile::{Tile, Tiles, between, read},
    tree::{Tree, consistency, inclusion, is_consistent, is_included, root},
};

/// The leaves and roots by which implementations of RFC 6962 compare themselves.
const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

#[test]
fn the_root_is_that_of_rfc_6962() {
    let mut tree = Tree::default();
    let mut tiles = Tiles::default();
    for (size, expected) in ROOTS.iter().enumerate() {
        assert_eq!(tree.root().to_string(), *expected, "{size} leaves");
        let by_tiles = root(&mut tiles, tree.size()).unwrap();
        assert_eq!(by_tiles, tree.root());
        if let Some(text) = LEAVES.get(size) {
            let leaf = Hash::of_leaf(&hex::decode(text).unwrap());
            tiles.push(tree.size(), leaf);
            tree.push(leaf);
        }
    }
}

#[test]
fn tiles_have_the_paths_of_the_specification() {
    let path = |level, index, size| Tile::at(level, index, size).to_string();
    assert_eq!(path(0, 1_234_067, u64::MAX >> 8), "tile/0/x001/x234/067");
    let of_70_000: Vec<Tile> = between(0, 70_000);
    let full = of_70_000.iter().filter(|tile| tile.is_full());
    assert_eq!(full.count(), 273 + 1);
    let partial: Vec<String> = of_70_000
        .iter()
        .filter(|tile| !tile.is_full())
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        partial,
        ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]
    );
    let paths: Vec<String> = between(255, 256).iter().map(ToString::to_string).collect();
    assert_eq!(paths, ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(between(256, 256), []);
}

/// Of Go's `sumdb/note`, which the format comes from.
#[test]
fn notes_are_those_of_the_specification() {
    let secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    let public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let text = "If you think cryptography is the answer to your problem,\n\
                then you don't know what your problem is.\n";
    let signed = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg\
                  KvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    let signer = Signer::parse(secret).unwrap();
    assert_eq!(signer.secret(), secret);
    assert_eq!(signer.verifier().to_string(), public);
    assert_eq!(Verifier::parse(public).unwrap(), signer.verifier());
    let note = Note::sign(text, [&signer]).unwrap();
    assert_eq!(note.to_string(), format!("{text}\n{signed}"));
    let read = Note::parse(&note.to_string()).unwrap();
    assert_eq!(read, note);
    let known = [signer.verifier()];
    assert_eq!(read.signed_by(&known).unwrap(), [&known[0]]);
    let debug = format!("{signer:?}");
    assert!(!debug.contains("AYEK"), "{debug}");
}

#[test]
fn what_is_no_key_or_no_note_is_refused() {
    for key in [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2Qc=",
    ] {
        assert_eq!(Verifier::parse(key), Err(BadNote::Key), "{key}");
    }
    for note in [
        "",
        "a\n",
        "a\n\n",
        "a\n\n— b\n",
        "a\n\n— b AAAAAAA=",
        "a\t\n\n— b AAAAAAA=\n",
    ] {
        assert_eq!(Note::parse(note), Err(BadNote::Malformed), "{note:?}");
    }
}

#[test]
fn both_keys_sign_while_one_takes_over_from_the_other_and_either_opens() {
    let (old, new) = (signer(1), signer(2));
    let checkpoint = Checkpoint {
        origin: ORIGIN.to_owned(),
        size: 0,
        root: Tree::default().root(),
    };
    let note = checkpoint.sign([&new, &old]).unwrap();
    for keys in [vec![old.verifier()], vec![new.verifier()]] {
        assert_eq!(Checkpoint::open(&note, &keys).unwrap(), checkpoint);
    }
    let third = [signer(3).verifier()];
    assert_eq!(Checkpoint::open(&note, &third), Err(BadNote::Unsigned));
    let alone = note.is_signed_by_these_alone(&[new.verifier()]);
    assert!(!alone, "the other's signature is of somebody unknown");
    assert!(note.is_signed_by_these_alone(&[old.verifier(), new.verifier()]));
}

fn signer(seed: u8) -> Signer {
    Signer::from_seed(ORIGIN, [seed; 32]).unwrap()
}

#[test]
fn a_checkpoint_of_another_log_is_none_of_ours() {
    let signer = signer(1);
    for text in [
        "elsewhere.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "desk.example.org/audit\n00\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "desk.example.org/audit\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\n",
        "desk.example.org/audit\n0\n47DE\n",
    ] {
        let note = Note::sign(text, [&signer]).unwrap();
        let opened = Checkpoint::open(&note, &[signer.verifier()]);
        assert_eq!(opened, Err(BadNote::NoCheckpoint), "{text}");
    }
}

#[test]
fn an_event_is_read_back_from_what_was_hashed_and_from_nothing_else() {
    for event in Log::of(20).events {
        let text = String::from_utf8(event.leaf().unwrap()).unwrap();
        assert_eq!(Event::from_leaf(&text).unwrap(), event);
        let spaced = text.replacen(':', ": ", 1);
        assert_eq!(Event::from_leaf(&spaced), None, "written otherwise");
        let doubled = text.replacen('{', "{\"actor\":\"mallory\",", 1);
        assert_eq!(Event::from_leaf(&doubled), None, "said twice");
    }
}

#[test]
fn a_receipt_proves_itself_and_what_was_altered_in_it_is_found() {
    let log = Log::of(300);
    let receipt = log.receipt(70);
    let text = receipt.to_text().unwrap();
    let read = Receipt::parse(&text).unwrap();
    assert_eq!(read, receipt);
    let proven = read.verify(Some(&log.keys())).unwrap();
    assert_eq!((proven.checkpoint.size, proven.trusted), (300, true));
    assert!(!read.verify(None).unwrap().trusted);

    let stranger = [signer(9).verifier()];
    let unsigned = Flaw::Checkpoint(BadNote::Unsigned);
    assert_eq!(read.verify(Some(&stranger)), Err(unsigned));
    let mut altered = read.clone();
    altered.event.actor = "mallory".to_owned();
    assert_eq!(altered.verify(None), Err(Flaw::NotIncluded));
    let mut altered = read.clone();
    let row = &mut altered.rows[0];
    let record = row.record.clone();
    row.row.insert("meaning".to_owned(), "I decline.".into());
    assert_eq!(altered.verify(None), Err(Flaw::Row(record.clone())));
    let mut altered = read.clone();
    altered.rows.retain(|row| row.table() != "signatures");
    let proven = altered.verify(None).unwrap();
    assert_eq!(
        proven.by_hash[0].record, record,
        "of what is left out it says so"
    );
    let mut altered = read.clone();
    altered.rows.push(log.receipt(77).rows[0].clone());
    assert!(matches!(altered.verify(None), Err(Flaw::ForeignRow(_))));
    let mut altered = read;
    altered.proof.index += 1;
    assert_eq!(altered.verify(None), Err(Flaw::NotIncluded));
}

/// A signature whose row is bound, and whose parts were never one: somebody wrote it into the
/// database, and had the desk bind it.
#[test]
fn a_signature_of_something_else_is_found_though_its_row_is_bound() {
    let mut row = Log::of(7).rows.pop().unwrap();
    assert!(!trail::signature::is_forged(&row));
    row.row.insert("meaning".to_owned(), "I decline.".into());
    assert!(trail::signature::is_forged(&row));
}

#[test]
fn each_flipped_bit_of_a_receipt_is_found() {
    let log = Log::of(70);
    let bytes = log.receipt(70).to_text().unwrap().into_bytes();
    for (place, bit) in (0..bytes.len()).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1 << bit;
        let proves = String::from_utf8(flipped)
            .ok()
            .and_then(|text| Receipt::parse(&text).ok())
            .is_some_and(|receipt| receipt.verify(Some(&log.keys())).is_ok());
        // The receipt's own list of keys is not looked at by who has them from elsewhere.
        let in_keys = String::from_utf8_lossy(&bytes[..place]).contains("\"keys\": [")
            && !String::from_utf8_lossy(&bytes[..place]).contains("\"proof\":");
        assert!(!proves || in_keys, "bit {bit} of byte {place}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_leaf_proves_its_place_and_no_other(size in 1..700_u64, at in any::<u64>(), off in 1..9_u64) {
        let (mut tree, mut tiles) = grown(size);
        let index = at % size;
        let proof = inclusion(&mut tiles, index, size).unwrap();
        let leaf = nth(index);
        prop_assert!(is_included(leaf, index, size, &proof, tree.root()));
        prop_assert!(!is_included(nth(size), index, size, &proof, tree.root()));
        prop_assert!(!is_included(leaf, index + off, size, &proof, tree.root()));
        prop_assert!(size == 1 || !is_included(leaf, index, size, &proof[1..], tree.root()));
        tree.push(nth(size));
        prop_assert!(!is_included(leaf, index, size + 1, &proof, tree.root()));
    }

    #[test]
    fn a_tree_proves_that_it_begins_with_each_smaller_one(size in 1..700_u64, at in any::<u64>()) {
        let before = at % (size + 1);
        let (tree, mut tiles) = grown(size);
        let (small, _) = grown(before);
        let proof = consistency(&mut tiles, before, size).unwrap();
        prop_assert!(is_consistent(before, small.root(), size, tree.root(), &proof));
        if before > 0 {
            let other = nth(size + 1);
            prop_assert!(!is_consistent(before, other, size, tree.root(), &proof));
            prop_assert!(!is_consistent(before, small.root(), size, other, &proof));
        }
    }

    #[test]
    fn tiles_go_to_files_and_back_and_grow_where_they_ended(before in 0..700_u64, more in 0..700_u64) {
        let size = before + more;
        let (_, tiles) = grown(before);
        let mut read_back = Tiles::default();
        let mut last = between(0, before);
        last.retain(|tile| !tile.is_full());
        for tile in last {
            prop_assert!(read_back.put(tile, &tiles.bytes(tile).unwrap()));
        }
        for index in before..size {
            read_back.push(index, nth(index));
        }
        let (tree, mut whole) = grown(size);
        for tile in between(before, size) {
            let bytes = read_back.bytes(tile).unwrap();
            prop_assert_eq!(read(&bytes).unwrap().len() as u64, tile.width);
            prop_assert_eq!(&bytes, &whole.bytes(tile).unwrap());
        }
        prop_assert_eq!(root(&mut whole, size).unwrap(), tree.root());
    }
}

fn nth(index: u64) -> Hash {
    Hash::of_leaf(&index.to_be_bytes())
}

fn grown(size: u64) -> (Tree, Tiles) {
    let (mut tree, mut tiles) = (Tree::default(), Tiles::default());
    for index in 0..size {
        tree.push(nth(index));
        tiles.push(index, nth(index));
    }
    (tree, tiles)
}

#[test]
fn the_leaves_of_the_tree_are_the_hashes_of_the_chain() {
    let log = Log::of(3);
    let mut tree = Tree::default();
    for event in &log.events {
        assert_eq!(leaf(event), Hash::of_leaf(&event.leaf().unwrap()));
        tree.push(leaf(event));
    }
    assert_eq!(tree, log.tree);
}
