//! Email addresses: which can be written to, in what form they go over the wire, and when two are
//! the same. The one check of every field that holds an address.

/// Whether the part before the `@` may have letters outside ASCII: only a mail server that offers
/// SMTPUTF8 (RFC 6531) takes such.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalParts {
    Ascii,
    Any,
}

/// An address that can be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    local: String,
    /// In its ASCII form (IDNA), in lower case.
    domain: String,
}

/// The longest address that SMTP carries, in octets (RFC 5321, 4.5.3.1.3, less the brackets).
const LONGEST: usize = 254;
/// The longest part before the `@`, in octets (RFC 5321, 4.5.3.1.1).
const LONGEST_LOCAL: usize = 64;

impl Mailbox {
    /// The address as typed, without surrounding space.
    ///
    /// # Errors
    /// What is wrong with it, to the person who typed it: the end of a sentence that begins with
    /// the name of the field.
    pub fn parse(text: &str, locals: LocalParts) -> Result<Self, &'static str> {
        let text = text.trim();
        let Some((local, domain)) = text.rsplit_once('@') else {
            return Err("write an address such as name@example.com.");
        };
        if local.is_empty() || domain.is_empty() {
            return Err("write an address such as name@example.com.");
        }
        if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
            return Err(
                "correct the part before the @: it neither begins nor ends with a dot, and has no two in a row.",
            );
        }
        if !local.chars().all(|c| c == '.' || is_atom(c)) {
            return Err(
                "correct the part before the @: it has no spaces, brackets, quotes, commas, colons or second @.",
            );
        }
        if locals == LocalParts::Ascii && !local.is_ascii() {
            return Err(
                "give an address whose part before the @ has only letters without accents, digits and signs; our mail server does not take others.",
            );
        }
        let Some(domain) = ascii_domain(domain) else {
            return Err("correct the part after the @: write a whole domain such as example.com.");
        };
        if local.len() > LONGEST_LOCAL || local.len() + 1 + domain.len() > LONGEST {
            return Err("shorten it: at most 64 characters before the @, and 254 in all.");
        }
        Ok(Self {
            local: local.to_owned(),
            domain,
        })
    }

    /// The part before the `@`, as typed.
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The domain in its ASCII form.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The address as it goes over the wire.
    pub fn wire(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }
}

/// What an atom is made of (RFC 5322, 3.2.3; RFC 6532 adds everything outside ASCII).
fn is_atom(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
    } else {
        c.is_alphanumeric() || is_mark(c)
    }
}

/// Marks that belong to the letter before them.
const fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36f}' | '\u{93c}' | '\u{94d}' | '\u{3099}' | '\u{309a}'
    )
}

