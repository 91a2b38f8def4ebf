//! The schemes of the Tag Data Standard: their headers, names and layouts (TDS 2.3 table 14-1 and §14.6).

use std::fmt;

/// What is identified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One trade item.
    Sgtin,
    /// One trade item with a date.
    Dsgtin,
    /// A logistic unit: pallet or carton.
    Sscc,
    /// A place.
    Sgln,
    /// A returnable asset: crate, roll cage, tote.
    Grai,
    /// An asset.
    Giai,
    /// Who receives a service.
    Gsrn,
    /// Who gives a service.
    Gsrnp,
    /// A document.
    Gdti,
    /// A component or part.
    Cpi,
    /// A coupon.
    Sgcn,
    /// A piece of a trade item.
    Itip,
    /// Anything, by a scheme outside GS1's keys.
    Gid,
    /// A supply of the US Department of Defense.
    Usdod,
    /// A part of an aircraft.
    Adi,
}

/// How the bits behind the header are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Layout {
    /// Filter, partition, prefix and reference (bits together; digits of the reference beside a prefix of 12), serial.
    Keyed {
        together: u8,
        spare: u8,
        serial: Tail,
    },
    /// Filter, partition, prefix and a number in 82 bits.
    Asset96,
    /// Filter, partition, prefix and text in 188 bits.
    Asset202,
    /// Filter, partition, prefix and number in 51 bits, serial in 31.
    Part96,
    /// Filter, partition, prefix, 6-bit text, serial in 40 bits.
    PartVar,
    /// Three numbers.
    General,
    /// Filter, six characters, a number.
    Defence,
    /// Filter, six characters, two 6-bit texts.
    Aerospace,
    /// TDS 2: AI values one after another; with a host name at the end.
    Plus { host: bool },
}

/// How a serial number is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Tail {
    /// 24 zeros.
    Zeros,
    /// A number in so many bits.
    Number(u8),
    /// Digits, a one put before them, in so many bits; and how many at most.
    Marked(u8, u8),
    /// 7-bit text of so many characters.
    Text(u8),
}

#[derive(Debug)]
struct Row {
    header: u8,
    name: &'static str,
    kind: Kind,
    layout: Layout,
}

