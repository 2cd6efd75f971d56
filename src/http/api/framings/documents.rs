//! The public side of a phase in the formats that catalogues and tools of the field read.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, get, web};
use app::App;
use app::framing::documents::{Document, framing_shapes, read_record};

use crate::extract::Anyone;
use crate::problem::Problem;

/// Show a phase as a document of the field: what it counts, who decided that, what is known of its data, and what a snapshot says.
///
/// What nobody has told is written as not disclosed. Held-out files are never listed.
#[utoipa::path(tag = "framing", security((), ("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        ("document" = String, Path, description = "`croissant.json` (Croissant 1.1 with RAI, PROV and our own terms, whose shapes are at `/ns/framing-shapes.ttl`), `datacite.json` (DataCite 4.5 without a DOI), `prov.json` (PROV-JSON), `datapackage.json` (Frictionless), `datasheet.json` (the record behind them) or `datasheet.md`."),
    ),
    responses(
        (status = 200, description = "The document.",
            content((Object = "application/ld+json"), (Object = "application/json"), (String = "text/markdown"))),
        (status = 404, description = "There is no such phase or document; `datapackage.json` before there is a snapshot."),
        (status = 409, description = "The phase has no framing yet."),
))]
#[get("/challenges/{challenge}/phases/{phase}/documents/{document}")]
pub(crate) async fn show_document(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, Problem> {
    let document = Document::of_name(&path.2).ok_or_else(app::Failure::not_found)?;
    let record = read_record(&app, &actor, &path.0, &path.1).await?;
    Ok(HttpResponse::Ok()
        .content_type(document.media_type())
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .body(document.write(&record)?))
}

/// The shapes of our own terms, where the namespace of documents says that they are.
pub(crate) async fn show_shapes(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/turtle; charset=utf-8").body(framing_shapes(&app))
}
