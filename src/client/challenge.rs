//! Challenges as code: a folder with a `challenge.toml` is brought to a server, or written from one.

mod apply;
mod changes;
mod export;
mod plan;
mod remote;

pub use apply::{Apply, apply};
pub use export::export;
