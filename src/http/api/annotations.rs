//! `/challenges/{challenge}/phases/{phase}/annotations` and `/items`: held-out truth, which goes in and never out.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{HttpResponse, get, post, web};
use app::idempotency::Created;
use app::phases::records::{Annotations, AnnotationsTable};
use app::phases::upload::AnnotationsUpload;
use app::phases::{annotations, items, upload};
use app::{App, Code, Failure, FieldError};
use domain::{Digest, Timestamp};
use futures_util::TryStreamExt as _;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::page_query::PageQuery;
use crate::extract::{IdempotencyHeader, Page, SignedIn};
use crate::problem::Problem;

/// The part of an upload that is a remark and no table.
const NOTE: &str = "note";
const LONGEST_NOTE: usize = 2_000;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(create_annotations).service(list_annotations).service(list_items);
}

/// A version of the annotations: which bytes they are, never the bytes.
#[derive(Serialize, ToSchema)]
pub(crate) struct AnnotationsView {
    /// Its id.
    id: Uuid,
    /// 1, 2, 3 and so on; the highest is in force.
    version: i32,
    /// One name for the content of all tables.
    #[schema(value_type = String)]
    digest: Digest,
    /// Its tables.
    tables: Vec<TableView>,
    /// How many items are scored.
    items: i32,
    /// How many groups they form.
    groups: i32,
    /// What the organizer says about it.
    note: String,
    /// Who uploaded it.
    uploaded_by: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// One file of a version of the annotations.
#[derive(Serialize, ToSchema)]
pub(crate) struct TableView {
    /// Its name for the evaluator.
    #[schema(example = "main")]
    name: String,
    /// The name of the file that was uploaded.
    file_name: String,
    /// The digest of its bytes.
    #[schema(value_type = String)]
    digest: Digest,
    /// Its size.
    size_bytes: u64,
}

/// One item of a phase.
#[derive(Serialize, ToSchema)]
pub(crate) struct ItemView {
    /// Its id, as submissions name it.
    id: String,
    /// The unit that it is resampled with.
    group: String,
    /// Its attributes, each with none, one or several values.
    attributes: BTreeMap<String, Vec<String>>,
}

/// The parts of an upload.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape in the OpenAPI document; the parts are read as they arrive")]
pub(crate) struct AnnotationsForm {
    /// The main table.
    #[schema(format = Binary)]
    pub main: String,
    /// A CSV table with the column `item`, optionally `group`, and one column per attribute.
    #[schema(format = Binary)]
    pub items: Option<String>,
    /// A remark about this version.
    pub note: Option<String>,
}

impl From<Annotations> for AnnotationsView {
    fn from(annotations: Annotations) -> Self {
        let table = |table: AnnotationsTable| TableView {
            name: table.name,
            file_name: table.file_name,
            digest: table.digest,
            size_bytes: table.size_bytes,
        };
        Self {
            id: annotations.id.0,
            version: annotations.version,
            digest: annotations.digest,
            tables: annotations.tables.0.into_iter().map(table).collect(),
            items: annotations.item_count,
            groups: annotations.group_count,
            note: annotations.note,
            uploaded_by: annotations.uploaded_by.0,
            created_at: annotations.created_at,
        }
    }
}

impl From<items::Item> for ItemView {
    fn from(item: items::Item) -> Self {
        Self { id: item.id, group: item.group, attributes: item.attributes.into_iter().collect() }
    }
}

/// Upload annotations: one part per table, named as the evaluator names its tables.
///
/// They are in force at once, or nothing has changed.
#[utoipa::path(tag = "annotations", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("phase" = String, Path, description = "The codename or id of the phase."),
    ),
    request_body(content = AnnotationsForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "The version is in force.", body = AnnotationsView),
        (status = 200, description = "The same request was sent before; this is its answer.", body = AnnotationsView),
        (status = 403, description = "This is for the organizers."),
        (status = 404, description = "There is no such phase, or one does not see it."),
        (status = 409, description = "The phase was changed meanwhile, or the challenge is archived."),
        (status = 413, description = "A table is too large."),
        (status = 422, description = "The evaluator refuses the annotations, or a split would be empty; \
            `errors` says why, and nothing was changed."),
))]
#[post("/challenges/{challenge}/phases/{phase}/annotations")]
pub(crate) async fn create_annotations(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    key: IdempotencyHeader,
    mut parts: Multipart,
) -> Result<HttpResponse, Problem> {
    let mut upload = upload::begin_upload(&app, &actor, &path.0, &path.1).await?;
    let mut note = String::new();
    while let Some(part) = parts.try_next().await.map_err(broken)? {
        match part.name() {
            Some(NOTE) => note = read_note(part).await?,
            Some(name) => {
                let name = name.to_owned();
                receive_table(&mut upload, &name, part).await?;
            }
            None => {
                let error = FieldError::new("body", "must name every part");
                return Err(Failure::invalid_fields(vec![error]).into());
            }
        }
    }
    // The use case knows the digest of what arrived, and puts it in.
    let key = key.of_digest(Digest([0; 32]));
    Ok(match upload.finish(note, key).await? {
        Created::New(made) => HttpResponse::Created().json(AnnotationsView::from(made)),
        Created::Replayed(made) => HttpResponse::Ok().json(AnnotationsView::from(made)),
    })
}

