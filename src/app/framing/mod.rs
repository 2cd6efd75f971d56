//! Framing: which version of everyday life a phase counts, who decided that, and since when.
//!
//! A phase takes submissions only when it has a framing, and every evaluation carries the one that it was made under.

mod choices;
pub mod documents;
pub mod figures;
pub mod guideline_figure;
pub mod measures;
mod propose;
pub mod read;
pub(crate) mod record;

pub use choices::{Choice, choices, label_of};
pub use propose::{propose, propose_framing, propose_framing_of_file};
pub use read::{FramingDetail, difference, list_framings, read_framing};

/// What the use cases of this area give back, for shells that do not know the storage.
pub mod records {
    pub use research::imports::framing::FramingFile;
    pub use storage::decisions::Decision;
    pub use storage::framings::{Framing, FullFraming};
}
