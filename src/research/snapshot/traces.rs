//! What becomes of a dataset: access, citations, versions, derived works, repair.

use domain::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A request for access to the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessRequest {
    /// Its id.
    pub id: String,
    /// The person who asked.
    #[serde(default)]
    pub person: Option<String>,
    /// The organization that the person asked for.
    #[serde(default)]
    pub organization: Option<String>,
    /// The country, two letters of ISO 3166; that of the organization where it is not given.
    #[serde(default)]
    pub country: Option<String>,
    /// When it was asked.
    pub requested_at: Timestamp,
    /// What was decided, and when; none while it waits.
    #[serde(default)]
    pub answer: Option<AccessAnswer>,
    /// The version of the licence.
    #[serde(default)]
    pub licence_version: Option<String>,
}

/// The answer to a request for access.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessAnswer {
    /// Whether access was given.
    pub granted: bool,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// When access ends; none where it does not.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// A published version of the dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatasetVersion {
    /// Its id.
    pub id: String,
    /// When it was published.
    pub released_at: Timestamp,
    /// The digest of the test annotations that belong to it; none where there are none.
    #[serde(default)]
    pub test_digest: Option<String>,
    /// How many instances it has.
    #[serde(default)]
    pub instances: Option<u64>,
    /// How many instances of the version before are gone.
    #[serde(default)]
    pub removed_instances: u64,
    /// How many instances of the version before were corrected.
    #[serde(default)]
    pub corrected_instances: u64,
}

/// A work that cites the dataset, and what for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The publication.
    pub publication: String,
    /// When it was published.
    pub published: Date,
    /// When it was found.
    pub seen_at: Timestamp,
    /// A code of the vocabulary `citation.function`.
    pub function: String,
    /// The version that it uses.
    #[serde(default)]
    pub dataset_version: Option<String>,
}

/// Something made from the dataset: another dataset, a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derivative {
    /// Its id.
    pub id: String,
    /// What it is (`dataset`, `model`).
    pub kind: String,
    /// When it was published.
    #[serde(default)]
    pub at: Option<Date>,
}

/// A count of traces elsewhere, for a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraceCount {
    /// A code of the vocabulary `trace.kind`.
    pub kind: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// How many.
    pub n: u64,
    /// Hours until the first answer, the median of the period.
    #[serde(default)]
    pub median_first_response_hours: Option<f64>,
    /// When they were counted.
    pub collected_at: Timestamp,
}

/// Something that happened: the log without payloads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedEvent {
    /// When it happened.
    pub occurred_at: Timestamp,
    /// A code of the vocabulary `event.type`.
    pub kind: String,
    /// A code of the vocabulary `event.origin`: who wrote it down; none where that was the server as it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}
