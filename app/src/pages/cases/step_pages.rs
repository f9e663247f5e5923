//! The steps that have a page of their own: one topic, its facts, its form.

use super::{STEPS_WITH_PAGES, about, live, review::review_page};
use crate::{
    components::{Fact, Facts, Hash, Notice, Opt, PageHead, Person, Time, Tone, day_text},
    steps::cases::{
        About,
        answer_appeal::AnswerAppealForm,
        approve::ApproveForm,
        assign::{AssignForm, TakeForm},
        decline::DeclineForm,
        grants::GrantForm,
        propose_decline::ProposeDeclineForm,
        release::ReleaseForm,
        reopen::ReopenForm,
        request_clarification::RequestClarificationForm,
        request_corrections::RequestCorrectionsForm,
        usual_due,
    },
    web::{Page, Visit, page},
};
use casework::{
    Caller, Error, Result,
    accounts::means,
    commands::{UNCAPPED, pin_word},
    queries::{
        candidates,
        case_page::{CasePage, case_page},
        users_of_case,
    },
    signatures::meaning,
    words::count,
};
use leptos::prelude::*;
use workflow::{
    ActionKind, Timestamp,
    checklist::{FindingStatus, Severity},
    event::Pin,
    state::{AccessLevel, Seat},
};

/// `/cases/UD-1042/clarify` and the others.
#[component]
pub fn CaseStepPage() -> impl IntoView {
    page(|visit| async move {
        let number = visit.at("number")?;
        let step: String = visit.at("step")?;
        let caller = visit.caller()?.clone();
        let case = case_page(&visit.desk, &caller, number, None).await?;
        let mut about = about(&visit, &case);
        about.back.clone_from(&visit.path);
        if step == "review" {
            return review_page(&visit, &caller, &case, about).await;
        }
        about.means = means(&visit.desk, &caller).await?;
        if step == "assign" {
            return assign_page(&visit, &caller, &case, about).await;
        }
        if step == "release" {
            return release_page(&visit, &caller, &case, about);
        }
        let action = STEPS_WITH_PAGES
            .iter()
            .find(|(_, word)| *word == step)
            .map(|(action, _)| *action)
            .ok_or(Error::NotFound)?;
        let form = match refusal(&case, action) {
            Some(reason) => view! {
                <Notice tone=Tone::Attention>
                    <p>{reason}</p>
                </Notice>
            }
            .into_any(),
            None => form(&visit, &case, action, about).await?,
        };
        Ok(Page::new(
            format!("{} · {number}", action.label()),
            view! {
                {page_head(&case, action.label())}
                {live(&caller, &case)}
                {form}
            },
        ))
    })
}

pub(super) fn page_head(case: &CasePage, title: &str) -> impl IntoView + use<> {
    let number = case.case.number;
    let crumbs = vec![
        ("Queue".to_owned(), "/queue".to_owned()),
        (number.to_string(), format!("/cases/{number}")),
    ];
    let organisation = match case.app.organisation.as_str() {
        "" => String::new(),
        name => format!(" of {name}"),
    };
    let lead = format!(
        "{}{organisation}, for {}",
        case.app.name,
        case.case.level.label()
    );
    view! { <PageHead title=title.to_owned() lead=lead crumbs=crumbs /> }
}

/// Why the step cannot be taken now.
fn refusal(case: &CasePage, action: ActionKind) -> Option<String> {
    case.actions
        .iter()
        .find(|possible| possible.action == action)
        .and_then(|possible| possible.obstacle.as_ref())
        .map(|obstacle| obstacle.reason.clone())
}

