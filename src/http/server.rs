//! The server: every route and every layer in their places, on a listener that somebody else opened.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server as ActixServer, ServerHandle};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as ActixApp, HttpServer, web};
use app::App;
use domain::Digest;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi as Document;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt as _, scope};

use crate::api;
use crate::api::leaderboards::BoardCache;
use crate::api::operations::Gauges;
use crate::evalai;
use crate::extract::{self, RateLimits};
use crate::metrics::{Metrics, MetricsPage};
use crate::middleware::cross_site::refuse_cross_site;
use crate::middleware::edge::{self, Edge};
use crate::middleware::patience::lose_patience;
use crate::openapi;
use crate::pages;
use crate::problem::no_route;

/// How long a connection without a request stays open.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long a client may take to close its side.
const DISCONNECT: Duration = Duration::from_secs(5);

mod operations;

pub use operations::build_operations;

/// What a server is made of.
pub struct Parts {
    /// The stores and settings of the process.
    pub app: Arc<App>,
    /// Where requests are counted; a worker in the same process registers its own measurements there.
    pub metrics: Metrics,
    /// The digest of the token that `/metrics` asks for, if any.
    pub metrics_token: Option<Digest>,
}

/// A server that listens already and answers once it is run.
pub struct Server {
    running: ActixServer,
    address: SocketAddr,
}

/// Puts a server on a listener.
pub fn build(parts: Parts, listener: TcpListener) -> io::Result<Server> {
    let address = listener.local_addr()?;
    let edge = Arc::new(edge_of(&parts));
    let Parts { app, metrics, metrics_token } = parts;
    let settings = app.settings.server.clone();
    let gauges = Gauges::new(metrics.registry()).map_err(io::Error::other)?;
    let shared = Shared {
        gauges: web::Data::new(gauges),
        page: web::Data::new(MetricsPage { metrics, token: metrics_token }),
        limits: web::Data::new(RateLimits::new(&app.settings.limits)),
        boards: web::Data::new(BoardCache::default()),
        app: web::Data::from(Arc::clone(&app)),
    };
    // Written out once, although every thread has its own routes.
    let document = openapi::write(&document()).map_err(io::Error::other)?;
    let evalai_document = openapi::write(&evalai_document()).map_err(io::Error::other)?;
    let (public_url, body_bytes) = (settings.public_url.clone(), settings.body_bytes);
    let mut server = HttpServer::new(move || {
        let (edge, public_url) = (Arc::clone(&edge), public_url.clone());
        let (shared, document, evalai_document) = (shared.clone(), document.clone(), evalai_document.clone());
        ActixApp::new()
            .configure(extract::configure(body_bytes))
            .configure(move |config| shared.hand_to(config))
            .into_utoipa_app()
            .configure(routes)
            .configure(evalai::configure)
            .into_app()
            .service(openapi::service("/openapi.json", document))
            .service(openapi::service("/openapi-evalai.json", evalai_document))
            .configure(pages::configure)
            .default_service(web::to(no_route))
            .wrap(from_fn(lose_patience))
            .wrap(from_fn(move |request, next| refuse_cross_site(public_url.clone(), request, next)))
            .wrap(Compress::default())
            .wrap(from_fn(evalai::normalize))
            .wrap(from_fn(move |request, next| edge::handle(Arc::clone(&edge), request, next)))
    })
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(Duration::from_secs(settings.request_seconds))
    .client_disconnect_timeout(DISCONNECT)
    .shutdown_timeout(settings.shutdown_seconds)
    .disable_signals();
    if settings.workers > 0 {
        server = server.workers(settings.workers);
    }
    Ok(Server { running: server.listen(listener)?.run(), address })
}

/// The outermost layer of a server.
fn edge_of(parts: &Parts) -> Edge {
    let settings = &parts.app.settings.server;
    Edge {
        sources: parts.app.sources.clone(),
        metrics: parts.metrics.clone(),
        trusted_proxies: settings.trusted_proxies.clone(),
        https: settings.public_url.is_https(),
        problem_page: pages::problem_page,
    }
}

impl Server {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `shutdown` completes, and then until those that were begun are answered.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let handle: ServerHandle = self.running.handle();
        let mut running = tokio::spawn(self.running);
        tokio::select! {
            ended = &mut running => return ended.map_err(io::Error::other)?,
            () = shutdown => {}
        }
        handle.stop(true).await;
        running.await.map_err(io::Error::other)?
    }
}

/// What handlers share.
#[derive(Clone)]
struct Shared {
    app: web::Data<App>,
    limits: web::Data<RateLimits>,
    boards: web::Data<BoardCache>,
    page: web::Data<MetricsPage>,
    gauges: web::Data<Gauges>,
}

impl Shared {
    fn hand_to(self, config: &mut web::ServiceConfig) {
        config
            .app_data(self.app)
            .app_data(self.limits)
            .app_data(self.boards)
            .app_data(self.page)
            .app_data(self.gauges);
    }
}

/// Every documented route of our own API.
fn routes(config: &mut ServiceConfig<'_>) {
    config.configure(api::operations::configure).service(api::accounts::show_key_set).service(
        scope::scope("/api/v1")
            // Routes are tried in this order, and boards are read most.
            .configure(api::leaderboards::configure)
            .configure(api::accounts::configure)
            .configure(api::series::configure)
            .configure(api::challenges::configure)
            .configure(api::announcements::configure)
            .configure(api::pauses::configure)
            .configure(api::webhooks::configure)
            .configure(api::phases::configure)
            .configure(api::annotations::configure)
            .configure(api::trials::configure)
            .configure(api::framings::configure)
            .configure(api::activities::configure)
            .configure(api::contestations::configure)
            .configure(api::datasets::configure)
            .configure(api::teams::configure)
            .configure(api::evaluators::configure)
            .configure(api::submissions::configure)
            .configure(api::uploads::configure)
            .configure(api::results::configure)
            .configure(api::integrity::configure)
            .configure(api::participation::configure)
            .configure(api::figures::configure)
            .configure(api::admin::configure),
    );
}

/// The description of every documented route.
pub fn document() -> Document {
    let app = ActixApp::new().into_utoipa_app().openapi(openapi::Frame::openapi());
    openapi::complete(app.configure(routes).split_for_parts().1)
}

/// The description of the routes for clients of EvalAI.
pub fn evalai_document() -> Document {
    let app = ActixApp::new().into_utoipa_app().openapi(evalai::Frame::openapi());
    openapi::with_default(app.configure(evalai::configure).split_for_parts().1, evalai::any_refusal)
}

#[cfg(test)]
mod tests;
