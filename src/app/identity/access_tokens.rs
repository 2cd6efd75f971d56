//! Access tokens: short-lived, signed, checked without a look into the database.
//!
//! They follow RFC 9068 (`typ` is `at+jwt`) with one algorithm, EdDSA, and keys that come from the master key alone:
//! nothing in a token can bring its own key or choose how it is checked.
//! A token names the user's *epoch*; signing out everywhere, a new password and a disabled account raise the epoch
//! of the account, and the caller compares.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Digest, SessionId, Sources, Timestamp, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::MasterKey;
use crate::failure::{Code, Failure, Outcome};

/// How far the clocks of two replicas may lie apart.
const LEEWAY_SECONDS: i64 = 5;
/// Ours have some 500 bytes; what is much longer is not ours and not worth decoding.
const LONGEST_TOKEN: usize = 2048;
const TOKEN_TYPE: &str = "at+jwt";

/// Issues and checks access tokens.
pub struct AccessTokens {
    issuer: String,
    audience: String,
    lifetime_seconds: u32,
    signing: EncodingKey,
    /// The present key first, then the one before it.
    accepted: Vec<PublicKey>,
}

struct PublicKey {
    id: String,
    bytes: Vec<u8>,
    decoding: DecodingKey,
}

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessClaims {
    /// Who issued it: the public address of the server.
    pub iss: String,
    /// What it is good for: the API of that server.
    pub aud: String,
    /// Whose it is.
    pub sub: UserId,
    /// The session it was made for.
    pub sid: SessionId,
    /// The epoch of the account when it was made.
    pub epoch: i64,
    /// Its own name.
    pub jti: Uuid,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// From when on it is good.
    pub nbf: i64,
    /// Until when it is good.
    pub exp: i64,
}

/// A token for its owner.
pub struct IssuedAccessToken {
    /// The token.
    pub text: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

impl AccessTokens {
    /// Tokens of the server at `issuer`, with the keys of this and the last generation of the master key.
    pub fn new(master: &MasterKey, generation: u32, issuer: &str, lifetime_seconds: u32) -> Outcome<Self> {
        let present = key_pair(master, generation)?;
        let mut accepted = vec![PublicKey::of(&present)];
        if let Some(last) = generation.checked_sub(1) {
            accepted.push(PublicKey::of(&key_pair(master, last)?));
        }
        let document = present.to_pkcs8v1().map_err(Failure::internal)?;
        Ok(Self {
            issuer: issuer.to_owned(),
            audience: format!("{issuer}/api"),
            lifetime_seconds,
            signing: EncodingKey::from_ed_der(document.as_ref()),
            accepted,
        })
    }

    /// Makes a token for a session of a user in that epoch.
    pub fn issue(
        &self,
        sources: &Sources,
        user: UserId,
        session: SessionId,
        epoch: i64,
    ) -> Outcome<IssuedAccessToken> {
        let now = sources.now();
        let expires_at = now.plus_seconds(self.lifetime_seconds.into());
        let claims = AccessClaims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: user,
            sid: session,
            epoch,
            jti: sources.new_id(),
            iat: now.as_seconds(),
            nbf: now.as_seconds(),
            exp: expires_at.as_seconds(),
        };
        let header = header(&self.accepted[0].id);
        let text = jsonwebtoken::encode(&header, &claims, &self.signing).map_err(Failure::internal)?;
        Ok(IssuedAccessToken { text, expires_at })
    }

    /// What a token says, when it is one of ours and good at this moment.
    ///
    /// Whether its epoch is still the account's, and the account enabled, is for the caller to see.
    pub fn verify(&self, now: Timestamp, token: &str) -> Outcome<AccessClaims> {
        let claims = self
            .read(token)
            .ok_or_else(|| Failure::new(Code::TokenInvalid, "the access token is not one of this server"))?;
        let now = now.as_seconds();
        if claims.nbf > now + LEEWAY_SECONDS || claims.iat > now + LEEWAY_SECONDS {
            return Err(Failure::new(Code::TokenInvalid, "the access token is from the future"));
        }
        if claims.exp <= now - LEEWAY_SECONDS {
            return Err(Failure::new(Code::TokenExpired, "the access token has expired"));
        }
        Ok(claims)
    }

    /// Everything about a token but time.
    fn read(&self, token: &str) -> Option<AccessClaims> {
        if token.len() > LONGEST_TOKEN {
            return None;
        }
        let sent = jsonwebtoken::decode_header(token).ok()?;
        let key = self.accepted.iter().find(|key| sent.kid.as_deref() == Some(&key.id))?;
        // A header with anything that we do not write ourselves (`jwk`, `jku`, `x5u`, `crit` …) is not ours.
        if sent != header(&key.id) {
            return None;
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        // Without this line a token that leaves `aud` out passes.
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // The library reads the clock of the machine; `verify` compares with the clock that it is given.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        jsonwebtoken::decode(token, &key.decoding, &validation).ok().map(|data| data.claims)
    }

    /// The public keys as JWKs (RFC 8037), for others who check our tokens.
    pub fn public_keys(&self) -> Vec<serde_json::Value> {
        let jwk = |key: &PublicKey| {
            serde_json::json!({
                "kty": "OKP",
                "crv": "Ed25519",
                "use": "sig",
                "alg": "EdDSA",
                "kid": key.id,
                "x": URL_SAFE_NO_PAD.encode(&key.bytes),
            })
        };
        self.accepted.iter().map(jwk).collect()
    }
}

impl PublicKey {
    fn of(pair: &Ed25519KeyPair) -> Self {
        let bytes = pair.public_key().as_ref().to_vec();
        let id = Digest::of(&bytes).to_string()[..16].to_owned();
        Self { id, decoding: DecodingKey::from_ed_der(&bytes), bytes }
    }
}

fn key_pair(master: &MasterKey, generation: u32) -> Outcome<Ed25519KeyPair> {
    let seed = master.derive("access-token", generation);
    Ed25519KeyPair::from_seed_unchecked(&seed).map_err(Failure::internal)
}

fn header(key_id: &str) -> Header {
    Header { typ: Some(TOKEN_TYPE.to_owned()), kid: Some(key_id.to_owned()), ..Header::new(Algorithm::EdDSA) }
}

#[cfg(test)]
mod tests;
