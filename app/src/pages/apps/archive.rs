//! Putting an app aside, and taking it back.

use crate::{
    components::{Button, Card, Notice, TextField, Tone, Weight, day_text},
    web::Visit,
};
use casework::{
    commands::{ArchiveAppInput, RestoreAppInput},
    queries::AppProfile,
};
use leptos::prelude::*;

/// On the page of an app that is archived: what that means, and the way back for its owners.
pub(super) fn archived(app: &AppProfile, visit: &Visit) -> impl IntoView + use<> {
    app.archived.map(|since| {
        let restore = app.may_manage_members.then(|| {
            visit
                .form::<RestoreAppInput>()
                .hidden(RestoreAppInput::app(), &app.id)
                .show(|_| view! { <Button>"Restore app"</Button> })
        });
        view! {
            <Notice tone=Tone::Attention>
                <p>
                    {format!(
                        "Archived since {}. It has no access to any environment; its record stays.",
                        day_text(since),
                    )}
                </p>
                {restore}
            </Notice>
        }
    })
}

/// At the end of the page of an app in use, for its owners.
pub(super) fn archive(app: &AppProfile, visit: &Visit) -> impl IntoView + use<> {
    (app.archived.is_none() && app.may_manage_members).then(|| {
        let form = visit
            .form::<ArchiveAppInput>()
            .hidden(ArchiveAppInput::app(), &app.id)
            .show(|form| {
                view! {
                    <TextField
                        of=form.at(ArchiveAppInput::name())
                        hint="Write it to confirm: the app has no access while it is archived."
                    />
                    <Button weight=Weight::Danger>"Archive app"</Button>
                }
            });
        view! {
            <Card title="Archive" id="archive">
                <p>
                    "For an app that nobody works with any more. Its record and its approvals stay, and an owner can restore it."
                </p>
                {form}
            </Card>
        }
    })
}
