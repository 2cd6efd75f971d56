//! An invited person joins the team, or declines.

use domain::event::EventKind;
use domain::team::{TeamRole, has_room};
use domain::{Actor, InvitationId, MembershipId, Scope, TeamId, Timestamp, UserId};
use serde_json::json;
use storage::teams::invitations::{self, Answer, Invitation, Offer};
use storage::teams::{self, Team};
use storage::{Conn, events};

use super::{about_member, already_in_team, not_frozen, running_challenge};
use crate::App;
use crate::authority::{person, require_registration, verified_person};
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::identity::{OpaqueToken, TokenKind};

/// How an invited person shows that an invitation is theirs.
#[derive(Debug, Clone)]
pub enum InvitationKey {
    /// By the token from the mail, whoever they are.
    Token(OpaqueToken),
    /// By being signed in with the address that was invited, once it is proven.
    Id(InvitationId),
}

impl InvitationKey {
    /// Reads a token from a mail.
    pub fn parse_token(text: &str) -> Outcome<Self> {
        OpaqueToken::parse(TokenKind::Invitation, text).map(Self::Token).map_err(|_| invalid())
    }

    /// The invitation, if it can still be answered by this person.
    fn find(&self, conn: &mut Conn<'_>, user: UserId, now: Timestamp) -> Outcome<Invitation> {
        let found = match self {
            Self::Token(token) => invitations::find_by_token(conn, token.digest())?,
            Self::Id(id) => {
                let address = invitations::proven_address(conn, user)?;
                invitations::find(conn, *id)?.filter(|found| Some(&found.email_key) == address.as_ref())
            }
        };
        found.filter(|found| found.answered_at.is_none() && found.expires_at > now).ok_or_else(invalid)
    }
}

fn invalid() -> Failure {
    Failure::new(Code::InvitationInvalid, "this invitation cannot be used (any more)")
}

/// The open invitations to the actor's own proven address.
pub async fn list_own_invitations(app: &App, actor: &Actor) -> Outcome<Vec<Offer>> {
    let user = person(actor, Scope::Read)?.user;
    let now = app.now();
    app.db.read(move |conn| Ok(invitations::open_for_person(conn, user, now)?)).await
}

/// What a mailed invitation offers, to be shown before it is answered.
pub async fn read_invitation(app: &App, actor: &Actor, key: InvitationKey) -> Outcome<Team> {
    let user = person(actor, Scope::Read)?.user;
    let now = app.now();
    app.db
        .read(move |conn| {
            let invitation = key.find(conn, user, now)?;
            teams::find(conn, invitation.team_id)?.ok_or_else(invalid)
        })
        .await
}

/// Joins the team; gives its id.
///
/// The person must be registered, and the team must have room.
pub async fn accept_invitation(app: &App, actor: &Actor, key: InvitationKey) -> Outcome<TeamId> {
    let user = verified_person(actor, Scope::Submit)?.user;
    let (now, membership) = (app.now(), app.sources.new_id::<MembershipId>());
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let invitation = key.find(conn, user, now)?;
            // From here on nobody else joins or leaves this team.
            teams::lock(conn, invitation.team_id)?;
            let team = teams::find(conn, invitation.team_id)?.ok_or_else(invalid)?;
            let challenge = running_challenge(conn, &team)?;
            not_frozen(&challenge, now)?;
            require_registration(conn, challenge.id, user)?;
            let members = teams::members_of(conn, team.id)?;
            let present = members.iter().filter(|member| member.left_at.is_none()).count();
            if !has_room(u32::try_from(present).unwrap_or(u32::MAX), challenge.team_limit()) {
                return Err(Failure::new(Code::TeamFull, "the team has as many members as it may have"));
            }
            if !invitations::end(conn, invitation.id, Answer::Accepted, now)? {
                return Err(invalid());
            }
            teams::join(conn, membership, &team, user, TeamRole::Member, now).map_err(already_in_team)?;
            let more = [("invitation", json!(invitation.id))];
            events::append(conn, about_member(&actor, now, EventKind::MemberJoined, &team, user, more))?;
            Ok(team.id)
        })
        .await
}

/// Declines.
pub async fn decline_invitation(app: &App, actor: &Actor, key: InvitationKey) -> Outcome<()> {
    let user = person(actor, Scope::Submit)?.user;
    let now = app.now();
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let invitation = key.find(conn, user, now)?;
            let team = teams::find(conn, invitation.team_id)?.ok_or_else(invalid)?;
            if !invitations::end(conn, invitation.id, Answer::Declined, now)? {
                return Err(invalid());
            }
            let payload =
                [("invitation", json!(invitation.id)), ("answer", json!(Answer::Declined.as_str()))];
            let (subject, challenge) = (format!("team:{}", team.id), Some(team.challenge_id));
            let told = event(&actor, now, EventKind::InvitationEnded, subject, challenge, payload);
            Ok(events::append(conn, told)?)
        })
        .await
}
