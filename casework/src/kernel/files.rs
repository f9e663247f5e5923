//! Uploaded files: what they are by their content, how large they may be, what they are called.

use crate::{Desk, Error, Result};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use object_store::{MultipartUpload, ObjectStoreExt, path::Path};
use sha2::{Digest, Sha256};
use workflow::{form::FileKind, limits};

/// How much of a file is looked at to tell what it is.
const HEAD: usize = 8 * 1024;

/// Bytes are handed to the object store in parts of this size: the least that S3 takes.
const PART: usize = 5 * 1024 * 1024;

/// The longest name of a file, in characters.
const LONGEST_NAME: usize = 120;

/// A kind of file that we take.
struct Kind {
    mime: &'static str,
    /// Endings of its name, the usual one first.
    endings: &'static [&'static str],
    what: &'static str,
    largest: u64,
}

const fn kind(
    mime: &'static str,
    endings: &'static [&'static str],
    what: &'static str,
    largest: u64,
) -> Kind {
    Kind {
        mime,
        endings,
        what,
        largest,
    }
}

const KINDS: &[Kind] = &[
    kind("application/pdf", &["pdf"], "a PDF", limits::FILE_BYTES),
    kind("image/png", &["png"], "a PNG image", limits::FILE_BYTES),
    kind(
        "image/jpeg",
        &["jpg", "jpeg"],
        "a JPEG image",
        limits::FILE_BYTES,
    ),
    kind("image/webp", &["webp"], "a WebP image", limits::FILE_BYTES),
    kind("image/gif", &["gif"], "a GIF image", limits::FILE_BYTES),
    kind(
        "video/mp4",
        &["mp4", "m4v"],
        "an MP4 video",
        limits::VIDEO_BYTES,
    ),
    kind("video/webm", &["webm"], "a WebM video", limits::VIDEO_BYTES),
];

/// Where a file is to go.
pub(crate) struct Place<'a> {
    /// The field of the form, beside which a refusal is shown.
    pub field: &'a str,
    pub accept: FileKind,
    pub storage_key: String,
}

/// A file that lies in the object store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// As it is shown.
    pub name: String,
    /// Told from its content.
    pub mime: &'static str,
    /// In bytes.
    pub size: u64,
    /// Of its bytes, in hexadecimal digits.
    pub sha256: String,
    pub storage_key: String,
}

/// Takes in a file as it arrives. Nothing of a refused file stays.
pub(crate) async fn receive<S, E>(
    desk: &Desk,
    place: Place<'_>,
    name: &str,
    bytes: S,
) -> Result<Received>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
{
    let path = Path::from(place.storage_key.as_str());
    let mut upload = desk
        .storage
        .put_multipart(&path)
        .await
        .map_err(Error::unavailable)?;
    match pour(upload.as_mut(), place, name, bytes).await {
        Ok(received) => {
            upload.complete().await.map_err(Error::unavailable)?;
            Ok(received)
        }
        Err(error) => {
            if let Err(cause) = upload.abort().await {
                tracing::warn!(%cause, "a refused upload could not be thrown away");
            }
            Err(error)
        }
    }
}

async fn pour<S, E>(
    upload: &mut dyn MultipartUpload,
    place: Place<'_>,
    name: &str,
    bytes: S,
) -> Result<Received>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
{
    let mut bytes = std::pin::pin!(bytes);
    let mut buffer = BytesMut::new();
    let mut known: Option<&Kind> = None;
    let mut hasher = Sha256::new();
    let mut size: u64 = 0;
    let shown = clean_name(name);
    let wrong = |text: String| Error::field(place.field, format!("{shown}: {text}"));
    loop {
        let (chunk, ended) = match bytes.next().await {
            Some(Ok(chunk)) => (chunk, false),
            Some(Err(error)) => {
                let error: Box<dyn std::error::Error + Send + Sync> = error.into();
                tracing::info!(%error, "an upload broke off");
                return Err(wrong("the upload broke off; try again.".to_owned()));
            }
            None => (Bytes::new(), true),
        };
        hasher.update(&chunk);
        size += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        buffer.extend_from_slice(&chunk);
        if size > limits::VIDEO_BYTES {
            return Err(wrong(too_large(limits::VIDEO_BYTES)));
        }
        if known.is_none() && (buffer.len() >= HEAD || ended) {
            if size == 0 {
                return Err(wrong("the file is empty.".to_owned()));
            }
            known = Some(sniff(&buffer, place.accept).map_err(&wrong)?);
        }
        if let Some(kind) = known {
            if size > kind.largest {
                return Err(wrong(too_large(kind.largest)));
            }
            if buffer.len() >= PART || ended && !buffer.is_empty() {
                let part = buffer.split().freeze();
                upload
                    .put_part(part.into())
                    .await
                    .map_err(Error::unavailable)?;
            }
        }
        if ended {
            break;
        }
    }
    let kind = known.ok_or_else(|| wrong("the file is empty.".to_owned()))?;
    Ok(Received {
        name: named_rightly(&shown, kind).map_err(&wrong)?,
        mime: kind.mime,
        size,
        sha256: hex::encode(hasher.finalize()),
        storage_key: place.storage_key.clone(),
    })
}

