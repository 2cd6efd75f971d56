//! Who takes part in a challenge: tables of people, figures and measures, as far as everybody may see them.
//!
//! A figure is drawn from the table under it and shows no more than that.

use actix_web::{HttpResponse, web};
use app::App;
use app::challenges::detail::read_challenge;
use app::participation::figures::{FIGURES, read_figures};
use app::participation::measures::{Released, read_measures};
use app::participation::records::PublishedTable;
use app::participation::snapshot::{latest_snapshot, read_tables};
use askama::Template;
use serde::Deserialize;

use super::addresses;
use super::chrome::{Chrome, Identity, page};
use super::figures::FigureView;
use super::format::Moment;
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.route("/challenges/{challenge}/participation", web::get().to(show_participation));
}

#[derive(Template)]
#[template(path = "participation.html")]
struct ParticipationPage {
    chrome: Chrome,
    title: String,
    address: String,
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
) -> Result<HttpResponse, Problem> {
    let actor = &viewer.actor;
    let detail = read_challenge(&app, actor, &challenge).await?;
    let key = detail.challenge.id.to_string();
    let found = latest_snapshot(&app, actor, &key).await?;
    let (mut tables, mut figures, mut measures) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(snapshot) = &found {
        for table in read_tables(&app, actor, snapshot.id).await? {
            tables.push(table_view(table)?);
        }
        let files = format!("/api/v1/snapshots/{}/figures", snapshot.id);
        let (_, drawn) = read_figures(&app, actor, snapshot.id, &FIGURES).await?;
        figures = drawn.into_iter().map(|drawn| FigureView::new(drawn, &files, "")).collect();
        let (_, released) = read_measures(&app, actor, snapshot.id, &[]).await?;
        measures = released.into_iter().map(measure_view).collect();
    }
    let address = addresses::challenge(&detail.challenge.slug);
    page(&ParticipationPage {
        title: detail.challenge.title.to_string(),
        snapshot: found.map(|snapshot| SnapshotView {
            id: snapshot.id.to_string(),
            as_of: Moment::new(&app, snapshot.as_of),
            digest: snapshot.digest.to_string(),
            event_seq: snapshot.event_seq,
            whole_series: snapshot.whole_series,
        }),
        tables,
        figures,
        measures,
        chrome: Chrome { here: format!("{address}/participation"), ..viewer.chrome },
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
