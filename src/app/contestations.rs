//! Objections: whoever has a link may object without an account, and organizers answer.
//!
//! Camera wearers, annotators and passers-by have no account and should not need one to say that a label is wrong.
//! A link is made for somebody by an organizer, tells nothing about them, lets a few objections in, and ends.

mod answer;
mod links;
mod raise;

pub use answer::{answer_contestation, list_contestations};
pub use links::{MadeLink, list_links, make_link, revoke_link};
pub use raise::{Objection, raise_contestation, read_answers};

/// What the use cases of this area give back, for shells that do not know the storage.
pub mod records {
    pub use storage::contestations::{Contestation, Link};
}
