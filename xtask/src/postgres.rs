//! A throw-away PostgreSQL of our own, on a free loopback port, gone when it is dropped.

use std::fs;
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::problem::{Outcome, Problem};
use crate::{run, tools};

/// Whether what is committed survives the machine's crash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing waits for the disk: for tests, whose data nobody keeps.
    None,
    /// As PostgreSQL comes: for measurements.
    Full,
}

/// A running cluster.
pub struct Cluster {
    folder: PathBuf,
    server: Child,
    port: u16,
    password: String,
}

impl Cluster {
    /// Creates a cluster in a new folder inside `place` and starts it.
    pub fn start(durability: Durability, place: &Path) -> Outcome<Self> {
        let programs = tools::postgres_programs()
            .ok_or_else(|| Problem::new("PostgreSQL's `initdb` is not on this machine"))?;
        let folder = place.join(format!("upgrade-desk-postgres-{}", std::process::id()));
        fs::create_dir(&folder).map_err(|error| Problem::at(&folder, error))?;
        let account = Account::pick()?;
        let password = random_hex()?;
        let password_file = folder.join("password");
        fs::write(&password_file, &password).map_err(|error| Problem::at(&password_file, error))?;
        account.hand_over(&folder)?;

        let data = folder.join("data");
        run::check(
            account
                .command(&programs.join("initdb"), &folder)
                .args([
                    "--username=postgres",
                    "--auth=password",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--no-sync",
                ])
                .arg("--pgdata")
                .arg(&data)
                .arg("--pwfile")
                .arg(&password_file)
                .stdout(Stdio::null()),
        )?;
        let port = free_port()?;
        let mut command = account.command(&programs.join("postgres"), &folder);
        command
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string()])
            .args([
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=300",
            ])
            .args(["-c", "log_min_messages=log"]);
        if durability == Durability::None {
            command.args([
                "-c",
                "fsync=off",
                "-c",
                "synchronous_commit=off",
                "-c",
                "full_page_writes=off",
            ]);
        }
        let log = folder.join("log");
        let log_file = fs::File::create(&log).map_err(|error| Problem::at(&log, error))?;
        let server = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log_file)
            .spawn()
            .map_err(|error| Problem::new(format!("PostgreSQL cannot be started: {error}")))?;
        let mut cluster = Self {
            folder,
            server,
            port,
            password,
        };
        cluster.wait_until_ready(&programs)?;
        Ok(cluster)
    }

    /// Connects as the administrator, who may create databases.
    pub fn url(&self) -> String {
        format!(
            "postgres://postgres:{}@127.0.0.1:{}/postgres",
            self.password, self.port
        )
    }

    /// Creates a database and returns its address.
    pub fn create_database(&self, name: &str) -> Outcome<String> {
        self.administrator(&format!("CREATE DATABASE {name}"))?;
        Ok(format!(
            "postgres://postgres:{}@127.0.0.1:{}/{name}",
            self.password, self.port
        ))
    }

    /// From now on every statement is written to the log, or none.
    pub fn log_statements(&self, all: bool) -> Outcome {
        let which = if all { "all" } else { "none" };
        self.administrator(&format!("ALTER SYSTEM SET log_statement = '{which}'"))?;
        self.administrator("SELECT pg_reload_conf()")?;
        thread::sleep(Duration::from_millis(500));
        Ok(())
    }

    /// Statements in the log so far, but for those that open and end a transaction.
    pub fn statements(&self) -> Outcome<usize> {
        let path = self.folder.join("log");
        let log = fs::read_to_string(&path).map_err(|error| Problem::at(&path, error))?;
        let frame = ["BEGIN", "COMMIT", "ROLLBACK", "SET "];
        Ok(log
            .lines()
            .filter_map(|line| {
                let (_, statement) = line
                    .split_once("execute ")
                    .or_else(|| line.split_once("LOG:  statement"))?;
                statement.split_once(": ").map(|(_, text)| text)
            })
            .filter(|text| !frame.iter().any(|word| text.starts_with(word)))
            .count())
    }

    fn administrator(&self, statement: &str) -> Outcome {
        let programs = tools::postgres_programs()
            .ok_or_else(|| Problem::new("PostgreSQL's `psql` is not on this machine"))?;
        run::check(
            run::program(programs.join("psql"))
                .args(["--quiet", "--no-psqlrc", "--command", statement])
                .arg(self.url())
                .stdout(Stdio::null()),
        )
    }

    fn wait_until_ready(&mut self, programs: &Path) -> Outcome {
        let deadline = Instant::now() + Duration::from_secs(60);
        while Instant::now() < deadline {
            if let Ok(Some(status)) = self.server.try_wait() {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                return Err(Problem::new(format!(
                    "PostgreSQL ended at once ({status}):\n{log}"
                )));
            }
            let listens = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok();
            let answers = listens
                && run::check(run::program(programs.join("pg_isready")).args([
                    "--quiet",
                    "--host=127.0.0.1",
                    &format!("--port={}", self.port),
                ]))
                .is_ok();
            if answers {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err(Problem::new("PostgreSQL did not answer within a minute"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's "fast" shutdown: it drops its connections and ends.
        let asked = run::check(run::program("kill").args(["-INT", &self.server.id().to_string()]));
        if asked.is_err() {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Who runs the server: PostgreSQL refuses root.
enum Account {
    Ourselves,
    Other(&'static str),
}

impl Account {
    fn pick() -> Outcome<Self> {
        if !tools::is_root() {
            return Ok(Self::Ourselves);
        }
        let known = |name: &&str| {
            run::program("id")
                .arg(name)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        };
        ["postgres", "nobody"]
            .into_iter()
            .find(known)
            .map(Self::Other)
            .ok_or_else(|| Problem::new("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`"))
    }

    fn hand_over(&self, folder: &Path) -> Outcome {
        match self {
            Self::Ourselves => Ok(()),
            Self::Other(name) => run::check(run::program("chown").args(["-R", name]).arg(folder)),
        }
    }

    /// The program under this account; it ends when we end, however that happens.
    fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = match run::exists("setpriv") {
            true => {
                let mut command = Command::new("setpriv");
                command.args(["--pdeathsig", "INT"]);
                if let Self::Other(name) = self {
                    command.args([&format!("--reuid={name}"), "--clear-groups"]);
                }
                command.arg("--").arg(program);
                command
            }
            false => match self {
                Self::Ourselves => Command::new(program),
                Self::Other(name) => {
                    let mut command = Command::new("runuser");
                    command.args(["-u", name, "--"]).arg(program);
                    command
                }
            },
        };
        command.current_dir(folder);
        command
    }
}

/// A loopback port that was free a moment ago.
pub fn free_port() -> Outcome<u16> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| Problem::new(format!("no free port: {error}")))
}

fn random_hex() -> Outcome<String> {
    let source = Path::new("/dev/urandom");
    let mut bytes = [0; 16];
    fs::File::open(source)
        .and_then(|mut file| file.read_exact(&mut bytes))
        .map_err(|error| Problem::at(source, error))?;
    Ok(hex::encode(bytes))
}
