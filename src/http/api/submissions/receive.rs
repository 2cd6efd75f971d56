//! Files on their way from the network into the artifact store: never whole in memory, never longer than allowed.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::HttpRequest;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::web::{Bytes, Payload, Query};
use app::submissions::{Admission, IncomingFile, StoredFile, begin_file};
use app::{App, Code, Failure, FieldError, Outcome};
use futures_util::StreamExt as _;

use super::said::Said;

/// How long one text beside the file may be.
const LONGEST_TEXT: usize = 64 * 1024;
/// How many texts there may be beside the file.
const MOST_TEXTS: usize = 20;
/// What a form adds to the size of its file at most.
const FORM_OVERHEAD: u64 = 2 * 1024 * 1024;

/// A file that is durable, with what was said about it.
pub struct Received {
    /// The file.
    pub file: StoredFile,
    /// What was said about it.
    pub said: Said,
}

/// Takes the file of a request: the `file` part of a form, or the whole body.
pub async fn receive(
    app: &App,
    admission: &Admission,
    request: &HttpRequest,
    payload: Payload,
) -> Outcome<Received> {
    let headers = request.headers();
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let announced = content_length(request);
    if content_type.starts_with("multipart/") {
        let least = announced.map(|size| size.saturating_sub(FORM_OVERHEAD));
        // Refused now, so that nothing is read of a form that cannot fit.
        drop(begin_file(app, admission, least)?);
        return receive_form(app, admission, Multipart::new(headers, payload)).await;
    }
    let mut said = Said::default();
    for (name, text) in pairs(request)? {
        said.set(&name, &text)?;
    }
    let mut file = begin_file(app, admission, announced)?;
    fill(&mut file, payload, |error| broke_off(error.to_string())).await?;
    Ok(Received { file: file.finish().await?, said })
}

/// The size of the body, when the sender says it.
pub fn content_length(request: &HttpRequest) -> Option<u64> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn receive_form(app: &App, admission: &Admission, form: Multipart) -> Outcome<Received> {
    let mut said = Said::default();
    let (file_name, file) =
        receive_parts(app, admission, form, "file", |name, text| said.set(name, text)).await?;
    if said.file_name.is_empty() {
        said.file_name = file_name;
    }
    Ok(Received { file, said })
}

/// Takes the file of a form from its part of that name, and gives every other part to `say`; what the file is called, and itself.
pub async fn receive_parts(
    app: &App,
    admission: &Admission,
    mut form: Multipart,
    file_part: &str,
    mut say: impl FnMut(&str, &str) -> Outcome<()>,
) -> Outcome<(String, StoredFile)> {
    let mut received = None;
    let mut texts = 0;
    while let Some(part) = form.next().await {
        let mut part = part.map_err(unreadable_form)?;
        let name = part.name().unwrap_or_default().to_owned();
        if name == file_part {
            if received.is_some() {
                return Err(wrong_part(file_part, "must be sent once"));
            }
            let file_name = part.content_disposition().and_then(|disposition| disposition.get_filename());
            let file_name = file_name.unwrap_or_default().to_owned();
            let mut file = begin_file(app, admission, None)?;
            fill(&mut file, part, unreadable_form).await?;
            received = Some((file_name, file.finish().await?));
        } else {
            texts += 1;
            if texts > MOST_TEXTS {
                return Err(wrong_part(&name, "is one part too many"));
            }
            say(&name, &read_text(&name, &mut part).await?)?;
        }
    }
    received.ok_or_else(|| wrong_part(file_part, "must be among the parts of the form"))
}

/// Takes every chunk of a stream.
async fn fill<E>(
    file: &mut IncomingFile,
    chunks: impl futures_util::Stream<Item = Result<Bytes, E>>,
    refuse: impl Fn(E) -> Failure,
) -> Outcome<()> {
    let mut chunks = std::pin::pin!(chunks);
    while let Some(chunk) = chunks.next().await {
        file.take(chunk.map_err(&refuse)?).await?;
    }
    Ok(())
}

async fn read_text(name: &str, part: &mut Field) -> Outcome<String> {
    let mut text = Vec::new();
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(unreadable_form)?;
        if text.len() + chunk.len() > LONGEST_TEXT {
            return Err(wrong_part(name, "must have at most 65536 bytes"));
        }
        text.extend_from_slice(&chunk);
    }
    String::from_utf8(text).map_err(|_| wrong_part(name, "must be UTF-8 text"))
}

/// The query of the request, name by name.
fn pairs(request: &HttpRequest) -> Outcome<Vec<(String, String)>> {
    Query::<Vec<(String, String)>>::from_query(request.query_string())
        .map(Query::into_inner)
        .map_err(|error| wrong_part("query", &error.to_string()))
}

fn wrong_part(name: &str, rule: &str) -> Failure {
    Failure::invalid_fields(vec![FieldError::new(name, rule)])
}

/// The body ended too early or stopped arriving.
pub fn broke_off(cause: String) -> Failure {
    Failure::new(Code::MalformedRequest, "the body broke off before its end").caused_by(cause)
}

fn unreadable_form(error: MultipartError) -> Failure {
    let cause = error.to_string();
    match error {
        MultipartError::Payload(_) | MultipartError::Incomplete => broke_off(cause),
        _ => Failure::new(Code::MalformedRequest, format!("the form cannot be read: {cause}")),
    }
}
