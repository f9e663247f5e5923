//! Publishing: what has been appended since the last checkpoint goes into the tree, its tiles are
//! laid down, and a new checkpoint is signed. Before that, what was published is held against the
//! database: a log signs no second history.

use super::{Log, Looked, Place, Trouble, look::fits};
use crate::{Desk, Lock, entities::audit_events, take};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use trail::{
    Event, Fault, GENESIS, Hash,
    checkpoint::Checkpoint,
    note::{Note, Verifier},
    tile::{Tiles, between},
};

/// Events read at once.
const BATCH: u64 = 1_000;
/// Events of one checkpoint: other instances wait meanwhile, on SQLite all who write.
const MOST: u64 = 20_000;

/// Publishes everything that has been appended; answers the newest checkpoint, none where there is
/// no event yet.
///
/// # Errors
/// [`Trouble::Fault`] when the database is not what was published before, or its chain is broken
/// behind it: then nothing was signed.
pub async fn publish(desk: &Desk) -> Looked<Option<(Note, Checkpoint)>> {
    loop {
        let (newest, more) = step(desk).await?;
        if !more {
            return Ok(newest);
        }
    }
}

/// One step of it; whether there is more.
async fn step(desk: &Desk) -> Looked<(Option<(Note, Checkpoint)>, bool)> {
    let transaction = desk.database.begin().await?;
    take(&transaction, Lock::Log).await?;
    let log = &desk.log;
    let file = log.keys.read()?;
    let keys = file.verifiers();
    let before = log.published.newest(&keys).await?;
    let size = before.as_ref().map_or(0, |(_, before)| before.size);
    let (mut tiles, mut hash) = match &before {
        Some((_, before)) => {
            fits(&transaction, &log.published, before).await?;
            let last = log.published.leaf(size - 1, size).await?;
            (log.published.edge(before).await?, last.to_string())
        }
        None => (Tiles::default(), GENESIS.to_owned()),
    };
    let (mut seq, mut laid) = (size, size);
    while seq < size + MOST {
        let batch = events_after(&transaction, seq).await?;
        if batch.is_empty() {
            break;
        }
        for event in batch {
            let leaf = follows(&event, seq, &hash).map_err(Trouble::Fault)?;
            tiles.push(seq, leaf);
            seq += 1;
            hash = event.hash;
        }
        for tile in between(laid, seq) {
            if let Some(bytes) = tiles.bytes(tile).filter(|_| tile.is_full()) {
                log.published.put(&tile.to_string(), bytes).await?;
            }
        }
        tiles.forget_full();
        laid = seq;
    }
    if seq == size {
        if let Some((note, checkpoint)) = &before {
            copy(log, note, checkpoint, &keys).await?;
        }
        return Ok((before, false));
    }
    for tile in between(size, seq)
        .into_iter()
        .filter(|tile| !tile.is_full())
    {
        if let Some(bytes) = tiles.bytes(tile) {
            log.published.put(&tile.to_string(), bytes).await?;
        }
    }
    let mut asked = trail::tree::Asked::default();
    trail::tree::root(&mut asked, seq);
    let mut edge = log.published.tiles(&asked, seq).await?;
    let root = trail::tree::root(&mut edge, seq).ok_or_else(|| {
        Trouble::Fault(Fault::Damaged {
            file: log.published.file("tile"),
        })
    })?;
    let checkpoint = Checkpoint {
        origin: file.name().to_owned(),
        size: seq,
        root,
    };
    let note = checkpoint.sign(file.signers());
    let note = note.map_err(crate::Error::unavailable)?;
    log.published.put_checkpoint(&note, seq, &keys).await?;
    log.published.tidy(size, seq).await?;
    copy(log, &note, &checkpoint, &keys).await?;
    transaction.commit().await?;
    Ok((Some((note, checkpoint)), seq == size + MOST))
}

/// The leaf of an event that follows the one before it.
fn follows(event: &Event, before: u64, hash: &str) -> Result<Hash, Fault> {
    let seq = i64::try_from(before + 1).unwrap_or(i64::MAX);
    if event.seq != seq {
        return Err(Fault::Missing { seq });
    }
    if event.prev_hash != hash {
        return Err(Fault::Unchained { seq });
    }
    let leaf = event.leaf().map(|leaf| Hash::of_leaf(&leaf));
    match leaf {
        Ok(leaf) if leaf.to_string() == event.hash => Ok(leaf),
        _ => Err(Fault::Altered { seq }),
    }
}

async fn events_after(connection: &impl ConnectionTrait, seq: u64) -> Looked<Vec<Event>> {
    let rows = audit_events::Entity::find()
        .filter(audit_events::Column::Seq.gt(i64::try_from(seq).unwrap_or(i64::MAX)))
        .order_by_asc(audit_events::Column::Seq)
        .limit(BATCH)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// Brings the second place up to a checkpoint, where it is behind.
async fn copy(log: &Log, note: &Note, newest: &Checkpoint, keys: &[Verifier]) -> Looked<()> {
    let Some(second) = &log.second else {
        return Ok(());
    };
    let there = second.newest(keys).await?.map(|(_, there)| there);
    if let Some(there) = &there {
        begins_with(&log.published, newest, there).await?;
    }
    let size = there.map_or(0, |there| there.size);
    if size == newest.size {
        return Ok(());
    }
    for tile in between(size, newest.size) {
        let hashes = log.published.tile(tile).await?;
        let bytes = hashes.iter().flat_map(|hash| hash.0).collect();
        second.put(&tile.to_string(), bytes).await?;
    }
    second.put_checkpoint(note, newest.size, keys).await?;
    second.tidy(size, newest.size).await
}

/// Whether the log begins with what lies in the second place.
async fn begins_with(place: &Place, newest: &Checkpoint, there: &Checkpoint) -> Looked<()> {
    let anchored = i64::try_from(there.size).unwrap_or(i64::MAX);
    if there.size > newest.size {
        return Err(Trouble::Fault(Fault::RolledBack {
            seq: i64::try_from(newest.size + 1).unwrap_or(i64::MAX),
            anchored,
        }));
    }
    let mut asked = trail::tree::Asked::default();
    trail::tree::root(&mut asked, there.size);
    let mut tiles = place.tiles(&asked, newest.size).await?;
    match trail::tree::root(&mut tiles, there.size) == Some(there.root) {
        true => Ok(()),
        false => Err(Trouble::Fault(Fault::ForkedWithin {
            seq: 1,
            size: anchored,
        })),
    }
}
