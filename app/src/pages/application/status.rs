//! `/applications/{number}`: what is asked first, then where the application stands, then what was
//! sent and what happened.

use super::{
    appeal_text, asked_page, asked_text, by_text, granted_alone,
    sent::{file_list, section_facts},
    standing_tag, standing_text,
    stuck::{queued, stuck},
    title_of,
};
use crate::{
    components::{
        Button, ButtonLink, Buttons, Card, ClockPair, Fact, Facts, Happened, Hash, Hue, Life, More,
        Notice, PageHead, Place, Reader, SeverityTag, Status, Step, Stepper, TextArea, Time,
        Timeline, Tone, Weight, day_text,
    },
    pages::support::ask_address,
    web::{Page, Visit, page},
};
use casework::{
    commands::ReportCorrection,
    guides::taken_text,
    log::{Receivable, receivable},
    queries::{
        AppealView, ApplicationView, FindingView, Foretold, Outcome, QuestionView, Settled,
        application, trail::YOU,
    },
    words::{count, moment},
};
use leptos::prelude::*;
use workflow::{
    ActionKind, FilesOf, Seen, Timestamp,
    case::GrantStatus,
    eta::Eta,
    state::{Side, StateKind},
};

/// The page.
#[component]
pub fn ApplicationPage() -> impl IntoView {
    page(|visit| async move {
        let case = application(&visit.desk, visit.caller()?, visit.at("number")?).await?;
        let receivable = receivable(&visit.desk, visit.caller()?, case.number).await?;
        let crumbs = if case.is_member {
            vec![
                ("My apps".to_owned(), "/apps".to_owned()),
                (case.app_name.clone(), format!("/apps/{}", case.app)),
            ]
        } else {
            let number = case.number.to_string();
            vec![(number.clone(), format!("/cases/{number}"))]
        };
        let (hue, word) = standing_tag(case.state.kind(), grant_of(&case), case.submitted_at);
        let title = title_of(case.level, &case.app_name);
        let head = format!("{} {title}", case.number);
        let lead = case.number.to_string();
        let now = visit.now();
        Ok(Page::developer(
            head,
            view! {
                <PageHead title=title lead=lead crumbs=crumbs>
                    <Status hue=hue text=word />
                </PageHead>
                {asked(&case, now)}
                {outcome(&case)}
                {standing(&case, now)}
                {stuck(&visit, &case)}
                {findings(&visit, &case)}
                {questions(&case)}
                {agreement(&case)}
                {submission(&case)}
                {history(&case)}
                {receipts(&case, receivable)}
                {withdraw(&case)}
            },
        ))
    })
}

/// How the approval of an application stands, where it has one.
const fn grant_of(case: &ApplicationView) -> Option<GrantStatus> {
    match &case.outcome {
        Some(Outcome::Approved { grant, .. }) => Some(*grant),
        _ => None,
    }
}

fn standing(case: &ApplicationView, now: Timestamp) -> impl IntoView + use<> {
    let sentence = standing_text(
        &case.state,
        case.level,
        grant_of(case),
        case.submitted_at,
        now,
    );
    let steps = steps(case);
    let clocks = clocks(case, now);
    view! {
        <Card title="Where it stands" id="standing">
            <p>{sentence}</p>
            <Stepper steps=steps />
            {clocks}
        </Card>
    }
}

