//! All built-in evaluators, by id.
#![deny(missing_docs)]

use std::collections::BTreeMap;

pub use programs;

use sdk::Evaluator;

/// The built-in evaluators.
pub struct Registry {
    evaluators: BTreeMap<String, Box<dyn Evaluator>>,
}

impl Registry {
    /// Every evaluator that this release is built with.
    pub fn built_in() -> Self {
        let by_id = |evaluator: Box<dyn Evaluator>| (evaluator.manifest().id.clone(), evaluator);
        Self { evaluators: families().map(by_id).collect() }
    }

    /// The same together with those that only a server has, because they run programs of organizers.
    pub fn of_server() -> Self {
        let mut registry = Self::built_in();
        for evaluator in programs::evaluators() {
            registry.evaluators.insert(evaluator.manifest().id.clone(), evaluator);
        }
        registry
    }

    /// The evaluator of that id.
    pub fn get(&self, id: &str) -> Option<&dyn Evaluator> {
        self.evaluators.get(id).map(AsRef::as_ref)
    }

    /// All evaluators, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Evaluator> {
        self.evaluators.values().map(AsRef::as_ref)
    }
}

/// The evaluators of every family.
fn families() -> impl Iterator<Item = Box<dyn Evaluator>> {
    let families = [
        temporal::evaluators(),
        classification::evaluators(),
        detection::evaluators(),
        segmentation::evaluators(),
        retrieval::evaluators(),
        regression::evaluators(),
        recognition::evaluators(),
        tracking::evaluators(),
        forecasting::evaluators(),
        social::evaluators(),
        pose::evaluators(),
        speech::evaluators(),
        text::evaluators(),
    ];
    families.into_iter().flatten()
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.evaluators.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_evaluator_hides_another() {
        assert_eq!(Registry::built_in().iter().count(), families().count());
        let programs = programs::evaluators().len();
        assert_eq!(Registry::of_server().iter().count(), families().count() + programs);
    }
}