/// A domain of at least two labels in its ASCII form; none where it has none, or where it is an
/// address literal or a number. The conversion itself refuses what no label has (STD3: letters,
/// digits and inner hyphens alone) and what is too long for the DNS.
fn ascii_domain(domain: &str) -> Option<String> {
    let ascii = idna::domain_to_ascii_strict(domain).ok()?;
    let (_, last) = ascii.rsplit_once('.')?;
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit());
    (!is_number).then_some(ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_mailer_can_address_is_told_with_what_to_correct() {
        for text in [
            "",
            " ",
            "olga",
            "@example.org",
            "olga@",
            "olga@example",
            "name.@example.org",
            ".name@example.org",
            "na..me@example.org",
            "a b@example.org",
            "a@b@example.org",
            "\"a\"@example.org",
            "a,b@example.org",
            "a<b>@example.org",
            "a:b@example.org",
            "a\\b@example.org",
            "a(b)@example.org",
            "a;b@example.org",
            "a[b@example.org",
            "a\r\nb@example.org",
            "a\0@example.org",
            "a\u{202e}b@example.org",
            "a\u{200b}b@example.org",
            "a@-example.org",
            "a@example-.org",
            "a@.example.org",
            "a@example.org.",
            "a@example..org",
            "a@exa mple.org",
            "a@exa_mple.org",
            "a@127.0.0.1",
            "a@[127.0.0.1]",
            "a@[IPv6:::1]",
            "a@example.123",
            "a@xn--a.org",
            "a@ex\u{200b}ample\u{ff0f}.org",
            "a@example.org\r\nRCPT TO:<b@example.org>",
            "a@example.org>",
            "<a@example.org>",
            "Olga <a@example.org>",
            "a@example,org",
            "mailto:a@example.org",
            "a@b/c.example.org",
        ] {
            let outcome = Mailbox::parse(text, LocalParts::Any);
            assert!(outcome.is_err(), "{text:?} gives {outcome:?}");
        }
    }

    #[test]
    fn what_is_said_is_about_the_part_that_is_wrong() {
        let said = |text: &str, locals| Mailbox::parse(text, locals).unwrap_err();
        for (texts, about) in [
            (
                ["olga", "@example.org", "olga@"],
                "such as name@example.com",
            ),
            (
                [".a@example.org", "a.@example.org", "a..b@example.org"],
                "a dot",
            ),
            (
                ["a b@example.org", "a@b@example.org", "a<@example.org"],
                "no spaces",
            ),
            (["a@example", "a@a_b.org", "a@127.0.0.1"], "after the @"),
        ] {
            for text in texts {
                let said = said(text, LocalParts::Any);
                assert!(said.contains(about), "{text}: {said}");
            }
        }
        let accented = said("jörg@example.org", LocalParts::Ascii);
        assert!(accented.contains("letters without accents"), "{accented}");
    }

    #[test]
    fn an_address_is_as_long_as_mail_servers_carry_and_no_longer() {
        let label = "d".repeat(60);
        let domain = |rest: usize| format!("{label}.{label}.{label}.{}", "o".repeat(rest));
        let taken = |local: usize, rest: usize| {
            let text = format!("{}@{}", "a".repeat(local), domain(rest));
            let outcome = Mailbox::parse(&text, LocalParts::Ascii);
            let is_short = outcome
                .as_ref()
                .err()
                .is_none_or(|said| said.contains("shorten"));
            assert!(is_short, "{outcome:?}");
            outcome.is_ok_and(|mailbox| mailbox.wire().len() == text.len())
        };
        assert!(taken(64, 6), "254 in all");
        assert!(!taken(64, 7), "255 in all");
        assert!(taken(1, 60) && taken(10, 60), "short before the @");
        assert!(!taken(65, 2), "65 before the @");
        let longest_label = format!("a@{}.org", "d".repeat(63));
        assert!(Mailbox::parse(&longest_label, LocalParts::Ascii).is_ok());
        let longer_label = format!("a@{}.org", "d".repeat(64));
        assert!(Mailbox::parse(&longer_label, LocalParts::Ascii).is_err());
        let too_long = format!("a@{}.org", "a.".repeat(130));
        assert!(Mailbox::parse(&too_long, LocalParts::Ascii).is_err());
    }

    #[test]
    fn a_domain_is_made_of_letters_digits_hyphens_and_dots_alone() {
        for byte in 0..=0x7F_u8 {
            let c = char::from(byte);
            let outcome = Mailbox::parse(&format!("a@ex{c}ample.org"), LocalParts::Any);
            let may = c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
            // A second @ makes another local part, and that one is refused.
            assert_eq!(outcome.is_ok(), may, "{c:?}");
        }
    }

    #[test]
    fn both_parts_are_told_apart() {
        let mailbox = Mailbox::parse("Olga@Example.ORG", LocalParts::Ascii).unwrap();
        assert_eq!((mailbox.local(), mailbox.domain()), ("Olga", "example.org"));
    }

    #[test]
    fn an_international_domain_has_its_ascii_form() {
        for (text, wire) in [
            ("olga@bücher.example", "olga@xn--bcher-kva.example"),
            ("olga@BÜCHER.example", "olga@xn--bcher-kva.example"),
            ("olga@bu\u{308}cher.example", "olga@xn--bcher-kva.example"),
            ("olga@例え.テスト", "olga@xn--r8jz45g.xn--zckzah"),
            ("Olga.T+desk@Example.ORG", "Olga.T+desk@example.org"),
            (" olga@example.org ", "olga@example.org"),
            ("o'neill@example.org", "o'neill@example.org"),
        ] {
            let mailbox = Mailbox::parse(text, LocalParts::Ascii);
            assert_eq!(mailbox.map(|mailbox| mailbox.wire()), Ok(wire.to_owned()));
        }
    }

    #[test]
    fn letters_before_the_at_outside_ascii_need_a_server_that_takes_them() {
        for text in [
            "jörg@example.org",
            "jo\u{308}rg@example.org",
            "ольга@example.org",
            "हि\u{928}\u{94d}दी@example.org",
            "用户@例え.テスト",
        ] {
            assert!(Mailbox::parse(text, LocalParts::Ascii).is_err(), "{text}");
            assert!(Mailbox::parse(text, LocalParts::Any).is_ok(), "{text}");
        }
    }
}
