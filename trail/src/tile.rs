//! The tree as files that anybody can read (c2sp.org/tlog-tiles): each tile holds 256 hashes of one
//! level, eight levels apart; the last tile of a level holds as many as there are.

use crate::tree::{Hash, Nodes};
use std::{collections::BTreeMap, fmt};

/// Hashes of a full tile.
pub const WIDTH: u64 = 256;
/// Levels of the tree from one level of tiles to the next.
const HEIGHT: u8 = 8;
/// Bytes of a hash.
const HASH: usize = 32;

/// Which tile: its level, its place within it, and how many hashes it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    pub level: u8,
    pub index: u64,
    pub width: u64,
}

impl Tile {
    /// The tile that a node of the tree is read from, as it is in the tree of `size` leaves.
    pub const fn of_node(level: u8, index: u64, size: u64) -> Self {
        let of_tiles = level / HEIGHT;
        let first = index << (level % HEIGHT);
        Self::at(of_tiles, first / WIDTH, size)
    }

    /// The tile at this place, as it is in the tree of `size` leaves.
    pub const fn at(level: u8, index: u64, size: u64) -> Self {
        let left = count(level, size).saturating_sub(index * WIDTH);
        Self {
            level,
            index,
            width: if left < WIDTH { left } else { WIDTH },
        }
    }

    /// The same tile, full.
    pub const fn full(self) -> Self {
        Self {
            width: WIDTH,
            ..self
        }
    }

    /// Whether it never grows.
    pub const fn is_full(self) -> bool {
        self.width == WIDTH
    }
}

impl fmt::Display for Tile {
    /// Its path: `tile/0/x001/x234/067.p/8`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/", self.level)?;
        let mut digits = 1;
        while self.index / 1_000_u64.pow(digits) > 0 {
            digits += 1;
        }
        for place in (1..digits).rev() {
            write!(f, "x{:03}/", self.index / 1_000_u64.pow(place) % 1_000)?;
        }
        write!(f, "{:03}", self.index % 1_000)?;
        if !self.is_full() {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

/// How many hashes a level of tiles holds in the tree of `size` leaves.
const fn count(level: u8, size: u64) -> u64 {
    match size.checked_shr(level as u32 * HEIGHT as u32) {
        Some(many) => many,
        None => 0,
    }
}

/// Every tile that the tree of `size` leaves has and that of `before` leaves has not.
pub fn between(before: u64, size: u64) -> Vec<Tile> {
    let mut tiles = Vec::new();
    let mut level = 0;
    while count(level, size) > 0 {
        let (old, new) = (count(level, before), count(level, size));
        if new > old {
            let places = old / WIDTH..new.div_ceil(WIDTH);
            tiles.extend(places.map(|index| Tile::at(level, index, size)));
        }
        level += 1;
    }
    tiles
}

/// Tiles that have been read.
#[derive(Clone, Debug, Default)]
pub struct Tiles(BTreeMap<(u8, u64), Vec<Hash>>);

impl Tiles {
    /// Takes the bytes of a tile; false where they are none of its width.
    pub fn put(&mut self, tile: Tile, bytes: &[u8]) -> bool {
        let Some(hashes) = read(bytes) else {
            return false;
        };
        let fits = u64::try_from(hashes.len()).is_ok_and(|many| many >= tile.width);
        if fits {
            self.0.insert((tile.level, tile.index), hashes);
        }
        fits
    }

    /// Takes a leaf behind all others, and completes what it completes. Of each level only the last
    /// tile has to be there.
    pub fn push(&mut self, index: u64, leaf: Hash) {
        let (mut level, mut index, mut hash) = (0, index, leaf);
        loop {
            let tile = self.0.entry((level, index / WIDTH)).or_default();
            let place = usize::try_from(index % WIDTH).unwrap_or_default();
            tile.truncate(place);
            tile.push(hash);
            if tile.len() < 256 {
                return;
            }
            let Some(over) = subtree(tile) else { return };
            (level, index, hash) = (level + 1, index / WIDTH, over);
        }
    }

    /// The bytes of a tile, as they stand in its file.
    pub fn bytes(&self, tile: Tile) -> Option<Vec<u8>> {
        let hashes = self.0.get(&(tile.level, tile.index))?;
        let width = usize::try_from(tile.width).ok()?;
        let hashes = hashes.get(..width)?;
        Some(hashes.iter().flat_map(|hash| hash.0).collect())
    }

    /// Forgets full tiles below the last of their level.
    pub fn forget_full(&mut self) {
        let last: BTreeMap<u8, u64> = self.0.keys().copied().collect();
        self.0
            .retain(|(level, index), _| last.get(level) == Some(index));
    }
}

/// The hashes of a tile's file; none where its length is no number of hashes.
pub fn read(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<HASH>();
    rest.is_empty()
        .then(|| hashes.iter().map(|hash| Hash(*hash)).collect())
}

/// The hash over as many hashes as a complete subtree has.
fn subtree(hashes: &[Hash]) -> Option<Hash> {
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => Some(Hash::node(left, right)),
                _ => None,
            })
            .collect::<Option<_>>()?;
    }
    level.first().copied()
}

impl Nodes for Tiles {
    fn node(&mut self, level: u8, index: u64) -> Option<Hash> {
        let within = level % HEIGHT;
        let first = index << within;
        let tile = self.0.get(&(level / HEIGHT, first / WIDTH))?;
        let from = usize::try_from(first % WIDTH).ok()?;
        subtree(tile.get(from..from + (1 << within))?)
    }
}
