//! An image on its way: as it arrives, where it lies, and how it is found again.

use super::{MOST_BYTES, draw, fresh_mark, image_name, mark_of, mime, too_large};
use crate::{Desk, Error, Result, drawing, files::discard};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use object_store::{ObjectStoreExt, path::Path};
use sha2::{Digest, Sha256};
use workflow::gallery::{Image, ImageKind};

/// An image that has arrived and was drawn anew. Nothing of it is stored yet.
pub(crate) struct Received {
    pub image: Image,
    /// The hash of the file as it was sent.
    pub sha256: String,
    /// The bytes of each width, the largest last.
    files: Vec<(u32, Vec<u8>)>,
}

/// Reads a file up to its limit, decodes it and draws it anew; the inner error is what is wrong with
/// the file, as the end of a sentence.
///
/// # Errors
/// When too much of such work waits already.
pub(crate) async fn receive<S, E>(kind: ImageKind, bytes: S) -> Result<Result<Received, String>>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
{
    let file = match read(bytes).await {
        Ok(file) => file,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let sha256 = hex::encode(Sha256::digest(&file));
    let drawn = drawing(move || draw(kind, &file)).await?;
    Ok(drawn.map(|drawn| {
        let files = drawn.files.iter().map(|(_, bytes)| bytes.as_slice());
        let image = Image {
            hash: image_name(&fresh_mark(), files),
            ext: drawn.ext.to_owned(),
            width: drawn.width,
            height: drawn.height,
        };
        Received {
            image,
            sha256,
            files: drawn.files,
        }
    }))
}

async fn read<S, E>(bytes: S) -> Result<Vec<u8>, String>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
{
    let mut bytes = std::pin::pin!(bytes);
    let mut file = Vec::new();
    while let Some(chunk) = bytes.next().await {
        let chunk = chunk.map_err(|error| {
            let error: Box<dyn std::error::Error + Send + Sync> = error.into();
            tracing::info!(%error, "an upload broke off");
            "the upload broke off; try again.".to_owned()
        })?;
        file.extend_from_slice(&chunk);
        if file.len() > MOST_BYTES {
            return Err(too_large());
        }
    }
    Ok(file)
}

impl Received {
    /// Stores it in a folder, in all of its widths.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn put(&self, desk: &Desk, folder: &str) -> Result<()> {
        for (width, bytes) in &self.files {
            let key = key_of(folder, &self.image, *width);
            desk.storage
                .put(&Path::from(key.as_str()), bytes.clone().into())
                .await
                .map_err(Error::unavailable)?;
        }
        Ok(())
    }

    /// Whether it shows the same as the image of this name: drawn anew under that one's mark it has
    /// that name.
    pub fn shows(&self, hash: &str) -> bool {
        let files = self.files.iter().map(|(_, bytes)| bytes.as_slice());
        image_name(mark_of(hash), files) == hash
    }

    /// Throws away what was stored of it.
    pub async fn discard(&self, desk: &Desk, folder: &str) {
        for (width, _) in &self.files {
            discard(desk, &key_of(folder, &self.image, *width)).await;
        }
    }
}

/// Where the bytes of an image lie: `FOLDER/3fa4…-640.jpg`.
pub(crate) fn key_of(folder: &str, image: &Image, width: u32) -> String {
    format!("{folder}/{}-{width}.{}", image.hash, image.ext)
}

/// `3fa4…-640.jpg` as hash, width and ending.
pub(crate) fn parts(name: &str) -> Option<(&str, u32, &str)> {
    let (stem, ext) = name.rsplit_once('.')?;
    let (hash, width) = stem.rsplit_once('-')?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_number = width.bytes().all(|byte| byte.is_ascii_digit());
    (is_hash && is_number).then_some(())?;
    Some((hash, width.parse().ok()?, ext))
}

/// The content type and the bytes of a stored image.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] when the store does not answer.
pub(crate) async fn open(
    desk: &Desk,
    folder: &str,
    image: &Image,
    width: u32,
) -> Result<(&'static str, Bytes)> {
    let key = key_of(folder, image, width);
    let found = match desk.storage.get(&Path::from(key.as_str())).await {
        Ok(found) => found,
        Err(object_store::Error::NotFound { .. }) => return Err(Error::NotFound),
        Err(error) => return Err(Error::unavailable(error)),
    };
    Ok((
        mime(&image.ext).ok_or(Error::NotFound)?,
        found.bytes().await.map_err(Error::unavailable)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_that_we_gave_is_looked_for() {
        let hash = "0f".repeat(32);
        let name = format!("{hash}-640.jpg");
        assert_eq!(parts(&name), Some((hash.as_str(), 640, "jpg")));
        for wrong in [
            "",
            "logo.png",
            "../../etc/passwd-1.png",
            &format!("{hash}.jpg"),
            &format!("{hash}-.jpg"),
            &format!("{hash}-+5.jpg"),
            &format!("{hash}-99999999999.jpg"),
            &format!("{}-640.jpg", "zz".repeat(32)),
        ] {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
    }
}
