//! The documentation of `vos`.

use sdk::{Direction, Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

/// All frames are scored.
pub(super) const ALL: &str = "all";

/// All frames but the first and the last are scored.
const INNER: &str = "without_first_and_last";

const RULES: &str = "\
- The objects of a video are 1 to the largest label of its first frame (255 apart, which is background).
- The first and the last frame are not scored, and need not be sent; with `frames = all` they are. In that case labels \
of no object count as background; otherwise they are refused.
- Region J: intersection over union of the pixels of an object in a frame; 1 if both are empty.
- Boundary F: the harmonic mean of precision and recall of boundary pixels, right if within ceil(bound x diagonal) pixels \
(a disk) of the other boundary. A boundary pixel differs from its neighbour to the right, below, or both. Without any \
boundary F is 1, with one side's only it is 0.
- Recall: the share of frames above 0.5. Decay: the mean of the first quarter of the frames minus that of the last; the \
quarters share their ends.
- Means run over the frames of an object, then over objects, so that videos with more objects count more.
- Reference mode: in videos of more than 256 scored frames the quarters are cut where the public code's 8-bit numbers \
lead; an empty quarter makes the decay undefined.
- There are no ties.";

/// The metrics in the order of the evidence.
pub(super) fn metrics() -> Vec<Metric> {
    let mut metrics = vec![Metric::fraction("J&F-Mean", "The mean of `J-Mean` and `F-Mean`.")];
    for (letter, name) in [("J", "region similarity (intersection over union)"), ("F", "boundary F-measure")]
    {
        metrics.push(Metric::fraction(
            format!("{letter}-Mean"),
            format!("The mean over objects of the mean {name} over frames."),
        ));
        metrics.push(Metric::fraction(
            format!("{letter}-Recall"),
            format!("The mean over objects of the share of frames whose {name} is above 0.5."),
        ));
        metrics.push(Metric {
            direction: Direction::Lower,
            minimum: Some(-1.0),
            ..Metric::fraction(
                format!("{letter}-Decay"),
                format!("The mean over objects of how much the {name} falls from the first quarter of the frames to the last."),
            )
        });
    }
    metrics
}

pub(super) fn manifest() -> Manifest {
    Manifest {
        id: "vos".to_owned(),
        version: "1.0.0".to_owned(),
        title: "Video object segmentation (J&F)".to_owned(),
        description: "Objects are marked in the first frame of a video and segmented in all others.".to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: sdk::files::ARCHIVE.to_owned(),
            optional: false,
            description: "A zip archive, or a folder, of one folder per video with one grey or palette PNG per frame, \
                `VIDEO/FRAME.png`; pixel values are 0 for the background and the number of an object. Frames come in \
                the order of their names. Small videos can stand in one JSON object of rows by `VIDEO/FRAME` instead."
                .to_owned(),
            example: "{\"cup/000\": [[0, 1, 1], [0, 1, 1]], \"cup/001\": [[0, 1, 1], [0, 1, 1]],\n \"cup/002\": [[0, 0, 1], [0, 0, 1]]}\n".to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The videos of a test set by name: `width`, `height`, how many `objects` the first frame shows, and the \
             names of all `frames`, without extension.",
            "{\"cup\": {\"width\": 3, \"height\": 2, \"objects\": 1, \"frames\": [\"000\", \"001\", \"002\"]}}\n",
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: sdk::files::ARCHIVE.to_owned(),
            optional: false,
            description: "The same with predicted objects, each map of the size of its frame.".to_owned(),
            example: "{\"cup/001\": [[0, 0, 1], [0, 1, 1]]}\n".to_owned(),
        },
        metrics: metrics(),
        params: Schema(vec![
            Param::new(
                "frames",
                ParamKind::Choice { choices: vec![INNER.to_owned(), ALL.to_owned()] },
                ParamValue::Text(INNER.to_owned()),
                "Which frames are scored: those between the first, which is given, and the last, or all.",
            ),
            Param::new(
                "bound",
                ParamKind::Number { minimum: 0.0, maximum: 0.1 },
                ParamValue::Number(crate::boundary::BOUND),
                "How far boundaries may lie apart, as a share of the diagonal of the image.",
            ),
        ]),
        item: "object".to_owned(),
        resampling_unit: "video".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            Reference {
                title: "Perazzi et al.: A benchmark dataset and evaluation methodology for video object segmentation (CVPR 2016)".to_owned(),
                url: "https://davischallenge.org".to_owned(),
            },
            Reference {
                title: "davis2017-evaluation".to_owned(),
                url: "https://github.com/davisvideochallenge/davis2017-evaluation".to_owned(),
            },
        ],
    }
}
