//! Programs are tried before anybody submits: the environment is built when a program comes, and what its organizers
//! would submit themselves is run, so that they see a fault before contestants do.

mod ask;
mod read;
mod repeat;
mod work;

pub use read::{Trials, read_trials};
pub use repeat::repeat_trials;
pub use storage::trials::{ENVIRONMENT, LeasedTrial, Trial, TrialEnd};
pub use work::{TrialOrder, environment_of, hold_trial, lease_trial, load_trial, record_trial};

pub(crate) use ask::{PlannedSolution, ask_for_environment, ask_for_solutions};
