//! What operators, their machines and curious programs ask: health, readiness, measurements, problems.

use actix_web::guard::GuardContext;
use actix_web::http::header::ACCEPT;
use actix_web::{HttpRequest, HttpResponse, get, web};
use app::operations::{Part, Readiness, check_readiness, read_queue_load};
use app::{App, Failure};
use prometheus::{Gauge, IntGauge, IntGaugeVec, Opts, Registry};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::metrics::MetricsPage;
use crate::problem::{Problem, ProblemKind};

/// The routes outside `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(show_health).service(show_readiness).service(show_metrics).service(show_problem);
}

/// The process lives.
#[derive(Serialize, ToSchema)]
struct HealthView {
    /// `ok`
    status: &'static str,
    /// The version of the program.
    version: &'static str,
}

/// Show that the process lives.
#[utoipa::path(tag = "operations", responses((status = 200, description = "It lives.", body = HealthView)))]
#[get("/health")]
async fn show_health() -> HttpResponse {
    HttpResponse::Ok().json(HealthView { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// Whether the server can do its work, part by part.
#[derive(Serialize, ToSchema)]
struct ReadinessView {
    /// Whether every part is there.
    ready: bool,
    /// The database: `ready` or `unavailable`.
    database: &'static str,
    /// The artifact store.
    artifacts: &'static str,
    /// The store of held-out annotations; `elsewhere` where this server is kept away from them.
    annotations: &'static str,
}

/// Show whether the server can do its work now.
#[utoipa::path(tag = "operations", responses(
    (status = 200, description = "It can.", body = ReadinessView),
    (status = 503, description = "Something that it needs cannot be used; the log says why.", body = ReadinessView),
))]
#[get("/ready")]
async fn show_readiness(app: web::Data<App>, gauges: web::Data<Gauges>) -> HttpResponse {
    let found = check_readiness(&app).await;
    gauges.note_readiness(&found);
    let name = |part| match part {
        Part::Ready => "ready",
        Part::Unavailable => "unavailable",
        Part::Elsewhere => "elsewhere",
    };
    let view = ReadinessView {
        ready: found.is_ready(),
        database: name(found.database),
        artifacts: name(found.artifacts),
        annotations: name(found.annotations),
    };
    let mut response = if view.ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    response.json(view)
}

/// What is measured at the moment somebody asks.
pub struct Gauges {
    waiting: IntGauge,
    leased: IntGauge,
    dead: IntGauge,
    oldest_waiting: Gauge,
    oldest_lease: Gauge,
    pool_in_use: IntGauge,
    pool_idle: IntGauge,
    writes_waiting: IntGauge,
    ready: IntGaugeVec,
}

impl Gauges {
    /// Registers the gauges.
    pub fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let count = |name: &str, help: &str| -> Result<IntGauge, prometheus::Error> {
            let gauge = IntGauge::new(name, help)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok(gauge)
        };
        let seconds = |name: &str, help: &str| -> Result<Gauge, prometheus::Error> {
            let gauge = Gauge::new(name, help)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok(gauge)
        };
        let ready = IntGaugeVec::new(
            Opts::new("heldout_ready", "Whether a part could be used (1) when /ready was last asked."),
            &["part"],
        )?;
        registry.register(Box::new(ready.clone()))?;
        Ok(Self {
            ready,
            waiting: count("heldout_jobs_waiting", "Jobs that wait for a worker.")?,
            leased: count("heldout_jobs_leased", "Jobs in workers' hands.")?,
            dead: count("heldout_jobs_dead", "Jobs that were given up.")?,
            oldest_waiting: seconds(
                "heldout_jobs_oldest_waiting_seconds",
                "How long the job that has waited longest has waited.",
            )?,
            oldest_lease: seconds(
                "heldout_jobs_oldest_lease_seconds",
                "How long the job that is in a worker's hands longest has been there.",
            )?,
            pool_in_use: count("heldout_database_connections_in_use", "Connections inside a transaction.")?,
            pool_idle: count("heldout_database_connections_idle", "Open connections that wait for work.")?,
            writes_waiting: count(
                "heldout_database_writes_waiting",
                "Writes that wait for SQLite's writer.",
            )?,
        })
    }

    /// Keeps what `/ready` found: probing the stores at every scrape as well would cost twice.
    fn note_readiness(&self, found: &Readiness) {
        let parts = [
            ("database", found.database),
            ("artifacts", found.artifacts),
            ("annotations", found.annotations),
        ];
        for (name, part) in parts.into_iter().filter(|(_, part)| *part != Part::Elsewhere) {
            self.ready.with_label_values(&[name]).set(i64::from(part == Part::Ready));
        }
    }

    async fn refresh(&self, app: &App) -> Result<(), Failure> {
        let pool = app.db.pool();
        let as_gauge = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        self.pool_in_use.set(as_gauge(pool.in_use));
        self.pool_idle.set(as_gauge(pool.idle));
        self.writes_waiting.set(as_gauge(pool.writes_waiting));
        let load = read_queue_load(app).await?;
        self.waiting.set(load.waiting);
        self.leased.set(load.leased);
        self.dead.set(load.dead);
        self.oldest_waiting.set(load.oldest_waiting_seconds);
        self.oldest_lease.set(load.oldest_lease_seconds);
        Ok(())
    }
}

/// Show what is measured, in the text format of Prometheus.
#[utoipa::path(tag = "operations", security((), ("bearer" = [])), responses(
    (status = 200, description = "The measurements.", body = String, content_type = "text/plain"),
    (status = 401, description = "The token of the metrics is missing or wrong."),
    (status = 404, description = "Measurements are switched off."),
))]
#[get("/metrics")]
async fn show_metrics(
    app: web::Data<App>,
    page: web::Data<MetricsPage>,
    gauges: web::Data<Gauges>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    if !app.settings.metrics.enabled {
        return Err(Failure::not_found().into());
    }
    page.admit(&request)?;
    // The queue is not known while the database is away; everything else still is.
    if let Err(failure) = gauges.refresh(&app).await {
        tracing::warn!(failure = ?failure, "the queue could not be measured");
    }
    page.show()
}

/// Explain a kind of problem; a browser gets a page instead.
#[utoipa::path(tag = "operations",
    params(("code" = String, Path, description = "Its code.")),
    responses(
        (status = 200, description = "What it means and what to do.", body = ProblemKind),
        (status = 404, description = "There is no such kind."),
))]
#[get("/problems/{code}", guard = "is_for_programs")]
async fn show_problem(code: web::Path<String>) -> Result<HttpResponse, Problem> {
    let kind = ProblemKind::of(&code).ok_or_else(Failure::not_found)?;
    Ok(HttpResponse::Ok().insert_header(("Vary", "Accept")).json(kind))
}

fn is_for_programs(request: &GuardContext<'_>) -> bool {
    let accept = request.head().headers().get(ACCEPT).and_then(|value| value.to_str().ok());
    !accept.is_some_and(|accept| accept.contains("text/html"))
}
