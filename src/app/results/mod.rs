//! The result of a phase: the private split decides, everything is worked out once more with more replicates, and what comes
//! out is signed and never changes.
//!
//! An organizer asks for it when the phase is closed ([`request_result`]), a worker works it out ([`work_out()`]) and publishes it ([`publish_result`]).
//! A record is a function of what is stored, so that it can be worked out again at any time and compared byte by byte.

pub(crate) mod again;
mod compose;
mod inputs;
pub mod publish;
pub mod read;
pub mod request;
pub mod work_out;

pub use publish::{WaitingResult, fail_result, next_result, publish_result};
pub use read::{PublishedResult, ResultState, read_result};
pub use request::{RequestResult, request_result};
pub use work_out::work_out;
