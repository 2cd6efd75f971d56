//! What is documented of EPIC-KITCHENS-100 action detection.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

use super::{TASKS, tail_name};
use crate::out_of_range::OutOfRange;

const ANNOTATIONS: &str =
    "narration_id,participant_id,video_id,start_timestamp,stop_timestamp,verb_class,noun_class
P01_11_0,P01,P01_11,00:00:00.00,00:00:01.89,0,2
P01_11_1,P01,P01_11,00:00:01.56,00:00:02.45,1,2
P02_03_0,P02,P02_03,00:01:10.20,00:01:12.00,3,8
";

const SUBMISSION: &str = r#"{"version": "0.2", "challenge": "action_detection", "sls_pt": 2, "sls_tl": 3, "sls_td": 3,
 "results": {
  "P01_11": [{"verb": 0, "noun": 2, "action": "0,2", "score": 0.84, "segment": [0.1, 1.7]},
             {"verb": 1, "noun": 2, "action": "1,2", "score": 0.31, "segment": [1.5, 2.6]}],
  "P02_03": [{"verb": 3, "noun": 8, "action": "3,8", "score": 0.55, "segment": [70.0, 72.5]}]}}"#;

/// The metrics; those of rare classes where `rare` says that these are known.
pub(super) fn metrics(rare: impl Fn(usize) -> bool) -> Vec<Metric> {
    let mut metrics = Vec::new();
    // The challenge ranks by actions; verbs and nouns follow.
    for (space, task) in TASKS.into_iter().enumerate().rev() {
        metrics.push(Metric::percent(
            format!("{task}_map_avg"),
            format!("100 times the mean of mAP over tIoU 0.1 to 0.5, over the {task}s of the truth"),
        ));
        metrics.extend((1..=5).map(|step| {
            let description = format!(
                "100 times the mean over {task}s of the truth of average precision (all points, monotone envelope) at \
                 tIoU 0.{step}"
            );
            Metric::percent(format!("{task}_map_at_0{step}"), description)
        }));
        if rare(space) {
            let description = format!("the same mean over the rare {task}s of the truth");
            metrics.push(Metric::percent(tail_name(task), description));
        }
    }
    metrics
}

/// EPIC-KITCHENS-100 action detection.
pub(super) fn manifest() -> Manifest {
    let optional = |name: &str, description: &str, example: &str| Format {
        name: name.to_owned(),
        media_type: "text/csv".to_owned(),
        optional: true,
        description: description.to_owned(),
        example: example.to_owned(),
    };
    Manifest {
        id: "epic_c2".to_owned(),
        version: "1".to_owned(),
        title: "EPIC-KITCHENS-100: action detection (C2)".to_owned(),
        description: "All actions are found in untrimmed videos of kitchens, each with its verb, its noun, its start and \
            its end."
            .to_owned(),
        annotations: vec![
            Format {
                name: "main".to_owned(),
                media_type: "text/csv".to_owned(),
                optional: false,
                description: "One row per true segment; other columns are not looked at. Times are `HH:MM:SS.ss`.".to_owned(),
                example: ANNOTATIONS.to_owned(),
            },
            optional(
                "unseen_participants",
                "Participants that are not in the training set: gives videos the attribute `unseen`, yes or no.",
                "participant_id\nP02\n",
            ),
            optional(
                "tail_verbs",
                "Rare verbs: gives the metric `tail_verb_map_avg`, and together with `tail_nouns` that of actions with a rare \
                 verb or a rare noun.",
                "verb\n1\n",
            ),
            optional("tail_nouns", "Rare nouns: the same for nouns.", "noun\n8\n"),
        ],
        unannotated: Some(Format::unannotated(
            "text/csv",
            "The videos of the test set: one row or several for each, with any other columns.",
            "participant_id,video_id\nP01,P01_11\nP02,P02_03\n",
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "Segments with scores by video, version 0.2, as JSON or as `test.json` in a zip archive. `verb` \
                and `noun` are whole numbers, `action` is `\"verb,noun\"`; the three levels of supervision are 0 to \
                5. Times are seconds of the video."
                .to_owned(),
            example: SUBMISSION.to_owned(),
        },
        metrics: metrics(|_| true),
        params: Schema(vec![
            Param::new(
                "verbs",
                ParamKind::Integer { minimum: 1, maximum: 100_000 },
                ParamValue::Integer(97),
                "how many verbs there are",
            ),
            Param::new(
                "nouns",
                ParamKind::Integer { minimum: 1, maximum: 100_000 },
                ParamValue::Integer(300),
                "how many nouns there are",
            ),
            Param::new(
                "group",
                ParamKind::Choice { choices: vec!["participant".to_owned(), "video".to_owned()] },
                ParamValue::Text("participant".to_owned()),
                "what is resampled as a whole",
            ),
            OutOfRange::param(OutOfRange::AsPublicCode),
        ]),
        item: "video".to_owned(),
        resampling_unit: "participant".to_owned(),
        rules: "Predictions go by descending score, of equal scores the later row of the file first; each takes the \
            untaken true segment that it overlaps most, of equal overlaps the later one. A prediction of a class that \
            the truth lacks is dropped, in each label space by itself. Predictions in videos without truth are false \
            positives, whatever the weights. Segments that end before they start, or start before 0, are accepted by \
            default, as in the public validation: models that regress both ends send some, and published values count them \
            so.\n\n**Strict:** the overlap of two empty \
            segments is 0.\n\n**Reference:** an overlap of 0 / 0 matches at every threshold."
            .to_owned(),
        references: vec![
            Reference {
                title: "Damen et al., Rescaling Egocentric Vision (2022)".to_owned(),
                url: "https://arxiv.org/abs/2006.13256".to_owned(),
            },
            Reference {
                title: "public evaluation code".to_owned(),
                url: "https://github.com/epic-kitchens/C2-Action-Detection".to_owned(),
            },
        ],
    }
}
