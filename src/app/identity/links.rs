//! Links that carry their own proof: whoever has one may fetch or send what it names, for a while.

use domain::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::MasterKey;
use crate::failure::{Code, Failure, Outcome};

/// Signs links and checks signatures (HMAC with SHA-256).
pub struct LinkSigner {
    key: [u8; 32],
}

/// What a link carries besides what it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkProof {
    /// Until when it is good, in seconds since 1970.
    pub expires: i64,
    /// The signature, in hexadecimal.
    pub signature: String,
}

impl LinkSigner {
    /// The signer of a server.
    pub fn new(master: &MasterKey, generation: u32) -> Self {
        Self { key: master.derive("link", generation) }
    }

    /// The proof of a link to `what`, good until a moment.
    pub fn sign(&self, what: &str, until: Timestamp) -> LinkProof {
        let expires = until.as_seconds();
        let signature = hex::encode(self.mac(what, expires).finalize().into_bytes());
        LinkProof { expires, signature }
    }

    /// Lets a link to `what` pass while it is good; any other names nothing.
    pub fn check(&self, what: &str, proof: &LinkProof, now: Timestamp) -> Outcome<()> {
        let sent = hex::decode(&proof.signature).map_err(|_| Failure::not_found())?;
        self.mac(what, proof.expires).verify_slice(&sent).map_err(|_| Failure::not_found())?;
        if proof.expires <= now.as_seconds() {
            return Err(Failure::new(Code::LinkInvalid, "this link has run out"));
        }
        Ok(())
    }

    fn mac(&self, what: &str, expires: i64) -> Hmac<Sha256> {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else {
            unreachable!("HMAC takes keys of every length");
        };
        mac.update(&expires.to_be_bytes());
        mac.update(what.as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_for_one_thing_and_for_a_while() {
        let signer = LinkSigner::new(&MasterKey::new([7; 32]), 1);
        let now = Timestamp::parse("2026-11-22T07:00:00Z").unwrap();
        let proof = signer.sign("part/1", now.plus_seconds(60));
        assert!(signer.check("part/1", &proof, now).is_ok());
        assert_eq!(signer.check("part/2", &proof, now).unwrap_err().code, Code::NotFound);
        assert_eq!(signer.check("part/1", &proof, now.plus_seconds(60)).unwrap_err().code, Code::LinkInvalid);
        let longer = LinkProof { expires: proof.expires + 60, ..proof.clone() };
        assert_eq!(signer.check("part/1", &longer, now).unwrap_err().code, Code::NotFound);
        let other = LinkSigner::new(&MasterKey::new([7; 32]), 2);
        assert_eq!(other.check("part/1", &proof, now).unwrap_err().code, Code::NotFound);
    }
}
