//! What our side does with a request, and what only our side reads of it.

use super::request::{files_beside, star_text};
use crate::{
    components::{
        AsTyped, Button, ButtonLink, Buttons, Card, Fact, Facts, FormOf, Need, Notice, Opt, Select,
        TextArea, TextField, Time, Tone, Weight,
    },
    web::Visit,
};
use casework::{
    Error, Result,
    support::{
        commands::{
            AssignRequestInput, Decision, LinkRequestInput, MergeRequestInput, MoveRequestInput,
            NoteRequestInput, ReleaseRequestInput, ReplyRequestInput, UnlinkRequestInput,
            put_behind,
        },
        queries::{Inside, LinkedCase, RequestPage, Unreached, canned_text_for},
    },
};
use leptos::prelude::*;
use uuid::Uuid;
use workflow::support::ActionKind;

/// All of it, the likely action first.
pub(super) fn forms(
    visit: &Visit,
    request: &RequestPage,
    inside: &Inside,
    text: Option<String>,
) -> impl IntoView + use<> {
    let gone = inside.unreached.map(|why| {
        let text = match why {
            Unreached::Disabled => {
                "The developer's account is disabled: they cannot answer here, and letters to them are held; they go out if the account is enabled in time."
            }
            Unreached::Closed => {
                "The developer's account is closed: no letter reaches them, and they cannot answer here."
            }
        };
        view! {
            <Notice tone=Tone::Attention>
                <p>{text}</p>
            </Notice>
        }
    });
    view! {
        {gone}
        {reply(visit, request, inside, text)}
        {notes(visit, request, inside)}
        {seat(visit, request, inside)}
        {cases(visit, request, inside)}
        {elsewhere(visit, request, inside)}
        {articles(request, inside)}
    }
}

/// What was typed with the canned text behind it, where one was to be put in; the form came back for
/// that alone, and nothing was sent.
pub(super) async fn reply_text(visit: &Visit, request: &RequestPage) -> Result<Option<String>> {
    let form = visit.form::<ReplyRequestInput>();
    let typed = |token| form.typed(&token).unwrap_or_default();
    let said = form.typed(&ReplyRequestInput::put_in());
    let is_put_in = said.is_some_and(|said| !said.is_empty());
    let chosen = form.typed(&ReplyRequestInput::canned());
    let Some(id) = chosen.and_then(|id| id.parse().ok()).filter(|_| is_put_in) else {
        return Ok(None);
    };
    let caller = visit.caller()?;
    let canned = match canned_text_for(&visit.desk, caller, request.number, id).await {
        Ok(canned) => canned,
        // Retired since: what was typed stands there, and the list says the rest.
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(put_behind(&typed(ReplyRequestInput::text()), &canned)))
}

/// The list of canned texts with its button, below those that send: Enter and whoever presses the
/// first button mean these. Nothing where there are none.
fn canned(form: &FormOf<ReplyRequestInput>, texts: &[(Uuid, String)]) -> Option<AnyView> {
    if texts.is_empty() {
        return None;
    }
    let options = texts
        .iter()
        .map(|(id, title)| Opt::new(id.to_string(), title))
        .collect();
    let put_in = form.says(&ReplyRequestInput::put_in(), "yes");
    Some(
        view! {
            <div class="row foot-line">
                <Select
                    of=form.at(ReplyRequestInput::canned())
                    options=options
                    prompt="Choose a text"
                    need=Need::Optional
                />
                <Button weight=Weight::Quiet says=put_in>"Put in"</Button>
            </div>
        }
        .into_any(),
    )
}

