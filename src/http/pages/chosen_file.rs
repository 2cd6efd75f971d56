//! The file that somebody chose in a form.

use actix_multipart::{Multipart, MultipartError};
use actix_web::web::Bytes;
use app::{Code, Failure, FieldError, Outcome};
use futures_util::StreamExt as _;

/// The name and the bytes of the first file of a form; `what` is the field that asks for it, and what it holds.
///
/// Refused where none was chosen, and as soon as it is larger than `most` bytes.
pub(super) async fn chosen_file(mut parts: Multipart, what: &str, most: u64) -> Outcome<(String, Bytes)> {
    let broken = |error: MultipartError| {
        Failure::new(Code::MalformedRequest, "the form broke off before its end").caused_by(error.to_string())
    };
    while let Some(part) = parts.next().await {
        let mut field = part.map_err(broken)?;
        let name = field.content_disposition().and_then(|about| about.get_filename()).map(str::to_owned);
        let mut bytes = Vec::new();
        while let Some(piece) = field.next().await {
            let piece = piece.map_err(broken)?;
            if bytes.len() as u64 + piece.len() as u64 > most {
                let detail = format!("a {what} may have at most {most} bytes");
                return Err(Failure::new(Code::PayloadTooLarge, detail));
            }
            bytes.extend_from_slice(&piece);
        }
        // What a browser sends where no file was chosen has no name.
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            return Ok((name, bytes.into()));
        }
    }
    Err(Failure::invalid_fields(vec![FieldError::new(what, "must be chosen")]))
}
