//! What the tools of the field read: the public side of a task in their formats.
//!
//! A [`record`] is everything public about a task, checked once; [`mod@croissant`], [`mod@datapackage`], [`mod@prov`],
//! [`mod@datacite`] and [`mod@datasheet`] write it, [`mod@parquet`] writes its tables, and [`shapes`] are what our own terms must satisfy.
//! [`mod@ethics_protocol`] drafts what a board of ethics is told.
//! Files that are held out cannot be in a record.

pub mod croissant;
pub mod datacite;
pub mod datapackage;
pub mod datasheet;
pub mod ethics_protocol;
pub mod parquet;
pub mod prov;
pub mod record;
pub mod shapes;
mod sheet;
#[cfg(test)]
mod tests;

pub use croissant::croissant;
pub use datacite::datacite;
pub use datapackage::datapackage;
pub use datasheet::datasheet;
pub use ethics_protocol::ethics_protocol;
pub use parquet::parquet;
pub use prov::prov;
pub use record::{PublicRecord, TaskRecord};
