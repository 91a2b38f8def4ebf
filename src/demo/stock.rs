//! The demo's bins and what stands in them.

use super::assets::{Plan, Zone};
use super::dice::Dice;
use super::goods::Article;
use super::sheet::{Table, row};
use chrono::{Days, NaiveDate};

/// Centre lines of neighbouring aisles, and of neighbouring bays, in centimetres.
const AISLE_CM: u32 = 320;
const BAY_CM: u32 = 110;

/// A bin of the demo.
pub(super) struct Place {
    pub code: String,
    pub zone: String,
    pub kind: &'static str,
    x_cm: i32,
    y_cm: i32,
    level: u32,
}

/// Something that stands somewhere.
pub(super) struct Standing {
    pub article: usize,
    pub quantity: u32,
}

/// All bins of a warehouse, in the order of the walk: receiving, up one aisle and down the next, packing, docks.
pub(super) fn places(plan: &Plan) -> Vec<Place> {
    let mut places = side_by_side(plan.receiving, "RECV", "receiving", 0);
    for zone in &plan.zones {
        for aisle in 0..zone.aisles {
            for step in 0..zone.bays {
                // Serpentine: every other aisle is walked from its far end.
                let bay = if aisle % 2 == 0 {
                    step
                } else {
                    zone.bays - 1 - step
                };
                places.extend((0..zone.levels).map(|level| shelf(zone, aisle, bay, level)));
            }
        }
    }
    let far_cm = plan
        .zones
        .iter()
        .map(|zone| zone.y_cm + cm(zone.bays * BAY_CM))
        .max();
    let far_cm = far_cm.unwrap_or(0);
    places.extend(side_by_side(plan.packing, "PACK", "packing", far_cm + 400));
    places.extend(side_by_side(plan.docks, "DOCK", "dock", far_cm + 900));
    places
}

fn cm(of: u32) -> i32 {
    i32::try_from(of).expect("a warehouse is shorter than that")
}

fn shelf(zone: &Zone, aisle: u32, bay: u32, level: u32) -> Place {
    let bin = format!("{}-{:02}-{:02}", zone.code, aisle + 1, bay + 1);
    let code = if level == 0 {
        bin
    } else {
        format!("{bin}-{level:02}")
    };
    let is_face = level < zone.pick_levels;
    Place {
        code,
        zone: zone.code.clone(),
        kind: if is_face { "pick_face" } else { "reserve" },
        x_cm: zone.x_cm + cm(aisle * AISLE_CM),
        y_cm: zone.y_cm + cm(bay * BAY_CM),
        level,
    }
}

fn side_by_side(count: u32, name: &str, kind: &'static str, y_cm: i32) -> Vec<Place> {
    let place = |number: u32| Place {
        code: format!("{name}-{number:02}"),
        zone: name.to_owned(),
        kind,
        x_cm: cm(number * 400),
        y_cm,
        level: 0,
    };
    (1..=count).map(place).collect()
}

/// Rows of `bins.csv` for one warehouse.
pub(super) fn bins(table: &mut Table, plan: &Plan, places: &[Place]) {
    for (place, sequence) in places.iter().zip(1u32..) {
        let Place {
            code,
            zone,
            kind,
            x_cm,
            y_cm,
            level,
        } = place;
        row!(
            table, plan.code, code, zone, kind, sequence, x_cm, y_cm, level
        );
    }
}

/// Rows of `stock.csv` for one warehouse: every item it keeps at a pick face of its zone, and every third in reserve too,
/// there often in a lot that expires sooner. Two thirds of the reserve stays empty, for what comes in. Says what stands there.
pub(super) fn fill(
    table: &mut Table,
    kept_full: &mut Table,
    plan: &Plan,
    places: &[Place],
    articles: &[Article],
    today: NaiveDate,
    dice: &mut Dice,
) -> Vec<Standing> {
    let mut standing = Vec::new();
    for zone in &plan.zones {
        let of = |kind| {
            places
                .iter()
                .filter(move |place| place.zone == zone.code && place.kind == kind)
        };
        // Where there are more items than faces, faces are shared: the walk begins again.
        let mut faces = of("pick_face").cycle();
        let mut reserve = of("reserve").step_by(3);
        let kept = articles.iter().enumerate().step_by(plan.keeps_each);
        for (at, article) in kept.filter(|(_, article)| article.zone == zone.code) {
            // One in forty is sold out.
            if dice.once_in(40) {
                continue;
            }
            let face = faces.next().expect("every zone has pick faces");
            standing.push(stand(table, plan, face, article, at, today, dice));
            if dice.once_in(3)
                && let Some(place) = reserve.next()
            {
                standing.push(stand(table, plan, place, article, at, today, dice));
                // Some faces are kept full from the reserve above them.
                if at % 16 == 0 && !article.serials {
                    let (case, code) = (article.case, &article.code);
                    let (warehouse, bin) = (&plan.code, &face.code);
                    row!(kept_full, warehouse, bin, code, case, 4 * case, case);
                }
            }
        }
    }
    standing
}

fn stand(
    table: &mut Table,
    plan: &Plan,
    place: &Place,
    article: &Article,
    at: usize,
    today: NaiveDate,
    dice: &mut Dice,
) -> Standing {
    let (warehouse, bin, item) = (&plan.code, &place.code, &article.code);
    if article.serials {
        let count = dice.between(2, 5);
        let batch = dice.between(0, 999_999);
        for unit in 1..=count {
            let serial = format!("SN{batch:06}{unit}");
            row!(table, warehouse, bin, item, "", serial, "", 1);
        }
        return Standing {
            article: at,
            quantity: count,
        };
    }
    let quantity = if place.kind == "reserve" {
        article.case * dice.between(2, 8)
    } else {
        article.case.min(60) * dice.between(1, 3) / 2 + dice.between(4, 30)
    };
    let (lot, expiry) = lot(article, place.kind == "reserve", today, dice);
    row!(table, warehouse, bin, item, lot, "", expiry, quantity);
    Standing {
        article: at,
        quantity,
    }
}

/// A lot of an item, and its last day. In reserve half of the lots are older ones: first expired, first out has work to do.
pub(super) fn lot(
    article: &Article,
    aged: bool,
    today: NaiveDate,
    dice: &mut Dice,
) -> (String, String) {
    if !article.lots {
        return (String::new(), String::new());
    }
    let lot = format!("L{:05}", dice.between(10_000, 99_999));
    let Some(days) = article.days else {
        return (lot, String::new());
    };
    let left = if aged && dice.once_in(2) {
        dice.between(2, days / 4 + 3)
    } else {
        dice.between(days / 3 + 4, days + 4)
    };
    let expiry = today + Days::new(u64::from(left));
    (lot, expiry.to_string())
}