/// What is asked, on one line with its date and the way there.
fn asked(case: &ApplicationView, now: Timestamp) -> impl IntoView + use<> {
    let number = case.number;
    let line = case.asked.map(|asked| {
        let href = asked_page(number, asked.action);
        let words = if asked.action == ActionKind::Submit {
            "Continue the form".to_owned()
        } else {
            asked.action.label().to_owned()
        };
        let can =
            case.possible.contains(&asked.action) || case.possible.contains(&ActionKind::EditDraft);
        let due = asked.due.is_some_and(|due| due >= now);
        let lapses = asked.lapses.filter(|_| due).map(|lapses| {
            let text = format!(
                "Without it the application lapses after {}.",
                day_text(lapses)
            );
            view! { <p>{text}</p> }
        });
        let authority = (!can).then(|| {
            view! { <p>"An owner of the app with authority to sign must do this."</p> }
        });
        let kept = case.kept.at.map(|at| {
            let text = format!("What you saved {} is not sent yet.", moment(at));
            view! { <p>{text}</p> }
        });
        view! {
            <Notice tone=Tone::Attention>
                <p>
                    <strong>{asked_text(asked, now)} "."</strong>
                </p>
                {kept}
                {lapses}
                {authority}
                <ButtonLink href=href>{words}</ButtonLink>
            </Notice>
        }
    });
    // For Full Access the agreement is open beside the review.
    let early = (case.asked.is_none_or(|asked| asked.action != ActionKind::AcceptDla)
        && case.possible.contains(&ActionKind::AcceptDla))
    .then(|| {
        let href = asked_page(number, ActionKind::AcceptDla);
        view! {
            <Notice>
                <p>
                    "You can accept the Data Licensing Agreement already; access rises only when the review has passed as well."
                </p>
                <ButtonLink href=href weight=Weight::Quiet>"Accept agreement"</ButtonLink>
            </Notice>
        }
    });
    view! {
        {line}
        {early}
    }
}

fn outcome(case: &ApplicationView) -> impl IntoView + use<> {
    case.outcome.as_ref().map(|outcome| {
        let app = case.may_begin.then(|| format!("/apps/{}#access", case.app));
        let appeal = |appeal: Option<&AppealView>| {
            let answer = match appeal {
                Some(AppealView::Answered { text, .. }) => {
                    let text = text.clone();
                    Some(view! { <div class="typed">{text}</div> })
                }
                _ => None,
            };
            let text = appeal.map(appeal_text);
            let alone = matches!(appeal, Some(AppealView::Until(_) | AppealView::Made(_)))
                .then(|| granted_alone(case.under_way));
            let href = asked_page(case.number, ActionKind::Appeal);
            let button = case.possible.contains(&ActionKind::Appeal).then(|| {
                view! { <ButtonLink href=href weight=Weight::Quiet>"Appeal"</ButtonLink> }
            });
            let app = app.clone();
            view! {
                <p>
                    {text} " " {alone} " "
                    {app.map(|app| {
                        view! { <a href=app>"A new application begins on the page of the app."</a> }
                    })}
                </p>
                {answer}
                {button}
            }
        };
        match outcome {
            Outcome::Approved {
                at,
                level,
                cap,
                grant,
                held,
            } => {
                let users = cap.map_or_else(
                    || "There is no limit to its authorised users.".to_owned(),
                    |cap| format!("Up to {} can authorise it.", count(cap, "user")),
                );
                let held = held.as_ref().map(|(since, reason)| {
                    let day = day_text(*since);
                    let (what, subject) = match grant {
                        GrantStatus::Revoked => (
                            format!("Access was revoked on {day}."),
                            format!("Revoked access, {}", case.number),
                        ),
                        GrantStatus::Active | GrantStatus::Suspended => (
                            format!("Access has been suspended since {day}."),
                            format!("Suspended access, {}", case.number),
                        ),
                    };
                    let ask = case.is_member.then(|| {
                        let href = ask_address(&subject, case.app);
                        view! { <p><a href=href>"Write to us about it"</a></p> }
                    });
                    view! {
                        <p>{what} " " {reason.clone()}</p>
                        {ask}
                    }
                });
                let granted = format!("{} granted on {}.", level.label(), day_text(*at));
                let sentence = match grant {
                    GrantStatus::Active => format!("{granted} {users}"),
                    GrantStatus::Suspended | GrantStatus::Revoked => granted,
                };
                let tone = if held.is_some() {
                    Tone::Problem
                } else {
                    Tone::Done
                };
                view! {
                    <Notice tone=tone>
                        <p>{sentence}</p>
                        {held}
                    </Notice>
                }
                .into_any()
            }
            Outcome::Declined {
                at,
                reason,
                text,
                appeal: so,
            } => {
                let sentence = format!("Declined on {}: {}.", day_text(*at), reason.label());
                let text = text.clone();
                let next = appeal(so.as_ref());
                view! {
                    <Notice tone=Tone::Problem>
                        <p>
                            <strong>{sentence}</strong>
                        </p>
                        <div class="typed">{text}</div>
                        {next}
                    </Notice>
                }
                .into_any()
            }
            Outcome::Withdrawn { at, who, reason } => {
                let reason = (!reason.is_empty()).then(|| format!(" Reason: {reason}"));
                let what = if case.submitted_at.is_some() {
                    "Withdrawn"
                } else {
                    "The draft was discarded"
                };
                let by = match who.as_str() {
                    "" => String::new(),
                    YOU => " by you".to_owned(),
                    who => format!(" by {who}"),
                };
                let sentence = format!("{what} on {}{by}.", day_text(*at));
                view! {
                    <Notice>
                        <p>{sentence} {reason}</p>
                    </Notice>
                }
                .into_any()
            }
            Outcome::Lapsed { appeal: so, .. } => {
                let next = appeal(so.as_ref());
                view! { <Notice tone=Tone::Problem>{next}</Notice> }.into_any()
            }
            Outcome::Unreadable { at, state } => {
                let sentence = format!(
                    "{} on {}. The entry that says why cannot be read.",
                    state.label(),
                    day_text(*at)
                );
                view! {
                    <Notice tone=Tone::Problem>
                        <p>{sentence}</p>
                    </Notice>
                }
                .into_any()
            }
        }
    })
}

