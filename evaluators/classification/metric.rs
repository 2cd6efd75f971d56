//! The documentation of metrics, and the texts that all evaluators of the family share.

use sdk::{Direction, Format, Metric, Param, ParamKind, ParamValue, Reference};

/// A share between 0 and 1, the higher the better.
pub(crate) fn share(name: impl Into<String>, description: &str) -> Metric {
    Metric::fraction(name, description)
}

/// A measure of agreement between -1 and 1, the higher the better.
pub(crate) fn agreement(name: impl Into<String>, description: &str) -> Metric {
    Metric { minimum: Some(-1.0), unit: "coefficient".to_owned(), ..Metric::fraction(name, description) }
}

/// A share between 0 and 1, the lower the better.
pub(crate) fn error_share(name: impl Into<String>, description: &str) -> Metric {
    Metric { direction: Direction::Lower, ..Metric::fraction(name, description) }
}

/// A loss from 0 without bound, the lower the better.
pub(crate) fn loss(name: impl Into<String>, unit: &str, description: &str) -> Metric {
    Metric { maximum: None, unit: unit.to_owned(), ..error_share(name, description) }
}

/// The main table of the annotations.
pub(crate) fn main_format(description: &str, example: &str) -> Format {
    format("main", description, example)
}

/// The main table without labels.
pub(crate) fn unannotated_format() -> Format {
    let description = "The ids alone: CSV with the column `id`, JSON lines with `id`, or one JSON object by id; nothing \
        else is looked at.";
    Format::unannotated("text/csv", description, "id\na1\na2\n")
}

/// The submission.
pub(crate) fn submission_format(description: &str, example: &str) -> Format {
    format("submission", description, example)
}

fn format(name: &str, description: &str, example: &str) -> Format {
    Format {
        name: name.to_owned(),
        media_type: "text/csv".to_owned(),
        optional: false,
        description: format!(
            "{description} Rows stand in any order; ids are texts and never numbers (`01` is not `1`). \
             The same may be written as JSON lines with these names (`.jsonl`) or as one JSON object by id (`.json`)."
        ),
        example: example.to_owned(),
    }
}

/// The smallest and the largest clip of probabilities.
const SMALLEST_CLIP: f64 = f64::EPSILON;

/// The parameter `clip` of the log-loss.
pub(crate) fn clip_param() -> Param {
    Param::new(
        "clip",
        ParamKind::Number { minimum: SMALLEST_CLIP, maximum: 0.1 },
        ParamValue::Number(SMALLEST_CLIP),
        "Probabilities below `clip`, or above 1 - `clip`, count as these in the log-loss. The default is the \
         reference's; 0.001 or more keeps the public score from telling labels.",
    )
}

/// The parameter `threshold` of the decision.
pub(crate) fn threshold_param() -> Param {
    Param::new(
        "threshold",
        ParamKind::Number { minimum: -1e300, maximum: 1e300 },
        ParamValue::Number(0.5),
        "A score of at least `threshold` is a yes; the metrics that depend on it carry it in their names.",
    )
}

/// What the family is checked against.
pub(crate) fn references() -> Vec<Reference> {
    vec![Reference {
        title: "scikit-learn 1.9, metrics and scoring".to_owned(),
        url: "https://scikit-learn.org/stable/modules/model_evaluation.html".to_owned(),
    }]
}
