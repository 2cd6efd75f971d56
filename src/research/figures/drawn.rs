//! A figure that is ready to be shown: its picture, the table under it, and what has to stand beside both.

use charts::{About, Picture};

use super::Table;
use crate::measure::{MeasureValue, Reading};

/// Which records a figure was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The snapshot, or the digest of what stood.
    pub snapshot: String,
    /// The moment that it speaks of, for people to read; empty where the snapshot says it.
    pub as_of: String,
}

/// A figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Its short name in addresses.
    pub key: &'static str,
    /// Its number in the list of figures.
    pub number: u8,
    /// Its title.
    pub title: String,
    /// What is to be seen, for those who do not see it.
    pub description: String,
    /// Of which records it is, of how many, and what is withheld.
    pub notes: Vec<String>,
    /// The numbers behind it.
    pub table: Table,
    /// The picture; none where there is nothing to draw, and the notes say why.
    pub picture: Option<Picture>,
}

/// What a figure says of itself, on its way to a picture.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) key: &'static str,
    pub(super) number: u8,
    pub(super) title: &'static str,
    pub(super) description: String,
    /// What stands behind it and what is withheld; the snapshot is added.
    pub(super) notes: Vec<String>,
    pub(super) table: Table,
}

impl Plan {
    /// The figure with the picture that `draw` makes of what it says of itself.
    pub(super) fn drawn(self, of: &Provenance, draw: impl FnOnce(About) -> Option<Picture>) -> Drawn {
        let Self { key, number, title, description, mut notes, table } = self;
        if let Some((withheld, least)) = table.withheld {
            let (are, them) = if withheld == 1 { ("number is", "it") } else { ("numbers are", "them") };
            notes.push(format!(
                "{withheld} {are} withheld: fewer than {least} stand behind {them}, they would tell of fewer, or the edition still runs."
            ));
        }
        let as_of = if of.as_of.is_empty() { String::new() } else { format!(", as of {}", of.as_of) };
        notes.push(format!("Snapshot {}{as_of}.", of.snapshot));
        let about = About {
            key: key.to_owned(),
            title: title.to_owned(),
            description: description.clone(),
            notes: notes.clone(),
        };
        let picture = draw(about);
        if picture.is_none() {
            notes.insert(0, "There is nothing yet that may be shown.".to_owned());
        }
        Drawn { key, number, title: title.to_owned(), description, notes, table, picture }
    }
}

/// The readings of a statistic that have a number.
pub(super) fn shown<'v>(
    value: Option<&'v MeasureValue>,
    statistic: &'v str,
) -> impl Iterator<Item = &'v Reading> {
    let readings = value.into_iter().flat_map(|value| &value.readings);
    readings.filter(move |reading| reading.statistic == statistic && reading.value().is_some())
}

/// What a reading is of.
pub(super) fn of<'r>(reading: &'r Reading, dimension: &str) -> &'r str {
    reading.of.get(dimension).map_or("", String::as_str)
}

/// Values in the order of their first appearance, each once.
pub(super) fn each_once<'a>(values: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for value in values {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
}

/// A share as people read it.
pub(super) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent > 0.0 && percent < 9.95 { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
}
