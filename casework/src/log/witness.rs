//! Witnesses (c2sp.org/tlog-witness): others who sign a checkpoint once they have seen that the log
//! only grew since the last one that they signed. With their signatures nobody has to believe the
//! desk that it showed everybody the same log.

use super::{Looked, Place, Trouble};
use crate::{Desk, Part, Result};
use reach::Peers;
use trail::{
    Fault, Hash,
    checkpoint::Checkpoint,
    note::{Note, Verifier},
    tree::{Asked, consistency},
};
use url::Url;

/// Somebody who cosigns.
#[derive(Clone, Debug)]
pub struct Witness {
    /// Below which address it answers.
    pub url: Url,
    pub key: Verifier,
}

/// Asks every witness for its signature under the newest checkpoint, and lays down what comes. One
/// that does not answer or refuses is told of by readiness, and asked again with the next look.
///
/// # Errors
/// When a place of the log does not answer.
pub(super) async fn cosign(desk: &Desk) -> Result<()> {
    let asked = ask_all(desk).await;
    asked.map_err(Trouble::into_error)
}

async fn ask_all(desk: &Desk) -> Looked<()> {
    let log = &desk.log;
    if log.witnesses.is_empty() {
        return Ok(());
    }
    let keys = log.keys.verifiers()?;
    let Some((mut note, newest)) = log.published.newest(&keys).await? else {
        return Ok(());
    };
    let peers = Peers::new().map_err(crate::Error::unavailable)?;
    let mut is_new = false;
    for witness in &log.witnesses {
        if note.seen_by(&witness.key).is_some() {
            continue;
        }
        match ask(&log.published, &peers, witness, &mut note, &newest).await? {
            Ok(()) => {
                is_new = true;
                desk.conditions.clear(Part::Log, witness.key.name());
            }
            Err(why) => {
                let name = witness.key.name();
                desk.conditions.set(Part::Log, name, &why, desk.now());
            }
        }
    }
    // Somebody else may have published meanwhile: then the next look asks for the newer one.
    let still = log.published.newest(&keys).await?;
    if is_new && still.is_some_and(|(_, still)| still == newest) {
        for place in log.places() {
            place.put_checkpoint(&note, newest.size, &keys).await?;
        }
    }
    Ok(())
}

/// Asks one witness, from where it says that it has seen the log; why it did not sign.
async fn ask(
    place: &Place,
    peers: &Peers,
    witness: &Witness,
    note: &mut Note,
    newest: &Checkpoint,
) -> Looked<Result<(), String>> {
    let Ok(address) = witness.url.join("add-checkpoint") else {
        return Ok(Err("its address is none".to_owned()));
    };
    let known = format!("witnesses/{}", trail::sha256(witness.key.to_string()));
    let mut seen = place.text(&known).await?.parse().unwrap_or(0);
    // A witness that has seen another size says which.
    for _ in 0..2 {
        let proof = proof(place, seen, newest).await?;
        let hashes: String = proof.iter().map(|hash| hash.to_base64() + "\n").collect();
        let question = format!("old {seen}\n{hashes}\n{note}");
        match peers.post(&address, question).await {
            Err(why) => return Ok(Err(why)),
            Ok((200, lines)) => {
                lines.lines().for_each(|line| _ = note.add_line(line));
                if note.seen_by(&witness.key).is_none() {
                    return Ok(Err("it answered with another signature".to_owned()));
                }
                let size = newest.size.to_string();
                place.put(&known, size.into_bytes()).await?;
                return Ok(Ok(()));
            }
            Ok((409, size)) => match size.trim().parse() {
                Ok(size) if size <= newest.size && size != seen => seen = size,
                _ => return Ok(Err("it has seen another log, or a later state".to_owned())),
            },
            Ok((status, _)) => return Ok(Err(format!("it refused (status {status})"))),
        }
    }
    Ok(Err("it changes what it has seen".to_owned()))
}

async fn proof(place: &Place, seen: u64, newest: &Checkpoint) -> Looked<Vec<Hash>> {
    let mut asked = Asked::default();
    consistency(&mut asked, seen, newest.size);
    let mut tiles = place.tiles(&asked, newest.size).await?;
    consistency(&mut tiles, seen, newest.size).ok_or_else(|| {
        Trouble::Fault(Fault::Damaged {
            file: place.file("tile"),
        })
    })
}
