//! Whether intervals and rank sets keep what they promise, on made-up splits whose truth is known.
//!
//!     cargo run --release -p heldout-ranking --example simulation [-- SPLITS]
//!
//! Three tables: how often intervals hold the truth, at the level of videos and, for contrast, of clips; how often rank sets of
//! equal teams settle anything; and how often a true difference is found, against rules that look at each entry alone.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "the table is what the example is for, and it stops when it cannot go on"
)]

use heldout_ranking::board::{Board, Standing};
use heldout_ranking::draws::Key;
use heldout_ranking::level::{Level, Replications};
use heldout_ranking::replicates::{Replicates, replicates, replicates_of_all};
use heldout_ranking::resampling::Resampling;
use heldout_ranking::{interval, normal, paired, rank_sets, stability};
use ndarray::{Array1, Array2};
use sdk::Limits;
use sdk::evidence::{
    ClassAverage, Curve, CurveClass, CurveOutput, CurveRule, Evidence, GroupedMean, Mean, Ratio,
};

const FIVE: Level = Level::FIVE_PERCENT;
const METRICS: [&str; 5] = ["mean", "ratio", "macro mean", "average precision", "ROC area"];
const CLASSES: u32 = 4;

fn main() {
    let asked = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let splits: u64 = asked.unwrap_or(400);
    coverage(splits);
    equal_teams(splits + splits / 4);
    power(splits);
}

/// A stream of random numbers.
struct Numbers {
    key: Key,
    next: u64,
}

impl Numbers {
    fn new(seed: u64) -> Self {
        Self { key: Key::derive("simulation", "", seed), next: 0 }
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.key.number(self.next)
    }

