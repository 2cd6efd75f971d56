//! The one error that use cases return.
//!
//! A `Failure` says three things to three readers.
//! Its `code` is for programs: stable, listed in one table with its HTTP status and its documentation.
//! Its `detail` and `errors` are for the person who asked.
//! Its `source` is for the operator's log and is never shown to anybody else.

use std::error::Error;
use std::time::Duration;

use domain::Invalid;
use serde::Serialize;
use storage::{BlobError, StoreError};

mod codes;

pub use codes::Code;

/// What a use case returns.
pub type Outcome<T> = Result<T, Failure>;

/// Why a use case did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct Failure {
    /// What kind of failure it is.
    pub code: Code,
    /// One sentence for the person who asked; it holds nothing that this person may not know.
    pub detail: String,
    /// What is wrong, field by field, where fields are to blame.
    pub errors: Vec<FieldError>,
    /// When trying again makes sense, if that is known.
    pub retry_after: Option<Duration>,
    /// What went wrong underneath; for the log only.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

/// One wrong field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field as a path (`splits[2].percent`), or the place in an uploaded file (`line 3`, `/videos/0`).
    pub field: String,
    /// What it must be, as a sentence fragment ("must not be empty").
    pub detail: String,
}

impl FieldError {
    /// `field` is refused because of `detail`.
    pub fn new(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { field: field.into(), detail: detail.into() }
    }
}

impl Failure {
    /// A failure of this kind with a sentence for the person who asked.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), errors: Vec::new(), retry_after: None, source: None }
    }

    /// The only answer to "does this exist?" when the answer is no, or none of the asker's business.
    ///
    /// It carries no name, so that foreign and missing objects give equal bytes.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "there is nothing here, or you may not see it")
    }

    /// A request whose fields break rules: one failure that lists all of them.
    pub fn invalid_fields(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [only] => format!("{} {}", only.field, only.detail),
            several => format!("{} fields are invalid", several.len()),
        };
        Self { errors, ..Self::new(Code::InvalidField, detail) }
    }

    /// A fault of ours: the cause goes to the log, the person learns that it is not their fault.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(Code::Internal, "something went wrong on the server; it has been recorded")
            .caused_by(source)
    }

    /// The same failure with its cause, for the log.
    #[must_use]
    pub fn caused_by(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    /// The same failure with the time after which trying again makes sense.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// The same failure with faults of single fields.
    #[must_use]
    pub fn with_errors(self, errors: Vec<FieldError>) -> Self {
        Self { errors, ..self }
    }
}

impl From<Invalid> for FieldError {
    fn from(invalid: Invalid) -> Self {
        Self { field: invalid.field, detail: invalid.rule }
    }
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        Self::invalid_fields(vec![invalid.into()])
    }
}

/// What the database says, for use cases that have nothing more precise to say.
///
/// A use case that knows which constraint can be hit maps it by name first (`team_name_taken`).
impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable { .. } => {
                Self::new(Code::Unavailable, "the database cannot be reached just now")
                    .retry_after(Duration::from_secs(2))
            }
            StoreError::Full => Self::new(Code::StorageFull, "the database has no space left"),
            StoreError::Conflict { .. } => Self::new(
                Code::StateConflict,
                "something else was there first, or changed this in the meantime",
            ),
            StoreError::Rejected { .. }
            | StoreError::NotFound
            | StoreError::NewerSchema { .. }
            | StoreError::Panicked { .. }
            | StoreError::BadAddress { .. }
            | StoreError::Other(_) => return Self::internal(error),
        }
        .caused_by(error)
    }
}

/// What the artifact store says.
impl From<BlobError> for Failure {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::TooLarge { limit, .. } => {
                Self::new(Code::PayloadTooLarge, format!("an upload may have at most {limit} bytes"))
            }
            BlobError::Full => Self::new(Code::StorageFull, "the artifact store has no space left"),
            BlobError::WrongOffset { expected, .. } => {
                Self::new(Code::UploadOffsetMismatch, format!("the upload continues at byte {expected}"))
            }
            BlobError::Elsewhere => Self::new(
                Code::AnnotationsElsewhere,
                "this server cannot reach the held-out annotations; organizers have an address of their own",
            ),
            BlobError::NoSuchUpload => Self::not_found(),
            BlobError::InUse => Self::new(Code::StateConflict, "another request is writing to this upload"),
            BlobError::ObjectStore(_) => {
                Self::new(Code::Unavailable, "the artifact store cannot be reached just now")
                    .retry_after(Duration::from_secs(2))
            }
            BlobError::Missing(_) | BlobError::Corrupt { .. } | BlobError::Io(_) => {
                return Self::internal(error);
            }
        }
        .caused_by(error)
    }
}

/// Gathers the faults of many fields, so that a form is refused once and not once per field.
///
/// ```
/// use heldout_app::failure::FieldErrors;
/// use domain::Invalid;
///
/// let mut errors = FieldErrors::default();
/// let name = errors.take(Err::<String, _>(Invalid::new("name", "must not be empty")));
/// let size = errors.take(Err::<u32, _>(Invalid::new("size", "must be positive")));
/// assert!(name.is_none() && size.is_none());
/// assert_eq!(errors.finish().unwrap_err().errors.len(), 2);
/// ```
#[derive(Debug, Default)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// The value, or nothing after noting its fault.
    pub fn take<T>(&mut self, parsed: Result<T, Invalid>) -> Option<T> {
        parsed.map_err(|invalid| self.0.push(invalid.into())).ok()
    }

    /// Notes one fault.
    pub fn push(&mut self, error: FieldError) {
        self.0.push(error);
    }

    /// Succeeds when nothing was noted.
    pub fn finish(self) -> Outcome<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Failure::invalid_fields(self.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_value_names_its_field() {
        let failure = Failure::from(Invalid::new("name", "must not be empty").inside("team"));
        assert_eq!(failure.code, Code::InvalidField);
        assert_eq!(failure.detail, "team.name must not be empty");
        assert_eq!(failure.errors, [FieldError::new("team.name", "must not be empty")]);
    }

    #[test]
    fn the_database_is_translated_and_its_words_stay_inside() {
        let unavailable = StoreError::Unavailable { reason: "no route to 10.0.0.7".into() };
        let conflict = StoreError::Conflict { constraint: Some("teams_skeleton_key".into()) };
        for (error, status) in
            [(unavailable, 503), (StoreError::Full, 507), (conflict, 409), (StoreError::NotFound, 500)]
        {
            let internal = error.to_string();
            let failure = Failure::from(error);
            assert_eq!(failure.code.status(), status, "{internal}");
            assert_ne!(failure.to_string(), internal);
            assert_eq!(failure.source().unwrap().to_string(), internal);
        }
    }

    #[test]
    fn a_cause_is_kept_but_not_displayed() {
        let failure = Failure::internal("the disk said EIO on /var/lib/secret");
        assert_eq!(failure.code.status(), 500);
        assert!(!failure.to_string().contains("EIO"));
        assert_eq!(failure.source().unwrap().to_string(), "the disk said EIO on /var/lib/secret");
    }
}
