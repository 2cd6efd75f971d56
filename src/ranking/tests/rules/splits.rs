//! The hash split and the shake-up between its sides.

use std::collections::BTreeMap;

use domain::split::{HashSide, SplitRule};
use heldout_ranking::shake_up::shake_up;

use super::{by_team, golden, scores_1024};

#[test]
fn public_and_private_halves() {
    let (Some(file), Some(scores_1024)) = (golden("19_split_and_shakeup"), scores_1024()) else { return };
    let rule = SplitRule::Hash { percent: file["percent"].as_u64().unwrap() as u8, side: HashSide::Inside };
    let salt = file["salt"].as_str().unwrap();
    let nothing = BTreeMap::new();
    let is_public = |item: usize| rule.contains(salt.as_bytes(), &format!("item-{item:04}"), &nothing);
    let public_ids: Vec<String> =
        (0..60).filter(|item| is_public(*item)).map(|item| format!("item-{item:04}")).collect();
    let expected: Vec<&str> =
        file["public_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert_eq!(public_ids, expected);

    let sums = |side: bool| -> Vec<f64> {
        let sum =
            |own: &Vec<f64>| (0..60).filter(|item| is_public(*item) == side).map(|item| own[item]).sum();
        scores_1024.iter().map(sum).collect()
    };
    let shaken = shake_up(&sums(true), &sums(false), true).unwrap();
    let as_numbers = |ranks: &[usize]| ranks.iter().map(|rank| Some(*rank as f64)).collect::<Vec<_>>();
    assert_eq!(as_numbers(&shaken.public_ranks), by_team(&file["public_rank"]));
    assert_eq!(as_numbers(&shaken.private_ranks), by_team(&file["private_rank"]));
    assert_eq!(
        shaken.shifts.iter().map(|shift| Some(*shift as f64)).collect::<Vec<_>>(),
        by_team(&file["shake"])
    );
    assert_eq!(Some(shaken.mean_shift), super::number(&file["mean_absolute_shake_over_T"]));
    assert_eq!(shaken.top_overlap(3) as u64, file["top3_overlap"].as_u64().unwrap());
    assert_eq!(shaken.tau.concordant, file["kendall"]["concordant"].as_u64().unwrap());
    assert_eq!(shaken.tau.discordant, file["kendall"]["discordant"].as_u64().unwrap());
    assert_eq!(shaken.tau.ties_x_only, file["kendall"]["ties_x_only"].as_u64().unwrap());
    assert!((shaken.tau.tau_b().unwrap() - file["kendall"]["tau_b"].as_f64().unwrap()).abs() <= 1e-15);
}