fn reply(
    visit: &Visit,
    request: &RequestPage,
    inside: &Inside,
    text: Option<String>,
) -> Option<impl IntoView + use<>> {
    let texts = inside.canned.clone();
    let form = request.can(ActionKind::Reply).then(|| {
        visit
            .form::<ReplyRequestInput>()
            .with_files()
            .hidden(ReplyRequestInput::request(), &request.number)
            .hidden(ReplyRequestInput::version(), &request.version)
            .show(move |form| {
                let solve = form.says(&ReplyRequestInput::solved(), "yes");
                view! {
                    <TextArea
                        of=form.at(ReplyRequestInput::text()).holding(text)
                        hint="The developer reads this, and is told of it."
                    />
                    {files_beside(form.at(ReplyRequestInput::files()))}
                    <Buttons>
                        <Button>"Reply"</Button>
                        <Button weight=Weight::Quiet says=solve>"Reply and solve"</Button>
                    </Buttons>
                    {canned(form, &texts)}
                }
            })
    })?;
    Some(view! { <Card title="Reply" id="reply">{form}</Card> })
}

fn notes(visit: &Visit, request: &RequestPage, inside: &Inside) -> impl IntoView + use<> {
    let notes = inside
        .notes
        .iter()
        .map(|note| {
            view! {
                <div class="message">
                    <p>
                        <strong><bdi>{note.by.clone()}</bdi></strong>
                        ", " <Time at=note.at />
                    </p>
                    <AsTyped text=note.text.clone() />
                </div>
            }
        })
        .collect_view();
    let form = request.can(ActionKind::Note).then(|| {
        visit
            .form::<NoteRequestInput>()
            .hidden(NoteRequestInput::request(), &request.number)
            .show(|form| {
                view! {
                    <TextArea
                        of=form.at(NoteRequestInput::text())
                        hint="Only our side reads this."
                        rows=3
                    />
                    <Button weight=Weight::Quiet>"Add note"</Button>
                }
            })
    });
    view! {
        <Card title="Notes, for our side alone" id="notes">
            {notes}
            {form}
        </Card>
    }
}

fn seat(visit: &Visit, request: &RequestPage, inside: &Inside) -> impl IntoView + use<> {
    let holder = match &inside.assignee {
        Some(person) => person.name.clone(),
        None => "Nobody".to_owned(),
    };
    let me = visit.caller().ok().map(|caller| caller.person);
    let form = |id: &'static str| {
        visit
            .form::<AssignRequestInput>()
            .id(id)
            .hidden(AssignRequestInput::request(), &request.number)
            .hidden(AssignRequestInput::version(), &request.version)
    };
    let may_assign = request.can(ActionKind::Assign);
    let is_mine = inside.assignee.as_ref().map(|person| person.id) == me;
    let take = (may_assign && !is_mine).then(|| {
        form("take_request")
            .fixed(&AssignRequestInput::to(), &me)
            .show(|_| view! { <Button weight=Weight::Quiet>"Take it"</Button> })
    });
    let assign = (may_assign && inside.colleagues.len() > 1).then(|| {
        let colleagues = inside
            .colleagues
            .iter()
            .map(|person| Opt::new(person.id.to_string(), &person.name))
            .collect();
        form("assign_request").show(move |form| {
            view! {
                <Select
                    of=form.at(AssignRequestInput::to())
                    options=colleagues
                    prompt="Choose a colleague"
                />
                <Button weight=Weight::Quiet>"Assign"</Button>
            }
        })
    });
    let release = request.can(ActionKind::Release).then(|| {
        visit
            .form::<ReleaseRequestInput>()
            .hidden(ReleaseRequestInput::request(), &request.number)
            .hidden(ReleaseRequestInput::version(), &request.version)
            .show(|_| view! { <Button weight=Weight::Quiet>"Release"</Button> })
    });
    let rating = inside
        .stars
        .map(|stars| view! { <Fact name="Rated">{star_text(stars)}</Fact> });
    let comment = inside
        .rating
        .clone()
        .map(|text| view! { <Fact name="They say"><AsTyped text=text /></Fact> });
    let developer = inside.developer.clone();
    view! {
        <Card title="People" id="people">
            <Facts>
                <Fact name="Developer">{developer}</Fact>
                <Fact name="Assignee">{holder}</Fact>
                {rating}
                {comment}
            </Facts>
            {take}
            {assign}
            {release}
        </Card>
    }
}

/// A case, linked for those who may open it.
pub(super) fn case_link(case: &LinkedCase) -> AnyView {
    let number = case.number.to_string();
    if case.readable {
        let href = format!("/cases/{number}");
        view! { <a href=href>{number}</a> }.into_any()
    } else {
        number.into_any()
    }
}

