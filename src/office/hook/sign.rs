//! Secrets and signatures, as Standard Webhooks says: HMAC-SHA256 over id, time and body, in base64.

use crate::office::Error;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A secret begins with this; the rest is base64.
const PREFIX: &str = "whsec_";

/// A new secret of 256 random bits.
pub(super) fn new_secret() -> Result<String, Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(Error::Random)?;
    Ok(format!("{PREFIX}{}", STANDARD.encode(bytes)))
}

/// What the header `webhook-signature` says of a body that is sent under this id at this time (seconds since 1970).
/// None: this is no secret.
pub fn signature(secret: &str, id: &str, time: i64, body: &[u8]) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{time}.").as_bytes());
    mac.update(body);
    let code = mac.finalize().into_bytes();
    Some(format!("v1,{}", STANDARD.encode(code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_standard_webhooks_is_signed_as_it_says() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let signed = signature(secret, id, 1_614_265_330, br#"{"test": 2432232314}"#);
        let known = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signed.as_deref(), Some(known));
        assert_ne!(
            signature(secret, id, 1_614_265_331, b"{}"),
            signature(secret, id, 1_614_265_330, b"{}")
        );
        assert_eq!(signature("secret", id, 0, b""), None);
        assert!(signature(&new_secret().unwrap(), id, 0, b"").is_some());
    }
}
