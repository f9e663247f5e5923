//! Passwords: Argon2id, and the rules of ASVS 6.2.

use crate::{
    By, Caller, Desk, Error, Result, Step,
    audit::{Entry, Subject},
    costly,
    entities::people,
    limits::{self, SIGNING},
    people::{AccountLetter, post_to_person},
};
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use sea_orm::EntityTrait;
use serde_json::json;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use workflow::{Actor, PersonId};
use zxcvbn::{Score, zxcvbn};

/// The fewest characters of a new password, after normalisation.
const FEWEST: usize = 10;
/// The most characters of any password, as typed.
const MOST: usize = 256;
/// So many characters of either end are looked at for how easily they are guessed.
const LOOKED_AT: usize = 32;
/// So many different look-alikes of letters are followed up: each one more doubles the work.
const LOOK_ALIKES: usize = 6;

/// A password as it is hashed and compared on every path: NFKC, so that `ä` is the same however a
/// keyboard makes it (NIST SP 800-63B, 3.1.1.2).
fn normalised(typed: &str) -> String {
    typed.nfkc().collect()
}

/// What is wrong with a new password. Common ones, and those made of what is known about the
/// person (`about`), are told by how many guesses they would take: fewer than a million are too
/// few.
///
/// # Errors
/// [`Error::Unavailable`] when too much of such work waits already.
pub async fn problem(password: &str, about: &[&str]) -> Result<Option<String>> {
    // Counted first: nothing else is done with what is too long.
    if password.chars().take(MOST + 1).count() > MOST {
        let text = format!("Password: use at most {MOST} characters.");
        return Ok(Some(text));
    }
    let password = normalised(password);
    if password.chars().count() < FEWEST {
        let text = format!("Password: use at least {FEWEST} characters.");
        return Ok(Some(text));
    }
    let about = known_words(about);
    let guessed = costly(move || {
        is_made_of_known_words(&password, &about) || is_easily_guessed(&password, &about)
    })
    .await?;
    Ok(guessed.then(|| "Password: this one is easily guessed; choose another.".to_owned()))
}

/// What is known about a person, whole and word by word: `Hugo Brandt`, `hugo`, `brandt`.
fn known_words(about: &[&str]) -> Vec<String> {
    let mut words = Vec::new();
    for text in about {
        let text: String = text.chars().take(100).collect::<String>().to_lowercase();
        let parts = text.split(|c: char| !c.is_alphanumeric());
        words.extend(
            parts
                .filter(|part| part.chars().count() > 2)
                .map(str::to_owned),
        );
        // As in `hugobrandt`.
        words.push(text.chars().filter(|c| c.is_alphanumeric()).collect());
        words.push(text);
    }
    words
}

/// Whether too little is left of a password without what is known about the person: `Brandt2026!!`.
fn is_made_of_known_words(password: &str, about: &[String]) -> bool {
    let whole = password.to_lowercase();
    let left = about
        .iter()
        .filter(|word| !word.is_empty())
        .fold(whole.clone(), |left, word| left.replace(word.as_str(), ""));
    left != whole && left.chars().count() < FEWEST - 2
}

/// Whether the password would be guessed soon. Of a long one both ends are looked at, and one that
/// is hard to guess suffices: what is looked at is bounded, whatever was typed.
fn is_easily_guessed(password: &str, about: &[String]) -> bool {
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    let characters: Vec<char> = password.chars().collect();
    let count = characters.len().min(LOOKED_AT);
    let (Some(beginning), Some(end)) = (
        characters.get(..count),
        characters.get(characters.len() - count..),
    ) else {
        return true;
    };
    let is_weak = |part: &[char]| zxcvbn(&with_few_look_alikes(part), &about).score() < Score::Two;
    is_weak(beginning) && (characters.len() == count || is_weak(end))
}

/// The text in which only the first few different look-alikes (`@` for `a`, `3` for `e`) are
/// themselves: zxcvbn tries every combination of what they may stand for.
fn with_few_look_alikes(text: &[char]) -> String {
    let mut known: Vec<char> = Vec::with_capacity(LOOK_ALIKES);
    text.iter()
        .map(|&c| {
            if !"4@8({[<369!1|70$5+%2".contains(c) || known.contains(&c) {
                c
            } else if known.len() < LOOK_ALIKES {
                known.push(c);
                c
            } else {
                '~'
            }
        })
        .collect()
}

