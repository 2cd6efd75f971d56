//! What is documented of the two challenges.

use std::fmt::Write;

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

use super::{Challenge, PARTS, TASKS};

const ANNOTATIONS: &str =
    "narration_id,participant_id,video_id,start_timestamp,stop_timestamp,verb_class,noun_class
P01_11_0,P01,P01_11,00:00:00.00,00:00:01.89,0,2
";

const UNANNOTATED: &str = "narration_id,participant_id,video_id,start_timestamp,stop_timestamp
P01_11_0,P01,P01_11,00:00:00.00,00:00:01.89
";

/// A segment with a score for each of 97 verbs and 300 nouns.
fn submission(challenge: Challenge) -> String {
    let scores = |classes: usize, best: usize| {
        let mut scores = String::new();
        for class in 0..classes {
            let score = if class == best { 9 } else { class * 7 % 5 };
            let comma = if class == 0 { "" } else { "," };
            _ = write!(scores, "{comma}\"{class}\":{score}");
        }
        scores
    };
    let (challenge, verbs, nouns) = (challenge.name(), scores(97, 0), scores(300, 2));
    format!(
        "{{\"version\": \"0.2\", \"challenge\": \"{challenge}\", \"sls_pt\": 2, \"sls_tl\": 3, \"sls_td\": 3,\n \
         \"results\": {{\"P01_11_0\": {{\n  \"verb\": {{{verbs}}},\n  \"noun\": {{{nouns}}}}}}}}}\n"
    )
}

fn part_in_words(part: &str, task: &str) -> String {
    match (part, task) {
        ("unseen", _) => "segments of participants that are not in the training set".to_owned(),
        ("tail", "action") => "segments with a rare verb or a rare noun".to_owned(),
        ("tail", task) => format!("segments with a rare {task}"),
        (_, _) => "all segments".to_owned(),
    }
}

/// The metrics of the parts that are known.
pub(super) fn metrics(challenge: Challenge, known: impl Fn(&str, usize) -> bool) -> Vec<Metric> {
    let mut metrics = Vec::new();
    for part in PARTS {
        for (_, task) in TASKS.into_iter().enumerate().filter(|(position, _)| known(part, *position)) {
            let of = part_in_words(part, task);
            metrics.extend(challenge.depths(part).iter().map(|depth| {
                let description = match challenge {
                    Challenge::Recognition if *depth == 1 => {
                        format!("100 times the share, of {of}, whose {task} has the best of its scores")
                    }
                    Challenge::Recognition => {
                        format!("100 times the share, of {of}, whose {task} is among the {depth} best of its scores")
                    }
                    Challenge::Anticipation => format!(
                        "class-mean top-{depth} recall: 100 times the mean over {task}s that occur in {of} of the share of \
                         their segments there whose {task} is among the {depth} best of its scores"
                    ),
                };
                Metric::percent(challenge.metric_name(part, task, *depth), description)
            }));
        }
    }
    metrics
}

const RULES: &str = "\
- An order is a stable ascending one, reversed: of equal scores the later class comes first, of equal scores of given \
actions the later one in the file.
- Without `action`, the scores of the 100 best verbs and of the 100 best nouns become shares by softmax, and the 100 best \
products are the actions. Of equal products the later ones are kept and the earlier ones come first (verbs before nouns, \
best first), which is what sorting twice gives.
- A true action that is not among the actions of a segment is a miss.
- Either all segments have `action` or none; the first one decides which is said to be wrong.
- Metrics of a part (`unseen`, `tail`) exist where its tables do; a part without a segment is undefined.
- Classes are written as plain numbers: `\"7\"`, not `\"07\"`.
- Strict and reference mode are the same. The public code sorts with NumPy's default sort, whose order of equal scores \
depends on the machine; with distinct scores the values agree.";

/// Action recognition or anticipation.
pub(super) fn manifest(challenge: Challenge) -> Manifest {
    let recognition = challenge == Challenge::Recognition;
    let table = |name: &str, description: &str, example: &str| Format {
        name: name.to_owned(),
        media_type: "text/csv".to_owned(),
        optional: name != "main",
        description: description.to_owned(),
        example: example.to_owned(),
    };
    let whole = |name: &str, most: i64, default: i64, description: &str| {
        let kind = ParamKind::Integer { minimum: 1, maximum: most };
        Param::new(name, kind, ParamValue::Integer(default), description)
    };
    let (id, title, description, code) = if recognition {
        (
            "epic_c1",
            "EPIC-KITCHENS-100: action recognition (C1)",
            "A trimmed segment of a video of a kitchen shows an action: which verb, which noun, which pair of both?",
            "https://github.com/epic-kitchens/C1-Action-Recognition",
        )
    } else {
        (
            "epic_c3",
            "EPIC-KITCHENS-100: action anticipation (C3)",
            "What is seen until one second before an action is given: which verb, which noun, which pair of both will it be?",
            "https://github.com/epic-kitchens/C3-Action-Anticipation",
        )
    };
    Manifest {
        id: id.to_owned(),
        version: "1".to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        annotations: vec![
            table("main", "One row per segment; other columns are not looked at.", ANNOTATIONS),
            table(
                "unseen_participants",
                "Participants that are not in the training set: gives segments the attribute `unseen`, yes or no, and the \
                 metrics of that part.",
                "participant_id\nP01\n",
            ),
            table(
                "tail_verbs",
                "Rare verbs: gives segments the attribute `tail_verb`, yes or no, and the metric of that part; together with \
                 `tail_nouns` also `tail`, a rare verb or a rare noun.",
                "verb\n0\n",
            ),
            table("tail_nouns", "Rare nouns: the same with `tail_noun`.", "noun\n2\n"),
        ],
        unannotated: Some(Format::unannotated(
            "text/csv",
            "`EPIC_100_test_timestamps.csv` of the data set: the same rows without `verb_class` and `noun_class`.",
            UNANNOTATED,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "Version 0.2 of the challenge's JSON, as it is or as `test.json` in a zip archive: for every segment \
                the scores of all verbs and of all nouns by class and, if the model has them, of exactly 100 actions \
                `\"verb,noun\"`. Scores are any finite numbers; the levels of supervision are 0 to 5."
                .to_owned(),
            example: submission(challenge),
        },
        metrics: metrics(challenge, |_, _| true),
        params: Schema(vec![
            whole("verbs", 100_000, 97, "how many verbs there are"),
            whole("nouns", 100_000, 300, "how many nouns there are"),
            whole("actions", 10_000, 100, "how many actions of a segment are scored or made from verbs and nouns"),
            Param::new(
                "group",
                ParamKind::Choice { choices: vec!["participant".to_owned(), "video".to_owned()] },
                ParamValue::Text("participant".to_owned()),
                "what is resampled as a whole",
            ),
        ]),
        item: "segment".to_owned(),
        resampling_unit: "participant".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            Reference {
                title: "Damen et al., Rescaling Egocentric Vision (2022)".to_owned(),
                url: "https://arxiv.org/abs/2006.13256".to_owned(),
            },
            Reference { title: "public evaluation code".to_owned(), url: code.to_owned() },
        ],
    }
}