async fn form(visit: &Visit, case: &CasePage, action: ActionKind, about: About) -> Result<AnyView> {
    let known = visit.desk.reference.known();
    let usual = |days| day(known.calendar.due(visit.now(), days));
    Ok(match action {
        ActionKind::RequestClarification => {
            let pin = visit.query("about").unwrap_or("case").to_owned();
            let usual = usual_due(visit);
            view! {
                <p>"The review pauses, and the clock is the developer's, until every question is answered."</p>
                <RequestClarificationForm about=about pins=pins(case) pin=pin usual=usual />
            }
            .into_any()
        }
        ActionKind::RequestCorrections => view! {
            <p>"The review pauses until the developer has answered each open finding:"</p>
            {open_findings(case)}
            <RequestCorrectionsForm about=about usual=usual(known.settings.corrections_days) />
        }
        .into_any(),
        ActionKind::ProposeDecline => view! {
            <p>"An approver decides; until then the review can go on."</p>
            <ProposeDeclineForm about=about />
        }
        .into_any(),
        ActionKind::Decline => {
            let days = known.settings.appeal_days;
            view! {
                <p>
                    "The case ends. Every member of the app gets the reason and the explanation by email, and may appeal within "
                    {count(days, "day")} "."
                </p>
                {proposal(case)}
                <DeclineForm
                    about=about
                    meaning=meaning(action, case.case.level)
                    proposed=case.case.decline_proposal.as_ref().map(|one| one.reason)
                />
            }
            .into_any()
        }
        ActionKind::Approve => {
            let cap = known.settings.limited_cap;
            view! {
                {decision(case, cap)}
                <ApproveForm about=about meaning=meaning(action, case.case.level) />
            }
            .into_any()
        }
        ActionKind::AnswerAppeal => view! {
            <p>"The case stays as it ended. The developer has appealed:"</p>
            {appeal(case)}
            <AnswerAppealForm about=about />
        }
        .into_any(),
        ActionKind::Reopen => {
            let fit = candidates(&visit.desk, &case.case, Seat::Case).await?;
            let known = fit.iter().map(|one| one.person);
            let known = known
                .filter(|person| case.case.has_worked_on(*person))
                .collect();
            view! {
                <p>
                    "The case goes back to completeness, in a new round, to someone who has not worked on it. A case is reopened at most once."
                </p>
                {appeal(case)}
                <ReopenForm about=about candidates=fit known=known />
            }
            .into_any()
        }
        ActionKind::ChangeCap => {
            let seen = users_of_case(&visit.desk, visit.caller()?, case.case.number).await?;
            let Some(cap) = seen.as_ref().and_then(|seen| seen.cap) else {
                return Ok(view! {
                    <Notice tone=Tone::Attention>
                        <p>"It cannot be changed: " {UNCAPPED}</p>
                    </Notice>
                }
                .into_any());
            };
            let taken = seen.map_or(0, |seen| seen.users.authorised);
            view! {
                <p>
                    {taken} " of " {count(cap, "place")}
                    " for authorised users are taken. Another number holds at once: those who have authorised the app stay, and where they are more than that nobody else can. Every member is told."
                </p>
                <GrantForm about=about action=action meaning=meaning(action, case.case.level) />
            }
            .into_any()
        }
        action => {
            let what = match action {
                ActionKind::SuspendGrant => {
                    "The app has no production access until the grant is reinstated. Every member is told."
                }
                ActionKind::ReinstateGrant => {
                    "The app has its production access again at once. Every member is told."
                }
                _ => "The app goes back to sandbox access for good. Every member is told.",
            };
            view! {
                <p>{what}</p>
                <GrantForm about=about action=action meaning=meaning(action, case.case.level) />
            }
            .into_any()
        }
    })
}

/// A day as a date field wants it.
fn day(at: Timestamp) -> String {
    at.date().to_string()
}

/// What a question can be about: the application, a field, an item.
fn pins(case: &CasePage) -> Vec<Opt> {
    let mut pins = vec![Opt::new(pin_word(&Pin::Case), "The application as a whole")];
    for section in case
        .form()
        .into_iter()
        .flat_map(|form| form.sections(case.case.level))
    {
        for field in section.fields {
            let pin = Pin::Field { key: field.key };
            pins.push(Opt::new(pin_word(&pin), format!("Field: {}", field.label)));
        }
    }
    for list in &case.lists {
        for item in &list.template.items {
            let pin = Pin::Item {
                list: list.kind,
                key: item.key.clone(),
            };
            let label = format!("{}: {}", list.kind.label(), item.label);
            pins.push(Opt::new(pin_word(&pin), label));
        }
    }
    pins
}

