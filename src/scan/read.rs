//! One scan read: the AIM identifier first, then GS1, the warehouse's own labels, envelopes, web addresses, HIBC, retail keys,
//! and a plain code last.

use super::aim::{Aim, Content};
use super::fill::Filling;
use super::{Frame, Label, Labels, Scan, Unreadable, digital_link, envelope, gs1, hibc, retail};
use crate::warehouse::{BadGtin, Gtin, SafeText, Sscc, is_plain};

/// What a label says. Years of two digits are seen from the year of this release; [`read_in`] knows better.
pub fn read(frame: &Frame, labels: &Labels) -> Result<Scan, Unreadable> {
    read_in(frame, labels, gs1::RELEASE_YEAR)
}

/// What a label says, years of two digits seen from `this_year`.
pub fn read_in(frame: &Frame, labels: &Labels, this_year: i32) -> Result<Scan, Unreadable> {
    if frame.bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    if frame.bytes.len() > super::LONGEST_FRAME {
        return Err(Unreadable::TooLong);
    }
    let reading = Reading { labels, this_year };
    let Some(aim) = Aim::parse(&frame.bytes).filter(|aim| !aim.modifier.is_empty()) else {
        return reading.unnamed(&frame.bytes);
    };
    match aim.content() {
        Content::ElementStrings => {
            let data = labels.substitutes.restore(aim.data);
            reading.gs1(&data, Label::default())
        }
        Content::Retail => reading.retail(aim.data),
        Content::Plain if aim.gs1_name() == Some("EAN_13_WITH_ADD_ON") => {
            reading.retail(without_add_on(aim.data))
        }
        Content::Plain => reading.plain(aim.data),
    }
}

/// GS1 General Specifications §5.2.3: an add-on of two or five digits behind the 13.
fn without_add_on(data: &[u8]) -> &[u8] {
    match data.len() {
        15 | 18 => &data[..13],
        _ => data,
    }
}

/// UTF-8 where it is, else Latin-1.
fn text(data: &[u8]) -> String {
    std::str::from_utf8(data).map_or_else(
        |_| data.iter().map(|&byte| char::from(byte)).collect(),
        str::to_owned,
    )
}

struct Reading<'a> {
    labels: &'a Labels,
    this_year: i32,
}

impl Reading<'_> {
    /// A scan that does not say what symbol it was: GS1 only where a separator gives it away or the configuration says so.
    fn unnamed(&self, data: &[u8]) -> Result<Scan, Unreadable> {
        if data.contains(&gs1::GS) && !envelope::begins(data) {
            return self.gs1(data, Label::default());
        }
        if self.labels.substitutes.force_gs1 {
            let restored = self.labels.substitutes.restore(data);
            if let Ok(scan) = self.gs1(&restored, Label::default()) {
                return Ok(scan);
            }
        }
        self.plain(data)
    }

    /// GS1 General Specifications §7.8: element strings one after another.
    fn gs1(&self, data: &[u8], known: Label) -> Result<Scan, Unreadable> {
        let elements = gs1::parse(data, gs1::Rules::FLOOR).map_err(Unreadable::Gs1)?;
        let mut filling = Filling::new(known, self.this_year);
        filling.elements(&elements);
        let pairs = elements
            .iter()
            .map(|element| (element.entry.ai, element.value));
        Ok(self.meaning(filling.label, || gs1::bracketed(pairs)))
    }

    /// What a label means. One that names neither goods nor a plate may still be one of the warehouse's own, as people
    /// write it: `(414)9506000134352(254)A1`.
    fn meaning(&self, label: Label, written: impl FnOnce() -> String) -> Scan {
        let only_plate = Label {
            plate: label.plate,
            ..Label::default()
        };
        match label.plate {
            Some(plate) if label == only_plate => Scan::Plate(plate),
            _ if label.is_empty() => {
                let written = written();
                let own = self.labels.read(&written);
                own.unwrap_or_else(|| Scan::Code(SafeText::new(&written)))
            }
            _ => Scan::Goods(label),
        }
    }

    /// EAN-13 or EAN-8, perhaps with a composite beside it.
    fn retail(&self, data: &[u8]) -> Result<Scan, Unreadable> {
        let composite = data.windows(4).position(|window| window == b"|]e0");
        let (key, beside) =
            composite.map_or((data, None), |at| (&data[..at], Some(&data[at + 4..])));
        let gtin = match Gtin::parse(&text(key)) {
            Ok(gtin) => gtin,
            Err(BadGtin::Length) => return self.plain(data),
            Err(why @ BadGtin::CheckDigit(_)) => return Err(Unreadable::Gtin(why)),
        };
        let label = Label {
            gtin: Some(gtin),
            ..Label::default()
        };
        beside.map_or_else(
            || Ok(Scan::Goods(label.clone())),
            |beside| self.gs1(beside, label.clone()),
        )
    }

    fn plain(&self, data: &[u8]) -> Result<Scan, Unreadable> {
        let text = text(data);
        let text = text.trim();
        if let Some(scan) = self.labels.read(text) {
            return Ok(scan);
        }
        let restored = self.labels.substitutes.restore(data);
        if envelope::begins(&restored) {
            return self.envelope(&restored);
        }
        if text.is_empty() {
            return Err(Unreadable::Empty);
        }
        if !text.chars().all(is_plain) {
            return Err(Unreadable::NotPlain);
        }
        if digital_link::is_uri(text) {
            return self.link(text);
        }
        if let Ok(hibc) = hibc::parse(text, self.this_year) {
            let mut filling = Filling::new(Label::default(), self.this_year);
            filling.hibc(&hibc);
            return Ok(self.meaning(filling.label, || text.to_owned()));
        }
        number(text).unwrap_or_else(|| Ok(Scan::Code(SafeText::new(text))))
    }

    fn envelope(&self, data: &[u8]) -> Result<Scan, Unreadable> {
        let envelope = envelope::parse(data).map_err(Unreadable::Envelope)?;
        let mut filling = Filling::new(Label::default(), self.this_year);
        filling.envelope(&envelope);
        let first = || {
            let content = envelope.formats.first().map(|format| &format.content);
            match content {
                Some(envelope::Content::Fields(fields)) => fields.first().map(|(_, value)| *value),
                Some(envelope::Content::Raw(fields)) => fields.first().copied(),
                None => None,
            }
        };
        if filling.label.is_empty() && first().is_none() {
            return Err(Unreadable::Empty);
        }
        Ok(self.meaning(filling.label, || first().unwrap_or_default().to_owned()))
    }

    /// A web address: GS1 Digital Link if it holds a key, else a code like any other. It is never fetched.
    fn link(&self, text: &str) -> Result<Scan, Unreadable> {
        use digital_link::Fault;
        let link = match digital_link::parse(text, gs1::Rules::FLOOR) {
            Err(Fault::NoKey) if digital_link::could_be_compressed(text) => {
                digital_link::decompress(text, gs1::Rules::FLOOR).map_err(|_| Fault::NoKey)
            }
            read => read,
        };
        match link {
            Ok(link) => {
                let mut filling = Filling::new(Label::default(), self.this_year);
                filling.pairs(&link.pairs);
                let pairs = link
                    .pairs
                    .iter()
                    .map(|(entry, value)| (entry.ai, value.as_str()));
                Ok(self.meaning(filling.label, || gs1::bracketed(pairs)))
            }
            // A path such as /2026/01/24 only looks like a key.
            Err(
                Fault::NoKey
                | Fault::Host
                | Fault::Characters
                | Fault::Data(gs1::Fault::TooShort(_) | gs1::Fault::TooLong(_)),
            ) => Ok(Scan::Code(SafeText::new(text))),
            Err(fault) => Err(Unreadable::Link(fault)),
        }
    }
}

