//! Reviews that are pending on a case: what is in them, and what would come of publishing one's own.

use super::step_pages::page_head;
use crate::{
    components::{ClockPair, Day, Fact, Facts, Fold, Hue, More, Notice, Tag, Time, Tone},
    steps::cases::{
        About,
        review::{
            ChangeForm, DiscardForm, DropForm, PublishForm, TakeReviewForm, change_id, review_path,
        },
    },
    web::{Page, Visit},
};
use casework::{
    Caller, Result,
    cases::pending::{Entry, Says},
    commands::{Rehearsal, Rehearsed, RehearsedLetter, pin_from_word, rehearse_review},
    queries::{PendingReview, case_page::CasePage, counted},
    words::count,
};
use leptos::prelude::*;
use workflow::{checklist::ListKind, state::Side};

/// On the page of the case: that something is pending, whose it is, and the way to it.
pub(super) fn notices(page: &CasePage) -> Option<impl IntoView + use<>> {
    let href = review_path(page.case.number);
    let lines = page
        .pending
        .iter()
        .map(|review| {
            let counted = counted(&review.entries);
            let (whose, way) = match review.is_own {
                true => ("Your review".to_owned(), "Rehearse and publish"),
                false => (format!("Draft of {}", page.name(review.person)), "Read it"),
            };
            let left = review.left.map(|left| format!("; {}", left.words()));
            let href = href.clone();
            view! {
                <p>
                    <bdi>{whose}</bdi> ": " {counted} "; not published" {left} ". "
                    <a href=href>{way}</a>
                </p>
            }
        })
        .collect_view();
    (!page.pending.is_empty()).then(|| view! { <Notice>{lines}</Notice> })
}

/// The verdict that the reader has gathered on an item.
pub(super) fn gathered(
    page: &CasePage,
    list: ListKind,
    item: &str,
) -> Option<impl IntoView + use<>> {
    let says = page.gathered_on(list, item)?;
    let text = format!("In your review: {}", kind_of(says).1);
    Some(view! { <Tag hue=Hue::Us text=text /> })
}

/// `/cases/UD-1042/review`.
pub(super) async fn review_page(
    visit: &Visit,
    caller: &Caller,
    case: &CasePage,
    about: About,
) -> Result<Page> {
    let number = case.case.number;
    let rehearsal = rehearse_review(&visit.desk, caller, number).await?;
    let title = match rehearsal {
        Some(_) => "Your review",
        None => "Pending reviews",
    };
    let own = match rehearsal {
        Some(rehearsal) => own(case, &about, &rehearsal).into_any(),
        None => view! {
            <p class="soft">
                "You have gathered nothing on this case. Begin a review on "
                <a href=format!("/cases/{number}")>"its page"</a>
                ": from then on verdicts, findings and questions are kept here until you publish them together."
            </p>
        }
        .into_any(),
    };
    let others = case
        .pending
        .iter()
        .filter(|review| !review.is_own)
        .map(|review| draft_of(case, review, &about))
        .collect_view();
    Ok(Page::new(
        format!("{title} · {number}"),
        view! {
            {page_head(case, title)}
            {own}
            {others}
        },
    ))
}

fn own(case: &CasePage, about: &About, rehearsal: &Rehearsal) -> impl IntoView + use<> {
    let entries = rehearsal
        .entries
        .iter()
        .map(|rehearsed| own_entry(case, rehearsed, about))
        .collect_view();
    let nothing = rehearsal.entries.is_empty().then(|| {
        let href = format!("/cases/{}", case.case.number);
        view! {
            <p class="soft">
                "Nothing is in it yet. What you decide on " <a href=href>"the case"</a>
                " comes here."
            </p>
        }
    });
    let publish = rehearsal.possible().next().is_some().then(|| {
        view! {
            {foreseen(case, rehearsal)}
            <PublishForm about=about.clone() rehearsal=rehearsal.clone() />
        }
    });
    view! {
        <section class="stack" aria-labelledby="gathered">
            <h2 id="gathered">"What you have gathered"</h2>
            {nothing}
            <ul class="plain stack">{entries}</ul>
        </section>
        {publish}
        <DiscardForm about=about.clone() />
    }
}

/// What would come of it: where the case would stand, whose turn it would be, and every letter.
fn foreseen(case: &CasePage, rehearsal: &Rehearsal) -> impl IntoView + use<> {
    let state = match rehearsal.before == rehearsal.after {
        true => format!("Stays in {}", rehearsal.after.label()),
        false => format!("{} → {}", rehearsal.before.label(), rehearsal.after.label()),
    };
    let turn = match rehearsal.after.side() {
        Side::Us => "Ours".to_owned(),
        Side::Developer => format!("The developer’s, {}", case.app.organisation),
        Side::Nobody => "Nobody’s".to_owned(),
    };
    let due = rehearsal.due.map(|due| {
        view! { <Fact name="Due"><Day at=due /></Fact> }
    });
    let clocks = view! { <ClockPair spent=rehearsal.spent running=rehearsal.running /> };
    let letters = match rehearsal.letters.is_empty() {
        true => view! { <p>"No letter goes out: nothing of it is told to the developer yet."</p> }
            .into_any(),
        false => letters(&rehearsal.letters).into_any(),
    };
    view! {
        <section class="stack" aria-labelledby="foreseen">
            <h2 id="foreseen">"What happens when you publish"</h2>
            <Facts>
                <Fact name="State">{state}</Fact>
                <Fact name="Turn">{turn}</Fact>
                {due}
                <Fact name="Clocks">{clocks}</Fact>
            </Facts>
            {letters}
        </section>
    }
}

