//! The second factor: codes of an authenticator app (RFC 6238), or passkeys (see
//! [`super::passkeys`]), and ten recovery codes for the day they are lost. The app's secret lies
//! sealed, recovery codes as hashes; a code is taken once.

use super::passkeys;
use crate::{
    Desk, Error, Result, digest,
    entities::{people, recovery_codes, second_factors},
    post::{open_second_factor, seal_second_factor},
};
use qrcodegen::{QrCode, QrCodeEcc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Set, sea_query::Expr,
};
use std::fmt::Write;
use time::Duration;
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;
use workflow::Timestamp;

/// How long a secret that was shown waits for the first code.
pub(super) const TO_CONFIRM: Duration = Duration::hours(1);
/// How many recovery codes there are.
const RECOVERY_CODES: usize = 10;
/// Letters and digits that nobody mistakes for each other; 32, so that each byte chooses evenly.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";

/// The picture of a secret for the camera of an app: a square of modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Modules on each side, the quiet zone among them.
    pub size: i32,
    /// The dark modules, as the path of an SVG.
    pub path: String,
}

/// What is to be put into an authenticator app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToPair {
    /// The secret to be typed, in groups of four.
    pub key: String,
    pub picture: Picture,
}

/// What was given as a code, if it was one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// Of the app.
    App,
    /// A recovery code; so many are left.
    Recovery { left: usize },
}

/// A new secret of 160 bits, as long as the hash (RFC 4226, 4).
pub(super) fn new_secret() -> String {
    digest::random::<20>()
}

fn totp(secret: &str, account: &str) -> Result<Totp> {
    let bytes = hex::decode(secret).map_err(Error::unavailable)?;
    Builder::new()
        .with_secret(Secret::from(bytes))
        .with_account_name(account.replace(':', " "))
        .with_issuer(Some("Upgrade Desk"))
        .build()
        .map_err(|error| Error::unavailable(error.to_string()))
}

/// The opened secret of a row.
fn opened(desk: &Desk, row: &second_factors::Model) -> Result<String> {
    open_second_factor(desk, row.person_id, &row.secret)
        .ok_or_else(|| Error::corrupt("second_factors", row.person_id, "secret"))
}

/// The row of a person.
pub(super) async fn of_person(
    connection: &impl ConnectionTrait,
    person: Uuid,
) -> Result<Option<second_factors::Model>> {
    Ok(second_factors::Entity::find_by_id(person)
        .one(connection)
        .await?)
}

/// Since when an authenticator app is asked for a code.
pub(super) async fn app_since(
    connection: &impl ConnectionTrait,
    person: Uuid,
) -> Result<Option<Timestamp>> {
    let row = of_person(connection, person).await?;
    let confirmed = row.and_then(|row| row.confirmed_at);
    Ok(confirmed.map(Timestamp::from_micros))
}

/// Whether anything is asked for after the password: an app, or a passkey.
async fn is_any(connection: &impl ConnectionTrait, person: Uuid) -> Result<bool> {
    Ok(app_since(connection, person).await?.is_some()
        || passkeys::count(connection, person).await? > 0)
}

/// Writes down since when a second factor is asked for.
pub(super) async fn since(
    connection: &impl ConnectionTrait,
    person: Uuid,
    since: Option<Timestamp>,
) -> Result<()> {
    people::Entity::update(people::ActiveModel {
        id: Set(person),
        second_factor_at: Set(since.map(Timestamp::micros)),
        ..Default::default()
    })
    .exec(connection)
    .await?;
    Ok(())
}

/// After an app or a passkey has gone: where it was the last one no second factor is asked for any
/// more, and recovery codes go too. Answers whether it was.
pub(super) async fn settle(connection: &impl ConnectionTrait, person: Uuid) -> Result<bool> {
    if is_any(connection, person).await? {
        return Ok(false);
    }
    forget_recovery_codes(connection, person).await?;
    since(connection, person, None).await?;
    Ok(true)
}

