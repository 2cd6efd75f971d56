//! Proving who somebody is: passwords, access tokens, and the opaque tokens of sessions, programs and mails.
//!
//! Nothing here touches storage.
//! Use cases look up accounts and sessions; these modules decide whether a secret is the right one.

mod access_tokens;
mod keys;
mod links;
mod opaque_tokens;
mod passwords;
mod signatures;
mod signed_file;

pub use access_tokens::{AccessClaims, AccessTokens, IssuedAccessToken};
pub use keys::{MasterKey, MasterKeyError};
pub use links::{LinkProof, LinkSigner};
pub use opaque_tokens::{OpaqueToken, TokenKind, TokenMalformed};
pub use passwords::{Password, PasswordHash, Passwords};
pub use signatures::RecordSigner;
pub use signed_file::{NotVerified, SignedFile};

#[cfg(test)]
pub(crate) mod test_sources;
