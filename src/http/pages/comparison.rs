//! Two entries of a leaderboard beside each other.

use actix_web::{HttpResponse, web};
use app::App;
use app::leaderboards::{BoardRow, CompareEntries, Comparison, compare_entries};
use askama::Template;
use domain::SubmissionId;
use serde::Deserialize;
use uuid::Uuid;

use super::addresses;
use super::chrome::{Chrome, Identity, page};
use super::format::{Heading, score};
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.route(
        "/challenges/{challenge}/phases/{phase}/leaderboard/comparison",
        web::get().to(show_comparison),
    );
}

#[derive(Debug, Deserialize)]
struct Asked {
    first: Uuid,
    second: Uuid,
    split: Option<String>,
}

#[derive(Template)]
#[template(path = "comparison.html")]
struct ComparisonPage<'a> {
    chrome: Chrome,
    found: &'a Comparison,
    challenge_address: String,
    board_address: String,
    data_address: String,
    sides: [Side; 2],
    metrics: Vec<Metric>,
    /// The difference of the metric that ranks, with its sign.
    difference: String,
    /// Its interval.
    interval: Option<String>,
    confidence: String,
    /// How probable one as large is by chance.
    p: Option<String>,
    /// What that comes to, in a sentence.
    verdict: String,
    replicates: usize,
}

struct Metric {
    heading: Heading,
    /// The values of both entries.
    values: [String; 2],
}

struct Side {
    team: String,
    method: String,
    rank: String,
    ranks: Option<String>,
    interval: Option<String>,
}

async fn show_comparison(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    let Asked { first, second, split } = asked.into_inner();
    let asked = CompareEntries {
        split: split.filter(|name| !name.is_empty()),
        first: SubmissionId(first),
        second: SubmissionId(second),
    };
    let found = compare_entries(&app, &viewer.actor, &challenge, &phase, asked).await?;
    page(&lay_out(viewer.chrome, &found, (first, second)))
}

fn lay_out(chrome: Chrome, found: &Comparison, (first, second): (Uuid, Uuid)) -> ComparisonPage<'_> {
    let board = &found.board;
    let phase_address = addresses::phase(&board.challenge.slug, &board.phase.codename);
    let headings = Heading::of_board(board);
    let decimals = headings.first().map_or(2, |heading| heading.decimals);
    let estimate = found.estimate.as_ref();
    let interval = estimate.and_then(|estimate| estimate.difference.interval);
    ComparisonPage {
        chrome,
        challenge_address: addresses::challenge(&board.challenge.slug),
        board_address: format!("{phase_address}/leaderboard?split={}", board.split.codename),
        data_address: format!(
            "/api/v1{phase_address}/leaderboard/comparison?split={}&first={first}&second={second}",
            board.split.codename
        ),
        sides: [&found.first, &found.second].map(|row| side(decimals, row)),
        difference: signed(found.difference, decimals),
        interval: interval.map(|interval| {
            format!(
                "{} to {}",
                signed(Some(interval.lower), decimals),
                signed(Some(interval.upper), decimals)
            )
        }),
        confidence: estimate
            .map_or_else(String::new, |estimate| format!("{} %", (100.0 * (1.0 - estimate.level)).round())),
        p: estimate.map(|estimate| format!("{:.3}", estimate.difference.p)),
        verdict: verdict(found, headings.first().is_none_or(|heading| heading.higher_is_better)),
        replicates: estimate.map_or(0, |estimate| estimate.replicates),
        metrics: headings
            .into_iter()
            .enumerate()
            .map(|(place, heading)| Metric {
                values: [&found.first, &found.second]
                    .map(|row| score(row.scores.get(place).copied().flatten(), heading.decimals)),
                heading,
            })
            .collect(),
        found,
    }
}

fn side(decimals: u8, row: &BoardRow) -> Side {
    let known = row.statistics.as_ref();
    Side {
        team: row.entry.team_name.to_string(),
        method: row.entry.method.0.name.clone(),
        rank: row.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string()),
        ranks: known
            .and_then(|known| known.ranks)
            .filter(|ranks| ranks.set.best != ranks.set.worst)
            .map(|ranks| format!("{}–{}", ranks.set.best, ranks.set.worst)),
        interval: known.and_then(|known| known.interval).map(|interval| {
            format!("{} to {}", score(Some(interval.lower), decimals), score(Some(interval.upper), decimals))
        }),
    }
}

/// A number with its sign, also where it is positive.
fn signed(value: Option<f64>, decimals: u8) -> String {
    let text = score(value, decimals);
    match value {
        Some(value) if value > 0.0 && text.chars().any(|digit| ('1'..='9').contains(&digit)) => {
            format!("+{text}")
        }
        _ => text.replace('-', "−"),
    }
}

/// Says of two entries only what the draws say: which is better, or that they cannot be told apart.
fn verdict(found: &Comparison, higher_is_better: bool) -> String {
    let names = [&found.first, &found.second].map(|row| row.entry.team_name.to_string());
    let Some(estimate) = &found.estimate else {
        return "How certain the difference is, is not known: it is estimated a moment after both are scored, and only on the same items.".to_owned();
    };
    let Some(interval) = estimate.difference.interval else {
        return "The difference is undefined in too many draws of the items to say how certain it is."
            .to_owned();
    };
    let (ahead, behind) = match (interval.lower > 0.0, interval.upper < 0.0) {
        (true, _) if higher_is_better => (&names[0], &names[1]),
        (_, true) if !higher_is_better => (&names[0], &names[1]),
        (true, _) | (_, true) => (&names[1], &names[0]),
        _ => {
            return format!("{} and {} cannot be told apart on these items.", names[0], names[1]);
        }
    };
    format!("{ahead} is better than {behind}, beyond what drawing other items would explain.")
}

#[cfg(test)]
mod tests {
    use super::signed;

    #[test]
    fn differences_have_signs_and_zero_has_none() {
        let written = [Some(0.25), Some(-0.25), Some(0.0), Some(0.001), Some(-0.001), None];
        assert_eq!(written.map(|value| signed(value, 2)), ["+0.25", "−0.25", "0.00", "0.00", "0.00", "–"]);
    }
}
