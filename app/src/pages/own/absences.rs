//! `/account/absences`: on which days one is away, for staff.

use super::crumbs;
use crate::{
    components::{Card, PageHead},
    steps::absences::{AbsenceForm, AbsenceList},
    web::{Page, page},
};
use casework::queries::own_absences;
use leptos::prelude::*;

/// Notes absences and takes them back.
#[component]
pub fn OwnAbsencesPage() -> impl IntoView {
    page(|visit| async move {
        let own = own_absences(&visit.desk, visit.caller()?).await?;
        let list = view! { <AbsenceList visit=visit.clone() absences=own.to_come /> };
        let form =
            view! { <AbsenceForm visit=visit.clone() person=None keeps_days=own.keeps_days /> };
        Ok(Page::developer(
            "Absences",
            view! {
                <PageHead
                    title="Absences"
                    lead="While you are away nothing is given to you, and what you hold goes back so that nobody waits for you."
                    crumbs=crumbs()
                />
                <Card title="To come" id="to-come">
                    {list}
                </Card>
                <Card title="Plan absence" id="plan">
                    {form}
                </Card>
            },
        ))
    })
}
