//! What deliveries are signed with.

use domain::WebhookId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::identity::MasterKey;

/// The secrets of webhooks: derived from the server's one secret, so that none is in the database.
pub struct WebhookSecrets {
    key: [u8; 32],
}

impl WebhookSecrets {
    /// The secrets of a server.
    pub fn new(master: &MasterKey, generation: u32) -> Self {
        Self { key: master.derive("webhook", generation) }
    }

    /// The secret of a webhook: `hos_` and 64 hexadecimal digits.
    pub fn of(&self, webhook: WebhookId) -> String {
        format!("hos_{}", hex::encode(mac(&self.key, webhook.to_string().as_bytes()).finalize().into_bytes()))
    }

    /// The signature of a body that is sent at a moment (seconds since 1970): `t=SECONDS,v1=HEX`, where `HEX` is HMAC with
    /// SHA-256 under the secret's text over `SECONDS.BODY`.
    pub fn sign(&self, webhook: WebhookId, seconds: i64, body: &str) -> String {
        let signed = format!("{seconds}.{body}");
        let code = mac(self.of(webhook).as_bytes(), signed.as_bytes()).finalize().into_bytes();
        format!("t={seconds},v1={}", hex::encode(code))
    }
}

fn mac(key: &[u8], text: &[u8]) -> Hmac<Sha256> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of every length");
    };
    mac.update(text);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_webhook_has_a_secret_of_its_own_and_signs_time_and_body() {
        let secrets = WebhookSecrets::new(&MasterKey::new([7; 32]), 1);
        let (one, other) = (WebhookId(uuid::Uuid::from_u128(1)), WebhookId(uuid::Uuid::from_u128(2)));
        assert_ne!(secrets.of(one), secrets.of(other));
        assert_ne!(secrets.of(one), WebhookSecrets::new(&MasterKey::new([7; 32]), 2).of(one));
        let signature = secrets.sign(one, 1_700_000_000, "{}");
        let expected = hex::encode(mac(secrets.of(one).as_bytes(), b"1700000000.{}").finalize().into_bytes());
        assert_eq!(signature, format!("t=1700000000,v1={expected}"));
        assert_ne!(signature, secrets.sign(one, 1_700_000_001, "{}"));
    }
}
