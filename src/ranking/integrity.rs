//! Integrity: what an organizer should look at before prizes are given.
//!
//! Everything here raises a flag with its evidence; nothing here decides.
//! Two teams may share code in the open, and a cautious team may change little from day to day.

pub mod canonical;
pub mod fingerprint;
pub mod log_loss;
pub mod near_duplicates;
pub mod outcomes;
pub mod predictions;
pub mod probing;

pub use canonical::{canonical_cell, item_digest, submission_digest};
pub use fingerprint::{Fingerprint, Likeness, NoFingerprint, Residuals, WrongAnswers};
pub use log_loss::{labels_per_query, safe_clipping};
pub use near_duplicates::{AnswerPair, compare_answers, residual_correlation};
pub use outcomes::{Outcomes, outcomes};
pub use predictions::{NO_ANSWER, Predictions, Unreadable, read_predictions};
pub use probing::{Probing, detect_probing};
