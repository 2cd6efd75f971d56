//! What every list of faults promises, whatever the file was.

use sdk::Faults;
use sdk::fault::FAULT_CAP;

/// Checks the faults of a refused file: counted, capped, complete, and the same after a journey as JSON.
pub(crate) fn check(faults: &Faults) {
    let told = faults.faults.len();
    assert!(0 < told && told <= FAULT_CAP, "{told} faults are told");
    assert!(
        faults.fault_count == told as u64 || (told == FAULT_CAP && faults.fault_count > told as u64),
        "{told} of {} faults are told",
        faults.fault_count
    );
    for fault in &faults.faults {
        let parts = [&fault.message, &fault.expected, &fault.found];
        assert!(
            parts.iter().all(|part| !part.trim().is_empty()),
            "a fault leaves something unsaid: {fault:?}"
        );
    }
    let written = serde_json::to_string(faults).expect("faults can be written");
    let read: Faults = serde_json::from_str(&written).expect("faults can be read");
    assert_eq!(read, *faults);
}
