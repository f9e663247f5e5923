//! The tasks of a case: submission, questions, completeness, reviews, agreement, decision. What
//! the case waits for is unfolded.

use super::{changed, check_of, checklist::checklist};
use crate::{
    components::{
        Code, Day, Facing, Fact, Facts, FileRow, Files, Fold, Hash, Hue, Notice, Tag, Task,
        TaskStatus, Time, Tone,
    },
    steps::cases::About,
    web::Visit,
};
use casework::queries::case_page::{Attached, CasePage, Decided, List, Sent};
use leptos::prelude::*;
use workflow::{
    FilesOf, StateKind,
    case::Question,
    checklist::{Finding, ListKind},
    form::{Field, FieldKind},
    state::AccessLevel,
    state::{State, Track},
};

pub(super) fn tasks(visit: &Visit, page: &CasePage, about: &About) -> impl IntoView + use<> {
    let open = visit.query("open").map(str::to_owned);
    let fold = |task: &str, waits: bool| {
        let wanted = open.as_deref().map_or(waits, |open| open == task);
        if wanted { Fold::Open } else { Fold::Closed }
    };
    let state = page.case.state.kind();
    let questions = (!page.case.questions.is_empty())
        .then(|| questions_task(page, fold("questions", state == StateKind::Clarification)));
    let lists = page
        .lists
        .iter()
        .map(|list| {
            let works = |track| list.sheet.passed.is_none() && works_on(page, track);
            let waits = match list.kind {
                ListKind::Completeness => state == StateKind::Completeness,
                ListKind::Commercial => works(Track::Commercial),
                ListKind::Technical => works(Track::Technical),
            };
            list_task(page, list, about, fold(list.kind.word(), waits))
        })
        .collect_view();
    view! {
        {submission_task(page, fold("submission", state == StateKind::Submitted))}
        {questions}
        {lists}
        {agreement_task(page, fold("agreement", state == StateKind::Agreement))}
        {decision_task(page, fold("decision", state == StateKind::Decision || !state.is_open()))}
    }
}

/// Whether the reader works the track now; to those who work none, both are unfolded.
fn works_on(page: &CasePage, track: Track) -> bool {
    let in_review = page.case.state.kind() == StateKind::Review;
    let mine = page.can(check_of(track));
    let any = page
        .case
        .level
        .tracks()
        .iter()
        .any(|track| page.can(check_of(*track)));
    in_review && (mine || !any)
}

fn submission_task(page: &CasePage, fold: Fold) -> impl IntoView + use<> {
    let (status, about) = match &page.sent {
        Some(sent) => (
            TaskStatus::new(Hue::Developer, "Handed in"),
            format!("Revision {}", sent.revision),
        ),
        None => (
            TaskStatus::new(Hue::Overdue, "Not on record"),
            String::new(),
        ),
    };
    let body = match &page.sent {
        Some(sent) => submission(page, sent).into_any(),
        None => view! { <p>"The text of this submission is not on record."</p> }.into_any(),
    };
    view! {
        <Task id="submission" name="Submission" about=about status=status fold=fold>
            {body}
        </Task>
    }
}

fn submission(page: &CasePage, sent: &Sent) -> impl IntoView + use<> {
    let sections = sent
        .sections
        .iter()
        .map(|section| {
            let facts = section
                .fields
                .iter()
                .map(|field| field_of(page, sent, field))
                .collect_view();
            view! {
                <h3>{section.title.clone()}</h3>
                <Facts facing=Facing::Above>{facts}</Facts>
            }
        })
        .collect_view();
    let known: Vec<&str> = sent
        .sections
        .iter()
        .flat_map(|section| &section.fields)
        .map(|field| field.key.as_str())
        .collect();
    let others: Vec<&Attached> = sent
        .files
        .iter()
        .filter(|file| !known.contains(&file.field.as_str()))
        .collect();
    let others = (!others.is_empty()).then(|| {
        view! {
            <h3>"Files with answers and corrections"</h3>
            {files(page, others)}
        }
    });
    let compare = (sent.revision > 1).then(|| {
        let href = format!("/cases/{}/compare", page.case.number);
        view! {
            <p>
                <a href=href>"Compare with earlier revisions"</a>
            </p>
        }
    });
    view! {
        {sections}
        {others}
        <p class="quiet-text">
            "Sent " <Time at=sent.at /> ", SHA-256 " <Hash text=sent.sha256.clone() />
        </p>
        {compare}
    }
}

