//! Business days: Monday to Friday without the holidays, counted in UTC.

use crate::Timestamp;
use std::collections::BTreeSet;
use time::{Date, Duration, Weekday};

/// Which days count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    holidays: BTreeSet<Date>,
}

impl Calendar {
    /// A calendar in which the given days do not count, nor do Saturdays and Sundays.
    pub fn new(holidays: impl IntoIterator<Item = Date>) -> Self {
        Self {
            holidays: holidays.into_iter().collect(),
        }
    }

    /// Whether work is done on that day.
    pub fn is_business_day(&self, date: Date) -> bool {
        !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
            && !self.holidays.contains(&date)
    }

    /// The end of the `days`-th business day after the day of `from`: "within 10 business days"
    /// gives the whole of the tenth day.
    pub fn due(&self, from: Timestamp, days: u16) -> Timestamp {
        let mut date = from.date();
        let mut left = days;
        while left > 0 {
            let Some(next) = date.next_day() else { break };
            date = next;
            if self.is_business_day(date) {
                left -= 1;
            }
        }
        Timestamp::start_of(date).plus(Duration::DAY - Duration::MICROSECOND)
    }

    /// The start of the `days`-th business day before the day of `due`.
    pub fn before(&self, due: Timestamp, days: u16) -> Timestamp {
        let mut date = due.date();
        let mut left = days;
        while left > 0 {
            let Some(previous) = date.previous_day() else {
                break;
            };
            date = previous;
            if self.is_business_day(date) {
                left -= 1;
            }
        }
        Timestamp::start_of(date)
    }

    /// The time between two moments that falls on business days, each day counting 24 hours; zero
    /// if `to` is not later than `from`.
    pub fn elapsed(&self, from: Timestamp, to: Timestamp) -> Duration {
        if to <= from {
            return Duration::ZERO;
        }
        let mut sum = Duration::ZERO;
        let mut date = from.date();
        loop {
            let start = Timestamp::start_of(date);
            let end = start.plus(Duration::DAY);
            if self.is_business_day(date) {
                sum += end.min(to).since(start.max(from));
            }
            match date.next_day() {
                Some(next) if end < to => date = next,
                _ => return sum,
            }
        }
    }

    /// Whole and part business days in a duration counted by [`Calendar::elapsed`].
    pub fn days(elapsed: Duration) -> f64 {
        elapsed / Duration::DAY
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::{date, datetime};

    fn at(moment: time::OffsetDateTime) -> Timestamp {
        moment.into()
    }

    #[test]
    fn a_weekend_and_a_holiday_do_not_count() {
        let calendar = Calendar::new([date!(2026 - 11 - 26)]);
        // Wednesday noon; Thursday is a holiday; Friday is day one, Monday day two.
        let due = calendar.due(at(datetime!(2026-11-25 12:00 UTC)), 2);
        assert_eq!(due.to_string(), "2026-11-30T23:59:59.999999Z");
    }

    #[test]
    fn from_friday_evening_to_monday_morning_is_half_a_day() {
        let elapsed = Calendar::default().elapsed(
            at(datetime!(2026-11-20 18:00 UTC)),
            at(datetime!(2026-11-23 06:00 UTC)),
        );
        assert_eq!(elapsed, Duration::hours(12));
    }

    #[test]
    fn saturdays_sundays_and_holidays_are_no_business_days() {
        let calendar = Calendar::new([date!(2026 - 11 - 26)]);
        let counts: Vec<bool> = (23..=29)
            .map(|day| {
                let date = Date::from_calendar_date(2026, time::Month::November, day).unwrap();
                calendar.is_business_day(date)
            })
            .collect();
        assert_eq!(counts, [true, true, true, false, true, false, false]);
    }

    #[test]
    fn a_date_is_the_end_of_its_day_and_none_on_is_today() {
        let from = at(datetime!(2026-11-25 12:00 UTC));
        let due = |days| Calendar::default().due(from, days).to_string();
        assert_eq!(due(0), "2026-11-25T23:59:59.999999Z");
        assert_eq!(due(1), "2026-11-26T23:59:59.999999Z");
        assert_eq!(due(2), "2026-11-27T23:59:59.999999Z");
        assert_eq!(due(3), "2026-11-30T23:59:59.999999Z");
    }

    #[test]
    fn a_reminder_begins_with_a_business_day_before_the_date() {
        let calendar = Calendar::new([date!(2026 - 11 - 26)]);
        // Monday evening; Friday is one day before, Thursday a holiday, Wednesday two.
        let due = at(datetime!(2026-11-30 23:59 UTC));
        let before = |days| calendar.before(due, days).to_string();
        assert_eq!(before(0), "2026-11-30T00:00:00.000000Z");
        assert_eq!(before(1), "2026-11-27T00:00:00.000000Z");
        assert_eq!(before(2), "2026-11-25T00:00:00.000000Z");
    }

    #[test]
    fn time_that_has_not_passed_is_none() {
        let calendar = Calendar::default();
        let now = at(datetime!(2026-11-25 12:00 UTC));
        assert_eq!(calendar.elapsed(now, now), Duration::ZERO);
        let later = now.plus(Duration::HOUR);
        assert_eq!(calendar.elapsed(later, now), Duration::ZERO);
        assert_eq!(calendar.elapsed(now, later), Duration::HOUR);
        assert_eq!(
            calendar.elapsed(now, now.plus(Duration::days(2))),
            Duration::days(2)
        );
    }

    #[test]
    fn days_are_told_in_whole_and_part() {
        assert!((Calendar::days(Duration::hours(60)) - 2.5).abs() < f64::EPSILON);
        assert!(Calendar::days(Duration::ZERO).abs() < f64::EPSILON);
    }

    proptest! {
        #[test]
        fn elapsed_time_adds_up(start in 0i64..3_000_000_000_000_000, a in 0i64..4_000_000_000_000, b in 0i64..4_000_000_000_000) {
            let calendar = Calendar::new([date!(2026 - 12 - 25)]);
            let from = Timestamp::from_micros(start);
            let middle = from.plus(Duration::microseconds(a));
            let to = middle.plus(Duration::microseconds(b));
            prop_assert_eq!(
                calendar.elapsed(from, to),
                calendar.elapsed(from, middle) + calendar.elapsed(middle, to)
            );
        }
    }
}