/// The way of the application.
fn steps(case: &ApplicationView) -> Vec<Step> {
    let kind = case.state.kind();
    let ended = !kind.is_open() && kind != StateKind::Approved;
    // How many steps lie behind; the next one is where the application is.
    let here = match kind {
        StateKind::Draft => 0,
        StateKind::Submitted | StateKind::Completeness => 1,
        StateKind::Clarification if case.complete_since.is_none() => 1,
        StateKind::Review | StateKind::Clarification | StateKind::Corrections => 2,
        StateKind::Agreement => 3,
        StateKind::Decision => 4,
        StateKind::Approved => 5,
        _ if case.tracks.iter().all(|track| track.passed_at.is_some()) => 3,
        _ if case.complete_since.is_some() => 2,
        _ if case.submitted_at.is_some() => 1,
        _ => 0,
    };
    let tracks: Vec<String> = case
        .tracks
        .iter()
        .map(|track| match track.passed_at {
            Some(at) => format!("{} passed {}", track.track.label(), day_text(at)),
            None => track.track.label().to_owned(),
        })
        .collect();
    let agreement = case
        .accepted
        .as_ref()
        .map(|accepted| format!("Accepted {}", day_text(accepted.at)))
        .unwrap_or_default();
    let notes = [
        (
            "Request form",
            case.submitted_at
                .map(|at| format!("Submitted {}", day_text(at))),
        ),
        (
            "Completeness check",
            case.complete_since
                .map(|at| format!("Complete {}", day_text(at))),
        ),
        ("Review", Some(tracks.join(", "))),
        ("Data Licensing Agreement", Some(agreement)),
        ("Decision", decided(case)),
    ];
    notes
        .into_iter()
        .enumerate()
        .map(|(index, (name, note))| {
            let place = match index.cmp(&here) {
                std::cmp::Ordering::Less => Place::Done,
                _ if index == 3 && case.accepted.is_some() => Place::Done,
                _ if index == 4 && kind == StateKind::Declined => Place::Done,
                std::cmp::Ordering::Equal if ended => Place::Ended,
                _ if ended => Place::Stopped,
                std::cmp::Ordering::Equal => Place::Here,
                std::cmp::Ordering::Greater => Place::Ahead,
            };
            let turn = match (place, kind.side()) {
                (Place::Here, Side::Developer) => "Your turn",
                (Place::Here, Side::Us) => "Our turn",
                _ => "",
            };
            Step {
                name: name.to_owned(),
                place,
                turn: turn.to_owned(),
                note: note.unwrap_or_default(),
            }
        })
        .collect()
}