fn files(page: &CasePage, files: Vec<&Attached>) -> impl IntoView + use<> {
    let rows = files
        .into_iter()
        .map(|file| {
            let is_new = changed::mark(page.since.is_file_new(file.id));
            view! {
                <FileRow
                    name=file.name.clone()
                    href=format!("/files/{}", file.id)
                    size=file.size
                    kind=file.mime.clone()
                    round=file.round
                    at=file.at
                >
                    {is_new}
                </FileRow>
            }
        })
        .collect_view();
    view! { <Files>{rows}</Files> }
}

/// An answer as it was typed; choices in the words that the developer saw.
fn field_of(page: &CasePage, sent: &Sent, field: &Field) -> impl IntoView + use<> {
    let text = field.in_words(sent.answers.get(&field.key).map_or("", String::as_str));
    let attached: Vec<&Attached> = sent
        .files
        .iter()
        .filter(|file| file.field == field.key)
        .collect();
    let is_web = field.kind == FieldKind::Url && text.starts_with("https://");
    let said = if text.is_empty() && attached.is_empty() {
        view! { <span class="soft">"No answer"</span> }.into_any()
    } else if is_web {
        let href = text.clone();
        view! { <a href=href rel="noreferrer noopener external" target="_blank">{text}</a> }
            .into_any()
    } else {
        view! { <div class="as-typed">{text}</div> }.into_any()
    };
    let attached = (!attached.is_empty()).then(|| files(page, attached));
    let changed = changed::mark(page.since.is_field_new(&field.key));
    view! {
        <Fact name=field.label.clone()>
            {changed}
            {said}
            {attached}
        </Fact>
    }
}

fn questions_task(page: &CasePage, fold: Fold) -> impl IntoView + use<> {
    let open = page.case.open_questions().count();
    let status = match open {
        0 => TaskStatus::new(Hue::Approved, "All answered"),
        1 => TaskStatus::new(Hue::Developer, "1 open question"),
        open => TaskStatus::new(Hue::Developer, format!("{open} open questions")),
    };
    let due = match &page.case.state {
        State::Clarification { due, .. } => Some(view! {
            <p>"The developer has until " <Day at=*due /> "; the clock is theirs until then."</p>
        }),
        _ => None,
    };
    // The newest first: what was answered last is what one comes for.
    let questions = page
        .case
        .questions
        .iter()
        .rev()
        .map(|question| question_of(page, question))
        .collect_view();
    view! {
        <Task id="questions" name="Clarification" status=status fold=fold>
            {due}
            <div class="stack">{questions}</div>
        </Task>
    }
}

fn question_of(page: &CasePage, question: &Question) -> impl IntoView + use<> {
    let answer = match &question.answer {
        Some(answer) => view! {
            <blockquote class="as-typed">{answer.text.clone()}</blockquote>
            <p class="quiet-text">
                {page.name(answer.given.by)} ", " <Time at=answer.given.at />
            </p>
            {files_with(page, &FilesOf::Answer(question.id))}
        }
        .into_any(),
        None => view! { <p><Tag hue=Hue::Developer text="Not answered yet" /></p> }.into_any(),
    };
    view! {
        <div class="stack tight" id=format!("question-{}", question.id)>
            <p class="quiet-text">
                {page.pin_label(&question.pin)} " · " {page.name(question.asked.by)} ", "
                <Time at=question.asked.at />
            </p>
            <p class="as-typed">
                <strong>{question.text.to_string()}</strong>
            </p>
            {answer}
        </div>
    }
}

/// The files that came with an answer or a response, where any did.
pub(super) fn files_with(page: &CasePage, of: &FilesOf) -> Option<impl IntoView + use<>> {
    let key = of.key();
    let sent = page.sent.as_ref()?;
    let found: Vec<&Attached> = sent.files.iter().filter(|file| file.field == key).collect();
    (!found.is_empty()).then(|| files(page, found))
}

