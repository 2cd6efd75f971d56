//! The little server of a process that only works: health, readiness and measurements, and nothing else.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::{App as ActixApp, HttpServer, web};
use utoipa_actix_web::AppExt as _;

use super::{DISCONNECT, KEEP_ALIVE, Parts, Server, edge_of};
use crate::api;
use crate::api::operations::Gauges;
use crate::extract;
use crate::metrics::MetricsPage;
use crate::middleware::edge;
use crate::problem::no_route;

/// Puts the routes for operators on a listener; everything else is not found there.
pub fn build_operations(parts: Parts, listener: TcpListener) -> io::Result<Server> {
    let address = listener.local_addr()?;
    let edge = Arc::new(edge_of(&parts));
    let Parts { app, metrics, metrics_token } = parts;
    let gauges = web::Data::new(Gauges::new(metrics.registry()).map_err(io::Error::other)?);
    let page = web::Data::new(MetricsPage { metrics, token: metrics_token });
    let (body_bytes, shutdown_seconds) =
        (app.settings.server.body_bytes, app.settings.server.shutdown_seconds);
    let app = web::Data::from(app);
    let server = HttpServer::new(move || {
        let edge = Arc::clone(&edge);
        ActixApp::new()
            .configure(extract::configure(body_bytes))
            .app_data(app.clone())
            .app_data(gauges.clone())
            .app_data(page.clone())
            .into_utoipa_app()
            .configure(api::operations::configure)
            .into_app()
            .default_service(web::to(no_route))
            .wrap(from_fn(move |request, next| edge::handle(Arc::clone(&edge), request, next)))
    })
    .workers(1)
    .keep_alive(KEEP_ALIVE)
    .client_disconnect_timeout(DISCONNECT)
    .shutdown_timeout(shutdown_seconds)
    .disable_signals();
    Ok(Server { running: server.listen(listener)?.run(), address })
}
