//! Mappings: what the terms of one list mean in another, and how sure the labels alone make that.
//!
//! A label rarely says what an activity is for, and ICATUS classes activities by purpose.
//! So a mapping never is a function: every term has candidates with a point weight and the least and the most weight that
//! they may have, and a determinacy that says what would fix its class.
//! Whoever computes from a mapping computes with the bounds.

pub mod circles;
pub mod coders;
mod read;

use std::collections::HashMap;
use std::sync::LazyLock;

use sdk::{Limits, Table};
use serde::Serialize;

use crate::taxonomies::Taxonomy;

/// Two weights that differ by less are equal: sums of decimal fractions are not exact.
pub(crate) const TOLERANCE: f64 = 1e-9;

/// The 169 scenarios of Ego4D in ICATUS 2016: a proposal of one coder, version 0.1.0.
pub const EGO4D_SCENARIOS: &[u8] = include_bytes!("mappings/ego4d_scenarios_to_icatus2016.csv");

/// What fixes the class of a term (vocabulary `mapping.determinacy`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Determinacy {
    /// The label alone.
    Label,
    /// Why it is done.
    Purpose,
    /// What a journey is for.
    TravelPurpose,
    /// Nothing that is recorded: the label names a place or a medium.
    ContextOnly,
    /// Who does it, paid or not.
    Agent,
    /// Nothing: the taxonomy has no class for it.
    Unmappable,
}

impl Determinacy {
    const ALL: [Self; 6] =
        [Self::Label, Self::Purpose, Self::TravelPurpose, Self::ContextOnly, Self::Agent, Self::Unmappable];

    /// The code in the vocabulary.
    pub fn code(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Purpose => "purpose",
            Self::TravelPurpose => "travel_purpose",
            Self::ContextOnly => "context_only",
            Self::Agent => "agent",
            Self::Unmappable => "unmappable",
        }
    }

    /// The determinacy of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// A term of the target that a term may mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Candidate {
    /// The position in the target's terms.
    pub term: usize,
    /// The share that a point value gives it, 0..=1; the shares of a term sum to 1, or to 0 where it has no primary class.
    pub weight: f64,
    /// The least share that it may have.
    pub least: f64,
    /// The most.
    pub most: f64,
}

/// A term of the source and what it may mean.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MappedTerm {
    /// Its code in the source.
    pub code: String,
    /// Its title there.
    pub title: String,
    /// What fixes its class.
    pub determinacy: Determinacy,
    /// How it relates to its primary class: a code of `mapping.skos`.
    pub relation: String,
    /// What it may mean; the first is the primary class where there is one. Empty where nothing fits.
    pub candidates: Vec<Candidate>,
}

/// What the terms of a source mean in a target taxonomy, as one coder sees it.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// The source with its version.
    source: String,
    /// The version of the mapping itself.
    version: String,
    target: Taxonomy,
    terms: Vec<MappedTerm>,
    positions: HashMap<String, usize>,
}

impl Mapping {
    /// The scenarios of Ego4D in ICATUS 2016.
    pub fn ego4d_scenarios() -> &'static Self {
        // A test reads the file; should it ever be damaged, nothing is mapped.
        static EGO4D: LazyLock<Mapping> = LazyLock::new(|| {
            let icatus = Taxonomy::icatus_2016();
            Mapping::read("Ego4D scenarios", "0.1.0", icatus, EGO4D_SCENARIOS, &Limits::default())
                .unwrap_or_else(|_| Mapping::of_terms("Ego4D scenarios", "0.1.0", icatus, Vec::new()))
        });
        &EGO4D
    }

    /// ICATUS 2016 in itself: what is said in its own codes means what it says.
    pub fn icatus_itself() -> &'static Self {
        static ITSELF: LazyLock<Mapping> = LazyLock::new(|| {
            let icatus = Taxonomy::icatus_2016();
            let term = |(position, term): (usize, &crate::taxonomies::Term)| MappedTerm {
                code: term.code.clone(),
                title: term.title.clone(),
                determinacy: Determinacy::Label,
                relation: "exactMatch".to_owned(),
                candidates: vec![Candidate { term: position, weight: 1.0, least: 1.0, most: 1.0 }],
            };
            let terms = icatus.terms().iter().enumerate().map(term).collect();
            Mapping::of_terms("ICATUS 2016", "2016", icatus, terms)
        });
        &ITSELF
    }

    /// The list that the scenarios of Ego4D are: those that were planned, and those that somebody added while recording.
    pub fn list_of_ego4d_scenarios() -> Taxonomy {
        let table = Table::read(EGO4D_SCENARIOS, &Limits::default()).ok();
        let rows = table.iter().flat_map(|table| {
            let column = |name| table.column(name);
            let columns = column("scenario_id").zip(column("scenario_name")).zip(column("is_ad_hoc"));
            columns.into_iter().flat_map(move |((code, title), ad_hoc)| {
                (0..table.len()).map(move |row| {
                    let origin = if table.cell(row, ad_hoc) == "1" { "ad_hoc" } else { "planned" };
                    let text = |column| table.cell(row, column).trim().to_owned();
                    (text(code), text(title), None, Some(origin.to_owned()))
                })
            })
        });
        Taxonomy::of_records("Ego4D scenarios", rows)
    }

    /// The mapping of these terms, whose candidates are positions in the target.
    pub fn of_terms(source: &str, version: &str, target: &Taxonomy, terms: Vec<MappedTerm>) -> Self {
        let positions =
            terms.iter().enumerate().map(|(position, term)| (term.code.clone(), position)).collect();
        let target = target.clone();
        Self { source: source.to_owned(), version: version.to_owned(), target, terms, positions }
    }

    /// The source with its version.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The version of the mapping.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What is mapped to.
    pub fn target(&self) -> &Taxonomy {
        &self.target
    }

    /// All terms in the order in which they were read.
    pub fn terms(&self) -> &[MappedTerm] {
        &self.terms
    }

    /// The position of a term of the source in [`Self::terms`].
    pub fn position(&self, code: &str) -> Option<usize> {
        self.positions.get(code).copied()
    }

    /// A term of the source.
    pub fn term(&self, code: &str) -> Option<&MappedTerm> {
        self.position(code).map(|position| &self.terms[position])
    }

    /// What a term may mean in classes of the target: the weights of the candidates inside each class, summed.
    ///
    /// `class_of` says in which class a term of the target lies, if in any; the number of classes is `classes`.
    pub fn shares_in(
        &self,
        term: &MappedTerm,
        classes: usize,
        class_of: impl Fn(usize) -> Option<usize>,
    ) -> ClassShares {
        let mut shares =
            ClassShares { weight: vec![0.0; classes], least: vec![0.0; classes], most: vec![0.0; classes] };
        for candidate in &term.candidates {
            let Some(class) = class_of(candidate.term) else { continue };
            shares.weight[class] += candidate.weight;
            shares.least[class] += candidate.least;
            shares.most[class] = (shares.most[class] + candidate.most).min(1.0);
        }
        shares
    }
}

