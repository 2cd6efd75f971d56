//! The documentation of `repetition_counting`.

use sdk::{Direction, Format, Manifest, Metric, Reference, Schema};

const RULES: &str = "\
- A predicted count is rounded to the nearest whole number, from halfway to the even one, before it is compared.
- A true count is a whole number and at least 1, so that an error has a share of it.
- Modes differ in `mae`: the public code of TransRAC divides by the true count + 0.1, and so does reference mode.
- There are no ties: nothing is ranked.";

/// The metrics in the order of the evidence.
pub(super) fn metrics() -> Vec<Metric> {
    let lower = |metric: Metric| Metric { direction: Direction::Lower, maximum: None, ..metric };
    vec![
        lower(Metric::fraction("mae", "The mean of abs(p - c) / c: the error as a share of the true count.")),
        Metric::fraction("obo", "The share of videos with abs(p - c) <= 1: off by one at most."),
        Metric::fraction("obz", "The share of videos with p = c: off by zero."),
        Metric {
            unit: "repetitions".to_owned(),
            ..lower(Metric::fraction("rmse", "The square root of the mean of (p - c)^2."))
        },
    ]
}

pub(super) fn manifest() -> Manifest {
    Manifest {
        id: "repetition_counting".to_owned(),
        version: "1.0.0".to_owned(),
        title: "Repetition counting".to_owned(),
        description: "An action is repeated in a video, and how often is predicted.".to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "text/csv".to_owned(),
            optional: false,
            description: "The columns `id` and `count`; JSON lines with these names, or one JSON object of counts by id."
                .to_owned(),
            example: "id,count\nsquat_1,12\nsquat_2,4\nrowing,31\n".to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "text/csv",
            "The ids alone: CSV with the column `id`, JSON lines with `id`, or one JSON object by id; nothing else is \
             looked at.",
            "id\nsquat_1\nsquat_2\nrowing\n",
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "text/csv".to_owned(),
            optional: false,
            description: "The same with predicted counts, whole or not, in any order.".to_owned(),
            example: "id,count\nrowing,29.6\nsquat_1,12\nsquat_2,5\n".to_owned(),
        },
        metrics: metrics(),
        params: Schema::default(),
        item: "video".to_owned(),
        resampling_unit: "video".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            Reference {
                title: "Hu et al.: TransRAC (CVPR 2022), and its code".to_owned(),
                url: "https://github.com/SvipRepetitionCounting/TransRAC".to_owned(),
            },
            Reference {
                title: "Dwibedi et al.: Counting out time (RepNet, CVPR 2020)".to_owned(),
                url: "https://arxiv.org/abs/2006.15418".to_owned(),
            },
        ],
    }
}
