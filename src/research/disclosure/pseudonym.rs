//! Pseudonyms in exports of rows: the same person in one export, nobody across two.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How long a pseudonym is, in hexadecimal digits.
pub const DIGITS: usize = 16;

/// The key of one export, drawn at random; destroying it makes the pseudonyms nobody's.
///
/// Two exports cannot be joined unless a project was granted one key for both.
#[derive(Clone, PartialEq, Eq)]
pub struct ExportKey([u8; 32]);

impl ExportKey {
    /// A key from random bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key as it is stored, wrapped by the server's.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0
    }

    /// The pseudonym of a person: the first 64 bits of HMAC-SHA-256 of their id, in hexadecimal digits.
    ///
    /// Two of a million people have one pseudonym with a probability of one in thirty-seven million.
    pub fn pseudonym(&self, person_id: &str) -> String {
        // HMAC fills a key up with zeros to a block of 64 bytes; a whole block is the key that cannot be refused.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.0);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        mac.update(person_id.as_bytes());
        let mut digits = hex::encode(mac.finalize().into_bytes());
        digits.truncate(DIGITS);
        digits
    }
}

// A key that is printed by mistake joins the export to people.
impl fmt::Debug for ExportKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExportKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_are_hmac_sha_256() {
        // RFC 4231 test case 2 has a shorter key, which HMAC fills with zeros: the key "Jefe" is that of 32 bytes.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let key = ExportKey::from_bytes(key);
        assert_eq!(key.pseudonym("what do ya want for nothing?"), "5bdcc146bf60754e");
    }

    #[test]
    fn another_export_has_other_pseudonyms() {
        let (one, other) = (ExportKey::from_bytes([1; 32]), ExportKey::from_bytes([2; 32]));
        assert_eq!(one.pseudonym("a"), one.pseudonym("a"));
        assert_ne!(one.pseudonym("a"), other.pseudonym("a"));
        assert_ne!(one.pseudonym("a"), one.pseudonym("b"));
        assert_eq!(format!("{one:?}"), "ExportKey(..)");
    }
}
