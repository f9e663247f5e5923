//! How dates and numbers are written wherever people read text that is not a page: mails, reports,
//! sentences of the trail.

use time::{Date, OffsetDateTime};
use workflow::Timestamp;
pub use workflow::text::count;

/// `4 Dec 2026`, in UTC.
pub fn day(moment: Timestamp) -> String {
    date(moment.date())
}

/// `4 Dec 2026`.
pub fn date(date: Date) -> String {
    let month = match date.month() {
        time::Month::January => "Jan",
        time::Month::February => "Feb",
        time::Month::March => "Mar",
        time::Month::April => "Apr",
        time::Month::May => "May",
        time::Month::June => "Jun",
        time::Month::July => "Jul",
        time::Month::August => "Aug",
        time::Month::September => "Sep",
        time::Month::October => "Oct",
        time::Month::November => "Nov",
        time::Month::December => "Dec",
    };
    format!("{} {month} {}", date.day(), date.year())
}

/// `4 Dec 2026, 14:02 UTC`.
pub fn moment(moment: Timestamp) -> String {
    let at = OffsetDateTime::from(moment);
    format!("{}, {:02}:{:02} UTC", day(moment), at.hour(), at.minute())
}

/// `4 Dec 2026, 14:02:09 UTC`: where the second matters, as in a signature.
pub fn moment_to_the_second(moment: Timestamp) -> String {
    let at = OffsetDateTime::from(moment);
    format!(
        "{}, {:02}:{:02}:{:02} UTC",
        day(moment),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// How often, at the beginning of a sentence: `Every 6 months`, `Once a year`.
pub fn every_months(months: u16) -> String {
    match months {
        1 => "Every month".to_owned(),
        12 => "Once a year".to_owned(),
        _ => format!("Every {months} months"),
    }
}

/// `privacy_policy_url` → `privacy policy url`: the last resort for a key whose label is not known.
pub fn spaced(key: &str) -> String {
    key.replace('_', " ")
}

/// One line, so that what a person typed can neither begin a new mail header nor a new log line.
pub fn one_line(text: &str) -> String {
    workflow::text::line(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn dates_are_written_one_way() {
        let at = Timestamp::from(datetime!(2026-12-04 14:02:09 UTC));
        assert_eq!(day(at), "4 Dec 2026");
        assert_eq!(moment(at), "4 Dec 2026, 14:02 UTC");
        assert_eq!(moment_to_the_second(at), "4 Dec 2026, 14:02:09 UTC");
    }

    #[test]
    fn a_line_break_in_a_name_becomes_a_space() {
        assert_eq!(
            one_line("Ann\r\nBcc: all@example.com"),
            "Ann Bcc: all@example.com"
        );
    }
}
