//! What somebody imports: how much reading it may take, and the files that are not tables of their own.

pub mod framing;

use sdk::Limits;

/// Four megabytes and twenty thousand rows: more than any list that people choose codes from.
///
/// A caller adds when to stop; reading takes time in the product of the rows and of the at most fifty faults that are told.
pub fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.bytes = 4 << 20;
    limits.records = 20_000;
    limits
}