fn too_large(largest: u64) -> String {
    format!(
        "the file is too large; at most {}.",
        limits::megabytes(largest)
    )
}

/// What a file is by its first bytes, if the field takes it.
fn sniff(head: &[u8], accept: FileKind) -> Result<&'static Kind, String> {
    let found = infer::get(head).map(|found| found.mime_type());
    let found = match found {
        Some("video/x-m4v") => Some("video/mp4"),
        other => other,
    };
    let kind = found.and_then(|mime| KINDS.iter().find(|kind| kind.mime == mime));
    match (kind, accept) {
        (Some(kind), FileKind::Media) => Ok(kind),
        (Some(kind), FileKind::Pdf) if kind.mime == "application/pdf" => Ok(kind),
        (Some(kind), FileKind::Pdf) => Err(format!(
            "by its content this is {}; attach a PDF here.",
            kind.what
        )),
        (None, FileKind::Pdf) => Err("by its content this is no PDF; attach a PDF.".to_owned()),
        (None, FileKind::Media) => Err(
            "by its content this is none of the kinds taken here: PNG, JPEG, WebP, GIF, MP4, WebM or PDF."
                .to_owned(),
        ),
    }
}

/// The name with an ending that fits the content; one that does not fit is refused, for whoever
/// opens the file later goes by its ending.
fn named_rightly(name: &str, kind: &Kind) -> Result<String, String> {
    match name.rsplit_once('.') {
        Some((_, ending)) if kind.endings.contains(&ending.to_lowercase().as_str()) => {
            Ok(name.to_owned())
        }
        Some((stem, ending)) if !stem.is_empty() && is_ending(ending) => Err(format!(
            "by its content this is {}; its name must end in .{}.",
            kind.what, kind.endings[0]
        )),
        _ => Ok(format!("{name}.{}", kind.endings[0])),
    }
}

fn is_ending(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The last part of a path, without control characters and without what is special in a path, a
/// header or a shell; never empty. Quotation marks become plain ones.
pub(crate) fn clean_name(name: &str) -> String {
    // As browsers send a quotation mark in the name of a file (HTML, "multipart form data").
    let name = workflow::text::line(&name.replace("%22", "'").replace('"', "'"));
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| !"<>|:*?%;`$".contains(*c))
        .collect();
    let clean = clean.trim().trim_start_matches('.').trim();
    let excess = clean.chars().count().saturating_sub(LONGEST_NAME);
    // Cut in front: the ending says what it is.
    let clean: String = clean.chars().skip(excess).collect();
    if clean.is_empty() {
        "file".to_owned()
    } else {
        clean
    }
}

/// Throws away the bytes of a file that no record names.
pub(crate) async fn discard(desk: &Desk, storage_key: &str) {
    let path = Path::from(storage_key);
    if let Err(cause) = desk.storage.delete(&path).await {
        tracing::warn!(%cause, storage_key, "an unused file could not be thrown away");
    }
}

/// The value of a `Content-Disposition` header that saves a file under its name: the name in plain
/// ASCII for old programs, and exactly (RFC 8187) for the others.
pub fn content_disposition(name: &str) -> String {
    use std::fmt::Write;
    let plain: String = clean_name(name)
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || " ._-()".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut exact = String::new();
    for byte in clean_name(name).bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            exact.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(exact, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    #[test]
    fn a_name_cannot_leave_its_folder_nor_break_a_header() {
        for (name, clean) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
            ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie x=1.pdf"),
            ("..", "file"),
            (".htaccess", "htaccess"),
            ("Übersicht 図.pdf", "Übersicht 図.pdf"),
            ("<script>.png", "script.png"),
            ("the \"final\" plan.pdf", "the 'final' plan.pdf"),
            ("the %22final%22 plan.pdf", "the 'final' plan.pdf"),
        ] {
            assert_eq!(clean_name(name), clean);
        }
    }

    #[test]
    fn a_download_keeps_its_name_in_every_script() {
        assert_eq!(
            content_disposition("図 1\r\n.pdf"),
            "attachment; filename=\"_ 1 .pdf\"; filename*=UTF-8''%E5%9B%B3%201%20.pdf"
        );
    }

    #[test]
    fn a_file_is_what_its_content_says() {
        assert_eq!(sniff(PNG, FileKind::Media).unwrap().mime, "image/png");
        assert!(sniff(PNG, FileKind::Pdf).is_err());
        assert!(sniff(b"<html><script>", FileKind::Media).is_err());
        assert!(sniff(b"MZ\x90\0", FileKind::Media).is_err());
        assert_eq!(
            sniff(b"%PDF-1.7\n", FileKind::Pdf).unwrap().mime,
            "application/pdf"
        );
    }

    #[test]
    fn a_mislabelled_file_is_refused_and_one_without_ending_gets_one() {
        let png = sniff(PNG, FileKind::Media).unwrap();
        assert!(named_rightly("photo.pdf", png).is_err());
        assert_eq!(named_rightly("photo", png).unwrap(), "photo.png");
        assert_eq!(named_rightly("Photo.PNG", png).unwrap(), "Photo.PNG");
        assert_eq!(
            named_rightly("v1.2 final draft", png).unwrap(),
            "v1.2 final draft.png"
        );
    }
}
