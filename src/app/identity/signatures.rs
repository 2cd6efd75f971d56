//! Signatures over what the server publishes for good.
//!
//! The key comes of the master key alone and is not renewed with the generations of access tokens:
//! a record has to verify for as long as somebody cites it.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Digest;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::MasterKey;
use crate::failure::{Failure, Outcome};

const RECORD_TYPE: &str = "heldout-record+jwt";

/// Signs records and checks signatures (JWS with EdDSA over the record's SHA-256).
pub struct RecordSigner {
    signing: EncodingKey,
    checking: DecodingKey,
    public: Vec<u8>,
    key_id: String,
}

/// What a signature says.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    /// The SHA-256 of the record.
    digest: String,
}

impl RecordSigner {
    /// The signer of a server.
    pub fn new(master: &MasterKey) -> Outcome<Self> {
        let seed = master.derive("record", 0);
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(Failure::internal)?;
        let document = pair.to_pkcs8v1().map_err(Failure::internal)?;
        let public = pair.public_key().as_ref().to_vec();
        Ok(Self {
            signing: EncodingKey::from_ed_der(document.as_ref()),
            checking: DecodingKey::from_ed_der(&public),
            key_id: key_id(&public),
            public,
        })
    }

    /// A signature over a digest; the same every time.
    pub fn sign(&self, digest: Digest) -> Outcome<String> {
        let header = Header {
            typ: Some(RECORD_TYPE.to_owned()),
            kid: Some(self.key_id.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        jsonwebtoken::encode(&header, &Claims { digest: digest.to_string() }, &self.signing)
            .map_err(Failure::internal)
    }

    /// Whether a signature is this server's and over this digest.
    pub fn is_over(&self, signature: &str, digest: Digest) -> bool {
        is_over(&self.checking, signature, digest)
    }

    /// The public key as a JWK (RFC 8037).
    pub fn public_key(&self) -> serde_json::Value {
        serde_json::json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "alg": "EdDSA",
            "kid": self.key_id,
            "x": URL_SAFE_NO_PAD.encode(&self.public),
        })
    }
}

/// The id of a public key, made of the key itself.
fn key_id(public: &[u8]) -> String {
    format!("record-{}", &Digest::of(public).to_string()[..16])
}

fn is_over(key: &DecodingKey, signature: &str, digest: Digest) -> bool {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_required_spec_claims::<&str>(&[]);
    validation.validate_exp = false;
    validation.validate_aud = false;
    jsonwebtoken::decode::<Claims>(signature, key, &validation)
        .is_ok_and(|found| found.claims.digest == digest.to_string())
}

/// The id of a public key (a JWK) if the signature is that key's and over this digest.
pub(super) fn verifies(key: &serde_json::Value, signature: &str, digest: Digest) -> Option<String> {
    let public = URL_SAFE_NO_PAD.decode(key["x"].as_str()?).ok()?;
    let is_ed25519 = key["kty"] == "OKP" && key["crv"] == "Ed25519" && public.len() == 32;
    let id = key_id(&public);
    let holds = is_ed25519
        && key["kid"] == id.as_str()
        && is_over(&DecodingKey::from_ed_der(&public), signature, digest);
    holds.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_record_and_key_alone() {
        let signer = RecordSigner::new(&MasterKey::new([7; 32])).unwrap();
        let digest = Digest::of(b"record");
        let signature = signer.sign(digest).unwrap();
        assert_eq!(signature, RecordSigner::new(&MasterKey::new([7; 32])).unwrap().sign(digest).unwrap());
        assert!(signer.is_over(&signature, digest));
        assert!(!signer.is_over(&signature, Digest::of(b"another")));
        assert!(!signer.is_over("rubbish", digest));
        assert!(!RecordSigner::new(&MasterKey::new([8; 32])).unwrap().is_over(&signature, digest));
    }
}
