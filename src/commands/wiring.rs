//! The composition root: from a configuration to an application, its log and its runtime.

mod stores;

use std::sync::Arc;

use anyhow::Context as _;
use app::App;
use app::identity::{AccessTokens, LinkSigner, Passwords, RecordSigner};
use app::leaderboards::Reweigher;
use app::mail::Mailer;
use app::phases::PreparedCache;
use app::settings::{LogFormat, LogSettings, ProgramSettings};
use app::submissions::check::FileChecks;
use app::webhooks::WebhookSecrets;
use client::{Client, ClientError, Environment, Terminal};
use domain::Sources;
use registry::Registry;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;
use worker::Programs;

use crate::config::{self, Configuration};
use crate::io::Io;
use crate::{ConfigArgs, ServerArgs, memory, sources};

pub use stores::{artifact_folder, open_annotations, open_artifacts, open_database};

/// Reads the configuration of this process.
pub fn load(args: ConfigArgs) -> anyhow::Result<Configuration> {
    Ok(config::load(config::file_to_read(args.config).as_deref(), config::process_environment())?)
}

/// Opens everything that use cases work with. Blocks while the database is migrated.
pub fn open(configuration: &Configuration) -> anyhow::Result<Arc<App>> {
    open_with(configuration, sources::system())
}

/// The same with other sources, such as a clock that runs behind.
pub fn open_with(configuration: &Configuration, sources: Sources) -> anyhow::Result<Arc<App>> {
    let settings = &configuration.settings;
    let master = config::master_key(&settings.secrets.master_key_file, sources.entropy.as_ref())?;
    let access_tokens = AccessTokens::new(
        &master,
        settings.secrets.generation,
        settings.server.public_url.as_str(),
        settings.accounts.access_token_seconds,
    )?;
    let artifacts = open_artifacts(configuration)?;
    Ok(Arc::new(App {
        db: open_database(settings)?,
        annotations: open_annotations(configuration, &artifacts)?,
        artifacts,
        passwords: Passwords::new(settings.accounts.password_hashes_at_once)?,
        access_tokens,
        records: RecordSigner::new(&master)?,
        links: LinkSigner::new(&master, settings.secrets.generation),
        webhooks: WebhookSecrets::new(&master, settings.secrets.generation),
        evaluators: Arc::new(Registry::of_server()),
        prepared: Arc::new(PreparedCache::new(settings.worker.cached_annotations)),
        reweigher: Reweigher::default(),
        checks: FileChecks::new(memory::held_by_this_thread),
        job_queued: Arc::default(),
        settings: settings.clone(),
        sources,
    }))
}

/// What runs the programs of organizers: this program again, for the steps that are processes of their own.
pub fn programs(settings: &ProgramSettings) -> Arc<Programs> {
    let child = std::env::current_exe().unwrap_or_default();
    let programs = Programs::open(settings, child, vec![SANDBOX_COMMAND.to_owned()]);
    match programs.describe() {
        Ok(confinement) => tracing::info!(%confinement, "programs of organizers are run in a sandbox"),
        Err(why) => tracing::warn!(%why, "programs of organizers are not run here"),
    }
    Arc::new(programs)
}

/// The hidden subcommand that is a step of a run in the sandbox.
pub const SANDBOX_COMMAND: &str = "sandbox-step";

/// What sends mail.
pub fn mailer(configuration: &Configuration) -> anyhow::Result<Mailer> {
    let password = configuration.secret("mail.smtp.password_file").map(str::to_owned);
    Mailer::new(&configuration.settings.mail, password).context("mail cannot be sent with these settings")
}

/// The threads on which a server, a worker or an admin command runs.
pub fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start threads")
}

/// Writes the log of this process to standard error.
pub fn start_log(settings: &LogSettings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.level).context("log.level is no filter")?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match settings.format {
        LogFormat::Json => log.json().flatten_event(true).try_init(),
        LogFormat::Text => log.with_ansi(false).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("the log cannot be started: {error}"))
}

/// Runs a command of the client with what this process has.
pub fn with_client<T>(
    server: &ServerArgs,
    io: &mut Io<'_>,
    work: impl FnOnce(&mut Client<'_>) -> Result<T, ClientError>,
) -> Result<T, ClientError> {
    let environment = Environment::from_variables(config::process_environment());
    let sources = sources::system();
    let mut client = Client {
        environment: &environment,
        server: server.server.as_deref(),
        entropy: sources.entropy.as_ref(),
        terminal: Terminal { input: io.input, out: io.out, err: io.err, attended: io.attended },
    };
    work(&mut client)
}

/// Cancels `stop` at the first SIGTERM or SIGINT; a second one ends the process at once.
pub fn stop_on_signal(stop: &CancellationToken) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = stop.clone();
    tokio::spawn(async move {
        for again in [false, true] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if again {
                std::process::exit(130);
            }
            tracing::info!("asked to stop; running requests and evaluations come to their end");
            stop.cancel();
        }
    });
    Ok(())
}

/// How a worker calls itself in the record of attempts: its process, and a few letters that no other has.
pub fn worker_name(sources: &Sources) -> String {
    format!("{}-{}", std::process::id(), hex::encode(sources.random::<4>()))
}
