//! A whole site in this process: a server on a listener, its workers, and the way to stop them.

use std::net::TcpListener;
use std::sync::Arc;

use anyhow::Context as _;
use app::App;
use domain::Sources;
use http_server::metrics::Metrics;
use http_server::server::{Parts, build};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config::Configuration;
use crate::serve::start_workers;
use crate::wiring;

/// A running site.
pub(crate) struct Site {
    app: Arc<App>,
    stop: CancellationToken,
    server: JoinHandle<std::io::Result<()>>,
    workers: Option<JoinHandle<()>>,
}

impl Site {
    /// Starts a site with those sources; it runs until it is stopped or `stop` is cancelled.
    pub(crate) fn start(
        configuration: &Configuration,
        sources: Sources,
        listener: TcpListener,
        stop: CancellationToken,
    ) -> anyhow::Result<Self> {
        let app = wiring::open_with(configuration, sources)?;
        let metrics = Metrics::new()?;
        let workers = start_workers(configuration, &app, &metrics, stop.clone())?;
        let server = build(Parts { app: Arc::clone(&app), metrics, metrics_token: None }, listener)?;
        let server = tokio::spawn(server.run_until(stop.clone().cancelled_owned()));
        Ok(Self { app, stop, server, workers })
    }

    /// Its insides.
    pub(crate) fn app(&self) -> Arc<App> {
        Arc::clone(&self.app)
    }

    /// Stops it; what has begun comes to its end.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.until_stopped().await
    }

    /// Waits until it has been stopped.
    pub(crate) async fn until_stopped(self) -> anyhow::Result<()> {
        self.server.await?.context("the server ended")?;
        if let Some(workers) = self.workers {
            workers.await?;
        }
        self.app.db.close().await;
        Ok(())
    }
}