/// `2 open findings`, `1 open and 1 answered finding`: open is what the developer has said nothing
/// about, answered what is to be tested again.
fn findings_text(open: usize, answered: usize) -> String {
    let counted = |count: usize, word: &str| (count > 0).then(|| format!("{count} {word}"));
    let parts: Vec<String> = [counted(open, "open"), counted(answered, "answered")]
        .into_iter()
        .flatten()
        .collect();
    let last = if answered > 0 { answered } else { open };
    let word = if last == 1 { "finding" } else { "findings" };
    format!("{} {word}", parts.join(" and "))
}

fn list_task(page: &CasePage, list: &List, about: &About, fold: Fold) -> impl IntoView + use<> {
    let (marked, failed) = (list.marked(), list.failed());
    let total = list.template.items.len();
    let state = page.case.state.kind();
    let has_begun = match list.kind {
        ListKind::Completeness => state != StateKind::Submitted,
        ListKind::Commercial | ListKind::Technical => page.case.completeness.passed.is_some(),
    };
    let of_list = |finding: &&Finding| finding.list == list.kind;
    let standing = page.case.standing_findings().filter(of_list);
    let (open, answered): (Vec<_>, Vec<_>) = standing.partition(|finding| finding.is_open());
    let status = if list.sheet.passed.is_some() {
        TaskStatus::new(Hue::Approved, "Passed")
    } else if !has_begun {
        TaskStatus::new(Hue::Waiting, "Cannot start yet")
    } else if open.len() + answered.len() > 0 {
        let findings = findings_text(open.len(), answered.len());
        let hue = if open.is_empty() {
            Hue::Us
        } else {
            Hue::Overdue
        };
        TaskStatus::new(hue, format!("{marked} of {total} checked, {findings}"))
    } else if failed > 0 {
        TaskStatus::new(
            Hue::Overdue,
            format!("{marked} of {total} checked, {failed} failed"),
        )
    } else {
        TaskStatus::new(Hue::Us, format!("{marked} of {total} checked"))
    };
    let holder = match list.kind {
        ListKind::Completeness => page.case.assignee(),
        ListKind::Commercial => page
            .case
            .seats
            .get(&workflow::state::Seat::Commercial)
            .copied(),
        ListKind::Technical => page
            .case
            .seats
            .get(&workflow::state::Seat::Technical)
            .copied(),
    };
    let holder = holder.map(|person| page.name(person)).unwrap_or_default();
    let (id, name) = (list.kind.word(), list.kind.label());
    let items = checklist(page, list, about);
    view! {
        <Task id=id name=name about=holder status=status fold=fold>
            {items}
        </Task>
    }
}

fn agreement_task(page: &CasePage, fold: Fold) -> impl IntoView + use<> {
    let (status, body) = match (&page.case.acceptance, &page.case.state) {
        (Some(accepted), _) => (TaskStatus::new(Hue::Approved, "Accepted"), {
            let by = page.name(accepted.stamp.by);
            let at = accepted.stamp.at;
            let given = accepted.acceptance.clone();
            view! {
                <Facts>
                    <Fact name="Accepted by">{by}</Fact>
                    <Fact name="As">{given.capacity}</Fact>
                    <Fact name="When"><Time at=at /></Fact>
                    <Fact name="Version">{given.version}</Fact>
                    <Fact name="Document"><Hash text=given.document_sha256 /></Fact>
                    <Fact name="Signature"><Code text=given.signature.to_string() /></Fact>
                </Facts>
            }
            .into_any()
        }),
        (None, State::Agreement { due }) => (
            TaskStatus::new(Hue::Developer, "With the developer"),
            view! {
                <p>"The Data Licensing Agreement is to be accepted by " <Day at=*due /> "."</p>
            }
            .into_any(),
        ),
        (None, state) if state.kind().is_open() && page.case.completeness.passed.is_some() => (
            TaskStatus::new(Hue::Waiting, "Not accepted yet"),
            view! { <p>"The Data Licensing Agreement has not been accepted."</p> }.into_any(),
        ),
        _ => (
            TaskStatus::new(Hue::Waiting, "Cannot start yet"),
            match page.case.level {
                AccessLevel::Full => {
                    view! { <p>"The agreement opens once the application is complete."</p> }
                        .into_any()
                }
                AccessLevel::Sandbox | AccessLevel::Limited => {
                    view! { <p>"The agreement opens once the review has passed."</p> }.into_any()
                }
            },
        ),
    };
    view! {
        <Task id="agreement" name="Agreement" status=status fold=fold>
            {body}
        </Task>
    }
}

