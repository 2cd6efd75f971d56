//! Taxonomies of activities: terms with codes, one inside the other.
//!
//! ICATUS 2016, the United Nations' classification of activities for time-use statistics, is shipped: 9 major divisions,
//! 56 divisions, 165 groups, codes and titles only (the definitions are the United Nations' text).

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use sdk::{Code as FaultCode, Faults, Limits, Table};
use serde::Serialize;

use crate::nearest::{nearest, suggestion, with_suggestion};
use crate::vocabularies::{Vocabularies, is_code, is_text, owned};

/// Codes, titles and parents of ICATUS 2016 (UN Statistical Papers, Series M No. 98, 2021).
pub const ICATUS_2016: &[u8] = include_bytes!("taxonomies/icatus2016.csv");

/// A term of a taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Term {
    /// The code, unique in the taxonomy: `311`.
    pub code: String,
    /// What people read: `Preparing meals/snacks`.
    pub title: String,
    /// The term that this one is a kind of, as a position in [`Taxonomy::terms`].
    pub parent: Option<usize>,
    /// How many terms there are from the top to this one, itself counted: 1 for a term without parent.
    pub depth: usize,
    /// How it came into the list: a code of `term.origin`; none where nobody says.
    pub origin: Option<String>,
}

/// One version of a list of terms; a copy of it is another name for the same list.
#[derive(Debug, Clone, Default)]
pub struct Taxonomy(Arc<List>);

#[derive(Debug, Default)]
struct List {
    name: String,
    terms: Vec<Term>,
    positions: HashMap<String, usize>,
}

/// The levels of ICATUS 2016, as depths of its terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// One digit, 9 classes by the main purpose.
    MajorDivision,
    /// Two digits, 56 classes.
    Division,
    /// Three digits, 165 classes.
    Group,
}

impl Level {
    /// The depth of the terms of this level.
    pub fn depth(self) -> usize {
        match self {
            Self::MajorDivision => 1,
            Self::Division => 2,
            Self::Group => 3,
        }
    }
}

/// A term that a taxonomy does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code:?} is no term of {taxonomy}{}", suggestion(.nearest))]
pub struct UnknownTerm {
    /// The taxonomy and its version.
    pub taxonomy: String,
    /// The code that was asked for.
    pub code: String,
    /// The nearest codes, at most three.
    pub nearest: Vec<String>,
}

