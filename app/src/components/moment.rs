//! How moments and ages are written: one way, here.

pub use casework::words::day as day_text;
use casework::words::moment;
use leptos::prelude::*;
use time::{Duration, OffsetDateTime};
use workflow::{Calendar, Timestamp};

/// `2026-11-22T14:02:07Z`: what machines read.
pub fn machine_text(at: Timestamp) -> String {
    let moment = OffsetDateTime::from(at);
    format!(
        "{}T{:02}:{:02}:{:02}Z",
        moment.date(),
        moment.hour(),
        moment.minute(),
        moment.second()
    )
}

/// `2026-11-22 14:02:07 UTC`, what is shown on hover.
pub fn exact_text(at: Timestamp) -> String {
    let moment = OffsetDateTime::from(at);
    format!(
        "{} {:02}:{:02}:{:02} UTC",
        moment.date(),
        moment.hour(),
        moment.minute(),
        moment.second()
    )
}

/// Business days to the nearest half: `<½ d`, `½ d`, `2½ d`; from ten days on without the half.
pub fn days_text(spent: Duration) -> String {
    let halves = (Calendar::days(spent).max(0.0) * 2.0).round();
    let whole = (halves / 2.0).floor();
    if halves == 0.0 {
        "<½ d".to_owned()
    } else if whole >= 10.0 || halves % 2.0 == 0.0 {
        format!("{whole:.0} d")
    } else if whole == 0.0 {
        "½ d".to_owned()
    } else {
        format!("{whole:.0}½ d")
    }
}

/// The same to who hears it: `2½ business days`.
fn days_aloud(spent: Duration) -> String {
    match days_text(spent).trim_end_matches(" d") {
        "<½" => "less than half a business day".to_owned(),
        "½" => "half a business day".to_owned(),
        "1" => "1 business day".to_owned(),
        days => format!("{days} business days"),
    }
}

/// Business days, as [`days_text`] shows them, read aloud in words.
#[component]
pub fn Days(spent: Duration) -> impl IntoView {
    view! {
        <span aria-hidden="true">{days_text(spent)}</span>
        <span class="visually-hidden">{days_aloud(spent)}</span>
    }
}

/// A moment: day and time with their zone, which is the desk's everywhere; with seconds on hover.
#[component]
pub fn Time(at: Timestamp) -> impl IntoView {
    view! {
        <time datetime=machine_text(at) title=exact_text(at)>
            {moment(at)}
        </time>
    }
}

/// A moment of which only the day matters; the rest on hover.
#[component]
pub fn Day(at: Timestamp) -> impl IntoView {
    view! {
        <time datetime=machine_text(at) title=exact_text(at)>
            {day_text(at)}
        </time>
    }
}

/// How far a due date is away, in business days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Whole business days that remain after today.
    Left(u32),
    Today,
    /// Business days begun since it passed.
    Over(u32),
}

impl Due {
    /// Where `now` stands to `due`.
    pub fn of(due: Timestamp, now: Timestamp, calendar: &Calendar) -> Self {
        if now > due {
            // Due dates end a microsecond before midnight; that one is no business day begun.
            let end = due.plus(Duration::SECOND);
            return Self::Over(count(Calendar::days(calendar.elapsed(end, now)).ceil()));
        }
        match count(Calendar::days(calendar.elapsed(now, due)).floor()) {
            0 if now.date() == due.date() => Self::Today,
            left => Self::Left(left),
        }
    }

    /// `3 days left`, `today`, `1 day over`: for a column whose head says that these are business
    /// days.
    pub fn text(self) -> String {
        self.counted("day")
    }

    /// `3 business days left`, `today`, `1 business day over`.
    pub fn whole_text(self) -> String {
        self.counted("business day")
    }

    fn counted(self, unit: &str) -> String {
        match self {
            Self::Left(0) => "next business day".to_owned(),
            Self::Left(1) => format!("1 {unit} left"),
            Self::Left(days) => format!("{days} {unit}s left"),
            Self::Today => "today".to_owned(),
            Self::Over(0) => "overdue".to_owned(),
            Self::Over(1) => format!("1 {unit} over"),
            Self::Over(days) => format!("{days} {unit}s over"),
        }
    }

    /// Whether it should catch the eye, and how: `over`, `soon` (today or the next business day)
    /// or nothing.
    pub const fn urgency(self) -> Option<&'static str> {
        match self {
            Self::Over(_) => Some("over"),
            Self::Today | Self::Left(0 | 1) => Some("soon"),
            Self::Left(_) => None,
        }
    }
}

/// A count of days from what [`Calendar::days`] rounds to; negative and absurd ones are cut off.
fn count(days: f64) -> u32 {
    if days <= 0.0 {
        0
    } else if days >= f64::from(u16::MAX) {
        u32::from(u16::MAX)
    } else {
        days as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn at(moment: OffsetDateTime) -> Timestamp {
        moment.into()
    }

    #[test]
    fn a_moment_is_written_for_people_and_exactly() {
        let moment = at(datetime!(2026-11-02 04:05:06 UTC));
        assert_eq!(machine_text(moment), "2026-11-02T04:05:06Z");
        assert_eq!(exact_text(moment), "2026-11-02 04:05:06 UTC");
    }

    #[test]
    fn ages_are_rounded_to_half_days() {
        assert_eq!(days_text(Duration::ZERO), "<½ d");
        assert_eq!(days_text(Duration::hours(12)), "½ d");
        assert_eq!(days_text(Duration::hours(61)), "2½ d");
        assert_eq!(days_text(Duration::hours(300)), "12 d");
        for (hours, aloud) in [
            (0, "less than half a business day"),
            (12, "half a business day"),
            (24, "1 business day"),
            (61, "2½ business days"),
        ] {
            assert_eq!(days_aloud(Duration::hours(hours)), aloud);
        }
    }

    #[test]
    fn a_due_date_counts_business_days() {
        let calendar = Calendar::default();
        let due = at(datetime!(2026-11-27 23:59:59 UTC));
        let of = |moment| Due::of(due, at(moment), &calendar).text();
        assert_eq!(of(datetime!(2026-11-24 10:00 UTC)), "3 days left");
        assert_eq!(of(datetime!(2026-11-27 10:00 UTC)), "today");
        assert_eq!(of(datetime!(2026-11-28 10:00 UTC)), "overdue");
        assert_eq!(of(datetime!(2026-11-30 10:00 UTC)), "1 day over");
    }
}
