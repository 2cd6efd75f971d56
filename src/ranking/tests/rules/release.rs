//! Ladders and Thresholdout.

use domain::Timestamp;
use heldout_ranking::draws::Key;
use heldout_ranking::release::{
    Basis, BootLadder, Ladder, LadderFixed, QueryNoise, ReleasePolicy, Scored, TeamRelease, Thresholdout,
};
use serde_json::Value;

use super::{TEAMS, golden, integers, number, numbers, scores_1024};

/// The losses of the 0/1 submissions: 1 where a submission is wrong.
fn losses(file: &Value) -> Vec<Vec<f64>> {
    let truth = integers(&file["truth"]);
    let wrong = |submission: &Value| {
        integers(submission)
            .iter()
            .zip(&truth)
            .map(|(answer, truth)| f64::from(u8::from(answer != truth)))
            .collect()
    };
    file["submissions"].as_array().unwrap().iter().map(wrong).collect()
}

#[test]
fn ladders_of_fixed_steps() {
    let Some(file) = golden("16_ladder") else { return };
    for (name, jl) in [("fixed_paper", false), ("fixed_ladder_jl_round2", true)] {
        for (eta, expected) in file[name].as_object().unwrap() {
            let steps: u32 = eta.strip_prefix("1/").unwrap().parse().unwrap();
            let mut ladder = LadderFixed::with_grid(steps, if jl { 100 } else { steps }).unwrap();
            let released: Vec<f64> = losses(&file)
                .iter()
                .map(|losses| {
                    ladder.offer(losses.iter().sum(), losses.len() as u64).unwrap();
                    ladder.released().unwrap()
                })
                .collect();
            assert_eq!(released, numbers(expected), "{name} {eta}");
        }
    }
}

/// The released values and steps of the parameter-free ladder, alone and as a policy.
fn parameter_free(submissions: &[Vec<f64>], unit: f64) -> (Vec<f64>, Vec<bool>) {
    let mut ladder = Ladder::new(1.0).unwrap();
    let mut team = TeamRelease::new(ReleasePolicy::Ladder { z: 1.0 }, false).unwrap();
    let at = Timestamp::from_micros(0).unwrap();
    submissions
        .iter()
        .map(|losses| {
            let is_step = ladder.offer(losses.iter().sum(), Basis::Units(losses), false).unwrap();
            let score = losses.iter().sum::<f64>() / (unit * losses.len() as f64);
            let released = team.observe(&Scored { score, basis: Some(Basis::Units(losses)), at }).unwrap();
            assert_eq!(released.is_new, is_step);
            (released.value.unwrap(), is_step)
        })
        .unzip()
}

fn booleans(values: &Value) -> Vec<bool> {
    values.as_array().unwrap().iter().map(|value| value.as_bool().unwrap()).collect()
}

#[test]
fn the_parameter_free_ladder() {
    let Some(file) = golden("16_ladder") else { return };
    let (released, steps) = parameter_free(&losses(&file), 1.0);
    assert_eq!(released, numbers(&file["parameter_free"]["released"]));
    assert_eq!(steps, booleans(&file["parameter_free"]["improved"]));

    let real = &file["loss_real_valued"];
    let submissions: Vec<Vec<f64>> = real["losses_1024"].as_array().unwrap().iter().map(numbers).collect();
    let (released, steps) = parameter_free(&submissions, 1024.0);
    assert_eq!(released, numbers(&real["released"]));
    assert_eq!(steps, booleans(&real["improved"]));

    let readme = &file["ladder_jl_readme"];
    let labels = integers(&readme["labels"]);
    let wrong = |answers: &Value| {
        integers(answers)
            .iter()
            .zip(&labels)
            .map(|(answer, label)| f64::from(u8::from(answer != label)))
            .collect()
    };
    let submissions: Vec<Vec<f64>> = readme["submissions"].as_array().unwrap().iter().map(wrong).collect();
    assert_eq!(parameter_free(&submissions, 1.0).0, numbers(&readme["released"]));
}

