//! The server under test.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use app::App;
use app::identity::{AccessTokens, LinkSigner, MasterKey, Passwords, RecordSigner};
use app::leaderboards::Reweigher;
use app::mail::Mailer;
use app::phases::PreparedCache;
use app::settings::Settings;
use app::submissions::check::FileChecks;
use app::webhooks::WebhookSecrets;
use domain::{Digest, EmailAddress, PersonName, SessionId, SiteRole, Sources, UserId};
use http_server::metrics::Metrics;
use http_server::server::{Parts, build};
use registry::Registry;
use storage::accounts::SessionKind;
use storage::accounts::sessions::{self, NewSession};
use storage::accounts::users::{self, NewUser};
use storage::{BlobConfig, Blobs, DatabaseConfig, Db, StoreError};
use test_support::TestDatabase;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use worker::Worker;

use crate::client::Client;
use crate::sources::{TestClock, TestEntropy};

/// What a test wants to be otherwise.
pub struct ServerOptions {
    /// Whether a worker runs in the process.
    pub has_worker: bool,
    /// Changes the settings.
    pub settings: fn(&mut Settings),
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self { has_worker: true, settings: |_| {} }
    }
}

/// A running server; dropping it stops it and removes what it has stored.
pub struct TestServer {
    /// Its stores and settings.
    pub app: Arc<App>,
    /// Its clock.
    pub clock: TestClock,
    address: SocketAddr,
    stop: CancellationToken,
    tasks: Mutex<Vec<JoinHandle<()>>>,
    runtime: Option<Runtime>,
    _folder: tempfile::TempDir,
    _database: TestDatabase,
}

impl TestServer {
    /// Starts a server with a worker on that database.
    pub fn start(database: TestDatabase) -> Self {
        Self::start_with(database, ServerOptions::default())
    }

    /// Starts a server that is otherwise in something.
    pub fn start_with(database: TestDatabase, options: ServerOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = TestClock::default();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut settings: Settings = toml::from_str(include_str!("../../src/commands/heldout.toml")).unwrap();
        settings.server.workers = 2;
        settings.server.public_url = app::settings::PublicUrl::parse(&format!("http://{address}")).unwrap();
        settings.limits.read_per_minute = 0;
        settings.limits.write_per_minute = 0;
        settings.limits.sign_in_per_minute = 0;
        settings.limits.check_per_minute = 0;
        // Tests put the clock forward by days and go on with the tokens and uploads that they have.
        settings.accounts.access_token_seconds = 30 * 86_400;
        settings.limits.upload_expiry_seconds = 7 * 86_400;
        settings.mail.folder = folder.path().join("mail");
        settings.worker.threads = 1;
        // What is told in tests is told on this machine.
        settings.webhooks.allow_private = true;
        settings.worker.poll_milliseconds = 20;
        (options.settings)(&mut settings);

        let sources = Sources { clock: Arc::new(clock.clone()), entropy: Arc::new(TestEntropy) };
        let master = MasterKey::new(sources.random());
        let artifacts = Blobs::open(&BlobConfig::Folder(folder.path().join("artifacts"))).unwrap();
        let mailer = Mailer::new(&settings.mail, None).unwrap();
        let lifetime = settings.accounts.access_token_seconds;
        let app = Arc::new(App {
            db: Db::open(&DatabaseConfig::new(database.url()).unwrap()).unwrap(),
            annotations: artifacts.clone(),
            artifacts,
            passwords: Passwords::new(1).unwrap(),
            access_tokens: AccessTokens::new(&master, 1, settings.server.public_url.as_str(), lifetime)
                .unwrap(),
            records: RecordSigner::new(&master).unwrap(),
            links: LinkSigner::new(&master, 1),
            webhooks: WebhookSecrets::new(&master, 1),
            evaluators: Arc::new(Registry::of_server()),
            prepared: Arc::new(PreparedCache::new(settings.worker.cached_annotations)),
            reweigher: Reweigher::default(),
            checks: FileChecks::new(|| 0),
            job_queued: Arc::new(Notify::new()),
            sources,
            settings,
        });

        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let stop = CancellationToken::new();
        let _entered = runtime.enter();
        let metrics = Metrics::new().unwrap();
        let parts = Parts { app: Arc::clone(&app), metrics: metrics.clone(), metrics_token: None };
        let server = build(parts, listener).unwrap();
        let stopped = stop.clone();
        let mut tasks = vec![tokio::spawn(async move {
            server.run_until(stopped.cancelled_owned()).await.unwrap();
        })];
        if options.has_worker {
            let observer = Arc::new(move |evaluator: &str, outcome: &'static str, seconds: f64| {
                metrics.observe_evaluation(evaluator, outcome, seconds);
            });
            let worker = Worker::new(Arc::clone(&app), mailer, "test".to_owned(), observer, || 0);
            tasks.push(tokio::spawn(worker.run(stop.clone())));
        }
        drop(_entered);
        Self {
            app,
            clock,
            address,
            stop,
            tasks: Mutex::new(tasks),
            runtime: Some(runtime),
            _folder: folder,
            _database: database,
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The mails with this subject, once there are so many.
    pub fn mails_about(&self, subject: &str, count: usize) -> Vec<String> {
        let begun = Instant::now();
        loop {
            let files = std::fs::read_dir(&self.app.settings.mail.folder).into_iter().flatten().flatten();
            let mails = files.filter_map(|file| std::fs::read_to_string(file.path()).ok());
            let found: Vec<String> =
                mails.filter(|mail| mail.contains(&format!("Subject: {subject}\r\n"))).collect();
            if found.len() >= count {
                return found;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{} mails of {count}", found.len());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Somebody without an account.
    pub fn anonymous(&self) -> Client {
        Client::new(self.address, None)
    }

    /// Somebody with an account, made past registration: verified and signed in.
    pub fn person(&self, name: &str) -> Client {
        self.person_with_role(name, SiteRole::Member)
    }

    /// Somebody who runs the site.
    pub fn administrator(&self) -> Client {
        self.person_with_role("root", SiteRole::Admin)
    }

    /// Somebody with a role on the site.
    pub fn person_with_role(&self, name: &str, site_role: SiteRole) -> Client {
        let now = self.app.now();
        let new = NewUser {
            id: self.app.sources.new_id::<UserId>(),
            email: EmailAddress::parse(&format!("{name}@example.org")).unwrap(),
            name: PersonName::parse(name).unwrap(),
            password_hash: None,
            site_role,
            email_verified_at: Some(now),
            created_at: now,
        };
        let session = NewSession {
            id: self.app.sources.new_id::<SessionId>(),
            user: new.id,
            kind: SessionKind::Refresh,
            token: Digest(self.app.sources.random()),
            created_at: now,
            expires_at: now.plus_seconds(90 * 86_400),
        };
        let (user, session_id) = (new.id, session.id);
        self.block_on(self.app.db.write(move |conn| {
            assert!(users::insert(conn, &new)?, "a person of this name is there already");
            sessions::insert(conn, &session)?;
            Ok::<_, StoreError>(())
        }))
        .unwrap();
        let token = self.app.access_tokens.issue(&self.app.sources, user, session_id, 0).unwrap();
        Client::new(self.address, Some(token.text))
    }

    /// Runs something of the application's own.
    pub fn block_on<F: Future>(&self, work: F) -> F::Output {
        self.runtime.as_ref().unwrap().block_on(work)
    }

    /// Asks the server to stop and waits until it has.
    pub fn shut_down(&self) {
        self.stop.cancel();
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap());
        self.block_on(async {
            for task in tasks {
                task.await.unwrap();
            }
        });
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.shut_down();
        }
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