/// What a reviewer proposed, to our side alone.
fn proposal(case: &CasePage) -> Option<impl IntoView + use<>> {
    let proposal = case.case.decline_proposal.as_ref()?;
    let (by, text) = (
        case.name(proposal.stamp.by),
        proposal.text.inside().to_owned(),
    );
    Some(view! {
        <Notice>
            <p>{by} " proposed to decline. The developer does not read this:"</p>
            <p class="as-typed">{text}</p>
        </Notice>
    })
}

/// What the developer wrote, where there is an appeal.
fn appeal(case: &CasePage) -> Option<impl IntoView + use<>> {
    let text = case.appeal.clone()?;
    Some(view! { <div class="typed">{text}</div> })
}

fn open_findings(case: &CasePage) -> impl IntoView + use<> {
    let findings = case
        .case
        .findings
        .iter()
        .filter(|finding| finding.is_open())
        .map(|finding| {
            let item = case.item_label(finding.list, &finding.item);
            view! {
                <li>
                    {finding.severity.label()} ", " {item} ": " {finding.text.to_string()}
                    {finding
                        .returned()
                        .map(|wrong| format!(" Still wrong: {}", wrong.text))}
                </li>
            }
        })
        .collect_view();
    view! { <ul>{findings}</ul> }
}

/// What the approver decides on: what changes, who is told, whose eyes saw what.
fn decision(case: &CasePage, cap: u32) -> impl IntoView + use<> {
    let level = case.case.level;
    let changes = match level {
        AccessLevel::Limited => format!(
            "{} goes from {} to {}, with at most {}, at once.",
            case.app.name,
            case.app.level.label(),
            level.label(),
            count(cap, "authorised user")
        ),
        _ => format!(
            "{} goes from {} to {}, without a limit of users, at once.",
            case.app.name,
            case.app.level.label(),
            level.label()
        ),
    };
    let stays = case.app.suspended.then_some(
        " The app is suspended and stays so until its suspended grant is reinstated or revoked.",
    );
    let reviewers = case
        .case
        .reviewers
        .iter()
        .map(|person| case.name(*person))
        .collect::<Vec<_>>()
        .join(", ");
    let tracks = case
        .lists
        .iter()
        .filter_map(|list| {
            let stamp = list.sheet.passed?;
            let by = case.name(stamp.by);
            Some(view! {
                <Fact name=list.kind.label()>
                    <Person name=by /> ", " <Time at=stamp.at />
                </Fact>
            })
        })
        .collect_view();
    let agreement = case.case.acceptance.as_ref().map(|accepted| {
        let (by, at) = (case.name(accepted.stamp.by), accepted.stamp.at);
        let (version, capacity) = (
            accepted.acceptance.version,
            accepted.acceptance.capacity.clone(),
        );
        view! {
            <Fact name="Agreement">
                "Version " {version} ", " <Person name=by role=capacity /> ", " <Time at=at />
            </Fact>
        }
    });
    let submission = case.case.submission.as_ref().map(|submission| {
        let (revision, sha256) = (submission.revision, submission.sha256.clone());
        view! {
            <Fact name="Submission">
                "Revision " {revision} ", " <Hash text=sha256 />
            </Fact>
        }
    });
    let left: Vec<String> = case
        .case
        .findings
        .iter()
        .filter(|finding| !matches!(finding.status, FindingStatus::Resolved { .. }))
        .map(|finding| {
            let item = case.item_label(finding.list, &finding.item);
            let due = finding
                .dated()
                .map(|due| format!(", to be corrected by {}", day_text(due)))
                .unwrap_or_default();
            let weight = finding.severity.label();
            format!("{weight}{due}. {item}: {}", finding.text)
        })
        .collect();
    let left = (!left.is_empty()).then(|| {
        let items = left
            .into_iter()
            .map(|text| view! { <li>{text}</li> })
            .collect_view();
        view! {
            <Fact name="Findings that remain">
                <ul>{items}</ul>
            </Fact>
        }
    });
    let worst = case
        .case
        .standing_findings()
        .map(|finding| finding.severity)
        .max();
    let warn = worst
        .filter(|severity| *severity >= Severity::Major)
        .map(|_| {
            view! {
                <Notice tone=Tone::Attention>
                    <p>"Findings that weigh more than minor still stand."</p>
                </Notice>
            }
        });
    let trail = format!("/cases/{}", case.case.number);
    view! {
        {warn}
        <Facts>
            <Fact name="What changes">{changes} {stays}</Fact>
            <Fact name="Who is told">"Every member of the app, by email."</Fact>
            <Fact name="Who reviewed">
                {reviewers} ". You did not; the decision is a second pair of eyes."
            </Fact>
            {tracks} {agreement} {submission} {left}
            <Fact name="Trail">
                "You sign all that has happened to this case. If anything is added before you sign, a copy taken included, nothing is decided and you see what it was. "
                <a href=trail>"Read the case"</a>
            </Fact>
        </Facts>
    }
}

