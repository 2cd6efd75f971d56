//! A leaderboard for papers and readmes: as a table of Markdown, or of LaTeX with the commands of `booktabs`.

use std::fmt::Write as _;
use std::ops::Range;

use app::leaderboards::{Board, BoardRow};

/// What is written of an entry, as texts that are not yet escaped.
fn cells(board: &Board, row: &BoardRow) -> Vec<String> {
    let set = row.statistics.as_ref().and_then(|known| known.ranks).map(|ranks| ranks.set);
    let rank = match (row.rank, set) {
        (None, _) => "-".to_owned(),
        (Some(rank), Some(set)) if set.best != set.worst => format!("{rank} ({} to {})", set.best, set.worst),
        (Some(rank), _) => rank.to_string(),
    };
    let baseline = if row.entry.is_baseline { " (baseline)" } else { "" };
    let mut cells = vec![rank, format!("{}{baseline}", row.entry.team_name), row.entry.method.0.name.clone()];
    for (metric, score) in board.metrics.iter().zip(&row.scores) {
        let decimals = usize::from(metric.decimals);
        cells.push(score.map_or_else(|| "-".to_owned(), |score| format!("{score:.decimals$}")));
    }
    cells
}

fn headings(board: &Board) -> Vec<String> {
    let metrics = board.metrics.iter().map(|metric| {
        let name = if metric.label.is_empty() { &metric.name } else { &metric.label };
        if metric.unit.is_empty() { name.clone() } else { format!("{name} [{}]", metric.unit) }
    });
    ["Rank", "Team", "Method"].map(str::to_owned).into_iter().chain(metrics).collect()
}

/// Those entries as a table of Markdown.
pub(super) fn markdown(board: &Board, page: Range<usize>) -> String {
    let line = |cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| markdown_text(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut text = line(headings(board));
    text.push_str("|--:|---|---|");
    text.push_str(&"--:|".repeat(board.metrics.len()));
    text.push('\n');
    board.rows[page].iter().for_each(|row| text.push_str(&line(cells(board, row))));
    text
}

/// Those entries as a `tabular` of LaTeX.
pub(super) fn latex(board: &Board, page: Range<usize>) -> String {
    let line = |cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| latex_text(cell)).collect();
        format!("{} \\\\\n", cells.join(" & "))
    };
    let mut text = String::new();
    // Writing into a text cannot fail.
    let _ = writeln!(text, "\\begin{{tabular}}{{rll{}}}\n\\toprule", "r".repeat(board.metrics.len()));
    text.push_str(&line(headings(board)));
    text.push_str("\\midrule\n");
    board.rows[page].iter().for_each(|row| text.push_str(&line(cells(board, row))));
    text.push_str("\\bottomrule\n\\end{tabular}\n");
    text
}

/// Text that Markdown takes for nothing else.
fn markdown_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '!' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            '\n' | '\r' | '\t' => escaped.push(' '),
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// Text that LaTeX takes for nothing else.
fn latex_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            '\n' | '\r' | '\t' => escaped.push(' '),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_teams_are_text() {
        assert_eq!(markdown_text("a|b [x](y)\n<script>"), "a\\|b \\[x\\](y) \\<script\\>");
        assert_eq!(latex_text("50% & \\input{x}_1"), "50\\% \\& \\textbackslash{}input\\{x\\}\\_1");
    }
}
