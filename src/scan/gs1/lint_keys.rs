//! Checks on keys: check digits and pairs, company prefixes, pieces, bank accounts.

use super::Lint;
use super::charset::by_eights;
use super::lint_lists::country_letters;

/// GS1 General Specifications §7.9.1: weights 3, 1, 3 … from the right, the check digit last.
pub(super) fn check_digit(value: &[u8]) -> Result<(), Lint> {
    const PLACES: u64 = 0x000f_000f_000f_000f;
    // Four sums side by side, each of 16 bits; 90 digits do not fill them.
    let sums = by_eights(value, 0, |sums, word| {
        sums + (word & PLACES) + 3 * (word >> 8 & PLACES)
    });
    let sum = sums.wrapping_mul(0x0001_0001_0001_0001) >> 48;
    if sum.is_multiple_of(10) {
        Ok(())
    } else {
        Err(Lint::CheckDigit)
    }
}

/// The shortest company prefix has four digits.
const SHORTEST_PREFIX: usize = 4;

/// GS1 General Specifications §1.4.4: a company prefix from the first character on.
pub(super) fn prefix_first(value: &[u8]) -> Result<(), Lint> {
    match value.get(..SHORTEST_PREFIX) {
        Some(prefix) if prefix.iter().all(u8::is_ascii_digit) => Ok(()),
        _ => Err(Lint::Gcp),
    }
}

/// The same from the second on, behind an indicator or extension digit.
pub(super) fn prefix_second(value: &[u8]) -> Result<(), Lint> {
    prefix_first(value.get(1..).unwrap_or_default())
}

const PAIR_VALUES: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const TEXT_VALUES: &[u8; 82] =
    b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const PRIMES: [u32; 23] = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83,
];

/// GS1 General Specifications §7.9.5: two check characters, primes as weights from the right, modulo 1021.
pub(super) fn check_pair(value: &[u8]) -> Result<(), Lint> {
    let Some((body, pair)) = value.split_last_chunk::<2>() else {
        return Err(Lint::Short);
    };
    if body.len() > PRIMES.len() {
        return Err(Lint::CheckPair);
    }
    let place = |alphabet: &[u8], c: &u8| alphabet.iter().position(|in_it| in_it == c);
    let mut sum = 0;
    for (c, prime) in body.iter().rev().zip(PRIMES) {
        let weight = place(TEXT_VALUES, c).ok_or(Lint::NotCset82)?;
        sum += u32::try_from(weight).expect("it is below 82") * prime;
    }
    let high = place(PAIR_VALUES, &pair[0]).ok_or(Lint::CheckPair)?;
    let low = place(PAIR_VALUES, &pair[1]).ok_or(Lint::CheckPair)?;
    if u32::try_from(high * 32 + low) == Ok(sum % 1021) {
        Ok(())
    } else {
        Err(Lint::CheckPair)
    }
}

/// As many digits for the piece as for the total; neither is zero, and the piece is among the total.
pub(super) fn piece_of_total(value: &[u8]) -> Result<(), Lint> {
    let (piece, total) = value.split_at(value.len() / 2);
    let zero = |digits: &[u8]| digits.iter().all(|&digit| digit == b'0');
    // Of equal length, digits compare as the numbers do.
    if piece.len() != total.len() || zero(piece) || zero(total) || piece > total {
        Err(Lint::Piece)
    } else {
        Ok(())
    }
}

/// ISO 13616-1: country, two check digits, account; moved round, letters as 10 to 35, it is 1 modulo 97.
pub(super) fn iban(value: &[u8]) -> Result<(), Lint> {
    if value.len() < 4 {
        return Err(Lint::Short);
    }
    country_letters(&value[..2]).map_err(|_| Lint::Iban)?;
    if value.len() <= 10 {
        return Err(Lint::Short);
    }
    let (head, account) = value.split_at(4);
    let mut rest = 0_u32;
    for &c in account.iter().chain(head) {
        rest = match c {
            b'0'..=b'9' => rest * 10 + u32::from(c - b'0'),
            b'A'..=b'Z' => rest * 100 + u32::from(c - b'A') + 10,
            _ => return Err(Lint::Iban),
        } % 97;
    }
    if rest == 1 { Ok(()) } else { Err(Lint::Iban) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_counted_from_the_right_whatever_the_length() {
        for good in [
            &b"9506000134352"[..],
            b"09506000134352",
            b"106141412345678908",
            b"02345673",
        ] {
            assert_eq!(check_digit(good), Ok(()));
        }
        assert_eq!(check_digit(b"9506000134353"), Err(Lint::CheckDigit));
    }

    #[test]
    fn the_published_check_pair_is_right_and_any_other_is_not() {
        // The example of the General Specifications.
        assert_eq!(check_pair(b"1987654Ad4X4bL5ttr2310c2K"), Ok(()));
        assert_eq!(
            check_pair(b"1987654Ad4X4bL5ttr2310c2L"),
            Err(Lint::CheckPair)
        );
        assert_eq!(
            check_pair(b"1987654Ad4X4bL5ttr2310c2I"),
            Err(Lint::CheckPair)
        );
        assert_eq!(check_pair(b"2"), Err(Lint::Short));
    }

    #[test]
    fn a_company_prefix_is_four_digits_at_least() {
        assert_eq!(prefix_first(b"9506x"), Ok(()));
        assert_eq!(prefix_first(b"950"), Err(Lint::Gcp));
        assert_eq!(prefix_first(b"95x6"), Err(Lint::Gcp));
        assert_eq!(prefix_second(b"x9506"), Ok(()));
        assert_eq!(prefix_second(b""), Err(Lint::Gcp));
    }

    #[test]
    fn a_piece_is_one_of_its_total() {
        assert_eq!(piece_of_total(b"0102"), Ok(()));
        for bad in [&b"0002"[..], b"0100", b"0302", b"010"] {
            assert_eq!(piece_of_total(bad), Err(Lint::Piece));
        }
    }

    #[test]
    fn an_iban_has_its_own_check_digits() {
        assert_eq!(iban(b"GB82WEST12345698765432"), Ok(()));
        assert_eq!(iban(b"GB83WEST12345698765432"), Err(Lint::Iban));
        assert_eq!(iban(b"XX82WEST12345698765432"), Err(Lint::Iban));
        assert_eq!(iban(b"GB82WEST"), Err(Lint::Short));
    }
}
