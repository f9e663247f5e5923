//! Reading what was typed into a form.

use crate::{Error, Result, text::says_nothing};
use time::{Date, Duration, format_description::well_known::Iso8601};
use workflow::{Timestamp, decide::LONGEST_TEXT, form::Problem};

/// A text that must be there, with a letter or a digit at least, and may have [`LONGEST_TEXT`] characters.
///
/// # Errors
/// [`Error::Input`] on `field`; `missing` says what to write.
pub(crate) fn required(field: &str, label: &str, typed: &str, missing: &str) -> Result<String> {
    let text = limited(field, label, typed, LONGEST_TEXT)?;
    if says_nothing(&text) {
        return Err(Error::field(field, format!("{label}: {missing}")));
    }
    Ok(text)
}

/// A text of several lines, clean, of at most `most` characters.
///
/// # Errors
/// [`Error::Input`] on `field`.
pub(crate) fn limited(field: &str, label: &str, typed: &str, most: usize) -> Result<String> {
    let text = workflow::text::lines(typed);
    let count = text.chars().count();
    if count > most {
        return Err(Error::field(
            field,
            format!("{label}: shorten it to {most} characters; it has {count}."),
        ));
    }
    Ok(text)
}

/// The end of a day typed as `2027-03-31`, in UTC; nothing where nothing was typed.
///
/// # Errors
/// [`Error::Input`] on `field`.
pub(crate) fn day(field: &str, label: &str, typed: &str) -> Result<Option<Timestamp>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let date = Date::parse(typed, &Iso8601::DATE).map_err(|_| {
        Error::field(
            field,
            format!("{label}: write a date that exists, such as 2027-03-31."),
        )
    })?;
    Ok(Some(
        Timestamp::start_of(date).plus(Duration::DAY - Duration::MICROSECOND),
    ))
}

/// Whether nothing is wrong, to be said together with what is wrong elsewhere.
///
/// # Errors
/// [`Error::Input`] with these problems.
pub(crate) fn all_well(problems: Vec<Problem>) -> Result<()> {
    match problems.is_empty() {
        true => Ok(()),
        false => Err(Error::Input { problems }),
    }
}

/// Two fields together: what is wrong with either is said at once.
///
/// # Errors
/// [`Error::Input`] with the problems of both; any other error as it is.
pub(crate) fn both<A, B>(one: Result<A>, other: Result<B>) -> Result<(A, B)> {
    match (one, other) {
        (Err(one), Err(other)) if !one.problems().is_empty() && !other.problems().is_empty() => {
            let problems = [one.problems(), other.problems()].concat();
            Err(Error::Input { problems })
        }
        (one, other) => Ok((one?, other?)),
    }
}

/// One word of a fixed set.
///
/// # Errors
/// [`Error::Input`] on `field` when it is none of them.
pub(crate) fn choice<T>(field: &str, label: &str, found: Option<T>) -> Result<T> {
    found.ok_or_else(|| Error::field(field, format!("{label}: choose one of the list.")))
}
