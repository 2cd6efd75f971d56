//! A proposed merger is accepted, declined or taken back.

use domain::event::EventKind;
use domain::team::TeamRole;
use domain::{Actor, ChallengeId, MembershipId, MergerId, Scope, TeamId, Timestamp, UserId};
use serde_json::json;
use storage::challenges::Challenge;
use storage::participation::lineages::{self, Lineage};
use storage::teams::invitations;
use storage::teams::mergers::{self, Merger, MergerAnswer};
use storage::teams::{self, Team};
use storage::{Conn, evalai, events, quota};

use super::rules::{hindrances, phases_that_go_on};
use crate::App;
use crate::authority::{person, see_team};
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::leaderboards::standings::refresh_team;
use crate::teams::{about_member, running_challenge};

/// Accepts, as the captain of the team that goes on: from here on both are one. Gives its id.
pub async fn accept_merger(app: &App, actor: &Actor, id: MergerId) -> Outcome<TeamId> {
    let by = person(actor, Scope::Submit)?.user;
    let (now, sources) = (app.now(), app.sources.clone());
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let merger = waiting(conn, &actor, id, Side::Into)?;
            // In the order of their ids, so that two mergers of the same teams do not wait for one another.
            let mut both = [merger.from_team_id, merger.into_team_id];
            both.sort_unstable();
            for team in both {
                teams::lock(conn, team)?;
            }
            // It may have been answered, and the captaincy may have gone, while this transaction waited.
            let merger = waiting(conn, &actor, id, Side::Into)?;
            let from = teams::find(conn, merger.from_team_id)?.ok_or_else(Failure::not_found)?;
            let into = teams::find(conn, merger.into_team_id)?.ok_or_else(Failure::not_found)?;
            let challenge = running_challenge(conn, &into)?;
            if let Some(hindrance) = hindrances(conn, &challenge, (&from, &into), now)?.into_iter().next() {
                return Err(hindrance);
            }
            let joined = move_members(conn, &actor, (&from, &into), &merger, now, || sources.new_id())?;
            if !mergers::answer(conn, id, MergerAnswer::Accepted, by, now)? {
                return Err(answered_before());
            }
            let moved = move_submissions(conn, &challenge, &merger, now)?;
            end_what_waits(conn, &actor, &from, by, now)?;
            lineages::insert(conn, &lineage(&merger, by, now))?;
            evalai::follow(conn, from.id, into.id)?;
            let payload = [
                ("merger", json!(id)),
                ("from", json!(from.id)),
                ("members", json!(joined)),
                ("submissions", json!(moved)),
            ];
            let (subject, of) = (format!("team:{}", into.id), Some(challenge.id));
            events::append(conn, event(&actor, now, EventKind::TeamMerged, subject, of, payload))?;
            Ok(into.id)
        })
        .await
}

/// Declines, as the captain of the team that was asked.
pub async fn decline_merger(app: &App, actor: &Actor, id: MergerId) -> Outcome<()> {
    end_merger(app, actor, id, Side::Into, MergerAnswer::Declined).await
}

/// Takes a proposal back, as the captain of the team that made it.
pub async fn withdraw_merger(app: &App, actor: &Actor, id: MergerId) -> Outcome<()> {
    end_merger(app, actor, id, Side::From, MergerAnswer::Withdrawn).await
}

/// Which of the two teams has to answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    From,
    Into,
}

async fn end_merger(app: &App, actor: &Actor, id: MergerId, side: Side, answer: MergerAnswer) -> Outcome<()> {
    let by = person(actor, Scope::Submit)?.user;
    let now = app.now();
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let merger = waiting(conn, &actor, id, side)?;
            let team = teams::find(conn, merger.from_team_id)?.ok_or_else(Failure::not_found)?;
            end(conn, &actor, &merger, team.challenge_id, answer, (by, now))
        })
        .await
}

