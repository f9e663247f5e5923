//! `/agreements`: the agreements in force and the versions before them.

use crate::{
    components::{Card, Day, DocumentView, Fact, Facts, Hash, Notice, PageHead, Tone},
    web::{Page, page},
};
use casework::queries::agreement::{InForce, Version, in_force, version_of, versions};
use leptos::prelude::*;

/// `/agreements`.
#[component]
pub fn OpenAgreementsPage() -> impl IntoView {
    page(|visit| async move {
        let agreements = in_force(&visit.desk).await?;
        let cards = agreements.into_iter().map(card).collect_view();
        let lead = "What you accept when you register, and what the owner of an app signs before real readings flow.";
        Ok(Page::developer(
            "Agreements",
            view! {
                <PageHead
                    title="Agreements"
                    lead=lead
                    crumbs=vec![("Overview".to_owned(), "/guides".to_owned())]
                />
                {cards}
            },
        )
        .described(lead))
    })
}

fn path(kind: &str, version: u32) -> String {
    format!("/agreements/{kind}/{version}")
}

fn card(agreement: InForce) -> impl IntoView {
    let href = path(&agreement.kind, agreement.version.number);
    let about = match agreement.kind.as_str() {
        casework::reference::DEVELOPER_AGREEMENT => "Accepted by everybody who registers.",
        _ => "Signed for each app before it gets Limited or Full Access.",
    };
    let kind = agreement.kind;
    let earlier = agreement
        .earlier
        .into_iter()
        .map(|version| {
            let href = path(&kind, version.number);
            view! {
                <li>
                    <a href=href>{format!("Version {}", version.number)}</a>
                    ", in force " {days(&version)}
                </li>
            }
        })
        .collect::<Vec<_>>();
    let earlier = (!earlier.is_empty()).then(|| {
        view! {
            <h3>"Earlier versions"</h3>
            <ul>{earlier}</ul>
        }
    });
    let (number, at) = (agreement.version.number, agreement.version.published_at);
    view! {
        <Card title=agreement.title.clone()>
            <p>{about}</p>
            <p>
                <a href=href>
                    "Read version " {number}
                    <span class="visually-hidden">{format!(" of the {}", agreement.title)}</span>
                </a>
                ", in force since " <Day at=at />
            </p>
            {earlier}
        </Card>
    }
}

/// From when to when a version was in force.
fn days(version: &Version) -> impl IntoView + use<> {
    let (from, until) = (version.published_at, version.until);
    let until = until.map(|at| view! { " to " <Day at=at /> });
    view! { "from " <Day at=from /> {until} }
}

/// `/agreements/{kind}/{version}`.
#[component]
pub fn OpenAgreementPage() -> impl IntoView {
    page(|visit| async move {
        let (kind, number): (String, u32) = (visit.at("kind")?, visit.at("version")?);
        let document = version_of(&visit.desk, &kind, number).await?;
        let all = versions(&visit.desk, &kind).await?;
        let newest = all.first().map_or(number, |version| version.number);
        let dates = all
            .iter()
            .find(|version| version.number == number)
            .map(days);
        let newer = (number < newest).then(|| {
            let href = path(&kind, newest);
            view! {
                <Notice tone=Tone::Info>
                    <p>
                        "This version is no longer in force. "
                        <a href=href>{format!("Version {newest}")}</a>
                        " is."
                    </p>
                </Notice>
            }
        });
        let title = document.title.clone();
        let named = format!("{title}, version {number}");
        let about = if number == newest {
            format!("The {title} that is in force now, version {number}, as it is signed.")
        } else {
            format!("An earlier {title}, version {number}, which is no longer in force.")
        };
        Ok(Page::developer(
            named,
            view! {
                <PageHead
                    title=title.clone()
                    lead=format!("Version {number}")
                    crumbs=vec![("Agreements".to_owned(), "/agreements".to_owned())]
                />
                {newer}
                <DocumentView label=title html=document.html>
                    <Facts>
                        <Fact name="In force">{dates}</Fact>
                        <Fact name="SHA-256 of the text">
                            <Hash text=document.sha256 />
                        </Fact>
                    </Facts>
                </DocumentView>
            },
        )
        .described(about))
    })
}
