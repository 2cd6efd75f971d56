//! The client's commands against the real server: one organizer, one contestant, one challenge.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::ffi::OsString;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use client::challenge::flags::list_flags;
use client::challenge::{Apply, apply, export};
use client::leaderboard::{BoardPart, leaderboard_as, save_snapshot};
use client::login::{Login, login};
use client::research::{import, list};
use client::submit::{LARGE_BYTES, Submit, check, submit};
use client::{Client, ClientError, Ending, Environment, Format, PhaseTarget, Terminal, leaderboard, status};
use heldout_commands::config::{self, Configuration};
use heldout_commands::io::Io;
use heldout_commands::{run_with, sources, wiring};
use http_server::metrics::Metrics;
use http_server::server::{Parts, build};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const PASSWORD: &str = "three green boats in march";

/// A server with its worker, and a folder for everything.
struct Site {
    folder: TempDir,
    url: String,
    stop: CancellationToken,
    serving: Option<std::thread::JoinHandle<()>>,
}

/// What a command said and how it ended.
#[derive(Debug)]
struct Said {
    code: u8,
    out: String,
    err: String,
}

impl Site {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::fs::write(folder.path().join("heldout.toml"), configuration_text(folder.path(), "site", &url))
            .unwrap();
        std::fs::write(folder.path().join("password"), PASSWORD).unwrap();
        let configuration = load(&folder.path().join("heldout.toml"));
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let serving = std::thread::spawn(move || serve(&configuration, listener, stopped));
        Self { folder, url, stop, serving: Some(serving) }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A whole command line, with the site's configuration.
    fn run(&self, config: &str, arguments: &[&str]) -> Said {
        let config = self.path(config);
        let line = ["heldout"].iter().chain(arguments).map(OsString::from);
        said_by(line.chain(["--config".into(), config.into()]))
    }

