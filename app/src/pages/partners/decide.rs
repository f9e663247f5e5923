//! `/partners/{app}/decide`: the record, what a signature means, the password.

use super::{
    criterion, crumbs,
    partner::{earlier, facts, lapses},
    partner_path,
};
use crate::{
    components::{
        AsTyped, Button, Card, Day, Fact, Facts, Hash, Need, NotByEnter, PageHead, PasskeyButton,
        SignButtons, SignedWith, TextArea, Weight,
    },
    web::{Page, Visit, page},
};
use casework::{
    accounts::{Means, means},
    input::Input,
    partners::{
        commands::{DecidePartnerInput, decision_meaning},
        queries::{Application, ToDecide, to_decide},
    },
};
use leptos::prelude::*;
use workflow::partners::Decision;

/// The page.
#[component]
pub fn DecidePartnerPage() -> impl IntoView {
    page(|visit| async move {
        let found = to_decide(&visit.desk, visit.caller()?, visit.at("id")?).await?;
        let view = &found.view;
        let means = means(&visit.desk, visit.caller()?).await?;
        let mut crumbs = crumbs();
        crumbs.push((view.name.clone(), partner_path(view.app)));
        let criteria = view.criteria.iter().map(criterion).collect_view();
        let record = view.application.as_ref().map(record);
        let said = view.publication.as_ref().map(facts);
        let seen = found.seen.clone();
        Ok(Page::new(
            format!("Decide about {}", view.name),
            view! {
                <PageHead
                    title=format!("Decide about {}", view.name)
                    lead=view.organisation.clone()
                    crumbs=crumbs
                />
                <Card title="Record" id="record">
                    {record} {said} {criteria}
                    <p class="quiet-text">"SHA-256 of this record " <Hash text=seen /></p>
                </Card>
                {earlier(view)}
                {lapses(view)}
                {form(&visit, &found, means)}
            },
        ))
    })
}

fn record(application: &Application) -> impl IntoView + use<> {
    let at = application.at;
    let by = application.by.clone();
    let statement = application.statement.clone();
    let proposal = application.proposal.clone().map(|proposal| {
        let what = match proposal.recommended {
            Decision::Approved => "to approve",
            Decision::Declined => "to decline",
        };
        view! {
            <Fact name="Proposed">
                {what} ", by " {proposal.by} ", " <Day at=proposal.at />
            </Fact>
            <Fact name="Reasons">
                <AsTyped text=proposal.reasons />
            </Fact>
        }
    });
    view! {
        <Facts>
            <Fact name="Applied">
                <Day at=at /> {by.map(|by| view! { " by " {by} })}
            </Fact>
            <Fact name="How users are supported">
                <AsTyped text=statement />
            </Fact>
            {proposal}
        </Facts>
    }
}

fn form(visit: &Visit, found: &ToDecide, means: Means) -> AnyView {
    let version = found.view.application.as_ref().map_or(0, |one| one.version);
    let met = found.view.criteria.iter().all(|one| one.met);
    let form = visit
        .form::<DecidePartnerInput>()
        .hidden(DecidePartnerInput::app(), &found.view.app)
        .hidden(DecidePartnerInput::version(), &version)
        .hidden(DecidePartnerInput::seen(), &found.seen)
        .show(|form| {
            let approve = form.says(&DecidePartnerInput::approve(), "yes");
            let by_passkey = met.then(|| {
                view! {
                    <PasskeyButton
                        step=DecidePartnerInput::STEP
                        means=means
                        says=approve.clone()
                        label="Approve with your passkey"
                    />
                }
            });
            let first = met.then(|| view! { <Button says=approve>"Approve"</Button> });
            let weight = if met { Weight::Danger } else { Weight::Primary };
            let approves = met.then(|| {
                view! { <Fact name="Approve">{decision_meaning(Decision::Approved)}</Fact> }
            });
            view! {
                <NotByEnter />
                <TextArea
                    of=form.at(DecidePartnerInput::note())
                    hint="The developer reads it where you decline; then it needs 10 characters or more."
                    need=Need::optional(met)
                    rows=3
                />
                <Facts>
                    {approves}
                    <Fact name="Decline">{decision_meaning(Decision::Declined)}</Fact>
                </Facts>
                <SignedWith
                    password=form.secret(&DecidePartnerInput::password())
                    code=form.secret(&DecidePartnerInput::code())
                    means=means
                    hint="With it you sign what stands above beside the button that you press."
                />
                <SignButtons means=means>
                    {first} <Button weight=weight>"Decline"</Button> {by_passkey}
                    <PasskeyButton
                        step=DecidePartnerInput::STEP
                        means=means
                        label="Decline with your passkey"
                    />
                </SignButtons>
            }
        });
    view! {
        <Card title="Decision" id="decision">
            {form}
        </Card>
    }
    .into_any()
}
