//! `/verify`: receipts that anybody brings, with or without an account.

use crate::{
    components::{Button, Card, Code, Fact, Facts, Hash, Notice, PageHead, Time, Tone},
    web::{Page, Visit},
};
use casework::{
    Result,
    log::{Shown, check, public_keys},
    signatures::{given, is_one},
    words::count,
};
use leptos::prelude::*;
use workflow::Timestamp;

/// The page, with what came of the receipt that was sent to it.
pub(super) async fn receipt_page(visit: &Visit) -> Result<Page> {
    let keys = public_keys(&visit.desk)?;
    let keys = keys
        .into_iter()
        .map(|key| view! { <dd><Code text=key.to_string() /></dd> })
        .collect_view();
    let outcome = match &visit.receipt {
        None => None,
        Some(text) => Some(check(&visit.desk, text).await?),
    };
    let outcome = outcome.map(|outcome| match outcome {
        Ok(shown) => whole(&shown).into_any(),
        Err(flaw) => {
            let text = flaw.to_string();
            view! {
                <Notice tone=Tone::Problem>
                    <p><strong>"This receipt proves nothing: "</strong> {text} "."</p>
                </Notice>
            }
            .into_any()
        }
    });
    let lead = "Shows whether a receipt is as this desk gave it, and whether its audit log still holds what it proves.";
    Ok(Page::developer(
        "Verify a receipt",
        view! {
            <PageHead title="Verify a receipt" lead=lead />
            {outcome}
            <form method="post" action="/verify" enctype="multipart/form-data" class="form">
                <div class="field">
                    <label for="receipt">"Receipt"</label>
                    <span class="hint" id="receipt-hint">
                        "A file that ends with .receipt.json, from the page of an application. It is looked at and not kept."
                    </span>
                    <input
                        class="input"
                        type="file"
                        id="receipt"
                        name="receipt"
                        accept=".json,application/json"
                        required
                        aria-describedby="receipt-hint"
                    />
                </div>
                <Button>"Verify"</Button>
            </form>
            <Card title="Without this desk">
                <p>
                    "The program "
                    <Code text="audit-verify".to_owned() />
                    " does the same on any machine, without a network. Give it the public key of the log, which you should have from elsewhere as well:"
                </p>
                <dl class="facts stacked">
                    <dt>"Public keys of this log, the newest first"</dt>
                    {keys}
                </dl>
            </Card>
        },
    )
    .described(lead))
}

fn whole(shown: &Shown) -> impl IntoView + use<> {
    let event = &shown.receipt.event;
    let (at, seq) = (Timestamp::from_micros(event.at), event.seq);
    let (what, reason) = (event.name.replace('_', " "), event.reason.clone());
    let about = format!("{} {}", event.subject, event.subject_id);
    let (hash, size) = (event.hash.clone(), shown.proven.checkpoint.size);
    let reason = (!reason.is_empty()).then(|| view! { <Fact name="Reason">{reason}</Fact> });
    let signed = shown
        .receipt
        .rows
        .iter()
        .filter(|row| is_one(row))
        .map(|row| {
            let [name, capacity, meaning, document] =
                ["signer_name", "capacity", "meaning", "document_sha256"]
                    .map(|column| row.text(column).to_owned());
            let how = given(row.text("method"));
            let proves = (row.text("method") == "passkey")
                .then_some("; the signer's own key has been held against it");
            view! {
                <Fact name="Signed by">{name} ", " {capacity} ", " {how} {proves}</Fact>
                <Fact name="Meaning">{meaning}</Fact>
                <Fact name="SHA-256 of the document">
                    <Hash text=document />
                </Fact>
            }
        })
        .collect_view();
    let (tone, still) = match shown.still_there {
        true => (
            Tone::Done,
            "The log of this desk still holds it at its place.",
        ),
        false => (
            Tone::Problem,
            "The log of this desk does not hold it at its place any more: keep the receipt, and show it to those who run the desk.",
        ),
    };
    view! {
        <Notice tone=tone>
            <p><strong>"This receipt is whole. "</strong> {still}</p>
        </Notice>
        <Card title="What it proves">
            <Facts>
                <Fact name="Event">{seq} " of the log"</Fact>
                <Fact name="What">{what}</Fact>
                <Fact name="When"><Time at=at /></Fact>
                <Fact name="About">{about}</Fact>
                {reason}
                {signed}
                <Fact name="SHA-256 of the event"><Hash text=hash /></Fact>
                <Fact name="Checkpoint">{count(size, "event")}</Fact>
            </Facts>
        </Card>
    }
}
