//! Each file's compressed forms, made once here rather than at every request.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::problem::{Outcome, Problem};

/// Writes `<file>.br` and `<file>.gz` beside every file that compression makes smaller.
pub fn all(folder: &Path) -> Outcome {
    for path in super::files(folder)? {
        // A font in woff2 is brotli inside already.
        let packed = ["woff2", "png", "jpg", "webp", "avif"];
        if path
            .extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| packed.contains(&extension))
        {
            continue;
        }
        let bytes = fs::read(&path).map_err(|error| Problem::at(&path, error))?;
        keep_if_smaller(&beside(&path, "br"), &brotli(&bytes)?, bytes.len())?;
        keep_if_smaller(&beside(&path, "gz"), &gzip(&bytes)?, bytes.len())?;
    }
    Ok(())
}

/// The site in one line: what a first visit fetches, compressed.
pub fn report(site: &Path) -> Outcome<String> {
    let mut fetched = [("wasm", 0), ("js", 0), ("css", 0)];
    for path in super::files(site)? {
        for (kind, bytes) in &mut fetched {
            if path.to_string_lossy().ends_with(&format!(".{kind}.br")) {
                let size = fs::metadata(&path)
                    .map_err(|error| Problem::at(&path, error))?
                    .len();
                *bytes += size;
            }
        }
    }
    let parts: Vec<_> = fetched
        .iter()
        .map(|(kind, bytes)| format!("{kind} {} kB", bytes.div_ceil(1000)))
        .collect();
    Ok(format!("{} (brotli)", parts.join(", ")))
}

fn keep_if_smaller(path: &Path, packed: &[u8], whole: usize) -> Outcome {
    if packed.len() >= whole {
        return Ok(());
    }
    let mut file = File::create(path).map_err(|error| Problem::at(path, error))?;
    file.write_all(packed)
        .map_err(|error| Problem::at(path, error))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn brotli(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut packed = Vec::new();
    let strongest = BrotliEncoderParams {
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &strongest)
        .map_err(|error| Problem::new(format!("brotli: {error}")))?;
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(|error| Problem::new(format!("gzip: {error}")))
}