/// Whether a secret waits for its first code.
pub(super) fn waits(row: &second_factors::Model, now: Timestamp) -> bool {
    let begun = Timestamp::from_micros(row.begun_at);
    row.confirmed_at.is_none() && now.since(begun) < TO_CONFIRM
}

/// What a person puts into the app.
pub(super) fn to_pair(desk: &Desk, row: &second_factors::Model, account: &str) -> Result<ToPair> {
    let totp = totp(&opened(desk, row)?, account)?;
    let url = totp
        .to_url()
        .map_err(|error| Error::unavailable(error.to_string()))?;
    let key: Vec<char> = totp.secret().to_base32().chars().collect();
    let groups: Vec<String> = key.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(ToPair {
        key: groups.join(" "),
        picture: picture(&url)?,
    })
}

fn picture(url: &str) -> Result<Picture> {
    /// Around the code, as its readers expect.
    const QUIET: i32 = 4;
    let code = QrCode::encode_text(url, QrCodeEcc::Medium)
        .map_err(|error| Error::unavailable(error.to_string()))?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                // Writing to a string does not fail.
                let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
    }
    Ok(Picture {
        size: code.size() + 2 * QUIET,
        path,
    })
}

/// Begins anew: a secret that waits for its first code, in place of one that waited before.
pub(super) async fn begin(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    person: Uuid,
    now: Timestamp,
) -> Result<()> {
    second_factors::Entity::delete_by_id(person)
        .exec(connection)
        .await?;
    second_factors::Entity::insert(second_factors::ActiveModel {
        person_id: Set(person),
        secret: Set(seal_second_factor(desk, person, &new_secret())?),
        begun_at: Set(now.micros()),
        confirmed_at: Set(None),
        last_step: Set(-1),
    })
    .exec_without_returning(connection)
    .await?;
    Ok(())
}

/// Takes a code of the app, once: of two who give the same at once, one succeeds.
pub(super) async fn take_app_code(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    row: &second_factors::Model,
    code: &str,
    now: Timestamp,
) -> Result<bool> {
    let seconds = u64::try_from(now.micros() / 1_000_000).unwrap_or_default();
    let digits: String = code.chars().filter(char::is_ascii_digit).take(7).collect();
    let Some(step) = totp(&opened(desk, row)?, "")?.check(&digits, seconds) else {
        return Ok(false);
    };
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    let taken = second_factors::Entity::update_many()
        .col_expr(second_factors::Column::LastStep, Expr::value(step))
        .filter(second_factors::Column::PersonId.eq(row.person_id))
        .filter(second_factors::Column::LastStep.lt(step))
        .exec(connection)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Takes a code of the app, or a recovery code; none where it is neither.
pub(super) async fn take_code(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    person: &people::Model,
    code: &str,
    now: Timestamp,
) -> Result<Option<Taken>> {
    let row = of_person(connection, person.id).await?;
    if let Some(row) = row.filter(|row| row.confirmed_at.is_some())
        && take_app_code(connection, desk, &row, code, now).await?
    {
        return Ok(Some(Taken::App));
    }
    if person.second_factor_at.is_none() {
        return Ok(None);
    }
    let gone = recovery_codes::Entity::delete_by_id(recovery_hash(desk, person.id, code))
        .exec(connection)
        .await?;
    if gone.rows_affected == 0 {
        return Ok(None);
    }
    let left = left(connection, person.id).await?;
    Ok(Some(Taken::Recovery { left }))
}

/// How many recovery codes a person has left.
pub(super) async fn left(connection: &impl ConnectionTrait, person: Uuid) -> Result<usize> {
    let left = recovery_codes::Entity::find()
        .filter(recovery_codes::Column::PersonId.eq(person))
        .count(connection)
        .await?;
    Ok(usize::try_from(left).unwrap_or(usize::MAX))
}

/// The recovery codes that follow from one secret of 256 bits: the page that shows them once is
/// handed the secret and nothing else.
pub fn recovery_codes(secret: &str) -> Vec<String> {
    (0..RECOVERY_CODES)
        .map(|number| {
            let bytes = hex::decode(digest::code(secret, &["recovery", &number.to_string()]));
            let letters: String = bytes
                .unwrap_or_default()
                .into_iter()
                .take(10)
                .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)).copied())
                .map(char::from)
                .collect();
            let (one, other) = letters.split_at_checked(5).unwrap_or((&letters, ""));
            format!("{one}-{other}")
        })
        .collect()
}

