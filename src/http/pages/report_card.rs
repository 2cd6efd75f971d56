//! The report card of a challenge: on one page, for paper too, what each phase counts, who decided that, and who took part.
//!
//! It holds nothing that other pages do not show; it is here so that a challenge can be read, printed and cited as a whole.

use actix_web::{HttpResponse, web};
use app::App;
use app::challenges::detail::read_challenge;
use app::framing::{label_of, list_framings};
use app::participation::figures::{FIGURES, read_figures};
use app::participation::snapshot::latest_snapshot;
use app::phases::list_phases;
use askama::Template;

use super::addresses;
use super::chrome::{Chrome, Identity, page};
use super::figures::FigureView;
use super::format::Moment;
use super::framing::facts;
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.route("/challenges/{challenge}/report-card", web::get().to(show_report_card));
}

#[derive(Template)]
#[template(path = "report_card.html")]
struct ReportCardPage {
    chrome: Chrome,
    title: String,
    summary: String,
    address: String,
    /// How the page is cited, with everything that it depends on.
    citation: String,
    phases: Vec<PhaseCard>,
    snapshot: Option<SnapshotCard>,
    /// The figures that have something to show.
    figures: Vec<FigureView>,
    /// The titles of those that may not be shown, or not yet.
    withheld: Vec<String>,
}

struct PhaseCard {
    title: String,
    address: String,
    opens: Moment,
    closes: Option<Moment>,
    metric: String,
    annotations_version: Option<i32>,
    framing_version: Option<i32>,
    facts: Vec<(String, String)>,
    /// Who decided, on what ground, why, and when.
    decision: Option<(String, String, String, Moment)>,
    undisclosed: usize,
}

struct SnapshotCard {
    id: String,
    as_of: Moment,
    digest: String,
    whole_series: bool,
}

async fn show_report_card(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = &viewer.actor;
    let detail = read_challenge(&app, actor, &challenge).await?;
    let key = detail.challenge.id.to_string();
    let address = addresses::challenge(&detail.challenge.slug);
    let mut phases = Vec::new();
    for phase in list_phases(&app, actor, &key).await? {
        let versions = list_framings(&app, actor, &key, &phase.phase.id.to_string()).await?;
        let framing = versions.last().map(|last| &last.full);
        let facts = framing.map(|full| facts(&full.draft)).unwrap_or_default();
        let metric = phase.metrics.first().map(|metric| metric.label.clone()).unwrap_or_default();
        phases.push(PhaseCard {
            title: phase.phase.title.to_string(),
            address: addresses::phase(&detail.challenge.slug, &phase.phase.codename),
            opens: Moment::new(&app, phase.phase.opens_at),
            closes: phase.phase.closes_at.map(|at| Moment::new(&app, at)),
            metric,
            annotations_version: phase.annotations_version,
            framing_version: framing.map(|full| full.framing.version),
            undisclosed: facts.iter().filter(|(_, value)| value == "not disclosed").count(),
            decision: framing.map(|full| {
                (
                    label_of("decider_role", &full.decision.decider_role),
                    label_of("authority_basis", &full.decision.authority_basis),
                    label_of("rationale", &full.decision.rationale_code),
                    Moment::new(&app, full.decision.decided_at),
                )
            }),
            facts,
        });
    }
    let found = latest_snapshot(&app, actor, &key).await?;
    let (mut figures, mut withheld) = (Vec::new(), Vec::new());
    if let Some(snapshot) = &found {
        let files = format!("/api/v1/snapshots/{}/figures", snapshot.id);
        for drawn in read_figures(&app, actor, snapshot.id, &FIGURES).await?.1 {
            match drawn.picture {
                Some(_) => figures.push(FigureView::new(drawn, &files, "")),
                None => withheld.push(drawn.title),
            }
        }
    }
    let versions: Vec<String> = phases
        .iter()
        .filter_map(|phase| Some(format!("{} framing version {}", phase.title, phase.framing_version?)))
        .collect();
    let of_snapshot =
        found.as_ref().map(|snapshot| format!(", snapshot {}", snapshot.id)).unwrap_or_default();
    let link = app.settings.server.public_url.link(&format!("{address}/report-card"));
    page(&ReportCardPage {
        title: detail.challenge.title.to_string(),
        summary: detail.challenge.summary.clone(),
        citation: format!(
            "{}. Report card: {}{of_snapshot}. {link}",
            detail.challenge.title,
            versions.join(", ")
        ),
        phases,
        snapshot: found.map(|snapshot| SnapshotCard {
            id: snapshot.id.to_string(),
            as_of: Moment::new(&app, snapshot.as_of),
            digest: snapshot.digest.to_string(),
            whole_series: snapshot.whole_series,
        }),
        figures,
        withheld,
        chrome: Chrome { here: format!("{address}/report-card"), ..viewer.chrome },
        address,
    })
}
