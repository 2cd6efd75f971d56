//! Who may do what: lookups that return the proof.
//!
//! A use case that changes a challenge asks for a [`ManagedChallenge`], and only this file makes one.
//! What an actor may not see is answered as if it did not exist.

use domain::actor::Person;
use domain::challenge::ChallengeState;
use domain::entry::{Openness, RegistrationState};
use domain::team::TeamRole;
use domain::{
    Actor, ChallengeId, ChallengeRole, Codename, PhaseId, Scope, Slug, SubmissionId, TeamId, UserId,
};
use storage::Conn;
use storage::challenges::{self, Challenge};
use storage::phases::{self, Phase};
use storage::submissions::{self, Submission};
use storage::teams::{self, Team, mergers};

use crate::failure::{Code, Failure, Outcome};

/// The person behind a request, with a credential that allows `scope`.
pub fn person(actor: &Actor, scope: Scope) -> Outcome<&Person> {
    let person = actor.person().ok_or_else(|| Failure::new(Code::NotSignedIn, "sign in first"))?;
    if !person.scopes.allows(scope) {
        let detail = format!("this token does not allow `{}`", scope.as_str());
        return Err(Failure::new(Code::InsufficientScope, detail));
    }
    Ok(person)
}

/// The same, with a proven e-mail address.
pub fn verified_person(actor: &Actor, scope: Scope) -> Outcome<&Person> {
    let person = person(actor, scope)?;
    if !person.verified {
        return Err(Failure::new(Code::EmailNotVerified, "verify your e-mail address first"));
    }
    Ok(person)
}

/// Proof that the actor runs the site.
#[derive(Debug)]
pub struct SiteAdministrator(());

/// Lets administrators pass.
pub fn administrator(actor: &Actor) -> Outcome<SiteAdministrator> {
    if actor.runs_the_site() {
        return Ok(SiteAdministrator(()));
    }
    person(actor, Scope::Admin)?;
    Err(Failure::new(Code::Forbidden, "this is for administrators"))
}

/// What people who run a challenge do in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// See what organizers see.
    Inspect,
    /// Decide about registrations, flags, contestations and failed submissions.
    Review,
    /// Change the challenge, its phases, its data and its words.
    Change,
    /// Choose who runs it, and close it for good.
    Own,
}

/// What each role in a challenge may do: the one table.
pub const fn allows(role: ChallengeRole, act: Act) -> bool {
    use ChallengeRole::{Admin, Owner, Reviewer, Viewer};
    match act {
        Act::Inspect => matches!(role, Viewer | Reviewer | Admin | Owner),
        Act::Review => matches!(role, Reviewer | Admin | Owner),
        Act::Change => matches!(role, Admin | Owner),
        Act::Own => matches!(role, Owner),
    }
}

/// A challenge that the actor may see.
#[derive(Debug, Clone)]
pub struct SeenChallenge {
    /// The challenge.
    pub challenge: Challenge,
    /// What the actor is in it.
    pub role: Option<ChallengeRole>,
    /// Whether the actor runs the site.
    administrator: bool,
}

/// A challenge that the actor may change.
#[derive(Debug, Clone)]
pub struct ManagedChallenge(pub Challenge);

/// A challenge in which the actor may decide about people and submissions.
#[derive(Debug, Clone)]
pub struct ReviewedChallenge(pub Challenge);

/// A challenge whose organizers the actor may choose.
#[derive(Debug, Clone)]
pub struct OwnedChallenge(pub Challenge);

/// Finds a challenge by id or slug, if the actor may see it.
pub fn see_challenge(conn: &mut Conn<'_>, actor: &Actor, key: &str) -> Outcome<SeenChallenge> {
    let found = match (key.parse::<ChallengeId>(), Slug::parse(key)) {
        (Ok(id), _) => challenges::find(conn, id)?,
        (_, Ok(slug)) => challenges::find_by_slug(conn, &slug)?,
        _ => None,
    };
    let challenge = found.ok_or_else(Failure::not_found)?;
    see(conn, actor, challenge)
}

fn see(conn: &mut Conn<'_>, actor: &Actor, challenge: Challenge) -> Outcome<SeenChallenge> {
    let role = match actor.user() {
        Some(user) => challenges::role_of(conn, challenge.id, user)?,
        None => None,
    };
    let administrator = actor.runs_the_site();
    let is_insider = role.is_some() || administrator;
    let is_seen = match (challenge.state, challenge.openness, actor.user()) {
        _ if is_insider => true,
        (ChallengeState::Draft, ..) | (_, Openness::Private, None) => false,
        (_, Openness::Private, Some(user)) => challenges::entry::is_expected(conn, &challenge, user)?,
        (_, Openness::Public | Openness::Unlisted, _) => true,
    };
    if !is_seen {
        return Err(Failure::not_found());
    }
    Ok(SeenChallenge { challenge, role, administrator })
}