/// Keeps the hashes of these codes, in place of all before.
pub(super) async fn keep_recovery_codes(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    person: Uuid,
    codes: &[String],
) -> Result<()> {
    forget_recovery_codes(connection, person).await?;
    let rows = codes.iter().map(|code| recovery_codes::ActiveModel {
        hash: Set(recovery_hash(desk, person, code)),
        person_id: Set(person),
    });
    recovery_codes::Entity::insert_many(rows)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Whether codes among these let the person in: they have not been replaced, and are nobody else's.
pub(super) async fn are_in_force(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    person: Uuid,
    codes: &[String],
) -> Result<bool> {
    let hashes = codes.iter().map(|code| recovery_hash(desk, person, code));
    let found = recovery_codes::Entity::find()
        .filter(recovery_codes::Column::Hash.is_in(hashes))
        .count(connection)
        .await?;
    Ok(found > 0)
}

async fn forget_recovery_codes(connection: &impl ConnectionTrait, person: Uuid) -> Result<()> {
    recovery_codes::Entity::delete_many()
        .filter(recovery_codes::Column::PersonId.eq(person))
        .exec(connection)
        .await?;
    Ok(())
}

/// Forgets the app.
pub(super) async fn forget_app(connection: &impl ConnectionTrait, person: Uuid) -> Result<()> {
    second_factors::Entity::delete_by_id(person)
        .exec(connection)
        .await?;
    Ok(())
}

/// Forgets everything about a person's second factor: app, passkeys and recovery codes.
pub(super) async fn forget(connection: &impl ConnectionTrait, person: Uuid) -> Result<()> {
    forget_app(connection, person).await?;
    passkeys::forget(connection, person).await?;
    forget_recovery_codes(connection, person).await
}

/// Its HMAC under the desk's secret: whoever reads the database cannot try codes out.
fn recovery_hash(desk: &Desk, person: Uuid, code: &str) -> String {
    let letters: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(20)
        .collect();
    let letters = letters.to_ascii_lowercase();
    digest::code(
        &desk.secret,
        &["recovery code", &person.to_string(), &letters],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, of its eight digits the last six.
        let secret = hex::encode("12345678901234567890");
        let totp = totp(&secret, "noor").unwrap();
        for (at, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(totp.generate(at).to_string(), code);
            assert!(totp.check(code, at).is_some());
            assert!(totp.check(code, at + 29).is_some());
            assert!(totp.check(code, at + 90).is_none());
        }
    }

    #[test]
    fn recovery_codes_differ_and_are_the_same_for_one_secret() {
        let codes = recovery_codes("a secret");
        let different: std::collections::BTreeSet<&String> = codes.iter().collect();
        assert_eq!(different.len(), RECOVERY_CODES);
        assert!(codes.iter().all(|code| code.len() == 11), "{codes:?}");
        assert_eq!(codes, recovery_codes("a secret"));
        assert_ne!(codes, recovery_codes("another"));
    }

    #[test]
    fn the_picture_of_a_secret_is_a_square_with_a_quiet_edge() {
        let picture = picture("otpauth://totp/x").unwrap();
        assert!(picture.size >= 29, "{}", picture.size);
        assert!(picture.path.starts_with("M4 4h1v1h-1z"));
    }
}
