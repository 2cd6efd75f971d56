//! Saved evaluations, and what holds of all that are read.

use sdk::saved::SavedEvaluation;

use super::{evidence, items};

/// Where the checksum stands, and where what it is of begins.
const CHECKSUM: std::ops::Range<usize> = 6..14;

/// Reads arbitrary bytes, as they are and with a right checksum; tells whether that is an evaluation.
pub(crate) fn check(bytes: &[u8]) -> bool {
    read(bytes);
    if bytes.len() < CHECKSUM.end {
        return false;
    }
    let mut sealed = bytes.to_vec();
    let checksum = bytes[CHECKSUM.end..].iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    sealed[CHECKSUM].copy_from_slice(&checksum.to_le_bytes());
    read(&sealed)
}

fn read(bytes: &[u8]) -> bool {
    let read = SavedEvaluation::from_bytes(bytes);
    match &read {
        Ok(saved) => {
            items::sound(&saved.items);
            evidence::sound(&saved.evidence);
            let written = saved.to_bytes().expect("what was read can be written");
            let again = SavedEvaluation::from_bytes(&written).expect("what was written can be read");
            assert_eq!(again.to_bytes().as_ref(), Ok(&written), "the journey changed the evaluation");
            assert_eq!((&again.items, &again.metrics), (&saved.items, &saved.metrics));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    read.is_ok()
}
