//! Challenges for their organizers: as code, a folder with a `challenge.toml` that is brought to a server or written from one;
//! and what is to be decided while they run.

mod apply;
mod changes;
mod clone;
mod export;
mod export_bundle;
pub mod flags;
mod import;
mod plan;
mod remote;

pub use apply::{Apply, apply};
pub use clone::{CloneChallenge, clone};
pub use export::export;
pub use export_bundle::{ExportBundle, export_bundle};
pub use import::{ImportBundle, import};
