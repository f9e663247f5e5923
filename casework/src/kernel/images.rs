//! Images as the desk shows them, of the gallery and of apps: decoded, and drawn anew in a few widths.
//! Nothing of an uploaded file but its pixels is kept: no place, no camera, no program, no second
//! picture inside.

mod received;

pub(crate) use received::{Received, key_of, open, parts, receive};

use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits,
    RgbImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    imageops::FilterType,
    metadata::Orientation,
};
use sha2::{Digest, Sha256};
use std::{borrow::Cow, io::Cursor};
use workflow::{gallery::ImageKind, limits};

/// The most bytes of an uploaded image.
const MOST_BYTES: usize = limits::DRAWN_IMAGE_BYTES as usize;

/// The longest side of an uploaded image, in pixels.
const LONGEST_SIDE: u32 = 8_000;

/// The most pixels of an uploaded image: what a decoder makes of it is held in memory.
const MOST_PIXELS: u64 = 24_000_000;

/// The most memory of one decoder, in bytes.
const MOST_MEMORY: u64 = 256 << 20;

/// How good photographs and screens look; from 1 to 100.
const JPEG_QUALITY: u8 = 86;

/// An image drawn anew.
struct Drawn {
    /// The ending of its addresses.
    ext: &'static str,
    /// At its largest, in pixels.
    width: u32,
    height: u32,
    /// The bytes of each width, the largest last.
    files: Vec<(u32, Vec<u8>)>,
}

/// How many characters of an image's name are the mark of its upload.
const MARK: usize = 16;

/// A mark of an upload: what is thrown away of one is nobody else's.
fn fresh_mark() -> String {
    crate::digest::random::<{ MARK / 2 }>()
}

/// The name of an image: it follows from what was drawn, in all widths, the largest last, and ends in
/// the mark of the upload. A file that is altered does not fit its name any more, and the name stands
/// in the version of the entry that the trail binds.
pub(crate) fn image_name<'a>(mark: &str, files: impl Iterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new_with_prefix(mark);
    for file in files {
        hasher.update(Sha256::digest(file));
    }
    let mut name = hex::encode(hasher.finalize());
    name.truncate(name.len() - MARK);
    name + mark
}

/// The mark at the end of an image's name.
pub(crate) fn mark_of(name: &str) -> &str {
    let end = name.len().saturating_sub(MARK);
    name.get(end..).unwrap_or_default()
}

/// The content type of an image with this ending; none for an ending that we do not write.
fn mime(ext: &str) -> Option<&'static str> {
    match ext {
        "png" => Some("image/png"),
        "jpg" => Some("image/jpeg"),
        _ => None,
    }
}

/// Decodes an uploaded file and draws it anew. Works long: not for a thread that answers requests.
///
/// # Errors
/// What is wrong with the file, as the end of a sentence.
fn draw(kind: ImageKind, bytes: &[u8]) -> Result<Drawn, String> {
    let image = decode(kind, bytes)?;
    let most = kind.widths().last().copied().unwrap_or(1);
    let width = image.width().min(most);
    let mut files = Vec::new();
    let mut height = 0;
    let mut widths: Vec<u32> = kind.widths().to_vec();
    widths.retain(|one| *one < width);
    widths.push(width);
    for one in widths {
        let drawn = at_width(&image, one);
        height = drawn.height();
        files.push((one, encode(kind, &drawn)?));
    }
    Ok(Drawn {
        ext: match kind {
            ImageKind::Logo => "png",
            ImageKind::Screenshot => "jpg",
        },
        width,
        height,
        files,
    })
}

/// Whether the picture in a file is there to its end, as far as its kind is one that we decode. One of
/// very many pixels is not looked at.
pub(crate) fn is_whole(bytes: &[u8]) -> bool {
    let format = match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) => format,
        Ok(_) => return true,
        Err(_) => return false,
    };
    if format == ImageFormat::Jpeg && !has_end(bytes) {
        return false;
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    reader.into_decoder().is_ok_and(|decoder| {
        let (width, height) = decoder.dimensions();
        u64::from(width) * u64::from(height) > MOST_PIXELS
            || DynamicImage::from_decoder(decoder).is_ok()
    })
}

