//! Invitations: sent by captains, answered by whoever got the mail.

use actix_web::{HttpResponse, delete, get, post, web};
use app::idempotency::Created;
use app::teams::answer::{self, InvitationKey};
use app::teams::invite;
use app::{App, Failure, FieldError};
use domain::{EmailAddress, InvitationId, TeamId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::membership::view;
use super::views::{OfferView, TeamView};
use crate::extract::{IdempotencyHeader, Json, Page, SignedIn, Verified};
use crate::problem::Problem;

/// Whom to invite.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateInvitation {
    /// Where the mail goes.
    #[schema(example = "ada@example.org")]
    email: String,
}

/// An invitation that was sent.
#[derive(Serialize, ToSchema)]
pub(crate) struct SentInvitation {
    /// Its id, to take it back.
    id: Uuid,
}

/// Which invitation is answered: by its token, or by its id when it went to one's own address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerInvitation {
    /// The token from the mail.
    #[schema(example = "hoi_…")]
    token: Option<String>,
    /// The id from `/me/invitations`.
    invitation: Option<Uuid>,
}

impl AnswerInvitation {
    fn parse(self) -> Result<InvitationKey, Failure> {
        match (self.token, self.invitation) {
            (Some(token), None) => InvitationKey::parse_token(&token),
            (None, Some(id)) => Ok(InvitationKey::Id(InvitationId(id))),
            _ => Err(Failure::invalid_fields(vec![FieldError::new(
                "body",
                "must hold either token or invitation",
            )])),
        }
    }
}

/// Invite somebody by mail; the answer does not say whether the address has an account.
#[utoipa::path(tag = "teams", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The team.")),
    responses(
        (status = 201, description = "The mail is on its way.", body = SentInvitation),
        (status = 200, description = "The same request was sent before; this is its answer.", body = SentInvitation),
        (status = 403, description = "This is for the captain."),
        (status = 404, description = "There is no such team, or it is not one's own."),
        (status = 409, description = "The address has an open invitation, or there are too many."),
        (status = 422, description = "The address is none."),
))]
#[post("/teams/{id}/invitations")]
pub(crate) async fn create_invitation(
    Verified(actor): Verified,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    key: IdempotencyHeader,
    body: Json<CreateInvitation>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    let email = EmailAddress::parse(&body.0.email)?;
    Ok(match invite::invite(&app, &actor, TeamId(*id), email, key).await? {
        Created::New(made) => HttpResponse::Created().json(SentInvitation { id: made.0 }),
        Created::Replayed(made) => HttpResponse::Ok().json(SentInvitation { id: made.0 }),
    })
}

/// Take an open invitation back.
#[utoipa::path(tag = "teams", security(("bearer" = []), ("session" = [])),
    params(
        ("id" = Uuid, Path, description = "The team."),
        ("invitation" = Uuid, Path, description = "The invitation."),
    ),
    responses(
        (status = 204, description = "The invitation cannot be used any more."),
        (status = 403, description = "This is for the captain."),
        (status = 404, description = "There is no such team or open invitation, or it is not one's own."),
))]
#[delete("/teams/{id}/invitations/{invitation}")]
pub(crate) async fn delete_invitation(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    invite::revoke_invitation(&app, &actor, TeamId(path.0), InvitationId(path.1)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// List the open invitations to one's own address.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])), responses(
    (status = 200, description = "The invitations; none while one's address is not proven.", body = Page<OfferView>),
))]
#[get("/me/invitations")]
pub(crate) async fn list_own_invitations(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
) -> Result<HttpResponse, Problem> {
    let offers = answer::list_own_invitations(&app, &actor).await?;
    Ok(HttpResponse::Ok().json(Page::whole(offers.into_iter().map(OfferView::from).collect())))
}

/// Accept an invitation.
#[utoipa::path(tag = "teams", security(("bearer" = []), ("session" = [])), responses(
    (status = 200, description = "One is in the team.", body = TeamView),
    (status = 403, description = "One is not registered, or has not accepted the terms in force."),
    (status = 404, description = "The invitation cannot be used (any more)."),
    (status = 409, description = "The team is full, or one is in a team already."),
    (status = 422, description = "The request names no invitation, or two."),
))]
#[post("/invitations/accept")]
pub(crate) async fn accept_invitation(
    Verified(actor): Verified,
    app: web::Data<App>,
    body: Json<AnswerInvitation>,
) -> Result<HttpResponse, Problem> {
    let team = answer::accept_invitation(&app, &actor, body.0.parse()?).await?;
    Ok(HttpResponse::Ok().json(view(&app, &actor, team).await?))
}

/// Decline an invitation.
#[utoipa::path(tag = "teams", security(("bearer" = []), ("session" = [])), responses(
    (status = 204, description = "The invitation is declined."),
    (status = 404, description = "The invitation cannot be used (any more)."),
    (status = 422, description = "The request names no invitation, or two."),
))]
#[post("/invitations/decline")]
pub(crate) async fn decline_invitation(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    body: Json<AnswerInvitation>,
) -> Result<HttpResponse, Problem> {
    answer::decline_invitation(&app, &actor, body.0.parse()?).await?;
    Ok(HttpResponse::NoContent().finish())
}
