//! Bootstrap replicates of average precision and ROC area against published ones (below `HELDOUT_SHARED`, golden/ranking).
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::io::Write;
use std::path::Path;

use heldout_sdk::evidence::{ClassAverage, Curve, CurveClass, CurveOutput, CurveRule, Evidence};
use heldout_sdk::primitives::order::descending_earlier_first;
use ndarray::Array1;
use serde_json::Value;

fn golden(name: &str) -> Option<Value> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are told by the environment where the shared data is"
    )]
    let shared = std::env::var("HELDOUT_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(shared).join("golden/ranking").join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(error) => {
            let absent =
                format!("SKIPPED: {}: {error}; set HELDOUT_SHARED to the shared data\n", path.display());
            std::io::stderr().write_all(absent.as_bytes()).unwrap();
            None
        }
    }
}

/// How often each of `items` is drawn in a replicate of the published scheme (LBRNG-1).
fn counts(key: u64, replicate: u64, items: usize) -> Array1<f64> {
    let mut counts = Array1::zeros(items);
    for draw in 0..items as u64 {
        let counter = replicate * items as u64 + draw;
        let mut z = key.wrapping_add((counter + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        counts[((u128::from(z) * items as u128) >> 64) as usize] += 1.0;
    }
    counts
}

fn evidence(items: usize, class: CurveClass, rule: CurveRule) -> Evidence {
    let output = CurveOutput { rule, threshold: 0, average: ClassAverage::Present };
    let mut evidence = Evidence::new(items);
    let block = evidence.block(Curve { classes: vec![class], thresholds: 1, outputs: vec![output] });
    evidence.metric("area", 1.0, block.output(0));
    evidence
}

/// The 95 % interval of 999 replicates, by order statistics.
fn interval(evidence: &Evidence, file: &Value) -> [f64; 2] {
    let key = u64::from_str_radix(file["key_hex"].as_str().unwrap(), 16).unwrap();
    let mut scorer = evidence.scorer();
    let mut values: Vec<f64> = (0..999)
        .map(|replicate| scorer.score(counts(key, replicate, evidence.items()).view())[0].value().unwrap())
        .collect();
    values.sort_by(f64::total_cmp);
    [values[24], values[974]]
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_f64().unwrap_or_else(|| one["f64"].as_f64().unwrap()))
        .collect()
}

fn close(ours: &[f64], expected: &[f64]) {
    assert!(ours.iter().zip(expected).all(|(a, b)| (a - b).abs() <= 1e-12), "{ours:?} for {expected:?}");
}

#[test]
fn replicates_of_average_precision_are_those_of_copied_images() {
    let Some(file) = golden("06_bootstrap_ap_match_flags.json") else {
        return;
    };
    let detections = file["detections"].as_array().unwrap();
    let column =
        |name: &str| detections.iter().map(|one| one[name].as_u64().unwrap() as u32).collect::<Vec<u32>>();
    let scores: Vec<f64> = column("score_1e6").into_iter().map(f64::from).collect();
    let (images, hits) = (column("image"), column("tp"));
    let order = descending_earlier_first(&scores);
    let positives = numbers(&file["gt_per_image"]);
    let class = CurveClass {
        name: "object".to_owned(),
        items: order.iter().map(|position| images[*position as usize]).collect(),
        hits: order.iter().map(|position| hits[*position as usize]).collect(),
        positives: positives.iter().enumerate().map(|(image, count)| (image as u32, *count as u32)).collect(),
        ..CurveClass::default()
    };
    let evidence = evidence(positives.len(), class, CurveRule::AllPoint);
    close(&[evidence.score_all().get("area").unwrap().value().unwrap()], &[file["ap"].as_f64().unwrap()]);
    close(&interval(&evidence, &file), &numbers(&file["ci95"]));
}

#[test]
fn replicates_of_the_roc_area_are_exact() {
    let Some(file) = golden("07_bootstrap_auc.json") else {
        return;
    };
    let (labels, scores) = (numbers(&file["y"]), numbers(&file["score"]));
    let order = descending_earlier_first(&scores);
    let runs = order.chunk_by(|a, b| scores[*a as usize] == scores[*b as usize]);
    let class = CurveClass {
        name: "positive".to_owned(),
        hits: order.iter().map(|item| labels[*item as usize] as u32).collect(),
        runs: runs.map(|run| run.len() as u32).collect(),
        positives: (0..labels.len() as u32)
            .filter(|item| labels[*item as usize] == 1.0)
            .map(|item| (item, 1))
            .collect(),
        items: order,
        ..CurveClass::default()
    };
    let evidence = evidence(labels.len(), class, CurveRule::RocArea);
    close(
        &[evidence.score_all().get("area").unwrap().value().unwrap()],
        &numbers(&Value::from(vec![file["auc"].clone()])),
    );
    close(&interval(&evidence, &file), &numbers(&file["ci95"]));
}