/// What was decided and when, where it was.
fn decided(case: &ApplicationView) -> Option<String> {
    match case.outcome.as_ref()? {
        Outcome::Approved {
            at, grant, held, ..
        } => {
            let approved = format!("Approved {}", day_text(*at));
            Some(match held {
                Some((since, _)) => {
                    let now = grant.label().to_lowercase();
                    format!("{approved}, {now} {}", day_text(*since))
                }
                None => approved,
            })
        }
        Outcome::Declined { at, .. } => Some(format!("Declined {}", day_text(*at))),
        _ => None,
    }
}

/// The two clocks, what is due, and how long it took others.
fn clocks(case: &ApplicationView, now: Timestamp) -> impl IntoView + use<> {
    case.submitted_at.map(|_| {
        let spent = case.spent;
        let running = case.running;
        let due = match (running, case.due) {
            (Some(Side::Us), Some(due)) if due < now => Some(format!(
                "We wanted to be done with our part by {} and are late; you need not do anything.",
                day_text(due)
            )),
            (Some(Side::Us), Some(due)) => Some(format!(
                "We aim to be done with our part by {}.",
                day_text(due)
            )),
            _ => None,
        };
        let open = case.state.kind().is_open();
        let took = open.then(|| {
            format!(
                "How long it took others, with us and with the developer together: {}.",
                taken_text(case.took_others.as_ref())
            )
        });
        let likely = case
            .foretold
            .as_ref()
            .and_then(|told| foretold(told, running));
        view! {
            <ClockPair spent=spent running=running reader=Reader::Developer />
            {queued(case)}
            {likely.map(|text| view! { <p>{text}</p> })}
            <p class="quiet-text">{due} " " {took}</p>
        }
    })
}

/// When it is likely to be decided, and how often that was right; nothing where there is too little to
/// compare with.
fn foretold(told: &Foretold, running: Option<Side>) -> Option<String> {
    let held = told.held.map_or_else(String::new, |held| {
        let right = match held.right {
            0 => "none".to_owned(),
            right => right.to_string(),
        };
        format!(
            " Made on the day of submission, such an estimate was right for {right} of the last {}.",
            held.of
        )
    });
    let text = match (told.eta, told.between) {
        (Eta::Within { from, to, of }, Some((first, last))) => {
            let days = match from == to {
                true => days_to_come(from),
                false => format!("{from} to {}", days_to_come(to)),
            };
            let when = match running {
                Some(Side::Us) => format!(
                    "between {} and {}, if nothing more is asked of you",
                    day_text(first),
                    day_text(last)
                ),
                _ => "counted from when it is our turn again".to_owned(),
            };
            format!(
                "Likely to be decided within {days} more on our side: {when}. So it was for eight of ten of {of} comparable applications.{held}"
            )
        }
        (Eta::Longer { than, of }, _) => format!(
            "It has been with us as long as {than} of the last {of} that were decided, or longer: too few are left to say when it will be decided."
        ),
        _ => return None,
    };
    Some(text)
}

fn days_to_come(days: u32) -> String {
    match days {
        1 => "1 business day".to_owned(),
        days => format!("{days} business days"),
    }
}

fn findings(visit: &Visit, case: &ApplicationView) -> impl IntoView + use<> {
    (!case.findings.is_empty()).then(|| {
        let items = case
            .findings
            .iter()
            .map(|one| finding(visit, case, one))
            .collect_view();
        view! { <Card title="Points to correct" id="findings">{items}</Card> }
    })
}

