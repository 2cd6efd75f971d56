//! From the measures of sequences to evidence, and to what is documented of each metric.

use ndarray::Array2;
use sdk::evidence::{Reducer, Stats};
use sdk::{Direction, Evidence, Metric};

use super::{ALPHAS, Measures};

/// Which metrics are reported, under which names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// All that TrackEval prints, as fractions.
    TrackEval,
    /// The columns of the Ego4D tracking challenge, as percentages.
    Ego4d,
}

/// The columns that do not depend on a threshold of HOTA.
const TRUE_BOXES: u32 = 0;
const PREDICTED_BOXES: u32 = 1;
const HALF_OF_BOXES: u32 = 2;
const TRUE_TRACKS: u32 = 3;
const PREDICTED_TRACKS: u32 = 4;
const TRUE_POSITIVES: u32 = 5;
const FALSE_NEGATIVES: u32 = 6;
const FALSE_POSITIVES: u32 = 7;
const SWITCHES: u32 = 8;
const MOSTLY_TRACKED: u32 = 9;
const PARTLY_TRACKED: u32 = 10;
const MOSTLY_LOST: u32 = 11;
const FRAGMENTATIONS: u32 = 12;
const FRAMES: u32 = 13;
const SIMILARITY: u32 = 14;
/// True positives less false positives.
const DETECTION_GAIN: u32 = 15;
/// The same less switches.
const TRACKING_GAIN: u32 = 16;
/// Similarity less false positives and switches.
const SOFT_GAIN: u32 = 17;
const IDENTIFIED: u32 = 18;
const NOT_IDENTIFIED: u32 = 19;
const WRONGLY_IDENTIFIED: u32 = 20;
const FIRST_ALPHA: u32 = 21;

/// The columns of one threshold of HOTA.
const HITS: u32 = 0;
const MISSES: u32 = 1;
const FALSE_ALARMS: u32 = 2;
/// Boxes of either side, a matched pair counted once.
const UNION: u32 = 3;
const LOCALIZATION: u32 = 4;
const ASSOCIATION: u32 = 5;
const ASSOCIATION_RECALL: u32 = 6;
const ASSOCIATION_PRECISION: u32 = 7;
const PER_ALPHA: u32 = 8;

/// A metric: what is documented of it, and the reducers whose mean it is.
struct Spec {
    metric: Metric,
    factor: f64,
    reducers: Vec<Reducer>,
}

/// What is documented of the metrics, the primary one first.
pub(crate) fn metrics(which: Which) -> Vec<Metric> {
    specs(which).into_iter().map(|spec| spec.metric).collect()
}

/// Evidence of sequences in their order.
pub(crate) fn evidence(measures: &[Measures], which: Which) -> Evidence {
    let width = (FIRST_ALPHA + PER_ALPHA * ALPHAS as u32) as usize;
    let mut columns = Array2::zeros((measures.len(), width));
    for (mut row, measures) in columns.rows_mut().into_iter().zip(measures) {
        for (column, value) in columns_of(measures) {
            row[column as usize] = value;
        }
    }
    let specs = specs(which);
    let mut evidence = Evidence::new(measures.len());
    let reducers = specs.iter().flat_map(|spec| spec.reducers.iter().copied()).collect();
    let block = evidence.block(Stats { columns, reducers });
    let mut output = 0;
    for spec in specs {
        let outputs = (output..output + spec.reducers.len()).map(|output| block.output(output));
        evidence.metric_mean(spec.metric.name, spec.factor, outputs.collect());
        output += spec.reducers.len();
    }
    evidence
}

