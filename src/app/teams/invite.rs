//! A captain invites people by their e-mail addresses, and takes invitations back.

use domain::event::EventKind;
use domain::{Actor, EmailAddress, InvitationId, JobId, Scope, TeamId, Timestamp};
use serde_json::json;
use storage::teams::invitations::{self, Answer, Invitation};
use storage::{StoreError, events};

use super::{captained, not_frozen, running_challenge};
use crate::App;
use crate::authority::verified_person;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};
use crate::identity::{OpaqueToken, TokenKind};
use crate::mail;

/// More open invitations than that are no team but a mailing list.
const MOST_OPEN: usize = 50;

/// Invites whoever reads mail at that address; the token is in the mail and nowhere else.
///
/// The answer is the same whether or not the address has an account here.
pub async fn invite(
    app: &App,
    actor: &Actor,
    id: TeamId,
    email: EmailAddress,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<InvitationId>> {
    let invited_by = verified_person(actor, Scope::Submit)?.user;
    let now = app.now();
    let invitation = Invitation {
        id: app.sources.new_id(),
        team_id: id,
        email_key: email.key(),
        invited_by,
        created_at: now,
        expires_at: now.plus_seconds(app.settings.accounts.invitation_seconds.into()),
        answered_at: None,
    };
    let token = OpaqueToken::mint(TokenKind::Invitation, app.sources.entropy.as_ref());
    let job: JobId = app.sources.new_id();
    let site = app.settings.server.public_url.clone();
    let request = idempotency.map(|key| key.request(actor, &format!("invite:{id}")));
    let (actor, invitation_id) = (actor.clone(), invitation.id);
    let created = create_once(app, request, invitation_id, now, move |conn| {
        let team = captained(conn, &actor, id)?;
        let challenge = running_challenge(conn, &team)?;
        not_frozen(&challenge, now)?;
        invitations::end_expired(conn, id, now)?;
        if invitations::open_of_team(conn, id, now)?.len() >= MOST_OPEN {
            let detail = format!("the team has {MOST_OPEN} open invitations; take some back first");
            return Err(Failure::new(Code::StateConflict, detail));
        }
        invitations::insert(conn, &invitation, token.digest()).map_err(invited_already)?;
        let text = mail::invitation(&site, email.clone(), &team.name, &challenge.title, &token);
        mail::enqueue(conn, job, &text, now)?;
        let payload = [("invitation", json!(invitation_id))];
        let subject = format!("team:{id}");
        let told = event(&actor, now, EventKind::MemberInvited, subject, Some(challenge.id), payload);
        Ok(events::append(conn, told)?)
    })
    .await?;
    app.job_queued.notify_one();
    Ok(created)
}

fn invited_already(error: StoreError) -> Failure {
    if error.conflicts_on("invitations_team_id_email_key_key") {
        return Failure::new(Code::StateConflict, "this address has an open invitation to the team already");
    }
    error.into()
}

/// Takes an open invitation back.
pub async fn revoke_invitation(
    app: &App,
    actor: &Actor,
    id: TeamId,
    invitation: InvitationId,
) -> Outcome<()> {
    let now: Timestamp = app.now();
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let team = captained(conn, &actor, id)?;
            let found = invitations::find(conn, invitation)?.filter(|found| found.team_id == id);
            if found.is_none() || !invitations::end(conn, invitation, Answer::Revoked, now)? {
                return Err(Failure::not_found());
            }
            let payload = [("invitation", json!(invitation)), ("answer", json!(Answer::Revoked.as_str()))];
            let challenge = Some(team.challenge_id);
            let told =
                event(&actor, now, EventKind::InvitationEnded, format!("team:{id}"), challenge, payload);
            Ok(events::append(conn, told)?)
        })
        .await
}