fn finding(visit: &Visit, case: &ApplicationView, finding: &FindingView) -> impl IntoView + use<> {
    let severity = finding.severity;
    let settled = match &finding.settled {
        Settled::Open if !case.state.kind().is_open() => "It was still open at the end.".to_owned(),
        Settled::Open => "Waits for your response.".to_owned(),
        Settled::Responded if !case.state.kind().is_open() => {
            "We had not looked at your response before the end.".to_owned()
        }
        Settled::Responded => "You responded; a reviewer looks at it.".to_owned(),
        Settled::Closed => "Accepted as it is.".to_owned(),
        Settled::Corrected(at) => format!("Corrected, as we saw on {}.", day_text(*at)),
        Settled::Dated { due } => format!("To be corrected{}.", by_text(*due, visit.now())),
        Settled::Reported { due } => format!(
            "You reported it as corrected; a reviewer looks at it. Its date is {}.",
            day_text(*due)
        ),
    };
    let of = FilesOf::Response(finding.id).key();
    let files = case.files.iter().filter(|file| file.field == of);
    let files = (files.clone().count() > 0).then(|| file_list(files));
    let dated = matches!(finding.settled, Settled::Dated { .. });
    let report = (dated && case.possible.contains(&ActionKind::ReportCorrection)).then(|| {
        let id = finding.id;
        visit
            .form::<ReportCorrection>()
            .id(format!("report_correction-{id}"))
            .back(format!("/applications/{}", case.number))
            .case(case.number, Some(Seen::version(case.version)))
            .hidden(ReportCorrection::finding(), &id)
            .show(|form| {
                view! {
                    <TextArea of=form.at(ReportCorrection::text()) rows=3 />
                    <Button weight=Weight::Quiet>"Report as corrected"</Button>
                }
            })
    });
    view! {
        <section class="exchange">
            <h3>{finding.point.clone()}</h3>
            <p>
                <SeverityTag severity=severity />
                " "
                {format!("{}, round {}", finding.list.label(), finding.round)}
            </p>
            <div class="typed">{finding.text.clone()}</div>
            <p>{settled}</p>
            <Life lines=finding.life.clone() reader=Reader::Developer />
            {files}
            {report}
        </section>
    }
}

fn questions(case: &ApplicationView) -> impl IntoView + use<> {
    (!case.questions.is_empty()).then(|| {
        let items = case
            .questions
            .iter()
            .map(|one| question(case, one))
            .collect_view();
        view! { <Card title="Questions and answers" id="questions">{items}</Card> }
    })
}

fn question(case: &ApplicationView, question: &QuestionView) -> impl IntoView + use<> {
    let of = FilesOf::Answer(question.id).key();
    let files = case.files.iter().filter(|file| file.field == of);
    let files = (files.clone().count() > 0).then(|| file_list(files));
    let answer = match &question.answer {
        Some((text, at)) => {
            let at = *at;
            view! {
                <div class="typed">{text.clone()}</div>
                <p class="quiet-text">"Answered " <Time at=at /></p>
            }
            .into_any()
        }
        None if !case.state.kind().is_open() => {
            view! { <p>"It was not answered before the end."</p> }.into_any()
        }
        None => view! { <p>"Not answered yet."</p> }.into_any(),
    };
    let at = question.asked_at;
    view! {
        <section class="exchange">
            <h3 class="typed">{question.text.clone()}</h3>
            <p class="quiet-text">"Asked " <Time at=at /></p>
            {answer}
            {files}
        </section>
    }
}

