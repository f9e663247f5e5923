//! `/support`: questions and answers for everybody, and the own requests of whoever is signed in.

use super::{article_list, due::we_answer_by, state_tag};
use crate::{
    components::{
        Button, ButtonLink, Card, Column, DataTable, Day, EmptyState, Line, PageHead, TextField,
        Weight,
    },
    web::{Page, Visit, page},
};
use casework::{
    Result,
    support::queries::{
        ArticleLine, FoundArticles, Mine, MyRequest, articles, my_requests, search_articles,
    },
};
use leptos::prelude::*;
use workflow::Timestamp;

/// `/support`.
#[component]
pub fn SupportPage() -> impl IntoView {
    page(|visit| async move {
        let text = visit.query("q").unwrap_or("").trim().to_owned();
        let found = match text.as_str() {
            "" => answers(articles(&visit.desk).await?),
            text => found(search_articles(&visit.desk, text).await?),
        };
        let mine = mine(&visit).await?;
        Ok(
            Page::developer("Support", body(&visit, text, found, mine)).described(
                "Answers to what other developers asked, and a place to ask us what is not answered yet.",
            ),
        )
    })
}

/// None where nobody is signed in.
async fn mine(visit: &Visit) -> Result<Option<Mine>> {
    match visit.caller() {
        Ok(caller) => my_requests(&visit.desk, caller).await.map(Some),
        Err(_) => Ok(None),
    }
}

fn body(visit: &Visit, text: String, found: AnyView, mine: Option<Mine>) -> impl IntoView + use<> {
    let may_open = mine.as_ref().is_some_and(|mine| mine.may_open);
    let may_work = mine.as_ref().is_some_and(|mine| mine.may_work);
    let buttons = view! {
        {may_open.then(|| view! { <ButtonLink href="/support/new">"Ask a question"</ButtonLink> })}
        {may_work
            .then(|| {
                view! {
                    <ButtonLink href="/support/queue" weight=Weight::Quiet>
                        "Queue of support"
                    </ButtonLink>
                }
            })}
    };
    let own = mine
        .filter(|mine| mine.may_open || !mine.requests.is_empty())
        .map(|mine| own_requests(mine.requests, visit.now()));
    let visitor = visit.caller().is_err().then(how_to_register);
    view! {
        <PageHead title="Support" lead="Look for an answer, or ask us.">
            {buttons}
        </PageHead>
        {own}
        <Card title="Questions and answers" id="articles">
            {search("/support", &text, "Search the answers", "q")}
            {found}
        </Card>
        {visitor}
    }
}

/// A search by GET: works without scripts, and the address says what was looked for.
fn search(
    action: &'static str,
    text: &str,
    label: &'static str,
    name: &'static str,
) -> impl IntoView + use<> {
    let text = text.to_owned();
    crate::components::filters(action, move |search| {
        view! {
            <div class="search">
                <TextField of=search.at(name) label=label line=Line::Search value=text />
            </div>
            <Button weight=Weight::Quiet>"Search"</Button>
        }
    })
}

fn answers(all: Vec<ArticleLine>) -> AnyView {
    if all.is_empty() {
        let text = "Answers that may help others appear here once they are released.";
        return view! { <EmptyState title="No answers yet" text=text /> }.into_any();
    }
    article_list(all).into_any()
}

fn found(found: FoundArticles) -> AnyView {
    let some = (!found.has_every_word)
        .then_some("No answer has all of these words. These have some of them:");
    if found.lines.is_empty() {
        let title = "No answer has these words";
        let text = "Try other words, or ask us.";
        return view! { <EmptyState title=title text=text /> }.into_any();
    }
    view! {
        {some.map(|text| view! { <p>{text}</p> })}
        {article_list(found.lines)}
    }
    .into_any()
}

fn own_requests(requests: Vec<MyRequest>, now: Timestamp) -> impl IntoView {
    let list = if requests.is_empty() {
        view! {
            <EmptyState
                title="You have not asked anything"
                text="What you ask stays here, with our answers and where it stands."
            />
        }
        .into_any()
    } else {
        let columns = vec![
            Column::new("Request").tight(),
            Column::new("Subject"),
            Column::new("State").tight(),
            Column::new("We answer by"),
            Column::new("Changed").tight(),
        ];
        let rows = requests
            .into_iter()
            .map(|one| {
                let href = format!("/support/{}", one.number);
                view! {
                    <tr class="leads">
                        <th scope="row">
                            <a class="lead nowrap" href=href>{one.number.to_string()}</a>
                        </th>
                        <td class="whole">
                            {one.subject}
                            <span class="under">{one.category.label()}</span>
                        </td>
                        <td>{state_tag(one.state, true)}</td>
                        <td data-label="We answer by">{we_answer_by(one.state, one.due, now)}</td>
                        <td data-label="Changed"><Day at=one.changed /></td>
                    </tr>
                }
            })
            .collect_view();
        view! { <DataTable caption="Your requests" columns=columns>{rows}</DataTable> }.into_any()
    };
    view! { <Card title="Your requests" id="requests">{list}</Card> }
}

fn how_to_register() -> impl IntoView {
    view! {
        <Card title="Ask us" id="ask">
            <p>
                "Registered developers ask us here and see where each request stands. "
                "Register with your email address, confirm it with the link we send you, and sign in."
            </p>
            <div class="buttons">
                <ButtonLink href="/register">"Register"</ButtonLink>
                <ButtonLink href="/sign-in?next=/support/new" weight=Weight::Quiet>
                    "Sign in to ask"
                </ButtonLink>
            </div>
        </Card>
    }
}
