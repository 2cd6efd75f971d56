//! Random tokens that mean nothing by themselves: what they allow is in the database, under their digest.
//!
//! A token reads `hoa_` and 43 letters.
//! The prefix tells people, and scanners of leaked secrets, what they have found;
//! the letters are 256 random bits, so that a plain SHA-256 is a safe way to keep them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Digest, Entropy};
use subtle::ConstantTimeEq as _;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A long-lived token for programs.
    Api,
    /// Exchanges itself for a new access token, once.
    Refresh,
    /// A browser session, in a cookie.
    Session,
    /// Proves an e-mail address.
    Verification,
    /// Sets a new password.
    Reset,
    /// Joins a team.
    Invitation,
    /// Lets somebody object without an account.
    Contestation,
}

impl TokenKind {
    /// What every token of this kind begins with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Api => "hoa_",
            Self::Refresh => "hor_",
            Self::Session => "hos_",
            Self::Verification => "hov_",
            Self::Reset => "hop_",
            Self::Invitation => "hoi_",
            Self::Contestation => "hoc_",
        }
    }
}

/// A token of the wrong kind or shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a token of this kind")]
pub struct TokenMalformed;

/// A token in the clear: shown to its owner once, and kept nowhere.
#[derive(Clone)]
pub struct OpaqueToken(String);

impl OpaqueToken {
    /// A new token of this kind.
    pub fn mint(kind: TokenKind, entropy: &dyn Entropy) -> Self {
        let mut secret = [0; 32];
        entropy.fill(&mut secret);
        Self(format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(secret)))
    }

    /// Reads a token that somebody sent and that must be of this kind.
    pub fn parse(kind: TokenKind, text: &str) -> Result<Self, TokenMalformed> {
        let secret = text.strip_prefix(kind.prefix()).ok_or(TokenMalformed)?;
        let bytes = URL_SAFE_NO_PAD.decode(secret).map_err(|_| TokenMalformed)?;
        if bytes.len() == 32 { Ok(Self(text.to_owned())) } else { Err(TokenMalformed) }
    }

    /// The token itself, for its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored and looked up.
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }

    /// Whether this is the token with that stored digest, in constant time.
    pub fn is(&self, stored: &Digest) -> bool {
        self.digest().0.ct_eq(&stored.0).into()
    }
}

impl std::fmt::Debug for OpaqueToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OpaqueToken")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::test_sources::Counting;

    #[test]
    fn a_token_is_found_by_its_digest_only() {
        let entropy = Counting::default();
        let token = OpaqueToken::mint(TokenKind::Api, &entropy);
        let other = OpaqueToken::mint(TokenKind::Api, &entropy);
        let sent = OpaqueToken::parse(TokenKind::Api, token.reveal()).unwrap();
        assert!(sent.is(&token.digest()));
        assert!(!other.is(&token.digest()));
        assert!(!format!("{token:?}").contains(token.reveal()));
    }

    #[test]
    fn a_token_of_another_kind_or_shape_is_refused() {
        let refresh = OpaqueToken::mint(TokenKind::Refresh, &Counting::default());
        let longer = format!("{}A", refresh.reveal());
        for text in ["", "hoa_", "hoa_short", refresh.reveal(), &refresh.reveal().to_uppercase()] {
            assert_eq!(OpaqueToken::parse(TokenKind::Api, text).unwrap_err(), TokenMalformed, "{text}");
        }
        assert!(OpaqueToken::parse(TokenKind::Refresh, &longer).is_err());
    }
}
