//! The queue on more and more cases, with one case in ten open and with nine: each page is asked for
//! by another of many readers, so that nothing that was answered before answers it.

use std::fs;
use std::path::Path;

use super::http::Client;
use super::load::Plan;
use super::{
    Bench, COMPLIANCE, Options, PASSWORD, READERS, REVIEWER, STEP, on_both, row, while_changing,
};
use crate::problem::{Outcome, Problem};
use crate::run;

/// The sizes that are measured, as far as they are asked for.
const SIZES: [u32; 4] = [1_000, 10_000, 100_000, 300_000];

/// Of a hundred cases so many have ended, besides every tenth of the others.
const ENDED: [u32; 2] = [0, 90];

/// As in the configuration of every bench.
const SECRET: &str = "a secret that is long enough for a bench";

/// How many pages are measured while cases change.
const PAGES: usize = 6;

/// As many transitions as can be measured.
const TRANSITIONS: usize = 3_000;

/// Measures each size on each engine and prints a table for each.
pub(super) fn measure(options: &Options, folder: &Path) -> Outcome {
    let wanted = options.least..=options.cases;
    for cases in SIZES.into_iter().filter(|size| wanted.contains(size)) {
        for ended in ENDED {
            let sized = Options { cases, ..*options };
            let folder = folder.join(format!("{cases}-{ended}"));
            fs::create_dir(&folder).map_err(|error| Problem::at(&folder, error))?;
            on_both(&sized, &folder, |bench, _| bench.measure_queue(ended))?;
            fs::remove_dir_all(&folder).map_err(|error| Problem::at(&folder, error))?;
        }
    }
    Ok(())
}

impl Bench<'_> {
    fn measure_queue(&self, ended: u32) -> Outcome {
        let cases = self.options.cases;
        run::say(&format!("{}: making {cases} cases", self.engine));
        let told = run::output(
            self.program()
                .arg("seed")
                .args(["--database", &self.database])
                .args(["--cases", &cases.to_string()])
                .args(["--ended", &ended.to_string()])
                .args(["--readers", &self.options.readers.to_string()])
                .args(["--secret", SECRET])
                .args(["--password", PASSWORD]),
        )?;
        let cookies: Vec<String> = told
            .lines()
            .skip(1)
            .map(|token| format!("ud={token}"))
            .collect();
        let list = self.folder.join("readers");
        fs::write(&list, cookies.join("\n")).map_err(|error| Problem::at(&list, error))?;

        let server = self.start()?;
        let reviewer = self.sign_in(REVIEWER)?;
        self.settles(&reviewer)?;
        let compliance = self.sign_in(COMPLIANCE)?;
        let open = 90 - ended * 9 / 10;
        println!("\n## {}, {cases} cases, {open} % open\n", self.engine);
        println!("| | requests/s | p50 | p95 | p99 | processor per request | errors |");
        println!("| --- | --- | --- | --- | --- | --- | --- |");
        let named = format!("/queue?view=all_open&q=App+{}", cases / 2);
        let pages: [_; PAGES] = [
            ("my turn", "/queue"),
            ("all open", "/queue?view=all_open"),
            ("last page", "/queue?view=all_open&before=end"),
            (
                "filtered",
                "/queue?view=all_open&level=limited&state=clarification&sort=changed",
            ),
            ("search", named.as_str()),
            (
                "search with many hits",
                "/queue?view=all_open&q=glucose+organisation",
            ),
        ];
        let measure = |name: &str, path: &str| -> Outcome {
            let plan = Plan {
                port: self.port,
                path,
                cookie: "",
                keep_alive: false,
                script: "queue.lua",
                arguments: vec![list.display().to_string()],
                connections: READERS,
                threads: 2,
                seconds: self.options.seconds,
            };
            row(name, &server, || plan.run()).map(|_| ())
        };
        for (name, path) in pages {
            measure(name, path)?;
        }
        self.pages(&server, &compliance, "audit explorer", "/audit")?;
        let mut questions = self.questions_of(&cookies)?.into_iter();
        for (name, path) in pages {
            let changes = questions.by_ref().take(self.changes()).collect();
            while_changing(&reviewer, changes, || {
                measure(&format!("{name}, ten changes a second"), path)
            })?;
        }
        let lines = questions.map(|(cookie, body)| format!("{STEP}\t{cookie}\t{body}\n"));
        self.send_each(&server, lines.collect())
    }

    /// How many changes are made while one page is measured.
    fn changes(&self) -> usize {
        self.options.seconds as usize * 10
    }

    /// Questions about cases in review, each with the cookie of whoever may ask it.
    fn questions_of(&self, cookies: &[String]) -> Outcome<Vec<(String, String)>> {
        let wanted = PAGES * self.changes() + TRANSITIONS;
        let mut found = Vec::new();
        for cookie in cookies {
            let reader = Client::new(self.port).with_cookie(cookie);
            let left = (wanted - found.len()) as u32;
            let bodies = self.questions(&reader, left)?;
            found.extend(bodies.into_iter().map(|body| (cookie.clone(), body)));
            if found.len() >= wanted {
                break;
            }
        }
        Ok(found)
    }
}
