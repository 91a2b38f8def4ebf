//! An answer as one sheet: what was met, how it came, what it became, where it is, who has it, and what is not accounted for.

use super::{Exposure, Traced};
use crate::office::export::{NotExported, guarded};
use crate::warehouse::{Goods, Quantity};
use std::io::Write;

const COLUMNS: [&str; 17] = [
    "part",
    "level",
    "how",
    "warehouse",
    "place",
    "order",
    "partner",
    "shipment",
    "plate",
    "item",
    "lot",
    "serial",
    "expiry",
    "certain",
    "possible",
    "of",
    "at",
];

#[derive(Default)]
struct Line<'a> {
    part: &'a str,
    level: String,
    how: &'a str,
    warehouse: String,
    place: String,
    order: String,
    partner: String,
    shipment: String,
    plate: String,
    goods: [String; 4],
    amount: Exposure,
    of: String,
    at: String,
}

/// Writes it as CSV. `part` is goods, came, used, stands, sent or balance; `of` of a row of used is what was made of it.
pub fn write(traced: &Traced, to: impl Write) -> Result<(), NotExported> {
    let mut sheet = csv::Writer::from_writer(to);
    sheet.write_record(COLUMNS)?;
    for line in lines(traced) {
        let [item, lot, serial, expiry] = line.goods;
        let amounts = [line.amount.certain, line.amount.possible].map(|of| of.to_string());
        let [certain, possible] = amounts;
        let texts = [
            line.part.to_owned(),
            line.level,
            line.how.to_owned(),
            line.warehouse,
            line.place,
            line.order,
            line.partner,
            line.shipment,
            line.plate,
            item,
            lot,
            serial,
            expiry,
        ];
        // A number may be below nothing without being a formula.
        let cells = texts.into_iter().map(guarded).chain([certain, possible]);
        sheet.write_record(cells.chain([guarded(line.of), line.at]))?;
    }
    sheet.flush()?;
    Ok(())
}

fn lines(traced: &Traced) -> Vec<Line<'_>> {
    let mut lines: Vec<Line> = Vec::new();
    lines.extend(traced.goods.iter().map(|it| Line {
        part: "goods",
        level: it.level.to_string(),
        goods: cells(&it.goods),
        amount: it.came,
        ..Line::default()
    }));
    lines.extend(traced.came.iter().map(|it| Line {
        part: "came",
        how: it.how.name(),
        warehouse: it.warehouse.to_string(),
        order: it.order.to_string(),
        partner: it.partner.to_string(),
        goods: cells(&it.goods),
        amount: it.amount,
        at: it.at.to_rfc3339(),
        ..Line::default()
    }));
    lines.extend(traced.made.iter().map(|it| Line {
        part: "used",
        goods: cells(&it.from),
        amount: it.used,
        of: named(&it.into),
        ..Line::default()
    }));
    lines.extend(traced.stands.iter().map(|it| Line {
        part: "stands",
        warehouse: it.warehouse.to_string(),
        place: it.place.to_string(),
        goods: cells(&it.goods),
        amount: it.amount,
        ..Line::default()
    }));
    lines.extend(traced.sent.iter().map(|it| {
        Line {
            part: "sent",
            how: it.stage.name(),
            warehouse: it.warehouse.to_string(),
            order: it
                .order
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            partner: it.customer.to_string(),
            shipment: it.shipment.to_string(),
            plate: it.plate.to_string(),
            goods: cells(&it.goods),
            amount: it.amount,
            ..Line::default()
        }
    }));
    lines.extend(traced.balance.iter().flat_map(balance));
    lines
}

fn balance(it: &super::Balance) -> Vec<Line<'static>> {
    let open = Exposure {
        certain: it.open,
        possible: Quantity::ZERO,
    };
    let parts = [
        ("came", it.came),
        ("made", it.made),
        ("sent", it.sent),
        ("used", it.used),
        ("written off", it.lost),
        ("unknown", it.unknown),
        ("in our hands", it.left),
        ("not accounted for", open),
    ];
    let line = |(how, amount)| Line {
        part: "balance",
        how,
        goods: [
            it.item.to_string(),
            String::new(),
            String::new(),
            String::new(),
        ],
        amount,
        ..Line::default()
    };
    parts.into_iter().map(line).collect()
}

fn cells(goods: &Goods) -> [String; 4] {
    let Goods {
        item,
        lot,
        serial,
        expiry,
    } = goods;
    let text = |code: Option<&dyn ToString>| code.map(ToString::to_string).unwrap_or_default();
    [
        item.to_string(),
        text(lot.as_ref().map(|it| it as _)),
        text(serial.as_ref().map(|it| it as _)),
        text(expiry.as_ref().map(|it| it as _)),
    ]
}

/// Goods in one word: `MILK/L1`.
pub(super) fn named(goods: &Goods) -> String {
    let [item, lot, serial, _] = cells(goods);
    let told = [item, lot, serial].into_iter().filter(|it| !it.is_empty());
    told.collect::<Vec<_>>().join("/")
}
