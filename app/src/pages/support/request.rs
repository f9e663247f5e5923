//! `/support/{number}`: one request. Its developer and our side see the same messages; what is ours
//! alone is drawn by `work` and only from what `Inside` holds.

use super::{FILES_ACCEPTED, FILES_HINT, crumbs, due::we_answer_by, state_tag, work};
use crate::{
    components::{
        AsTyped, Button, Card, ClockPair, Day, Due, DueTag, Fact, Facts, FileField, FileRow, Files,
        Lie, Need, Notice, Opt, PageHead, Radios, Reader, Slot, TextArea, Time, Tone, Weight,
    },
    steps::support::request_path,
    web::{Page, Visit, page},
};
use casework::input::Input;
use casework::support::{
    commands::{
        AddRequestFileInput, AnswerRequestInput, CloseRequestInput, FILES, RateRequestInput,
        RemoveRequestFileInput, ReopenRequestInput, ReplyRequestInput,
    },
    queries::{Message, RequestPage, WroteIt, request_page},
};
use leptos::prelude::*;
use workflow::support::{ActionKind, MOST_STARS, State};

/// `/support/{number}`.
#[component]
pub fn RequestScreen() -> impl IntoView {
    page(|visit| async move {
        let request = request_page(&visit.desk, visit.caller()?, visit.at("number")?).await?;
        if let Some(path) = goes_on(&visit, &request).await {
            return Ok(Page::elsewhere(path));
        }
        let title = format!("{} {}", request.number, request.subject);
        let reply = work::reply_text(&visit, &request).await?;
        let is_ours = request.inside.is_some();
        let body = body(&visit, request, reply);
        Ok(match is_ours {
            true => Page::new(title, body),
            false => Page::developer(title, body),
        })
    })
}

/// Where what came back to this page goes on: it was written for the developer, or by them, on a request
/// that was merged meanwhile, and the form for it stands on the page of the other.
async fn goes_on(visit: &Visit, request: &RequestPage) -> Option<String> {
    let into = request.merged_into?;
    let came_back = visit.kept.as_ref()?;
    let writes = [
        AnswerRequestInput::STEP,
        ReopenRequestInput::STEP,
        ReplyRequestInput::STEP,
    ];
    if !writes.contains(&came_back.kept.step.as_str()) {
        return None;
    }
    let other = request_page(&visit.desk, visit.caller().ok()?, into).await;
    other.is_ok().then(|| request_path(into))
}

/// `reply` is what the text of our answer holds where a canned text was put in.
fn body(visit: &Visit, request: RequestPage, reply: Option<String>) -> impl IntoView + use<> {
    let title = format!("{} · {}", request.number, request.subject);
    let up = match request.inside {
        Some(_) => vec![("Queue of support".to_owned(), "/support/queue".to_owned())],
        None => crumbs(),
    };
    let said = request.messages.iter().map(message).collect_view();
    let forms = match &request.inside {
        Some(inside) => work::forms(visit, &request, inside, reply).into_any(),
        None => developer_forms(visit, &request).into_any(),
    };
    view! {
        <PageHead title=title crumbs=up />
        {where_it_went(&request)}
        {facts(visit, &request)}
        <Card title="Messages" id="messages">
            {said}
        </Card>
        {as_answer(&request)}
        {unsent(visit, &request)}
        {forms}
    }
}

/// What was written here can become the answer to a question of ours about the application.
fn as_answer(request: &RequestPage) -> Option<impl IntoView + use<>> {
    let case = request
        .case
        .as_ref()
        .filter(|_| !request.questions.is_empty())?
        .number;
    let items = request
        .questions
        .iter()
        .map(|question| {
            let href = format!(
                "/applications/{case}/answer?from={}&question={}",
                request.number, question.id
            );
            view! {
                <li>
                    <a href=href>"Answer with what you wrote here"</a>
                    <AsTyped text=question.text.clone() />
                </li>
            }
        })
        .collect_view();
    Some(view! {
        <Card title=format!("Our open questions about {case}") id="questions">
            <ul>{items}</ul>
        </Card>
    })
}

