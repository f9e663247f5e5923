//! A moment in UTC.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;
use time::{Date, Duration, OffsetDateTime, format_description::well_known::Rfc3339};

/// A moment in UTC, in whole microseconds since 1970-01-01T00:00:00Z: what both databases keep
/// exactly and order rightly. Written as RFC 3339 in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

const YEAR_0: i64 = -62_167_219_200_000_000;
const YEAR_9999: i64 = 253_402_300_799_999_999;

impl Timestamp {
    /// From microseconds since the epoch; what lies outside the years 0 to 9999 is moved to the
    /// nearer end.
    pub const fn from_micros(micros: i64) -> Self {
        if micros < YEAR_0 {
            Self(YEAR_0)
        } else if micros > YEAR_9999 {
            Self(YEAR_9999)
        } else {
            Self(micros)
        }
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The first moment of a UTC day.
    pub fn start_of(date: Date) -> Self {
        date.midnight().assume_utc().into()
    }

    /// The UTC day.
    pub fn date(self) -> Date {
        OffsetDateTime::from(self).date()
    }

    /// This moment moved by `by`, which may be negative.
    pub fn plus(self, by: Duration) -> Self {
        let micros = i64::try_from(by.whole_microseconds()).unwrap_or(i64::MAX);
        Self::from_micros(self.0.saturating_add(micros))
    }

    /// From `earlier` to here; negative if `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::microseconds(self.0.saturating_sub(earlier.0))
    }
}

impl From<OffsetDateTime> for Timestamp {
    fn from(moment: OffsetDateTime) -> Self {
        let micros = moment.unix_timestamp_nanos() / 1_000;
        Self::from_micros(i64::try_from(micros).unwrap_or(YEAR_9999))
    }
}

impl From<Timestamp> for OffsetDateTime {
    fn from(moment: Timestamp) -> Self {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(moment.0) * 1_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 with exactly six decimals, so that texts sort as moments do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = OffsetDateTime::from(*self);
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute(),
            at.second(),
            at.microsecond()
        )
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        OffsetDateTime::parse(&text, &Rfc3339)
            .map(Self::from)
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::{date, datetime};

    #[test]
    fn what_lies_outside_the_years_0_to_9999_is_moved_to_the_nearer_end() {
        let (first, last) = ("0000-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z");
        for (micros, text) in [
            (i64::MIN, first),
            (YEAR_0 - 1, first),
            (YEAR_0, first),
            (YEAR_0 + 1, "0000-01-01T00:00:00.000001Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (0, "1970-01-01T00:00:00.000000Z"),
            (1, "1970-01-01T00:00:00.000001Z"),
            (YEAR_9999 - 1, "9999-12-31T23:59:59.999998Z"),
            (YEAR_9999, last),
            (YEAR_9999 + 1, last),
            (i64::MAX, last),
        ] {
            assert_eq!(Timestamp::from_micros(micros).to_string(), text);
        }
        let end = Timestamp::from_micros(YEAR_9999);
        assert_eq!(end.plus(Duration::DAY), end);
        assert_eq!(end.plus(Duration::MAX), end);
        assert_eq!(end.micros(), YEAR_9999);
    }

    #[test]
    fn a_moment_of_another_zone_is_the_same_moment_in_utc() {
        let moment = Timestamp::from(datetime!(2026-11-26 01:30:00.123_456_789 +02:00));
        assert_eq!(moment.to_string(), "2026-11-25T23:30:00.123456Z");
        assert_eq!(moment.date(), date!(2026 - 11 - 25));
        assert_eq!(
            Timestamp::start_of(moment.date()).to_string(),
            "2026-11-25T00:00:00.000000Z"
        );
        let later = moment.plus(Duration::microseconds(90));
        assert_eq!(later.since(moment), Duration::microseconds(90));
        assert_eq!(moment.since(later), Duration::microseconds(-90));
    }

    proptest! {
        #[test]
        fn a_moment_survives_its_text(micros in YEAR_0..=YEAR_9999) {
            let moment = Timestamp::from_micros(micros);
            let text = serde_json::to_string(&moment).unwrap();
            prop_assert_eq!(serde_json::from_str::<Timestamp>(&text).unwrap(), moment);
        }

        #[test]
        fn texts_sort_as_moments_do(a in YEAR_0..=YEAR_9999, b in YEAR_0..=YEAR_9999) {
            let (a, b) = (Timestamp::from_micros(a), Timestamp::from_micros(b));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }
    }
}