/// What a term may mean, by class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassShares {
    /// The point shares; they sum to 1, or to 0 where the term has no primary class.
    pub weight: Vec<f64>,
    /// The least shares.
    pub least: Vec<f64>,
    /// The most.
    pub most: Vec<f64>,
}

impl ClassShares {
    /// Whether the bounds leave no choice between classes.
    pub fn is_fixed(&self) -> bool {
        self.least.iter().zip(&self.most).filter(|(least, most)| *most - *least > TOLERANCE).count() < 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabularies::Vocabularies;

    #[test]
    fn the_determinacies_are_those_of_the_vocabulary() {
        let vocabulary = Vocabularies::shipped().vocabulary("mapping.determinacy").unwrap();
        let codes: Vec<&str> = vocabulary.codes.iter().map(|code| code.code.as_str()).collect();
        assert_eq!(codes, Determinacy::ALL.map(Determinacy::code));
        assert_eq!(Determinacy::of_code("agent"), Some(Determinacy::Agent));
        assert_eq!(Determinacy::of_code("Label"), None);
    }

    #[test]
    fn the_shipped_mapping_is_that_of_the_specification() {
        let shipped = Mapping::ego4d_scenarios();
        assert_eq!(shipped.terms().len(), 169);
        let Some(shared) = test_support::shared_folder() else { return };
        let file = std::fs::read(shared.join("data/framing/ego4d_scenario_to_icatus2016.csv")).unwrap();
        let wanted = Mapping::read("s", "v", Taxonomy::icatus_2016(), &file, &Limits::default()).unwrap();
        assert_eq!(shipped.terms(), wanted.terms());
    }

    #[test]
    fn the_scenarios_are_a_list_of_their_own() {
        let list = Mapping::list_of_ego4d_scenarios();
        let mapped = Mapping::ego4d_scenarios().terms().iter().map(|term| (&term.code, &term.title));
        assert!(mapped.eq(list.terms().iter().map(|term| (&term.code, &term.title))));
        let added = list.terms().iter().filter(|term| term.origin.as_deref() == Some("ad_hoc")).count();
        assert_eq!((list.terms().len(), added), (169, 49));
    }

    #[test]
    fn candidates_of_one_class_are_one_share() {
        let mapping = Mapping::ego4d_scenarios();
        let icatus = mapping.target();
        // Cleaning and laundry: at home (321, 341, 342), as a domestic worker (136) or for a firm (110).
        let cleaning = mapping.term("3").unwrap();
        let majors: Vec<usize> = icatus.at_depth(1).collect();
        let class_of = |term| majors.iter().position(|major| icatus.ancestor(term, 1) == Some(*major));
        let shares = mapping.shares_in(cleaning, majors.len(), class_of);
        assert_eq!(shares.weight[2], 1.0);
        assert_eq!((shares.least[2], shares.most[2], shares.most[0]), (0.0, 1.0, 1.0));
        assert!(!shares.is_fixed());
        assert!(mapping.shares_in(mapping.term("7").unwrap(), majors.len(), class_of).is_fixed());
    }
}
