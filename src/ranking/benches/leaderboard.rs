//! What a leaderboard with its uncertainty costs: `cargo bench -p heldout-ranking --bench leaderboard`.
//!
//! 200 teams, 5,000 items, 999 replicates of a mean; then other kinds of evidence, in ratio to the mean; then average precision of
//! half a million detections at ten thresholds, in ratio to a single score of the same evidence.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops when it cannot go on"
)]

use std::time::{Duration, Instant};

use heldout_ranking::board::{Board, Standing};
use heldout_ranking::draws::Key;
use heldout_ranking::level::{Level, Replications};
use heldout_ranking::paired::Alternative;
use heldout_ranking::replicates::{Replicates, replicates, replicates_of_all};
use heldout_ranking::resampling::Resampling;
use heldout_ranking::{groups, interval, rank_sets, sign_flip, stability};
use ndarray::{Array1, Array2};
use sdk::Limits;
use sdk::evidence::{
    ClassAverage, Curve, CurveClass, CurveOutput, CurveRule, Evidence, GroupedMean, Mean, Ratio, Reducer,
    Stats,
};

const TEAMS: usize = 200;
const ITEMS: usize = 5_000;
const COUNT: Replications = Replications::LIVE;
const KEY: Key = Key::from_u64(0x5eed);

fn main() {
    let split = Resampling::one_by_one(ITEMS as u32).unwrap();
    let teams: Vec<Vec<f64>> = (0..TEAMS).map(scores).collect();
    let evidence: Vec<Evidence> = teams.iter().map(|scores| mean(scores)).collect();
    let all: Vec<&Evidence> = evidence.iter().collect();
    println!("{TEAMS} teams, {ITEMS} items, {} replicates", COUNT.get());

    let (in_one, found) = timed(|| of_all(&all, &split));
    let (in_two, again) = timed(|| {
        let (first, second) = all.split_at(TEAMS / 2);
        std::thread::scope(|scope| {
            let other = scope.spawn(|| of_all(second, &split));
            let mut found = of_all(first, &split);
            found.extend(other.join().unwrap());
            found
        })
    });
    assert_eq!(found, again, "threads change nothing");
    let values: Vec<f64> =
        evidence.iter().map(|one| one.score_all().get("metric").unwrap().value().unwrap()).collect();
    let (ranked, board) = timed(|| rank(&values, &found));
    row("replicates of all, one thread", in_one);
    row("replicates of all, two threads", in_two);
    row("intervals, rank sets, groups and stability", ranked);
    row("the whole leaderboard, two threads", in_two + ranked);

    let (sets, _) = timed(|| rank_sets::by_replicates(&board).unwrap());
    let (greedy, _) = timed(|| groups::by_replicates(&board).unwrap());
    let (ranks, _) = timed(|| stability::stability(&board).unwrap());
    row("  of which rank sets", sets);
    row("  of which groups", greedy);
    row("  of which stability", ranks);

    let (one, _) = timed(|| replicates(&evidence[7], &split, KEY, COUNT, &Limits::default()).unwrap());
    row("replicates of one", one);
    row("update after one", one + ranked);

    let order = board.order();
    let adjacent: Vec<Vec<f64>> = order
        .windows(2)
        .map(|pair| teams[pair[0]].iter().zip(&teams[pair[1]]).map(|(a, b)| a - b).collect())
        .collect();
    let (drawn, _) = timed(|| sign_flip::sign_flips(&adjacent, Alternative::TwoSided, KEY, 1_999));
    row("sign flips of adjacent pairs, 1,999 permutations", drawn);

    println!("\nreplicates of one submission, {ITEMS} items, in ratio to those of a mean");
    for (name, evidence) in kinds(&teams[0], &teams[1]) {
        let (time, _) = timed(|| replicates(&evidence, &split, KEY, COUNT, &Limits::default()).unwrap());
        println!("{name:<52} {:>9.1} ms {:>8.1} x", milliseconds(time), ratio(time, one));
    }

    println!("\n500,000 detections of 80 classes on {ITEMS} images, 10 thresholds");
    let detections = detections(500_000);
    let (single, _) = timed(|| detections.score_all().get("metric").unwrap());
    let (time, _) = timed(|| replicates(&detections, &split, KEY, COUNT, &Limits::default()).unwrap());
    row("one score", single);
    row("replicates", time);
    println!("{:<52} {:>9.1} x", "replicates, each in ratio to one score", ratio(time, single) / 999.0);
}

fn of_all(evidence: &[&Evidence], split: &Resampling) -> Vec<Replicates> {
    let found = replicates_of_all(evidence, split, KEY, COUNT, &Limits::default()).unwrap();
    found.into_iter().flatten().flatten().collect()
}

/// Everything that a leaderboard shows.
fn rank(values: &[f64], replicates: &[Replicates]) -> Board {
    let standings: Vec<Standing<'_>> = values
        .iter()
        .zip(replicates)
        .map(|(value, replicates)| Standing { value: *value, replicates: Some(replicates) })
        .collect();
    let level = Level::FIVE_PERCENT;
    for replicates in replicates {
        std::hint::black_box((
            interval::percentile(replicates, level).unwrap(),
            interval::standard_error(replicates),
        ));
    }
    let board = Board::new(&standings, true, level).unwrap();
    std::hint::black_box((
        rank_sets::by_replicates(&board).unwrap(),
        groups::by_replicates(&board).unwrap(),
        stability::stability(&board).unwrap(),
    ));
    board
}

