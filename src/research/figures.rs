//! Figures: what a figure shows, as a table that stands under it and can be taken away as CSV, and drawn of the same numbers.
//!
//! A figure never shows more than its table, and the table says how many numbers are withheld and why.
//! [`participation`] are figures of who takes part, [`framing`] those of what a phase counts; a [`Drawn`] figure has everything
//! that has to stand beside it.

mod drawn;
pub mod framing;
pub mod participation;

pub use drawn::{Drawn, Provenance};

use crate::measure::{MeasureValue, Quantity, Reading};
use crate::measures::statistics::concentration::Concentration;
use crate::measures::statistics::lorenz;
use crate::snapshot::Snapshot;

/// The figures that follow from measures of a snapshot; the numbers are those of the list of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// 9: Lorenz curves of submissions per edition.
    Concentration,
    /// 10: shares of sectors and countries per edition.
    SectorsAndCountries,
    /// 11: newcomers, returners, and after how many editions people leave.
    EntryAndRetention,
    /// 12: how much comes as the deadline comes near.
    Pressure,
    /// 13: the running best, and how long records stand.
    RecordLadder,
    /// 14: from asking for the data to a public score.
    Funnel,
    /// 18: citations and versions over time.
    Uptake,
}

/// A table of data under a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows, each with one text per column; what there is none of is empty.
    pub rows: Vec<Vec<String>>,
    /// How many rows are withheld, and below which number of units; none where none is.
    pub withheld: Option<(usize, u64)>,
}

impl Figure {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::Concentration,
        Self::SectorsAndCountries,
        Self::EntryAndRetention,
        Self::Pressure,
        Self::RecordLadder,
        Self::Funnel,
        Self::Uptake,
    ];

    /// The number in the list of figures.
    pub fn number(self) -> u8 {
        match self {
            Self::Concentration => 9,
            Self::SectorsAndCountries => 10,
            Self::EntryAndRetention => 11,
            Self::Pressure => 12,
            Self::RecordLadder => 13,
            Self::Funnel => 14,
            Self::Uptake => 18,
        }
    }

    /// The short name in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Concentration => "concentration",
            Self::SectorsAndCountries => "sectors-and-countries",
            Self::EntryAndRetention => "entry-and-retention",
            Self::Pressure => "pressure",
            Self::RecordLadder => "records",
            Self::Funnel => "funnel",
            Self::Uptake => "uptake",
        }
    }

    /// The figure of a short name.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|figure| figure.key() == key)
    }

    /// The measure that it shows.
    pub fn measure(self) -> &'static str {
        self.shows().0
    }

    /// The measure that it shows, and which of its numbers.
    fn shows(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Concentration => ("P1", &["gini", "gini_corrected", "hhi", "largest_1", "largest_3"]),
            Self::SectorsAndCountries => ("P3", &["share"]),
            Self::EntryAndRetention => ("P6", &["newcomers", "returners", "retention", "survival"]),
            Self::Pressure => ("D1", &["last_part_share", "burstiness", "hazard"]),
            Self::RecordLadder => ("D3", &["record", "gain_per_day"]),
            Self::Funnel => ("P5", &["people", "passed_on"]),
            Self::Uptake => ("S1", &["cumulative", "root_mean_square_residual"]),
        }
    }

    /// The numbers of the figure; of [`Self::Concentration`] those beside its curves, which are [`lorenz_curves`].
    pub fn table_of(self, value: &MeasureValue) -> Table {
        let (_, statistics) = self.shows();
        Table::of(value, |reading| statistics.contains(&reading.statistic.as_str()))
    }
}

/// The Lorenz curve of scored submissions over active teams, for every edition with enough of them.
///
/// A curve of ten teams shows the count of each, which the leaderboard shows too; below ten it is withheld as P1 is.
pub fn lorenz_curves(snapshot: &Snapshot, least_teams: usize) -> Table {
    let columns = ["edition", "share_of_teams", "share_of_submissions"].map(str::to_owned).to_vec();
    let (mut rows, mut withheld) = (Vec::new(), 0);
    for edition in &snapshot.editions {
        let counts = snapshot.scored_by_entry(edition, None);
        let active = counts.iter().filter(|count| **count > 0).map(|count| *count as f64);
        let Some(spread) = Concentration::of(active) else { continue };
        if spread.units() < least_teams {
            withheld += 1;
            continue;
        }
        for point in lorenz::curve(&spread) {
            rows.push(vec![edition.id.clone(), point.units.to_string(), point.total.to_string()]);
        }
    }
    Table { columns, rows, withheld: (withheld > 0).then_some((withheld, least_teams as u64)) }
}

impl Table {
    /// A table of nothing.
    pub fn empty() -> Self {
        Self { columns: Vec::new(), rows: Vec::new(), withheld: None }
    }

