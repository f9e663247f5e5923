//! The style sheet: one file made of `style/main.css` and all that it imports.

use std::path::Path;

use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::ParserOptions;

use crate::problem::{Outcome, Problem};

/// The imports in place, comments and blanks gone; syntax is left as written,
/// since every current browser understands it.
pub fn bundle(entry: &Path) -> Outcome<String> {
    let files = FileProvider::new();
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    let sheet = bundler
        .bundle(entry)
        .map_err(|error| Problem::new(format!("style sheet: {error}")))?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: true,
            ..PrinterOptions::default()
        })
        .map_err(|error| Problem::new(format!("style sheet: {error}")))?;
    Ok(printed.code)
}
