//! Files that carry a record with its signature and key, so that anybody can verify them without a server.

use domain::Digest;
use domain::event::canonical_json;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::RecordSigner;
use super::signatures::verifies;
use crate::failure::Outcome;

/// What such a file calls its form.
const FORMAT: &str = "heldout-signed/1";

/// A record with its signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedFile {
    /// `heldout-signed/1`.
    pub format: String,
    /// The public key, as a JWK (RFC 8037).
    pub key: Value,
    /// What is said.
    pub record: Map<String, Value>,
    /// A JWS (EdDSA) over the SHA-256 of the record's canonical JSON.
    pub signature: String,
}

/// Why a file does not verify.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotVerified {
    /// It is no such file.
    #[error("it is no signed file of this kind: {0}")]
    Unreadable(String),
    /// It was changed, or never signed with its key.
    #[error("the signature is not over this record: it was changed, or signed with another key")]
    Changed,
    /// It is signed with another key than the one that is trusted.
    #[error("it is signed with the key {found}, not with {expected}")]
    OtherKey {
        /// The key that is trusted.
        expected: String,
        /// The key of the file.
        found: String,
    },
}

impl SignedFile {
    /// Signs a record.
    pub fn sign(signer: &RecordSigner, record: Map<String, Value>) -> Outcome<Self> {
        let signature = signer.sign(digest_of(&record))?;
        Ok(Self { format: FORMAT.to_owned(), key: signer.public_key(), record, signature })
    }

    /// Reads a file and verifies it, with the trusted key if one is named by its id.
    ///
    /// # Errors
    /// For what is no such file, for one that was changed, and for one that another key signed.
    pub fn verify(bytes: &[u8], trusted: Option<&str>) -> Result<Self, NotVerified> {
        let file: Self =
            serde_json::from_slice(bytes).map_err(|error| NotVerified::Unreadable(error.to_string()))?;
        if file.format != FORMAT {
            return Err(NotVerified::Unreadable(format!("its format is {:?}, not {FORMAT:?}", file.format)));
        }
        let found =
            verifies(&file.key, &file.signature, digest_of(&file.record)).ok_or(NotVerified::Changed)?;
        match trusted {
            Some(expected) if expected != found => {
                Err(NotVerified::OtherKey { expected: expected.to_owned(), found })
            }
            _ => Ok(file),
        }
    }

    /// The id of the key, which is made of the key itself.
    pub fn key_id(&self) -> &str {
        self.key["kid"].as_str().unwrap_or_default()
    }

    /// The SHA-256 of the record, which is what one cites.
    pub fn digest(&self) -> Digest {
        digest_of(&self.record)
    }
}

fn digest_of(record: &Map<String, Value>) -> Digest {
    Digest::of(canonical_json(&Value::Object(record.clone())).as_bytes())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::identity::MasterKey;

    fn signed(seed: u8) -> SignedFile {
        let signer = RecordSigner::new(&MasterKey::new([seed; 32])).unwrap();
        let record = json!({"kind": "test", "score": 0.1, "list": [1, 2.5, null, "é"]});
        SignedFile::sign(&signer, record.as_object().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_file_verifies_however_it_is_laid_out() {
        let file = signed(7);
        for text in [serde_json::to_string(&file).unwrap(), serde_json::to_string_pretty(&file).unwrap()] {
            let read = SignedFile::verify(text.as_bytes(), Some(file.key_id())).unwrap();
            assert_eq!(read.digest(), file.digest());
        }
    }

    #[test]
    fn a_changed_file_is_refused() {
        let text = serde_json::to_string(&signed(7)).unwrap();
        for (old, new) in [("0.1", "0.2"), ("test", "tent"), ("null", "true"), ("[1,", "[10,")] {
            let changed = text.replacen(old, new, 1);
            assert_ne!(changed, text);
            assert_eq!(SignedFile::verify(changed.as_bytes(), None), Err(NotVerified::Changed), "{old}");
        }
        assert!(matches!(SignedFile::verify(b"{", None), Err(NotVerified::Unreadable(_))));
    }

    #[test]
    fn another_key_can_sign_and_is_not_the_trusted_one() {
        let (ours, theirs) = (signed(7), signed(8));
        let text = serde_json::to_vec(&theirs).unwrap();
        assert!(SignedFile::verify(&text, None).is_ok());
        let refused = SignedFile::verify(&text, Some(ours.key_id())).unwrap_err();
        assert!(matches!(refused, NotVerified::OtherKey { .. }));
        // A key that calls itself like another one is told by its bytes.
        let mut posing = theirs.clone();
        posing.key["kid"] = ours.key["kid"].clone();
        let text = serde_json::to_vec(&posing).unwrap();
        assert!(SignedFile::verify(&text, Some(ours.key_id())).is_err());
    }
}
