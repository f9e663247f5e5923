//! `/partners`: what the programme is, for everybody; the own apps of a developer; for us, the
//! partnerships by state.

use super::{partner_path, state_tag};
use crate::{
    components::{
        ButtonLink, Card, Column, DataTable, Day, EmptyState, PageHead, Pagination, ViewTab,
        ViewTabs, Weight,
    },
    pages::also_waiting,
    web::{Page, Visit, page},
};
use casework::{
    Error, Result, paging,
    partners::queries::{
        MyPartner, PARTNER_PAGE, PartnerFilter, PartnerLine, Partners, my_partners, partners,
    },
    words::count,
};
use leptos::prelude::*;
use workflow::{
    Settings,
    partners::{Criterion, FIRST_USER_DAYS, State},
};

/// What the page is about, to whom finds it from outside.
const ABOUT: &str = "What a Digital Health Partner is, the three criteria, and how to become one.";

/// `/partners`.
#[component]
pub fn PartnersPage() -> impl IntoView {
    page(|visit| async move {
        let settings = visit.desk.reference.known().settings.clone();
        let filter = PartnerFilter {
            state: visit.query("state").and_then(State::from_word),
            page: paging::asked(visit.query("page").unwrap_or("")),
        };
        let all = all(&visit, filter).await?;
        let mine = match visit.caller() {
            Ok(caller) => Some(my_partners(&visit.desk, caller).await?),
            Err(_) => None,
        };
        let inside = all.is_some();
        let also = match inside {
            true => also_waiting::line(&visit, &[]).await?,
            false => None,
        };
        let list = all.map(|all| list(filter, all));
        let own = mine
            .filter(|mine| !mine.is_empty() || !inside)
            .map(own_apps);
        let visitor = visit.caller().is_err().then(how_to_begin);
        let body = view! {
            <PageHead
                title="Digital Health Partners"
                lead="Apps with Full Access that meet three criteria, today and every day."
            />
            {also}
            {list}
            {own}
            {programme(&settings)}
            {visitor}
        };
        let title = "Digital Health Partners";
        Ok(if inside {
            Page::new(title, body)
        } else {
            Page::developer(title, body).described(ABOUT)
        })
    })
}

