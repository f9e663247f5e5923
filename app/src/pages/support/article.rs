//! `/support/articles/{slug}`: a question and its answer, for everybody; and writing one.

use super::{article_list, crumbs};
use crate::{
    components::{
        AsTyped, Button, Buttons, Card, Day, Fold, More, Need, Notice, PageHead, TextArea,
        TextField, Tone, Weight,
    },
    steps::support::request_path,
    web::{Page, Visit, page},
};
use casework::{
    Error,
    input::Input,
    support::{
        commands::{DecideArticleInput, Decision, TakeOutArticleInput, WriteArticleInput},
        queries::{ArticleToDecide, Inside, article, request_page, similar},
    },
};
use leptos::prelude::*;
use workflow::support::RequestNumber;

/// `/support/articles/{slug}`.
#[component]
pub fn ArticlePage() -> impl IntoView {
    page(|visit| async move {
        let slug: String = visit.at("slug")?;
        let found = article(&visit.desk, visit.caller().ok(), &slug).await?;
        let deciding = found
            .to_decide
            .clone()
            .filter(|one| one.decision != Decision::Released)
            .map(|one| deciding(&visit, one));
        let take_out = found.to_decide.clone().filter(|one| one.may_take_out);
        let take_out = take_out.map(|one| take_out_form(&visit, &one));
        let released = found
            .released
            .map(|at| view! { <p class="soft">"Released " <Day at=at /></p> });
        let visitor = visit.caller().is_err().then(|| {
            view! {
                <p>
                    "Does this not help? "
                    <a href="/register">"Register"</a>
                    " and ask us."
                </p>
            }
        });
        let about = beginning(&found.question);
        Ok(Page::developer(
            found.title.clone(),
            view! {
                <PageHead title=found.title lead=found.category.label() crumbs=crumbs() />
                {deciding}
                <Card title="Question">
                    <AsTyped text=found.question />
                </Card>
                <Card title="Answer">
                    <AsTyped text=found.answer />
                </Card>
                {released}
                {take_out}
                {visitor}
            },
        )
        .described(about))
    })
}

/// The beginning of a question, as a search engine shows it.
fn beginning(question: &str) -> String {
    const LONGEST: usize = 160;
    let question = question.split_whitespace().collect::<Vec<_>>().join(" ");
    if question.chars().count() <= LONGEST {
        return format!("Question and answer: {question}");
    }
    let cut: String = question.chars().take(LONGEST).collect();
    let whole = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(whole, _)| whole);
    format!("Question and answer: {whole}…")
}

fn deciding(visit: &Visit, article: ArticleToDecide) -> impl IntoView + use<> {
    let text = match (article.decision, article.may_decide) {
        (Decision::Refused, _) => "This article was not released. Nobody else reads it.",
        (Decision::TakenOut, _) => "This article was taken out. Nobody else reads it any more.",
        (_, true) => {
            "Release it only if nothing in it tells of whom it was. Nobody else reads it until then."
        }
        (_, false) => "This waits for a second person. Nobody else reads it until then.",
    };
    let form = article.may_decide.then(|| {
        visit
            .form::<DecideArticleInput>()
            .hidden(DecideArticleInput::article(), &article.id)
            .show(|form| {
                let release = form.says(&DecideArticleInput::released(), "yes");
                view! {
                    <TextField
                        of=form.at(DecideArticleInput::reason())
                        hint="Only where you do not release it."
                        need=Need::Optional
                    />
                    <Buttons>
                        <Button says=release>"Release"</Button>
                        <Button weight=Weight::Quiet>"Do not release"</Button>
                    </Buttons>
                }
            })
    });
    let number = article.request;
    let reason = article
        .reason
        .map(|reason| view! { <p>"Why: " <span dir="auto">{reason}</span></p> });
    let is_over = matches!(article.decision, Decision::Refused | Decision::TakenOut);
    let anew = is_over.then(|| {
        let href = format!("{}/article", request_path(number));
        view! {
            <p>
                <a href=href>"Write another one"</a>
            </p>
        }
    });
    view! {
        <Notice tone=Tone::Attention>
            <p>{text}</p>
            {reason}
            {anew}
            <p>
                "Made of " <a href=request_path(number)>{number.to_string()}</a> " by "
                {article.written_by} ", " <Day at=article.written />
            </p>
        </Notice>
        {form}
    }
}

