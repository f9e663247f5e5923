//! `/account/conflicts`: with which organisations one is in conflict of interest, for staff.

use super::crumbs;
use crate::{
    components::{Card, PageHead},
    steps::conflicts::{ConflictForm, ConflictList},
    web::{Page, page},
};
use casework::queries::own_conflicts;
use leptos::prelude::*;

/// Declares conflicts. A lead withdraws them.
#[component]
pub fn OwnConflictsPage() -> impl IntoView {
    page(|visit| async move {
        let conflicts = own_conflicts(&visit.desk, visit.caller()?).await?;
        let list = view! {
            <ConflictList visit=visit.clone() conflicts=conflicts withdraws=false />
        };
        let form = view! { <ConflictForm visit=visit.clone() person=None /> };
        Ok(Page::developer(
            "Conflicts of interest",
            view! {
                <PageHead
                    title="Conflicts of interest"
                    lead="You see nothing of the apps of these organisations and take no step on them; what you hold of them goes back at once. A lead says when a conflict stands no longer."
                    crumbs=crumbs()
                />
                <Card title="Declared" id="declared">
                    {list}
                </Card>
                <Card title="Declare another" id="declare">
                    {form}
                </Card>
            },
        ))
    })
}
