//! The one secret of a server and the keys derived from it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The secret from which every key is derived, so that all replicas that share it agree on all keys.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

/// The text is not a master key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a master key is 64 hexadecimal digits, not all the same")]
pub struct MasterKeyError;

impl MasterKey {
    /// The key of these random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads 64 hexadecimal digits, perhaps with blanks around them.
    ///
    /// A key of one repeated digit is a placeholder that somebody forgot to replace, and is refused.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let text = text.trim();
        let first = text.bytes().next().ok_or(MasterKeyError)?;
        if text.bytes().all(|digit| digit == first) {
            return Err(MasterKeyError);
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| MasterKeyError)?;
        Ok(Self(bytes))
    }

    /// The text that [`MasterKey::parse`] reads, for the file that keeps it.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    /// The key for one purpose in one generation: a step of HKDF-Expand with SHA-256 (RFC 5869, 2.3).
    ///
    /// The master key is uniformly random already, so that the extract step would add nothing.
    pub fn derive(&self, purpose: &str, generation: u32) -> [u8; 32] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            unreachable!("HMAC takes keys of every length");
        };
        mac.update(b"heldout\0");
        mac.update(purpose.as_bytes());
        mac.update(b"\0");
        mac.update(&generation.to_be_bytes());
        mac.update(&[1]);
        mac.finalize().into_bytes().into()
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_and_generations_give_different_keys_and_replicas_the_same() {
        let master = MasterKey::new(*b"0123456789abcdef0123456789abcdef");
        let replica = MasterKey::parse(&master.to_hex()).unwrap();
        assert_eq!(master.derive("access", 1), replica.derive("access", 1));
        assert_ne!(master.derive("access", 1), master.derive("access", 2));
        assert_ne!(master.derive("access", 1), master.derive("cursor", 1));
    }

    #[test]
    fn a_placeholder_is_no_key() {
        for text in ["", "0", &"0".repeat(64), &"ab".repeat(31), "change me"] {
            assert_eq!(MasterKey::parse(text).unwrap_err(), MasterKeyError, "{text}");
        }
        assert_eq!(format!("{:?}", MasterKey::new([7; 32])), "MasterKey");
    }
}
