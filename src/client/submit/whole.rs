//! A file in one request, streamed from the disk.

use serde_json::Value;

use super::Parcel;
use crate::api::multipart::{Multipart, Part};
use crate::terminal::byte_bar;
use crate::{Api, Client, ClientError};

/// Sends the file; the same key makes a repetition after a broken connection harmless.
pub(super) fn send(client: &mut Client<'_>, api: &Api, parcel: &Parcel<'_>) -> Result<Value, ClientError> {
    let (key, boundary) = (client.random_name(), client.random_name());
    let parts = vec![
        Part::text("method", "application/json", parcel.method.to_string()),
        Part::text("attributes", "application/json", parcel.attributes.to_string()),
        Part::text("visibility", "text/plain", parcel.visibility),
        Part::file("file", &parcel.file_name, parcel.path.to_owned(), parcel.length),
    ];
    let multipart = Multipart { boundary, parts };
    let bar = byte_bar(multipart.length(), "uploading");
    let answer = api.post_multipart(&format!("{}/submissions", parcel.phase.path()), &multipart, &key, &bar);
    bar.finish_and_clear();
    answer?.json()
}
