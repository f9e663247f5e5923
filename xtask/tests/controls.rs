//! `docs/controls.md` is a claim: what it names is there.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The paths of all sources of ours, and what stands in them.
fn sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy();
        if path.is_dir() && !name.starts_with('.') && name != "target" && name != "node_modules" {
            sources(&path, found);
        } else if name.ends_with(".rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
}

/// What stands in a cell as code.
fn named(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn controls_name_only_what_there_is() {
    let manual = fs::read_to_string(root().join("docs/controls.md")).unwrap();
    let mut all = Vec::new();
    sources(root(), &mut all);
    let is_module = |name: &str| {
        all.iter().any(|(path, _)| {
            path.ends_with(format!("{name}.rs")) || path.ends_with(format!("{name}/mod.rs"))
        })
    };
    let is_test = |name: &str| {
        let function = format!("fn {name}(");
        all.iter().any(|(_, text)| text.contains(&function))
    };
    let mut wrong = Vec::new();
    let mut rows = 0;
    for row in manual.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let [_, _, places, tests] = cells[..] else {
            panic!("a row of {} cells: {row}", cells.len());
        };
        if places.trim() == "where" || places.trim() == "---" {
            continue;
        }
        rows += 1;
        assert!(
            !named(places).is_empty() && !named(tests).is_empty(),
            "{row}"
        );
        let absent = named(places)
            .into_iter()
            .filter(|path| !root().join(path).exists());
        wrong.extend(absent.map(str::to_owned));
        wrong.extend(named(tests).into_iter().filter_map(|test| {
            let is_there = match test.strip_suffix("::") {
                Some(module) => is_module(module.rsplit("::").next()?),
                None => is_test(test.rsplit("::").next()?),
            };
            (!is_there).then(|| test.to_owned())
        }));
    }
    assert!(rows > 30, "{rows} rows");
    assert_eq!(wrong, Vec::<String>::new());
}
