//! Figures: what a figure shows, as a table that stands under it and can be taken away as CSV, and drawn of the same numbers.
//!
//! A figure never shows more than its table, and the table says how many numbers are withheld and why.
//! [`Figure::ALL`] are those of a snapshot, drawn of [`participation::Released`]; [`framing`] has those of what a phase counts. A
//! [`Drawn`] figure has everything that has to stand beside it.

mod drawn;
pub mod framing;
pub mod guideline;
pub mod participation;
mod production;
mod records;
mod solidification;
mod teams;
#[cfg(test)]
mod tests;

pub use drawn::{Drawn, Provenance};
pub use records::{RecordTables, lorenz_curves};

use crate::measure::{MeasureValue, Quantity, Reading};
use participation::Released;

/// The figures that follow from a snapshot; the numbers are those of the list of figures.
///
/// Of that list 3, 4, 6 and 7 are of a standing ([`framing::StandingFigure`]), and 15 is of two versions of the annotations
/// ([`guideline::GuidelineAndScore`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// 1: what happened, in lanes over one axis of time.
    LifeLine,
    /// 2: people, names and hours of those who record, label, compete and cite.
    FourLabours,
    /// 5: from who decided to what is ranked.
    DecisionChain,
    /// 8: teams from edition to edition.
    Constellations,
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
    /// 16: what was left out, and on what grounds.
    Exclusions,
    /// 17: what annotators were free to do.
    Latitude,
    /// 18: citations over time, by function.
    Uptake,
    /// 19: what is claimed, beside what is measured.
    Claims,
}

/// What a figure is, in one place: everything that lists figures reads it from here.
struct Listing {
    number: u8,
    key: &'static str,
    /// The measure whose numbers the table under it has, and which of them; none where records or several measures are behind it.
    table: Option<(&'static str, &'static [&'static str])>,
    /// The measures that it is drawn of, and those that its notes tell of.
    measures: &'static [&'static str],
    draw: fn(&Released<'_>, &Provenance) -> Drawn,
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
    pub const ALL: [Self; 14] = [
        Self::LifeLine,
        Self::FourLabours,
        Self::DecisionChain,
        Self::Constellations,
        Self::Concentration,
        Self::SectorsAndCountries,
        Self::EntryAndRetention,
        Self::Pressure,
        Self::RecordLadder,
        Self::Funnel,
        Self::Exclusions,
        Self::Latitude,
        Self::Uptake,
        Self::Claims,
    ];

    fn listing(self) -> Listing {
        let of = |number, key, draw: fn(&Released<'_>, &Provenance) -> Drawn, measures| Listing {
            number,
            key,
            table: None,
            measures,
            draw,
        };
        let with = |listing: Listing, statistics| Listing {
            table: listing.measures.first().map(|measure| (*measure, statistics)),
            ..listing
        };
        match self {
            Self::LifeLine => of(1, "life-line", solidification::life_line, &[]),
            Self::FourLabours => of(2, "four-labours", production::labours, &["A5", "A1", "A4", "P5"]),
            Self::DecisionChain => of(5, "decision-chain", production::decisions, &["A3", "D3"]),
            Self::Constellations => of(8, "constellations", teams::constellations, &["T7", "T1"]),
            Self::Concentration => of(9, "concentration", participation::concentration, &["P1"]),
            Self::SectorsAndCountries => {
                of(10, "sectors-and-countries", participation::sectors_and_countries, &["P7"])
            }
            Self::EntryAndRetention => with(
                of(11, "entry-and-retention", participation::entry_and_retention, &["P6"]),
                &["newcomers", "returners", "retention", "survival"],
            ),
            Self::Pressure => with(
                of(12, "pressure", participation::pressure, &["D1", "T9"]),
                &["last_part_share", "burstiness", "hazard"],
            ),
            Self::RecordLadder => {
                with(of(13, "records", participation::record_ladder, &["D3"]), &["record", "gain_per_day"])
            }
            Self::Funnel => with(of(14, "funnel", participation::funnel, &["P5"]), &["people", "passed_on"]),
            Self::Exclusions => of(16, "exclusions", production::exclusions, &["A4"]),
            Self::Latitude => of(17, "latitude", production::latitude, &["A2"]),
            Self::Uptake => of(18, "uptake", solidification::uptake, &["S2", "S3", "S5"]),
            Self::Claims => {
                let measures = &["P1", "P4", "P5", "P6", "P7", "A4", "A9", "D6", "S2"];
                of(19, "claims", solidification::claims, measures)
            }
        }
    }

    /// The number in the list of figures.
    pub fn number(self) -> u8 {
        self.listing().number
    }

    /// The short name in addresses.
    pub fn key(self) -> &'static str {
        self.listing().key
    }

    /// The figure of a short name.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|figure| figure.key() == key)
    }

    /// The ids of the measures that it shows, the main one first; none where it shows records alone.
    pub fn measures(self) -> &'static [&'static str] {
        self.listing().measures
    }

    /// Draws the figure of what is released.
    pub fn draw(self, released: &Released<'_>, provenance: &Provenance) -> Drawn {
        (self.listing().draw)(released, provenance)
    }

    /// The numbers that the table under the figure has, of one measure; nothing for figures that have a table of their own.
    fn table(self, released: &Released<'_>) -> Table {
        let Some((measure, statistics)) = self.listing().table else { return Table::empty() };
        released.value(measure).map_or_else(Table::empty, |value| {
            Table::of(value, |reading| statistics.contains(&reading.statistic.as_str()))
        })
    }
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

    /// The chosen numbers of several measures: as [`Self::of`] has them, with the measure before each and what it is of as one text.
    pub fn of_several(values: &[MeasureValue], chosen: &[(&str, &[&str])]) -> Self {
        let columns = ["measure", "of", "statistic", "value", "lower", "upper", "n", "state"];
        let mut found = Self { columns: columns.map(str::to_owned).to_vec(), ..Self::empty() };
        for (measure, statistics) in chosen {
            let readings =
                values.iter().filter(|value| value.measure == *measure).flat_map(|value| &value.readings);
            for reading in readings.filter(|reading| statistics.contains(&reading.statistic.as_str())) {
                if let Quantity::Suppressed { fewer_than } = reading.quantity {
                    let (count, least) = found.withheld.unwrap_or((0, fewer_than));
                    found.withheld = Some((count + 1, least.max(fewer_than)));
                }
                let of: Vec<String> = reading.of.iter().map(|(name, of)| format!("{name}={of}")).collect();
                let mut row = vec![(*measure).to_owned(), of.join(";"), reading.statistic.clone()];
                row.extend(numbers(reading));
                found.rows.push(row);
            }
        }
        found
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
