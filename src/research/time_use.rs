//! Reference populations: how whole countries spend their days, to hold a data set against.
//!
//! Minutes per day by major division of ICATUS 2016, recoded from the tables that surveys publish.
//! Divisions 2 and 3 (production for own use, unpaid domestic work) are one class, because no source separates them.
//! The activity lists of the sources differ, so that the same country and year differ between them by some tens of minutes.

use std::collections::HashMap;
use std::sync::LazyLock;

use sdk::{Code as FaultCode, Fault, Faults, Limits, Place, Table};
use serde::Serialize;

use crate::taxonomies::{Level, Taxonomy};

/// The shipped tables; OECD's also say how much of personal care is sleep.
pub const SHIPPED: &[u8] = include_bytes!("time_use/reference_time_use.csv");

/// How many classes activities are compared in.
pub const CLASSES: usize = 8;

/// The classes, as codes of major divisions.
pub const CLASS_CODES: [&str; CLASSES] = ["1", "2-3", "4", "5", "6", "7", "8", "9"];

/// The class that sleep belongs to.
const SELF_CARE: usize = 7;

/// Division 91, sleep, which is part of class 9.
const SLEEP: &str = "91";

/// What a source could not class.
const UNCLEAR: &str = "?";

/// What rounded minutes may add up to above a day.
const MOST_MINUTES: f64 = 1450.0;

/// A survey that tables come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The short name in tables.
    pub code: &'static str,
    /// What it is, and where its numbers were taken from.
    pub citation: &'static str,
    /// What is known of the terms of its reuse.
    pub licence: &'static str,
}

/// The sources of the shipped tables.
pub const SOURCES: [Source; 3] = [
    Source {
        code: "ATUS",
        citation: "American Time Use Survey 2012-2016, microdata of the R package atus, weighted and recoded; \
                   code 50, unable to code, is not in the package, so that a day has 1,427.6 minutes",
        licence: "package GPL (>= 2), data of the U.S. Bureau of Labor Statistics; only the computed table is shipped",
    },
    Source {
        code: "HETUS",
        citation: "Harmonised European Time Use Surveys, waves 2000 and 2010, Eurostat table tus_00selfstat, recoded",
        licence: "Eurostat reuse terms, not checked",
    },
    Source {
        code: "OECD",
        citation: "OECD time use database, total population, recoded; care is inside unpaid work where it is 0 (Japan)",
        licence: "OECD terms, not checked",
    },
];

/// Which hours of a day count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Day {
    /// All of them.
    All,
    /// Those outside of sleep, which nobody records with a camera.
    Waking,
}

/// How a population spends an average day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReferencePopulation {
    /// The code of the source.
    pub source: String,
    /// The country (ISO 3166-1 alpha-2).
    pub country: String,
    /// The years of the survey, as the source writes them.
    pub years: String,
    /// The ages, as the source writes them.
    pub age: String,
    /// Who is counted: `T` for everybody.
    pub sex: String,
    /// Minutes per day in every class.
    pub minutes: [f64; CLASSES],
    /// The minutes of class 9 that are sleep, where the source says it.
    pub sleep: Option<f64>,
    /// Minutes that the source could not class.
    pub unclear: f64,
}

impl ReferencePopulation {
    /// The shares of the classes; absent for waking hours where the source does not separate sleep.
    pub fn shares(&self, day: Day) -> Option<[f64; CLASSES]> {
        let mut minutes = self.minutes;
        if day == Day::Waking {
            minutes[SELF_CARE] -= self.sleep?;
        }
        let total: f64 = minutes.iter().sum();
        (total > 0.0).then(|| minutes.map(|minutes| minutes / total))
    }
}

/// The shipped populations, in the order of the table.
pub fn shipped() -> &'static [ReferencePopulation] {
    // A test reads the file; should it ever be damaged, there is nothing to compare with.
    static POPULATIONS: LazyLock<Vec<ReferencePopulation>> =
        LazyLock::new(|| read(SHIPPED, &Limits::default()).unwrap_or_default());
    &POPULATIONS
}

/// The shipped population of a source, country and survey.
pub fn population(source: &str, country: &str, years: &str) -> Option<&'static ReferencePopulation> {
    shipped().iter().find(|one| one.source == source && one.country == country && one.years == years)
}

