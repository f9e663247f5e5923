//! `/admin/gateways`: the tokens by which the portal's authorisation server and gateways are let in.

use crate::{
    components::{
        Button, ButtonLink, Buttons, Card, Checkboxes, Code, Column, DataTable, Day, EmptyState,
        Fact, Facts, Line, Notice, Opt, PageHead, Secret, TextField, Time, Tone, Weight,
    },
    pages::apps::new_secret,
    steps::{apps::secret_cookie, gateways::token_page},
    web::{Page, Visit, page, set_cookie},
};
use casework::{
    Error,
    access::GatewayScope,
    commands::{EndGatewayTokenInput, MakeGatewayTokenInput, ReplaceGatewayTokenInput},
    queries::{GatewayToken, gateway_tokens},
};
use leptos::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Every token, and the form that makes one.
#[component]
pub fn GatewaysPage() -> impl IntoView {
    page(|visit| async move {
        let tokens = gateway_tokens(&visit.desk, visit.caller()?).await?;
        let choices: Vec<Opt> = GatewayScope::ALL
            .iter()
            .map(|scope| Opt::new(scope.word(), scope.label()).hint(about(*scope)))
            .collect();
        let make = visit.form::<MakeGatewayTokenInput>().show(|form| {
            view! {
                <TextField
                    of=form.at(MakeGatewayTokenInput::gateway())
                    hint="Which program it is for, e.g. “Production gateway, Frankfurt”."
                />
                <Checkboxes of=form.at(MakeGatewayTokenInput::scopes()) options=choices />
                <TextField
                    of=form.at(MakeGatewayTokenInput::days())
                    label="Works for (days)"
                    line=Line::Number
                    value="90"
                    hint="1 to 400. Replace it in good time: the old one can go on beside the new one."
                />
                <Button>"Make token"</Button>
            }
        });
        let working = if tokens.working.is_empty() {
            view! {
                <EmptyState
                    title="No gateway is let in"
                    text="Until one is, users cannot authorise apps for production data."
                />
            }
            .into_any()
        } else {
            table("Tokens that work", tokens.working, true)
        };
        let ended = (!tokens.ended.is_empty())
            .then(|| table("Tokens that have ended", tokens.ended, false));
        Ok(Page::new(
            "Gateways",
            view! {
                <PageHead
                    title="Gateways"
                    lead="Programs of the portal that record who has authorised an app and ask whom they may serve."
                />
                {working}
                <Card title="Make a token" id="make">
                    {make}
                </Card>
                {ended}
            },
        ))
    })
}

const fn about(scope: GatewayScope) -> &'static str {
    match scope {
        GatewayScope::Authorise => "For the authorisation server.",
        GatewayScope::Report => "For gateways: on which days users were served.",
        GatewayScope::Check => "For gateways: whether a request may be served.",
    }
}

fn may(scopes: &BTreeSet<GatewayScope>) -> String {
    let labels: Vec<&str> = scopes.iter().map(|scope| scope.label()).collect();
    labels.join(", ")
}

