//! Two coders of one mapping: how far they agree, and what their disagreement leaves open.

use sdk::Evidence;
use sdk::evidence::{Cell, Confusion, ConfusionMeasure, KappaWeights, NO_CLASS};
use serde::Serialize;

use super::{Candidate, Determinacy, MappedTerm, Mapping};

/// How far two coders agree on the primary classes at one depth of the target.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoderAgreement {
    /// How many terms both have mapped.
    pub terms: usize,
    /// On how many they name the same primary class, or both none.
    pub agreed: usize,
    /// Cohen's kappa (1960), -1..=1; absent without terms, and where chance alone explains everything.
    pub kappa: Option<f64>,
    /// The codes of the terms that they class differently.
    pub disputed: Vec<String>,
}

/// Two mappings cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CoderError {
    /// They are mappings of or into different lists.
    #[error("the coders have mapped {first} and {second}, which are not the same")]
    Different {
        /// What the first has mapped into what.
        first: String,
        /// What the second has.
        second: String,
    },
}

/// How far two mappings of one source agree on the classes of a depth; terms that only one has mapped are left out.
///
/// "No primary class" is a class of its own here: two coders who both see none agree.
pub fn agreement(first: &Mapping, second: &Mapping, depth: usize) -> Result<CoderAgreement, CoderError> {
    comparable(first, second)?;
    let target = first.target();
    let class = |term: &MappedTerm| {
        let primary = term.candidates.iter().find(|candidate| candidate.weight > 0.0)?;
        target.ancestor(primary.term, depth)
    };
    // The last class stands for none.
    let none = target.terms().len() as u32;
    let mut cells = Vec::new();
    let mut disputed = Vec::new();
    for one in first.terms() {
        let Some(other) = second.term(&one.code) else { continue };
        let [truth, predicted] =
            [class(one), class(other)].map(|class| class.map_or(none, |class| class as u32));
        if truth != predicted {
            disputed.push(one.code.clone());
        }
        cells.push(Cell { item: 0, truth, predicted, count: 1 });
    }
    debug_assert!(none != NO_CLASS, "a taxonomy is far smaller");
    let terms = cells.len();
    let kappa = (terms > 0).then(|| kappa(none + 1, cells)).flatten();
    Ok(CoderAgreement { terms, agreed: terms - disputed.len(), kappa, disputed })
}

/// One mapping from two: every class that either coder allows stays possible.
///
/// The point is the mean of both; the bounds reach from the lesser least to the greater most, so that a dispute widens them.
/// A term that both call determined by its label but class differently is not: what fixes it is not recorded
/// ([`Determinacy::ContextOnly`]).
/// Terms that only one has mapped stay as they are.
pub fn reconcile(first: &Mapping, second: &Mapping, version: &str) -> Result<Mapping, CoderError> {
    comparable(first, second)?;
    let mut terms: Vec<MappedTerm> = first
        .terms()
        .iter()
        .map(|one| second.term(&one.code).map_or_else(|| one.clone(), |other| reconciled(one, other)))
        .collect();
    terms.extend(second.terms().iter().filter(|term| first.term(&term.code).is_none()).cloned());
    Ok(Mapping::of_terms(first.source(), version, first.target(), terms))
}

fn reconciled(one: &MappedTerm, other: &MappedTerm) -> MappedTerm {
    let find =
        |term: &MappedTerm, class| term.candidates.iter().find(|candidate| candidate.term == class).copied();
    let mut classes: Vec<usize> = one.candidates.iter().map(|candidate| candidate.term).collect();
    classes.extend(
        other.candidates.iter().map(|candidate| candidate.term).filter(|class| find(one, *class).is_none()),
    );
    // A coder without a primary class has no point to take the mean with.
    let has_point = |term: &MappedTerm| term.candidates.iter().any(|candidate| candidate.weight > 0.0);
    let (first_counts, second_counts) = match (has_point(one), has_point(other)) {
        (true, false) => (1.0, 0.0),
        (false, true) => (0.0, 1.0),
        _ => (0.5, 0.5),
    };
    let merged = classes.into_iter().map(|class| {
        let absent = Candidate { term: class, weight: 0.0, least: 0.0, most: 0.0 };
        let [a, b] = [find(one, class), find(other, class)].map(|found| found.unwrap_or(absent));
        Candidate {
            term: class,
            weight: first_counts * a.weight + second_counts * b.weight,
            least: a.least.min(b.least),
            most: a.most.max(b.most),
        }
    });
    let candidates: Vec<Candidate> = merged.collect();
    let is_certain = candidates.iter().any(|candidate| candidate.least >= 1.0);
    let determinacy = match (one.determinacy, other.determinacy) {
        (Determinacy::Label, Determinacy::Label) if !is_certain => Determinacy::ContextOnly,
        (Determinacy::Label | Determinacy::Unmappable, other) => other,
        (one, _) => one,
    };
    let relation = if one.relation == other.relation { &one.relation } else { "relatedMatch" };
    MappedTerm {
        code: one.code.clone(),
        title: one.title.clone(),
        determinacy,
        relation: relation.to_owned(),
        candidates,
    }
}

