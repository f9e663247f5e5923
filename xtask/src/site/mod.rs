//! The bundled site: `pkg/<version>/…`, `<version>` being the hash of everything in it, with each
//! file's compressed forms beside it.

mod compress;
mod css;
mod version;
mod wasm;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::problem::{Outcome, Problem};
use crate::run;

/// The name of the script, wasm and style sheet. The server's `site.rs` knows it too.
const OUTPUT: &str = "upgrade-desk";

/// What a site is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Site {
    /// Development, the demo and the tests: quick to build.
    Quick,
    /// The distribution: views have types of their own, and binaryen makes the wasm smaller.
    Distribution,
}

impl Site {
    /// Where it is laid out.
    pub fn folder(self) -> PathBuf {
        match self {
            Self::Quick => run::target().join("site"),
            Self::Distribution => run::target().join("dist-site"),
        }
    }

    /// The cargo profile of its wasm.
    pub const fn profile(self) -> &'static str {
        match self {
            Self::Quick => "wasm-release",
            Self::Distribution => "wasm-dist",
        }
    }

    /// Sets how a half of the desk is compiled. Both halves must agree on what a view is, or the
    /// islands do not find their places in the page.
    pub fn compiles(self, cargo: &mut Command) -> &mut Command {
        match self {
            Self::Quick => cargo,
            // In place of the flags of .cargo/config.toml: views with types of their own take
            // longer to build and less to draw (docs/decisions/0008).
            Self::Distribution => cargo.env("RUSTFLAGS", ""),
        }
    }
}

/// Makes sure that the compiler can build for wasm32.
pub fn add_wasm_target() -> Outcome {
    const TARGET: &str = "wasm32-unknown-unknown";
    if !run::exists("rustup") {
        let sysroot = run::output(run::program("rustc").args(["--print", "sysroot"]))?;
        let libraries = Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET);
        return match libraries.is_dir() {
            true => Ok(()),
            false => Err(Problem::new(format!(
                "this rustc has no {TARGET}: install it, or install rustup"
            ))),
        };
    }
    let installed = run::output(run::program("rustup").args(["target", "list", "--installed"]))?;
    if installed.lines().any(|line| line.trim() == TARGET) {
        return Ok(());
    }
    run::say(&format!("adding the target {TARGET}"));
    run::check(run::program("rustup").args(["target", "add", TARGET]))
}

/// Builds the site for development, for `cargo xtask site`.
pub fn build_alone() -> Outcome {
    add_wasm_target()?;
    build("site  ", Site::Quick)
}

/// Builds the site from the sources. Every line of the compiler's is written behind `label`.
pub fn build(label: &str, site: Site) -> Outcome {
    let target = run::target();
    let staging = target.join("site-staging");
    clear(&staging)?;
    wasm::compile(label, site)?;
    wasm::bind(&staging, OUTPUT, site)?;
    match site {
        Site::Quick => {}
        Site::Distribution => wasm::optimise(&staging, OUTPUT)?,
    }
    let style = run::root().join("style");
    let style_sheet = css::bundle(&style.join("main.css"))?;
    write(
        &staging.join(format!("{OUTPUT}.css")),
        style_sheet.as_bytes(),
    )?;
    copy_assets(&style, &staging)?;
    let folder = site.folder();
    lay_out(&staging, &folder)?;
    eprintln!("{label} │ {}", compress::report(&folder)?);
    Ok(())
}

/// Moves the finished files to where they are served from; leaves all as it is when nothing changed.
fn lay_out(staging: &Path, site: &Path) -> Outcome {
    let version = version::of(staging)?;
    let place = site.join("pkg").join(&version);
    if place.is_dir() && version::recorded(site).as_deref() == Some(version.as_str()) {
        return Ok(());
    }
    compress::all(staging)?;
    clear(site)?;
    let pkg = site.join("pkg");
    fs::create_dir_all(&pkg).map_err(|error| Problem::at(&pkg, error))?;
    fs::rename(staging, &place).map_err(|error| Problem::at(&place, error))?;
    write(&site.join("version.txt"), version.as_bytes())
}

/// Fonts, icons and whatever else style sheets and pages refer to, at the same relative place.
fn copy_assets(from: &Path, to: &Path) -> Outcome {
    for path in files(from)? {
        if path
            .extension()
            .is_some_and(|extension| extension == "css" || extension == "md")
        {
            continue;
        }
        let place = to.join(
            path.strip_prefix(from)
                .map_err(|error| Problem::at(&path, error))?,
        );
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(|error| Problem::at(folder, error))?;
        }
        fs::copy(&path, &place).map_err(|error| Problem::at(&path, error))?;
    }
    Ok(())
}

/// Every file below a folder, sorted by its path.
fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| Problem::at(&folder, error))? {
            let path = entry.map_err(|error| Problem::at(&folder, error))?.path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    Ok(found)
}

/// An empty folder, whatever was there before.
fn clear(folder: &Path) -> Outcome {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| Problem::at(folder, error))?;
    }
    fs::create_dir_all(folder).map_err(|error| Problem::at(folder, error))
}

fn write(path: &Path, bytes: &[u8]) -> Outcome {
    fs::write(path, bytes).map_err(|error| Problem::at(path, error))
}