/// The way out for what should not be read by everybody after all.
fn take_out_form(visit: &Visit, article: &ArticleToDecide) -> impl IntoView + use<> {
    let form = visit
        .form::<TakeOutArticleInput>()
        .hidden(TakeOutArticleInput::article(), &article.id)
        .show(|form| {
            view! {
                <TextField
                    of=form.at(TakeOutArticleInput::reason())
                    hint="For our record. Another article can be written of the same request."
                />
                <Button weight=Weight::Danger>"Take it out"</Button>
            }
        });
    let fold = match visit.is_back(TakeOutArticleInput::STEP) {
        true => Fold::Open,
        false => Fold::Closed,
    };
    view! { <More summary="Take the article out" fold=fold>{form}</More> }
}

/// The articles that were made of the request already.
fn there_already(inside: &Inside) -> Option<impl IntoView + use<>> {
    let links = inside
        .articles
        .iter()
        .filter_map(|(title, slug, decision)| {
            let stands = match decision {
                Decision::Released => "everybody reads it",
                Decision::Waiting => "it waits for a second person",
                Decision::Refused | Decision::TakenOut => return None,
            };
            let href = format!("/support/articles/{slug}");
            Some(view! { <li><a href=href>{title.clone()}</a> ": " {stands}</li> })
        })
        .collect::<Vec<_>>();
    (!links.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Attention>
                <p>"An article was made of this request already. Make another one only about something else."</p>
                <ul>{links}</ul>
            </Notice>
        }
    })
}

/// `/support/{number}/article`.
#[component]
pub fn WriteArticlePage() -> impl IntoView {
    page(|visit| async move {
        let number: RequestNumber = visit.at("number")?;
        let request = request_page(&visit.desk, visit.caller()?, number).await?;
        let inside = match request.inside {
            Some(inside) if inside.may_write_article => inside,
            _ => return Err(Error::NotFound),
        };
        let there = there_already(&inside);
        let before = inside.unreleased;
        let why = before.as_ref().map(|before| {
            let text = format!("“{}” is read by nobody. Why:", before.title);
            let reason = before.reason.clone();
            view! {
                <Notice tone=Tone::Attention>
                    <p>{text} " " <span dir="auto">{reason}</span></p>
                    <p>"Its texts stand below: change what was wrong."</p>
                </Notice>
            }
        });
        let [title, question, answer] = match before {
            Some(before) => [before.title, before.question, before.answer],
            None => Default::default(),
        };
        let written: Vec<_> = request
            .messages
            .iter()
            .filter(|message| !message.text.is_empty())
            .map(|message| view! { <AsTyped text=message.text.clone() /> })
            .collect();
        let form = visit
            .form::<WriteArticleInput>()
            .hidden(WriteArticleInput::request(), &number);
        let asked = form.typed(&WriteArticleInput::title());
        let alike = similar(&visit.desk, asked.as_deref().unwrap_or(&request.subject)).await?;
        let alike = (!alike.is_empty()).then(|| {
            view! {
                <Card title="Everybody reads these already" id="alike">
                    {article_list(alike)}
                </Card>
            }
        });
        let form = form.show(|form| {
            view! {
                <TextField
                    of=form.at(WriteArticleInput::title())
                    value=title
                    hint="As somebody would ask it; 5 to 150 characters."
                />
                <TextArea of=form.at(WriteArticleInput::question()) value=question />
                <TextArea of=form.at(WriteArticleInput::answer()) value=answer rows=10 />
                <Button>"Hand to a second person"</Button>
            }
        });
        let up = vec![(number.to_string(), request_path(number))];
        Ok(Page::new(
            format!("Article of {number}"),
            view! {
                <PageHead
                    title="Make an article"
                    lead="Everybody reads it. Write it anew, and leave out names, apps, numbers and addresses."
                    crumbs=up
                />
                {there}
                {why}
                {alike}
                {form}
                <Card title="What was written">{written}</Card>
            },
        ))
    })
}
