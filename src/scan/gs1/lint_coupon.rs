//! Checks on the coupon data of North America: AI 8110 (application guideline for `DataBar` Expanded) and 8112 (positive offer file).
//! They are digits only; most fields say their own length in the digit before them.

use super::Lint;
use super::lint_dates::day;

/// Reads fields off the front; everything that does not come out is no coupon.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn of(value: &'a [u8]) -> Result<Self, Lint> {
        if value.iter().all(u8::is_ascii_digit) {
            Ok(Self(value))
        } else {
            Err(Lint::NotDigit)
        }
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], Lint> {
        let (field, rest) = self.0.split_at_checked(len).ok_or(Lint::Coupon)?;
        self.0 = rest;
        Ok(field)
    }

    /// One digit that must be one of these.
    fn one_of(&mut self, allowed: &[u8]) -> Result<usize, Lint> {
        let digit = self.take(1)?[0];
        if allowed.contains(&digit) {
            Ok(usize::from(digit - b'0'))
        } else {
            Err(Lint::Coupon)
        }
    }

    /// A digit of these, then as many digits as it says and so many more.
    fn counted(&mut self, allowed: &[u8], more: usize) -> Result<&'a [u8], Lint> {
        let len = self.one_of(allowed)? + more;
        self.take(len)
    }

    /// Whether an optional field of this number follows; its number is then passed.
    fn follows(&mut self, number: u8) -> bool {
        let follows = self.0.first() == Some(&number);
        if follows {
            self.0 = &self.0[1..];
        }
        follows
    }

    /// How much must be bought, how that is counted, and of which family.
    fn purchase(&mut self) -> Result<(), Lint> {
        self.counted(b"12345", 0)?;
        self.one_of(b"012349")?;
        self.take(3)?;
        Ok(())
    }

    /// A further purchase: the same, and from whom (9: from the same company).
    fn further_purchase(&mut self) -> Result<(), Lint> {
        self.purchase()?;
        if !self.follows(b'9') {
            self.counted(b"0123456", 6)?;
        }
        Ok(())
    }

    fn date(&mut self) -> Result<&'a [u8], Lint> {
        let date = self.take(6)?;
        day(date).map_err(|_| Lint::Coupon)?;
        Ok(date)
    }

    fn end(&self) -> Result<(), Lint> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Lint::Coupon)
        }
    }
}

const ANY: &[u8] = b"0123456789";

/// AI 8110.
pub(super) fn code(value: &[u8]) -> Result<(), Lint> {
    let mut fields = Fields::of(value)?;
    fields.counted(b"0123456", 6)?;
    fields.take(6)?;
    fields.counted(b"12345", 0)?;
    fields.purchase()?;
    if fields.follows(b'1') {
        fields.one_of(b"0123")?;
        fields.further_purchase()?;
    }
    if fields.follows(b'2') {
        fields.further_purchase()?;
    }
    let expiry = if fields.follows(b'3') {
        Some(fields.date()?)
    } else {
        None
    };
    if fields.follows(b'4') {
        let start = fields.date()?;
        if expiry.is_some_and(|expiry| expiry < start) {
            return Err(Lint::Coupon);
        }
    }
    if fields.follows(b'5') {
        fields.counted(ANY, 6)?;
    }
    if fields.follows(b'6') {
        fields.counted(b"1234567", 6)?;
    }
    if fields.follows(b'9') {
        fields.one_of(b"01256")?;
        fields.one_of(b"012")?;
        fields.take(1)?;
        fields.one_of(b"01")?;
    }
    fields.end()
}

/// AI 8112.
pub(super) fn offer(value: &[u8]) -> Result<(), Lint> {
    let mut fields = Fields::of(value)?;
    fields.one_of(b"01")?;
    fields.counted(b"0123456", 6)?;
    fields.take(6)?;
    fields.counted(ANY, 6)?;
    fields.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "012345612345611110123";

    fn with(tail: &str) -> Result<(), Lint> {
        code(format!("{LEAST}{tail}").as_bytes())
    }

    #[test]
    fn the_least_coupon_has_company_offer_saving_and_purchase() {
        assert_eq!(with(""), Ok(()));
        for cut in 0..LEAST.len() {
            assert_eq!(code(&LEAST.as_bytes()[..cut]), Err(Lint::Coupon), "{cut}");
        }
        assert_eq!(code(b"7123456123456111101230"), Err(Lint::Coupon));
        assert_eq!(code(b"a12345612345611110123"), Err(Lint::NotDigit));
    }

    #[test]
    fn optional_fields_come_in_order_and_whole() {
        for good in [
            "101101239",
            "101101230123456",
            "21101239",
            "10110123921101239",
            "3261231",
            "4260101",
            "32612314260101",
            "50123456",
            "611234567",
            "90000",
            "96201",
        ] {
            assert_eq!(with(good), Ok(()), "{good}");
        }
        for bad in [
            "7",
            "3261331",
            "42612313260101",
            "32601014261231",
            "9300",
            "90300",
            "9000",
            "5012345",
        ] {
            assert_eq!(with(bad), Err(Lint::Coupon), "{bad}");
        }
    }

    #[test]
    fn an_offer_ends_with_its_serial() {
        assert_eq!(offer(b"001234561234560123456"), Ok(()));
        assert_eq!(offer(b"101234561234560123456"), Ok(()));
        for bad in [
            &b"201234561234560123456"[..],
            b"0012345612345601234567",
            b"00123456123456012345",
            b"",
        ] {
            assert_eq!(offer(bad), Err(Lint::Coupon));
        }
    }
}
