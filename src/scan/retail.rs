//! Retail keys: GTIN-8 to -14, UPC-A and UPC-E, and the prefixes under which a shop numbers for itself.

use crate::warehouse::{Gtin, check_digit};

/// How many digits a GTIN really has, once the zeros in front are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// EAN-8.
    Gtin8,
    /// UPC-A and UPC-E.
    Gtin12,
    /// EAN-13.
    Gtin13,
    /// ITF-14, GS1-128: with an indicator digit.
    Gtin14,
}

impl Format {
    /// The format of a GTIN in its 14-digit form.
    pub fn of(gtin: Gtin) -> Self {
        let digits = gtin.to_string();
        match digits.trim_start_matches('0').len() {
            ..=8 => Self::Gtin8,
            9..=12 => Self::Gtin12,
            13 => Self::Gtin13,
            _ => Self::Gtin14,
        }
    }
}

/// What a GTIN stands for, as far as its prefix says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A trade item.
    Item,
    /// A coupon or refund: it names no goods.
    Coupon,
    /// Numbered by a shop for itself, often with weight or price inside: only there it means anything.
    Restricted,
}

/// GS1 General Specifications §1.4.3 (prefixes): 02, 04 and 20 to 29 are for restricted circulation; 05, 981 to 984 and 99 for
/// coupons, 980 for refunds; of GTIN-8 those that begin with 0 or 2 are restricted.
pub fn used_for(gtin: Gtin) -> Use {
    let digits = gtin.to_string();
    // An indicator digit names a grouping of an item that has a number of its own.
    if Format::of(gtin) == Format::Gtin14 {
        return Use::Item;
    }
    if Format::of(gtin) == Format::Gtin8 {
        return match digits.as_bytes()[6] {
            b'0' | b'2' => Use::Restricted,
            _ => Use::Item,
        };
    }
    match &digits[1..3] {
        "02" | "04" | "20" | "21" | "22" | "23" | "24" | "25" | "26" | "27" | "28" | "29" => {
            Use::Restricted
        }
        "05" | "99" => Use::Coupon,
        "98" if matches!(&digits[1..4], "980" | "981" | "982" | "983" | "984") => Use::Coupon,
        _ => Use::Item,
    }
}

/// A UPC in both its forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upc {
    /// Whether it was given in the short form.
    pub short_given: bool,
    /// The 12 digits.
    pub long: String,
    /// The 8 digits, if there is a short form.
    pub short: Option<String>,
}

/// Why a text is no UPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadUpc {
    /// Not 6, 7, 8 or 12 digits.
    #[error("a UPC has 6, 7, 8 or 12 digits")]
    Length,
    /// A short form that does not begin with 0 or 1.
    #[error("a short UPC begins with 0 or 1")]
    NumberSystem,
    /// The last digit does not fit the others.
    #[error("its check digit should be {0}")]
    CheckDigit(u8),
}

impl Upc {
    /// Reads 12 digits, or a short form: 8 digits, 7 without the check digit, or 6 without the number system (0) as well.
    pub fn parse(text: &str) -> Result<Self, BadUpc> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(BadUpc::Length);
        }
        let (system, body, check) = match text.len() {
            12 => return Self::from_long(text),
            8 => (&text[..1], &text[1..7], Some(text.as_bytes()[7] - b'0')),
            7 => (&text[..1], &text[1..], None),
            6 => ("0", text, None),
            _ => return Err(BadUpc::Length),
        };
        if !matches!(system, "0" | "1") {
            return Err(BadUpc::NumberSystem);
        }
        let long = format!("{system}{}", expanded(body));
        let wanted = check_digit(long.as_bytes());
        if check.is_some_and(|check| check != wanted) {
            return Err(BadUpc::CheckDigit(wanted));
        }
        Ok(Self {
            short_given: true,
            long: format!("{long}{wanted}"),
            short: Some(format!("{system}{body}{wanted}")),
        })
    }

    fn from_long(text: &str) -> Result<Self, BadUpc> {
        let (body, last) = text.split_at(11);
        let wanted = check_digit(body.as_bytes());
        if last.as_bytes()[0] - b'0' != wanted {
            return Err(BadUpc::CheckDigit(wanted));
        }
        let short = shortened(&body[1..]).filter(|_| matches!(&text[..1], "0" | "1"));
        Ok(Self {
            short_given: false,
            long: text.to_owned(),
            short: short.map(|six| format!("{}{six}{wanted}", &text[..1])),
        })
    }
}