    /// Between 0 and 1, neither of them.
    fn share(&mut self) -> f64 {
        ((self.number() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    fn normal(&mut self) -> f64 {
        normal::quantile(self.share())
    }
}

/// What is known of a clip.
struct Clip {
    video: u32,
    score: f64,
    numerator: f64,
    denominator: f64,
    class: u32,
    is_positive: bool,
    confidence: f64,
}

/// Clips of some videos: what a video is like is shared by its clips, which are 4 to 8.
fn clips(videos: u32, numbers: &mut Numbers) -> Vec<Clip> {
    let mut clips = Vec::new();
    for video in 0..videos {
        let (mood, hardness) = (numbers.normal(), numbers.normal());
        for _ in 0..4 + numbers.number() % 5 {
            let denominator = (1 + numbers.number() % 6) as f64;
            let errors = normal::cumulative(-0.8 + 0.6 * hardness + 0.4 * numbers.normal());
            let is_positive = numbers.normal() + 0.7 * mood > 0.4;
            let signal = if is_positive { 1.2 } else { 0.0 };
            clips.push(Clip {
                video,
                score: normal::cumulative(0.3 + 0.8 * mood + 0.5 * numbers.normal()),
                numerator: (denominator * errors).round(),
                denominator,
                class: (numbers.number() % u64::from(CLASSES)) as u32,
                is_positive,
                confidence: signal + 0.5 * hardness + numbers.normal(),
            });
        }
    }
    clips
}

fn evidence(clips: &[Clip]) -> Evidence {
    let mut evidence = Evidence::new(clips.len());
    let column = |of: fn(&Clip) -> f64| Array2::from_shape_fn((clips.len(), 1), |(item, _)| of(&clips[item]));
    let block = evidence.block(Mean::new(column(|clip| clip.score)));
    evidence.metric(METRICS[0], 1.0, block.output(0));
    let denominators: Array1<f64> = clips.iter().map(|clip| clip.denominator).collect();
    let block = evidence.block(Ratio { numerators: column(|clip| clip.numerator), denominators });
    evidence.metric(METRICS[1], 1.0, block.output(0));
    // Classes differ, so that their mean is not that of the clips.
    let block = evidence.block(GroupedMean {
        values: column(|clip| clip.score * f64::from(clip.class + 1)),
        groups: clips.iter().map(|clip| clip.class).collect(),
        group_count: CLASSES,
    });
    evidence.metric(METRICS[2], 1.0, block.output(0));
    let mut order: Vec<u32> = (0..clips.len() as u32).collect();
    order.sort_by(|a, b| clips[*b as usize].confidence.total_cmp(&clips[*a as usize].confidence));
    let class = CurveClass {
        hits: order.iter().map(|item| u32::from(clips[*item as usize].is_positive)).collect(),
        positives: (0..clips.len() as u32)
            .filter(|item| clips[*item as usize].is_positive)
            .map(|item| (item, 1))
            .collect(),
        items: order,
        ..CurveClass::default()
    };
    let outputs = [CurveRule::DistinctThresholds, CurveRule::RocArea].map(|rule| CurveOutput {
        rule,
        threshold: 0,
        average: ClassAverage::Present,
    });
    let block = evidence.block(Curve { classes: vec![class], thresholds: 1, outputs: outputs.to_vec() });
    evidence.metric(METRICS[3], 1.0, block.output(0));
    evidence.metric(METRICS[4], 1.0, block.output(1));
    evidence
}

fn values(evidence: &Evidence) -> Vec<f64> {
    evidence.score_all().iter().map(|(_, score)| score.value().unwrap()).collect()
}

fn coverage(splits: u64) {
    for videos in [100, 300] {
        coverage_of(splits, videos);
    }
}

fn coverage_of(splits: u64, videos: u32) {
    let truth = values(&evidence(&clips(100_000, &mut Numbers::new(u64::MAX))));
    println!("Coverage of 95 % intervals, {splits} splits of {videos} videos");
    println!("{:<20} {:>8} {:>10} {:>10}", "", "truth", "by video", "by clip");
    let mut held = [[0_u32; 2]; METRICS.len()];
    for split in 0..splits {
        let clips = clips(videos, &mut Numbers::new(u64::from(videos) << 32 | split));
        let evidence = evidence(&clips);
        let groups: Vec<u32> = clips.iter().map(|clip| clip.video).collect();
        let by_video = Resampling::new(&vec![1.0; clips.len()], &groups, None).unwrap();
        let by_clip = Resampling::one_by_one(clips.len() as u32).unwrap();
        let key = Key::derive("coverage", "", split);
        for (unit, resampling) in [by_video, by_clip].iter().enumerate() {
            let found =
                replicates(&evidence, resampling, key, Replications::LIVE, &Limits::default()).unwrap();
            for (metric, replicates) in found.iter().enumerate() {
                let interval = interval::percentile(replicates.as_ref().unwrap(), FIVE).unwrap().unwrap();
                let holds = interval.lower <= truth[metric] && truth[metric] <= interval.upper;
                held[metric][unit] += u32::from(holds);
            }
        }
    }
    for ((metric, truth), held) in METRICS.iter().zip(truth).zip(held) {
        let [video, clip] = held.map(|held| f64::from(held) / splits as f64);
        println!("{metric:<20} {truth:>8.4} {video:>10.3} {clip:>10.3}");
    }
    println!();
}

/// The scores of teams, each with its skill, on items that are as hard for all as they are.
fn teams(skills: &[f64], items: usize, numbers: &mut Numbers) -> Vec<Evidence> {
    let hardness: Vec<f64> = (0..items).map(|_| numbers.normal()).collect();
    skills
        .iter()
        .map(|skill| {
            let threshold = normal::quantile(*skill);
            let mut evidence = Evidence::new(items);
            // Half of what decides belongs to the item, so that teams resemble each other.
            let right = hardness.iter().map(|hardness| {
                let ability = hardness * 0.5_f64.sqrt() + numbers.normal() * 0.5_f64.sqrt();
                f64::from(u8::from(ability < threshold))
            });
            let column: Vec<f64> = right.collect();
            let values = Array2::from_shape_vec((items, 1), column).unwrap();
            evidence.means(1.0, ["accuracy"], values);
            evidence
        })
        .collect()
}

fn standings(evidence: &[Evidence], seed: u64) -> (Vec<f64>, Vec<Replicates>) {
    let all: Vec<&Evidence> = evidence.iter().collect();
    let split = Resampling::one_by_one(evidence[0].items() as u32).unwrap();
    let key = Key::derive("teams", "", seed);
    let found = replicates_of_all(&all, &split, key, Replications::LIVE, &Limits::default()).unwrap();
    let values = evidence.iter().map(|evidence| values(evidence)[0]).collect();
    (values, found.into_iter().flatten().flatten().collect())
}

fn board(values: &[f64], replicates: &[Replicates]) -> Board {
    let standings: Vec<Standing<'_>> = values
        .iter()
        .zip(replicates)
        .map(|(value, replicates)| Standing { value: *value, replicates: Some(replicates) })
        .collect();
    Board::new(&standings, true, FIVE).unwrap()
}

fn equal_teams(simulations: u64) {
    let (mut settled, mut naive) = (0_u32, 0_u32);
    for simulation in 0..simulations {
        let evidence = teams(&[0.6; 10], 300, &mut Numbers::new(1_000_000 + simulation));
        let (values, replicates) = standings(&evidence, simulation);
        let board = board(&values, &replicates);
        settled += u32::from(!rank_sets::by_replicates(&board).unwrap().better.is_empty());
        // Equal teams all have rank 1: the naive set of each should hold it.
        let ranks = stability::stability(&board).unwrap();
        naive += u32::from(ranks.iter().any(|one| one.ranks.is_none_or(|ranks| ranks.best > 1)));
    }
    let share = |count: u32| f64::from(count) / simulations as f64;
    println!("Any false conclusion, {simulations} simulations of 10 equal teams on 300 items");
    println!("{:<44} {:>8.3}", "rank sets", share(settled));
    println!("{:<44} {:>8.3}", "the ranks taken in replicates", share(naive));
}

fn power(simulations: u64) {
    let (mut apart, mut paired_found) = (0_u32, 0_u32);
    for simulation in 0..simulations {
        let evidence = teams(&[0.61, 0.60], 5_000, &mut Numbers::new(2_000_000 + simulation));
        let (values, replicates) = standings(&evidence, simulation);
        let [first, second] =
            [0, 1].map(|team: usize| interval::percentile(&replicates[team], FIVE).unwrap().unwrap());
        apart += u32::from(first.lower > second.upper);
        let found =
            paired::difference((values[0], &replicates[0]), (values[1], &replicates[1]), FIVE).unwrap();
        paired_found += u32::from(found.p <= 0.05 && found.value > 0.0);
    }
    let share = |count: u32| f64::from(count) / simulations as f64;
    println!("\nA true difference of one point found, {simulations} simulations of 5,000 items");
    println!("{:<44} {:>8.3}", "intervals that do not overlap", share(apart));
    println!("{:<44} {:>8.3}", "paired bootstrap", share(paired_found));

    let skills: Vec<f64> = (0..20).map(|team| 0.62 - 0.001 * f64::from(team)).collect();
    let (mut sets_hold, mut ranks_hold) = (0_u32, 0_u32);
    let fewer = simulations / 4;
    for simulation in 0..fewer {
        let evidence = teams(&skills, 1_000, &mut Numbers::new(3_000_000 + simulation));
        let (values, replicates) = standings(&evidence, simulation);
        let board = board(&values, &replicates);
        let sets = rank_sets::by_replicates(&board).unwrap().sets;
        let ranks = stability::stability(&board).unwrap();
        let holds = |team: usize, best: usize, worst: usize| best <= team + 1 && team < worst;
        sets_hold += u32::from((0..20).all(|team| holds(team, sets[team].best, sets[team].worst)));
        let inside =
            |team: usize| ranks[team].ranks.is_some_and(|ranks| holds(team, ranks.best, ranks.worst));
        ranks_hold += u32::from((0..20).all(inside));
    }
    let share = |count: u32| f64::from(count) / fewer as f64;
    println!("\nAll true ranks held, {fewer} simulations of 20 teams within two points on 1,000 items");
    println!("{:<44} {:>8.3}", "rank sets", share(sets_hold));
    println!("{:<44} {:>8.3}", "the ranks taken in replicates", share(ranks_hold));
}