fn agreement(case: &ApplicationView) -> impl IntoView + use<> {
    case.accepted.clone().map(|accepted| {
        let at = accepted.at;
        let copy = format!("/applications/{}/agreement/copy", case.number);
        let original = format!("/applications/{}/agreement/original", case.number);
        view! {
            <Card title="Data Licensing Agreement" id="agreement">
                <Facts>
                    <Fact name="Version">{accepted.version}</Fact>
                    <Fact name="Signed by">
                        {accepted.signer} ", " {accepted.capacity} ", " {accepted.how}
                    </Fact>
                    <Fact name="Signed at">
                        <Time at=at />
                    </Fact>
                    <Fact name="Document">
                        <Hash text=accepted.document_sha256 />
                    </Fact>
                    <Fact name="Signature">
                        <Hash text=accepted.signature_sha256 />
                    </Fact>
                </Facts>
                <Buttons>
                    <ButtonLink href=copy weight=Weight::Quiet>"Download signed copy"</ButtonLink>
                    <ButtonLink href=original weight=Weight::Quiet>"Download the original text"</ButtonLink>
                </Buttons>
            </Card>
        }
    })
}

fn submission(case: &ApplicationView) -> impl IntoView + use<> {
    case.sent.as_ref().map(|sent| {
        let sections = sent
            .sections
            .iter()
            .map(|section| {
                view! {
                    <section class="sent-section">
                        <h3>{section.title.clone()}</h3>
                        {section_facts(section, &sent.answers, &case.files)}
                    </section>
                }
            })
            .collect_view();
        let known: Vec<&str> = sent
            .sections
            .iter()
            .flat_map(|section| &section.fields)
            .map(|field| field.key.as_str())
            .collect();
        let others = case
            .files
            .iter()
            .filter(|file| !known.contains(&file.field.as_str()));
        let others = (others.clone().count() > 0).then(|| {
            view! {
                <section class="sent-section">
                    <h3>"Files with answers and corrections"</h3>
                    {file_list(others)}
                </section>
            }
        });
        let compare = (sent.revision > 1).then(|| {
            let href = format!("/applications/{}/compare", case.number);
            view! {
                <p>
                    <a href=href>"Compare with what you sent before"</a>
                </p>
            }
        });
        let sha256 = sent.sha256.clone();
        let summary = format!("Revision {}, sent {}", sent.revision, moment(sent.at));
        view! {
            <Card title="Your submission, as it was sent" id="submission">
                <Facts>
                    <Fact name="SHA-256">
                        <Hash text=sha256 />
                    </Fact>
                </Facts>
                <More summary=summary>
                    {sections}
                    {others}
                </More>
                {compare}
            </Card>
        }
    })
}

/// What there are receipts of.
fn receipts(case: &ApplicationView, of: Vec<Receivable>) -> Option<impl IntoView + use<>> {
    let number = case.number;
    (!of.is_empty()).then(|| {
        let receipts = of
            .into_iter()
            .map(|one| {
                let href = format!("/applications/{number}/receipts/{}.json", one.seq);
                view! {
                    <li>
                        <a href=href download="">{one.what}</a>
                        ", "
                        <Time at=one.at />
                    </li>
                }
            })
            .collect_view();
        view! {
            <Card title="Receipts" id="receipts">
                <p>
                    "A receipt proves years later, and without this desk, what was sent, signed or decided. "
                    <a href="/verify">"Verify one"</a>
                </p>
                <ul>{receipts}</ul>
            </Card>
        }
    })
}

fn history(case: &ApplicationView) -> impl IntoView + use<> {
    let entries = case
        .history
        .iter()
        .rev()
        .map(|entry| Happened {
            at: entry.at,
            what: entry.what.clone(),
            who: entry.who.clone(),
            detail: entry.why.clone(),
            hue: Hue::Waiting,
            parts: Vec::new(),
            is_new: false,
        })
        .collect();
    view! {
        <Card title="What happened" id="history">
            <Timeline label="What happened, newest first" entries=entries />
        </Card>
    }
}

fn withdraw(case: &ApplicationView) -> impl IntoView + use<> {
    case.possible.contains(&ActionKind::Withdraw).then(|| {
        let href = asked_page(case.number, ActionKind::Withdraw);
        let words = if case.submitted_at.is_some() {
            "Withdraw application"
        } else {
            "Discard draft"
        };
        view! { <ButtonLink href=href weight=Weight::Link>{words}</ButtonLink> }
    })
}
