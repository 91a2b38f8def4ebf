//! Codes that a telephone makes of a secret and the time: HOTP (RFC 4226) and TOTP (RFC 6238), with HMAC-SHA-1, which is the one
//! that every authenticator knows. Pure: time and secret come in.

use ring::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};

/// Seconds for which a code is good: RFC 6238 §4.1.
pub(super) const STEP_S: u64 = 30;
/// Digits of a code.
pub(super) const DIGITS: u32 = 6;
/// A telephone's clock may be off by so many steps: RFC 6238 §5.2.
const DRIFT: u64 = 1;

/// The step of time in which a moment lies, from seconds since 1970.
pub(super) const fn step(seconds: u64) -> u64 {
    seconds / STEP_S
}

/// The code of a step: RFC 4226 §5.3, dynamic truncation.
pub(super) fn code(secret: &[u8], step: u64, digits: u32) -> u32 {
    let key = Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag[tag.len() - 1] & 0xf);
    let mut four = [0; 4];
    four.copy_from_slice(&tag[at..at + 4]);
    (u32::from_be_bytes(four) & 0x7fff_ffff) % 10u32.pow(digits)
}

/// The step whose code was typed, if it is near now and later than the last that was used: a code is good once (RFC 6238 §5.2).
pub(super) fn matching(secret: &[u8], now: u64, typed: u32, after: u64) -> Option<u64> {
    let here = step(now);
    let near = here.saturating_sub(DRIFT)..=here.saturating_add(DRIFT);
    near.filter(|step| *step > after)
        .find(|step| code(secret, *step, DIGITS) == typed)
}

/// A code as it is typed: six digits, spaces among them aside.
pub(super) fn typed(text: &str) -> Option<u32> {
    let digits: String = text.chars().filter(|c| *c != ' ').collect();
    let fits = digits.len() == DIGITS as usize && digits.bytes().all(|c| c.is_ascii_digit());
    fits.then(|| digits.parse().ok())?
}

/// Bytes as authenticators read them: base32 (RFC 4648 §6) without padding.
pub(super) fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut text, mut held, mut bits) = (String::new(), 0u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(LETTERS[(held >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(LETTERS[(held << (5 - bits) & 31) as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_codes_are_those_of_rfc_6238_appendix_b() {
        for (seconds, wanted) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ] {
            assert_eq!(code(SECRET, step(seconds), 8), wanted, "{seconds}");
        }
    }

    #[test]
    fn the_codes_are_those_of_rfc_4226_appendix_d() {
        let wanted = [
            755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871,
            520_489,
        ];
        for (step, wanted) in wanted.into_iter().enumerate() {
            assert_eq!(code(SECRET, step as u64, 6), wanted);
        }
    }

    #[test]
    fn a_code_is_good_near_its_time_and_once() {
        let now = 1_111_111_111;
        let here = step(now);
        for (off, good) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let at = here.saturating_add_signed(off);
            let typed = code(SECRET, at, DIGITS);
            assert_eq!(matching(SECRET, now, typed, 0), good.then_some(at), "{off}");
        }
        let used = code(SECRET, here, DIGITS);
        assert_eq!(matching(SECRET, now, used, here), None);
    }

    #[test]
    fn base32_is_that_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        assert_eq!(typed("123 456"), Some(123_456));
        assert_eq!(typed("000000"), Some(0));
        for bad in ["", "12345", "1234567", "12345x", "１２３４５６"] {
            assert_eq!(typed(bad), None, "{bad}");
        }
    }
}
