//! `heldout serve`: the server, with its workers in the same process.

use std::net::TcpListener;
use std::sync::Arc;

use ::worker::Worker;
use anyhow::Context as _;
use app::App;
use domain::Digest;
use http_server::metrics::Metrics;
use http_server::server::{Parts, Server, build};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config::Configuration;
use crate::io::Io;
use crate::{ConfigArgs, memory, wiring};

/// Serves until a signal to stop; what was begun is finished or given back.
pub fn run(args: ConfigArgs, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let configuration = wiring::load(args)?;
    wiring::start_log(&configuration.settings.log)?;
    let app = wiring::open(&configuration)?;
    wiring::runtime()?.block_on(async {
        let stop = CancellationToken::new();
        wiring::stop_on_signal(&stop)?;
        let metrics = Metrics::new()?;
        let server = listen(&configuration, Arc::clone(&app), metrics.clone())?;
        let workers = start_workers(&configuration, &app, &metrics, stop.clone())?;
        // Programs wait for this line: from now on requests are answered.
        writeln!(io.out, "listening on http://{}", server.address())?;
        io.out.flush()?;
        server.run_until(stop.clone().cancelled_owned()).await?;
        // The server may also have ended by itself.
        stop.cancel();
        if let Some(workers) = workers {
            workers.await?;
        }
        app.db.close().await;
        Ok(0)
    })
}

/// Opens the port and puts the server on it.
fn listen(configuration: &Configuration, app: Arc<App>, metrics: Metrics) -> anyhow::Result<Server> {
    let address = configuration.settings.server.listen;
    let listener = TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
    let metrics_token = configuration.secret("metrics.token_file").map(|token| Digest::of(token.as_bytes()));
    Ok(build(Parts { app, metrics, metrics_token }, listener)?)
}

/// Starts the workers of this process, unless all work is left to others.
pub(crate) fn start_workers(
    configuration: &Configuration,
    app: &Arc<App>,
    metrics: &Metrics,
    stop: CancellationToken,
) -> anyhow::Result<Option<JoinHandle<()>>> {
    if configuration.settings.worker.threads == 0 {
        return Ok(None);
    }
    let (mailer, name) = (wiring::mailer(configuration)?, wiring::worker_name(&app.sources));
    let metrics = metrics.clone();
    let observer = move |evaluator: &str, outcome: &'static str, seconds: f64| {
        metrics.observe_evaluation(evaluator, outcome, seconds);
    };
    let worker = Worker::new(Arc::clone(app), mailer, name, Arc::new(observer), memory::held_by_this_thread)
        .with_programs(wiring::programs(&configuration.settings.programs));
    Ok(Some(tokio::spawn(worker.run(stop))))
}
