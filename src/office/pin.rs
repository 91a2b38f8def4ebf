//! PIN verifiers: what handhelds check a keyed PIN against. The PIN itself is kept nowhere.

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};

/// Why a text is no PIN, or no verifier could be made.
#[derive(Debug, thiserror::Error)]
pub enum BadPin {
    /// Not 4 to 12 digits.
    #[error("a PIN has 4 to 12 digits")]
    Digits,
    /// The system gave no random numbers, or no memory.
    #[error("no verifier could be made for this PIN: {0}")]
    Hash(argon2::password_hash::Error),
}

/// The Argon2id verifier of a PIN in PHC text form: 19 MiB, two passes, one lane, a random salt.
pub fn verifier(pin: &str) -> Result<String, BadPin> {
    if !(4..=12).contains(&pin.len()) || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BadPin::Digits);
    }
    hashed(pin).map_err(BadPin::Hash)
}

/// The Argon2id verifier of any secret, likewise.
pub(super) fn hashed(secret: &str) -> Result<String, argon2::password_hash::Error> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("these are within the bounds of Argon2");
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon.hash_password(secret.as_bytes())?;
    Ok(hash.to_string())
}
