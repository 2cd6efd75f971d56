//! Teams as clients of EvalAI list and make them: for challenges to come as well as those of challenges.

use domain::evalai::TeamPurpose;
use domain::event::EventKind;
use domain::team::TeamRole;
use domain::{Actor, ChallengeId, EvalaiTeamId, Scope, TeamId, TeamName, UserId};
use serde_json::json;
use storage::accounts::{memberships, users};
use storage::evalai::{self, EvalaiTeam, NewEvalaiTeam};
use storage::{Conn, events, teams};
use uuid::Uuid;

use crate::App;
use crate::authority::{person, verified_person};
use crate::context::event;
use crate::failure::{Code, Failure, FieldError, Outcome};

/// The longest address of a team's own page.
const LONGEST_URL: usize = 2000;

/// A team as its members see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedTeam {
    /// What has the number: a team of a challenge, one made for challenges to come, or a person who runs challenges.
    pub entity: Uuid,
    /// Its name.
    pub name: String,
    /// Where it presents itself; empty for nowhere.
    pub url: String,
    /// The name of who made it or leads it.
    pub led_by: String,
    /// The names of its members.
    pub members: Vec<String>,
}

/// The teams with which a person can take part or does.
pub async fn list_participant_teams(app: &App, actor: &Actor) -> Outcome<Vec<ListedTeam>> {
    let user = person(actor, Scope::Read)?.user;
    app.db
        .read(move |conn| {
            let own_name = name_of(conn, user)?;
            let made = evalai::made_by(conn, user, TeamPurpose::Participant)?;
            let mut listed: Vec<ListedTeam> =
                made.into_iter().map(|team| made_team(team, &own_name)).collect();
            let known = evalai::made_teams(conn, user)?;
            for own in memberships::of_person(conn, user)? {
                if !known.contains(&own.team) {
                    listed.push(team_of_challenge(conn, own.team, own.name.to_string())?);
                }
            }
            Ok(listed)
        })
        .await
}

/// The teams by which a person runs challenges: the person, and what they made for it.
pub async fn list_host_teams(app: &App, actor: &Actor) -> Outcome<Vec<ListedTeam>> {
    let user = person(actor, Scope::Read)?.user;
    app.db
        .read(move |conn| {
            let own_name = name_of(conn, user)?;
            let made = evalai::made_by(conn, user, TeamPurpose::Host)?;
            let person = ListedTeam {
                entity: user.0,
                name: own_name.clone(),
                url: String::new(),
                led_by: own_name.clone(),
                members: vec![own_name.clone()],
            };
            Ok(std::iter::once(person)
                .chain(made.into_iter().map(|team| made_team(team, &own_name)))
                .collect())
        })
        .await
}

/// Makes a team for challenges to come.
pub async fn make_team(
    app: &App,
    actor: &Actor,
    purpose: TeamPurpose,
    name: TeamName,
    url: String,
) -> Outcome<ListedTeam> {
    let scope = match purpose {
        TeamPurpose::Participant => Scope::Submit,
        TeamPurpose::Host => Scope::Organize,
    };
    let owner = verified_person(actor, scope)?.user;
    let is_web = url.is_empty() || url.starts_with("https://") || url.starts_with("http://");
    if !is_web || url.len() > LONGEST_URL || url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        let error = FieldError::new("team_url", "must be an http or https address");
        return Err(Failure::invalid_fields(vec![error]));
    }
    let now = app.now();
    let new = NewEvalaiTeam {
        id: app.sources.new_id::<EvalaiTeamId>(),
        owner,
        purpose,
        name,
        url,
        created_at: now,
    };
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            evalai::insert(conn, &new).map_err(|error| {
                if error.conflicts_on("evalai_teams_owner_id_purpose_name_skeleton_key") {
                    let of = new.purpose.as_str();
                    let detail = format!("{of} team with this team name already exists.");
                    return Failure::new(Code::TeamNameTaken, detail);
                }
                error.into()
            })?;
            let payload = [("team", json!(new.id)), ("purpose", json!(new.purpose.as_str()))];
            let (kind, subject) = (EventKind::EvalaiTeamCreated, format!("user:{owner}"));
            events::append(conn, event(&actor, now, kind, subject, None, payload))?;
            let own_name = name_of(conn, owner)?;
            let made = evalai::find(conn, new.id)?.ok_or_else(Failure::not_found)?;
            Ok(made_team(made, &own_name))
        })
        .await
}

