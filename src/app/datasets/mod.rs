//! Datasets: what was collected, by whom nobody has to compete on it to be on record.

mod read;
mod record;

pub use read::{DatasetDetail, list_datasets, read_dataset};
pub(crate) use read::{find_version, look_up_version};
pub use record::{DatasetDraft, VersionDraft, record_dataset, record_version};

/// What the use cases of this area give back, for shells that do not know the storage.
pub mod records {
    pub use storage::datasets::{Dataset, DatasetVersion};
}