async fn receive_table(
    upload: &mut AnnotationsUpload<'_>,
    name: &str,
    mut part: Field,
) -> Result<(), Problem> {
    let file_name = part.content_disposition().and_then(|disposition| disposition.get_filename());
    let mut table = upload.begin_table(name, file_name.unwrap_or(name)).await?;
    while let Some(piece) = part.try_next().await.map_err(broken)? {
        table.write(piece).await?;
    }
    Ok(upload.end_table(table).await?)
}

async fn read_note(mut part: Field) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.try_next().await.map_err(broken)? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > LONGEST_NOTE {
            let error = FieldError::new(NOTE, format!("must have at most {LONGEST_NOTE} bytes"));
            return Err(Failure::invalid_fields(vec![error]).into());
        }
    }
    let refusal = |_| Failure::invalid_fields(vec![FieldError::new(NOTE, "must be UTF-8 text")]);
    Ok(String::from_utf8(bytes).map_err(refusal)?)
}

fn broken(error: MultipartError) -> Problem {
    let detail = "the body is not the multipart form that was announced, or broke off";
    Failure::new(Code::MalformedRequest, detail).caused_by(error.to_string()).into()
}

/// List the versions of a phase's annotations, oldest first; the last is in force.
#[utoipa::path(tag = "annotations", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("phase" = String, Path, description = "The codename or id of the phase."),
    ),
    responses(
        (status = 200, description = "The versions.", body = Page<AnnotationsView>),
        (status = 403, description = "This is for the organizers."),
        (status = 404, description = "There is no such phase, or one does not see it."),
))]
#[get("/challenges/{challenge}/phases/{phase}/annotations")]
pub(crate) async fn list_annotations(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let versions = annotations::list_annotations(&app, &actor, &path.0, &path.1).await?;
    Ok(HttpResponse::Ok().json(Page::whole(versions.into_iter().map(AnnotationsView::from).collect())))
}

/// List the items of a phase: what is scored, never what is true of it.
#[utoipa::path(tag = "annotations", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("phase" = String, Path, description = "The codename or id of the phase."),
        PageQuery,
    ),
    responses(
        (status = 200, description = "A page of items, in the order of the annotations.", body = Page<ItemView>),
        (status = 403, description = "This is for the organizers."),
        (status = 404, description = "There is no such phase, or one does not see it."),
        (status = 409, description = "There are no annotations yet."),
))]
#[get("/challenges/{challenge}/phases/{phase}/items")]
pub(crate) async fn list_items(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = query.paging()?;
    // The number of items before the page, which is what a cursor holds.
    let skip = paging.after.and_then(|place| usize::try_from(place.as_u128()).ok()).unwrap_or(0);
    let limit = usize::try_from(paging.rows_to_read()).unwrap_or(usize::MAX);
    let found = items::list_items(&app, &actor, &path.0, &path.1, skip, limit).await?;
    let numbered: Vec<(usize, items::Item)> = (skip + 1..).zip(found.items).collect();
    let page = paging.page(
        numbered,
        |(place, _)| Uuid::from_u128(u128::try_from(*place).unwrap_or_default()),
        |(_, item)| ItemView::from(item),
    );
    Ok(HttpResponse::Ok().json(page))
}
