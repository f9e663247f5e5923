//! A place where the log lies: a folder, or whatever an object store is made on.

use super::{Looked, Trouble};
use futures_util::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt, path::Path};
use std::{collections::BTreeMap, fmt, sync::Arc};
use trail::{
    Fault, Hash,
    checkpoint::Checkpoint,
    note::{Note, Verifier},
    tile::{Tile, Tiles, WIDTH, read},
    tree::{self, Asked},
};

/// The newest checkpoint.
const CHECKPOINT: &str = "checkpoint";
/// Every checkpoint, by size.
const HISTORY: &str = "checkpoints";
/// The public keys.
const KEYS: &str = "keys.txt";

/// See the module.
#[derive(Clone)]
pub struct Place {
    /// As people are told of it.
    name: String,
    store: Arc<dyn ObjectStore>,
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Place").field(&self.name).finish()
    }
}

impl Place {
    /// By the name that people are told of it by.
    pub fn new(name: impl Into<String>, store: Arc<dyn ObjectStore>) -> Self {
        Self {
            name: name.into(),
            store,
        }
    }

    /// A file of it, as people are told of it.
    pub(super) fn file(&self, path: &str) -> String {
        format!("{path} in {}", self.name)
    }

    async fn get(&self, path: &str) -> Looked<Option<Vec<u8>>> {
        match self.store.get(&Path::from(path)).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(unavailable)?.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// A file that is no part of the log; nothing where it is not there.
    pub(super) async fn text(&self, path: &str) -> Looked<String> {
        let bytes = self.get(path).await?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    pub(super) async fn put(&self, path: &str, bytes: Vec<u8>) -> Looked<()> {
        let put = self.store.put(&Path::from(path), bytes.into()).await;
        put.map(|_| ()).map_err(unavailable)
    }

    /// The newest checkpoint; none where nothing was published yet.
    ///
    /// # Errors
    /// [`Fault::Checkpoint`] when none of these keys has signed it.
    pub(super) async fn newest(&self, keys: &[Verifier]) -> Looked<Option<(Note, Checkpoint)>> {
        let Some(bytes) = self.get(CHECKPOINT).await? else {
            return Ok(None);
        };
        let opened = self.open(CHECKPOINT, &bytes, keys);
        opened.map(Some).map_err(Trouble::Fault)
    }

    fn open(
        &self,
        path: &str,
        bytes: &[u8],
        keys: &[Verifier],
    ) -> Result<(Note, Checkpoint), Fault> {
        let text = String::from_utf8_lossy(bytes);
        let opened = Note::parse(&text).and_then(|note| {
            let checkpoint = Checkpoint::open(&note, keys)?;
            Ok((note, checkpoint))
        });
        opened.map_err(|why| Fault::Checkpoint {
            file: self.file(path),
            why: why.to_string(),
        })
    }

    /// Every checkpoint, by size, with what is wrong with any.
    pub(super) async fn all(
        &self,
        keys: &[Verifier],
    ) -> Looked<(BTreeMap<u64, Checkpoint>, Vec<Fault>)> {
        let (mut all, mut faults) = (BTreeMap::new(), Vec::new());
        let listed = self.store.list(Some(&Path::from(HISTORY)));
        let mut paths: Vec<String> = listed
            .map_ok(|one| one.location.to_string())
            .try_collect()
            .await
            .map_err(unavailable)?;
        paths.push(CHECKPOINT.to_owned());
        for path in paths {
            let Some(bytes) = self.get(&path).await? else {
                continue;
            };
            match self.open(&path, &bytes, keys) {
                Ok((_, checkpoint)) => {
                    let before = all.insert(checkpoint.size, checkpoint.clone());
                    if before.is_some_and(|before| before.root != checkpoint.root) {
                        // The log itself has signed two histories.
                        faults.push(Fault::ForkedWithin {
                            seq: 1,
                            size: i64::try_from(checkpoint.size).unwrap_or(i64::MAX),
                        });
                    }
                }
                Err(fault) => faults.push(fault),
            }
        }
        Ok((all, faults))
    }

    /// Lays down a checkpoint with the public keys, behind everything that it stands on.
    pub(super) async fn put_checkpoint(
        &self,
        note: &Note,
        size: u64,
        keys: &[Verifier],
    ) -> Looked<()> {
        let keys: String = keys.iter().map(|key| format!("{key}\n")).collect();
        self.put(KEYS, keys.into_bytes()).await?;
        let bytes = note.to_string().into_bytes();
        self.put(&format!("{HISTORY}/{size:012}"), bytes.clone())
            .await?;
        self.put(CHECKPOINT, bytes).await
    }

    /// The public keys that lie there.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn keys(&self) -> Looked<Vec<Verifier>> {
        let bytes = self.get(KEYS).await?.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let keys = text.lines().map(Verifier::parse);
        keys.collect::<Result<_, _>>()
            .map_err(|_| Trouble::Fault(self.damaged(KEYS)))
    }

    fn damaged(&self, path: &str) -> Fault {
        Fault::Damaged {
            file: self.file(path),
        }
    }

    /// The hashes of a tile, as many as it is wide; of a partial one also from a wider one.
    pub(super) async fn tile(&self, tile: Tile) -> Looked<Vec<Hash>> {
        let mut found = self.get(&tile.to_string()).await?;
        if found.is_none() {
            found = self.get(&tile.full().to_string()).await?;
        }
        let width = usize::try_from(tile.width).unwrap_or(usize::MAX);
        let mut hashes = found.and_then(|bytes| read(&bytes)).unwrap_or_default();
        if hashes.len() < width {
            return Err(Trouble::Fault(self.damaged(&tile.to_string())));
        }
        hashes.truncate(width);
        Ok(hashes)
    }

    /// The leaf at `index` in the tree of `size` leaves.
    pub(super) async fn leaf(&self, index: u64, size: u64) -> Looked<Hash> {
        let tile = Tile::at(0, index / WIDTH, size);
        let place = usize::try_from(index % WIDTH).unwrap_or(usize::MAX);
        let hash = self.tile(tile).await?.get(place).copied();
        hash.ok_or_else(|| Trouble::Fault(self.damaged(&tile.to_string())))
    }

    /// The tiles that have these nodes, as they are in the tree of `size` leaves.
    pub(super) async fn tiles(&self, asked: &Asked, size: u64) -> Looked<Tiles> {
        let mut tiles = Tiles::default();
        let mut wanted: Vec<Tile> = asked
            .0
            .iter()
            .map(|(level, index)| Tile::of_node(*level, *index, size))
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        for tile in wanted {
            let hashes = self.tile(tile).await?;
            let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
            tiles.put(tile, &bytes);
        }
        Ok(tiles)
    }

    /// The right edge of the tree of a checkpoint, whose root it has.
    pub(super) async fn edge(&self, of: &Checkpoint) -> Looked<Tiles> {
        let mut asked = Asked::default();
        tree::root(&mut asked, of.size);
        let mut tiles = self.tiles(&asked, of.size).await?;
        match tree::root(&mut tiles, of.size) == Some(of.root) {
            true => Ok(tiles),
            false => Err(Trouble::Fault(self.damaged("tile"))),
        }
    }

    /// Takes away the partial tiles of the tree of `before` leaves that are full in that of `size`.
    pub(super) async fn tidy(&self, before: u64, size: u64) -> Looked<()> {
        let partial = trail::tile::between(0, before)
            .into_iter()
            .filter(|tile| !tile.is_full());
        for tile in partial {
            if Tile::at(tile.level, tile.index, size).is_full() {
                let gone = self.store.delete(&Path::from(tile.to_string())).await;
                match gone {
                    Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                    Err(error) => return Err(unavailable(error)),
                }
            }
        }
        Ok(())
    }
}

fn unavailable(error: object_store::Error) -> Trouble {
    Trouble::Error(crate::Error::unavailable(error))
}