/// None to those who do not read them.
async fn all(visit: &Visit, filter: PartnerFilter) -> Result<Option<Partners>> {
    let Ok(caller) = visit.caller() else {
        return Ok(None);
    };
    match partners(&visit.desk, caller, filter).await {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound | Error::Forbidden { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn address(state: Option<State>, page: u64) -> String {
    let mut query = Vec::new();
    if let Some(state) = state {
        query.push(format!("state={}", state.word()));
    }
    if page > 1 {
        query.push(format!("page={page}"));
    }
    if query.is_empty() {
        "/partners".to_owned()
    } else {
        format!("/partners?{}", query.join("&"))
    }
}

fn list(filter: PartnerFilter, found: Partners) -> impl IntoView {
    let count = |state: State| found.counts.get(state.word()).copied().unwrap_or(0);
    let mut tabs = vec![ViewTab {
        label: "All".to_owned(),
        href: address(None, 1),
        count: Some(found.counts.values().sum::<u64>().into()),
        current: filter.state.is_none(),
        urgent: false,
    }];
    let shown = State::ALL
        .iter()
        .copied()
        .filter(|state| *state != State::None);
    tabs.extend(shown.map(|state| ViewTab {
        label: state.label().to_owned(),
        href: address(Some(state), 1),
        count: Some(count(state).into()),
        current: filter.state == Some(state),
        urgent: false,
    }));
    let first = (found.page - 1) * PARTNER_PAGE + 1;
    let last = (found.page * PARTNER_PAGE).min(found.total);
    let turn = |page| address(filter.state, page);
    let previous = (found.page > 1).then(|| turn(found.page - 1));
    let next = (last < found.total).then(|| turn(found.page + 1));
    let list = if found.lines.is_empty() {
        view! {
            <EmptyState
                title="Nothing here"
                text="No application and no partnership stands so at the moment."
            />
        }
        .into_any()
    } else {
        let columns = vec![
            Column::new("App"),
            Column::new("State").tight(),
            Column::new("Since").tight(),
            Column::new("Changes by itself").tight(),
            Column::new("Applied").tight(),
        ];
        let rows = found.lines.into_iter().map(row).collect_view();
        view! {
            <DataTable caption="Partnerships" columns=columns>{rows}</DataTable>
            <Pagination
                first=first
                last=last
                total=found.total
                noun="partnerships"
                previous=previous
                next=next
            />
        }
        .into_any()
    };
    view! {
        <ViewTabs label="Partnerships by state" tabs=tabs />
        {list}
    }
}

fn row(line: PartnerLine) -> impl IntoView {
    let day = |at: Option<workflow::Timestamp>| at.map(|at| view! { <Day at=at /> });
    view! {
        <tr class="leads">
            <th scope="row">
                <a class="lead" href=partner_path(line.app)>{line.name}</a>
                <span class="under">{line.organisation}</span>
            </th>
            <td>{state_tag(line.standing.state)}</td>
            <td data-label="Since">{day(line.standing.since)}</td>
            <td data-label="Changes by itself">{day(line.standing.next)}</td>
            <td data-label="Applied"><Day at=line.applied /></td>
        </tr>
    }
}

fn own_apps(mine: Vec<MyPartner>) -> impl IntoView {
    let list = if mine.is_empty() {
        view! {
            <EmptyState
                title="You have no app yet"
                text="A partner's app has Full Access. Begin with an app and its sandbox."
            >
                <ButtonLink href="/apps">"My apps"</ButtonLink>
            </EmptyState>
        }
        .into_any()
    } else {
        let columns = vec![
            Column::new("App"),
            Column::new("Partnership").tight(),
            Column::new("Criteria met").tight(),
        ];
        let rows = mine
            .into_iter()
            .map(|one| {
                let met = format!("{} of {}", one.met, Criterion::ALL.len());
                let under = (!one.full).then_some("needs Full Access");
                view! {
                    <tr class="leads">
                        <th scope="row">
                            <a class="lead" href=partner_path(one.app)>{one.name}</a>
                            <span class="under">{under}</span>
                        </th>
                        <td>{state_tag(one.standing.state)}</td>
                        <td data-label="Criteria met">{met}</td>
                    </tr>
                }
            })
            .collect_view();
        view! { <DataTable caption="Your apps" columns=columns>{rows}</DataTable> }.into_any()
    };
    view! { <Card title="Your apps" id="apps">{list}</Card> }
}

fn programme(settings: &Settings) -> impl IntoView + use<> {
    let agreement = format!(
        "The Data Licensing Agreement is accepted for it, its access is not suspended, and a newer version of the agreement is accepted within {}.",
        count(settings.reacceptance_days, "day")
    );
    let app = format!(
        "It has Full Access, everybody can get it, at least one of its store pages answers, and its support contact was confirmed in the last {}.",
        count(settings.partner_contact_months, "month")
    );
    let users = format!(
        "It had an active user within {FIRST_USER_DAYS} days of the day on which it became available, and had one in the last {}.",
        count(settings.partner_active_days, "day")
    );
    let fallen = format!(
        "We look at the criteria all the time. When one is not met we write to you at once; after {} the partnership rests, and {} later it ends. As long as it has not ended, it comes back by itself once every criterion is met again.",
        count(settings.partner_rest_days, "day"),
        count(settings.partner_end_days, "day")
    );
    view! {
        <Card title="The three criteria" id="criteria">
            <ol>
                <li><strong>"The app adheres to the agreement."</strong> " " {agreement}</li>
                <li><strong>"It is published and supported."</strong> " " {app}</li>
                <li><strong>"People use it."</strong> " " {users}</li>
            </ol>
        </Card>
        <Card title="How it goes" id="steps">
            <ol>
                <li>"An owner of the app says since when and where everybody can get it, and applies."</li>
                <li>"A partner manager of ours looks at it and proposes; somebody else decides."</li>
                <li>{fallen}</li>
            </ol>
            <p class="quiet-text">
                "Partners may show their app in the gallery. That is neither an approval nor an endorsement of the app."
            </p>
        </Card>
    }
}

fn how_to_begin() -> impl IntoView {
    view! {
        <Card title="Your app" id="begin">
            <p>"Sign in to see which criteria your app meets and what is missing."</p>
            <div class="buttons">
                <ButtonLink href="/sign-in?next=/partners">"Sign in"</ButtonLink>
                <ButtonLink href="/register" weight=Weight::Quiet>
                    "Register"
                </ButtonLink>
            </div>
        </Card>
    }
}
