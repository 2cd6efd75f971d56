//! `heldout worker`: evaluates for a server that runs elsewhere.

use std::net::TcpListener;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use app::App;
use app::settings::AnnotationStoreKind;
use domain::Digest;
use http_server::metrics::Metrics;
use http_server::server::{Parts, build_operations};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config::Configuration;
use crate::{ConfigArgs, serve, wiring};

pub fn run(args: ConfigArgs) -> anyhow::Result<u8> {
    let mut configuration = wiring::load(args)?;
    if configuration.settings.annotations.store == AnnotationStoreKind::Elsewhere {
        bail!("a worker needs the held-out annotations, but annotations.store is \"elsewhere\"");
    }
    let worker = &mut configuration.settings.worker;
    worker.threads = worker.threads.max(1);
    wiring::start_log(&configuration.settings.log)?;
    let app = wiring::open(&configuration)?;
    wiring::runtime()?.block_on(async {
        let stop = CancellationToken::new();
        wiring::stop_on_signal(&stop)?;
        let metrics = Metrics::new()?;
        let told = tell(&configuration, &app, &metrics, stop.clone())?;
        if let Some(worker) = serve::start_workers(&configuration, &app, &metrics, stop)? {
            worker.await?;
        }
        if let Some(told) = told {
            told.await??;
        }
        app.db.close().await;
        Ok(0)
    })
}

/// Answers for the health of this process, if the configuration names an address for it.
fn tell(
    configuration: &Configuration,
    app: &Arc<App>,
    metrics: &Metrics,
    stop: CancellationToken,
) -> anyhow::Result<Option<JoinHandle<std::io::Result<()>>>> {
    let Some(address) = configuration.settings.worker.listen else { return Ok(None) };
    let listener = TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
    let metrics_token = configuration.secret("metrics.token_file").map(|token| Digest::of(token.as_bytes()));
    let parts = Parts { app: Arc::clone(app), metrics: metrics.clone(), metrics_token };
    let server = build_operations(parts, listener)?;
    tracing::info!(worker.address = %server.address(), "health and measurements are told here");
    Ok(Some(tokio::spawn(server.run_until(stop.cancelled_owned()))))
}
