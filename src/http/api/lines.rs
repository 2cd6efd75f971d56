//! Records as lines of JSON (NDJSON), read page by page while they are sent.

use std::future::Future;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::Bytes;
use app::{App, Failure, Outcome};
use domain::Actor;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde::Serialize;

use crate::problem::Problem;

/// Answers with every record from `first` on; `page` reads one page as lines, and where the next one begins.
///
/// The first page is read before the answer begins, so that a failure can still be told; what breaks off later ends without the last
/// chunk of the transfer, so that no client takes it for whole.
pub(super) async fn stream_lines<P, F, R>(
    app: Arc<App>,
    actor: Actor,
    first: P,
    page: F,
) -> Result<HttpResponse, Problem>
where
    P: 'static,
    F: Fn(Arc<App>, Actor, P) -> R + 'static,
    R: Future<Output = Outcome<(Bytes, Option<P>)>> + 'static,
{
    let (first, next) = page(app.clone(), actor.clone(), first).await?;
    let rest = stream::try_unfold((next, page), move |(place, page)| {
        let (app, actor) = (app.clone(), actor.clone());
        async move {
            let Some(place) = place else { return Ok(None) };
            let (lines, next) = page(app, actor, place).await?;
            Ok(Some((lines, (next, page))))
        }
    });
    let lines = stream::once(async { Ok::<_, Failure>(first) }).chain(rest).map_err(|failure| {
        tracing::error!(failure = ?failure, "an export broke off");
        actix_web::error::ErrorInternalServerError("the export broke off")
    });
    Ok(HttpResponse::Ok().content_type("application/x-ndjson").streaming(lines))
}

/// Records, one a line.
pub(super) fn lines(records: impl Iterator<Item = impl Serialize>) -> Outcome<Bytes> {
    let mut text = Vec::new();
    for record in records {
        serde_json::to_writer(&mut text, &record).map_err(Failure::internal)?;
        text.push(b'\n');
    }
    Ok(text.into())
}