impl SeenChallenge {
    /// Whether the actor sees what organizers see.
    pub fn is_organizer(&self) -> bool {
        self.may(Act::Inspect)
    }

    /// Whether the actor's role allows something; what their credential allows is asked apart.
    fn may(&self, act: Act) -> bool {
        self.administrator || self.role.is_some_and(|role| allows(role, act))
    }

    /// Lets those pass who see what organizers see.
    pub fn inspect(self, actor: &Actor) -> Outcome<Challenge> {
        if !self.administrator {
            person(actor, Scope::Read)?;
        }
        if self.is_organizer() { Ok(self.challenge) } else { Err(not_for_you()) }
    }

    /// Lets those pass who may decide about people and submissions.
    pub fn review(self, actor: &Actor) -> Outcome<ReviewedChallenge> {
        self.let_in(actor, Act::Review).map(ReviewedChallenge)
    }

    /// Lets those pass who may change the challenge.
    pub fn manage(self, actor: &Actor) -> Outcome<ManagedChallenge> {
        self.let_in(actor, Act::Change).map(ManagedChallenge)
    }

    /// Lets those pass who may choose its organizers.
    pub fn own(self, actor: &Actor) -> Outcome<OwnedChallenge> {
        self.let_in(actor, Act::Own).map(OwnedChallenge)
    }

    fn let_in(self, actor: &Actor, act: Act) -> Outcome<Challenge> {
        if self.administrator {
            return Ok(self.challenge);
        }
        person(actor, Scope::Organize)?;
        match self.role {
            Some(role) if allows(role, act) => Ok(self.challenge),
            Some(role) => Err(beyond(role, act)),
            None => Err(not_for_you()),
        }
    }
}

fn not_for_you() -> Failure {
    Failure::new(Code::Forbidden, "this is for the organizers of the challenge")
}

/// Tells an organizer whom to ask.
fn beyond(role: ChallengeRole, act: Act) -> Failure {
    let enough = ChallengeRole::ALL.iter().filter(|role| allows(**role, act)).map(|role| role.as_str());
    let enough = enough.collect::<Vec<_>>().join(" or ");
    let detail = format!("your role here is {}; this is for {enough}", role.as_str());
    Failure::new(Code::Forbidden, detail)
}

/// A phase of a challenge that the actor may see.
#[derive(Debug, Clone)]
pub struct SeenPhase {
    /// Its challenge.
    pub challenge: SeenChallenge,
    /// The phase.
    pub phase: Phase,
}

/// A phase that the actor may change.
#[derive(Debug, Clone)]
pub struct ManagedPhase {
    /// Its challenge.
    pub challenge: Challenge,
    /// The phase.
    pub phase: Phase,
}

/// Finds a phase by id or codename in a challenge that the actor may see.
pub fn see_phase(conn: &mut Conn<'_>, actor: &Actor, challenge: &str, key: &str) -> Outcome<SeenPhase> {
    let challenge = see_challenge(conn, actor, challenge)?;
    let found = match (key.parse::<PhaseId>(), Codename::parse(key)) {
        (Ok(id), _) => phases::find(conn, id)?.filter(|phase| phase.challenge_id == challenge.challenge.id),
        (_, Ok(codename)) => phases::find_by_codename(conn, challenge.challenge.id, &codename)?,
        _ => None,
    };
    let phase = found.ok_or_else(Failure::not_found)?;
    Ok(SeenPhase { challenge, phase })
}

impl SeenPhase {
    /// Lets those pass who may change the challenge.
    pub fn manage(self, actor: &Actor) -> Outcome<ManagedPhase> {
        Ok(ManagedPhase { challenge: self.challenge.manage(actor)?.0, phase: self.phase })
    }

    /// Lets those pass who may decide about people and submissions.
    pub fn review(self, actor: &Actor) -> Outcome<Phase> {
        self.challenge.review(actor)?;
        Ok(self.phase)
    }

    /// Lets those pass who see what organizers see.
    pub fn inspect(self, actor: &Actor) -> Outcome<Phase> {
        self.challenge.inspect(actor)?;
        Ok(self.phase)
    }
}

/// The actor's team in a challenge, with their role in it.
pub fn own_team(conn: &mut Conn<'_>, user: UserId, challenge: ChallengeId) -> Outcome<(Team, TeamRole)> {
    teams::of_person(conn, challenge, user)?
        .ok_or_else(|| Failure::new(Code::NotInTeam, "form or join a team of this challenge first"))
}

/// Lets those pass who registered and accepted the terms in force, also while an organizer is still to admit them.
pub fn require_registration(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    user: UserId,
) -> Outcome<RegistrationState> {
    let registration = challenges::registrations::find(conn, challenge, user)?
        .filter(|found| found.state != RegistrationState::Withdrawn)
        .ok_or_else(|| Failure::new(Code::NotRegistered, "register for this challenge first"))?;
    if matches!(registration.state, RegistrationState::Refused | RegistrationState::Banned) {
        return Err(not_admitted(registration.state));
    }
    let in_force = challenges::terms::in_force(conn, challenge)?;
    if in_force.is_some_and(|terms| registration.terms_id != Some(terms.id)) {
        return Err(Failure::new(
            Code::TermsNotAccepted,
            "the terms have changed; accept the new version first",
        ));
    }
    Ok(registration.state)
}

