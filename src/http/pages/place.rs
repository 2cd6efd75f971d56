//! Where a page is: its challenge, its phase, and what the reader is there.

use app::authority::{Act, allows};
use app::challenges::detail::{ChallengeDetail, read_challenge};
use app::phases::{PhaseDetail, read_phase};
use app::submissions::quota::{QuotaUse, read_quota};
use app::{App, Code, Outcome};
use domain::{Actor, TeamId};

use super::addresses;
use super::format::{Moment, Window};

/// A phase with its challenge, for a reader.
#[derive(Debug)]
pub(super) struct Place {
    /// The challenge.
    pub(super) challenge: ChallengeDetail,
    /// The phase.
    pub(super) phase: PhaseDetail,
    /// The challenge's page.
    pub(super) challenge_address: String,
    /// What the addresses of the phase's pages begin with.
    pub(super) phase_address: String,
    /// Where the phase stands in time.
    pub(super) window: Window,
    /// Whether the reader changes the challenge.
    pub(super) manages: bool,
}

impl Place {
    /// Reads challenge and phase, each by id or by name.
    pub(super) async fn read(app: &App, actor: &Actor, challenge: &str, phase: &str) -> Outcome<Self> {
        let challenge = read_challenge(app, actor, challenge).await?;
        let phase = read_phase(app, actor, &challenge.challenge.id.to_string(), phase).await?;
        Ok(Self {
            challenge_address: addresses::challenge(&challenge.challenge.slug),
            phase_address: addresses::phase(&challenge.challenge.slug, &phase.phase.codename),
            window: Window::seen(phase.phase.opens_at, phase.phase.closes_at, app.now()),
            manages: manages(actor, &challenge),
            challenge,
            phase,
        })
    }

    /// The challenge's heading.
    pub(super) fn challenge_title(&self) -> &str {
        self.challenge.challenge.title.as_str()
    }

    /// The phase's heading.
    pub(super) fn phase_title(&self) -> &str {
        self.phase.phase.title.as_str()
    }

    /// Whether the phase takes submissions.
    pub(super) fn is_open(&self) -> bool {
        self.window.state == "open"
    }

    /// Whether the reader is a member of that team.
    pub(super) fn is_own(&self, team: TeamId) -> bool {
        self.challenge.team.as_ref().is_some_and(|own| own.id == team)
    }
}

/// Whether the reader changes a challenge.
pub(super) fn manages(actor: &Actor, challenge: &ChallengeDetail) -> bool {
    actor.runs_the_site() || challenge.role.is_some_and(|role| allows(role, Act::Change))
}

/// What is left of one limit.
#[derive(Debug)]
pub(super) struct QuotaLeft {
    /// How many more.
    pub(super) left: u32,
    /// Out of how many.
    pub(super) limit: u32,
    /// `today`, `this month`, …
    pub(super) span: &'static str,
    /// When used ones return.
    pub(super) renews: Option<Moment>,
}

/// What is left to the reader's team; nothing for somebody without a team.
pub(super) async fn quota_left(app: &App, actor: &Actor, place: &Place) -> Outcome<Vec<QuotaLeft>> {
    let (challenge, phase) = (place.challenge.challenge.id.to_string(), place.phase.phase.id.to_string());
    match read_quota(app, actor, &challenge, &phase).await {
        Ok(windows) => Ok(windows.iter().map(|used| left(app, used)).collect()),
        Err(failure) if matches!(failure.code, Code::NotInTeam | Code::NotSignedIn) => Ok(Vec::new()),
        Err(failure) => Err(failure),
    }
}

fn left(app: &App, used: &QuotaUse) -> QuotaLeft {
    let span = match used.window.name.split(':').next() {
        Some("day") => "today (UTC)",
        Some("week") => "this week (UTC)",
        Some("month") => "this month (UTC)",
        Some("concurrent") => "at one time",
        _ => "in this phase",
    };
    QuotaLeft {
        left: used.window.limit.saturating_sub(used.used),
        limit: used.window.limit,
        span,
        renews: used.window.renews_at.map(|at| Moment::new(app, at)),
    }
}