fn cases(visit: &Visit, request: &RequestPage, inside: &Inside) -> Option<impl IntoView + use<>> {
    let links = inside
        .links
        .iter()
        .map(|case| {
            let unlink = request.can(ActionKind::Link).then(|| {
                visit
                    .form::<UnlinkRequestInput>()
                    .id(format!("unlink-{}", case.number))
                    .label(format!("Take the link to {} away", case.number))
                    .inline()
                    .hidden(UnlinkRequestInput::request(), &request.number)
                    .hidden(UnlinkRequestInput::case(), &case.number)
                    .show(|_| view! { <Button weight=Weight::Link>"Take away"</Button> })
            });
            view! { <li>{case_link(case)} " · " {case.app.clone()} {unlink}</li> }
        })
        .collect_view();
    let form = request.can(ActionKind::Link).then(|| {
        visit
            .form::<LinkRequestInput>()
            .hidden(LinkRequestInput::request(), &request.number)
            .show(|form| {
                view! {
                    <TextField
                        of=form.at(LinkRequestInput::case())
                        hint="A case that has been handed in, such as UD-1042."
                    />
                    <Button weight=Weight::Quiet>"Link case"</Button>
                }
            })
    });
    let list = (!inside.links.is_empty()).then(|| view! { <ul>{links}</ul> });
    (list.is_some() || form.is_some()).then(|| {
        view! {
            <Card title="Cases" id="cases">
                {list}
                {form}
            </Card>
        }
    })
}

fn elsewhere(
    visit: &Visit,
    request: &RequestPage,
    inside: &Inside,
) -> Option<impl IntoView + use<>> {
    let merge = (request.can(ActionKind::Merge) && !inside.others.is_empty()).then(|| {
        let others = inside
            .others
            .iter()
            .map(|(number, subject)| Opt::new(number.to_string(), format!("{number} {subject}")))
            .collect();
        visit
            .form::<MergeRequestInput>()
            .hidden(MergeRequestInput::request(), &request.number)
            .hidden(MergeRequestInput::version(), &request.version)
            .show(move |form| {
                view! {
                    <Select
                        of=form.at(MergeRequestInput::into())
                        options=others
                        prompt="Choose a request"
                        hint="Another open request of the same developer. What was written stays here."
                    />
                    <Button weight=Weight::Quiet>"Merge"</Button>
                }
            })
    });
    let go = request.can(ActionKind::Move).then(|| {
        visit
            .form::<MoveRequestInput>()
            .hidden(MoveRequestInput::request(), &request.number)
            .hidden(MoveRequestInput::version(), &request.version)
            .show(|form| {
                view! {
                    <TextField
                        of=form.at(MoveRequestInput::place())
                        hint="The developer reads this: who goes on with it, and how to reach them."
                    />
                    <Button weight=Weight::Quiet>"Move"</Button>
                }
            })
    });
    (merge.is_some() || go.is_some()).then(|| {
        view! { <Card title="Goes on elsewhere" id="elsewhere">{merge}{go}</Card> }
    })
}

fn articles(request: &RequestPage, inside: &Inside) -> Option<impl IntoView + use<>> {
    let list = inside
        .articles
        .iter()
        .map(|(title, slug, decision)| {
            let stands = match decision {
                Decision::Waiting => "waits for a second person",
                Decision::Released => "released",
                Decision::Refused => "not released",
                Decision::TakenOut => "taken out",
            };
            let href = format!("/support/articles/{slug}");
            view! { <li><a href=href>{title.clone()}</a> ", " {stands}</li> }
        })
        .collect_view();
    let write = inside.may_write_article.then(|| {
        let href = format!("/support/{}/article", request.number);
        view! {
            <ButtonLink href=href weight=Weight::Quiet>
                "Make an article of it"
            </ButtonLink>
        }
    });
    (write.is_some() || !inside.articles.is_empty()).then(|| {
        view! {
            <Card title="Article for everybody" id="article">
                <ul>{list}</ul>
                {write}
            </Card>
        }
    })
}
