//! The surroundings of a case: the head that stays, checklists, what is asked of the developer.

use super::{
    AppLogo, ClockPair, Due, DueTag, Hue, LevelTag, SeverityTag, StateTag, Tag, VerdictTag, some,
};
use leptos::prelude::*;
use workflow::{
    AppId, CaseNumber, StateKind, Timestamp,
    case::GrantStatus,
    checklist::{Severity, Verdict},
    clock::Spent,
    gallery::Image,
    state::{AccessLevel, Side},
};

/// What the head of a case says.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseHeadFacts {
    pub number: CaseNumber,
    pub app: String,
    /// The app's logo, where it has one.
    pub logo: Option<(AppId, Image)>,
    pub organisation: String,
    pub level: AccessLevel,
    pub state: StateKind,
    /// How its approval stands, where it was approved.
    pub grant: Option<GrantStatus>,
    pub round: u16,
    /// `Nobody` where nobody is assigned.
    pub assignee: String,
    pub due: Option<(Timestamp, Due)>,
    pub spent: Spent,
    pub running: Option<Side>,
}

/// The head of a case; it stays while the page scrolls. Put it first on the page, so that notices
/// come under it.
#[component]
pub fn CaseHead(facts: CaseHeadFacts) -> impl IntoView {
    let fact = |class: &'static str, key: &'static str, value: String| {
        view! {
            <span class=class>
                <span class="key">{key}</span>
                {value}
            </span>
        }
    };
    let logo = facts.logo.map(|(app, logo)| {
        view! { <AppLogo app=app logo=Some(logo) name=facts.app.clone() /> }
    });
    view! {
        <header class="case-head" id="case-head" data-pane>
            <div class="line">
                {logo}
                <h1>
                    <span class="number">{facts.number.to_string()}</span>
                    {facts.app}
                </h1>
                <LevelTag level=facts.level />
                <StateTag state=facts.state grant=facts.grant />
                {facts.due.map(|(at, due)| view! { <DueTag at=at due=due /> })}
            </div>
            <div class="line facts-line">
                {fact("fact", "Assignee", facts.assignee)}
                {some(facts.organisation).map(|name| fact("fact minor", "Organisation", name))}
                {(facts.round > 1).then(|| fact("fact minor", "Round", facts.round.to_string()))}
                <ClockPair spent=facts.spent running=facts.running />
            </div>
        </header>
    }
}

/// A part of what accompanies the work, with its title.
#[component]
pub fn Part(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <section class="stack tight">
            <h2>{title}</h2>
            {children()}
        </section>
    }
}

/// Where the application stands, as a sentence, and what to press (children): first on a
/// developer's page.
#[component]
pub fn Asked(
    /// `Developer` when it is their turn.
    hue: Hue,
    /// See [`super::state_sentence`].
    #[prop(into)]
    sentence: String,
    /// An estimate, the two clocks.
    #[prop(optional_no_strip, into)]
    more: Option<AnyView>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="asked" data-tone=hue.word() aria-label="Where your application stands">
            <div>
                <p class="what">{sentence}</p>
                {more.map(|more| view! { <div class="quiet-text">{more}</div> })}
            </div>
            {children.map(|children| view! { <div class="buttons">{children()}</div> })}
        </section>
    }
}

/// The items of a checklist: children are [`CheckItem`]s.
#[component]
pub fn Checks(children: Children) -> impl IntoView {
    view! { <ol class="checks">{children()}</ol> }
}

/// One item of a checklist: what must be so, how it is verified, what came out, and (children) the
/// form to mark it, findings, an open question.
#[component]
pub fn CheckItem(
    /// For links to this place.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] verify: String,
    severity: Severity,
    #[prop(optional_no_strip, into)] verdict: Option<Verdict>,
    #[prop(optional_no_strip)] evidence: Option<AnyView>,
    /// Its number in the list.
    number: usize,
    /// Whether it is the one at hand.
    #[prop(optional)]
    at_hand: bool,
    /// Where developers read about it.
    #[prop(optional, into)]
    guide: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let about = format!(": {label} (opens in a new tab)");
    let reason = match &verdict {
        Some(Verdict::NotApplicable { reason }) => reason.inside().to_owned(),
        _ => String::new(),
    };
    view! {
        <li id=id class=at_hand.then_some("at-hand") aria-current=at_hand.then_some("true") tabindex=at_hand.then_some("-1")>
            <div>
                <div class="label">
                    <span class="n">{number}</span>
                    {label}
                </div>
                {some(verify).map(|text| view! { <div class="verify">{text}</div> })}
                {some(reason).map(|text| view! { <div class="evidence">"Reason: " {text}</div> })}
                {evidence
                    .map(|text| view! { <div class="evidence">"Evidence: " {text}</div> })}
                {some(guide)
                    .map(|href| {
                        view! {
                            <div class="guide-link">
                                <a href=href target="_blank" rel="noopener">
                                    "What developers read" <span class="visually-hidden">{about}</span>
                                </a>
                            </div>
                        }
                    })}
            </div>
            <div class="verdict">
                <SeverityTag severity=severity />
                <VerdictTag verdict=verdict />
            </div>
            {children.map(|children| view! { <div class="wide">{children()}</div> })}
        </li>
    }
}

/// One item of a checklist on one line: its label leads to it, `children` is what can be done at once.
#[component]
pub fn CheckRow(
    #[prop(into)] id: String,
    number: usize,
    #[prop(into)] label: String,
    #[prop(into)] href: String,
    severity: Severity,
    #[prop(optional_no_strip, into)] verdict: Option<Verdict>,
    /// What is open about it: a finding, a question; empty for nothing.
    #[prop(optional, into)]
    open: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    // What has passed is quiet.
    let severity = (!matches!(verdict, Some(Verdict::Pass)))
        .then(|| view! { <SeverityTag severity=severity /> });
    view! {
        <li class="line" id=id>
            <a class="item" href=href>
                <span class="n">{number}</span>
                {label}
            </a>
            {some(open).map(|open| view! { <Tag hue=Hue::Overdue text=open /> })}
            <span class="verdict">
                {severity} {verdict.map(|verdict| view! { <VerdictTag verdict=verdict /> })}
            </span>
            {children.map(|children| children())}
        </li>
    }
}

/// Something that folds out in place: a form that is not needed every time.
#[component]
pub fn More(
    #[prop(into)] summary: String,
    #[prop(optional)] fold: super::Fold,
    #[prop(optional, into)] id: String,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="more" id=some(id) open=fold == super::Fold::Open>
            <summary>
                <super::Icon pic=super::Pic::Chevron />
                {summary}
            </summary>
            <div class="body">{children()}</div>
        </details>
    }
}
