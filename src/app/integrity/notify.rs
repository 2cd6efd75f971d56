//! Mails to the members of a team: something was decided that concerns them.

use domain::{JobId, TeamId, Timestamp};
use storage::accounts::users;
use storage::phases::Phase;
use storage::teams::{self, mergers};
use storage::{Conn, challenges};

use crate::failure::{Failure, Outcome};
use crate::mail;
use crate::settings::PublicUrl;

/// How many mails one decision sends; a team that is larger reads the rest on its page.
pub(super) const MOST_MAILS: usize = 64;

/// What a team is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// A flag about its submissions was upheld.
    Upheld,
    /// Its appeal was answered.
    Answered,
}

/// Queues a mail to every present member, of the team that it went into where it went into another.
pub(super) fn notify_team(
    conn: &mut Conn<'_>,
    site: &PublicUrl,
    phase: &Phase,
    team: TeamId,
    notice: Notice,
    jobs: &mut impl Iterator<Item = JobId>,
    now: Timestamp,
) -> Outcome<()> {
    let challenge = challenges::find(conn, phase.challenge_id)?.ok_or_else(Failure::not_found)?;
    let present = mergers::gone_into(conn, team)?.unwrap_or(team);
    for member in teams::members_of(conn, present)?.into_iter().filter(|member| member.left_at.is_none()) {
        let Some(user) = users::find(conn, member.user)? else { continue };
        let Some(job) = jobs.next() else { break };
        let text = mail::flag_notice(site, user.email, team, &challenge.title, notice);
        mail::enqueue(conn, job, &text, now)?;
    }
    Ok(())
}