/// What the reader attached and has not sent. With scripts more is attached here, one by one and seen
/// on its way, while what is typed below stays; without them files go with what is written
/// ([`files_beside`]).
fn unsent(visit: &Visit, request: &RequestPage) -> Option<impl IntoView + use<>> {
    let rows = request
        .unsent
        .iter()
        .map(|file| {
            let remove = visit
                .form::<RemoveRequestFileInput>()
                .id(format!("remove-{}", file.id))
                .label(format!("Remove {}", file.name))
                .hidden(RemoveRequestFileInput::request(), &request.number)
                .hidden(RemoveRequestFileInput::file(), &file.id)
                .show(|_| view! { <Button weight=Weight::Link>"Remove file"</Button> });
            let (name, href) = (file.name.clone(), format!("/files/{}", file.id));
            view! { <FileRow name=name href=href size=file.size at=file.at>{remove}</FileRow> }
        })
        .collect::<Vec<_>>();
    let may_add = request.can(ActionKind::Answer) || request.can(ActionKind::Reply);
    let said = match may_add || request.can(ActionKind::Reopen) {
        true => "Not sent yet: they go with what you write next, and only you see them until then.",
        false => "They were not sent, and nothing more is written here: only you see them.",
    };
    let list = (!rows.is_empty()).then(|| {
        view! {
            <p>{said}</p>
            <Files>{rows}</Files>
        }
    });
    let form = may_add.then(|| {
        visit
            .form::<AddRequestFileInput>()
            .files_to(format!("/files/{}/{FILES}", request.number))
            .show(|form| {
                let of = form.at(AddRequestFileInput::files().of(&FILES.to_owned()));
                view! {
                    <FileField
                        of=of
                        hint=FILES_HINT
                        accept=FILES_ACCEPTED
                    />
                    <Button weight=Weight::Quiet>"Attach file"</Button>
                }
            })
    });
    (form.is_some() || list.is_some()).then(|| {
        let is_empty = list.is_none();
        view! {
            <Card title="Files to send" id="files">
                {list}
                {is_empty.then(|| view! {
                    <p data-without-scripts>"None yet. Choose some where you write, below."</p>
                })}
                <div data-with-scripts hidden>{form}</div>
            </Card>
        }
    })
}

/// Where somebody without scripts chooses the files that go with a text.
pub(super) fn files_beside(of: Slot) -> impl IntoView {
    view! {
        <div data-without-scripts>
            <FileField of=of need=Need::Optional hint=FILES_HINT accept=FILES_ACCEPTED />
        </div>
    }
}

/// Nothing is lost: where what is over goes on.
fn where_it_went(request: &RequestPage) -> impl IntoView + use<> {
    let merged = request.merged_into.map(|into| {
        view! {
            <p>
                "This request goes on in "
                <a href=request_path(into)>{into.to_string()}</a> "."
            </p>
        }
    });
    let moved = request
        .moved_to
        .clone()
        .map(|place| view! { <p>"This request goes on in another place: " {place}</p> });
    let closed = (request.state == State::Closed).then(|| {
        view! { <p>"This request is closed. What was written stays here."</p> }
    });
    let here = (!request.merged_here.is_empty()).then(|| {
        let links = request
            .merged_here
            .iter()
            .map(|one| view! { " " <a href=request_path(*one)>{one.to_string()}</a> })
            .collect_view();
        view! { <p>"Goes on here as well:" {links}</p> }
    });
    (merged.is_some() || moved.is_some() || closed.is_some() || here.is_some()).then(|| {
        view! { <Notice tone=Tone::Info>{merged}{moved}{closed}{here}</Notice> }
    })
}

fn facts(visit: &Visit, request: &RequestPage) -> impl IntoView + use<> {
    let to_developer = request.inside.is_none();
    let reader = if to_developer {
        Reader::Developer
    } else {
        Reader::Staff
    };
    let known = visit.desk.reference.known();
    let now = visit.now();
    let due = if to_developer {
        let by = we_answer_by(request.state, request.due, now);
        by.map(|by| view! { <Fact name="We answer by">{by}</Fact> }.into_any())
    } else {
        request.due.map(|at| {
            let due = Due::of(at, now, &known.calendar);
            view! { <Fact name="Answer due"><DueTag at=at due=due /></Fact> }.into_any()
        })
    };
    let app = request.app.clone().map(|(id, name)| {
        let name = if to_developer {
            view! { <a href=format!("/apps/{id}")>{name}</a> }.into_any()
        } else {
            name.into_any()
        };
        view! { <Fact name="App">{name}</Fact> }
    });
    let case = request.case.as_ref().map(|case| {
        let number = if to_developer {
            let href = format!("/applications/{}", case.number);
            view! { <a href=href>{case.number.to_string()}</a> }.into_any()
        } else {
            work::case_link(case)
        };
        view! { <Fact name="Application">{number}</Fact> }
    });
    let until = request
        .reopens_until
        .map(|at| view! { <Fact name="Can be reopened until"><Day at=at /></Fact> });
    let sentence = to_developer.then(|| view! { <p>{request.state.sentence()}</p> });
    let running = request.state.side();
    let (state, spent, opened) = (request.state, request.spent, request.opened);
    let (category, environment) = (request.category.label(), request.environment.label());
    view! {
        <Card title="Where it stands" id="state">
            {sentence}
            <Facts>
                <Fact name="State">{state_tag(state, to_developer)}</Fact>
                {due}
                <Fact name="Time">
                    <ClockPair spent=spent running=running reader=reader />
                </Fact>
                <Fact name="About">{category}</Fact>
                {app}
                {case}
                <Fact name="Where it happens">{environment}</Fact>
                <Fact name="Opened"><Time at=opened /></Fact>
                {until}
            </Facts>
        </Card>
    }
}

