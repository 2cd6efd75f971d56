//! A private PostgreSQL server for the tests of one process.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::skip::{environment, skipped};

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    /// The address of its maintenance database.
    url: String,
    psql: PathBuf,
    /// The server lives until this pipe closes, which the end of the process does however it ends.
    _leash: Option<ChildStdin>,
}

/// Keeps the server; handed to the shell as text, because the server's user may not read this folder.
const KEEPER: &str = include_str!("postgres-keeper.sh");

impl Postgres {
    /// The server of this process: the one that `HELDOUT_TEST_POSTGRES` names, or a private one that is started now.
    ///
    /// `None`, said aloud, when this machine has no PostgreSQL server;
    /// a panic instead where the environment asks for one (`HELDOUT_REQUIRE_POSTGRES=1`, `CI=true`).
    pub fn shared() -> Option<&'static Self> {
        static SERVER: OnceLock<Result<Postgres, String>> = OnceLock::new();
        match SERVER.get_or_init(|| Self::given().unwrap_or_else(Self::start)) {
            Ok(server) => Some(server),
            Err(why) => {
                let required = environment("HELDOUT_REQUIRE_POSTGRES").is_some_and(|value| value == "1")
                    || environment("CI").is_some_and(|value| value == "true");
                assert!(!required, "PostgreSQL is required here: {why}");
                skipped("every test on PostgreSQL", why);
                None
            }
        }
    }

    fn given() -> Option<Result<Self, String>> {
        let url = environment("HELDOUT_TEST_POSTGRES")?;
        let psql = programs().map_or_else(|| PathBuf::from("psql"), |folder| folder.join("psql"));
        Some(Ok(Self { url, psql, _leash: None }))
    }

    fn start() -> Result<Self, String> {
        let programs = programs().ok_or("no PostgreSQL server is installed (Debian: postgresql)")?;
        let mut keeper = as_unprivileged_user(Command::new("sh"))
            .args(["-c", KEEPER, "postgres-keeper"])
            .arg(&programs)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start a shell for PostgreSQL: {error}"))?;
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().unwrap())
            .read_line(&mut line)
            .map_err(|error| error.to_string())?;
        let Some(home) = line.trim_end().strip_prefix("ready: ") else {
            return Err(format!("PostgreSQL did not start: {}", line.trim_end()));
        };
        let url = format!("postgres://postgres@{}/postgres", home.replace('/', "%2F"));
        Ok(Self { url, psql: programs.join("psql"), _leash: keeper.stdin.take() })
    }

    /// The address of the server's maintenance database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Creates an empty database; gives its name and address.
    pub(crate) fn create_database(&self) -> (String, String) {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        self.run(&self.url, &format!("CREATE DATABASE {name} TEMPLATE template0"));
        let (server, _) = self.url.rsplit_once('/').unwrap();
        let url = format!("{server}/{name}");
        (name, url)
    }

    pub(crate) fn drop_database(&self, name: &str) {
        self.run(&self.url, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }

    /// Runs SQL on a database of this server and gives the bare output.
    pub(crate) fn run(&self, url: &str, sql: &str) -> String {
        let output = Command::new(&self.psql)
            .args([
                "--no-psqlrc",
                "--quiet",
                "--tuples-only",
                "--no-align",
                "--set=ON_ERROR_STOP=1",
                "--command",
                sql,
            ])
            .arg(url)
            .output()
            .unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "psql refused {sql:?}: {complaint}");
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }
}

/// PostgreSQL refuses to serve as root.
fn as_unprivileged_user(shell: Command) -> Command {
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    if !root {
        return shell;
    }
    let mut dropped = Command::new("setpriv");
    dropped.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(shell.get_program());
    dropped
}

/// The folder of the newest server's programs.
fn programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = debian
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .max()
        .map(|version| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin")));
    let on_path = environment("PATH").unwrap_or_default();
    newest.into_iter().chain(std::env::split_paths(&on_path)).find(|folder| has_server(folder))
}

fn has_server(folder: &Path) -> bool {
    ["initdb", "postgres", "pg_isready", "psql"].iter().all(|program| folder.join(program).is_file())
}
