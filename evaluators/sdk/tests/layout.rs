//! The layout of stored evidence: what a release has written, every later one reads.

use heldout_sdk as sdk;
use ndarray::array;
use sdk::Score;
use sdk::evidence::{ClassAverage, Curve, CurveClass, CurveOutput, CurveRule, Evidence, NO_ITEM};

/// The evidence of [`written`] as the release of layout 1 wrote it.
const LAYOUT_1: &str = include_str!("evidence_layout_1.hex");

fn written() -> Evidence {
    let mut evidence = Evidence::new(2);
    evidence.means(100.0, ["accuracy"], array![[1.0], [0.0]]);
    let class = CurveClass {
        name: "cut".to_owned(),
        items: vec![0, NO_ITEM, 1],
        hits: vec![1, 0, 1],
        positives: vec![(0, 1), (1, 1)],
        ..CurveClass::default()
    };
    let output = CurveOutput { rule: CurveRule::AllPoint, threshold: 0, average: ClassAverage::Present };
    let block = evidence.block(Curve { classes: vec![class], thresholds: 1, outputs: vec![output] });
    evidence.metric("mAP", 1.0, block.output(0));
    evidence
}

#[test]
fn a_released_layout_stays_readable() {
    let hex = LAYOUT_1.trim();
    let bytes: Vec<u8> =
        (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect();
    let evidence = Evidence::from_bytes(&bytes).unwrap();
    assert_eq!(evidence, written());
    let scores = evidence.score_all();
    assert_eq!(scores.get("accuracy"), Some(Score::Value(50.0)));
    // A hit, a miss, a hit: the mean of 1 and 2/3.
    let average = scores.get("mAP").and_then(Score::value).unwrap();
    assert!((average - 5.0 / 6.0).abs() < 1e-12, "{average}");
}

#[test]
fn what_is_written_is_the_released_layout() {
    let hex: String = written().to_bytes().unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, LAYOUT_1.trim(), "another layout wants another version, and a file of what it writes");
}

#[test]
fn other_bytes_are_told_apart() {
    assert_eq!(Evidence::from_bytes(b"").unwrap_err().to_string(), "the bytes are no evidence");
    assert_eq!(
        Evidence::from_bytes(b"PK\x03\x04 and so on").unwrap_err().to_string(),
        "the bytes are no evidence"
    );
    let mut newer = Evidence::new(0).to_bytes().unwrap();
    newer[4] = 200;
    let told = Evidence::from_bytes(&newer).unwrap_err().to_string();
    assert_eq!(told, "evidence of layout 200 is not known to this release");
}
