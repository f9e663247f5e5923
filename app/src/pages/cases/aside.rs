//! What accompanies the work: people and what happened.

use super::{Around, can_take, step_path, timeline::folded};
use crate::pages::{apps::users_seen, living::about_case};
use crate::{
    components::{
        Button, ButtonLink, Day, ExportButton, Fact, Facts, Hue, LevelTag, Line, Opt, Part, Person,
        Select, Tag, TextField, Timeline, Weight,
    },
    steps::{
        cases::{About, assign::TakeForm},
        support::request_path,
    },
    web::Visit,
};
use casework::{
    Caller,
    commands::{
        LONGEST_SNOOZE, RemindDeveloperInput, SnoozeInput, TagCaseInput, UntagCaseInput, WakeInput,
    },
    queries::case_page::CasePage,
    support::queries::ABOUT_CASE,
    words::count,
};
use leptos::prelude::*;
use workflow::{
    ActionKind, Who,
    state::{Seat, Track},
};

pub(super) fn aside(
    visit: &Visit,
    caller: &Caller,
    page: &CasePage,
    about: &About,
    around: &Around,
) -> impl IntoView + use<> {
    let mut seats = vec![Seat::Case];
    seats.extend(page.case.level.tracks().iter().copied().map(Seat::of));
    let seats = seats
        .into_iter()
        .map(|seat| seat_of(caller, page, about, seat))
        .collect_view();
    let entries = folded(&page.history.entries);
    let older = page.history.older.map(|seq| {
        let href = format!("{}?before={seq}", visit.path);
        view! {
            <p>
                <a href=href>"Older"</a>
            </p>
        }
    });
    let newest = visit.query("before").map(|_| {
        view! {
            <p>
                <a href=visit.path.clone()>"Newest"</a>
            </p>
        }
    });
    let reports = page.may_export.then(|| {
        let report = step_path(page.case.number, "report");
        let button = |label: &'static str, ending: &str, paper: &str| {
            view! {
                <ExportButton
                    action=format!("{report}.{ending}")
                    fields=vec![("paper", paper.to_owned())]
                    back=visit.here()
                    weight=Weight::Quiet
                >
                    {label}
                </ExportButton>
            }
        };
        let buttons = [
            button("PDF (A4)", "pdf", ""),
            button("PDF (Letter)", "pdf", "letter"),
            button("CSV", "csv", ""),
            button("Evidence pack", "tar", ""),
        ];
        view! {
            <Part title="Report">
                <div class="row">{buttons}</div>
            </Part>
        }
    });
    let cap = page
        .app
        .cap
        .map(|cap| format!(", at most {}", count(cap, "user")));
    let users = around.users.as_ref().map(users_seen);
    let approval = around.approval.as_ref().map(about_case);
    let (level, suspended) = (page.app.level, page.app.suspended);
    let website = (!page.app.website.is_empty()).then(|| page.app.website.clone());
    view! {
        {next(page)}
        <Part title="People">
            <Facts>{seats}</Facts>
        </Part>
        {remind(visit, page)}
        {tags(visit, page)}
        {snooze(visit, page)}
        <Part title="App">
            <Facts>
                <Fact name="Now has">
                    <LevelTag level=level />
                    {cap}
                    {suspended.then(|| view! { " " <Tag hue=Hue::Overdue text="Suspended" /> })}
                </Fact>
                {website.map(|website| view! { <Fact name="Website">{website}</Fact> })}
            </Facts>
            {users}
        </Part>
        {approval}
        {reports}
        {requests(page)}
        <Part title="Timeline">
            {newest}
            <Timeline label="What happened, newest first" entries=entries />
            {older}
        </Part>
    }
}

/// The support requests about the case; who works in support can open them.
fn requests(page: &CasePage) -> Option<impl IntoView + use<>> {
    let sees = page.sees_requests;
    let all = (sees && page.requests.len() == ABOUT_CASE).then(|| {
        let href = format!("/support/queue?view=all_open&q={}", page.case.number);
        view! { <a href=href>"All open ones about this case"</a> }
    });
    let lines: Vec<_> = page
        .requests
        .iter()
        .map(|request| {
            let number = request.number.to_string();
            let number = match sees {
                true => view! { <a href=request_path(request.number)>{number}</a> }.into_any(),
                false => number.into_any(),
            };
            view! {
                <li>
                    {number} " " <bdi>{request.subject.clone()}</bdi> " "
                    <span class="soft">{request.state.label()}</span>
                </li>
            }
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! {
            <Part title="Support requests">
                <ul class="plain">{lines}</ul>
                {all}
            </Part>
        }
    })
}

/// Who acts next, why, and since when.
fn next(page: &CasePage) -> Option<impl IntoView + use<>> {
    let lines: Vec<_> = page
        .case
        .turns()
        .into_iter()
        .map(|turn| {
            let who = match turn.who {
                Who::Person(person) => page.name(person),
                Who::Role(role) => format!("Any {}", role.label().to_lowercase()),
                Who::Developer => "The developer".to_owned(),
                Who::Signatory => "An owner of the app who signs for it".to_owned(),
            };
            let why = format!(": {}", turn.why());
            let since = turn
                .since
                .map(|since| view! { ", since " <Day at=since /> });
            view! {
                <li>
                    <strong><bdi>{who}</bdi></strong>
                    {why}
                    {since}
                </li>
            }
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! {
            <Part title="Next">
                <ul class="plain">{lines}</ul>
            </Part>
        }
    })
}

