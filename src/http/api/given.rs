//! Fields of a change that can be left out, be null, or hold a value.

use domain::Invalid;
use serde::{Deserialize, Deserializer};

/// Reads a field that is there: `null` is `Some(None)`; with `#[serde(default)]` a field that is not there is `None`.
pub(super) fn given<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// A refusal of the same value under the name that it has in the request.
pub(crate) fn named(field: &'static str) -> impl Fn(Invalid) -> Invalid {
    move |invalid| Invalid::new(field, invalid.rule)
}

/// The failure of a request that was read although one of its fields was refused; it does not happen.
pub(super) fn unread() -> app::Failure {
    app::Failure::internal("a field is missing although none was refused")
}
