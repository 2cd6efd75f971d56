#![doc = include_str!("README.md")]
#![deny(missing_docs)]

mod manifest;
mod sheet;

pub use sheet::{Computation, Operation, ScoredBy, Sheet, SheetMetric};

use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Fault, Faults, Input, Inputs, Items, Limits, Manifest,
    Metric, Mode, Params, Prepared, SubmissionFaults,
};

/// The evaluator whose program a worker runs.
pub const PROGRAM: &str = "program";

/// The evaluator whose program the organizers run on machines of their own.
pub const REMOTE: &str = "remote";

/// Whether the metrics of an evaluator are those of a score sheet.
pub fn has_sheet(evaluator: &str) -> bool {
    [PROGRAM, REMOTE].contains(&evaluator)
}

/// The table of the archive with everything that runs.
pub const PROGRAM_TABLE: &str = "program";

/// The table of the file with the held-out annotations.
pub const TRUTH_TABLE: &str = "truth";

/// The attribute that names the split of an item, where a program scores splits.
pub const SPLIT_ATTRIBUTE: &str = "split";

/// A phase's evaluator that is a program.
#[derive(Debug)]
pub struct ProgramEvaluator {
    manifest: Manifest,
}

/// The evaluators of this family.
pub fn evaluators() -> Vec<Box<dyn Evaluator>> {
    [manifest::program(), manifest::remote()]
        .into_iter()
        .map(|manifest| Box::new(ProgramEvaluator { manifest }) as Box<dyn Evaluator>)
        .collect()
}

impl Evaluator for ProgramEvaluator {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        _params: &Params,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let of_main = |faults: Faults| AnnotationFaults(faults.of_file(Inputs::MAIN));
        let file = annotations.require(Inputs::MAIN)?.single().map_err(of_main)?;
        let sheet = Sheet::read(&file.bytes).map_err(of_main)?;
        if self.manifest.id == REMOTE && sheet.scored_by() == ScoredBy::Item {
            let message = "machines of the organizers report one number for a split, and nothing of items";
            return Err(of_main(Faults::one(Fault::whole(Code::WrongShape, message, "splits", "items"))));
        }
        Ok(Box::new(PreparedSheet { items: sheet.items(), metrics: sheet.metrics() }))
    }
}

#[derive(Debug)]
struct PreparedSheet {
    items: Items,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedSheet {
    fn items(&self) -> &Items {
        &self.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    /// Refuses: only the program knows how a submission is read, and it is not run here.
    fn evaluate(&self, _submission: &Input<'_>, _limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let message = "a program of the organizers scores this phase, and it is not run here";
        Err(Faults::one(Fault::whole(Code::WrongFormat, message, "its numbers", "a file alone")).into())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use sdk::Score;

    use super::*;

    const SHEET: &str = r#"{"metrics": [{"name": "accuracy", "label": "Accuracy", "higher_is_better": true, "decimals": 2},
        {"name": "error", "label": "", "higher_is_better": false, "decimals": 4},
        {"name": "mean", "computation": {"operation": "mean", "of": ["accuracy", "error"]}}], "splits": ["dev", "test"]}"#;

    fn prepared_by(evaluator: &dyn Evaluator, sheet: &str) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let inputs = Inputs::default().with(Inputs::MAIN, Input::file("sheet.json", sheet.as_bytes()));
        evaluator.prepare(&inputs, &Params::default(), Mode::Strict)
    }

    fn prepared(sheet: &str) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        prepared_by(evaluators()[0].as_ref(), sheet)
    }

    #[test]
    fn only_programs_that_are_run_here_tell_of_items() {
        let sheet = r#"{"metrics": [{"name": "a"}], "items": ["1", "2"]}"#;
        assert!(prepared(sheet).is_ok());
        let [_, remote] = &evaluators()[..] else { panic!() };
        assert!(prepared_by(remote.as_ref(), SHEET).is_ok());
        assert!(prepared_by(remote.as_ref(), sheet).unwrap_err().to_string().contains("nothing of items"));
    }

    #[test]
    fn a_score_is_exactly_what_the_program_returned_and_undefined_where_it_did_not() {
        let prepared = prepared(SHEET).unwrap();
        let returned = BTreeMap::from([
            ("dev".to_owned(), BTreeMap::from([("accuracy".to_owned(), 0.1 + 0.2)])),
            ("test".to_owned(), BTreeMap::from([("accuracy".to_owned(), -7e300), ("error".to_owned(), 3.5)])),
        ]);
        let evidence = Sheet::read(SHEET.as_bytes()).unwrap().evidence(&returned);
        let score = |split: &str, metric: &str| {
            let mask = prepared.items().mask(SPLIT_ATTRIBUTE, split).unwrap();
            evidence.score(mask.view()).get(metric).and_then(Score::value)
        };
        assert_eq!(score("dev", "accuracy"), Some(0.1 + 0.2));
        assert_eq!(score("test", "accuracy"), Some(-7e300));
        assert_eq!((score("dev", "error"), score("test", "error")), (None, Some(3.5)));
        // Of what is not there nothing is computed.
        assert_eq!((score("dev", "mean"), score("test", "mean")), (None, Some((-7e300 + 3.5) / 2.0)));
    }

    #[test]
    fn a_file_alone_is_never_a_score() {
        let prepared = prepared(SHEET).unwrap();
        let file = br#"{"splits": {"dev": {"accuracy": 1.0}}}"#;
        assert!(prepared.evaluate(&Input::file("scores.json", file), &Limits::default()).is_err());
    }

    #[test]
    fn sheets_that_contradict_themselves_are_refused() {
        for (sheet, said) in [
            ("{}", "missing field"),
            (r#"{"metrics": [], "splits": ["a"]}"#, "at least one metric"),
            (r#"{"metrics": [{"name": "a"}, {"name": "a"}], "splits": ["a"]}"#, "twice"),
            (r#"{"metrics": [{"name": "a"}]}"#, "splits or items"),
            (r#"{"metrics": [{"name": "a"}], "splits": ["a", "a"]}"#, "twice"),
            (
                r#"{"metrics": [{"name": "a", "computation": {"operation": "sum", "of": ["b"]}}], "splits": ["a"]}"#,
                "computed",
            ),
            (r#"{"metrics": [{"name": "a", "decimals": 40}], "splits": ["a"]}"#, "digits"),
        ] {
            let told = prepared(sheet).unwrap_err().to_string();
            assert!(told.contains(said), "{sheet}: {told}");
        }
    }

    #[test]
    fn the_documentation_is_whole() {
        for evaluator in evaluators() {
            conformance::manifest::is_whole(evaluator.manifest());
            let example = &evaluator.manifest().annotations[0].example;
            assert!(prepared(example).is_ok(), "{example}");
        }
    }
}
