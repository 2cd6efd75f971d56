//! Why parameters or data are refused before anything is computed from them.

/// What is wrong with an argument.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Something that must hold at least one value holds none.
    #[error("{what} must not be empty")]
    Empty {
        /// The argument.
        what: &'static str,
    },
    /// Two arguments that must be equally long are not.
    #[error("{what} has {found} values where {expected} are needed")]
    Length {
        /// The argument.
        what: &'static str,
        /// How many values were needed.
        expected: usize,
        /// How many there were.
        found: usize,
    },
    /// A value is NaN or infinite; such values never rank.
    #[error("{what} is not a finite number at position {index}")]
    NotFinite {
        /// The argument.
        what: &'static str,
        /// Where, from 0.
        index: usize,
    },
    /// A parameter lies outside of what it may be.
    #[error("{what} must be {rule}")]
    OutOfRange {
        /// The parameter.
        what: &'static str,
        /// What it may be.
        rule: &'static str,
    },
}

/// Refuses the first value that is NaN or infinite.
pub(crate) fn all_finite(what: &'static str, values: &[f64]) -> Result<(), Refusal> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(Refusal::NotFinite { what, index }),
        None => Ok(()),
    }
}

/// Refuses a length that is not the one needed.
pub(crate) fn same_length(what: &'static str, expected: usize, found: usize) -> Result<(), Refusal> {
    if found == expected { Ok(()) } else { Err(Refusal::Length { what, expected, found }) }
}

/// Refuses a parameter unless it is within its range.
pub(crate) fn within(what: &'static str, is_within: bool, rule: &'static str) -> Result<(), Refusal> {
    if is_within { Ok(()) } else { Err(Refusal::OutOfRange { what, rule }) }
}
