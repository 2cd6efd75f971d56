//! Figures on pages: the picture, the table under it, and where both can be taken away.

use app::participation::figures::Drawn;

/// The most rows of a table on a page; the file has all.
const MOST_ROWS: usize = 400;

/// A figure as a page shows it.
pub(super) struct FigureView {
    pub(super) key: &'static str,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) notes: Vec<String>,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    /// The picture as markup that charts wrote, in which names of strangers are text.
    pub(super) picture: Option<String>,
    pub(super) svg: String,
    pub(super) csv: String,
}

impl FigureView {
    /// A figure whose files lie below `address`; `query` is what is asked of them, without a question mark.
    pub(super) fn new(drawn: Drawn, address: &str, query: &str) -> Self {
        let file = |format: &str| {
            let and = if query.is_empty() { "" } else { "&" };
            format!("{address}/{}?{query}{and}format={format}", drawn.key)
        };
        let mut rows = drawn.table.rows;
        let mut notes = drawn.notes;
        if rows.len() > MOST_ROWS {
            notes.push(format!("The table here has {MOST_ROWS} of {} rows; the file has all.", rows.len()));
            rows.truncate(MOST_ROWS);
        }
        Self {
            key: drawn.key,
            title: drawn.title,
            description: drawn.description,
            notes,
            columns: drawn.table.columns.iter().map(|column| column.replace('_', " ")).collect(),
            rows,
            picture: drawn.picture.map(|picture| picture.inline()),
            svg: file("svg"),
            csv: file("csv"),
        }
    }
}
