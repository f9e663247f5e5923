use super::*;
use image::{Rgba, RgbaImage};

fn picture(width: u32, height: u32) -> DynamicImage {
    let pixels = RgbaImage::from_fn(width, height, |x, y| {
        let part = |value: u32| u8::try_from(value % 256).unwrap_or(0);
        Rgba([part(x), part(y), 90, 255])
    });
    DynamicImage::from(pixels)
}

fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image = match format {
        ImageFormat::Jpeg => DynamicImage::from(image.to_rgb8()),
        _ => image.clone(),
    };
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG with a note of the camera that says where it was taken and how it was held.
fn with_exif(image: &DynamicImage, orientation: u8) -> Vec<u8> {
    let jpeg = written(image, ImageFormat::Jpeg);
    // "Exif", a little-endian TIFF with two entries: orientation, and a description far from it.
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    tiff.extend([0x0E, 0x01, 2, 0, 16, 0, 0, 0, 38, 0, 0, 0]);
    tiff.extend([0, 0, 0, 0]);
    tiff.extend(b"SECRET-LOCATION\0");
    let mut exif = b"Exif\0\0".to_vec();
    exif.extend(tiff);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xFF, 0xE1]);
    bytes.extend(length);
    bytes.extend(exif);
    bytes.extend(&jpeg[2..]);
    bytes
}

fn has(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

#[test]
fn nothing_of_what_a_camera_notes_survives_and_the_picture_stands_upright() {
    let file = with_exif(&picture(600, 300), 6);
    assert!(has(&file, b"SECRET-LOCATION") && has(&file, b"Exif"));
    let drawn = draw(ImageKind::Screenshot, &file).unwrap();
    // Held on its side: what was wide is high.
    assert_eq!((drawn.width, drawn.height), (300, 600));
    for (_, bytes) in &drawn.files {
        assert!(!has(bytes, b"SECRET-LOCATION") && !has(bytes, b"Exif"));
    }
}

#[test]
fn an_image_is_drawn_in_its_widths_and_never_larger() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let drawn = draw(
            ImageKind::Screenshot,
            &written(&picture(1_600, 800), format),
        );
        let drawn = drawn.unwrap_or_else(|text| panic!("{format:?}: {text}"));
        let widths: Vec<u32> = drawn.files.iter().map(|(width, _)| *width).collect();
        assert_eq!(widths, [320, 640, 1_280]);
        assert_eq!((drawn.width, drawn.height, drawn.ext), (1_280, 640, "jpg"));
        for (width, bytes) in &drawn.files {
            let read = image::load_from_memory_with_format(bytes, ImageFormat::Jpeg).unwrap();
            assert_eq!((read.width(), read.height()), (*width, *width / 2));
        }
    }
    let small = draw(
        ImageKind::Logo,
        &written(&picture(100, 100), ImageFormat::Png),
    );
    let widths: Vec<u32> = small.unwrap().files.iter().map(|file| file.0).collect();
    assert_eq!(widths, [96, 100]);
}

#[test]
fn a_logo_keeps_its_transparency_and_a_screenshot_lies_on_white() {
    let clear = DynamicImage::from(RgbaImage::from_pixel(300, 300, Rgba([0, 0, 0, 0])));
    let file = written(&clear, ImageFormat::Png);
    let pixel = |kind| {
        let drawn = draw(kind, &file).unwrap();
        let (_, bytes) = drawn.files.last().unwrap();
        image::load_from_memory(bytes)
            .unwrap()
            .to_rgba8()
            .get_pixel(9, 9)
            .0
    };
    assert_eq!(pixel(ImageKind::Logo)[3], 0);
    assert_eq!(pixel(ImageKind::Screenshot), [255; 4]);
}

/// A PNG that says it has so many pixels, and holds none of them.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut png = written(&picture(100, 100), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc32(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&sum);
    png
}

fn crc32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    }) ^ u32::MAX
}

fn refused(kind: ImageKind, bytes: &[u8]) -> String {
    match draw(kind, bytes) {
        Ok(_) => panic!("taken"),
        Err(text) => text,
    }
}

#[test]
fn an_image_of_too_many_pixels_is_refused_before_it_is_unpacked() {
    for (width, height) in [(60_000, 60_000), (8_001, 10), (7_000, 7_000)] {
        let text = refused(ImageKind::Screenshot, &bomb(width, height));
        assert!(text.contains(&format!("{width} by {height}")), "{text}");
    }
    let small = refused(
        ImageKind::Screenshot,
        &written(&picture(50, 50), ImageFormat::Png),
    );
    assert!(small.contains("at least 240"), "{small}");
    let heavy = vec![0; MOST_BYTES + 1];
    assert!(refused(ImageKind::Logo, &heavy).contains("10 MB"));
}

#[test]
fn what_is_no_png_jpeg_or_webp_is_refused_whatever_it_is_called() {
    for file in [
        &b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"[..],
        b"<?xml version=\"1.0\"?><svg/>",
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"%PDF-1.7\n",
        b"BM\0\0\0\0",
        b"plain text",
    ] {
        let text = refused(ImageKind::Logo, file);
        assert!(text.contains("PNG, JPEG or WebP"), "{text}");
    }
    assert_eq!(refused(ImageKind::Logo, b""), "the file is empty.");
    let mut cut = written(&picture(300, 300), ImageFormat::Png);
    cut.truncate(200);
    assert!(refused(ImageKind::Logo, &cut).contains("cannot be read"));
}

#[test]
fn a_photograph_that_breaks_off_is_refused() {
    let whole = with_exif(&picture(600, 300), 1);
    draw(ImageKind::Screenshot, &whole).unwrap();
    for most in [700, whole.len() / 2, whole.len() - 2] {
        let refused = draw(ImageKind::Screenshot, &whole[..most]);
        assert!(
            refused.is_err_and(|text| text.contains("save it anew")),
            "{most}"
        );
    }
    // What a camera appends behind the end does no harm.
    let longer = [whole.as_slice(), b"appended"].concat();
    draw(ImageKind::Screenshot, &longer).unwrap();
}

#[test]
fn what_stands_beside_the_pixels_of_a_png_is_not_unpacked() {
    let png = written(&picture(120, 120), ImageFormat::Png);
    let mut with_profile = png[..33].to_vec();
    let profile = b"name\0\0not packed at all";
    with_profile.extend(u32::try_from(profile.len()).unwrap().to_be_bytes());
    with_profile.extend(b"iCCP");
    with_profile.extend(profile);
    with_profile.extend([0; 4]);
    with_profile.extend(&png[33..]);
    assert_eq!(without_notes(&with_profile), without_notes(&png));
    assert!(!has(&without_notes(&with_profile), b"iCCP"));
    draw(ImageKind::Logo, &with_profile).unwrap();
    // What is no whole PNG is passed on as it is, for the decoder to refuse.
    for most in [3, 8, 20, 40] {
        assert!(draw(ImageKind::Logo, &png[..most]).is_err());
    }
}

#[test]
fn the_name_of_an_image_follows_from_its_files_and_its_upload() {
    let mark = fresh_mark();
    let files = || [b"one".as_slice(), b"two"].into_iter();
    let name = image_name(&mark, files());
    assert_eq!((name.len(), mark_of(&name)), (64, mark.as_str()));
    assert_eq!(image_name(&mark, files()), name);
    assert_ne!(image_name(&mark, files().rev()), name);
    assert_ne!(image_name(&fresh_mark(), files()), name);
}