impl Taxonomy {
    /// ICATUS 2016.
    pub fn icatus_2016() -> &'static Self {
        // A test reads the file; should it ever be damaged, every lookup fails with a name instead of the process.
        static ICATUS: LazyLock<Taxonomy> = LazyLock::new(|| {
            Taxonomy::read("ICATUS 2016", ICATUS_2016, &Limits::default()).unwrap_or_default()
        });
        &ICATUS
    }

    /// The list of terms that are on record: a code, a title, the code of the term that it lies inside, and its origin.
    ///
    /// A term whose parent is not there stands at the top.
    pub fn of_records(
        name: &str,
        records: impl IntoIterator<Item = (String, String, Option<String>, Option<String>)>,
    ) -> Self {
        let records: Vec<_> = records.into_iter().collect();
        let positions: HashMap<&str, usize> =
            records.iter().enumerate().map(|(position, record)| (record.0.as_str(), position)).collect();
        let parents: Vec<Option<usize>> =
            records.iter().map(|(_, _, parent, _)| positions.get(parent.as_deref()?).copied()).collect();
        let depths = depths(&parents);
        let terms = records.into_iter().enumerate().map(|(position, (code, title, _, origin))| Term {
            code,
            title,
            parent: parents[position],
            depth: depths[position].unwrap_or(0),
            origin,
        });
        Self::of_terms(name, terms.collect())
    }

    fn of_terms(name: &str, terms: Vec<Term>) -> Self {
        let positions =
            terms.iter().enumerate().map(|(position, term)| (term.code.clone(), position)).collect();
        Self(Arc::new(List { name: name.to_owned(), terms, positions }))
    }

    /// Whether two names are of the same list in memory.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Reads a CSV table with the columns `code`, `title`, where terms lie inside others `parent`, and where it is known how
    /// they came into the list `origin`.
    ///
    /// `name` is the taxonomy with its version, as messages say it.
    /// Faults, all at once, each with its line and column: codes that are malformed or stand twice, empty titles, parents
    /// that are no terms, terms that lie inside themselves, and origins that are no codes of `term.origin`.
    pub fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Self, Faults> {
        let table = Table::read(bytes, limits)?;
        let (code, title, parent) = (table.require("code")?, table.require("title")?, table.column("parent"));
        let origin = table.column("origin");
        let mut faults = Faults::new();
        let rows = table.unique(code, &mut faults);
        let origins: Vec<Option<String>> =
            (0..table.len()).map(|row| origin_of(&table, row, origin?, &mut faults)).collect();
        let mut parents: Vec<Option<usize>> = vec![None; table.len()];
        for (row, above) in parents.iter_mut().enumerate() {
            if !is_code(table.cell(row, code)) {
                faults.push_with(|| table.cell_fault(row, code, FaultCode::OutOfRange, "a code"));
            }
            if !is_text(table.cell(row, title)) {
                faults.push_with(|| {
                    table.cell_fault(row, title, FaultCode::OutOfRange, "a title of 1 to 200 bytes")
                });
            }
            let Some(parent) = parent.filter(|parent| !table.cell(row, *parent).is_empty()) else { continue };
            *above = rows.get(table.cell(row, parent)).copied();
            if above.is_none() {
                faults.push_with(|| {
                    let near = nearest(table.cell(row, parent), rows.keys().copied());
                    let fault =
                        table.cell_fault(row, parent, FaultCode::UnknownIds, "a code of the same table");
                    with_suggestion(fault, &near)
                });
            }
        }
        let depths = depths(&parents);
        for (row, _) in depths.iter().enumerate().filter(|(_, depth)| depth.is_none()) {
            let parent = parent.unwrap_or(code);
            let expected = "a term that does not lie inside this one";
            faults.push_with(|| table.cell_fault(row, parent, FaultCode::WrongShape, expected));
        }
        let terms = (0..table.len()).map(|row| Term {
            code: table.cell(row, code).to_owned(),
            title: table.cell(row, title).trim().to_owned(),
            parent: parents[row],
            depth: depths[row].unwrap_or(0),
            origin: origins[row].clone(),
        });
        faults.or(Self::of_terms(name, terms.collect()))
    }

    /// The name with the version.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// All terms in the order in which they were read.
    pub fn terms(&self) -> &[Term] {
        &self.0.terms
    }

    /// The position of a term, if the taxonomy has it.
    pub fn find(&self, code: &str) -> Option<usize> {
        self.0.positions.get(code).copied()
    }

    /// The position of a term, or what was probably meant.
    pub fn position(&self, code: &str) -> Result<usize, UnknownTerm> {
        self.find(code).ok_or_else(|| UnknownTerm {
            taxonomy: self.0.name.clone(),
            code: code.to_owned(),
            nearest: owned(self.nearest(code)),
        })
    }

    /// The codes that are most like a text, at most three.
    pub fn nearest(&self, code: &str) -> Vec<&str> {
        nearest(code, self.0.terms.iter().map(|term| term.code.as_str()))
    }

    /// The positions of the terms of a depth, in their order.
    pub fn at_depth(&self, depth: usize) -> impl Iterator<Item = usize> {
        let terms = self.0.terms.iter().enumerate();
        terms.filter(move |(_, term)| term.depth == depth).map(|(position, _)| position)
    }

    /// The term of a depth that a term lies inside, which may be itself; absent where the term is above that depth.
    pub fn ancestor(&self, position: usize, depth: usize) -> Option<usize> {
        let mut at = position;
        while self.0.terms[at].depth > depth {
            at = self.0.terms[at].parent?;
        }
        (self.0.terms[at].depth == depth).then_some(at)
    }
}

/// How a term came into its list; that the code does not exist is a fault.
fn origin_of(table: &Table, row: usize, column: usize, faults: &mut Faults) -> Option<String> {
    let given = table.cell(row, column);
    if given.is_empty() {
        return None;
    }
    let known = Vocabularies::shipped().vocabulary("term.origin").ok()?;
    if !known.contains(given) {
        faults.push_with(|| {
            let fault = table.cell_fault(row, column, FaultCode::UnknownLabel, "a code of term.origin");
            with_suggestion(fault, &nearest(given, known.codes.iter().map(|code| code.code.as_str())))
        });
    }
    Some(given.to_owned())
}