/// Giving a seat back, with a note for the next holder.
fn release_page(visit: &Visit, caller: &Caller, case: &CasePage, about: About) -> Result<Page> {
    let (seat, about) = seat_of(visit, about)?;
    let action = ActionKind::release(seat);
    let holder = case.case.seats.get(&seat).copied();
    let body = match (refusal(case, action), holder) {
        (None, Some(holder)) => view! {
            <p>
                {case.name(holder)} " is the " {seat.label().to_lowercase()}
                " now. The case then waits for someone to take it."
            </p>
            <ReleaseForm about=about seat=seat holder=holder />
        }
        .into_any(),
        (reason, _) => view! {
            <Notice tone=Tone::Attention>
                <p>{reason.unwrap_or_else(|| "Nobody holds this responsibility.".to_owned())}</p>
            </Notice>
        }
        .into_any(),
    };
    let title = action.label();
    Ok(Page::new(
        format!("{title} · {}", case.case.number),
        view! {
            {page_head(case, title)}
            {live(caller, case)}
            {body}
        },
    ))
}

/// Which seat a page is about, and the way back to it.
fn seat_of(visit: &Visit, about: About) -> Result<(Seat, About)> {
    let seat = visit.query("seat").and_then(Seat::from_word);
    let seat = seat.ok_or(Error::NotFound)?;
    let back = format!("{}?seat={}", visit.path, seat.word());
    Ok((seat, About { back, ..about }))
}

async fn assign_page(
    visit: &Visit,
    caller: &Caller,
    case: &CasePage,
    about: About,
) -> Result<Page> {
    let (seat, about) = seat_of(visit, about)?;
    let action = ActionKind::assign(seat);
    let holder = case.case.seats.get(&seat).copied();
    let title = action.label();
    let held = match holder {
        Some(person) => format!(
            "{} is the {} now.",
            case.name(person),
            seat.label().to_lowercase()
        ),
        None => format!("Nobody is the {} now.", seat.label().to_lowercase()),
    };
    let body = if let Some(reason) = refusal(case, action) {
        view! {
            <Notice tone=Tone::Attention>
                <p>{reason}</p>
            </Notice>
        }
        .into_any()
    } else {
        let mine_to_take = caller.roles.contains(&seat.role())
            && holder != Some(caller.person)
            && !case.case.works_on_another_track(seat, caller.person);
        let take = mine_to_take
            .then(|| view! { <TakeForm about=about.clone() seat=seat holder=holder /> });
        let give = if case.may_assign_others {
            let fit = candidates(&visit.desk, &case.case, seat).await?;
            Some(view! {
                <AssignForm about=about seat=seat holder=holder candidates=fit />
            })
        } else {
            None
        };
        view! {
            <p>{held}</p>
            <p>
                "If that changes before you confirm, nothing happens and you see who has it."
            </p>
            {take}
            {give}
        }
        .into_any()
    };
    Ok(Page::new(
        format!("{title} · {}", case.case.number),
        view! {
            {page_head(case, title)}
            {live(caller, case)}
            {body}
        },
    ))
}