/// Scores of a team: an item is as hard for all as it is, and teams differ by up to a few points.
fn scores(team: usize) -> Vec<f64> {
    let items = Key::from_u64(1);
    let own = Key::from_u64(2 + team as u64);
    (0..ITEMS as u64)
        .map(|item| {
            let luck = unit(items.number(item)) + unit(own.number(item));
            0.5 * luck + 0.0005 * team as f64
        })
        .collect()
}

fn unit(number: u64) -> f64 {
    (number >> 11) as f64 / (1_u64 << 53) as f64
}

fn column(values: &[f64]) -> Array2<f64> {
    Array2::from_shape_fn((values.len(), 1), |(item, _)| values[item])
}

fn mean(values: &[f64]) -> Evidence {
    let mut evidence = Evidence::new(ITEMS);
    let block = evidence.block(Mean::new(column(values)));
    evidence.metric("metric", 1.0, block.output(0));
    evidence
}

/// The other kinds of evidence of the same size.
fn kinds(values: &[f64], other: &[f64]) -> Vec<(&'static str, Evidence)> {
    let denominators: Array1<f64> = other.iter().map(|value| 1.0 + (value * 9.0).floor()).collect();
    let ratio = Ratio { numerators: column(values), denominators: denominators.clone() };
    let groups = (0..ITEMS as u32).map(|item| item % 100).collect();
    let grouped = GroupedMean { values: column(values), groups, group_count: 100 };
    let columns =
        Array2::from_shape_fn((ITEMS, 3), |(item, column)| (values[item] * (column + 2) as f64).floor());
    let reducers = vec![Reducer::F1 { true_positives: 0, false_positives: 1, false_negatives: 2 }];
    let hits: Vec<u32> = other.iter().map(|value| u32::from(*value > 0.5)).collect();
    let curve = |rule| {
        let mut order: Vec<u32> = (0..ITEMS as u32).collect();
        order.sort_by(|a, b| values[*b as usize].total_cmp(&values[*a as usize]));
        let class = CurveClass {
            hits: order.iter().map(|item| hits[*item as usize]).collect(),
            positives: (0..ITEMS as u32)
                .filter(|item| hits[*item as usize] == 1)
                .map(|item| (item, 1))
                .collect(),
            items: order,
            ..CurveClass::default()
        };
        let output = CurveOutput { rule, threshold: 0, average: ClassAverage::Present };
        Curve { classes: vec![class], thresholds: 1, outputs: vec![output] }
    };
    let mut kinds = Vec::new();
    let mut add = |name, block: sdk::evidence::Block| {
        let mut evidence = Evidence::new(ITEMS);
        let block = evidence.block(block);
        evidence.metric("metric", 1.0, block.output(0));
        kinds.push((name, evidence));
    };
    add("ratio", ratio.into());
    add("mean of the means of 100 classes", grouped.into());
    add("micro F1", Stats { columns, reducers }.into());
    add("ROC area", curve(CurveRule::RocArea).into());
    add("average precision", curve(CurveRule::AllPoint).into());
    kinds
}

/// Detections as COCO's measure takes them: the better the score, the likelier a hit, and the fewer thresholds the looser the box.
fn detections(count: usize) -> Evidence {
    const CLASSES: usize = 80;
    let stream = Key::from_u64(77);
    let mut classes = vec![CurveClass::default(); CLASSES];
    for class in &mut classes {
        class.positives = (0..ITEMS as u32).step_by(3).map(|item| (item, 1)).collect();
    }
    for detection in 0..count {
        let number = |facet: u64| stream.number(4 * detection as u64 + facet);
        let class = &mut classes[(number(0) % CLASSES as u64) as usize];
        let place = detection as f64 / count as f64;
        let thresholds = (unit(number(1)) * 11.0) as u32;
        let is_hit = unit(number(2)) < 0.9 * (1.0 - place).powi(2);
        class.items.push((number(3) % ITEMS as u64) as u32);
        class.hits.push(if is_hit { (1 << thresholds) - 1 } else { 0 });
    }
    let outputs: Vec<CurveOutput> = (0..10)
        .map(|threshold| CurveOutput {
            rule: CurveRule::Points101,
            threshold,
            average: ClassAverage::Present,
        })
        .collect();
    let mut evidence = Evidence::new(ITEMS);
    let block = evidence.block(Curve { classes, thresholds: 10, outputs });
    let terms = (0..10).map(|output| block.output(output)).collect();
    evidence.metric_mean("metric", 1.0, terms);
    evidence
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begin = Instant::now();
    let result = work();
    (begin.elapsed(), result)
}

fn milliseconds(time: Duration) -> f64 {
    1_000.0 * time.as_secs_f64()
}

fn ratio(time: Duration, to: Duration) -> f64 {
    time.as_secs_f64() / to.as_secs_f64()
}

fn row(name: &str, time: Duration) {
    println!("{name:<52} {:>9.1} ms", milliseconds(time));
}