/// How deep every term lies; absent for those that lie inside themselves or inside one that does.
fn depths(parents: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut depths: Vec<Option<usize>> = vec![None; parents.len()];
    let mut visited = vec![false; parents.len()];
    for start in 0..parents.len() {
        let mut path = Vec::new();
        let mut at = Some(start);
        while let Some(term) = at.filter(|term| !visited[*term]) {
            visited[term] = true;
            path.push(term);
            at = parents[term];
        }
        // Either the top was passed, or a term whose depth is known, or the path has come back to itself.
        let mut depth = match at {
            None => Some(0),
            Some(term) => depths[term],
        };
        for term in path.into_iter().rev() {
            depth = depth.map(|depth| depth + 1);
            depths[term] = depth;
        }
    }
    depths
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sdk::Place;

    use super::*;

    #[test]
    fn icatus_has_its_classes() {
        let read = Taxonomy::read("ICATUS 2016", ICATUS_2016, &Limits::default()).unwrap();
        let icatus = Taxonomy::icatus_2016();
        assert_eq!(icatus.terms(), read.terms());
        let count = |level: Level| icatus.at_depth(level.depth()).count();
        assert_eq!([count(Level::MajorDivision), count(Level::Division), count(Level::Group)], [9, 56, 165]);
        let cooking = icatus.position("311").unwrap();
        assert_eq!(icatus.terms()[cooking].title, "Preparing meals/snacks");
        let above = |depth| icatus.ancestor(cooking, depth).map(|term| icatus.terms()[term].code.as_str());
        assert_eq!([above(1), above(2), above(3), above(4)], [Some("3"), Some("31"), Some("311"), None]);
    }

    #[test]
    fn an_unknown_term_is_told_what_it_should_have_been() {
        let error = Taxonomy::read("T", b"code,title\ncooking,Cooking\n", &Limits::default()).unwrap();
        let error = error.position("coking").unwrap_err();
        assert_eq!(error.to_string(), "\"coking\" is no term of T; did you mean \"cooking\"?");
    }

    fn faults(text: &str) -> Vec<(FaultCode, Place, Option<String>)> {
        let faults = Taxonomy::read("T", text.as_bytes(), &Limits::default()).unwrap_err();
        faults.faults.into_iter().map(|fault| (fault.code, fault.place, fault.hint)).collect()
    }

    #[test]
    fn what_is_wrong_is_told_by_line() {
        let found = faults("code,title,parent\nfood,Food,\nfood,Food,\ncook,,fod\n");
        assert_eq!(
            found,
            [
                (FaultCode::DuplicateIds, Place::Line(3), None),
                (FaultCode::OutOfRange, Place::Line(4), None),
                (FaultCode::UnknownIds, Place::Line(4), Some("did you mean \"food\"?".to_owned())),
            ]
        );
    }

    #[test]
    fn a_term_cannot_lie_inside_itself() {
        let found = faults("code,title,parent\na,A,b\nb,B,a\nc,C,a\nd,D,\n");
        let lines: Vec<Place> = found.iter().map(|(_, place, _)| place.clone()).collect();
        assert_eq!(lines, [Place::Line(2), Place::Line(3), Place::Line(4)]);
        assert_eq!(faults("code,title,parent\na,A,a\n")[0].0, FaultCode::WrongShape);
    }

    #[test]
    fn what_is_on_record_is_the_list_again() {
        let icatus = Taxonomy::icatus_2016();
        let parent = |term: &Term| term.parent.map(|parent| icatus.terms()[parent].code.clone());
        let records = icatus
            .terms()
            .iter()
            .map(|term| (term.code.clone(), term.title.clone(), parent(term), term.origin.clone()));
        assert_eq!(Taxonomy::of_records("again", records).terms(), icatus.terms());
    }

    #[test]
    fn a_term_may_say_how_it_came_into_the_list() {
        let text = b"code,title,origin\na,A,ad_hoc\nb,B,\n";
        let read = Taxonomy::read("T", text, &Limits::default()).unwrap();
        let origins: Vec<Option<&str>> = read.terms().iter().map(|term| term.origin.as_deref()).collect();
        assert_eq!(origins, [Some("ad_hoc"), None]);
        let found = faults("code,title,origin\na,A,plannd\n");
        let hint = Some("did you mean \"planned\"?".to_owned());
        assert_eq!(found, [(FaultCode::UnknownLabel, Place::Line(2), hint)]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn depths_are_those_of_walking_up(parents in prop::collection::vec(prop::option::of(0_usize..12), 12)) {
            let walked = |start: usize| {
                let (mut at, mut steps) = (start, 1);
                while let Some(parent) = parents[at] {
                    (at, steps) = (parent, steps + 1);
                    if steps > parents.len() {
                        return None;
                    }
                }
                Some(steps)
            };
            let expected: Vec<Option<usize>> = (0..12).map(walked).collect();
            prop_assert_eq!(depths(&parents), expected);
        }
    }
}
