//! What our side does on the page of a partnership.

use crate::{
    components::{
        Button, ButtonLink, Buttons, Card, Fold, More, Notice, TextArea, TextField, Tone, Weight,
    },
    web::Visit,
};
use casework::partners::{
    commands::{ProposePartnerInput, TakeBackProposalInput},
    queries::PartnerView,
};
use leptos::prelude::*;
use workflow::partners::State;

/// What can be done now, or why not.
pub fn of(visit: &Visit, view: &PartnerView) -> Option<AnyView> {
    if !view.inside {
        return None;
    }
    let version = view.application.as_ref()?.version;
    if view.may.propose {
        return Some(propose(visit, view, version));
    }
    let back = view.may.take_back.then(|| take_back(visit, view, version));
    if view.may.decide {
        let href = format!("/partners/{}/decide", view.app);
        return Some(
            view! {
                <Card title="Decision" id="decision">
                    <p>"Read the record below, then decide and sign on a page of its own."</p>
                    <ButtonLink href=href>"Decide"</ButtonLink>
                    {back}
                </Card>
            }
            .into_any(),
        );
    }
    let text = match view.standing.state {
        State::Applied => "A partner manager proposes what is to be decided.",
        State::Proposed => {
            "An approver who did not propose decides. Until then a partner manager can take the proposal back."
        }
        _ => return None,
    };
    Some(
        view! {
            <Notice tone=Tone::Info>
                <p>{text}</p>
                {back}
            </Notice>
        }
        .into_any(),
    )
}

fn take_back(visit: &Visit, view: &PartnerView, version: i64) -> AnyView {
    let form = visit
        .form::<TakeBackProposalInput>()
        .id("take-back")
        .hidden(TakeBackProposalInput::app(), &view.app)
        .hidden(TakeBackProposalInput::version(), &version)
        .show(|form| {
            view! {
                <TextField
                    of=form.at(TakeBackProposalInput::reason())
                    hint="It stays in the trail, with what was proposed. 3 to 500 characters."
                />
                <Button weight=Weight::Danger>"Take the proposal back"</Button>
            }
        });
    let fold = match visit.is_back("take-back") {
        true => Fold::Open,
        false => Fold::Closed,
    };
    view! { <More summary="Take the proposal back" fold=fold>{form}</More> }.into_any()
}

fn propose(visit: &Visit, view: &PartnerView, version: i64) -> AnyView {
    let met = view.criteria.iter().all(|one| one.met);
    let form = visit
        .form::<ProposePartnerInput>()
        .hidden(ProposePartnerInput::app(), &view.app)
        .hidden(ProposePartnerInput::version(), &version)
        .show(|form| {
            let approve = form.says(&ProposePartnerInput::approve(), "yes");
            let first = met.then(|| view! { <Button says=approve>"Propose to approve"</Button> });
            let weight = if met { Weight::Quiet } else { Weight::Primary };
            view! {
                <TextArea
                    of=form.at(ProposePartnerInput::reasons())
                    hint="Whoever decides reads this; the developer does not. 10 to 2,000 characters."
                />
                <Buttons>
                    {first} <Button weight=weight>"Propose to decline"</Button>
                </Buttons>
            }
        });
    let lacks = (!met).then(|| {
        view! { <p>"A criterion is not met, so that only to decline can be proposed."</p> }
    });
    view! {
        <Card title="Proposal" id="proposal">
            {lacks}
            {form}
        </Card>
    }
    .into_any()
}
