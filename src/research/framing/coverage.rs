//! F1: which activities the labels can reach at all, which have hours, and which are scored.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::mappings::{MappedTerm, Mapping};

/// What is reached at one level of the target taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// How many classes the level has.
    pub classes: usize,
    /// How many are the primary class of a label.
    pub by_primary: usize,
    /// How many a label may mean: every class that a coder names, of labels that fix another class too.
    pub by_any: usize,
    /// How many a label with an amount may mean, for every list of amounts.
    pub by_amount: Vec<usize>,
    /// The codes of the classes that no label may mean: what cannot be recorded whatever happens.
    pub never: Vec<String>,
}

/// What the labels of a mapping reach at a depth of its target.
///
/// `amounts` are lists of labels that have hours, scored instances and so on; labels that are not mapped are passed over.
pub fn coverage<'a>(mapping: &Mapping, depth: usize, amounts: &[&[(&'a str, f64)]]) -> Coverage {
    let target = mapping.target();
    let classes: BTreeSet<usize> = target.at_depth(depth).collect();
    let reached = |labels: &mut dyn Iterator<Item = &MappedTerm>, only_primary: bool| {
        let candidates = labels.flat_map(|label| &label.candidates);
        let counted = candidates.filter(|candidate| !only_primary || candidate.weight > 0.0);
        counted.filter_map(|candidate| target.ancestor(candidate.term, depth)).collect::<BTreeSet<usize>>()
    };
    let any = reached(&mut mapping.terms().iter(), false);
    let of_amounts = |amounts: &&[(&'a str, f64)]| {
        let present = amounts.iter().filter(|(_, amount)| *amount > 0.0);
        reached(&mut present.filter_map(|(code, _)| mapping.term(code)), false).len()
    };
    Coverage {
        classes: classes.len(),
        by_primary: reached(&mut mapping.terms().iter(), true).len(),
        by_any: any.len(),
        by_amount: amounts.iter().map(of_amounts).collect(),
        never: classes.difference(&any).map(|class| target.terms()[*class].code.clone()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_ego4d_scenarios_reach() {
        let mapping = Mapping::ego4d_scenarios();
        let divisions = coverage(mapping, 2, &[&[("4", 372.0), ("31", 69.0), ("1000", 0.0)]]);
        assert_eq!((divisions.classes, divisions.by_primary, divisions.by_any), (56, 26, 45));
        assert_eq!(divisions.never, ["16", "17", "24", "35", "39", "42", "49", "53", "69", "79", "99"]);
        // Cooking may be food preparation, employment or volunteering; television is mass media.
        assert_eq!(divisions.by_amount, [4]);
        let groups = coverage(mapping, 3, &[]);
        assert_eq!((groups.classes, groups.by_primary, groups.by_any), (165, 47, 90));
    }
}
