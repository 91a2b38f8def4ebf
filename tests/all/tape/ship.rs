//! What tapes say of packing and shipping beyond the lines: kinds of carton, weighing.

use super::world::Words;
use stockhand::warehouse::{
    CartonType, CodeProof, DeliverJob, Handling, Item, Job, LoadJob, OrderCode, Packing,
    ShipCarton, Shipment, Sscc, Stop, Weighing,
};

/// Sizes and weights of the items that are packed by them.
pub fn measured(item: Item) -> Item {
    let (size_mm, weight_g) = match item.code.as_str() {
        "BOLT" => ([100, 50, 50], 250),
        "NUT" => ([50, 50, 50], 100),
        _ => return item,
    };
    Item {
        weight_g: Some(weight_g),
        handling: Handling {
            size_mm: Some(size_mm),
            ..item.handling
        },
        ..item
    }
}

/// `cartons`: there are two kinds; `weigh`: closed ones are weighed.
pub fn packing(words: &Words) -> Packing {
    let carton = |code: &str, name: &str, inner_mm, tare_g, cost| CartonType {
        code: code.parse().unwrap(),
        name: name.into(),
        inner_mm,
        max_weight_g: 10_000,
        tare_g,
        cost,
    };
    let kinds = vec![
        carton("BOX-S", "Small box", [100, 100, 100], 80, 40),
        carton("BOX-L", "Large box", [200, 150, 100], 150, 90),
    ];
    Packing {
        ship_to: vec!["1 Long Road".into(), "12345 Anytown".into()],
        cartons: if words.plain.contains(&"cartons") {
            kinds
        } else {
            Vec::new()
        },
        weighing: words.plain.contains(&"weigh").then_some(Weighing {
            tolerance_g: 30,
            tolerance_percent: 2,
        }),
    }
}

/// A line is a carton: `BOLT x5 carton=3 of=SO-1 stop=1`; `code=4711`: the customer shows it; `also`: it is in the carton
/// before. `after=T1` on the first: what must be finished before.
fn shipment(code: OrderCode, lines: &[Words]) -> Shipment {
    let mut stops: Vec<Stop> = Vec::new();
    let mut cartons = Vec::new();
    for words in lines {
        let order: OrderCode = words.named("of").expect("of=ORDER");
        let stop: u32 = words.named("stop").expect("stop=1");
        let known = stops.iter_mut().find(|known| known.stop == stop);
        match known {
            Some(known) if known.orders.contains(&order) => {}
            Some(known) => known.orders.push(order.clone()),
            None => stops.push(Stop {
                stop,
                customer: format!("Customer {stop}").as_str().into(),
                ship_to: vec![
                    format!("{stop} Long Road").as_str().into(),
                    "12345 Anytown".into(),
                ],
                orders: vec![order.clone()],
                proofs: Vec::new(),
            }),
        }
        if let Some(code) = words.named::<String>("code") {
            let stop = stops.iter_mut().find(|known| known.stop == stop).unwrap();
            stop.proofs.push(CodeProof::of(&order, &code));
        }
        if let (true, Some(last)) = (words.plain.contains(&"also"), cartons.last_mut()) {
            let last: &mut ShipCarton = last;
            last.goods.push((words.goods(words.plain[0]), words.count));
            continue;
        }
        let Some(number) = words.named::<u32>("carton") else {
            continue;
        };
        cartons.push(ShipCarton {
            plate: Sscc::from_body(&format!("0200000000000{number:04}")).unwrap(),
            order,
            goods: vec![(words.goods(words.plain[0]), words.count)],
        });
    }
    Shipment {
        code,
        carrier: "Carrier 9".into(),
        door: "DOCK-01".parse().unwrap(),
        stops,
        cartons,
    }
}

pub fn load(code: OrderCode, lines: &[Words]) -> Job {
    Job::Load(LoadJob {
        after: lines[0].named("after").into_iter().collect(),
        shipment: shipment(code, lines),
    })
}

pub fn deliver(code: OrderCode, lines: &[Words]) -> Job {
    Job::Deliver(DeliverJob {
        after: lines[0].named("after").into_iter().collect(),
        shipment: shipment(code, lines),
        back: "RECV-01".parse().unwrap(),
    })
}
