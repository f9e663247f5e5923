//! How many use an app: for its developers and for staff. Never who.

use crate::components::{Bars, Fact, Facts, day_text};
use casework::queries::{UsersOfApp, UsersSeen};
use leptos::prelude::*;
use workflow::Timestamp;

/// `14 of 20`.
pub(crate) fn places_taken(authorised: u32, cap: Option<u32>) -> String {
    match cap {
        Some(cap) => format!("{authorised} of {cap}"),
        None => format!("{authorised}, without a limit"),
    }
}

/// What staff see of it.
pub(crate) fn users_seen(seen: &UsersSeen) -> impl IntoView + use<> {
    let taken = places_taken(seen.users.authorised, seen.cap);
    let by_day = users_by_day(&seen.users, seen.cap);
    view! {
        <Facts>
            <Fact name="Authorised users">{taken}</Fact>
        </Facts>
        {by_day}
    }
}

/// How many had authorised the app at the end of each day, as bars, and in words how many used it.
pub(crate) fn users_by_day(users: &UsersOfApp, cap: Option<u32>) -> impl IntoView + use<> {
    let values: Vec<u32> = users.days.iter().map(|day| day.authorised).collect();
    let days = values.len();
    let first = values.first().copied().unwrap_or(0);
    let served = users.days.iter().rev().find(|day| day.served > 0);
    let served = served.map_or_else(
        || "No user was served in that time.".to_owned(),
        |day| {
            let who = match day.served {
                1 => "1 user was".to_owned(),
                more => format!("{more} users were"),
            };
            let date = day_text(Timestamp::start_of(day.date));
            format!("Last, on {date}, {who} served.")
        },
    );
    let now = users.authorised;
    let course = match first == now {
        true => format!("{now} now, as at the beginning"),
        false => format!("from {first} to {now}"),
    };
    let says = format!(
        "Authorised users in the last {days} days: {course}. {served} We know how many they are, not who."
    );
    view! { <Bars values=values limit=cap says=says /> }
}
