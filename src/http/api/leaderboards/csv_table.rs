//! A leaderboard as CSV (RFC 4180).

use std::ops::Range;

use app::leaderboards::Board;

use crate::api::csv_text::harmless;

/// Writes those entries of the board, under a line of headings.
pub(super) fn write(board: &Board, page: Range<usize>) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for heading in ["rank", "team", "team_id", "submission_id", "is_baseline", "method"] {
        table.write_field(heading)?;
    }
    for heading in ["paper_url", "code_url", "project_url", "received_at", "submissions"] {
        table.write_field(heading)?;
    }
    for metric in &board.metrics {
        table.write_field(harmless(&metric.name).as_bytes())?;
    }
    for heading in ["interval_lower", "interval_upper", "standard_error", "rank_best", "rank_worst", "group"]
    {
        table.write_field(heading)?;
    }
    for heading in ["evaluator_version", "mode", "annotations_version"] {
        table.write_field(heading)?;
    }
    table.write_record(None::<&[u8]>)?;
    for row in &board.rows[page] {
        let (entry, method) = (&row.entry, &row.entry.method.0);
        table.write_field(number(row.rank))?;
        table.write_field(harmless(entry.team_name.as_str()).as_bytes())?;
        table.write_field(entry.team.to_string())?;
        table.write_field(entry.submission.to_string())?;
        table.write_field(entry.is_baseline.to_string())?;
        for said in [&method.name, &method.paper_url, &method.code_url, &method.project_url] {
            table.write_field(harmless(said).as_bytes())?;
        }
        table.write_field(entry.received_at.to_string())?;
        table.write_field(entry.scored_count.to_string())?;
        for score in &row.scores {
            // Our own numbers may begin with a minus sign.
            table.write_field(number(*score))?;
        }
        let known = row.statistics.as_ref();
        let interval = known.and_then(|known| known.interval);
        table.write_field(number(interval.map(|interval| interval.lower)))?;
        table.write_field(number(interval.map(|interval| interval.upper)))?;
        table.write_field(number(known.and_then(|known| known.standard_error)))?;
        let ranks = known.and_then(|known| known.ranks);
        table.write_field(number(ranks.map(|ranks| ranks.set.best)))?;
        table.write_field(number(ranks.map(|ranks| ranks.set.worst)))?;
        table.write_field(number(ranks.map(|ranks| ranks.group)))?;
        table.write_field(harmless(&entry.evaluator_version).as_bytes())?;
        table.write_field(entry.mode.as_str())?;
        table.write_field(row.annotations_version.to_string())?;
        table.write_record(None::<&[u8]>)?;
    }
    table.into_inner().map_err(|error| error.into_error().into())
}

/// A number with every digit; nothing where there is none.
fn number(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}