#[test]
fn the_bootstrap_ladder() {
    let (Some(file), Some(scores_1024)) = (golden("17_bootladderboot"), scores_1024()) else { return };
    let key = Key::from_u64(u64::from_str_radix(file["key_hex"].as_str().unwrap(), 16).unwrap());
    let replicates = |team: &Value| -> Vec<f64> {
        let own = &scores_1024[TEAMS.iter().position(|name| name == team).unwrap()];
        let n = own.len() as u64;
        let sum = |replicate| (0..n).map(|draw| own[key.index(replicate, draw, n, n) as usize]).sum::<f64>();
        (0..file["B"].as_u64().unwrap()).map(|replicate| sum(replicate) / (1024 * n) as f64).collect()
    };
    let rule = BootLadder::new(true);
    assert_eq!(rule.threshold, file["bayes_threshold"].as_f64().unwrap());
    assert_eq!(rule.report_first as u64, file["report_first"].as_u64().unwrap());
    // Where a case is no step, what it releases is what was released before it.
    let mut released = f64::NAN;
    for case in file["cases"].as_array().unwrap() {
        let step = rule.step(&replicates(&case["previous"]), &replicates(&case["new"])).unwrap();
        assert_eq!(step.at_least_as_good as u64, case["ge"].as_u64().unwrap(), "{case}");
        assert_eq!(step.worse as u64, case["lt"].as_u64().unwrap(), "{case}");
        let factor = if case["K"] == "inf" { f64::INFINITY } else { number(&case["K"]).unwrap() };
        assert_eq!(step.bayes_factor(), factor, "{case}");
        assert_eq!(step.is_above_threshold, case["met_cutoff"].as_bool().unwrap(), "{case}");
        if step.is_above_threshold {
            released = step.released;
        }
        // The mean of ten quotients, each rounded.
        assert!((released - number(&case["released"]).unwrap()).abs() < 1e-15, "{case}");
    }
}

#[test]
fn thresholdout_with_given_noise() {
    let Some(file) = golden("18_thresholdout") else { return };
    let list = |name: &str| numbers(&file[name]);
    let (train, holdout, eta, xi) = (list("train"), list("holdout"), list("eta"), list("xi"));
    let mut gammas = list("gamma").into_iter();
    let budget = file["budget"].as_u64().unwrap() as u32;
    let mut mechanism =
        Thresholdout::new(number(&file["T"]).unwrap(), gammas.next().unwrap(), budget).unwrap();
    let mut gamma = gammas.next().unwrap();
    let mut released = Vec::new();
    for query in 0..train.len() {
        let before = mechanism.budget();
        let noise = QueryNoise { eta: eta[query], xi: xi[query], gamma };
        released.push(mechanism.answer(train[query], holdout[query], noise).unwrap());
        if mechanism.budget() < before {
            gamma = gammas.next().unwrap();
        }
    }
    let expected: Vec<Option<f64>> = file["released"].as_array().unwrap().iter().map(number).collect();
    assert_eq!(released, expected);
}

/// How often a climber that changes so many answers at a time reaches a step, and the points that it gains.
///
/// Labels are coins; answers that are right count 1.
fn climb(policy: ReleasePolicy, seed: u64, changes: u64, items: u64, queries: u64) -> (usize, f64) {
    let mut numbers = (0..).map(|counter| Key::from_u64(seed).number(counter));
    let mut draw = |range: u64| ((u128::from(numbers.next().unwrap()) * u128::from(range)) >> 64) as usize;
    let mut right: Vec<f64> = (0..items).map(|_| draw(2) as f64).collect();
    let start: f64 = right.iter().sum();
    let mut team = TeamRelease::new(policy, true).unwrap();
    let mut steps = 0;
    for query in 0..queries {
        let mut next = right.clone();
        for _ in 0..if query == 0 { 0 } else { changes } {
            let item = draw(items);
            next[item] = 1.0 - next[item];
        }
        let score = next.iter().sum::<f64>() / items as f64;
        let at = Timestamp::from_micros(0).unwrap();
        if team.observe(&Scored { score, basis: Some(Basis::Units(&next)), at }).unwrap().is_new {
            right = next;
            steps += usize::from(query > 0);
        }
    }
    (steps, 100.0 * (right.iter().sum::<f64>() - start) / items as f64)
}

#[test]
fn a_climber_by_one_answer_never_reaches_a_step() {
    for z in [1.0, 1.5, 3.0] {
        assert_eq!(climb(ReleasePolicy::Ladder { z }, 1, 1, 500, 1_000), (0, 0.0), "z = {z}");
    }
}

#[test]
fn three_standard_errors_keep_a_patient_climber_low() {
    // A step is about a point and comes about once in a thousand queries: one run may see two, the mean of many does not.
    let mean_gain = |z| {
        let runs = (0..6).map(|seed| climb(ReleasePolicy::Ladder { z }, seed, 256, 5_000, 1_000).1);
        runs.sum::<f64>() / 6.0
    };
    let (strict, lenient) = (mean_gain(3.0), mean_gain(1.0));
    assert!(strict < 1.5, "gained {strict}");
    assert!(lenient > 4.0, "a climber that may climb gained only {lenient}");
}