fn table(caption: &'static str, tokens: Vec<GatewayToken>, works: bool) -> AnyView {
    let columns = vec![
        Column::new("Gateway"),
        Column::new("May"),
        Column::new("Made").tight(),
        Column::new(if works { "Works until" } else { "Ended" }).tight(),
        Column::new("Last used").tight(),
    ];
    let rows = tokens
        .into_iter()
        .map(|token| {
            let name = if works {
                let href = token_page(token.id);
                view! { <a href=href>{token.gateway}</a> }.into_any()
            } else {
                token.gateway.into_any()
            };
            let used = token.used_at.map_or_else(
                || view! { "Never" }.into_any(),
                |at| view! { <Time at=at /> }.into_any(),
            );
            let end = if works { "Works until" } else { "Ended" };
            view! {
                <tr>
                    <th scope="row">
                        {name}
                        <span class="under">"ends in " {token.hint}</span>
                    </th>
                    <td data-label="May">{may(&token.scopes)}</td>
                    <td data-label="Made">
                        <Day at=token.made_at />
                        <span class="under">{token.made_by}</span>
                    </td>
                    <td data-label=end><Time at=token.ends_at /></td>
                    <td data-label="Last used">{used}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <DataTable caption=caption columns=columns>
            {rows}
        </DataTable>
    }
    .into_any()
}

/// `/admin/gateways/{id}`: shows a new token once; else replaces or ends it, while it works.
#[component]
pub fn GatewayTokenPage() -> impl IntoView {
    page(|visit| async move {
        let id: Uuid = visit.at("id")?;
        let tokens = gateway_tokens(&visit.desk, visit.caller()?).await?;
        let is_it = |token: &GatewayToken| token.id == id;
        let working = tokens.working.into_iter().find(is_it);
        let works = working.is_some();
        let token = working.or_else(|| tokens.ended.into_iter().find(is_it));
        let token = token.ok_or(Error::NotFound)?;
        let crumbs = vec![("Gateways".to_owned(), "/admin/gateways".to_owned())];
        let body = match new_secret() {
            Some(secret) => {
                set_cookie(&secret_cookie(&visit, &token_page(id), None));
                new_token(secret).into_any()
            }
            None => {
                let steps = works.then(|| steps(&token, &visit));
                view! { {known_token(&token, works)} {steps} }.into_any()
            }
        };
        Ok(Page::new(
            format!("Token of {}", token.gateway),
            view! {
                <PageHead title=token.gateway.clone() crumbs=crumbs />
                {body}
            },
        ))
    })
}

fn new_token(secret: String) -> impl IntoView {
    view! {
        <Notice tone=Tone::Attention>
            <p>
                "Copy the token now: it is shown this once, and we keep only what is needed to check it."
            </p>
        </Notice>
        <Card>
            <Facts>
                <Fact name="Token">
                    <Secret text=secret />
                </Fact>
                <Fact name="Sent as">
                    <Code text="Authorization: Bearer <token>" />
                </Fact>
            </Facts>
        </Card>
        <ButtonLink href="/admin/gateways">"I have copied it"</ButtonLink>
    }
}

fn known_token(token: &GatewayToken, works: bool) -> impl IntoView + use<> {
    let used = token.used_at.map_or_else(
        || view! { "Never" }.into_any(),
        |at| view! { <Time at=at /> }.into_any(),
    );
    let hint = format!("•••• {}", token.hint);
    let (made_at, ends_at) = (token.made_at, token.ends_at);
    let (may, made_by) = (may(&token.scopes), token.made_by.clone());
    let end = if works { "Works until" } else { "Worked until" };
    view! {
        <Card>
            <Facts>
                <Fact name="Token">
                    <Code text=hint />
                </Fact>
                <Fact name="May">{may}</Fact>
                <Fact name="Made">
                    <Day at=made_at />
                    " by "
                    {made_by}
                </Fact>
                <Fact name=end>
                    <Time at=ends_at />
                </Fact>
                <Fact name="Last used">{used}</Fact>
            </Facts>
        </Card>
    }
}

/// What can be done with a token that works.
fn steps(token: &GatewayToken, visit: &Visit) -> impl IntoView + use<> {
    let replace = if token.is_replaced {
        view! { <p>"It has a successor. If that one got lost, replace the successor."</p> }
            .into_any()
    } else {
        replace(token, visit).into_any()
    };
    let end = visit
        .form::<EndGatewayTokenInput>()
        .hidden(EndGatewayTokenInput::token(), &token.id)
        .show(|_| {
            view! {
                <Buttons>
                    <Button weight=Weight::Danger>"End token now"</Button>
                    <ButtonLink href="/admin/gateways" weight=Weight::Quiet>"Keep it"</ButtonLink>
                </Buttons>
            }
        });
    view! {
        <Card title="Replace" id="replace">
            {replace}
        </Card>
        <Card title="End" id="end">
            <p>"Requests with this token are refused from this moment on."</p>
            {end}
        </Card>
    }
}

fn replace(token: &GatewayToken, visit: &Visit) -> impl IntoView + use<> {
    let form = visit
        .form::<ReplaceGatewayTokenInput>()
        .hidden(ReplaceGatewayTokenInput::token(), &token.id)
        .show(|form| {
            view! {
                <TextField
                    of=form.at(ReplaceGatewayTokenInput::hours())
                    label="The old one goes on for (hours)"
                    line=Line::Number
                    value="48"
                    hint="0 to 336. Long enough to give the gateway the new one."
                />
                <Button>"Make its successor"</Button>
            }
        });
    view! {
        <p>"A successor may do the same and works as long. Both work until the old one ends."</p>
        {form}
    }
}