/// The class of a term of ICATUS 2016.
pub fn class_of(term: usize) -> Option<usize> {
    let icatus = Taxonomy::icatus_2016();
    let major = icatus.ancestor(term, Level::MajorDivision.depth())?;
    let code = icatus.terms()[major].code.as_str();
    CLASS_CODES.iter().position(|class| class.split('-').any(|part| part == code))
}

/// Reads a CSV table with the columns `source`, `country_iso2`, `survey_year`, `age`, `sex`, `icatus_major` and
/// `minutes_per_day`: one row per population and class, `?` for what was not classed, `91` for the sleep within 9.
///
/// Faults, all at once, each with its line and column: classes that do not exist or stand twice, minutes that are negative or
/// no numbers, countries that are not two capital letters, more sleep than self-care, days of more than 24 hours, and
/// populations that lack a class.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<ReferencePopulation>, Faults> {
    let table = Table::read(bytes, limits)?;
    let names = ["source", "country_iso2", "survey_year", "age", "sex"];
    let mut key = [0; 5];
    for (column, name) in key.iter_mut().zip(names) {
        *column = table.require(name)?;
    }
    let (class, minutes) = (table.require("icatus_major")?, table.require("minutes_per_day")?);
    let mut faults = Faults::new();
    let mut read: Vec<(u64, ReferencePopulation, HashMap<&str, f64>)> = Vec::new();
    let mut positions: HashMap<[&str; 5], usize> = HashMap::new();
    for row in 0..table.len() {
        let cells = key.map(|column| table.cell(row, column));
        let [source, country, years, age, sex] = cells;
        if !(country.len() == 2 && country.bytes().all(|letter| letter.is_ascii_uppercase())) {
            let expected = "an ISO 3166 code of two capital letters";
            faults.push_with(|| table.cell_fault(row, key[1], FaultCode::OutOfRange, expected));
        }
        let code = table.cell(row, class);
        if ![UNCLEAR, SLEEP].contains(&code) && !CLASS_CODES.contains(&code) {
            let expected = format!("one of {}, {SLEEP} and {UNCLEAR}", CLASS_CODES.join(", "));
            faults.push_with(|| table.cell_fault(row, class, FaultCode::UnknownLabel, &expected));
            continue;
        }
        let Some(amount) = table.number(row, minutes, &mut faults) else { continue };
        if amount < 0.0 {
            faults.push_with(|| table.cell_fault(row, minutes, FaultCode::OutOfRange, "a number of minutes"));
        }
        let position = *positions.entry(cells).or_insert_with(|| {
            let population = ReferencePopulation {
                source: source.to_owned(),
                country: country.to_owned(),
                years: years.to_owned(),
                age: age.to_owned(),
                sex: sex.to_owned(),
                minutes: [0.0; CLASSES],
                sleep: None,
                unclear: 0.0,
            };
            read.push((table.line(row), population, HashMap::new()));
            read.len() - 1
        });
        if read[position].2.insert(code, amount).is_some() {
            faults.push_with(|| {
                table.cell_fault(row, class, FaultCode::DuplicateIds, "named once per population")
            });
        }
    }
    let mut populations = Vec::with_capacity(read.len());
    for (line, mut population, given) in read {
        let missing: Vec<&str> = CLASS_CODES.into_iter().filter(|class| !given.contains_key(class)).collect();
        let total: f64 = CLASS_CODES.iter().chain([&UNCLEAR]).filter_map(|class| given.get(class)).sum();
        let mut refuse = |code, message: &str, expected: &str, found: String| {
            let message = format!("{} {} {message}", population.source, population.country);
            faults.push(Fault::whole(code, message, expected, found).at(Place::Line(line)));
        };
        if !missing.is_empty() {
            refuse(
                FaultCode::MissingIds,
                "lacks classes",
                "every class",
                format!("none of {}", missing.join(", ")),
            );
        }
        if total > MOST_MINUTES {
            refuse(
                FaultCode::OutOfRange,
                "has too long a day",
                "at most 1,440 minutes",
                format!("{total} minutes"),
            );
        }
        population.sleep = given.get(SLEEP).copied();
        population.unclear = given.get(UNCLEAR).copied().unwrap_or(0.0);
        for (minutes, class) in population.minutes.iter_mut().zip(CLASS_CODES) {
            *minutes = given.get(class).copied().unwrap_or(0.0);
        }
        if population.sleep.is_some_and(|sleep| sleep > population.minutes[SELF_CARE]) {
            let found = format!("{} of {}", population.sleep.unwrap_or(0.0), population.minutes[SELF_CARE]);
            let message = format!(
                "{} {} sleeps longer than it cares for itself",
                population.source, population.country
            );
            let fault = Fault::whole(FaultCode::OutOfRange, message, "sleep as a part of class 9", found);
            faults.push(fault.at(Place::Line(line)));
        }
        populations.push(population);
    }
    faults.or(populations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_tables_can_be_read_and_have_sources() {
        let read = read(SHIPPED, &Limits::default()).unwrap();
        assert_eq!(read, shipped());
        assert_eq!(read.len(), 64);
        let countries: std::collections::BTreeSet<&str> =
            read.iter().map(|one| one.country.as_str()).collect();
        assert_eq!(countries.len(), 36);
        for population in &read {
            assert!(SOURCES.iter().any(|source| source.code == population.source), "{population:?}");
            assert_eq!(population.sleep.is_some(), population.source == "OECD", "{population:?}");
        }
    }

    #[test]
    fn the_shipped_minutes_are_those_of_the_specification() {
        let Some(shared) = test_support::shared_folder() else { return };
        let file = std::fs::read(shared.join("data/framing/reference_time_use_icatus_major.csv")).unwrap();
        let wanted = super::read(&file, &Limits::default()).unwrap();
        assert_eq!(wanted.len(), shipped().len());
        for (shipped, wanted) in shipped().iter().zip(&wanted) {
            assert_eq!((shipped.minutes, shipped.unclear), (wanted.minutes, wanted.unclear), "{shipped:?}");
        }
    }

    #[test]
    fn waking_hours_need_to_know_the_sleep() {
        let us = population("OECD", "US", "2019").unwrap();
        let waking = us.shares(Day::Waking).unwrap();
        assert!((waking[SELF_CARE] - 121.0 / 895.0).abs() < 1e-12);
        assert!((waking.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(population("ATUS", "US", "2012-2016").unwrap().shares(Day::Waking), None);
    }

    #[test]
    fn every_term_of_icatus_has_a_class() {
        let icatus = Taxonomy::icatus_2016();
        let class = |code| class_of(icatus.position(code).unwrap()).map(|class| CLASS_CODES[class]);
        assert_eq!(
            [class("2"), class("311"), class("91"), class("110")],
            [Some("2-3"), Some("2-3"), Some("9"), Some("1")]
        );
        assert!((0..icatus.terms().len()).all(|term| class_of(term).is_some()));
    }

    #[test]
    fn what_is_wrong_is_told_by_line() {
        let header = "source,country_iso2,survey_year,age,sex,icatus_major,minutes_per_day\n";
        let rows = |change: &str, to: &str| {
            let classes = CLASS_CODES.map(|class| format!("S,US,2020,15+,T,{class},100\n")).concat();
            format!("{header}{}", classes.replacen(change, to, 1))
        };
        let codes = |text: String| {
            let faults = read(text.as_bytes(), &Limits::default()).unwrap_err().faults;
            faults.into_iter().map(|fault| (fault.code, fault.place)).collect::<Vec<_>>()
        };
        assert!(read(rows("x", "y").as_bytes(), &Limits::default()).is_ok());
        assert_eq!(codes(rows("US", "usa"))[0], (FaultCode::OutOfRange, Place::Line(2)));
        assert_eq!(codes(rows("T,4,100", "T,10,100"))[0], (FaultCode::UnknownLabel, Place::Line(4)));
        assert_eq!(codes(rows("T,4,100", "T,4,-1"))[0], (FaultCode::OutOfRange, Place::Line(4)));
        assert_eq!(codes(rows("T,4,100", "T,4,1000"))[0], (FaultCode::OutOfRange, Place::Line(2)));
        assert_eq!(codes(rows("T,4,100", "T,5,100")).len(), 2);
        assert_eq!(
            codes(rows("T,9,100\n", "T,9,100\nS,US,2020,15+,T,91,101\n"))[0],
            (FaultCode::OutOfRange, Place::Line(2))
        );
    }
}
