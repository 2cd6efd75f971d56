//! What the team routes answer with.

use app::teams::detail::TeamDetail;
use app::teams::records::{Invitation, Member, Offer, PastName, Team};
use domain::Timestamp;
use domain::team::TeamRole;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A team as everybody sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct TeamSummary {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
}

/// A team as its members and the organizers see it.
#[derive(Serialize, ToSchema)]
pub(crate) struct TeamView {
    /// Its id.
    id: Uuid,
    /// The challenge it takes part in.
    challenge_id: Uuid,
    /// Its name.
    name: String,
    /// When it was formed.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The reader's role in it: `captain`, `member`, or null.
    #[schema(value_type = Option<String>)]
    role: Option<TeamRole>,
    /// Who is in it.
    members: Vec<MemberView>,
    /// Who was in it.
    past_members: Vec<MemberView>,
    /// Its names, oldest first.
    names: Vec<NameView>,
    /// Open invitations; empty for readers who are no members.
    invitations: Vec<InvitationView>,
}

/// A stay in a team.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberView {
    /// The account.
    user: Uuid,
    /// The person's name.
    name: String,
    /// `captain` or `member`.
    #[schema(value_type = String)]
    role: TeamRole,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    joined_at: Timestamp,
    /// Until when; null while it lasts.
    #[schema(value_type = Option<String>, format = DateTime)]
    left_at: Option<Timestamp>,
}

/// A name that a team had or has.
#[derive(Serialize, ToSchema)]
pub(crate) struct NameView {
    /// The name.
    name: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

/// An open invitation as the team sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitationView {
    /// Its id.
    id: Uuid,
    /// The address it was sent to.
    email: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Until when it can be answered.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// An open invitation as the invited person sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct OfferView {
    /// Its id.
    id: Uuid,
    /// The team.
    team: TeamSummary,
    /// The challenge.
    challenge_id: Uuid,
    /// Its heading.
    challenge_title: String,
    /// Until when it can be answered.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl From<Team> for TeamSummary {
    fn from(team: Team) -> Self {
        Self { id: team.id.0, name: team.name.into() }
    }
}

impl From<TeamDetail> for TeamView {
    fn from(detail: TeamDetail) -> Self {
        let (members, past_members): (Vec<_>, Vec<_>) =
            detail.members.into_iter().partition(|member| member.left_at.is_none());
        Self {
            id: detail.team.id.0,
            challenge_id: detail.team.challenge_id.0,
            name: detail.team.name.into(),
            created_at: detail.team.created_at,
            role: detail.role,
            members: members.into_iter().map(MemberView::from).collect(),
            past_members: past_members.into_iter().map(MemberView::from).collect(),
            names: detail.names.into_iter().map(NameView::from).collect(),
            invitations: detail.invitations.into_iter().map(InvitationView::from).collect(),
        }
    }
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self {
            user: member.user.0,
            name: member.name.into(),
            role: member.role,
            joined_at: member.joined_at,
            left_at: member.left_at,
        }
    }
}

impl From<PastName> for NameView {
    fn from(past: PastName) -> Self {
        Self { name: past.name.into(), since: past.since }
    }
}

impl From<Invitation> for InvitationView {
    fn from(invitation: Invitation) -> Self {
        Self {
            id: invitation.id.0,
            email: invitation.email_key,
            created_at: invitation.created_at,
            expires_at: invitation.expires_at,
        }
    }
}

impl From<Offer> for OfferView {
    fn from(offer: Offer) -> Self {
        Self {
            id: offer.id.0,
            team: TeamSummary { id: offer.team.0, name: offer.team_name.into() },
            challenge_id: offer.challenge.0,
            challenge_title: offer.challenge_title.into(),
            expires_at: offer.expires_at,
        }
    }
}
