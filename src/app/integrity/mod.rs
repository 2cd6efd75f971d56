//! Integrity: the server looks for copies and for probing, organizers decide, teams may appeal.
//!
//! What is found is shown to organizers with its evidence and to nobody else, and nothing follows from it by itself.
//! Only when an organizer upholds a flag are its teams told, each of its own part.

pub mod answer;
pub mod appeal;
pub mod decide;
pub mod evidence;
pub mod examine;
pub mod notify;
pub mod prize_report;
pub mod read;

use domain::{Actor, FlagId};
use storage::Conn;
use storage::integrity::{self, Flag};
use storage::phases::{self, Phase};

use crate::authority::{SeenPhase, see_phase};
use crate::failure::{Failure, Outcome};

pub use answer::{AnswerAppeal, answer_appeal};
pub use appeal::appeal_flag;
pub use decide::{DecideFlag, decide_flag};
pub use evidence::FlagEvidence;
pub use prize_report::{AskPrizeReport, PrizeReport, prize_report};
pub use read::{FlagDetail, ListFlags, TeamFlag, list_flags, list_team_flags, read_flag};

/// What the use cases of this area give back, for shells that do not know the storage.
pub mod records {
    pub use storage::integrity::TeamRuling;
}

/// A flag of a phase whose organizers the actor is among; for others it does not exist.
fn see_flag(conn: &mut Conn<'_>, actor: &Actor, id: FlagId) -> Outcome<(Flag, SeenPhase)> {
    let flag = integrity::find(conn, id)?.ok_or_else(Failure::not_found)?;
    let phase = phases::find(conn, flag.phase_id)?.ok_or_else(Failure::not_found)?;
    let seen = see_phase(conn, actor, &phase.challenge_id.to_string(), &phase.id.to_string())?;
    if !seen.challenge.is_organizer() {
        return Err(Failure::not_found());
    }
    Ok((flag, seen))
}

/// The same for an organizer who may decide.
fn review_flag(conn: &mut Conn<'_>, actor: &Actor, id: FlagId) -> Outcome<(Flag, Phase)> {
    let (flag, seen) = see_flag(conn, actor, id)?;
    Ok((flag, seen.review(actor)?))
}
