//! Bits as they come, and the numbers and texts written in them.

/// A row of bits, read from the left.
pub(super) struct Bits {
    bits: Vec<bool>,
    at: usize,
}

impl Bits {
    /// The bits of URI-safe base64, six a character; none if there is another character.
    pub fn from_base64(text: &str) -> Option<Self> {
        let mut bits = Vec::with_capacity(text.len() * 6);
        for byte in text.bytes() {
            let value = base64_value(byte)?;
            bits.extend((0..6).rev().map(|place| value >> place & 1 == 1));
        }
        Some(Self { bits, at: 0 })
    }

    /// How many are left.
    pub fn left(&self) -> usize {
        self.bits.len() - self.at
    }

    /// Whether all that is left is zero.
    pub fn rest_is_zero(&self) -> bool {
        self.bits[self.at..].iter().all(|&bit| !bit)
    }

    fn take(&mut self, count: usize) -> Option<&[bool]> {
        let taken = self.bits.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }

    /// Passes over so many.
    pub fn skip(&mut self, count: usize) -> Option<()> {
        self.take(count).map(|_| ())
    }

    /// A number of up to 16 bits.
    pub fn number(&mut self, count: usize) -> Option<u16> {
        debug_assert!(count <= 16);
        let bits = self.take(count)?;
        Some(
            bits.iter()
                .fold(0, |number, &bit| number << 1 | u16::from(bit)),
        )
    }

    /// So many decimal digits, written as one number in the fewest bits. Zeros in front come back.
    pub fn digits(&mut self, count: usize) -> Option<String> {
        let bits = self.take(value_bits(count))?.to_vec();
        // Limbs of nine digits, the lowest first. A value has 90 digits at most, so this stays small.
        let mut limbs = vec![0_u64; count / 9 + 2];
        for bit in bits {
            let mut carry = u64::from(bit);
            for limb in &mut limbs {
                *limb = *limb * 2 + carry;
                carry = *limb / 1_000_000_000;
                *limb %= 1_000_000_000;
            }
        }
        let all: String = limbs
            .iter()
            .rev()
            .map(|limb| format!("{limb:09}"))
            .collect();
        let (over, digits) = all.split_at(all.len() - count);
        over.bytes()
            .all(|byte| byte == b'0')
            .then(|| digits.to_owned())
    }

    /// So many characters of `width` bits, each made a character by `letter`.
    pub fn text(
        &mut self,
        count: usize,
        width: usize,
        letter: impl Fn(u16) -> Option<char>,
    ) -> Option<String> {
        (0..count).map(|_| letter(self.number(width)?)).collect()
    }
}

/// How many bits so many decimal digits take. GS1 Digital Link compression: ⌈n · log₂ 10 + 0.01⌉.
pub(super) fn value_bits(digits: usize) -> usize {
    // 3.32193 is log2(10) to five places; up to 90 digits the sixth changes nothing.
    (digits * 332_193 + 1_000).div_ceil(100_000)
}

/// How many bits a length of up to `most` takes: ⌈log₂ most + 0.01⌉.
pub(super) const fn length_bits(most: usize) -> usize {
    most.ilog2() as usize + 1
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn base64_value(byte: u8) -> Option<u8> {
    let at = BASE64.iter().position(|&known| known == byte)?;
    u8::try_from(at).ok()
}

/// The character of a value below 64.
pub(super) fn base64_character(value: u16) -> Option<char> {
    BASE64.get(usize::from(value)).map(|&byte| char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_of_a_number_are_the_fewest_that_hold_it() {
        for (digits, bits) in [
            (1, 4),
            (2, 7),
            (3, 10),
            (6, 20),
            (13, 44),
            (14, 47),
            (18, 60),
            (90, 299),
        ] {
            assert_eq!(value_bits(digits), bits, "{digits}");
        }
        for (most, bits) in [
            (8, 4),
            (12, 4),
            (15, 4),
            (16, 5),
            (20, 5),
            (30, 5),
            (34, 6),
            (90, 7),
        ] {
            assert_eq!(length_bits(most), bits, "{most}");
        }
    }

    #[test]
    fn numbers_of_any_length_come_back_with_their_zeros() {
        let mut bits = Bits {
            bits: vec![false, true, false, true],
            at: 0,
        };
        assert_eq!(bits.digits(1), Some("5".to_owned()));
        let mut bits = Bits {
            bits: vec![true; 4],
            at: 0,
        };
        assert_eq!(bits.digits(1), None);
        let mut bits = Bits {
            bits: vec![false; 299],
            at: 0,
        };
        assert_eq!(bits.digits(90), Some("0".repeat(90)));
        assert_eq!((bits.left(), bits.number(1)), (0, None));
    }
}
