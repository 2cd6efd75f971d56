//! Integrity: what submissions are compared by, what was seen, what was decided, and what was said to it.

mod examinations;
mod flags;
mod rulings;

pub use examinations::{
    Due, Examination, Examinee, FromOtherTeam, await_examination, due, examined, fingerprint, forget,
    lock_phase, of_team, same_predictions, standing,
};
pub use flags::{
    Filter, Flag, FlaggedSubmission, NewFlag, already_flagged, find, is_waiting, list, raise, submissions_of,
};
pub use rulings::{
    Decision, TeamRuling, about_team, against_team, answer, appeal, disqualified, mark_withdrawn, reinstate,
    rule, rulings_of, settle, withdrawing_flag,
};