/// The Argon2id hash of a password, as a PHC string. Takes tens of milliseconds, on a thread of
/// its own.
///
/// # Errors
/// When the machine has no memory or no randomness left; [`Error::Unavailable`] when too much of
/// such work waits already.
pub async fn hash(password: String) -> Result<String> {
    costly(move || hash_now(&normalised(&password)))
        .await?
        .map_err(Error::unavailable)
}

fn hash_now(password: &str) -> Result<String, String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| error.to_string())
}

/// Whether a password is the one of a hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    No,
    Yes,
    /// The hash was made before passwords were normalised; the one to keep in its place.
    Outdated {
        new: String,
    },
}

/// Whether the password is the one of this hash; without a hash it takes as long and is not, so
/// that nobody can time which accounts exist.
pub(super) async fn fit(password: &str, hash: Option<String>) -> Result<Fit> {
    // Nobody has such a password; it takes as long as any other.
    let is_too_long = password.chars().take(MOST + 1).count() > MOST;
    let typed = if is_too_long {
        String::new()
    } else {
        password.to_owned()
    };
    let hash = hash.filter(|_| !is_too_long);
    costly(move || {
        static NOBODY: LazyLock<String> =
            LazyLock::new(|| hash_now("nobody has this password").unwrap_or_default());
        let text = hash.as_deref().unwrap_or_else(|| NOBODY.as_str());
        let is = |password: &str| {
            PasswordHash::new(text).is_ok_and(|parsed| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &parsed)
                    .is_ok()
            })
        };
        let normalised = normalised(&typed);
        let now = is(&normalised);
        let before = !now && normalised != typed && is(&typed);
        match (now, before, &hash) {
            (true, _, Some(_)) => Fit::Yes,
            (_, true, Some(_)) => {
                hash_now(&normalised).map_or(Fit::Yes, |new| Fit::Outdated { new })
            }
            _ => Fit::No,
        }
    })
    .await
}

/// Whether the password is the one of this hash.
///
/// # Errors
/// When too much of such work waits already.
pub async fn matches(password: &str, hash: String) -> Result<bool> {
    Ok(fit(password, Some(hash)).await? != Fit::No)
}

/// A try of a signed-in person to show who that is. Counted before it is made.
pub(super) struct Try<'a> {
    desk: &'a Desk,
    person: people::Model,
    attempts: i32,
}

impl<'a> Try<'a> {
    /// # Errors
    /// [`Error::Throttled`]; [`Error::SignedOut`] for who is disabled.
    pub async fn begin(desk: &'a Desk, caller: &Caller) -> Result<Self> {
        let attempts = limits::take(desk, &SIGNING, &caller.person.to_string()).await?;
        let person = people::Entity::find_by_id(caller.person.0)
            .one(desk.database.read())
            .await?
            .filter(|person| person.disabled_at.is_none())
            .ok_or(Error::SignedOut)?;
        Ok(Self {
            desk,
            person,
            attempts,
        })
    }

    /// Whether this is the person's password.
    pub async fn is_password(&self, password: &str) -> Result<bool> {
        match fit(password, self.person.password_hash.clone()).await? {
            Fit::No => Ok(false),
            Fit::Yes => Ok(true),
            Fit::Outdated { new } => {
                super::people::rehash(self.desk.database.write(), &self.person, new).await?;
                Ok(true)
            }
        }
    }

    /// Those before count no more.
    pub async fn succeeded(self) -> Result<()> {
        let who = PersonId(self.person.id).to_string();
        limits::forget(self.desk.database.write(), self.desk, &SIGNING, &who).await
    }

    /// Noted, though the step it was given for is refused; answers what its person is told: `why`.
    pub async fn failed(self, why: Error) -> Error {
        self.noted().await.err().unwrap_or(why)
    }