/// A number that says by its length and check digit what it is; none if it does not.
fn number(text: &str) -> Option<Result<Scan, Unreadable>> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let goods = |gtin| {
        Ok(Scan::Goods(Label {
            gtin: Some(gtin),
            ..Label::default()
        }))
    };
    match text.len() {
        8 | 12 | 13 | 14 => {
            let short = || retail::Upc::parse(text).ok().filter(|upc| upc.short_given);
            let gtin = Gtin::parse(text).ok();
            gtin.or_else(|| Gtin::parse(&short()?.long).ok()).map(goods)
        }
        18 => Sscc::parse(text).ok().map(|plate| Ok(Scan::Plate(plate))),
        20 if text.starts_with("00") => Some(
            Sscc::parse(&text[2..])
                .map(Scan::Plate)
                .map_err(Unreadable::Sscc),
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::{Source, Substitutes};
    use crate::warehouse::Quantity;
    use chrono::NaiveDate;

    fn with(scan: &str, labels: &Labels) -> Result<Scan, Unreadable> {
        let bytes = scan.bytes().collect();
        read(
            &Frame {
                source: Source::Scanner,
                port: "test".into(),
                bytes,
            },
            labels,
        )
    }

    fn label(scan: &str) -> Label {
        match with(scan, &Labels::default()) {
            Ok(Scan::Goods(label)) => label,
            other => panic!("{scan}: {other:?}"),
        }
    }

    fn gtin() -> Option<Gtin> {
        Gtin::parse("09506000134352").ok()
    }

    #[test]
    fn the_same_goods_are_read_from_every_kind_of_label() {
        let expiry = NaiveDate::from_ymd_opt(2026, 12, 31);
        for scan in [
            "]C1010950600013435217261200\u{1d}10LOT7",
            "]d2\u{1d}010950600013435210LOT7\u{1d}\u{1d}17261231",
            "]Q1https://id.gs1.org/01/09506000134352/10/LOT7?17=261231",
            "0109506000134352172612001\u{30}LOT7\u{1d}",
            "[)>\u{1e}05\u{1d}0109506000134352\u{1d}10LOT7\u{1d}17261231\u{1e}\u{4}",
        ] {
            let label = label(scan);
            assert_eq!((label.gtin, label.expiry), (gtin(), expiry), "{scan}");
            assert_eq!(label.lot, "LOT7".parse().ok(), "{scan}");
        }
        for scan in [
            "]E09506000134352",
            "9506000134352",
            "]E3950600013435212",
            "]I109506000134352",
        ] {
            assert_eq!(label(scan).gtin, gtin(), "{scan}");
        }
        assert_eq!(label("https://id.gs1.org/ARFKk4XBoA").gtin, gtin());
        assert_eq!(label("]E09506000134352|]e010LOT7").lot, "LOT7".parse().ok());
    }

    #[test]
    fn lot_and_date_may_stand_in_a_symbol_of_their_own() {
        let second = label("]C110LOT7\u{1d}17261231");
        assert_eq!((second.gtin, second.lot), (None, "LOT7".parse().ok()));
    }

    #[test]
    fn plates_are_told_from_goods_on_plates() {
        let plate = Sscc::parse("106141412345678908").ok();
        for scan in [
            "]C100106141412345678908",
            "00106141412345678908",
            "106141412345678908",
        ] {
            assert_eq!(
                with(scan, &Labels::default()).ok(),
                plate.map(Scan::Plate),
                "{scan}"
            );
        }
        let both = label("]C1001061414123456789080209506000134352\u{33}724");
        assert_eq!(
            (both.plate, both.gtin, both.count),
            (plate, gtin(), Some(Quantity::units(24)))
        );
    }

    #[test]
    fn shipping_and_health_labels_name_their_goods_by_code() {
        let shipping = label("[)>\u{1e}06\u{1d}PABC-123\u{1d}Q24\u{1d}1T0001\u{1e}\u{4}");
        assert_eq!(shipping.code, Some(SafeText::new("ABC-123")));
        assert_eq!(
            (shipping.count, shipping.lot),
            (Some(Quantity::units(24)), "0001".parse().ok())
        );
        let check =
            hibc::check_character(b"+A123BJC5D6E71/$$3261231L7").expect("the alphabet has it");
        let health = label(&format!("+A123BJC5D6E71/$$3261231L7{check}"));
        assert_eq!(
            (health.code, health.lot),
            (Some(SafeText::new("A123BJC5D6E71")), "L7".parse().ok())
        );
    }

    #[test]
    fn a_label_by_location_number_can_be_the_warehouse_s_own() {
        let mut labels = Labels::default();
        let scan = "]C1414950600013435225\u{34}A1";
        assert!(
            matches!(with(scan, &labels), Ok(Scan::Code(text)) if text.as_str() == "(414)9506000134352(254)A1")
        );
        labels.bin = vec!["(414)9506000134352(254)*".to_owned()];
        assert!(matches!(with(scan, &labels), Ok(Scan::Bin(_))));
    }

    #[test]
    fn what_scanners_send_for_separators_counts_only_where_it_is_configured() {
        let mut labels = Labels::default();
        let scan = "]C1010950600013435210LOT7#21S1";
        assert!(matches!(with(scan, &labels), Err(Unreadable::Gs1(_))));
        labels.substitutes = Substitutes {
            gs: vec!["#".to_owned()],
            ..Substitutes::default()
        };
        assert!(
            matches!(with(scan, &labels), Ok(Scan::Goods(label)) if label.serial == "S1".parse().ok())
        );
        // Without an AIM identifier a # stays a #.
        assert!(matches!(with(&scan[3..], &labels), Ok(Scan::Code(_))));
        labels.substitutes.force_gs1 = true;
        assert!(matches!(with(&scan[3..], &labels), Ok(Scan::Goods(_))));
        assert!(matches!(with("A#B", &labels), Ok(Scan::Code(_))));
    }

    #[test]
    fn web_addresses_that_are_not_gs1_are_codes() {
        for scan in [
            "https://example.com/2026/01/24",
            "https://example.com/shop",
            "http://a.example/Zm9vYmFy",
        ] {
            assert!(
                matches!(with(scan, &Labels::default()), Ok(Scan::Code(_))),
                "{scan}"
            );
        }
        assert!(matches!(
            with("https://a/01/09506000134351", &Labels::default()),
            Err(Unreadable::Link(_))
        ));
    }

    #[test]
    fn what_cannot_be_used_says_what_to_do_in_three_rows() {
        for scan in [
            "",
            "]C1",
            "]C1010950600013435210",
            "]C1010950600013435217261331",
            "]C10109506000134351",
            "]C1010950600013435231030012503102000125",
            "]C1\u{1b}[2J",
            "]C18013123456789012345678902222X",
            "https://a/01/09506000134351",
            "[)>06",
            "[)>\u{1e}06\u{1d}1\u{1e}\u{4}",
            "00106141412345678907",
            "]E09506000134351",
            "A\u{1b}B",
        ] {
            let why = with(scan, &Labels::default()).expect_err(scan).to_string();
            assert!(why.chars().count() <= 60 && why.ends_with('.'), "{why}");
            assert!(why.chars().all(is_plain), "{why:?}");
        }
    }

    #[test]
    fn a_short_upc_is_the_item_of_its_long_one() {
        assert_eq!(label("04252614").gtin, Gtin::parse("042100005264").ok());
    }
}
