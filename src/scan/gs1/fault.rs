//! What can be wrong with GS1 data, and the words for it. The words are short: they stand on three rows of a handheld.

use super::Ai;

/// Why data are not a good GS1 element string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nothing there.
    #[error("no data")]
    Empty,
    /// More than [`super::MOST`] elements, or too many bytes.
    #[error("too many parts")]
    TooMany,
    /// The text that follows begins with no known identifier.
    #[error("unknown part ({})", shown(*.0))]
    UnknownAi([u8; 4]),
    /// An identifier with nothing behind it.
    #[error("({0}) is empty")]
    EmptyValue(Ai),
    /// Fewer characters than the value or one of its components has.
    #[error("({0}) is too short")]
    Length(Ai),
    /// A value in a URI is shorter than the shortest.
    #[error("({0}) is too short")]
    TooShort(Ai),
    /// More characters than the value can have; often a lost separator.
    #[error("({0}) is too long")]
    TooLong(Ai),
    /// What the value says cannot be.
    #[error("({0}): {1}")]
    Value(Ai, Lint),
    /// Two identifiers that exclude each other.
    #[error("({0}) and ({1}) clash")]
    Excluded(Ai, Ai),
    /// An identifier without the companions that it needs.
    #[error("({0}) lacks its companion")]
    Missing(Ai),
    /// The same identifier twice, with different values.
    #[error("({0}) stands twice")]
    Differs(Ai),
    /// A signed key without a serial.
    #[error("({0}) lacks its serial")]
    NoSerial(Ai),
    /// Text in brackets that is not `(AI)value…`.
    #[error("the brackets are not in order")]
    Brackets,
}

/// What a value's own rule found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lint {
    /// Not a digit.
    #[error("not a digit")]
    NotDigit,
    /// Not of character set 82.
    #[error("wrong character")]
    NotCset82,
    /// Not of character set 39.
    #[error("wrong character")]
    NotCset39,
    /// Not of character set 64.
    #[error("not base64")]
    NotCset64,
    /// Padding of base64 that does not come out.
    #[error("wrong padding")]
    Padding,
    /// Check digit.
    #[error("wrong check digit")]
    CheckDigit,
    /// Check character pair.
    #[error("wrong check characters")]
    CheckPair,
    /// Too short for its check characters.
    #[error("too short")]
    Short,
    /// No company prefix where one must stand.
    #[error("no company prefix")]
    Gcp,
    /// Month 00 or over 12.
    #[error("no such month")]
    Month,
    /// No such day in that month.
    #[error("no such day")]
    Day,
    /// Hour over 23, minute or second over 59.
    #[error("no such time")]
    Time,
    /// ISO 3166.
    #[error("no such country")]
    Country,
    /// ISO 4217.
    #[error("no such currency")]
    Currency,
    /// ISO/IEC 5218.
    #[error("not 0, 1, 2 or 9")]
    Sex,
    /// A percent sign without two hexadecimal digits.
    #[error("a broken % code")]
    Percent,
    /// Outside -90 to 90 degrees.
    #[error("no such latitude")]
    Latitude,
    /// Outside -180 to 180 degrees.
    #[error("no such longitude")]
    Longitude,
    /// Neither 0 nor 1.
    #[error("not 0 or 1")]
    YesNo,
    /// Something other than a minus sign.
    #[error("not a minus sign")]
    Hyphen,
    /// A character that importer indices do not have.
    #[error("no importer index")]
    ImporterIndex,
    /// Not a code of the list of package types.
    #[error("no such package type")]
    PackageType,
    /// Not a code of the list of media types.
    #[error("no such media type")]
    MediaType,
    /// Zero where something must be.
    #[error("it is zero")]
    Zero,
    /// Something where zero must be.
    #[error("it is not zero")]
    NotZero,
    /// A zero in front.
    #[error("it begins with zero")]
    ZeroPrefix,
    /// Neither 0, 1 nor 9.
    #[error("no winding direction")]
    Winding,
    /// Piece 0, of 0, or beyond the last.
    #[error("no such piece")]
    Piece,
    /// Not `position/end`, or beyond it.
    #[error("no position")]
    Position,
    /// ISO 13616.
    #[error("no IBAN")]
    Iban,
    /// North American coupon data.
    #[error("no coupon")]
    Coupon,
    /// Digits only where something else must be among them.
    #[error("it is all digits")]
    OnlyDigits,
}

fn shown(head: [u8; 4]) -> String {
    head.iter()
        .take_while(|&&byte| byte != 0)
        .map(|&byte| {
            if byte.is_ascii_graphic() {
                char::from(byte)
            } else {
                '·'
            }
        })
        .collect()
}

impl Fault {
    /// Whether a wrong read is likelier than a wrong label: the same label may read well the next time.
    pub const fn is_misread(&self) -> bool {
        matches!(self, Self::Value(_, Lint::CheckDigit | Lint::CheckPair))
    }

    /// The kind of fault in one word, as the test vectors name it.
    pub const fn class(&self) -> &'static str {
        match self {
            Self::Empty | Self::EmptyValue(_) => "empty",
            Self::UnknownAi(_) => "unknown_ai",
            Self::Length(_) => "length",
            Self::TooShort(_) => "too_short",
            Self::TooLong(_) => "too_long",
            Self::Value(_, lint) => lint.class(),
            Self::Excluded(..) => "mutually_exclusive",
            Self::Missing(_) => "requisite_missing",
            Self::Differs(_) => "repeated_ai_conflict",
            Self::TooMany | Self::NoSerial(_) | Self::Brackets => "other",
        }
    }
}

impl Lint {
    const fn class(self) -> &'static str {
        match self {
            Self::NotDigit | Self::NotCset82 | Self::NotCset39 | Self::NotCset64 => "charset",
            Self::CheckDigit => "check_digit",
            Self::Month | Self::Day => "date",
            Self::Gcp => "gcp",
            Self::Short => "too_short",
            _ => "other",
        }
    }
}