/// A scheme: how an identity is written on a tag.
#[derive(Clone, Copy)]
pub struct Scheme(&'static Row);

const fn keyed(
    header: u8,
    name: &'static str,
    kind: Kind,
    together: u8,
    spare: u8,
    serial: Tail,
) -> Row {
    let layout = Layout::Keyed {
        together,
        spare,
        serial,
    };
    Row {
        header,
        name,
        kind,
        layout,
    }
}

const fn other(header: u8, name: &'static str, kind: Kind, layout: Layout) -> Row {
    Row {
        header,
        name,
        kind,
        layout,
    }
}

const fn plus(header: u8, name: &'static str, kind: Kind) -> Row {
    other(header, name, kind, Layout::Plus { host: false })
}

const fn plus_plus(header: u8, name: &'static str, kind: Kind) -> Row {
    other(header, name, kind, Layout::Plus { host: true })
}

use Kind::{
    Adi, Cpi, Dsgtin, Gdti, Giai, Gid, Grai, Gsrn, Gsrnp, Itip, Sgcn, Sgln, Sgtin, Sscc, Usdod,
};

static ROWS: [Row; 46] = [
    keyed(0x2c, "gdti-96", Gdti, 41, 0, Tail::Number(41)),
    keyed(0x2d, "gsrn-96", Gsrn, 58, 5, Tail::Zeros),
    keyed(0x2e, "gsrnp-96", Gsrnp, 58, 5, Tail::Zeros),
    other(0x2f, "usdod-96", Usdod, Layout::Defence),
    keyed(0x30, "sgtin-96", Sgtin, 44, 1, Tail::Number(38)),
    keyed(0x31, "sscc-96", Sscc, 58, 5, Tail::Zeros),
    keyed(0x32, "sgln-96", Sgln, 41, 0, Tail::Number(41)),
    keyed(0x33, "grai-96", Grai, 44, 0, Tail::Number(38)),
    other(0x34, "giai-96", Giai, Layout::Asset96),
    other(0x35, "gid-96", Gid, Layout::General),
    keyed(0x36, "sgtin-198", Sgtin, 44, 1, Tail::Text(20)),
    keyed(0x37, "grai-170", Grai, 44, 0, Tail::Text(16)),
    other(0x38, "giai-202", Giai, Layout::Asset202),
    keyed(0x39, "sgln-195", Sgln, 41, 0, Tail::Text(20)),
    keyed(0x3a, "gdti-113", Gdti, 41, 0, Tail::Marked(58, 17)),
    other(0x3b, "adi-var", Adi, Layout::Aerospace),
    other(0x3c, "cpi-96", Cpi, Layout::Part96),
    other(0x3d, "cpi-var", Cpi, Layout::PartVar),
    keyed(0x3e, "gdti-174", Gdti, 41, 0, Tail::Text(17)),
    keyed(0x3f, "sgcn-96", Sgcn, 41, 0, Tail::Marked(41, 12)),
    keyed(0x40, "itip-110", Itip, 44, 1, Tail::Number(38)),
    keyed(0x41, "itip-212", Itip, 44, 1, Tail::Text(20)),
    plus_plus(0xe6, "cpi++", Cpi),
    plus_plus(0xe7, "gsrn++", Gsrn),
    plus_plus(0xe8, "gsrnp++", Gsrnp),
    plus_plus(0xe9, "sgln++", Sgln),
    plus_plus(0xea, "gdti++", Gdti),
    plus_plus(0xeb, "grai++", Grai),
    plus_plus(0xec, "sgcn++", Sgcn),
    plus_plus(0xed, "itip++", Itip),
    plus_plus(0xee, "giai++", Giai),
    plus_plus(0xef, "sscc++", Sscc),
    plus(0xf0, "cpi+", Cpi),
    plus(0xf1, "grai+", Grai),
    plus(0xf2, "sgln+", Sgln),
    plus(0xf3, "itip+", Itip),
    plus(0xf4, "gsrn+", Gsrn),
    plus(0xf5, "gsrnp+", Gsrnp),
    plus(0xf6, "gdti+", Gdti),
    plus(0xf7, "sgtin+", Sgtin),
    plus(0xf8, "sgcn+", Sgcn),
    plus(0xf9, "sscc+", Sscc),
    plus(0xfa, "giai+", Giai),
    plus(0xfb, "dsgtin+", Dsgtin),
    plus_plus(0xfc, "dsgtin++", Dsgtin),
    plus_plus(0xfd, "sgtin++", Sgtin),
];

/// The row of each header; 255 where there is none.
const INDEX: [u8; 256] = {
    let mut index = [255; 256];
    let mut row = 0;
    while row < 46 {
        index[ROWS[row as usize].header as usize] = row;
        row += 1;
    }
    index
};

impl Scheme {
    /// The scheme of a header byte.
    pub fn of_header(header: u8) -> Option<Self> {
        ROWS.get(usize::from(INDEX[usize::from(header)])).map(Self)
    }

    /// The scheme of this name: `sgtin-96`, `sscc+`.
    pub fn named(name: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.name == name).map(Self)
    }

    /// Its name, as it stands in a tag URI.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// Its header byte.
    pub const fn header(self) -> u8 {
        self.0.header
    }

    /// What it identifies.
    pub const fn kind(self) -> Kind {
        self.0.kind
    }

    pub(super) const fn layout(self) -> Layout {
        self.0.layout
    }
}

impl PartialEq for Scheme {
    fn eq(&self, other: &Self) -> bool {
        self.header() == other.header()
    }
}

impl Eq for Scheme {}

impl fmt::Debug for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Kind {
    /// Its name in a pure identity URI.
    pub(super) const fn urn(self) -> &'static str {
        match self {
            Sgtin | Dsgtin => "sgtin",
            Sscc => "sscc",
            Sgln => "sgln",
            Grai => "grai",
            Giai => "giai",
            Gsrn => "gsrn",
            Gsrnp => "gsrnp",
            Gdti => "gdti",
            Cpi => "cpi",
            Sgcn => "sgcn",
            Itip => "itip",
            Gid => "gid",
            Usdod => "usdod",
            Adi => "adi",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scheme_is_found_by_its_header_and_by_its_name() {
        for row in &ROWS {
            let scheme = Scheme::of_header(row.header).expect("it stands in the table");
            assert_eq!(scheme.name(), row.name);
            assert_eq!(Scheme::named(row.name), Some(scheme));
        }
        assert_eq!(Scheme::of_header(0xe2), None);
        assert_eq!(Scheme::of_header(0x00), None);
        assert_eq!(Scheme::named(""), None);
    }
}