fn columns_of(measures: &Measures) -> Vec<(u32, f64)> {
    let Measures { hota, clear, identity, .. } = measures;
    let (truth, predicted) = (measures.true_boxes as f64, measures.predicted_boxes as f64);
    let hits = clear.true_positives as f64;
    let gain = hits - clear.false_positives as f64;
    let switches = clear.switches as f64;
    let mut columns = vec![
        (TRUE_BOXES, truth),
        (PREDICTED_BOXES, predicted),
        (HALF_OF_BOXES, f64::midpoint(truth, predicted)),
        (TRUE_TRACKS, measures.true_tracks as f64),
        (PREDICTED_TRACKS, measures.predicted_tracks as f64),
        (TRUE_POSITIVES, hits),
        (FALSE_NEGATIVES, clear.false_negatives as f64),
        (FALSE_POSITIVES, clear.false_positives as f64),
        (SWITCHES, switches),
        (MOSTLY_TRACKED, clear.mostly_tracked as f64),
        (PARTLY_TRACKED, clear.partly_tracked as f64),
        (MOSTLY_LOST, clear.mostly_lost as f64),
        (FRAGMENTATIONS, clear.fragmentations as f64),
        (FRAMES, clear.frames as f64),
        (SIMILARITY, clear.similarity),
        (DETECTION_GAIN, gain),
        (TRACKING_GAIN, gain - switches),
        (SOFT_GAIN, clear.similarity - clear.false_positives as f64 - switches),
        (IDENTIFIED, identity.true_positives as f64),
        (NOT_IDENTIFIED, identity.false_negatives as f64),
        (WRONGLY_IDENTIFIED, identity.false_positives as f64),
    ];
    for (position, at) in hota.0.iter().enumerate() {
        let first = FIRST_ALPHA + PER_ALPHA * position as u32;
        columns.extend([
            (first + HITS, at.true_positives),
            (first + MISSES, truth - at.true_positives),
            (first + FALSE_ALARMS, predicted - at.true_positives),
            (first + UNION, truth + predicted - at.true_positives),
            (first + LOCALIZATION, at.localization),
            (first + ASSOCIATION, at.association),
            (first + ASSOCIATION_RECALL, at.association_recall),
            (first + ASSOCIATION_PRECISION, at.association_precision),
        ]);
    }
    columns
}

/// The metrics of the chosen list, in its order.
fn specs(which: Which) -> Vec<Spec> {
    match which {
        Which::TrackEval => {
            let mut specs = main_specs("IDSW");
            specs.extend(detail_specs());
            specs
        }
        Which::Ego4d => ego4d_specs(),
    }
}

fn ego4d_specs() -> Vec<Spec> {
    let wanted = ["MOTA", "MOTP", "IDF1", "HOTA", "DetA", "AssA", "MT", "ML", "FP", "FN", "IDS", "Frag"];
    let mut known = main_specs("IDS");
    known.push(count("FP", Direction::Lower, "predicted boxes without a true one (CLEAR)", FALSE_POSITIVES));
    known.push(count("FN", Direction::Lower, "true boxes without a predicted one (CLEAR)", FALSE_NEGATIVES));
    let in_order = wanted.iter().filter_map(|name| {
        let position = known.iter().position(|spec| spec.metric.name == *name)?;
        let mut spec = known.swap_remove(position);
        if spec.metric.unit == "fraction" {
            spec.factor = 100.0;
            spec.metric.unit = "percent".to_owned();
            spec.metric.decimals = 2;
            spec.metric.maximum = spec.metric.maximum.map(|maximum| 100.0 * maximum);
        }
        Some(spec)
    });
    in_order.collect()
}

/// What leaderboards show.
fn main_specs(switches: &str) -> Vec<Spec> {
    vec![
        spec(
            Metric::fraction(
                "HOTA",
                "the mean over 19 thresholds alpha (0.05, 0.10 .. 0.95) of sqrt(DetA x AssA)",
            ),
            at_alphas(|at| geometric([(HITS, UNION), (ASSOCIATION, HITS)], at)),
        ),
        spec(
            Metric::fraction(
                "DetA",
                "detection accuracy: the mean over alpha of TP / (TP + FN + FP), where true and predicted boxes of a \
                 frame are matched one to one and a pair counts from similarity alpha on",
            ),
            at_alphas(|at| over(HITS + at, UNION + at)),
        ),
        spec(
            Metric::fraction(
                "AssA",
                "association accuracy: the mean over alpha of the mean over true positives of TPA / (TPA + FNA + FPA), \
                 the overlap of the two tracks that were matched",
            ),
            at_alphas(|at| over(ASSOCIATION + at, HITS + at)),
        ),
        spec(
            at_most_one("MOTA", "1 - (FN + FP + IDSW) / true boxes, matched from similarity 0.5 on (CLEAR)"),
            vec![over(TRACKING_GAIN, TRUE_BOXES)],
        ),
        spec(
            Metric::fraction(
                "IDF1",
                "2 IDTP / (true + predicted boxes), where every true track has one predicted track for the whole sequence",
            ),
            vec![over(IDENTIFIED, HALF_OF_BOXES)],
        ),
        count(
            switches,
            Direction::Lower,
            "how often a true track is matched with another predicted track than the last time",
            SWITCHES,
        ),
        spec(
            Metric::fraction("MOTP", "the mean similarity of matched boxes (CLEAR), 0 without any"),
            vec![over(SIMILARITY, TRUE_POSITIVES)],
        ),
        count(
            "MT",
            Direction::Higher,
            "true tracks matched in more than 80 percent of their frames",
            MOSTLY_TRACKED,
        ),
        count(
            "ML",
            Direction::Lower,
            "true tracks matched in less than 20 percent of their frames",
            MOSTLY_LOST,
        ),
        count(
            "Frag",
            Direction::Lower,
            "how often a true track is taken up again after a gap",
            FRAGMENTATIONS,
        ),
    ]
}