/// Lets those pass who registered, accepted the terms in force, and are admitted.
pub fn require_admission(conn: &mut Conn<'_>, challenge: ChallengeId, user: UserId) -> Outcome<()> {
    match require_registration(conn, challenge, user)? {
        RegistrationState::Admitted => Ok(()),
        _ => Err(Failure::new(
            Code::RegistrationWaiting,
            "an organizer has not approved your registration yet",
        )),
    }
}

/// The refusal of somebody whom the organizers do not have in the challenge.
pub(crate) fn not_admitted(state: RegistrationState) -> Failure {
    let detail = match state {
        RegistrationState::Banned => "the organizers have ended your registration",
        _ => "the organizers have refused your registration",
    };
    Failure::new(Code::NotAdmitted, detail)
}

/// A team that the actor may look into, as a member or as an organizer.
#[derive(Debug, Clone)]
pub struct SeenTeam {
    /// The team.
    pub team: Team,
    /// Its challenge.
    pub challenge: SeenChallenge,
    /// The actor's own role in it.
    pub role: Option<TeamRole>,
}

/// Finds a team that the actor belongs to or organizes.
///
/// A team that went into another is looked after by those who are in that one.
pub fn see_team(conn: &mut Conn<'_>, actor: &Actor, id: TeamId) -> Outcome<SeenTeam> {
    let team = teams::find(conn, id)?.ok_or_else(Failure::not_found)?;
    let challenge = challenges::find(conn, team.challenge_id)?.ok_or_else(Failure::not_found)?;
    let challenge = see(conn, actor, challenge)?;
    let role = match actor.user() {
        Some(user) => {
            let present = mergers::gone_into(conn, team.id)?.unwrap_or(team.id);
            teams::role_in(conn, present, user)?
        }
        None => None,
    };
    if role.is_none() && !challenge.is_organizer() {
        return Err(Failure::not_found());
    }
    Ok(SeenTeam { team, challenge, role })
}

impl SeenTeam {
    /// Lets members pass.
    pub fn as_member(self, actor: &Actor) -> Outcome<Team> {
        person(actor, Scope::Submit)?;
        if self.role.is_some() { Ok(self.team) } else { Err(for_the_team()) }
    }

    /// Lets the captain pass.
    pub fn as_captain(self, actor: &Actor) -> Outcome<Team> {
        person(actor, Scope::Submit)?;
        if self.role == Some(TeamRole::Captain) {
            Ok(self.team)
        } else {
            Err(Failure::new(Code::Forbidden, "this is for the team's captain"))
        }
    }
}

fn for_the_team() -> Failure {
    Failure::new(Code::Forbidden, "this is for the members of the team")
}

/// A submission that the actor may see, as a member of its team or as an organizer.
#[derive(Debug, Clone)]
pub struct SeenSubmission {
    /// The submission.
    pub submission: Submission,
    /// Its phase.
    pub phase: Phase,
    /// Its team, and what the actor is there.
    pub team: SeenTeam,
}

/// Finds a submission that the actor may see.
pub fn see_submission(conn: &mut Conn<'_>, actor: &Actor, id: SubmissionId) -> Outcome<SeenSubmission> {
    let submission = submissions::find(conn, id)?.ok_or_else(Failure::not_found)?;
    let team = see_team(conn, actor, submission.team_id)?;
    let phase = phases::find(conn, submission.phase_id)?.ok_or_else(Failure::not_found)?;
    Ok(SeenSubmission { submission, phase, team })
}

/// Finds a submission of the actor's team, whose row is held until the transaction ends; another team may have it meanwhile.
pub fn hold_submission(conn: &mut Conn<'_>, actor: &Actor, id: SubmissionId) -> Outcome<SeenSubmission> {
    loop {
        let team = see_submission(conn, actor, id)?.submission.team_id;
        teams::lock(conn, team)?;
        let seen = see_submission(conn, actor, id)?;
        if seen.submission.team_id == team {
            return Ok(seen);
        }
    }
}

impl SeenSubmission {
    /// Whether the actor sees what organizers see.
    pub fn is_organizer(&self) -> bool {
        self.team.challenge.is_organizer()
    }

    /// Lets those pass who may decide about submissions.
    pub fn review(self, actor: &Actor) -> Outcome<(Submission, Phase)> {
        self.team.challenge.review(actor)?;
        Ok((self.submission, self.phase))
    }

    /// Lets those pass who may change the challenge.
    pub fn manage(self, actor: &Actor) -> Outcome<(Submission, Phase)> {
        self.team.challenge.manage(actor)?;
        Ok((self.submission, self.phase))
    }
}