fn comparable(first: &Mapping, second: &Mapping) -> Result<(), CoderError> {
    let names = |mapping: &Mapping| format!("{} into {}", mapping.source(), mapping.target().name());
    if first.target().is_same(second.target()) && first.source() == second.source() {
        return Ok(());
    }
    Err(CoderError::Different { first: names(first), second: names(second) })
}

fn kappa(classes: u32, cells: Vec<Cell>) -> Option<f64> {
    let mut evidence = Evidence::new(1);
    let measures = vec![ConfusionMeasure::Kappa(KappaWeights::Equal)];
    let block = evidence.block(Confusion { classes, ordered: false, cells, measures });
    evidence.metric("kappa", 1.0, block.output(0));
    evidence.score_all().get("kappa")?.value()
}

#[cfg(test)]
mod tests {
    use sdk::Limits;

    use super::*;
    use crate::taxonomies::Taxonomy;

    fn sheet(rows: &str) -> Mapping {
        let header =
            "scenario_id,scenario_name,icatus_primary,icatus_alternatives,mapping_relation,determinacy\n";
        let text = format!("{header}{rows}");
        Mapping::read("s", "1", Taxonomy::icatus_2016(), text.as_bytes(), &Limits::default()).unwrap()
    }

    fn candidates(mapping: &Mapping, code: &str) -> Vec<(String, f64, f64, f64)> {
        let titles = mapping.target().terms();
        let each = mapping.term(code).unwrap().candidates.iter();
        each.map(|c| (titles[c.term].code.clone(), c.weight, c.least, c.most)).collect()
    }

    #[test]
    fn kappa_is_that_of_a_small_worked_table() {
        // Two classes, eight terms: (1,1) four times, (1,2) once, (2,2) three times.
        // Observed 7/8; expected (5 * 4 + 3 * 4) / 64 = 1/2; kappa = (7/8 - 1/2) / (1/2) = 3/4.
        let rows = |classes: [u16; 8]| {
            let row = |(code, class): (usize, &u16)| format!("{code},x,{class},,closeMatch,label\n");
            classes.iter().enumerate().map(row).collect::<String>()
        };
        let first = sheet(&rows([311, 312, 313, 311, 311, 911, 912, 911]));
        let second = sheet(&rows([311, 311, 311, 311, 911, 911, 911, 911]));
        let found = agreement(&first, &second, 1).unwrap();
        assert_eq!((found.terms, found.agreed, found.disputed.as_slice()), (8, 7, &["4".to_owned()][..]));
        assert!((found.kappa.unwrap() - 0.75).abs() < 1e-12);
        assert_eq!(agreement(&first, &second, 3).unwrap().agreed, 4);
        assert_eq!(agreement(&first, &first, 1).unwrap().kappa, Some(1.0));
    }

    #[test]
    fn what_cannot_be_compared_is_refused_or_absent() {
        let one = sheet("1,x,311,,closeMatch,label\n");
        assert_eq!(agreement(&one, &sheet("2,y,311,,closeMatch,label\n"), 1).unwrap().kappa, None);
        assert_eq!(agreement(&one, &one, 1).unwrap().kappa, None, "chance alone explains one class");
        assert!(agreement(&one, Mapping::ego4d_scenarios(), 1).is_err());
    }

    #[test]
    fn a_dispute_widens_the_bounds() {
        let first = sheet(
            "1,x,311,,closeMatch,label\n2,y,921,,closeMatch,label\n3,z,,181,relatedMatch,travel_purpose\n",
        );
        let second = sheet(
            "1,x,110,,closeMatch,label\n2,y,921,,closeMatch,label\n3,z,250,181,closeMatch,travel_purpose\n4,w,611,,closeMatch,label\n",
        );
        let both = reconcile(&first, &second, "2").unwrap();
        assert_eq!(candidates(&both, "1"), [("311".into(), 0.5, 0.0, 1.0), ("110".into(), 0.5, 0.0, 1.0)]);
        assert_eq!(both.term("1").unwrap().determinacy, Determinacy::ContextOnly);
        assert_eq!(candidates(&both, "2"), [("921".into(), 1.0, 1.0, 1.0)]);
        assert_eq!(both.term("2").unwrap().determinacy, Determinacy::Label);
        assert_eq!(candidates(&both, "3"), [("181".into(), 0.0, 0.0, 1.0), ("250".into(), 1.0, 0.0, 1.0)]);
        assert_eq!(both.term("4").unwrap().determinacy, Determinacy::Label);
        assert_eq!((both.terms().len(), both.version()), (4, "2"));
    }
}
