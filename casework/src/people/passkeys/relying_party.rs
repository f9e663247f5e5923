//! For whom passkeys are made: the name and the address of the desk, as its configuration has them.

use crate::{Desk, Error, Result};
use url::{Host, Url};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// Why this desk has no passkeys, in a sentence; none where it has.
pub fn why_no_passkeys(desk: &Desk) -> Option<String> {
    name_of(&desk.base_url).err()
}

/// What makes challenges and holds answers against them.
///
/// # Errors
/// [`Error::Input`] where this desk has no passkeys.
pub(in crate::people) fn relying_party(desk: &Desk) -> Result<Webauthn> {
    let name = name_of(&desk.base_url).map_err(|why| Error::field("", why))?;
    WebauthnBuilder::new(name, &desk.base_url)
        .and_then(|builder| builder.rp_name("Upgrade Desk").build())
        .map_err(Error::unavailable)
}

/// The name that passkeys are bound to. Browsers take no address of numbers, and plain http of the
/// own machine alone.
fn name_of(base_url: &Url) -> Result<&str, String> {
    let name = match base_url.host() {
        Some(Host::Domain(name)) => name,
        host => {
            let numbers = host.map_or_else(String::new, |host| format!(" ({host})"));
            return Err(format!(
                "There are no passkeys on this desk: a passkey is bound to a name, and this desk is reached by numbers{numbers}."
            ));
        }
    };
    let is_this_machine = name == "localhost" || name.ends_with(".localhost");
    if base_url.scheme() == "https" || is_this_machine {
        Ok(name)
    } else {
        Err(
            "There are no passkeys on this desk: browsers use them over https alone, and this desk is reached without it."
                .to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_name_and_https_or_the_own_machine() {
        let said = |url: &str| {
            let url: Url = url.parse().unwrap();
            name_of(&url).map(str::to_owned)
        };
        for (url, name) in [
            ("https://desk.example.org", "desk.example.org"),
            ("https://desk.example.org:8443", "desk.example.org"),
            ("http://localhost:3000", "localhost"),
            ("http://desk.localhost:3000", "desk.localhost"),
        ] {
            assert_eq!(said(url), Ok(name.to_owned()), "{url}");
        }
        for (url, why) in [
            ("http://127.0.0.1:3000", "numbers (127.0.0.1)"),
            ("https://192.0.2.7", "numbers (192.0.2.7)"),
            ("https://[2001:db8::7]", "numbers ([2001:db8::7])"),
            ("http://desk.example.org", "https alone"),
            ("http://notlocalhost", "https alone"),
        ] {
            let found = said(url);
            assert!(
                found.as_ref().is_err_and(|found| found.contains(why)),
                "{url}: {found:?}"
            );
        }
    }
}
