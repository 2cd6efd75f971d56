//! Who takes part: what people let be known, what is counted of it, and who was given what.
//!
//! Nothing personal leaves without the consent of the person to that purpose.
//! People are counted in [`snapshot`]s under pseudonyms; what is shown of a snapshot passes the disclosure control of `research`.

pub mod access;
pub mod codes;
pub mod consents;
pub mod entry;
pub mod erase;
pub mod ethics_protocol;
pub mod exports;
pub mod figures;
pub mod lineage;
pub mod measures;
pub mod my_data;
pub mod noisy_tables;
pub mod orcid;
pub mod organization_lists;
pub mod participants;
pub mod requests;
pub mod snapshot;

/// What the use cases of this area give back, for shells that do not know the storage.
pub mod records {
    pub use storage::participation::access::AccessRequest;
    pub use storage::participation::consents::Consent;
    pub use storage::participation::entries::Entry;
    pub use storage::participation::exports::{Export, OwnExport};
    pub use storage::participation::lineages::Lineage;
    pub use storage::participation::requests::ResearchRequest;
    pub use storage::participation::snapshots::{PublishedTable, Snapshot};
}

use domain::{Digest, UserId};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use storage::participation::people::{self, Person};
use storage::{Conn, StoreError};

/// Gives everybody of `users` who has none a secret, each derived from one random seed.
///
/// A closure may run twice, so the randomness comes from outside; two people never share a secret because their ids differ.
fn ensure_people(conn: &mut Conn<'_>, users: &[UserId], seed: &[u8; 32]) -> Result<Vec<Person>, StoreError> {
    let known = people::of_accounts(conn, users)?;
    let missing: Vec<UserId> = users
        .iter()
        .copied()
        .filter(|user| known.binary_search_by_key(user, |person| person.user_id).is_err())
        .collect();
    people::ensure(conn, &missing, |user| keyed(seed, user.to_string().as_bytes()).0)?;
    people::of_accounts(conn, users)
}

/// HMAC-SHA-256 of a text under a key.
fn keyed(key: &[u8], text: &[u8]) -> Digest {
    // HMAC takes keys of every length.
    let mut padded = [0_u8; 64];
    let length = key.len().min(padded.len());
    padded[..length].copy_from_slice(&key[..length]);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&padded.into());
    mac.update(text);
    Digest(mac.finalize().into_bytes().into())
}
