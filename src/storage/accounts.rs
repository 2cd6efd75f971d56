//! Accounts, what people say about themselves, and everything that they sign in with.
//!
//! Secrets are never here: a password is kept as its slow hash, every other secret as its SHA-256.

pub mod affiliations;
pub mod api_tokens;
pub mod email_tokens;
pub mod memberships;
pub mod sessions;
pub mod users;

pub use affiliations::Affiliation;
pub use api_tokens::ApiToken;
pub use sessions::{Session, SessionKind};
pub use users::User;
