//! What a snapshot tells, as far as everybody may see it, on three pages: who takes part, who made the data, and what settles.
//!
//! A figure is drawn from the table under it and shows no more than that.

use actix_web::{HttpResponse, web};
use app::challenges::detail::read_challenge;
use app::participation::figures::{Figure, read_figures};
use app::participation::measures::{Released, read_measures};
use app::participation::records::{PublishedTable, Snapshot};
use app::participation::snapshot::{latest_of, list_snapshots, read_tables};
use app::{App, Failure};
use askama::Template;
use domain::SnapshotId;
use serde::Deserialize;

use super::addresses;
use super::chrome::{Chrome, Identity, page};
use super::figures::FigureView;
use super::format::Moment;
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/challenges/{challenge}/participation", web::get().to(show_participation))
        .route("/challenges/{challenge}/production", web::get().to(show_production))
        .route("/challenges/{challenge}/solidification", web::get().to(show_solidification));
}

/// What a page is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Participation,
    Production,
    Solidification,
}

impl Subject {
    const ALL: [Self; 3] = [Self::Participation, Self::Production, Self::Solidification];

    fn path(self) -> &'static str {
        match self {
            Self::Participation => "participation",
            Self::Production => "production",
            Self::Solidification => "solidification",
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Participation => "Who takes part",
            Self::Production => "Four labours",
            Self::Solidification => "What settles",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::Participation => {
                "What people say of themselves is counted here with their consent; nothing is inferred from names. Numbers that could \
                 tell of fewer than five people are withheld, and so is what they could be worked out from."
            }
            Self::Production => {
                "A benchmark is the work of those who wear the cameras, those who label, those who compete and those who cite. This is \
                 what is on record of each, with its sources; what nobody has said is not disclosed, and stays visible as that."
            }
            Self::Solidification => {
                "A task becomes a fact by being used: versions, citations, repairs and promises, each with when it happened and how it \
                 is known."
            }
        }
    }

    fn figures(self) -> &'static [Figure] {
        match self {
            Self::Participation => &[
                Figure::Constellations,
                Figure::Concentration,
                Figure::SectorsAndCountries,
                Figure::EntryAndRetention,
                Figure::Pressure,
                Figure::RecordLadder,
                Figure::Funnel,
            ],
            Self::Production => {
                &[Figure::FourLabours, Figure::DecisionChain, Figure::Exclusions, Figure::Latitude]
            }
            Self::Solidification => &[Figure::LifeLine, Figure::Uptake, Figure::Claims],
        }
    }

    /// Whether a measure is of the subject, by the letter of its family.
    fn has(self, measure: &str) -> bool {
        let of = match measure.chars().next() {
            Some('A') => Self::Production,
            Some('S') => Self::Solidification,
            _ => Self::Participation,
        };
        of == self
    }
}

/// Which of the snapshots is shown.
#[derive(Deserialize)]
struct SnapshotQuery {
    /// Its id; the newest one when left out.
    snapshot: Option<SnapshotId>,
}

#[derive(Template)]
#[template(path = "participation.html")]
struct ParticipationPage {
    chrome: Chrome,
    title: String,
    address: String,
    subject: Subject,
    others: Vec<OtherSnapshot>,
    snapshot: Option<SnapshotView>,
    tables: Vec<TableView>,
    figures: Vec<FigureView>,
    measures: Vec<MeasureView>,
}

struct SnapshotView {
    id: String,
    as_of: Moment,
    digest: String,
    event_seq: i64,
    whole_series: bool,
}

/// A snapshot of another moment.
struct OtherSnapshot {
    id: SnapshotId,
    as_of: Moment,
    whole_series: bool,
}

struct TableView {
    title: &'static str,
    code: String,
    k: i32,
    withheld: Option<String>,
    columns: Vec<String>,
    rows: Vec<RowView>,
    has_hidden: bool,
}

struct RowView {
    name: String,
    /// A number, or nothing where it is hidden.
    cells: Vec<String>,
    total: u64,
}

struct MeasureView {
    id: &'static str,
    title: &'static str,
    unit: &'static str,
    counted: &'static str,
    readings: Vec<ReadingView>,
    withheld: usize,
    for_researchers: bool,
}

struct ReadingView {
    of: String,
    statistic: String,
    n: u64,
    value: String,
}

/// A table as it was published.
#[derive(Deserialize)]
struct Shown {
    rows: Vec<String>,
    columns: Vec<String>,
    cells: Vec<Vec<Option<u64>>>,
    row_totals: Vec<u64>,
}

async fn show_participation(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
    query: web::Query<SnapshotQuery>,
) -> Result<HttpResponse, Problem> {
    show(&app, viewer, &challenge, Subject::Participation, query.snapshot).await
}

