//! The tables that are published at all: a fixed list, because free questions can be subtracted from each other.
//!
//! People and teams by what they are, in every edition.
//! Two properties of people are never crossed: with some sixty people an edition nothing of that could be shown.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::table::{CountTable, TableError};
use crate::snapshot::{Dimension, Edition, Lists, Snapshot, UNKNOWN};

/// What a team is whose people are of several classes.
const MIXED: &str = "mixed";

/// The sizes of teams that are told apart, each with the most people in it.
const SIZES: [(&str, usize); 5] =
    [("1", 1), ("2-3", 3), ("4-6", 6), ("7-10", 10), ("11 and more", usize::MAX)];

/// A table of the fixed list; its columns are the editions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicTable {
    /// People by the sector of most of their affiliation.
    PeopleBySector,
    /// People by country.
    PeopleByCountry,
    /// People by career stage.
    PeopleByCareerStage,
    /// Teams by the sector that all of their people are of.
    TeamsBySector,
    /// Teams by country.
    TeamsByCountry,
    /// Teams by how many people they have.
    TeamsBySize,
}

impl PublicTable {
    /// The whole list.
    pub const ALL: [Self; 6] = [
        Self::PeopleBySector,
        Self::PeopleByCountry,
        Self::PeopleByCareerStage,
        Self::TeamsBySector,
        Self::TeamsByCountry,
        Self::TeamsBySize,
    ];

    /// The table with everything in it; not to be shown before it is [published](super::publish()).
    ///
    /// Classes are read on the day of each edition's deadline, from the named lists.
    /// A snapshot without editions or without anybody in them has no table.
    pub fn of(self, snapshot: &Snapshot, lists: &Lists) -> Result<CountTable, TableError> {
        let mut numbers: BTreeMap<&str, u64> = BTreeMap::new();
        // By category, then by edition.
        let mut cells: BTreeMap<&str, Vec<Vec<u64>>> = BTreeMap::new();
        for (column, edition) in snapshot.editions.iter().enumerate() {
            for (category, id) in self.categories(snapshot, edition, lists) {
                let next = numbers.len() as u64;
                let number = *numbers.entry(id).or_insert(next);
                let row = cells.entry(category).or_insert_with(|| vec![Vec::new(); snapshot.editions.len()]);
                row[column].push(number);
            }
        }
        let rows = cells.keys().map(|category| (*category).to_owned()).collect();
        let columns = snapshot.editions.iter().map(|edition| edition.id.clone()).collect();
        CountTable::of_people(rows, columns, cells.values().map(Vec::as_slice))
    }

    /// Everybody of an edition with what they are.
    fn categories<'s>(
        self,
        snapshot: &'s Snapshot,
        edition: &'s Edition,
        lists: &Lists,
    ) -> Vec<(&'s str, &'s str)> {
        match self {
            Self::PeopleBySector => people(snapshot, edition, Dimension::Sector, lists),
            Self::PeopleByCountry => people(snapshot, edition, Dimension::Country, lists),
            Self::PeopleByCareerStage => people(snapshot, edition, Dimension::CareerStage, lists),
            Self::TeamsBySector => teams(snapshot, edition, Dimension::Sector, lists),
            Self::TeamsByCountry => teams(snapshot, edition, Dimension::Country, lists),
            Self::TeamsBySize => {
                let sized = snapshot.entries(edition).into_iter().map(|entry| {
                    let size = SIZES.iter().find(|(_, most)| entry.people.len() <= *most);
                    (size.map_or(UNKNOWN, |(name, _)| *name), entry.team.id.as_str())
                });
                sized.collect()
            }
        }
    }
}

fn people<'s>(
    snapshot: &'s Snapshot,
    edition: &'s Edition,
    dimension: Dimension,
    lists: &Lists,
) -> Vec<(&'s str, &'s str)> {
    let day = snapshot.class_day(edition);
    let class = |person| snapshot.main_class(person, day, dimension, lists).unwrap_or(UNKNOWN);
    snapshot.participants(edition).into_iter().map(|person| (class(person), person)).collect()
}

