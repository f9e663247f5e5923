//! Reads the text and the HTML back out of a message as lettre writes it.
//!
//! The outbox forgets the words of a letter that carries a secret as soon as it is sent; the
//! captured message alone still has them, as a real mailbox would.

/// The two forms of a letter; empty where the message has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    pub text: String,
    pub html: String,
}

/// Takes a `multipart/alternative` message apart. What cannot be read is left empty.
pub fn parts(raw: &str) -> Parts {
    let mut found = Parts::default();
    let Some(boundary) = raw
        .split_once("boundary=\"")
        .and_then(|(_, rest)| rest.split('"').next())
    else {
        return found;
    };
    for part in raw.split(&format!("\r\n--{boundary}")).skip(1) {
        let Some((head, body)) = part.split_once("\r\n\r\n") else {
            continue;
        };
        let head = head.to_ascii_lowercase();
        let body = if head.contains("content-transfer-encoding: quoted-printable") {
            quoted_printable(body)
        } else {
            body.to_owned()
        };
        if head.contains("content-type: text/html") {
            found.html = body;
        } else if head.contains("content-type: text/plain") {
            found.text = body;
        }
    }
    found
}

/// Quoted-printable (RFC 2045, 6.7): `=XX` is a byte, `=` at the end of a line joins it to the next.
fn quoted_printable(body: &str) -> String {
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::with_capacity(joined.len());
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = match (first, after) {
            (b'=', [high, low, ..]) => hex::decode([*high, *low]).ok(),
            _ => None,
        };
        match escaped {
            Some(byte) => {
                bytes.extend(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_letter_are_read_back_with_their_links_whole() {
        let raw = "Subject: x\r\nContent-Type: multipart/alternative;\r\n boundary=\"b0\"\r\n\r\n\
            --b0\r\nContent-Type: text/plain; charset=utf-8\r\n\
            Content-Transfer-Encoding: quoted-printable\r\n\r\n\
            http://h/verify?token=3Dab=\r\ncd, =E4=BC=8A\r\n\
            --b0\r\nContent-Type: text/html; charset=utf-8\r\n\
            Content-Transfer-Encoding: 7bit\r\n\r\n<p>1 = 1</p>\r\n--b0--\r\n";
        let parts = parts(raw);
        assert_eq!(parts.text, "http://h/verify?token=abcd, 伊");
        assert_eq!(parts.html, "<p>1 = 1</p>");
    }

    #[test]
    fn a_message_of_another_kind_has_no_parts() {
        assert_eq!(parts("Subject: x\r\n\r\nhello"), Parts::default());
    }
}
