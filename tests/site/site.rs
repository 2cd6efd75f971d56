//! A site of the real binary: a server and perhaps a worker, with HTTP as the only way in.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_support::TestDatabase;

/// How long a server may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A folder with a configuration, and the processes that run on it.
pub(crate) struct Site {
    folder: tempfile::TempDir,
    database: TestDatabase,
    port: u16,
    worker_threads: u32,
    settings: Vec<(&'static str, String)>,
    server: Mutex<Option<Child>>,
    worker: Mutex<Option<Child>>,
    agent: ureq::Agent,
}

/// What a request was answered with.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) text: String,
}

/// A multipart part: its field, its file name, its bytes.
pub(crate) type Part<'a> = (&'a str, &'a str, &'a [u8]);

impl Site {
    /// A site whose server also evaluates.
    pub(crate) fn start(database: TestDatabase) -> Self {
        let site = Self::prepare(database, 1);
        site.start_server();
        site.wait_until_ready();
        site
    }

    /// A site that is not started yet; with no worker threads a worker process of its own is needed.
    pub(crate) fn prepare(database: TestDatabase, worker_threads: u32) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        let folder = tempfile::tempdir().unwrap();
        let (server, worker) = (Mutex::default(), Mutex::default());
        Self { folder, database, port, worker_threads, settings: Vec::new(), server, worker, agent }
    }

    /// The same site with a setting, as the environment names it.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.settings.push((name, value.into()));
        self
    }

    /// The binary with the site's configuration.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_heldout"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("HELDOUT_SERVER__LISTEN", format!("127.0.0.1:{}", self.port))
            .env("HELDOUT_SERVER__PUBLIC_URL", self.url(""))
            .env("HELDOUT_SERVER__WORKERS", "2")
            .env("HELDOUT_DATABASE__URL", self.database.url())
            .env("HELDOUT_WORKER__THREADS", self.worker_threads.to_string())
            .env("HELDOUT_WORKER__LEASE_SECONDS", "3")
            .env("HELDOUT_WORKER__HEARTBEAT_SECONDS", "1")
            .env("HELDOUT_WORKER__POLL_MILLISECONDS", "50")
            .env("HELDOUT_WORKER__ATTEMPTS", "50")
            .env("HELDOUT_LIMITS__WRITE_PER_MINUTE", "1000000")
            .env("HELDOUT_LIMITS__READ_PER_MINUTE", "1000000")
            .env("HELDOUT_LIMITS__SIGN_IN_PER_MINUTE", "1000000")
            .env("HELDOUT_LOG__LEVEL", "warn")
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Starts the server; one that still runs is killed first.
    pub(crate) fn start_server(&self) {
        self.kill_server();
        self.start_process(&self.server, "serve");
    }

    /// Starts a worker process; one that still runs is killed first.
    pub(crate) fn start_worker(&self) {
        self.kill_worker();
        let mut worker = self.worker.lock().unwrap();
        let log =
            std::fs::OpenOptions::new().create(true).append(true).open(self.path("worker.log")).unwrap();
        let mut command = self.command(&["worker"]);
        command.env("HELDOUT_WORKER__THREADS", "2").stdout(Stdio::null()).stderr(log);
        *worker = Some(command.spawn().unwrap());
    }

    fn start_process(&self, place: &Mutex<Option<Child>>, verb: &str) {
        let log =
            std::fs::OpenOptions::new().create(true).append(true).open(self.path("server.log")).unwrap();
        let mut command = self.command(&[verb]);
        *place.lock().unwrap() = Some(command.stdout(Stdio::null()).stderr(log).spawn().unwrap());
    }

    /// SIGKILL: the process gets no chance to tidy up.
    pub(crate) fn kill_server(&self) {
        kill(&self.server);
    }

    /// The same for the worker process.
    pub(crate) fn kill_worker(&self) {
        kill(&self.worker);
    }

    /// Runs SQL past the server, as somebody else with the database does (PostgreSQL only).
    pub(crate) fn psql(&self, sql: &str) -> String {
        self.database.psql(sql)
    }

    /// A file in the site's folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn wait_until_ready(&self) {
        let begun = Instant::now();
        while begun.elapsed() < START_LIMIT {
            if self.agent.get(self.url("/ready")).call().is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the server did not become ready\n{}", self.log());
    }

    /// The port that the server listens on.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The resident memory of the server process.
    pub(crate) fn server_memory_mib(&self) -> f64 {
        let id = self.server.lock().unwrap().as_ref().map(Child::id).unwrap();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
    }

    /// What the server has logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("server.log")).unwrap_or_default()
    }

    /// Runs a command of the binary to its end; its standard output.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{arguments:?}: {}\n{out}\n{err}", output.status);
        out.into_owned()
    }

    /// Makes an account and a token with every scope that its role may hold.
    pub(crate) fn person(&self, email: &str, role: &str) -> String {
        self.run(&["admin", "user", "create", email, "--name", email, "--role", role]);
        let scopes = if role == "admin" { "read,submit,organize,admin" } else { "read,submit,organize" };
        let printed = self.run(&["admin", "token", "create", email, "--name", "test", "--scopes", scopes]);
        let token = printed.split_whitespace().find(|word| word.starts_with("hoa_"));
        token.unwrap_or_else(|| panic!("no token in {printed:?}")).to_owned()
    }

    pub(crate) fn get(&self, token: &str, path: &str) -> Answer {
        self.try_get(token, path).unwrap()
    }

    pub(crate) fn try_get(&self, token: &str, path: &str) -> Result<Answer, ureq::Error> {
        let mut request = self.agent.get(self.url(path));
        if !token.is_empty() {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        Answer::of(request.call()?)
    }

    pub(crate) fn post(&self, token: &str, path: &str, body: &Value) -> Answer {
        let request = self.agent.post(self.url(path)).header("Authorization", format!("Bearer {token}"));
        Answer::of(request.content_type("application/json").send(body.to_string()).unwrap()).unwrap()
    }

    /// Any request, with a JSON body unless it is empty; without a credential when the token is empty.
    pub(crate) fn call(&self, method: &str, token: &str, path: &str, body: &str) -> Answer {
        let mut request = ureq::http::Request::builder().method(method).uri(self.url(path));
        request = request.header("Tus-Resumable", "1.0.0");
        if !token.is_empty() {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if !body.is_empty() {
            let is_piece = method == "PATCH" && path.contains("/uploads/");
            let content_type = if is_piece { "application/offset+octet-stream" } else { "application/json" };
            request = request.header("Content-Type", content_type).header("Upload-Offset", "0");
        }
        Answer::of(self.agent.run(request.body(body.to_owned()).unwrap()).unwrap()).unwrap()
    }

    /// A post that must succeed.
    pub(crate) fn make(&self, token: &str, path: &str, body: &Value) -> Value {
        let answer = self.post(token, path, body);
        assert!((200..300).contains(&answer.status), "POST {path}: {answer:?}\n{}", self.log());
        answer.body
    }

    pub(crate) fn post_parts(&self, token: &str, path: &str, parts: &[Part<'_>]) -> Answer {
        const BOUNDARY: &str = "----a-boundary-that-no-file-holds";
        let mut body = Vec::new();
        for (field, file_name, bytes) in parts {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file_name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let request = self.agent.post(self.url(path)).header("Authorization", format!("Bearer {token}"));
        let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
        Answer::of(request.content_type(content_type).send(body).unwrap()).unwrap()
    }

    /// Sends a file as the body of a request, under a key.
    pub(crate) fn submit(
        &self,
        token: &str,
        phase: &str,
        file_name: &str,
        bytes: &[u8],
        key: Option<&str>,
    ) -> Result<Answer, ureq::Error> {
        let url = self.url(&format!("/api/v1/{phase}/submissions?file_name={file_name}"));
        let mut request = self.agent.post(url).header("Authorization", format!("Bearer {token}"));
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        Answer::of(request.content_type("application/octet-stream").send(bytes)?)
    }

    /// A published challenge with one phase and its annotations; the path of the phase under `/api/v1/`.
    pub(crate) fn challenge(
        &self,
        organizer: &str,
        slug: &str,
        phase: &Value,
        tables: &[Part<'_>],
    ) -> String {
        let challenge = json!({"slug": slug, "title": format!("The {slug} challenge")});
        self.make(organizer, "/api/v1/challenges", &challenge);
        self.make(organizer, &format!("/api/v1/challenges/{slug}/phases"), phase);
        let codename = phase["codename"].as_str().unwrap();
        let path = format!("challenges/{slug}/phases/{codename}");
        let uploaded = self.post_parts(organizer, &format!("/api/v1/{path}/annotations"), tables);
        assert_eq!(uploaded.status, 201, "{uploaded:?}\n{}", self.log());
        self.make(organizer, &format!("/api/v1/challenges/{slug}/publish"), &json!({}));
        path
    }

    /// A published challenge about labels with everything public; the path of its phase.
    pub(crate) fn labels(&self, organizer: &str, slug: &str, truth: &[u8]) -> String {
        self.challenge(organizer, slug, &open_phase("classification_label"), &[("main", "truth.csv", truth)])
    }

    /// Registers a person for a challenge and forms a team of one.
    pub(crate) fn enter(&self, token: &str, slug: &str, team: &str) {
        self.make(token, &format!("/api/v1/challenges/{slug}/registration"), &json!({}));
        self.make(token, &format!("/api/v1/challenges/{slug}/teams"), &json!({"name": team}));
    }

    /// Waits until a submission has reached its end.
    pub(crate) fn finished(&self, token: &str, id: &str) -> Value {
        let begun = Instant::now();
        loop {
            if let Ok(answer) = self.try_get(token, &format!("/api/v1/submissions/{id}"))
                && answer.status == 200
            {
                let state = answer.body["state"].as_str().unwrap_or_default();
                if ["scored", "invalid", "failed", "cancelled"].contains(&state) {
                    return answer.body;
                }
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{id} is stuck\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Lines of an administrator's export.
    pub(crate) fn export(&self, token: &str, kind: &str) -> Vec<Value> {
        let answer = self.get(token, &format!("/api/v1/admin/export?kind={kind}"));
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.kill_server();
        self.kill_worker();
    }
}

impl Answer {
    fn of(mut response: ureq::http::Response<ureq::Body>) -> Result<Self, ureq::Error> {
        let status = response.status().as_u16();
        let text = response.body_mut().with_config().limit(1 << 30).read_to_string()?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Self { status, body, text })
    }
}

fn kill(place: &Mutex<Option<Child>>) {
    if let Some(mut child) = place.lock().unwrap().take() {
        let _ = child.kill();
        child.wait().unwrap();
    }
}

/// A phase that is open, with one public split of all items.
pub(crate) fn open_phase(evaluator: &str) -> Value {
    json!({
        "codename": "test", "title": "Test", "evaluator": evaluator,
        "opens_at": "2020-01-01T00:00:00Z",
        "framing": serde_json::from_str::<Value>(test_support::FRAMING).unwrap(),
        "splits": [{"codename": "all", "visibility": "public", "rule": {"by": "all"}}],
    })
}

/// A file below the shared folder.
pub(crate) fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