fn teams<'s>(
    snapshot: &'s Snapshot,
    edition: &'s Edition,
    dimension: Dimension,
    lists: &Lists,
) -> Vec<(&'s str, &'s str)> {
    let day = snapshot.class_day(edition);
    let classed = snapshot.entries(edition).into_iter().map(|entry| {
        let of_person = |person: &&'s str| snapshot.main_class(person, day, dimension, lists);
        let classes: BTreeSet<&str> = entry.people.iter().filter_map(of_person).collect();
        let class = match classes.first() {
            None => UNKNOWN,
            Some(class) if classes.len() == 1 => class,
            Some(_) => MIXED,
        };
        (class, entry.team.id.as_str())
    });
    classed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::{Policy, publish};
    use crate::snapshot::sample::three_editions;

    /// Sixty people in fifteen teams of four, and in each edition the first teams: all, all but one, all but two.
    fn snapshot() -> Snapshot {
        let mut records = three_editions();
        records.organization("university", "academia", "AT");
        records.organization("company", "industry_other", "US");
        records.organization("institute", "public_research", "JP");
        for team in 0..15 {
            // Ten teams of the university, four of the company, one of the institute; every fifth has a guest from the company.
            let home =
                ["university", "company", "institute"][usize::from(team >= 10) + usize::from(team == 14)];
            let people: Vec<String> = (0..4).map(|place| format!("p{team}.{place}")).collect();
            for (place, person) in people.iter().enumerate() {
                let guest = team % 5 == 0 && place == 3;
                records.person(person, Some(if guest { "company" } else { home }));
            }
            let id = format!("t{team}");
            records.team(&id, &people.iter().map(String::as_str).collect::<Vec<_>>());
            for (skipped, edition) in ["2023", "2024", "2025"].into_iter().enumerate() {
                if team >= skipped {
                    records.enter(&id, edition);
                }
            }
        }
        Snapshot::new(records).unwrap()
    }

    fn values(table: &CountTable) -> Vec<(String, Vec<u64>)> {
        let row =
            |row: usize| (0..table.columns().len()).map(|column| table.cell(row, column).value).collect();
        table.rows().iter().enumerate().map(|(place, name)| (name.clone(), row(place))).collect()
    }

    #[test]
    fn people_and_teams_are_counted_by_edition() {
        let snapshot = snapshot();
        let of = |table: PublicTable| values(&table.of(&snapshot, &Lists::default()).unwrap());
        assert_eq!(
            of(PublicTable::PeopleBySector),
            [
                ("academia".to_owned(), vec![38, 35, 31]),
                ("industry_other".to_owned(), vec![18, 17, 17]),
                ("public_research".to_owned(), vec![4, 4, 4]),
            ]
        );
        assert_eq!(
            of(PublicTable::TeamsBySector),
            [
                ("academia".to_owned(), vec![8, 8, 7]),
                ("industry_other".to_owned(), vec![4, 4, 4]),
                (MIXED.to_owned(), vec![2, 1, 1]),
                ("public_research".to_owned(), vec![1, 1, 1]),
            ]
        );
        assert_eq!(of(PublicTable::TeamsBySize), [("4-6".to_owned(), vec![15, 14, 13])]);
        assert_eq!(of(PublicTable::PeopleByCareerStage).len(), 1);
    }

    #[test]
    fn the_institute_of_four_is_not_found() {
        let snapshot = snapshot();
        let table = PublicTable::PeopleBySector.of(&snapshot, &Lists::default()).unwrap();
        let found = publish(&table, Policy::DEFAULT).unwrap();
        // The same four people three times are fewer than fifteen, and take the eighteen of the companies with them.
        assert_eq!(found.merged_rows, ["industry_other", "public_research"]);
        assert_eq!(found.table.cells[1], [Some(22), Some(21), Some(21)]);
        assert!(found.suppressed.is_empty());
        let teams = PublicTable::TeamsBySector.of(&snapshot, &Lists::default()).unwrap();
        // Fifteen teams are just enough to say how many entries there were; every edition alone but the first has fewer.
        assert_eq!(publish(&teams, Policy::DEFAULT).unwrap().table.cells, [[Some(42)]]);
    }

    #[test]
    fn nobody_has_no_table() {
        let empty = Snapshot::new(three_editions()).unwrap();
        for table in PublicTable::ALL {
            assert_eq!(table.of(&empty, &Lists::default()), Err(TableError::Empty));
        }
    }
}