async fn show_production(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
    query: web::Query<SnapshotQuery>,
) -> Result<HttpResponse, Problem> {
    show(&app, viewer, &challenge, Subject::Production, query.snapshot).await
}

async fn show_solidification(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
    query: web::Query<SnapshotQuery>,
) -> Result<HttpResponse, Problem> {
    show(&app, viewer, &challenge, Subject::Solidification, query.snapshot).await
}

async fn show(
    app: &App,
    viewer: Viewer,
    challenge: &str,
    subject: Subject,
    wanted: Option<SnapshotId>,
) -> Result<HttpResponse, Problem> {
    let actor = &viewer.actor;
    let detail = read_challenge(app, actor, challenge).await?;
    let all = list_snapshots(app, actor, &detail.challenge.id.to_string()).await?;
    let found: Option<Snapshot> = match wanted {
        None => latest_of(&all).cloned(),
        Some(id) => Some(all.iter().find(|one| one.id == id).cloned().ok_or_else(Failure::not_found)?),
    };
    let (mut tables, mut figures, mut measures) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(snapshot) = &found {
        if subject == Subject::Participation {
            for table in read_tables(app, actor, snapshot.id).await? {
                tables.push(table_view(table)?);
            }
        }
        let files = format!("/api/v1/snapshots/{}/figures", snapshot.id);
        let (_, drawn) = read_figures(app, actor, snapshot.id, subject.figures()).await?;
        figures = drawn.into_iter().map(|drawn| FigureView::new(drawn, &files, "")).collect();
        let (_, released) = read_measures(app, actor, snapshot.id, &[]).await?;
        let own = released.into_iter().filter(|one| subject.has(one.definition.id));
        measures = own.map(measure_view).collect();
    }
    let address = addresses::challenge(&detail.challenge.slug);
    let shown = found.as_ref().map(|snapshot| snapshot.id);
    let others = all.into_iter().filter(|one| Some(one.id) != shown).map(|one| OtherSnapshot {
        id: one.id,
        as_of: Moment::new(app, one.as_of),
        whole_series: one.whole_series,
    });
    page(&ParticipationPage {
        title: detail.challenge.title.to_string(),
        subject,
        others: others.collect(),
        snapshot: found.map(|snapshot| SnapshotView {
            id: snapshot.id.to_string(),
            as_of: Moment::new(app, snapshot.as_of),
            digest: snapshot.digest.to_string(),
            event_seq: snapshot.event_seq,
            whole_series: snapshot.whole_series,
        }),
        tables,
        figures,
        measures,
        chrome: Chrome { here: format!("{address}/{}", subject.path()), ..viewer.chrome },
        address,
    })
}

fn table_view(table: PublishedTable) -> Result<TableView, Problem> {
    let shown: Option<Shown> =
        table.contents.as_deref().map(serde_json::from_str).transpose().map_err(app::Failure::internal)?;
    let title = match table.code.as_str() {
        "people_by_sector" => "People by sector",
        "people_by_country" => "People by country",
        "people_by_career_stage" => "People by career stage",
        "teams_by_sector" => "Teams by sector",
        "teams_by_country" => "Teams by country",
        _ => "Teams by size",
    };
    let (mut columns, mut rows, mut has_hidden) = (Vec::new(), Vec::new(), false);
    if let Some(shown) = shown {
        for ((name, cells), total) in shown.rows.into_iter().zip(shown.cells).zip(shown.row_totals) {
            has_hidden |= cells.iter().any(Option::is_none);
            let cells =
                cells.into_iter().map(|cell| cell.map(|n| n.to_string()).unwrap_or_default()).collect();
            rows.push(RowView { name, cells, total });
        }
        columns = shown.columns;
    }
    Ok(TableView { title, code: table.code, k: table.k, withheld: table.withheld, columns, rows, has_hidden })
}

fn measure_view(released: Released) -> MeasureView {
    let definition = released.definition;
    let for_researchers = released.value.is_none();
    let readings = released.value.map(|value| value.readings).unwrap_or_default();
    let shown: Vec<ReadingView> = readings
        .iter()
        .filter_map(|reading| {
            // What is known between bounds alone is shown between them.
            let between = || reading.bounds().map(|(lower, upper)| format!("{lower:.3} to {upper:.3}"));
            Some(ReadingView {
                of: reading.of.iter().map(|(name, of)| format!("{name} {of}")).collect::<Vec<_>>().join(", "),
                statistic: reading.statistic.replace('_', " "),
                n: reading.n,
                value: reading.value().map(|value| format!("{value:.3}")).or_else(between)?,
            })
        })
        .collect();
    MeasureView {
        id: definition.id,
        title: definition.title,
        unit: definition.unit,
        counted: definition.counted,
        withheld: readings.len() - shown.len(),
        readings: shown,
        for_researchers,
    }
}