    async fn noted(self) -> Result<()> {
        let (desk, attempts) = (self.desk.apart(), self.attempts);
        let mut step = Step::begin(&desk, By::Nobody).await?;
        if attempts == SIGNING.most {
            // Once, when it becomes too many: the owner of the account is to know (21 CFR 11.300(d)).
            let times = u32::try_from(attempts).unwrap_or(0);
            let letter = AccountLetter::FailedSignings { times };
            post_to_person(step.transaction(), &desk, &self.person, letter).await?;
        }
        let entry = Entry {
            actor: Some(Actor::Person(PersonId(self.person.id))),
            subject: Subject::Person(self.person.id),
            name: "signing_failed",
            body: json!({ "attempt": attempts, "of": SIGNING.most }),
            reason: String::new(),
        };
        step.append_entry(entry);
        step.has_letters();
        step.commit().await
    }
}

/// What is said of a wrong password.
pub(super) fn wrong_password() -> Error {
    Error::field("password", "Password: this is not your password.")
}

/// Asks a signed-in person for the password anew, before the account is changed. After five failures
/// in 15 minutes it refuses for the rest of them, and the trail says so.
///
/// # Errors
/// [`Error::Input`] on the field `password`; [`Error::Throttled`].
pub async fn verify_password(desk: &Desk, caller: &Caller, password: &str) -> Result<()> {
    if password.is_empty() {
        // Nothing was tried, so nothing is counted.
        return Err(Error::field("password", "Your password: type it."));
    }
    let attempt = Try::begin(desk, caller).await?;
    match attempt.is_password(password).await? {
        true => attempt.succeeded().await,
        false => Err(attempt.failed(wrong_password()).await),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[tokio::test]
    async fn no_password_keeps_a_processor_busy() {
        let look_alikes = "4@8({[<369!1|70$5+%2";
        let typed = [
            look_alikes.repeat(5),
            look_alikes.chars().rev().collect::<String>().repeat(12),
            "aA4@".repeat(25),
            "abcdefghij1!|7".repeat(18),
            "\u{FDFA}".repeat(MOST),
            "äöü€ß".repeat(40),
            "1".repeat(1_000_000),
        ];
        for password in typed {
            let begun = Instant::now();
            problem(&password, &["Noor Haddad", "noor", "noor@example.org"])
                .await
                .unwrap();
            fit(&password, None).await.unwrap();
            let spent = begun.elapsed();
            let start: String = password.chars().take(20).collect();
            assert!(spent < Duration::from_secs(4), "{start}: {spent:?}");
        }
    }

    #[tokio::test]
    async fn a_password_made_of_what_is_known_of_somebody_is_refused() {
        let hugo = [
            "Hugo Brandt",
            "hugo",
            "hugo.brandt@example.org",
            "Brandt & Lang",
        ];
        for password in [
            "hugobrandt1",
            "Brandt2026!!",
            "hugo.brandt",
            "BrandtLang12",
            "brandthugo!",
            "Hugo-Brandt-1",
        ] {
            assert!(
                problem(password, &hugo).await.unwrap().is_some(),
                "{password}"
            );
        }
        for password in ["seven quiet rivers", "correct horse battery"] {
            assert_eq!(problem(password, &hugo).await.unwrap(), None, "{password}");
        }
    }

    #[tokio::test]
    async fn a_long_password_is_refused_only_if_it_is_weak_as_a_whole() {
        let weak_then_strong = format!("{}kestrel ladder violet ninety", "a".repeat(64));
        assert_eq!(problem(&weak_then_strong, &[]).await.unwrap(), None);
        let strong_then_weak = format!("kestrel ladder violet ninety{}", "a".repeat(64));
        assert_eq!(problem(&strong_then_weak, &[]).await.unwrap(), None);
        assert!(problem(&"a".repeat(200), &[]).await.unwrap().is_some());
        assert!(problem("p@$$w0rd123", &[]).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn one_password_is_the_same_however_its_letters_are_made() {
        let composed = hash("zw\u{f6}lf gr\u{fc}ne \u{c4}pfel".to_owned())
            .await
            .unwrap();
        let typed = "zwo\u{308}lf gru\u{308}ne A\u{308}pfel";
        assert_eq!(fit(typed, Some(composed)).await.unwrap(), Fit::Yes);
        // As hashes were made before: of the bytes that were sent.
        let before = hash_now(typed).unwrap();
        let Fit::Outdated { new } = fit(typed, Some(before)).await.unwrap() else {
            panic!("the old hash was not recognised as one");
        };
        assert_eq!(fit(typed, Some(new)).await.unwrap(), Fit::Yes);
    }
}
