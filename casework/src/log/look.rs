//! Looking whether the trail is still what it was: the guards in the database, its end against the
//! newest checkpoint of each place, and the chain. Where anything is found, the desk refuses to
//! write, and says why.

use super::{Looked, Place, Trouble, guards, publish, witness};
use crate::{
    Desk, Part, Result,
    entities::{audit_events, audit_heads},
    verification::verify_chain,
};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use trail::{Fault, checkpoint::Checkpoint};

/// So many events are walked before a desk is served; more are walked while it is.
const WALKED_FIRST: i64 = 200_000;

/// Looks at what can be seen at once, and at the chain where it is short or `chain` asks for it. The
/// desk is sealed by what is found, and opened again where nothing is.
///
/// # Errors
/// When the database or a place does not answer.
pub async fn look(desk: &Desk, chain: bool) -> Result<()> {
    let mut faults = guards::missing(&desk.database).await?;
    match places(desk).await {
        Ok(()) => {}
        Err(Trouble::Fault(fault)) => faults.push(fault),
        Err(Trouble::Error(error)) => {
            // What was found holds, whatever else cannot be seen.
            if !faults.is_empty() {
                seal(desk, faults);
            }
            return Err(error);
        }
    }
    let head = audit_heads::Entity::find().one(desk.database.read()).await;
    let events = head.ok().flatten().map_or(0, |head| head.seq);
    if chain || events <= WALKED_FIRST {
        faults.extend(verify_chain(&desk.database).await?.found);
    }
    seal(desk, faults);
    Ok(())
}

/// Looks, publishes what has been appended since the last time, and has it cosigned.
///
/// # Errors
/// As [`look`].
pub async fn tick(desk: &Desk, chain: bool) -> Result<()> {
    look(desk, chain).await?;
    if desk.seal.reasons().is_empty() {
        match publish(desk).await {
            Ok(_) => witness::cosign(desk).await?,
            Err(Trouble::Fault(fault)) => seal(desk, vec![fault]),
            Err(Trouble::Error(error)) => return Err(error),
        }
    }
    Ok(())
}

fn seal(desk: &Desk, faults: Vec<Fault>) {
    let told: Vec<(String, String)> = faults
        .iter()
        .map(|fault| (fault.class().to_owned(), fault.to_string()))
        .collect();
    desk.conditions.found(Part::Records, &told, desk.now());
    desk.seal.set(faults);
}

async fn places(desk: &Desk) -> Looked<()> {
    let keys = desk.log.keys.verifiers()?;
    for place in desk.log.places() {
        if let Some((_, newest)) = place.newest(&keys).await? {
            fits(desk.database.read(), place, &newest).await?;
        }
    }
    Ok(())
}

/// Whether the database begins with the log as it is in this place. As each hash is over the one
/// before, the last event that both have speaks for all before it.
pub(super) async fn fits(
    connection: &impl ConnectionTrait,
    place: &Place,
    newest: &Checkpoint,
) -> Looked<()> {
    let anchored = i64::try_from(newest.size).unwrap_or(i64::MAX);
    let last = place
        .leaf(newest.size.saturating_sub(1), newest.size)
        .await?;
    let row = audit_events::Entity::find_by_id(anchored)
        .one(connection)
        .await?;
    let fault = match row {
        Some(row) if row.hash == last.to_string() => return Ok(()),
        Some(_) => Fault::ForkedWithin {
            seq: 1,
            size: anchored,
        },
        None => {
            let end = audit_events::Entity::find()
                .order_by_desc(audit_events::Column::Seq)
                .one(connection)
                .await?;
            Fault::RolledBack {
                seq: end.map_or(0, |end| end.seq) + 1,
                anchored,
            }
        }
    };
    Err(Trouble::Fault(fault))
}