fn letters(letters: &[RehearsedLetter]) -> impl IntoView + use<> {
    let all = letters
        .iter()
        .enumerate()
        .map(|(index, letter)| {
            let fold = match index {
                0 => Fold::Open,
                _ => Fold::Closed,
            };
            let (subject, text) = (letter.subject.clone(), letter.text.clone());
            let to = match letter.to_name.as_str() {
                "" => letter.to_address.clone(),
                name => format!("{name}, {}", letter.to_address),
            };
            view! {
                <More summary=format!("To {to}") fold=fold>
                    <p><strong>{subject}</strong></p>
                    <div class="typed">{text}</div>
                </More>
            }
        })
        .collect_view();
    view! {
        <h3>{count(letters.len(), "letter")}</h3>
        {all}
    }
}

fn own_entry(case: &CasePage, rehearsed: &Rehearsed, about: &About) -> impl IntoView + use<> {
    let entry = &rehearsed.entry;
    let obstacle = rehearsed.obstacle.clone().map(|obstacle| {
        view! {
            <Notice tone=Tone::Attention>
                <p>"Cannot be published now: " {obstacle}</p>
            </Notice>
        }
    });
    let label = what_about(case, &entry.says);
    let form = about
        .form::<casework::commands::ChangeEntry>()
        .id(change_id(entry));
    let fold = match form.is_back() {
        true => Fold::Open,
        false => Fold::Closed,
    };
    let change = view! {
        <ChangeForm about=about.clone() entry=entry.clone() label=label.clone() />
    };
    let drop = view! { <DropForm about=about.clone() entry=entry.clone() label=label /> };
    view! {
        <li class="stack tight">
            {told(case, entry)} {obstacle}
            <More summary="Change" fold=fold>{change}</More>
            {drop}
        </li>
    }
}

/// What a colleague has gathered, to be read.
fn draft_of(case: &CasePage, review: &PendingReview, about: &About) -> impl IntoView + use<> {
    let name = case.name(review.person);
    let id = format!("draft-{}", review.person);
    let by = id.clone();
    let left = review.left.map(|left| {
        let words = format!("Its author cannot publish it: {}.", left.words());
        view! {
            <Notice tone=Tone::Attention>
                <p>{words}</p>
            </Notice>
        }
    });
    let take = review
        .may_take
        .then(|| view! { <TakeReviewForm about=about.clone() person=review.person /> });
    let entries = review
        .entries
        .iter()
        .map(|entry| view! { <li class="stack tight">{told(case, entry)}</li> })
        .collect_view();
    view! {
        <section class="stack" aria-labelledby=by>
            <h2 id=id>"Draft of " <bdi>{name}</bdi></h2>
            <p class="quiet-text">"Begun " <Time at=review.begun_at /> "; not published."</p>
            {left}
            <ul class="plain stack">{entries}</ul>
            {take}
        </section>
    }
}

/// An entry in words.
fn told(case: &CasePage, entry: &Entry) -> impl IntoView + use<> {
    let (hue, kind) = kind_of(&entry.says);
    let (text, evidence) = match &entry.says {
        Says::Verdict { note, evidence, .. } => (note, evidence.as_str()),
        Says::Finding { text, .. } | Says::Question { text, .. } => (text, ""),
    };
    let text = (!text.is_empty()).then(|| view! { <p class="as-typed">{text.clone()}</p> });
    let evidence = (!evidence.is_empty()).then(|| {
        view! { <p class="as-typed quiet-text">{evidence.to_owned()}</p> }
    });
    view! {
        <p>
            <Tag hue=hue text=kind /> " " {what_about(case, &entry.says)}
        </p>
        {text}
        {evidence}
    }
}

/// What an entry is, in a word.
fn kind_of(says: &Says) -> (Hue, String) {
    match says {
        Says::Verdict { verdict, .. } => match verdict.as_str() {
            "pass" => (Hue::Approved, "Pass".to_owned()),
            "fail" => (Hue::Overdue, "Fail".to_owned()),
            _ => (Hue::Waiting, "N/A".to_owned()),
        },
        Says::Finding { severity, .. } => {
            let weight = severity.map(|one| format!(", {}", one.label().to_lowercase()));
            (
                Hue::Overdue,
                format!("Finding{}", weight.unwrap_or_default()),
            )
        }
        Says::Question { .. } => (Hue::Developer, "Question".to_owned()),
    }
}

/// What an entry is about, in words.
fn what_about(case: &CasePage, says: &Says) -> String {
    match says {
        Says::Verdict { list, item, .. } | Says::Finding { list, item, .. } => {
            case.item_label(*list, item)
        }
        Says::Question { about, .. } => pin_from_word(about)
            .map(|pin| case.pin_label(&pin))
            .unwrap_or_default(),
    }
}