/// The challenges that one of the actor's teams takes part in.
pub async fn challenges_of_team(app: &App, actor: &Actor, team: Uuid) -> Outcome<Vec<ChallengeId>> {
    let user = person(actor, Scope::Read)?.user;
    app.db
        .read(move |conn| match own_participant_team(conn, user, team)? {
            OwnTeam::Made(made) => {
                let entries = evalai::entries_of(conn, made.id)?;
                let mut entered = Vec::with_capacity(entries.len());
                for (challenge, team) in entries {
                    if teams::role_in(conn, team, user)?.is_some() {
                        entered.push(challenge);
                    }
                }
                Ok(entered)
            }
            OwnTeam::OfChallenge(team) => Ok(vec![team.challenge_id]),
        })
        .await
}

/// Whether a number of a host team means that the actor runs challenges as themselves, or with a team they made.
pub async fn is_own_person(app: &App, actor: &Actor, team: Uuid) -> Outcome<bool> {
    let user = person(actor, Scope::Read)?.user;
    if team == user.0 {
        return Ok(true);
    }
    app.db
        .read(move |conn| {
            let made = evalai::find(conn, EvalaiTeamId(team))?;
            let is_own = |made: &EvalaiTeam| made.owner_id == user && made.purpose == TeamPurpose::Host;
            made.filter(is_own).map(|_| false).ok_or_else(Failure::not_found)
        })
        .await
}

/// A team that somebody can take part with.
pub(super) enum OwnTeam {
    /// One that they made for challenges to come.
    Made(EvalaiTeam),
    /// One of a challenge, in which they are.
    OfChallenge(teams::Team),
}

/// Finds a team that a person made or is in.
pub(super) fn own_participant_team(conn: &mut Conn<'_>, user: UserId, team: Uuid) -> Outcome<OwnTeam> {
    let made = evalai::find(conn, EvalaiTeamId(team))?;
    let is_own = |made: &EvalaiTeam| made.owner_id == user && made.purpose == TeamPurpose::Participant;
    if let Some(made) = made.filter(is_own) {
        return Ok(OwnTeam::Made(made));
    }
    teams::role_in(conn, TeamId(team), user)?.ok_or_else(Failure::not_found)?;
    teams::find(conn, TeamId(team))?.map(OwnTeam::OfChallenge).ok_or_else(Failure::not_found)
}

fn made_team(team: EvalaiTeam, owner: &str) -> ListedTeam {
    ListedTeam {
        entity: team.id.0,
        name: team.name.to_string(),
        url: team.url,
        led_by: owner.to_owned(),
        members: vec![owner.to_owned()],
    }
}

fn team_of_challenge(conn: &mut Conn<'_>, team: TeamId, name: String) -> Outcome<ListedTeam> {
    let mut members = teams::members_of(conn, team)?;
    members.retain(|member| member.left_at.is_none());
    let captain = members.iter().find(|member| member.role == TeamRole::Captain);
    Ok(ListedTeam {
        entity: team.0,
        name,
        url: String::new(),
        led_by: captain.map_or_else(String::new, |captain| captain.name.to_string()),
        members: members.iter().map(|member| member.name.to_string()).collect(),
    })
}

fn name_of(conn: &mut Conn<'_>, user: UserId) -> Outcome<String> {
    Ok(users::find(conn, user)?.ok_or_else(Failure::not_found)?.name.to_string())
}
