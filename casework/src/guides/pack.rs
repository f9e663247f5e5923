//! The checklists that a reviewer works through, for developers and their tools.

use crate::{Desk, Result, audit::canonical, digest::sha256};
use serde_json::json;
use workflow::checklist::{Checklist, ListKind};

/// The newest version of each checklist, and the same as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecklistPack {
    pub lists: Vec<Checklist>,
    /// JSON: `{"checklists": […]}`, always the same bytes for the same versions.
    pub file: String,
    /// Of the file.
    pub sha256: String,
}

/// The checklists that hold for what is reviewed from now on.
///
/// # Errors
/// When they cannot be written down.
pub fn checklist_pack(desk: &Desk) -> Result<ChecklistPack> {
    let known = desk.reference.known();
    let newest = |kind: &ListKind| {
        let of_kind = known.lists.range((*kind, 0)..=(*kind, u32::MAX));
        of_kind.map(|(_, list)| list.clone()).next_back()
    };
    let lists: Vec<Checklist> = ListKind::ALL.iter().filter_map(newest).collect();
    let file = canonical(&json!({ "checklists": lists }))?;
    Ok(ChecklistPack {
        sha256: sha256(file.as_bytes()),
        lists,
        file,
    })
}