fn decision_task(page: &CasePage, fold: Fold) -> impl IntoView + use<> {
    let state = page.case.state.kind();
    let status = match (state, &page.case.decline_proposal) {
        (StateKind::Approved, _) => {
            let grant = page.case.grant.as_ref().map(|grant| grant.status);
            TaskStatus::new(Hue::standing(state, grant), state.standing(grant))
        }
        (StateKind::Declined | StateKind::Withdrawn | StateKind::Lapsed, _) => {
            TaskStatus::new(Hue::Ended, state.label())
        }
        (_, Some(_)) => TaskStatus::new(Hue::Overdue, "Decline proposed"),
        (StateKind::Decision, None) => TaskStatus::new(Hue::Us, "Waits for an approver"),
        _ => TaskStatus::new(Hue::Waiting, "Cannot start yet"),
    };
    let proposal = page.case.decline_proposal.as_ref().map(|proposal| {
        let (by, at) = (page.name(proposal.stamp.by), proposal.stamp.at);
        let (reason, text) = (proposal.reason.label(), proposal.text.inside().to_owned());
        view! {
            <Notice tone=Tone::Attention>
                <p>{by} " proposed to decline, " <Time at=at /> ": " {reason}</p>
                <p class="as-typed">{text}</p>
            </Notice>
        }
    });
    let grant = page.case.grant.as_ref().map(|grant| {
        let hue = Hue::standing(StateKind::Approved, Some(grant.status));
        let word = grant.status.label();
        let cap = grant.cap.map_or_else(
            || "None".to_owned(),
            |cap| format!("{cap} authorised users"),
        );
        let (level, by) = (page.case.level.label(), page.name(grant.approved.by));
        let (at, number) = (grant.approved.at, grant.id.to_string());
        view! {
            <Facts>
                <Fact name="Grant"><Tag hue=hue text=word /></Fact>
                <Fact name="Level">{level}</Fact>
                <Fact name="Limit">{cap}</Fact>
                <Fact name="Approved by">{by}</Fact>
                <Fact name="When"><Time at=at /></Fact>
                <Fact name="Number"><Code text=number /></Fact>
            </Facts>
        }
    });
    let waits = (page.case.grant.is_none() && state.is_open()).then(|| {
        let tick = |holds: bool, text: &'static str| {
            let (hue, word) = if holds {
                (Hue::Approved, "Yes")
            } else {
                (Hue::Waiting, "Not yet")
            };
            view! {
                <Fact name=text><Tag hue=hue text=word /></Fact>
            }
        };
        let passed = tick(page.case.tracks_passed(), "All review tracks passed");
        let accepted = tick(page.case.acceptance.is_some(), "Agreement accepted");
        view! {
            <Facts>
                {passed}
                {accepted}
            </Facts>
        }
    });
    let decided = page.decided.iter().map(decided).collect_view();
    view! {
        <Task id="decision" name="Decision" status=status fold=fold>
            {proposal}
            {grant}
            {waits}
            {decided}
        </Task>
    }
}

/// One decision: who, when, why, and under which signature.
fn decided(decided: &Decided) -> impl IntoView + use<> {
    let Decided {
        at,
        who,
        what,
        text,
        signature,
    } = decided.clone();
    let text = (!text.is_empty()).then(|| {
        view! {
            <Fact name="In words">
                <div class="as-typed">{text}</div>
            </Fact>
        }
    });
    let signature = signature.map(|signature| {
        let fits = if signature.holds {
            "It fits the record."
        } else {
            "It does not fit the record."
        };
        view! {
            <Fact name="Signature">
                "“" {signature.meaning} "” " {signature.name} ", " {signature.capacity} ", "
                <Time at=signature.at /> ". " {fits} " SHA-256 " <Hash text=signature.sha256 />
            </Fact>
        }
    });
    view! {
        <h3>{what}</h3>
        <Facts>
            <Fact name="Who">{who}</Fact>
            <Fact name="When"><Time at=at /></Fact>
            {text}
            {signature}
        </Facts>
    }
}