    /// A command of the client, as the person whose settings are in `home`.
    fn ask<T>(
        &self,
        home: &str,
        input: &str,
        work: impl FnOnce(&mut Client<'_>) -> Result<T, ClientError>,
    ) -> (Result<T, ClientError>, String) {
        let environment = Environment { folder: Some(self.path(home)), ..Environment::default() };
        let sources = sources::system();
        let (mut out, mut err, mut input) = (Vec::new(), Vec::new(), input.as_bytes());
        let mut client = Client {
            environment: &environment,
            server: Some(&self.url),
            entropy: sources.entropy.as_ref(),
            terminal: Terminal { input: &mut input, out: &mut out, err: &mut err, attended: false },
        };
        let outcome = work(&mut client);
        (outcome, String::from_utf8(out).unwrap())
    }

    fn person(&self, name: &str, role: &str) {
        let (email, password) = (format!("{name}@example.org"), self.path("password"));
        let password = password.to_str().unwrap();
        let arguments =
            ["admin", "user", "create", &email, "--name", name, "--role", role, "--password-file", password];
        let said = self.run("heldout.toml", &arguments);
        assert_eq!(said.code, 0, "{said:?}");
        let how = Login::Password { email: Some(email), token_name: "test".into() };
        let (outcome, out) = self.ask(name, &format!("{PASSWORD}\n"), |client| login(client, how));
        outcome.unwrap();
        assert!(out.contains(&format!("as {name} <{name}@example.org>")), "{out}");
    }

    fn apply(&self, folder: &str, input: &str) -> (Result<(), ClientError>, String) {
        let order = Apply { folder: self.path(folder), yes: input.is_empty(), dry_run: false, reason: None };
        self.ask("ada", input, |client| apply(client, &order))
    }

    fn submit(
        &self,
        file: &str,
        text: &str,
        change: impl FnOnce(&mut Submit),
    ) -> (Result<Ending, ClientError>, String) {
        let mut order = Submit {
            file: self.write(file, text),
            phase: PhaseTarget::parse("activities/test", None).unwrap(),
            method: vec![("name", "guess".into())],
            attributes: vec!["data=none".into()],
            private: false,
            wait: true,
            format: Format::Text,
            large_bytes: LARGE_BYTES,
        };
        change(&mut order);
        self.ask("bob", "", |client| submit(client, &order))
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(serving) = self.serving.take() {
            let ended = serving.join();
            assert!(std::thread::panicking() || ended.is_ok(), "the server panicked");
        }
    }
}

/// What a command line says by itself.
fn said_by(line: impl IntoIterator<Item = OsString>) -> Said {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io { input: &mut std::io::empty(), out: &mut out, err: &mut err, attended: false };
    let code = run_with(line, &mut io);
    Said { code, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
}

fn load(file: &Path) -> Configuration {
    config::load(Some(file), []).unwrap_or_else(|error| panic!("{error}"))
}

/// A configuration that keeps everything below `folder/name`.
fn configuration_text(folder: &Path, name: &str, url: &str) -> String {
    let data = folder.join(name).display().to_string();
    format!(
        "[server]\nlisten = \"127.0.0.1:0\"\npublic_url = \"{url}\"\nworkers = 1\n\
         [database]\nurl = \"sqlite:{data}/heldout.db\"\n\
         [artifacts]\nfolder = \"{data}/artifacts\"\n\
         [mail]\nfolder = \"{data}/mail\"\n\
         [secrets]\nmaster_key_file = \"{data}/master.key\"\n\
         [worker]\npoll_milliseconds = 20\n"
    )
}

fn serve(configuration: &Configuration, listener: TcpListener, stop: CancellationToken) {
    let app = wiring::open(configuration).unwrap();
    let mailer = wiring::mailer(configuration).unwrap();
    wiring::runtime().unwrap().block_on(async {
        let metrics = Metrics::new().unwrap();
        let parts = Parts { app: Arc::clone(&app), metrics, metrics_token: None };
        let server = build(parts, listener).unwrap();
        let worker =
            worker::Worker::new(Arc::clone(&app), mailer, "test".into(), Arc::new(|_, _, _| {}), || 0);
        let working = tokio::spawn(worker.run(stop.clone()));
        server.run_until(stop.cancelled_owned()).await.unwrap();
        working.await.unwrap();
        app.db.close().await;
    });
}

const CHALLENGE: &str = r#"
slug = "activities"
title = "Activities"
terms = "Be fair."
publish = true

[[phase]]
codename = "test"
title = "Test"
evaluator = "classification_label"
opens_at = "2020-01-01"
quota = { per_day = 5 }
annotations = { main = "truth.csv" }

[phase.framing]
unit = "clip"
label_source = "closed_list"
perspective = "third_party_annotator"
stated_goal = "Try the server."

[[phase.attribute]]
name = "data"
type = "choice"
choices = ["none", "public"]
required = true
"#;

#[test]
fn a_challenge_from_its_files_to_its_leaderboard() {
    let site = Site::start();
    site.person("ada", "member");
    site.person("bob", "member");

    // Challenge as code: shown, refused, applied, applied again, changed, exported.
    site.write("challenge/challenge.toml", CHALLENGE);
    site.write("challenge/truth.csv", "id,label\na,cook\nb,clean\nc,cook\nd,eat\n");
    let (outcome, out) = site.apply("challenge", "no\n");
    outcome.unwrap();
    assert!(
        out.starts_with("create the challenge activities\n") && out.ends_with("nothing was changed\n"),
        "{out}"
    );
    let (outcome, out) = site.apply("challenge", "y\n");
    outcome.unwrap();
    assert!(out.ends_with("applied\n"), "{out}");
    let (outcome, out) = site.apply("challenge", "");
    outcome.unwrap();
    assert_eq!(out, "nothing to change\n");
    site.write("challenge/challenge.toml", &CHALLENGE.replace("per_day = 5", "per_day = 4"));
    let (outcome, out) = site.apply("challenge", "");
    outcome.unwrap();
    assert_eq!(out, "change the phase test\n  ~ quota.per_day: 5 -> 4\napplied\n");
    let (outcome, _) = site.ask("ada", "", |client| export(client, "activities", Some(site.path("copy"))));
    outcome.unwrap();
    let (outcome, out) = site.apply("copy", "");
    outcome.unwrap();
    assert_eq!(out, "nothing to change\n", "what is exported is what is there");

    // Taking part has no command of its own.
    let (outcome, _) = site.ask("bob", "", |client| {
        let token = client::Credentials::load(client.environment)?.token_for(&site.url).unwrap().to_owned();
        let post = |path: &str, body: serde_json::Value| {
            let url = format!("{}/api/v1/challenges/activities/{path}", site.url);
            ureq::post(url).header("Authorization", format!("Bearer {token}")).send_json(body).unwrap();
        };
        post("registration", serde_json::json!({ "accept_terms": 1 }));
        post("teams", serde_json::json!({ "name": "Bob's team" }));
        Ok(())
    });
    outcome.unwrap();

    // Submissions: scored, in pieces, invalid, refused before they are sent.
    let (ending, out) = site.submit("good.csv", "id,label\na,cook\nb,clean\nc,cook\nd,cook\n", |_| {});
    assert_eq!(ending.unwrap(), Ending::Done);
    assert!(
        out.contains("state      scored") && out.contains("| accuracy ") && out.contains("0.7500"),
        "{out}"
    );
    let (ending, out) =
        site.submit("large.csv", "id,label\na,cook\nb,clean\nc,cook\nd,eat\n", |order| order.large_bytes = 0);
    assert_eq!(ending.unwrap(), Ending::Done);
    assert!(out.contains("1.0000"), "{out}");
    let left = std::fs::read_to_string(site.path("bob/uploads.json")).unwrap();
    assert_eq!(left, "{}", "a finished upload is forgotten");
    let (ending, out) = site.submit("bad.csv", "id,label\na,cook\nx,clean\n", |_| {});
    assert_eq!(ending.unwrap(), Ending::Invalid);
    assert!(
        out.contains("state      invalid") && out.contains("the file has") && out.contains("line 3"),
        "{out}"
    );
    let (refused, _) = site.submit("good.csv", "id,label\n", |order| order.attributes.clear());
    assert!(refused.unwrap_err().to_string().contains("--attribute data=VALUE"));

    // Reading.
    let phase = PhaseTarget::parse("activities/test", None).unwrap();
    let (outcome, out) = site.ask("ada", "", |client| list_flags(client, &phase, true, Format::Text));
    outcome.unwrap();
    assert_eq!(out, "activities/test has no flag that waits\n");
    let (refused, _) = site.ask("bob", "", |client| list_flags(client, &phase, false, Format::Text));
    assert!(refused.unwrap_err().to_string().contains("organizers"));
    let (outcome, out) = site.ask("bob", "", |client| status::recent(client, &phase, Format::Text));
    outcome.unwrap();
    assert!(out.contains("good.csv") && out.contains("of 4 submissions left today"), "{out}");
    let board = |format| {
        let (outcome, out) = site.ask("nobody", "", |client| {
            leaderboard::leaderboard(client, &phase, &BoardPart::default(), format)
        });
        outcome.unwrap();
        out
    };
    let text = board(Format::Text);
    assert!(text.contains("Bob's team") && text.contains("guess"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&board(Format::Json)).unwrap();
    assert_eq!(json["items"][0]["scores"]["accuracy"], 1.0);
    assert!(board(Format::Csv).lines().count() == 2);

    // A file that is only checked, and a board to cite.
    let (good, bad) = (site.path("large.csv"), site.path("bad.csv"));
    let checked = |file: &Path| site.ask("bob", "", |client| check(client, file, &phase, Format::Text));
    let (ending, out) = checked(&good);
    assert_eq!(ending.unwrap(), Ending::Done);
    assert!(out.contains("nothing was submitted"), "{out}");
    let (ending, out) = checked(&bad);
    assert_eq!(ending.unwrap(), Ending::Invalid);
    assert!(out.contains("the file has") && out.contains("line 3"), "{out}");
    let cited = site.path("board.json");
    let part = BoardPart::default();
    let (outcome, _) = site.ask("nobody", "", |client| save_snapshot(client, &phase, &part, &cited));
    outcome.unwrap();
    let verify = |file: &Path| said_by(["heldout".into(), "verify".into(), file.into()]);
    let said = verify(&cited);
    assert!(said.code == 0 && said.out.contains("is as it was signed"), "{said:?}");
    let text = std::fs::read_to_string(&cited).unwrap();
    let changed = site.write("changed.json", &text.replacen("Bob's", "Eve's", 1));
    let said = verify(&changed);
    assert!(said.code == 1 && said.err.contains("does not verify"), "{said:?}");
    let (outcome, out) = site.ask("nobody", "", |client| leaderboard_as(client, &phase, &part, "markdown"));
    outcome.unwrap();
    assert!(out.starts_with("| Rank | Team | Method |"), "{out}");

    // The operator: checks, exports, saves and brings back.
    let verified = site.run("heldout.toml", &["admin", "verify"]);
    assert_eq!(verified.code, 0, "{verified:?}");
    assert!(
        verified.out.contains("2 scored submissions")
            && verified.out.ends_with("everything is as it must be\n")
    );
    let exported = site.run("heldout.toml", &["admin", "export", "--kind", "submissions"]);
    assert_eq!((exported.code, exported.out.lines().count()), (0, 3), "{exported:?}");

    let (backup, elsewhere) = (site.path("backup"), site.path("elsewhere.toml"));
    let backup = backup.to_str().unwrap();
    std::fs::write(&elsewhere, configuration_text(site.folder.path(), "elsewhere", &site.url)).unwrap();
    let saved = site.run("heldout.toml", &["admin", "backup", backup]);
    assert_eq!(saved.code, 0, "{saved:?}");
    let again = site.run("heldout.toml", &["admin", "backup", backup]);
    assert!(again.code == 1 && again.err.contains("is not empty"), "{again:?}");
    let over = site.run("heldout.toml", &["admin", "restore", backup]);
    assert!(over.code == 1 && over.err.contains("there is a database already"), "{over:?}");
    let restored = site.run("elsewhere.toml", &["admin", "restore", backup]);
    assert_eq!(restored.code, 0, "{restored:?}");
    let verified_there = site.run("elsewhere.toml", &["admin", "verify"]);
    assert_eq!(verified_there.out, verified.out);

    // A byte that changed is found, by the check and by a restore.
    let artifact = first_file(&site.path("elsewhere/artifacts/sha256"));
    std::fs::remove_file(&artifact).unwrap();
    std::fs::write(&artifact, "other").unwrap();
    let found = site.run("elsewhere.toml", &["admin", "verify"]);
    assert!(found.code == 1 && found.out.ends_with("1 thing is wrong\n"), "{found:?}");
    let artifact = first_file(&site.path("backup/artifacts/sha256"));
    std::fs::remove_file(&artifact).unwrap();
    std::fs::write(&artifact, "other").unwrap();
    std::fs::remove_dir_all(site.path("elsewhere")).unwrap();
    let refused = site.run("elsewhere.toml", &["admin", "restore", backup]);
    assert!(refused.code == 1 && refused.err.contains("is not as it was written"), "{refused:?}");
    assert!(!site.path("elsewhere/heldout.db").exists(), "everything is checked before anything is written");
}

fn first_file(folder: &Path) -> PathBuf {
    let first = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).min().unwrap();
    if first.is_dir() { first_file(&first) } else { first }
}

#[test]
fn a_wrong_password_is_told_as_such() {
    let site = Site::start();
    site.person("ada", "member");
    let how = Login::Password { email: Some("ada@example.org".into()), token_name: "test".into() };
    let (outcome, _) = site.ask("other", "not the password\n", |client| login(client, how));
    let refusal = outcome.unwrap_err().to_string();
    assert!(!refusal.contains("sign in with"), "{refusal}");
    assert!(!site.path("other/credentials.toml").exists());
    let (outcome, _) = site.ask("other", "", |client| login(client, Login::Token("hoa_wrong".into())));
    assert!(matches!(outcome, Err(ClientError::NotSignedIn { .. })), "{outcome:?}");
}

#[test]
fn tables_of_activities_are_imported_and_listed() {
    let site = Site::start();
    site.person("ada", "member");
    let table = site.write("mine.csv", "code,title\ncooking,Cooking\n");
    let said = [
        ("name", Some("mine")),
        ("version", Some("1.0")),
        ("title", Some("My list")),
        ("source", Some("A & B")),
    ];
    let brought = |file: &Path| site.ask("ada", "", |client| import(client, "/taxonomies", &said, file));
    let (outcome, out) = brought(&table);
    outcome.unwrap();
    assert!(out.starts_with("on record as "), "{out}");
    let (outcome, out) =
        site.ask("nobody", "", |client| list(client, "/taxonomies", &["name", "version", "source"]));
    outcome.unwrap();
    assert!(out.contains("mine") && out.contains("A & B"), "{out}");

    // What is wrong is told with its line, and nothing is recorded.
    let wrong = site.write("wrong.csv", "code,title,parent\ncooking,Cooking,fod\n");
    let (refused, _) = brought(&wrong);
    assert!(format!("{:?}", refused.unwrap_err()).contains("line 2"));
}