/// The rest of what TrackEval prints.
fn detail_specs() -> Vec<Spec> {
    let fraction = |name: &str, description: &str, reducer: Reducer| {
        spec(Metric::fraction(name, description), vec![reducer])
    };
    let mean_count = |name: &str, direction: Direction, description: &str, column: u32| {
        let mut spec = count(name, direction, description, column);
        spec.reducers = at_alphas(|at| Reducer::Total { column: column + at });
        spec.metric.decimals = 2;
        spec
    };
    let first = FIRST_ALPHA;
    vec![
        spec(
            Metric::fraction("DetRe", "the mean over alpha of TP / true boxes"),
            at_alphas(|at| over(HITS + at, TRUE_BOXES)),
        ),
        spec(
            Metric::fraction("DetPr", "the mean over alpha of TP / predicted boxes"),
            at_alphas(|at| over(HITS + at, PREDICTED_BOXES)),
        ),
        spec(
            Metric::fraction("AssRe", "the mean over alpha and true positives of TPA / (TPA + FNA)"),
            at_alphas(|at| over(ASSOCIATION_RECALL + at, HITS + at)),
        ),
        spec(
            Metric::fraction("AssPr", "the mean over alpha and true positives of TPA / (TPA + FPA)"),
            at_alphas(|at| over(ASSOCIATION_PRECISION + at, HITS + at)),
        ),
        spec(
            Metric::fraction(
                "LocA",
                "the mean over alpha of the mean similarity of true positives, 1 without any",
            ),
            at_alphas(|at| Reducer::QuotientOrOne { numerator: LOCALIZATION + at, denominator: HITS + at }),
        ),
        spec(
            Metric::fraction(
                "OWTA",
                "the mean over alpha of sqrt(DetRe x AssA): HOTA that forgives false positives",
            ),
            at_alphas(|at| Reducer::GeometricMean {
                numerators: [HITS + at, ASSOCIATION + at],
                denominators: [TRUE_BOXES, HITS + at],
            }),
        ),
        fraction(
            "HOTA(0)",
            "HOTA at the lowest threshold, 0.05",
            geometric([(HITS, UNION), (ASSOCIATION, HITS)], first),
        ),
        fraction(
            "LocA(0)",
            "LocA at the lowest threshold, 0.05",
            Reducer::QuotientOrOne { numerator: LOCALIZATION + first, denominator: HITS + first },
        ),
        fraction(
            "HOTALocA(0)",
            "HOTA(0) x LocA(0)",
            Reducer::GeometricMeanTimes {
                numerators: [HITS + first, ASSOCIATION + first, LOCALIZATION + first],
                denominators: [UNION + first, HITS + first, HITS + first],
            },
        ),
        mean_count("HOTA_TP", Direction::Higher, "the mean over alpha of the true positives", HITS),
        mean_count("HOTA_FN", Direction::Lower, "the mean over alpha of the false negatives", MISSES),
        mean_count("HOTA_FP", Direction::Lower, "the mean over alpha of the false positives", FALSE_ALARMS),
        spec(
            at_most_one("MODA", "1 - (FN + FP) / true boxes (CLEAR)"),
            vec![over(DETECTION_GAIN, TRUE_BOXES)],
        ),
        spec(
            at_most_one("sMOTA", "(similarity of matched boxes - FP - IDSW) / true boxes (CLEAR)"),
            vec![over(SOFT_GAIN, TRUE_BOXES)],
        ),
        spec(
            at_most_one("MOTAL", "MOTA with the logarithm (base 10) of IDSW in place of IDSW (CLEAR)"),
            vec![Reducer::LessLogarithm {
                numerator: DETECTION_GAIN,
                count: SWITCHES,
                denominator: TRUE_BOXES,
            }],
        ),
        fraction("CLR_Re", "TP / true boxes (CLEAR)", over(TRUE_POSITIVES, TRUE_BOXES)),
        fraction("CLR_Pr", "TP / predicted boxes (CLEAR)", over(TRUE_POSITIVES, PREDICTED_BOXES)),
        fraction("CLR_F1", "2 TP / (true + predicted boxes) (CLEAR)", over(TRUE_POSITIVES, HALF_OF_BOXES)),
        fraction("MTR", "MT / true tracks", over(MOSTLY_TRACKED, TRUE_TRACKS)),
        fraction("PTR", "PT / true tracks", over(PARTLY_TRACKED, TRUE_TRACKS)),
        lower(fraction("MLR", "ML / true tracks", over(MOSTLY_LOST, TRUE_TRACKS))),
        spec(
            Metric {
                unit: "boxes".to_owned(),
                direction: Direction::Lower,
                maximum: None,
                ..Metric::fraction(
                    "FP_per_frame",
                    "FP / frames (CLEAR), frames of sequences without true or without predicted boxes left out",
                )
            },
            vec![over(FALSE_POSITIVES, FRAMES)],
        ),
        count(
            "PT",
            Direction::Higher,
            "true tracks that are neither mostly tracked nor mostly lost",
            PARTLY_TRACKED,
        ),
        count("CLR_TP", Direction::Higher, "matched boxes (CLEAR)", TRUE_POSITIVES),
        count("CLR_FN", Direction::Lower, "true boxes without a predicted one (CLEAR)", FALSE_NEGATIVES),
        count("CLR_FP", Direction::Lower, "predicted boxes without a true one (CLEAR)", FALSE_POSITIVES),
        count(
            "CLR_Frames",
            Direction::Higher,
            "frames of the sequences that have both true and predicted boxes",
            FRAMES,
        ),
        Spec {
            metric: Metric {
                decimals: 2,
                ..count(
                    "MOTP_sum",
                    Direction::Higher,
                    "the similarities of matched boxes (CLEAR)",
                    SIMILARITY,
                )
                .metric
            },
            factor: 1.0,
            reducers: vec![Reducer::Total { column: SIMILARITY }],
        },
        fraction("IDR", "IDTP / true boxes", over(IDENTIFIED, TRUE_BOXES)),
        fraction("IDP", "IDTP / predicted boxes", over(IDENTIFIED, PREDICTED_BOXES)),
        count("IDTP", Direction::Higher, "boxes of true tracks covered by their predicted track", IDENTIFIED),
        count("IDFN", Direction::Lower, "true boxes less IDTP", NOT_IDENTIFIED),
        count("IDFP", Direction::Lower, "predicted boxes less IDTP", WRONGLY_IDENTIFIED),
        count("Count_Dets", Direction::Higher, "predicted boxes that are scored", PREDICTED_BOXES),
        count("Count_GT_Dets", Direction::Higher, "true boxes that are scored", TRUE_BOXES),
        count("Count_IDs", Direction::Higher, "predicted tracks that are scored", PREDICTED_TRACKS),
        count("Count_GT_IDs", Direction::Higher, "true tracks that are scored", TRUE_TRACKS),
    ]
}