/// The button that has the developer reminded.
fn remind(visit: &Visit, page: &CasePage) -> Option<impl IntoView + use<>> {
    page.may_remind.then(|| {
        visit
            .form::<RemindDeveloperInput>()
            .inline()
            .hidden(RemindDeveloperInput::number(), &page.case.number)
            .show(|_| view! { <Button weight=Weight::Quiet>"Remind the developer"</Button> })
    })
}

/// Its tags, each with the way off, and the list of those that can be put on it.
fn tags(visit: &Visit, page: &CasePage) -> Option<impl IntoView + use<>> {
    let number = page.case.number;
    let (on, offered): (Vec<_>, Vec<_>) = page.tags.iter().partition(|tag| tag.is_on);
    let may_tag = page.may_tag;
    let items = on
        .iter()
        .map(|tag| {
            let off = may_tag.then(|| {
                visit
                    .form::<UntagCaseInput>()
                    .id(format!("untag-{}", tag.id))
                    .inline()
                    .label(format!("Take off: {}", tag.name))
                    .hidden(UntagCaseInput::number(), &number)
                    .hidden(UntagCaseInput::tag(), &tag.id)
                    .show(|_| view! { <Button weight=Weight::Link>"Take off"</Button> })
            });
            view! {
                <li class="row">
                    <Tag text=tag.name.clone() />
                    {off}
                </li>
            }
        })
        .collect_view();
    let add = (may_tag && !offered.is_empty()).then(|| {
        let options = offered
            .iter()
            .map(|tag| Opt::new(tag.id.to_string(), &tag.name))
            .collect();
        visit
            .form::<TagCaseInput>()
            .inline()
            .label("Put a tag on")
            .hidden(TagCaseInput::number(), &number)
            .show(|form| {
                view! {
                    <Select of=form.at(TagCaseInput::tag()) options=options prompt="Choose a tag" />
                    <Button weight=Weight::Quiet>"Put on"</Button>
                }
            })
    });
    (!on.is_empty() || add.is_some()).then(|| {
        view! {
            <Part title="Tags">
                <ul class="plain">{items}</ul>
                {add}
            </Part>
        }
    })
}

/// Until when the reader has snoozed it, or the form with which they do.
fn snooze(visit: &Visit, page: &CasePage) -> Option<impl IntoView + use<>> {
    let number = page.case.number;
    if let Some(snooze) = &page.snooze {
        let wake = visit
            .form::<WakeInput>()
            .hidden(WakeInput::number(), &number)
            .show(|_| view! { <Button weight=Weight::Quiet>"Wake"</Button> });
        let until = snooze.until;
        let reason = snooze.reason.clone();
        return Some(
            view! {
                <Part title="Snoozed">
                    <p>"Not in your turn until " <Day at=until /> ": " <bdi>{reason}</bdi></p>
                    {wake}
                </Part>
            }
            .into_any(),
        );
    }
    page.may_snooze.then(|| {
        let form = visit
            .form::<SnoozeInput>()
            .hidden(SnoozeInput::number(), &number);
        let is_open = form.is_back() || visit.query("snooze").is_some();
        let form = form.show(|form| {
            view! {
                <TextField
                    of=form.at(SnoozeInput::until())
                    line=Line::Date
                    hint=format!("At most {LONGEST_SNOOZE} days. It comes back sooner when anything happens.")
                />
                <TextField of=form.at(SnoozeInput::reason()) hint="What it waits for." />
                <Button weight=Weight::Quiet>"Snooze"</Button>
            }
        });
        view! {
            <details class="more" id="snoozing" open=is_open>
                <summary>"Snooze"</summary>
                {form}
            </details>
        }
        .into_any()
    })
}

/// Who holds a seat, and what the reader can do about it.
fn seat_of(caller: &Caller, page: &CasePage, about: &About, seat: Seat) -> impl IntoView + use<> {
    let holder = page.case.seats.get(&seat).copied();
    let passed = seat.track().and_then(|track: Track| {
        page.list(workflow::checklist::ListKind::of(track))
            .and_then(|list| list.sheet.passed)
    });
    let who = match (holder, passed) {
        (Some(person), _) => view! { <Person name=page.name(person) /> }.into_any(),
        (None, Some(stamp)) => {
            view! { <Person name=page.name(stamp.by) role="passed" /> }.into_any()
        }
        (None, None) => view! { <span class="soft">"Nobody"</span> }.into_any(),
    };
    let take = can_take(caller, page, seat).then(|| {
        view! { <TakeForm about=about.clone() seat=seat holder=None weight=Weight::Link /> }
    });
    let is_mine = holder == Some(caller.person);
    let assignable = page.can(ActionKind::assign(seat));
    let elsewhere = |label: &'static str, step: &str| {
        let href = format!("{}?seat={}", step_path(page.case.number, step), seat.word());
        view! { <ButtonLink href=href weight=Weight::Link>{label}</ButtonLink> }
    };
    let take_over = (assignable
        && holder.is_some()
        && !is_mine
        && !page.may_assign_others
        && caller.roles.contains(&seat.role()))
    .then(|| elsewhere("Take over", "assign"));
    let assign = (assignable && page.may_assign_others).then(|| elsewhere("Assign", "assign"));
    let release = holder
        .filter(|_| page.can(ActionKind::release(seat)))
        .map(|_| elsewhere("Release", "release"));
    view! {
        <Fact name=seat.label()>
            <div class="row">{who} {take} {take_over} {assign} {release}</div>
        </Fact>
    }
}
