//! A tag as it was heard: what it holds, how often and how strongly. What its bits mean is said next door.

use super::{Epc, Packing, RawEpc, Scan, read_tag};

/// How strongly a tag was heard. Only comparable within one reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    /// In tenths of a dBm.
    Tenths(i16),
    /// A number without unit; more is stronger.
    Raw(u8),
}

impl Signal {
    /// A whole number of dBm.
    pub fn dbm(dbm: i8) -> Self {
        Self::Tenths(i16::from(dbm) * 10)
    }

    /// 0 to 100: from -80 dBm, where tags are just heard, to -30 dBm, where they touch the antenna.
    /// A number without unit is taken of 255.
    pub fn percent(self) -> u8 {
        let percent = match self {
            Self::Tenths(tenths) => (i32::from(tenths) + 800) / 5,
            Self::Raw(raw) => i32::from(raw) * 100 / 255,
        };
        u8::try_from(percent.clamp(0, 100)).expect("it was clamped")
    }
}

/// A tag, and all that was heard of it in a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its EPC, from the header on.
    pub epc: RawEpc,
    /// Its protocol control word, if the reader tells it.
    pub pc: Option<u16>,
    /// How often it was heard.
    pub count: u32,
    /// How strongly at best; none where the reader does not tell, which is not weak.
    pub signal: Option<Signal>,
}

impl Tag {
    /// What it means to the warehouse.
    pub fn scan(&self) -> Scan {
        read_tag(self.pc, &self.epc)
    }

    /// What it is fixed to, if its filter value tells.
    pub fn packing(&self) -> Option<Packing> {
        Epc::decode(&self.epc).ok()?.packing()
    }

    /// Adds what was heard of the same tag at another time.
    pub fn add(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.pc = self.pc.or(other.pc);
        // None is less than any signal.
        self.signal = self.signal.max(other.signal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strength_goes_from_nothing_to_all_and_never_beyond() {
        let percent = |dbm| Signal::dbm(dbm).percent();
        assert_eq!([-128, -80, -55, -30, 10].map(percent), [0, 0, 50, 100, 100]);
        assert_eq!(Signal::Raw(255).percent(), 100);
        assert_eq!(Signal::Tenths(i16::MIN).percent(), 0);
    }
}
