//! Pauses: while one lasts, an open challenge or phase takes no submissions. What was submitted is scored all the same.

mod begin;
mod end;
mod list;

pub use begin::begin_pause;
pub use end::end_pause;
pub use list::list_pauses;
pub use storage::pauses::Pause;