fn message(message: &Message) -> impl IntoView + use<> {
    let who = match &message.by {
        WroteIt::You => "You".to_owned(),
        WroteIt::Developer(name) => name.clone(),
        WroteIt::Us(Some(name)) => format!("{name}, support"),
        WroteIt::Us(None) => "Support".to_owned(),
    };
    let at = message.at;
    let text = (!message.text.is_empty()).then(|| view! { <AsTyped text=message.text.clone() /> });
    let files = message
        .files
        .iter()
        .map(|file| {
            let (name, href) = (file.name.clone(), format!("/files/{}", file.id));
            view! { <FileRow name=name href=href size=file.size at=file.at /> }
        })
        .collect::<Vec<_>>();
    let files = (!files.is_empty()).then(|| view! { <Files>{files}</Files> });
    view! {
        <div class="message">
            <p>
                <strong><bdi>{who}</bdi></strong>
                ", " <Time at=at />
            </p>
            {text}
            {files}
        </div>
    }
}

fn developer_forms(visit: &Visit, request: &RequestPage) -> impl IntoView + use<> {
    let number = request.number;
    let answer = request.can(ActionKind::Answer).then(|| {
        let form = visit
            .form::<AnswerRequestInput>()
            .instead_of(ReopenRequestInput::STEP)
            .with_files()
            .hidden(AnswerRequestInput::request(), &number)
            .show(|form| {
                view! {
                    <TextArea
                        of=form.at(AnswerRequestInput::text())
                        hint="Leave out passwords, secrets and the data of users."
                    />
                    {files_beside(form.at(AnswerRequestInput::files()))}
                    <Button>"Send answer"</Button>
                }
            });
        view! { <Card title="Write to us" id="answer">{form}</Card> }
    });
    let reopen = request.can(ActionKind::Reopen).then(|| {
        let form = visit
            .form::<ReopenRequestInput>()
            .instead_of(AnswerRequestInput::STEP)
            .with_files()
            .hidden(ReopenRequestInput::request(), &number)
            .show(|form| {
                view! {
                    <TextArea of=form.at(ReopenRequestInput::text()) />
                    <FileField
                        of=form.at(ReopenRequestInput::files())
                        need=Need::Optional
                        hint=FILES_HINT
                        accept=FILES_ACCEPTED
                    />
                    <Button>"Reopen"</Button>
                }
            });
        view! { <Card title="It is not solved?" id="reopen">{form}</Card> }
    });
    let rate = request.can(ActionKind::Rate).then(|| {
        let stars = (1..=MOST_STARS)
            .rev()
            .map(|stars| Opt::new(stars.to_string(), star_text(stars)))
            .collect();
        let form = visit
            .form::<RateRequestInput>()
            .hidden(RateRequestInput::request(), &number)
            .show(move |form| {
                view! {
                    <Radios of=form.at(RateRequestInput::stars()) options=stars lie=Lie::Across />
                    <TextArea
                        of=form.at(RateRequestInput::comment())
                        need=Need::Optional
                        rows=3
                    />
                    <Button weight=Weight::Quiet>"Rate"</Button>
                }
            });
        view! { <Card title="How was it?" id="rate">{form}</Card> }
    });
    let rated = request
        .rated
        .map(|stars| view! { <p>"You rated our answer: " {star_text(stars)}</p> });
    let close = request.can(ActionKind::Close).then(|| {
        visit
            .form::<CloseRequestInput>()
            .hidden(CloseRequestInput::request(), &number)
            .hidden(CloseRequestInput::version(), &request.version)
            .show(|_| view! { <Button weight=Weight::Quiet>"Close request"</Button> })
    });
    view! {
        {answer}
        {reopen}
        {rate}
        {rated}
        {close}
    }
}

/// A rating in words.
pub(super) const fn star_text(stars: u8) -> &'static str {
    match stars {
        1 => "1, not at all",
        2 => "2, hardly",
        3 => "3, partly",
        4 => "4, well",
        _ => "5, very well",
    }
}
