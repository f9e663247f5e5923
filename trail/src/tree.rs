//! The Merkle tree of RFC 6962 over the leaf hashes of events: its root, and proofs that a leaf is
//! in it (inclusion) and that a larger tree begins with a smaller one (consistency). Event `seq` is
//! the leaf with the index `seq - 1`.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, fmt};

/// A SHA-256 hash: of a leaf, of a node, of a whole tree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Of a leaf: SHA-256 over `0x00` and its bytes.
    pub fn of_leaf(bytes: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update([0]);
        hasher.update(bytes);
        Self(hasher.finalize().into())
    }

    /// Of a node: SHA-256 over `0x01` and what hangs from it.
    pub fn node(left: &Self, right: &Self) -> Self {
        let mut hasher = Sha256::new();
        hasher.update([1]);
        hasher.update(left.0);
        hasher.update(right.0);
        Self(hasher.finalize().into())
    }

    /// From hexadecimal digits, as events name it.
    pub fn from_hex(text: &str) -> Option<Self> {
        Some(Self(hex::decode(text).ok()?.try_into().ok()?))
    }

    /// From base64, as checkpoints and proofs name it.
    pub fn from_base64(text: &str) -> Option<Self> {
        Some(Self(STANDARD.decode(text).ok()?.try_into().ok()?))
    }

    /// As checkpoints and proofs name it.
    pub fn to_base64(self) -> String {
        STANDARD.encode(self.0)
    }
}

impl fmt::Display for Hash {
    /// In lower-case hexadecimal, as events name it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A tree that grows leaf by leaf and keeps only what its root is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// The complete subtrees that it consists of, the largest first.
    peaks: Vec<Hash>,
}

impl Tree {
    /// The number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        let mut left = self.size;
        while left & 1 == 1 {
            if let Some(peak) = self.peaks.pop() {
                node = Hash::node(&peak, &node);
            }
            left >>= 1;
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// The hash over all leaves; of none, SHA-256 of nothing.
    pub fn root(&self) -> Hash {
        let joined = self.peaks.iter().rev().copied();
        joined
            .reduce(|right, left| Hash::node(&left, &right))
            .unwrap_or_else(|| Hash(Sha256::digest([]).into()))
    }
}

/// Where the hashes of complete subtrees are found.
pub trait Nodes {
    /// The hash over the 2^`level` leaves from `index` · 2^`level` on.
    fn node(&mut self, level: u8, index: u64) -> Option<Hash>;
}

/// The root of the tree of the first `size` leaves; none where a node is not to be had.
pub fn root(nodes: &mut impl Nodes, size: u64) -> Option<Hash> {
    match size {
        0 => Some(Tree::default().root()),
        _ => range(nodes, 0, size),
    }
}

/// The hash over the leaves from `from` to before `to`, which is a subtree of some tree.
fn range(nodes: &mut impl Nodes, from: u64, to: u64) -> Option<Hash> {
    let many = to - from;
    if many.is_power_of_two() {
        let level = u8::try_from(many.trailing_zeros()).ok()?;
        return nodes.node(level, from >> level);
    }
    let middle = from + split(many);
    let left = range(nodes, from, middle)?;
    Some(Hash::node(&left, &range(nodes, middle, to)?))
}

/// The largest power of two below `many`.
const fn split(many: u64) -> u64 {
    1 << (u64::BITS - 1 - (many - 1).leading_zeros())
}

/// The proof that the leaf at `index` is in the tree of the first `size` leaves; none where it is
/// not, or a node is not to be had.
pub fn inclusion(nodes: &mut impl Nodes, index: u64, size: u64) -> Option<Vec<Hash>> {
    if index >= size {
        return None;
    }
    let mut proof = Vec::new();
    let (mut from, mut to) = (0, size);
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            proof.push(range(nodes, middle, to)?);
            to = middle;
        } else {
            proof.push(range(nodes, from, middle)?);
            from = middle;
        }
    }
    proof.reverse();
    Some(proof)
}

/// The proof that the tree of the first `size` leaves begins with that of the first `before`; none
/// where a node is not to be had.
pub fn consistency(nodes: &mut impl Nodes, before: u64, size: u64) -> Option<Vec<Hash>> {
    if before > size {
        return None;
    }
    let mut proof = Vec::new();
    if before == 0 || before == size {
        return Some(proof);
    }
    let (mut from, mut to) = (0, size);
    while before != to {
        let middle = from + split(to - from);
        if before <= middle {
            proof.push(range(nodes, middle, to)?);
            to = middle;
        } else {
            proof.push(range(nodes, from, middle)?);
            from = middle;
        }
    }
    // What the smaller tree consists of alone needs no hash: who asks has its root.
    if from > 0 {
        proof.push(range(nodes, from, to)?);
    }
    proof.reverse();
    Some(proof)
}

/// Whether a proof shows that `leaf` stands at `index` of the tree with this size and root
/// (RFC 9162, 2.1.3.2).
pub fn is_included(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut place, mut last) = (index, size - 1);
    let mut hash = leaf;
    for other in proof {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            hash = Hash::node(other, &hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = Hash::node(&hash, other);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && hash == root
}

/// Whether a proof shows that the tree of `size` leaves begins with that of `before` leaves
/// (RFC 9162, 2.1.4.2).
pub fn is_consistent(
    before: u64,
    before_root: Hash,
    size: u64,
    root: Hash,
    proof: &[Hash],
) -> bool {
    if before > size {
        return false;
    }
    if before == size {
        return proof.is_empty() && before_root == root;
    }
    if before == 0 {
        return proof.is_empty();
    }
    let (mut place, mut last) = (before - 1, size - 1);
    while place & 1 == 1 {
        place >>= 1;
        last >>= 1;
    }
    let mut others = proof.iter();
    let first = if before.is_power_of_two() {
        before_root
    } else {
        match others.next() {
            Some(first) => *first,
            None => return false,
        }
    };
    let (mut old, mut new) = (first, first);
    for other in others {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            old = Hash::node(other, &old);
            new = Hash::node(other, &new);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            new = Hash::node(&new, other);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && old == before_root && new == root
}

/// Which nodes something asks for, so that they can be fetched before.
#[derive(Debug, Default)]
pub struct Asked(pub BTreeSet<(u8, u64)>);

impl Nodes for Asked {
    fn node(&mut self, level: u8, index: u64) -> Option<Hash> {
        self.0.insert((level, index));
        Some(Hash([0; 32]))
    }
}
