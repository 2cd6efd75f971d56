//! Alignment in the manner of NIST's sclite: words against words, where either side may offer alternatives.

mod align;
mod network;
mod options;

pub(crate) use align::{Aligner, Counts};
pub(crate) use network::{Network, NetworkError};
pub(crate) use options::Options;
