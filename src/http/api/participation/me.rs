//! A person's own record: consents, ORCID iD, everything that is kept, and its end.

use actix_web::{HttpResponse, delete, get, post, put, web};
use app::App;
use app::participation::consents as consent;
use app::participation::erase::erase_me;
use app::participation::my_data;
use app::participation::orcid;
use domain::{ConsentPurpose, EmailAddress, Orcid};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::{AskedView, ErasureReceiptView, MyDataView, OwnExportView, WithdrawnView};
use crate::extract::{Json, Page, SignInLimit, SignedIn};
use crate::problem::Problem;

/// A consent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GiveConsent {
    /// The version of the text that was read; consent to words that have changed since is refused.
    #[schema(example = 1)]
    version: i32,
}

/// An ORCID iD.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetOrcid {
    /// The iD with its check digit; null to take it back.
    #[schema(example = "0000-0002-1825-0097")]
    orcid: Option<String>,
}

/// The wish to be erased.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EraseAccount {
    /// The address of the account, so that nobody does this by a slip.
    #[schema(example = "ada@example.org")]
    address: String,
}

/// Show everything that is kept about oneself.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])), responses(
    (status = 200, description = "Everything that leads to you.", body = MyDataView),
))]
#[get("/me/data")]
pub(super) async fn show_my_data(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(MyDataView::from(my_data::read_my_data(&app, &actor).await?)))
}

/// List what one is asked to consent to, with the words and the answers so far.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])), responses(
    (status = 200, description = "Every purpose, in the order in which it is asked.", body = Page<AskedView>),
))]
#[get("/me/consents")]
pub(super) async fn list_consents(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
) -> Result<HttpResponse, Problem> {
    let asked = consent::list_consents(&app, &actor).await?;
    Ok(HttpResponse::Ok().json(Page::whole(asked.into_iter().map(AskedView::from).collect())))
}

/// Consent to a purpose.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])),
    params(("purpose" = String, Path, description = "The purpose, such as `aggregate_stats`.")),
    responses(
        (status = 200, description = "The consent that stands.", body = AskedView),
        (status = 409, description = "The text has changed since that version."),
        (status = 422, description = "There is no such purpose."),
))]
#[put("/me/consents/{purpose}")]
pub(super) async fn give_consent(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    purpose: web::Path<String>,
    body: Json<GiveConsent>,
) -> Result<HttpResponse, Problem> {
    let purpose = ConsentPurpose::parse(&purpose)?;
    let standing = consent::give_consent(&app, &actor, purpose, body.0.version).await?;
    let asked = consent::Asked { purpose, standing: Some(standing) };
    Ok(HttpResponse::Ok().json(AskedView::from(asked)))
}

/// Withdraw a consent; holders of exports are told to delete.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])),
    params(("purpose" = String, Path, description = "The purpose, such as `aggregate_stats`.")),
    responses(
        (status = 200, description = "No consent stands for the purpose.", body = WithdrawnView),
        (status = 422, description = "There is no such purpose."),
))]
#[delete("/me/consents/{purpose}")]
pub(super) async fn withdraw_consent(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    purpose: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let purpose = ConsentPurpose::parse(&purpose)?;
    let exports_withdrawn = consent::withdraw_consent(&app, &actor, purpose).await?;
    Ok(HttpResponse::Ok().json(WithdrawnView { purpose, exports_withdrawn }))
}

/// State one's ORCID iD, or take it back.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])), responses(
    (status = 204, description = "It is kept, or gone."),
    (status = 409, description = "Another account has it."),
    (status = 422, description = "Its check digit is wrong."),
))]
#[put("/me/orcid")]
pub(super) async fn set_orcid(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    body: Json<SetOrcid>,
) -> Result<HttpResponse, Problem> {
    let stated = body.0.orcid.as_deref().map(Orcid::parse).transpose()?;
    orcid::set_orcid(&app, &actor, stated).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// List the exports that have rows about oneself, newest first.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])), responses(
    (status = 200, description = "The exports, with your pseudonym in each.", body = Page<OwnExportView>),
))]
#[get("/me/exports")]
pub(super) async fn list_my_exports(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
) -> Result<HttpResponse, Problem> {
    let exports = my_data::list_my_exports(&app, &actor).await?;
    Ok(HttpResponse::Ok().json(Page::whole(exports.into_iter().map(OwnExportView::from).collect())))
}

/// Have everything personal about oneself destroyed; there is no way back.
///
/// The id of the account stays in teams and in the event log, and leads to nobody.
#[utoipa::path(tag = "me", security(("bearer" = []), ("session" = [])), responses(
    (status = 200, description = "It is done; this is the receipt.", body = ErasureReceiptView),
    (status = 403, description = "An API token cannot do this."),
    (status = 409, description = "Somebody else has to take over a team or a challenge first."),
    (status = 422, description = "The address is not that of the account."),
))]
#[post("/me/erasure")]
pub(super) async fn erase_account(
    SignedIn(actor): SignedIn,
    _: SignInLimit,
    app: web::Data<App>,
    body: Json<EraseAccount>,
) -> Result<HttpResponse, Problem> {
    let receipt = erase_me(&app, &actor, EmailAddress::parse(&body.0.address)?).await?;
    Ok(HttpResponse::Ok().json(ErasureReceiptView::from(receipt)))
}
