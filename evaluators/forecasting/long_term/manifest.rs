//! What is documented of Long-Term action Anticipation.

use sdk::{Direction, Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

use super::{LONGEST, columns};

const ANNOTATIONS: &str = r#"{"version": "1", "split": "test", "Z": 20, "K": 5, "clips": {
 "c1_7": {"verb": [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19],
          "noun": [5,5,5,5,5,5,5,5,5,5,8,8,8,8,8,8,8,8,8,8]}}}"#;

const SUBMISSION: &str = r#"{"c1_7": {
 "verb": [[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19], [1,0,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19],
          [1,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19], [2,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19],
          [3,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19]],
 "noun": [[5,5,5,5,5,5,5,5,5,5,8,8,8,8,8,8,8,8,8,9], [5,5,5,5,5,5,5,5,5,8,8,8,8,8,8,8,8,8,8,8],
          [5,5,5,5,5,5,5,5,8,8,8,8,8,8,8,8,8,8,8,8], [5,5,5,5,5,5,5,8,8,8,8,8,8,8,8,8,8,8,8,8],
          [5,5,5,5,5,5,8,8,8,8,8,8,8,8,8,8,8,8,8,8]]}}"#;

/// The metrics of a future of so many actions.
pub(super) fn metrics(actions: usize) -> Vec<Metric> {
    let metric = |(name, column): (String, usize)| {
        let kind = ["verbs", "nouns", "actions (pairs of a verb and a noun)"][column % 3];
        let description = match column < 3 {
            true => format!(
                "the mean over instances of the smallest edit distance (insertion, deletion and replacement cost 1) \
                 between the sequences of {kind} that were guessed and the true one, divided by {actions}"
            ),
            false => format!(
                "the area under the edit distance of {kind} over the first 1 to {actions} actions (trapezoid rule), \
                 divided by the width; for each length the best guess counts"
            ),
        };
        Metric { direction: Direction::Lower, ..Metric::fraction(name, description) }
    };
    columns(actions).map(metric).collect()
}

/// Ego4D Long-Term action Anticipation.
pub(super) fn manifest() -> Manifest {
    Manifest {
        id: "ego4d_lta".to_owned(),
        version: "1".to_owned(),
        title: "Ego4D Long-Term Action Anticipation".to_owned(),
        description: "After some actions of a first-person video have been seen, the next twenty are foreseen as verbs and \
            nouns, in five guesses."
            .to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "The true verbs and nouns of every instance. An instance is called after its clip and the index \
                of the last action that is seen, `CLIP_INDEX`. `Z` (actions) and `K` (sequences) may be absent."
                .to_owned(),
            example: ANNOTATIONS.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The instances alone; whatever stands under their names is not looked at.",
            r#"{"version": "1", "split": "test", "Z": 20, "K": 5, "clips": {"c1_7": {}}}"#,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "For every instance 5 sequences of 20 verbs and as many of nouns; the first sequence of verbs \
                goes with the first one of nouns. Instances that are not scored are ignored."
                .to_owned(),
            example: SUBMISSION.to_owned(),
        },
        metrics: metrics(20),
        params: Schema(vec![
            Param::new(
                "actions",
                ParamKind::Integer { minimum: 1, maximum: LONGEST as i64 },
                ParamValue::Integer(20),
                "how many actions are foreseen (Z)",
            ),
            Param::new(
                "sequences",
                ParamKind::Integer { minimum: 1, maximum: 1000 },
                ParamValue::Integer(5),
                "in how many guesses (K)",
            ),
        ]),
        item: "instance".to_owned(),
        resampling_unit: "clip".to_owned(),
        rules: "The distance is plain Levenshtein, as the public code computes it: two actions in exchanged order cost 2, \
            although the paper speaks of Damerau-Levenshtein, where they cost 1. An action is right if verb and noun of \
            the same guess are. Labels are whole numbers and only compared.\n\n**Strict:** every instance has exactly \
            `sequences` guesses of `actions` labels.\n\n**Reference:** as in the public code, any number of guesses and \
            labels is taken, and a distance is divided by the number of labels that were sent."
            .to_owned(),
        references: vec![
            Reference {
                title: "Grauman et al., Ego4D: Around the World in 3,000 Hours of Egocentric Video (2022)".to_owned(),
                url: "https://arxiv.org/abs/2110.07058".to_owned(),
            },
            Reference {
                title: "public evaluation code".to_owned(),
                url: "https://github.com/EGO4D/forecasting".to_owned(),
            },
        ],
    }
}