fn spec(metric: Metric, reducers: Vec<Reducer>) -> Spec {
    Spec { metric, factor: 1.0, reducers }
}

/// A count, summed over sequences.
fn count(name: &str, direction: Direction, description: &str, column: u32) -> Spec {
    let metric = Metric {
        unit: "count".to_owned(),
        direction,
        maximum: None,
        decimals: 0,
        ..Metric::fraction(name, description)
    };
    spec(metric, vec![Reducer::Total { column }])
}

fn lower(mut spec: Spec) -> Spec {
    spec.metric.direction = Direction::Lower;
    spec
}

/// A share of which there may be any number too many.
fn at_most_one(name: &str, description: &str) -> Metric {
    Metric { minimum: None, ..Metric::fraction(name, description) }
}

fn over(numerator: u32, denominator: u32) -> Reducer {
    Reducer::OverAtLeastOne { numerator, denominator }
}

fn geometric([(n1, d1), (n2, d2)]: [(u32, u32); 2], at: u32) -> Reducer {
    Reducer::GeometricMean { numerators: [n1 + at, n2 + at], denominators: [d1 + at, d2 + at] }
}

/// One reducer for every threshold, made from the place of the first column of the threshold.
fn at_alphas(reducer: impl Fn(u32) -> Reducer) -> Vec<Reducer> {
    (0..ALPHAS as u32).map(|position| reducer(FIRST_ALPHA + PER_ALPHA * position)).collect()
}
