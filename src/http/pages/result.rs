//! The final result of a phase, read from its signed record.

use actix_web::{HttpResponse, web};
use app::results::{PublishedResult, read_result};
use app::{App, Failure};
use askama::Template;
use serde_json::Value;

use super::chrome::{Chrome, Identity, page};
use super::format::{Moment, score};
use super::place::Place;
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.route("/challenges/{challenge}/phases/{phase}/result", web::get().to(show_result));
}

/// The digits of scores and intervals.
const DECIMALS: u8 = 4;

#[derive(Template)]
#[template(path = "result.html")]
struct ResultPage<'a> {
    chrome: Chrome,
    place: &'a Place,
    /// The newest version, if there is any.
    newest: Option<&'a PublishedResult>,
    published: Option<Moment>,
    older: usize,
    in_work: Option<i32>,
    failure: Option<&'a str>,
    metric: String,
    deciding: String,
    replicates: String,
    rows: Vec<Row>,
    /// The mean shift and the meter in words.
    remarks: Vec<String>,
}

struct Row {
    rank: String,
    ranks: Option<String>,
    team: String,
    is_baseline: bool,
    score: String,
    interval: Option<String>,
    seen_rank: String,
    prize: String,
    submission: String,
}

async fn show_result(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let place = Place::read(&app, &viewer.actor, &path.0, &path.1).await?;
    let state = read_result(&app, &viewer.actor, &path.0, &path.1).await?;
    let newest = state.published.first();
    let record: Value = match newest {
        Some(found) => serde_json::from_str(&found.record).map_err(Failure::internal)?,
        None => Value::Null,
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    page(&ResultPage {
        chrome: viewer.chrome,
        place: &place,
        newest,
        published: newest.map(|found| Moment::new(&app, found.published_at)),
        older: state.published.len().saturating_sub(1),
        in_work: state.in_work,
        failure: state.failure.as_deref(),
        metric: text(&record["metric"]),
        deciding: text(&record["splits"]["deciding"]),
        replicates: record["draws"]["replicates"].to_string(),
        rows: rows(&record),
        remarks: remarks(&record),
    })
}

fn rows(record: &Value) -> Vec<Row> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let number = |value: &Value| value.as_u64().map_or_else(|| "–".to_owned(), |value| value.to_string());
    let (metric, deciding) = (text(&record["metric"]), text(&record["splits"]["deciding"]));
    let (shifts, prizes) = (list(&record["shake_up"]["entries"]), list(&record["prizes"]));
    let of = |entry: &Value| {
        let known = &entry["uncertainty"];
        let (best, worst) = (known["rank_set"]["best"].as_u64(), known["rank_set"]["worst"].as_u64());
        let ends = known["interval"]["lower"].as_f64().zip(known["interval"]["upper"].as_f64());
        let won: Vec<String> = prizes
            .iter()
            .filter(|prize| list(&prize["recipients"]).contains(&entry["submission"]))
            .map(|prize| {
                let jury = prize["needs_jury"] == true;
                format!("{}{}", number(&prize["place"]), if jury { " (a jury decides)" } else { "" })
            })
            .collect();
        let shift = shifts.iter().find(|shift| shift["team"] == entry["team"]["id"]);
        Row {
            rank: number(&entry["rank"]),
            ranks: best.zip(worst).filter(|(best, worst)| best != worst).map(|(a, b)| format!("{a}–{b}")),
            team: text(&entry["team"]["name"]),
            is_baseline: entry["is_baseline"] == true,
            score: score(entry["scores"][&deciding][&metric].as_f64(), DECIMALS),
            interval: ends.map(|(lower, upper)| {
                format!("{} to {}", score(Some(lower), DECIMALS), score(Some(upper), DECIMALS))
            }),
            seen_rank: shift.map_or_else(|| "–".to_owned(), |shift| number(&shift["seen_rank"])),
            prize: won.join(", "),
            submission: text(&entry["submission"]),
        }
    };
    list(&record["entries"]).iter().map(of).collect()
}

/// What the two splits say of each other, in sentences.
fn remarks(record: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let seen = record["splits"]["seen"].as_str().unwrap_or_default();
    if let Some(shift) = record["shake_up"]["mean_shift"].as_f64() {
        let tau = record["shake_up"]["kendall_tau_b"].as_f64();
        let tau = tau.map_or_else(String::new, |tau| format!(", Kendall's tau-b {tau:.2}"));
        found.push(format!(
            "Shake-up: against the board of the split {seen}, entries moved by {:.1} % of the board on average{tau}.",
            100.0 * shift
        ));
    }
    let meter = &record["overfitting"];
    if let (Some(mean), Some(share)) = (meter["mean_z"].as_f64(), meter["share_beyond"].as_f64()) {
        found.push(format!(
            "Overfitting meter: on the split {seen} teams scored {mean:.2} standard errors better on average (about 0 by \
             chance); {:.0} % of them differ by more than 1.96 (about 5 % by chance).",
            100.0 * share
        ));
    }
    found
}
