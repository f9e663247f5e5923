//! The real program in production mode, on a database of the test's own.

use super::{Browser, PROGRAM, read_port, site};
use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};
use tempfile::TempDir;

/// The desk's own secret.
pub const SECRET: &str = "known to these tests alone, 36 letters";

/// A folder with a migrated database and a configuration.
pub struct Production {
    pub folder: TempDir,
}

/// A server that runs; it is killed when the test is over.
pub struct Running {
    pub child: Child,
    pub port: u16,
    log: PathBuf,
}

impl Production {
    /// A new desk on SQLite; `mail` is the transport's table, `more` are lines of the configuration.
    pub fn new(mail: &str, more: &str) -> Self {
        let desk = Self {
            folder: TempDir::new().unwrap(),
        };
        let output = desk.run(&["migrate", "--database", &desk.database()]);
        assert!(output.status.success(), "{output:?}");
        desk.configure(&desk.database(), mail, more);
        desk
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn database(&self) -> String {
        format!("sqlite://{}", self.path().join("desk.sqlite").display())
    }

    /// Writes the configuration.
    pub fn configure(&self, database: &str, mail: &str, more: &str) {
        let text = format!(
            "address = \"127.0.0.1:0\"\nbase_url = \"http://127.0.0.1:3000\"\n\
             database = \"{database}\"\ndata = \"{}\"\nsecret = \"{SECRET}\"\n{more}\n\n\
             [mail]\nfrom = \"Upgrade Desk <desk@example.org>\"\ntransport = {mail}\n",
            self.path().join("files").display()
        );
        fs::write(self.path().join("desk.toml"), text).unwrap();
    }

    fn program(&self) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .env("LEPTOS_SITE_ROOT", site(self.path()))
            .env_remove("UPGRADE_DESK_LOG");
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.program().args(arguments).output().unwrap()
    }

    /// Runs a command that takes the configuration.
    pub fn run_configured(&self, command: &str, arguments: &[&str]) -> Output {
        let config = self.path().join("desk.toml");
        self.program()
            .arg(command)
            .arg("--config")
            .arg(config)
            .args(arguments)
            .output()
            .unwrap()
    }

    /// Starts the server with these variables in its environment.
    pub fn serve(&self, environment: &[(&str, &str)]) -> Running {
        let log = self.path().join("log.txt");
        let mut child = self
            .program()
            .arg("serve")
            .arg("--config")
            .arg(self.path().join("desk.toml"))
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = Tee {
            from: child.stderr.take().unwrap(),
            to: fs::File::create(&log).unwrap(),
        };
        let port = read_port(said);
        Running { child, port, log }
    }
}

impl Running {
    pub fn browser(&self) -> Browser {
        Browser::new(self.port)
    }

    /// Everything logged so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap()).into_owned()
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        let status = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(status.success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has noticed otherwise.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Keeps what is read.
struct Tee<R> {
    from: R,
    to: fs::File,
}

impl<R: Read> Read for Tee<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.from.read(buffer)?;
        std::io::Write::write_all(&mut self.to, &buffer[..count])?;
        Ok(count)
    }
}
