//! Evidence as bytes, and what holds of all evidence.

use ndarray::Array1;
use sdk::{Evidence, Score};

/// More items than these are read, but not scored: a few bytes may claim four thousand million of them.
const MOST_ITEMS: usize = 10_000;

/// Reads arbitrary bytes, as they are and as the content behind a right header; tells whether that is evidence.
pub(crate) fn check(bytes: &[u8]) -> bool {
    read(bytes);
    let checksum = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    read(&[b"HOEV\x01\x00", &checksum.to_le_bytes()[..], bytes].concat())
}

fn read(bytes: &[u8]) -> bool {
    let read = Evidence::from_bytes(bytes);
    match &read {
        Ok(evidence) => sound(evidence),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    read.is_ok()
}

/// Checks that evidence can be written and read again, and that whatever its weights its scores are finite or undefined.
pub(crate) fn sound(evidence: &Evidence) {
    evidence.check().expect("the evidence is consistent");
    let written = evidence.to_bytes().expect("evidence can be written");
    let again = Evidence::from_bytes(&written).expect("what was written can be read");
    assert_eq!(again.to_bytes().as_ref(), Ok(&written), "the journey changed the evidence");
    if evidence.items() > MOST_ITEMS {
        return;
    }
    let weightings: [fn(usize) -> f64; 4] =
        [|_| 1.0, |_| 0.0, |item| (item % 2) as f64, |item| 0.25 + item as f64];
    for weight_of in weightings {
        let weights: Array1<f64> = (0..evidence.items()).map(weight_of).collect();
        let scores = evidence.score(weights.view());
        for (metric, score) in scores.iter() {
            if let Score::Value(value) = score {
                assert!(value.is_finite(), "{metric} is {value}");
            }
        }
        assert!(scores.iter().eq(again.score(weights.view()).iter()), "the journey changed the scores");
    }
}