fn decode(kind: ImageKind, bytes: &[u8]) -> Result<DynamicImage, String> {
    if bytes.is_empty() {
        return Err("the file is empty.".to_owned());
    }
    if bytes.len() > MOST_BYTES {
        return Err(too_large());
    }
    let format = match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) => format,
        _ => {
            return Err(
                "by its content this is none of the kinds taken here: PNG, JPEG or WebP."
                    .to_owned(),
            );
        }
    };
    let bytes = &match format {
        ImageFormat::Png => without_notes(bytes),
        _ => Cow::Borrowed(bytes),
    };
    if format == ImageFormat::Jpeg && !has_end(bytes) {
        return Err("this image breaks off before its end; save it anew and try again.".to_owned());
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let broken = |_| "this image cannot be read; save it anew and try again.".to_owned();
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    if width > LONGEST_SIDE
        || height > LONGEST_SIDE
        || u64::from(width) * u64::from(height) > MOST_PIXELS
    {
        return Err(format!(
            "this image has {width} by {height} pixels; at most {LONGEST_SIDE} on a side and {} million in all are taken.",
            MOST_PIXELS / 1_000_000
        ));
    }
    let least = kind.least();
    if width < least || height < least {
        return Err(format!(
            "this image has {width} by {height} pixels; at least {least} by {least} are needed."
        ));
    }
    // A camera writes how it was held; that note goes, so the picture itself is turned.
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(broken)?;
    image.apply_orientation(turned);
    Ok(image)
}

/// A PNG without what is written beside its pixels (colour profiles, texts, some of them compressed
/// a thousandfold): none of it is drawn, and nothing of it is unpacked. What is no PNG stays as it is.
fn without_notes(bytes: &[u8]) -> Cow<'_, [u8]> {
    const SIGNATURE: usize = 8;
    /// Length, name and checksum of a part.
    const FRAME: usize = 12;
    const DRAWN: [&[u8]; 6] = [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf"];
    let Some((signature, mut rest)) = bytes.split_at_checked(SIGNATURE) else {
        return Cow::Borrowed(bytes);
    };
    let mut kept = signature.to_vec();
    while let Some((length, name)) = rest.get(..4).zip(rest.get(4..8)) {
        let length = length
            .iter()
            .fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte));
        let Some((part, after)) = rest.split_at_checked(length + FRAME) else {
            kept.extend_from_slice(rest);
            break;
        };
        if DRAWN.contains(&name) {
            kept.extend_from_slice(part);
        }
        rest = after;
    }
    Cow::Owned(kept)
}

/// Whether a JPEG goes on to its end: behind the beginning of the last scan stands the mark of an end,
/// which the packed pixels themselves never hold.
fn has_end(bytes: &[u8]) -> bool {
    let last = |mark: u8| bytes.windows(2).rposition(|two| two == [0xFF, mark]);
    matches!((last(0xDA), last(0xD9)), (Some(scan), Some(end)) if scan < end)
}

/// What is said of a file with too many bytes.
fn too_large() -> String {
    let most = limits::megabytes(limits::DRAWN_IMAGE_BYTES);
    format!("the image is too large; at most {most}.")
}

/// The image with this width and its own proportions.
fn at_width(image: &DynamicImage, width: u32) -> DynamicImage {
    let scaled = u64::from(image.height()) * u64::from(width) / u64::from(image.width().max(1));
    let height = u32::try_from(scaled).unwrap_or(u32::MAX).max(1);
    if width == image.width() {
        return image.clone();
    }
    image.resize_exact(width, height, FilterType::CatmullRom)
}

fn encode(kind: ImageKind, image: &DynamicImage) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let (width, height) = (image.width(), image.height());
    let written = match kind {
        ImageKind::Logo => PngEncoder::new(&mut bytes).write_image(
            image.to_rgba8().as_raw(),
            width,
            height,
            ExtendedColorType::Rgba8,
        ),
        ImageKind::Screenshot => JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)
            .write_image(
                on_white(image).as_raw(),
                width,
                height,
                ExtendedColorType::Rgb8,
            ),
    };
    written.map_err(|error| {
        tracing::warn!(%error, "an image could not be written");
        "this image cannot be drawn; save it anew and try again.".to_owned()
    })?;
    Ok(bytes)
}

/// What one sees of an image that lies on white.
fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let rgba = image.to_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [red, green, blue, alpha] = rgba.get_pixel(x, y).0;
        let over = |part: u8| {
            let (part, alpha) = (u16::from(part), u16::from(alpha));
            let mixed = (part * alpha + 255 * (255 - alpha)) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]
mod tests;