/// A merger that waits, for the captain of one of its teams.
fn waiting(conn: &mut Conn<'_>, actor: &Actor, id: MergerId, side: Side) -> Outcome<Merger> {
    let merger = mergers::find(conn, id)?.ok_or_else(Failure::not_found)?;
    let (asked, other) = match side {
        Side::From => (merger.from_team_id, merger.into_team_id),
        Side::Into => (merger.into_team_id, merger.from_team_id),
    };
    match see_team(conn, actor, asked) {
        Ok(seen) => seen.as_captain(actor)?,
        // Whoever is in the other team knows of the merger, and may not answer it.
        Err(unseen) => {
            see_team(conn, actor, other).map_err(|_| unseen)?;
            return Err(Failure::new(Code::Forbidden, "this is for the captain of the other team"));
        }
    };
    if merger.answer.is_some() {
        return Err(answered_before());
    }
    Ok(merger)
}

fn answered_before() -> Failure {
    Failure::new(Code::StateConflict, "the merger was answered, or taken back, before")
}

fn end(
    conn: &mut Conn<'_>,
    actor: &Actor,
    merger: &Merger,
    challenge: ChallengeId,
    answer: MergerAnswer,
    (by, now): (UserId, Timestamp),
) -> Outcome<()> {
    if !mergers::answer(conn, merger.id, answer, by, now)? {
        return Err(answered_before());
    }
    let payload = [("merger", json!(merger.id)), ("answer", json!(answer.as_str()))];
    let (subject, of) = (format!("team:{}", merger.from_team_id), Some(challenge));
    Ok(events::append(conn, event(actor, now, EventKind::MergerEnded, subject, of, payload))?)
}

/// Everybody in the team that ends is in the other from now on, none of them as its captain.
fn move_members(
    conn: &mut Conn<'_>,
    actor: &Actor,
    (from, into): (&Team, &Team),
    merger: &Merger,
    now: Timestamp,
    new_id: impl Fn() -> MembershipId,
) -> Outcome<usize> {
    let mut members = teams::members_of(conn, from.id)?;
    members.retain(|member| member.left_at.is_none());
    for member in &members {
        teams::leave(conn, from.id, member.user, now)?;
        teams::join(conn, new_id(), into, member.user, TeamRole::Member, now)?;
        let more = || [("merger", json!(merger.id))];
        events::append(conn, about_member(actor, now, EventKind::MemberLeft, from, member.user, more()))?;
        events::append(conn, about_member(actor, now, EventKind::MemberJoined, into, member.user, more()))?;
    }
    Ok(members.len())
}

/// Gives over what the team sent in phases that are not over, with the slots that it took there; how much it was.
fn move_submissions(
    conn: &mut Conn<'_>,
    challenge: &Challenge,
    merger: &Merger,
    now: Timestamp,
) -> Outcome<usize> {
    let mut moved = 0;
    for phase in phases_that_go_on(conn, challenge, now)? {
        moved += mergers::hand_over(conn, merger, phase.id)?;
        quota::hand_over(conn, phase.id, merger.from_team_id, merger.into_team_id)?;
        // What stands for the team that ended is nothing, and that is looked at for the other one too.
        refresh_team(conn, &phase, merger.from_team_id)?;
    }
    Ok(moved)
}

/// Ends the invitations to a team that is no more, and the proposals to go into it.
fn end_what_waits(
    conn: &mut Conn<'_>,
    actor: &Actor,
    ended: &Team,
    by: UserId,
    now: Timestamp,
) -> Outcome<()> {
    invitations::end_all(conn, ended.id, now)?;
    for merger in mergers::of_team(conn, ended.id)?.into_iter().filter(|one| one.answer.is_none()) {
        end(conn, actor, &merger, ended.challenge_id, MergerAnswer::Withdrawn, (by, now))?;
    }
    Ok(())
}

fn lineage(merger: &Merger, by: UserId, now: Timestamp) -> Lineage {
    Lineage {
        from_team_id: merger.from_team_id,
        to_team_id: merger.into_team_id,
        kind: "merge".to_owned(),
        at: now,
        recorded_by: by,
        recorded_at: now,
    }
}
