//! Who takes part in a challenge: tables of people and curves, as far as everybody may see them.
//!
//! A figure is drawn from the table under it and shows no more than that; lines differ by their strokes, never by colour alone.

use actix_web::{HttpResponse, web};
use app::App;
use app::challenges::detail::read_challenge;
use app::participation::figures::read_lorenz_curves;
use app::participation::measures::{Released, read_measures};
use app::participation::records::PublishedTable;
use app::participation::snapshot::{latest_snapshot, read_tables};
use askama::Template;
use serde::Deserialize;

use super::addresses;
use super::chrome::{Chrome, Identity, page};
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
    curves: Option<CurvesView>,
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
    /// The length of its bar, of 300.
    bar: u64,
    /// Where its bar begins from the top.
    y: usize,
    text_y: usize,
}

/// Lorenz curves, each with strokes of its own.
struct CurvesView {
    curves: Vec<CurveView>,
    rows: Vec<Vec<String>>,
    withheld: Option<(usize, u64)>,
}

struct CurveView {
    edition: String,
    points: String,
    dashes: &'static str,
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
    let (mut tables, mut curves, mut measures) = (Vec::new(), None, Vec::new());
    if let Some(snapshot) = &found {
        for table in read_tables(&app, actor, snapshot.id).await? {
            tables.push(table_view(table)?);
        }
        curves = Some(curves_view(read_lorenz_curves(&app, actor, snapshot.id).await?));
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
        curves,
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
        let longest = shown.row_totals.iter().copied().max().unwrap_or(1).max(1);
        for (place, ((name, cells), total)) in
            shown.rows.into_iter().zip(shown.cells).zip(shown.row_totals).enumerate()
        {
            has_hidden |= cells.iter().any(Option::is_none);
            let cells =
                cells.into_iter().map(|cell| cell.map(|n| n.to_string()).unwrap_or_default()).collect();
            let y = place * 24;
            rows.push(RowView { name, cells, total, bar: total * 300 / longest, y, text_y: y + 14 });
        }
        columns = shown.columns;
    }
    Ok(TableView { title, code: table.code, k: table.k, withheld: table.withheld, columns, rows, has_hidden })
}

impl TableView {
    fn height(&self) -> usize {
        self.rows.len() * 24
    }
}

fn curves_view(table: app::participation::figures::Table) -> CurvesView {
    const DASHES: [&str; 4] = ["none", "6 3", "2 3", "9 3 2 3"];
    let mut curves: Vec<CurveView> = Vec::new();
    for row in &table.rows {
        let [edition, teams, submissions] = row.as_slice() else { continue };
        let share = |text: &str| text.parse::<f64>().unwrap_or_default();
        let point = format!("{:.1},{:.1} ", 200.0 * share(teams), 200.0 - 200.0 * share(submissions));
        match curves.iter_mut().find(|curve| curve.edition == *edition) {
            Some(curve) => curve.points.push_str(&point),
            None => curves.push(CurveView {
                edition: edition.clone(),
                points: point,
                dashes: DASHES[curves.len() % DASHES.len()],
            }),
        }
    }
    CurvesView { curves, rows: table.rows, withheld: table.withheld }
}

fn measure_view(released: Released) -> MeasureView {
    let definition = released.definition;
    let for_researchers = released.value.is_none();
    let readings = released.value.map(|value| value.readings).unwrap_or_default();
    let shown: Vec<ReadingView> = readings
        .iter()
        .filter_map(|reading| {
            Some(ReadingView {
                of: reading.of.iter().map(|(name, of)| format!("{name} {of}")).collect::<Vec<_>>().join(", "),
                statistic: reading.statistic.replace('_', " "),
                n: reading.n,
                value: format!("{:.3}", reading.value()?),
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
