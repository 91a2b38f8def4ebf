//! AIM identifiers: `]`, a letter for the symbology, a modifier. ISO/IEC 15424.
//! They are the only thing in a scan that says what kind of symbol was read.

/// A family of symbols, by its code letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbology {
    /// The code letter; case matters.
    pub letter: char,
    /// Its name for machines.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
}

const fn symbology(letter: char, name: &'static str, title: &'static str) -> Symbology {
    Symbology {
        letter,
        name,
        title,
    }
}

/// ISO/IEC 15424:2008, table 1; `J` was given to `DotCode` later.
const SYMBOLOGIES: [Symbology; 31] = [
    symbology('A', "CODE_39", "Code 39"),
    symbology('B', "TELEPEN", "Telepen"),
    symbology('C', "CODE_128", "Code 128"),
    symbology('D', "CODE_ONE", "Code One"),
    symbology('E', "EAN_UPC", "EAN/UPC"),
    symbology('F', "CODABAR", "Codabar"),
    symbology('G', "CODE_93", "Code 93"),
    symbology('H', "CODE_11", "Code 11"),
    symbology('I', "ITF", "Interleaved 2 of 5"),
    symbology('J', "DOTCODE", "DotCode"),
    symbology('K', "CODE_16K", "Code 16K"),
    symbology('L', "PDF417", "PDF417"),
    symbology('M', "MSI", "MSI"),
    symbology('N', "ANKER", "Anker"),
    symbology('O', "CODABLOCK", "Codablock"),
    symbology('P', "PLESSEY_CODE", "Plessey"),
    symbology('Q', "QR_CODE", "QR Code"),
    symbology('R', "STRAIGHT_2_OF_5_WITH_2_BAR_START_STOP_CODE", "2 of 5"),
    symbology('S', "STRAIGHT_2_OF_5_WITH_3_BAR_START_STOP_CODE", "2 of 5"),
    symbology('T', "CODE_49", "Code 49"),
    symbology('U', "MAXICODE", "MaxiCode"),
    symbology('X', "OTHER_BARCODE", "another barcode"),
    symbology('Y', "SYSTEM_EXPANSION", "an extended symbol"),
    symbology('Z', "NON_BARCODE", "no barcode"),
    symbology('c', "CHANNEL_CODE", "Channel Code"),
    symbology('d', "DATA_MATRIX", "Data Matrix"),
    symbology('e', "RSS_EAN_UCC_COMPOSITE", "GS1 DataBar"),
    symbology('o', "OCR", "printed text"),
    symbology('p', "POSICODE", "PosiCode"),
    symbology('s', "SUPERCODE", "SuperCode"),
    symbology('z', "AZTEC_CODE", "Aztec"),
];

/// How the data of a symbol are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// GS1 element strings: FNC1 stood first.
    ElementStrings,
    /// A retail key: 13 digits, or 8 of an EAN-8.
    Retail,
    /// Anything.
    Plain,
}

/// An AIM identifier, and where the data begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aim<'a> {
    /// The symbology.
    pub symbology: &'static Symbology,
    /// What the symbology says beside, one character as a rule; empty if the scan ends before it.
    pub modifier: &'a [u8],
    /// What follows.
    pub data: &'a [u8],
}

impl<'a> Aim<'a> {
    /// The identifier at the front of a scan; none if there is none.
    pub fn parse(scan: &'a [u8]) -> Option<Self> {
        let [b']', letter, rest @ ..] = scan else {
            return None;
        };
        let letter = char::from(*letter);
        let symbology = SYMBOLOGIES.iter().find(|known| known.letter == letter)?;
        let more = match rest.first() {
            // System expansion: the first digit counts the further characters.
            Some(digit @ b'1'..=b'9') if letter == 'Y' => usize::from(digit - b'0'),
            _ => 0,
        };
        let (modifier, data) = rest.split_at(rest.len().min(1 + more));
        Some(Self {
            symbology,
            modifier,
            data,
        })
    }

