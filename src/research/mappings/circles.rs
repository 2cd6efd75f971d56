//! Mappings that lead back to where they began.
//!
//! If cooking means food preparation in one list and food preparation means cooking in the other, then both bounds are taken
//! from each other and nothing holds them.

use std::collections::HashMap;

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::Mapping;

/// Terms that mean each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("mappings lead in a circle through {}", .terms.join(", "))]
pub struct CircularMappings {
    /// The terms of the circle, each as `taxonomy: code`, in alphabetical order.
    pub terms: Vec<String>,
}

/// Refuses mappings that, taken together, lead from a term back to itself.
pub fn refuse_circles<'m>(mappings: impl IntoIterator<Item = &'m Mapping>) -> Result<(), CircularMappings> {
    let mut graph: DiGraph<(&str, &str), ()> = DiGraph::new();
    let mut nodes: HashMap<(&str, &str), NodeIndex> = HashMap::new();
    for mapping in mappings {
        let target = mapping.target();
        for term in mapping.terms() {
            let mut node = |name| *nodes.entry(name).or_insert_with(|| graph.add_node(name));
            let from = node((mapping.source(), term.code.as_str()));
            let to: Vec<NodeIndex> = term
                .candidates
                .iter()
                .map(|candidate| node((target.name(), target.terms()[candidate.term].code.as_str())))
                .collect();
            for to in to {
                graph.update_edge(from, to, ());
            }
        }
    }
    let circle = tarjan_scc(&graph).into_iter().find(|nodes| match nodes.as_slice() {
        [single] => graph.contains_edge(*single, *single),
        _ => true,
    });
    let Some(circle) = circle else { return Ok(()) };
    let name = |node: NodeIndex| {
        let (taxonomy, code) = graph[node];
        format!("{taxonomy}: {code}")
    };
    let mut terms: Vec<String> = circle.into_iter().map(name).collect();
    terms.sort_unstable();
    Err(CircularMappings { terms })
}

#[cfg(test)]
mod tests {
    use sdk::Limits;

    use super::*;
    use crate::taxonomies::Taxonomy;

    fn taxonomy(name: &str) -> &'static Taxonomy {
        let terms = b"code,title\na,A\nb,B\nc,C\n";
        Box::leak(Box::new(Taxonomy::read(name, terms, &Limits::default()).unwrap()))
    }

    fn mapping(source: &str, target: &str, pairs: &[(&str, &str)]) -> Mapping {
        let mut text =
            "scenario_id,scenario_name,icatus_primary,icatus_alternatives,mapping_relation,determinacy\n"
                .to_owned();
        for (from, to) in pairs {
            text.push_str(&format!("{from},x,{to},,closeMatch,label\n"));
        }
        Mapping::read(source, "1", taxonomy(target), text.as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn a_chain_is_no_circle() {
        let chain =
            [mapping("X", "Y", &[("a", "a"), ("b", "a")]), mapping("Y", "Z", &[("a", "b"), ("b", "c")])];
        assert_eq!(refuse_circles(&chain), Ok(()));
        assert_eq!(refuse_circles([Mapping::ego4d_scenarios()]), Ok(()));
        assert_eq!(
            refuse_circles(&[mapping("X", "Y", &[("a", "a")]), mapping("Y", "X", &[("b", "a")])]),
            Ok(())
        );
    }

    #[test]
    fn circles_of_any_length_are_refused() {
        let found = refuse_circles(&[mapping("X", "X", &[("a", "a")])]).unwrap_err();
        assert_eq!(found.to_string(), "mappings lead in a circle through X: a");
        let three = [
            mapping("X", "Y", &[("a", "b"), ("b", "b")]),
            mapping("Y", "Z", &[("b", "c")]),
            mapping("Z", "X", &[("c", "a")]),
        ];
        assert_eq!(refuse_circles(&three).unwrap_err().terms, ["X: a", "Y: b", "Z: c"]);
    }
}
