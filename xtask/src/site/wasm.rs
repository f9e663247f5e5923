//! The islands: compiled to wasm, and the script that loads them.

use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;

use super::Site;
use crate::problem::{Outcome, Problem};
use crate::{run, tools};

/// Compiles `app` for the browser.
pub fn compile(label: &str, site: Site) -> Outcome {
    run::check_labelled(
        label,
        site.compiles(run::cargo().args([
            "build",
            "--package",
            "app",
            "--lib",
            "--no-default-features",
            "--features",
            "hydrate",
            "--target",
            "wasm32-unknown-unknown",
            "--profile",
            site.profile(),
        ])),
    )
}

/// Writes `<name>.js` and `<name>_bg.wasm` into the folder.
///
/// wasm-bindgen is linked into this program in the very version that the app
/// uses: a tool that had to be installed could differ, and then the page breaks.
pub fn bind(folder: &Path, name: &str, site: Site) -> Outcome {
    let compiled = run::target()
        .join("wasm32-unknown-unknown")
        .join(site.profile())
        .join("app.wasm");
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(&compiled)
        .out_name(name)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .omit_default_module_path(false);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(folder))
        .map_err(|error| Problem::at(&compiled, format!("{error:#}")))
}

/// Makes `<name>_bg.wasm` smaller with binaryen.
///
/// The features are those that rustc itself compiles to; binaryen may use no other.
pub fn optimise(folder: &Path, name: &str) -> Outcome {
    let wasm = folder.join(format!("{name}_bg.wasm"));
    let optimiser = run::root()
        .join(tools::XTASK_PACKAGES)
        .join("node_modules/.bin/wasm-opt");
    run::check(
        run::program(tools::NODE.program)
            .arg(optimiser)
            .arg("-Oz")
            .args([
                "--enable-bulk-memory",
                "--enable-bulk-memory-opt",
                "--enable-call-indirect-overlong",
                "--enable-multivalue",
                "--enable-mutable-globals",
                "--enable-nontrapping-float-to-int",
                "--enable-reference-types",
                "--enable-sign-ext",
            ])
            .arg(&wasm)
            .arg("--output")
            .arg(&wasm),
    )
}