    /// The readings that are chosen, one a row, with a column for everything that they are of.
    pub fn of(value: &MeasureValue, is_chosen: impl Fn(&Reading) -> bool) -> Self {
        let chosen: Vec<&Reading> = value.readings.iter().filter(|reading| is_chosen(reading)).collect();
        let mut dimensions: Vec<&str> = Vec::new();
        for reading in &chosen {
            dimensions.extend(reading.of.keys().map(String::as_str));
        }
        dimensions.sort_unstable();
        dimensions.dedup();
        let (mut withheld, mut least) = (0, 0);
        let rows = chosen
            .iter()
            .map(|reading| {
                if let Quantity::Suppressed { fewer_than } = reading.quantity {
                    withheld += 1;
                    least = fewer_than;
                }
                let of = |dimension: &&str| reading.of.get(*dimension).cloned().unwrap_or_default();
                let mut row: Vec<String> = dimensions.iter().map(of).collect();
                row.push(reading.statistic.clone());
                row.extend(numbers(reading));
                row
            })
            .collect();
        let named = dimensions.iter().map(|dimension| (*dimension).to_owned());
        let fixed = ["statistic", "value", "lower", "upper", "n", "state"].map(str::to_owned);
        Self {
            columns: named.chain(fixed).collect(),
            rows,
            withheld: (withheld > 0).then_some((withheld, least)),
        }
    }

    /// The table as CSV (RFC 4180), the names of the columns first.
    pub fn csv(&self) -> String {
        let line = |cells: &Vec<String>| {
            cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",") + "\r\n"
        };
        std::iter::once(&self.columns).chain(&self.rows).map(line).collect()
    }
}

/// The value, its bounds, the number of units and the state of a reading; a withheld one has neither value nor number.
fn numbers(reading: &Reading) -> [String; 5] {
    let n = reading.n.to_string();
    match reading.quantity {
        Quantity::Exact { value } => [value.to_string(), String::new(), String::new(), n, "exact".to_owned()],
        Quantity::Estimated { value, lower, upper } => {
            [value.to_string(), lower.to_string(), upper.to_string(), n, "estimated".to_owned()]
        }
        Quantity::Bounded { value, lower, upper } => {
            let value = value.map(|value| value.to_string()).unwrap_or_default();
            [value, lower.to_string(), upper.to_string(), n, "bounded".to_owned()]
        }
        Quantity::Suppressed { fewer_than } => {
            let state = format!("withheld: fewer than {fewer_than}");
            [String::new(), String::new(), String::new(), String::new(), state]
        }
        Quantity::Undefined => [String::new(), String::new(), String::new(), n, "undefined".to_owned()],
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::{Parameters, compute};
    use crate::snapshot::sample::three_editions;

    fn table(figure: Figure, snapshot: &Snapshot) -> Table {
        figure.table_of(&compute(figure.measure(), snapshot, &Parameters::default()).unwrap())
    }

    fn snapshot() -> Snapshot {
        let mut records = three_editions();
        for team in 0..12 {
            let id = format!("team \"{team}\", of many");
            records.team(&id, &[]);
            for edition in ["2023", "2024"] {
                records.enter(&id, edition);
                for _ in 0..(if edition == "2024" { team } else { team % 2 }) {
                    records.submit(&id, edition, &format!("{edition}-04-01"), 0.5);
                }
            }
        }
        Snapshot::new(records).unwrap()
    }

    #[test]
    fn what_is_withheld_leaves_no_number() {
        let table = table(Figure::Concentration, &snapshot());
        assert_eq!(table.columns, ["edition", "over", "statistic", "value", "lower", "upper", "n", "state"]);
        // Six active teams in 2023: five numbers over the active and over all teams.
        assert_eq!(table.withheld, Some((10, 10)));
        for row in &table.rows {
            assert_eq!(row[0] == "2023", row[7] == "withheld: fewer than 10", "{row:?}");
            assert_eq!(row[0] == "2023", row[3].is_empty() && row[6].is_empty(), "{row:?}");
        }
    }

    #[test]
    fn curves_begin_and_end_and_small_editions_have_none() {
        let table = lorenz_curves(&snapshot(), 10);
        assert_eq!(table.withheld, Some((1, 10)));
        assert_eq!(table.rows.len(), 12, "eleven active teams");
        assert_eq!(
            (table.rows[0][1..].concat(), table.rows[11][1..].concat()),
            ("00".to_owned(), "11".to_owned())
        );
    }

    #[test]
    fn csv_comes_back_as_it_was() {
        let table = table(Figure::RecordLadder, &snapshot());
        let text = table.csv();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), table.columns);
        let rows: Vec<Vec<String>> =
            reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        assert_eq!(rows, table.rows);
        assert!(rows.iter().flatten().any(|cell| cell.contains("\", of many")));
    }

    #[test]
    fn every_figure_shows_something() {
        let mut records = three_editions();
        let people: Vec<String> = (0..12).map(|person| format!("p{person}")).collect();
        for (team, pair) in people.chunks(2).enumerate() {
            let id = format!("t{team}");
            records.team(&id, &[&pair[0], &pair[1]]);
            records.enter(&id, "2024");
            records.submit(&id, "2024", "2024-04-01", team as f64);
        }
        let snapshot = Snapshot::new(records).unwrap();
        for figure in Figure::ALL {
            assert_eq!(Figure::of_key(figure.key()), Some(figure));
            let table = table(figure, &snapshot);
            assert!(!table.rows.is_empty(), "{}", figure.number());
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        }
    }
}