/// GS1 General Specifications §5.2.2.4.2: the last of the six digits says where the zeros were.
fn expanded(six: &str) -> String {
    let (head, last) = six.split_at(5);
    match last {
        "0" | "1" | "2" => format!("{}{last}0000{}", &head[..2], &head[2..]),
        "3" => format!("{}00000{}", &head[..3], &head[3..]),
        "4" => format!("{}00000{}", &head[..4], &head[4..]),
        _ => format!("{head}0000{last}"),
    }
}

/// The six digits of ten, if their zeros stand where a short form can leave them out.
fn shortened(ten: &str) -> Option<String> {
    let zeros = |from: usize, to: usize| ten[from..to].bytes().all(|byte| byte == b'0');
    let digit = |at: usize| ten.as_bytes()[at];
    if zeros(3, 7) && digit(2) <= b'2' {
        Some(format!("{}{}{}", &ten[..2], &ten[7..], &ten[2..3]))
    } else if zeros(3, 8) {
        Some(format!("{}{}3", &ten[..3], &ten[8..]))
    } else if zeros(4, 9) {
        Some(format!("{}{}4", &ten[..4], &ten[9..]))
    } else if zeros(5, 9) && digit(9) >= b'5' {
        Some(format!("{}{}", &ten[..5], &ten[9..]))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_upc_is_the_long_one_without_its_zeros() {
        for (short, long) in [
            ("04252614", "042100005264"),
            ("05218743", "052180000073"),
            ("01234558", "012345000058"),
            ("00000000", "000000000000"),
        ] {
            let upc = Upc::parse(short).expect("its check digit is right");
            assert_eq!((upc.long.as_str(), upc.short_given), (long, true));
            assert_eq!(
                Upc::parse(long).map(|upc| upc.short),
                Ok(Some(short.to_owned()))
            );
        }
        assert_eq!(Upc::parse("036000291452").map(|upc| upc.short), Ok(None));
    }

    #[test]
    fn every_short_form_comes_back_from_its_long_one() {
        for six in 0..1_000_000_u32 {
            if six % 97 != 0 {
                continue;
            }
            let six = format!("{six:06}");
            let ten = expanded(&six);
            // Some short forms have a twin: the same long form by another ending.
            let again = shortened(&ten).expect("it has the zeros");
            assert_eq!(expanded(&again), ten, "{six}");
        }
    }

    #[test]
    fn what_is_no_upc_says_why() {
        assert_eq!(Upc::parse("99999999"), Err(BadUpc::NumberSystem));
        assert_eq!(Upc::parse("04252613"), Err(BadUpc::CheckDigit(4)));
        assert_eq!(Upc::parse("042100005265"), Err(BadUpc::CheckDigit(4)));
        assert_eq!(Upc::parse("12345"), Err(BadUpc::Length));
        assert_eq!(Upc::parse("0425261é"), Err(BadUpc::Length));
    }

    #[test]
    fn a_shop_s_own_numbers_and_coupons_are_told_from_items() {
        let of = |text: &str| Gtin::parse(text).map(used_for);
        assert_eq!(of("9506000134352"), Ok(Use::Item));
        assert_eq!(of("2112345678900"), Ok(Use::Restricted));
        assert_eq!(of("02345673"), Ok(Use::Restricted));
        let coupon = format!("991234567890{}", check_digit(b"991234567890"));
        assert_eq!(of(&coupon), Ok(Use::Coupon));
        assert_eq!(of("12345678901231"), Ok(Use::Item));
    }

    #[test]
    fn a_format_is_what_is_left_without_zeros() {
        let of = |text: &str| Gtin::parse(text).map(Format::of);
        assert_eq!(of("00000950600046"), Ok(Format::Gtin12));
        assert_eq!(of("000000000000"), Ok(Format::Gtin8));
        assert_eq!(of("9506000134352"), Ok(Format::Gtin13));
    }
}
