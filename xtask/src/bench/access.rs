//! What the portal's gateways ask, authorisations and checks; and what visitors read in the gallery.

use std::fs;

use super::http::Client;
use super::load::Plan;
use super::server::Server;
use super::{Bench, READERS, row};
use crate::problem::{Outcome, Problem};
use crate::run;

/// Every tenth case is approved: so many cases for an app.
const CASES_FOR_AN_APP: u32 = 10;

/// How many entries a gallery has at first.
const FEW_ENTRIES: u32 = 10;

/// How much longer filling is given than it takes at the pace that was measured.
const MARGIN: f64 = 1.5;

/// How often filling begins anew where it took longer all the same.
const ROUNDS: u32 = 5;

impl Bench<'_> {
    /// Measures on this engine and prints the table.
    pub(super) fn measure_access(&self) -> Outcome {
        let (apps, users) = (self.options.apps, self.options.users.max(1));
        run::say(&format!("{}: making {apps} approved apps", self.engine));
        let told = run::output(
            self.program()
                .arg("seed")
                .args(["--database", &self.database, "--gateway"])
                .args(["--cases", &(apps * CASES_FOR_AN_APP).to_string()])
                .args(["--cap", &users.to_string()])
                .args(["--password", super::PASSWORD]),
        )?;
        let mut lines = told.lines().skip(1);
        let token = lines.next().unwrap_or_default().to_owned();
        let client_ids: Vec<&str> = lines.collect();
        if client_ids.len() != apps as usize {
            return Err(Problem::new(format!(
                "{apps} apps were wanted, {} are approved",
                client_ids.len()
            )));
        }
        let list = self.folder.join("apps");
        fs::write(&list, client_ids.join("\n")).map_err(|error| Problem::at(&list, error))?;
        let each = users.div_ceil(apps);

        let server = self.start()?;
        println!(
            "\n## {}, {apps} apps, {} authorisations\n",
            self.engine,
            each * apps
        );
        println!("| | requests/s | p50 | p95 | p99 | processor per request | errors |");
        println!("| --- | --- | --- | --- | --- | --- | --- |");
        let plan = |kind: &str, seconds| Plan {
            port: self.port,
            path: "/",
            cookie: "",
            keep_alive: true,
            script: "access.lua",
            arguments: vec![
                kind.to_owned(),
                list.display().to_string(),
                READERS.to_string(),
                each.to_string(),
                token.clone(),
            ],
            connections: READERS,
            threads: READERS,
            seconds,
        };
        // Once without measuring: connections to the database open.
        plan("app", 2).run()?;
        let pace = row("authorisation", &server, || {
            plan("authorise", self.options.seconds).run()
        })?;
        // wrk waits for its time to be over, also where nothing is left to do.
        let filling = f64::from(each * apps) / pace.per_second.max(1.0) * MARGIN + 1.0;
        // A thread that has nothing left to do ends before its last answer is counted.
        let all = u64::from(each * apps - READERS.min(each * apps));
        let mut left = ROUNDS;
        while plan("fill", filling.ceil() as u32).run()?.requests < all {
            left -= 1;
            if left == 0 {
                return Err(Problem::new("the apps could not be filled in time"));
            }
        }
        // Once without measuring: the database's pages are read.
        plan("check", 2).run()?;
        row("check", &server, || {
            plan("check", self.options.seconds).run()
        })?;
        row("app", &server, || plan("app", self.options.seconds).run())?;
        self.gallery(&server, apps)?;
        println!(
            "\nMemory after load: {}",
            super::mebibytes(server.memory()?)
        );
        Ok(())
    }

    /// The gallery with few entries and with as many as there are apps.
    fn gallery(&self, server: &Server, apps: u32) -> Outcome {
        let visitor = Client::new(self.port);
        let few = FEW_ENTRIES.min(apps);
        for (entries, more) in [(few, few), (apps, apps - few)] {
            if more == 0 {
                continue;
            }
            let told = run::output(
                self.program()
                    .arg("seed-gallery")
                    .args(["--database", &self.database])
                    .args(["--entries", &more.to_string()]),
            )?;
            let grid = format!("gallery, {entries} entries");
            self.pages(server, &visitor, &grid, "/gallery")?;
            let entry = format!("entry of the gallery, one of {entries}");
            self.pages(server, &visitor, &entry, told.trim())?;
        }
        Ok(())
    }
}