    fn is(&self, id: &[u8]) -> bool {
        matches!(id, [letter, modifier]
            if self.symbology.letter == char::from(*letter) && self.modifier == [*modifier])
    }

    /// What the data are, as far as the identifier says it. GS1 General Specifications §5.1.2 (figure 5.1.2-2);
    /// with a character set named (ECI), and in Aztec, likewise.
    pub fn content(&self) -> Content {
        const GS1: [&[u8]; 10] = [
            b"C1", b"e0", b"e1", b"e2", b"d2", b"d5", b"Q3", b"Q4", b"J1", b"z1",
        ];
        if GS1.iter().any(|id| self.is(id)) {
            Content::ElementStrings
        } else if self.is(b"E0") || self.is(b"E4") {
            Content::Retail
        } else {
            Content::Plain
        }
    }

    /// The name of the symbol in the GS1 system, if it has one. GS1 General Specifications, figure 5.1.2-2.
    pub fn gs1_name(&self) -> Option<&'static str> {
        const NAMES: [(&[u8], &str); 13] = [
            (b"E0", "EAN_13"),
            (b"E1", "EAN_TWO_DIGIT_ADD_ON"),
            (b"E2", "EAN_FIVE_DIGIT_ADD_ON"),
            (b"E3", "EAN_13_WITH_ADD_ON"),
            (b"E4", "EAN_8"),
            (b"I1", "ITF_14"),
            (b"C1", "GS1_128"),
            (b"e0", "GS1_DATABAR"),
            (b"e1", "GS1_COMPOSITE_WITH_SEPARATOR_CHAR"),
            (b"e2", "GS1_COMPOSITE_WITH_ESCAPE_CHAR"),
            (b"d2", "GS1_DATAMATRIX"),
            (b"Q3", "GS1_QR_CODE"),
            (b"J1", "GS1_DOTCODE"),
        ];
        NAMES
            .iter()
            .find(|(id, _)| self.is(id))
            .map(|(_, name)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_matters_and_the_data_follow() {
        let aim = Aim::parse(b"]C101").expect("it is legal");
        assert_eq!(
            (aim.symbology.title, aim.modifier, aim.data),
            ("Code 128", &b"1"[..], &b"01"[..])
        );
        let channel = Aim::parse(b"]c101").expect("it is legal");
        assert_eq!(
            (channel.symbology.title, channel.content()),
            ("Channel Code", Content::Plain)
        );
    }

    #[test]
    fn what_has_no_legal_letter_has_no_identifier() {
        for bad in [
            &b""[..],
            b"]",
            b"]112",
            b"]]C1x",
            b" ]C1",
            b"C1",
            b"]\xe9 1",
        ] {
            assert_eq!(Aim::parse(bad), None);
        }
        assert_eq!(Aim::parse(b"]C").map(|aim| aim.modifier), Some(&[][..]));
        let expanded = Aim::parse(b"]Y2123").map(|aim| (aim.modifier, aim.data));
        assert_eq!(expanded, Some((&b"212"[..], &b"3"[..])));
    }

    #[test]
    fn gs1_data_are_where_fnc1_stood_first() {
        let content = |id: &[u8]| Aim::parse(id).map(|aim| aim.content());
        for id in [
            &b"]C1"[..],
            b"]e0",
            b"]d2",
            b"]Q3",
            b"]J1",
            b"]z1",
            b"]d5",
            b"]Q4",
        ] {
            assert_eq!(content(id), Some(Content::ElementStrings));
        }
        for id in [&b"]C0"[..], b"]C2", b"]d1", b"]Q1", b"]E3", b"]I1", b"]A0"] {
            assert_eq!(content(id), Some(Content::Plain));
        }
        assert_eq!(content(b"]E4"), Some(Content::Retail));
    }

    #[test]
    fn no_letter_stands_for_two() {
        let mut letters: Vec<_> = SYMBOLOGIES.iter().map(|known| known.letter).collect();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), SYMBOLOGIES.len());
    }
}
