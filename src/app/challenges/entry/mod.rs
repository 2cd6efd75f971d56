//! The door of a challenge: who sees it and may enter, and what becomes of those who ask.

mod appeal;
mod decide;
mod read;
mod set;
mod withdraw;

pub use appeal::appeal_registration;
pub use decide::{Verdict, decide_registration};
pub use domain::entry::{EntryRules, RegistrationState};
pub use read::{read_entry_rules, read_own_registration};
pub(in crate::challenges) use set::rules_told;
pub use set::set_entry_rules;
pub use withdraw::withdraw_registration;
