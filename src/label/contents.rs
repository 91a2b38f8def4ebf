//! What stands on a label: read off the fact that calls for it and the task it belongs to.

use super::{Label, LabelKind};
use crate::warehouse::{
    Entry, Fact, Goods, Item, Job, LabelOf, OrderCode, PackJob, Quantity, SafeText, Sscc, Task,
};
use chrono::NaiveDate;

/// Most lines of a list on one label.
const ROWS: usize = 24;
/// Most cartons that are named on a pallet's label.
const PALLET_ROWS: usize = 8;

/// What is known beside the entry.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The task it belongs to, if that is known.
    pub task: Option<&'a Task>,
    /// What was done of the task here, up to and with this entry.
    pub done: &'a [Fact],
    /// The day it is where the label is printed.
    pub day: NaiveDate,
}

/// A closed carton: its number, its license plate, what is in it.
type Closed<'a> = (u32, Sscc, &'a [(Goods, Quantity)]);

impl About<'_> {
    fn packing(&self) -> Option<&PackJob> {
        match self.task.map(|task| &task.job) {
            Some(Job::Pack(job)) => Some(job),
            _ => None,
        }
    }

    fn weighs(&self) -> bool {
        self.packing().is_some_and(|job| job.how.weighing.is_some())
    }

    fn item(&self, goods: &Goods) -> Option<&Item> {
        let lines = &self.packing()?.lines;
        let line = lines.iter().find(|line| line.item.code == goods.item)?;
        Some(&line.item)
    }

    /// All facts that count: those done elsewhere before, then those done here, what was taken back left out.
    fn facts(&self) -> impl Iterator<Item = &Fact> {
        let before = self.task.iter().flat_map(|task| &task.done);
        let undone = |fact: &Fact| {
            let takes_back =
                |other: &Fact| matches!(other, Fact::Undone { what, .. } if **what == *fact);
            self.done.iter().any(takes_back)
        };
        before.chain(self.done).filter(move |fact| !undone(fact))
    }

    /// Carton, plate and contents of every closed carton.
    fn cartons(&self) -> Vec<Closed<'_>> {
        let closed = self.facts().filter_map(|fact| match fact {
            Fact::CartonClosed {
                carton,
                sscc,
                goods,
                ..
            } => Some((*carton, *sscc, goods.as_slice())),
            _ => None,
        });
        closed.collect()
    }
}

/// Whether a fact of this kind can call for a label at all.
pub const fn calls(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::CartonClosed { .. }
            | Fact::CartonWeighed { .. }
            | Fact::PalletClosed { .. }
            | Fact::PlateChosen { plate: Some(_) }
            | Fact::TaskFinished
            | Fact::LabelWanted { .. }
    )
}

/// The labels that an entry calls for; none for most.
pub fn called_for(entry: &Entry, about: &About) -> Vec<Label> {
    match &entry.fact {
        // Where cartons are weighed, the label says the weight and comes after it.
        Fact::CartonClosed { .. } if about.weighs() => Vec::new(),
        Fact::CartonClosed {
            order,
            carton,
            sscc,
            goods,
        } => both(carton_label(about, order, *carton, *sscc, goods)),
        Fact::CartonWeighed {
            order,
            carton,
            sscc,
            weight_g,
            ..
        } => {
            let known = about.cartons().into_iter().find(|(_, of, _)| of == sscc);
            let goods = known.map_or(&[][..], |(.., goods)| goods);
            let weight = format!("{}.{:03} kg", weight_g / 1000, weight_g % 1000);
            both(carton_label(about, order, *carton, *sscc, goods).with("weight", &weight))
        }
        Fact::PalletClosed {
            shipment,
            pallet,
            cartons,
        } => vec![pallet_label(about, shipment, *pallet, cartons)],
        Fact::PlateChosen { plate: Some(plate) } => {
            received_onto(about, *plate).into_iter().collect()
        }
        Fact::TaskFinished => about
            .packing()
            .map(|job| packing_list(about, job))
            .unwrap_or_default(),
        Fact::LabelWanted { of } => wanted(about, of).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The label, and the same for the carrier.
fn both(label: Label) -> Vec<Label> {
    let shipping = Label {
        kind: LabelKind::Shipping,
        name: SafeText::new(&label.name.as_str().replace("carton", "shipping")),
        ..label.clone()
    };
    vec![label, shipping]
}

/// The license plate as an element string. GS1 General Specifications §3.2: AI 00.
fn element(sscc: Sscc) -> String {
    format!("(00){sscc}")
}

fn carton_label(
    about: &About,
    order: &OrderCode,
    carton: u32,
    sscc: Sscc,
    goods: &[(Goods, Quantity)],
) -> Label {
    let units: Quantity = goods.iter().map(|(_, quantity)| *quantity).sum();
    let label = Label::new(LabelKind::Carton, &format!("{order} carton {carton}"))
        .with("order", order.as_str())
        .with("carton", &carton.to_string())
        .with("sscc", &element(sscc))
        .with("units", &units.to_string())
        .with("date", &about.day.to_string());
    addressed(label, about.packing())
}

fn pallet_label(
    about: &About,
    shipment: &OrderCode,
    pallet: Sscc,
    cartons: &[(OrderCode, Sscc)],
) -> Label {
    let mut label = Label::new(LabelKind::Plate, &format!("{shipment} pallet"))
        .with("name", shipment.as_str())
        .with("sscc", &element(pallet))
        .with("cartons", &format!("{} cartons", cartons.len()))
        .with("date", &about.day.to_string());
    let row = |(order, carton): &(OrderCode, Sscc)| SafeText::new(&format!("{order}  {carton}"));
    label.rows = cartons.iter().map(row).collect();
    if cartons.len() > PALLET_ROWS {
        label.rows.truncate(PALLET_ROWS - 1);
        let more = cartons.len() - label.rows.len();
        label.rows.push(SafeText::new(&format!("and {more} more")));
    }
    label
}

/// A license plate that was set aside for a delivery has no label yet when goods are first put onto it.
fn received_onto(about: &About, plate: Sscc) -> Option<Label> {
    let Some(Job::Receive(job)) = about.task.map(|task| &task.job) else {
        return None;
    };
    let here =
        |fact: &&Fact| matches!(fact, Fact::PlateChosen { plate: Some(known) } if *known == plate);
    if !job.plates.contains(&plate) || about.facts().filter(here).count() > 1 {
        return None;
    }
    let order = job.order.as_ref().map_or("", OrderCode::as_str);
    let name = if order.is_empty() {
        format!("pallet {plate}")
    } else {
        format!("{order} pallet")
    };
    Some(
        Label::new(LabelKind::Plate, &name)
            .with("name", order)
            .with("customer", job.supplier.as_str())
            .with("sscc", &element(plate))
            .with("date", &about.day.to_string()),
    )
}

fn addressed(mut label: Label, job: Option<&PackJob>) -> Label {
    let Some(job) = job else { return label };
    label = label
        .with("customer", job.customer.as_str())
        .with("bench", job.bench.as_str());
    for (line, at) in job.how.ship_to.iter().zip(1..=4) {
        label = label.with(&format!("ship_to_{at}"), line.as_str());
    }
    label
}

/// What is in each carton of the order, over as many pages as it takes.
fn packing_list(about: &About, job: &PackJob) -> Vec<Label> {
    let mut rows: Vec<SafeText> = Vec::new();
    for (carton, sscc, goods) in about.cartons() {
        rows.push(SafeText::new(&format!("Carton {carton}  {sscc}")));
        for (goods, quantity) in goods {
            rows.push(SafeText::new(&format!(
                "  {quantity} {}",
                named(about, goods)
            )));
        }
    }
    let pages = rows.len().div_ceil(ROWS);
    let page = |(rows, page): (&[SafeText], usize)| {
        let mut label = Label::new(
            LabelKind::PackingList,
            &format!("{} packing list", job.order),
        )
        .with("order", job.order.as_str())
        .with("date", &about.day.to_string())
        .with("page", &page.to_string())
        .with("pages", &pages.to_string());
        label.rows = rows.to_vec();
        addressed(label, Some(job))
    };
    rows.chunks(ROWS).zip(1..).map(page).collect()
}

/// Goods as a customer knows them.
fn named(about: &About, goods: &Goods) -> String {
    let mut text = match about.item(goods) {
        Some(item) => format!("{} {}  {}", item.unit, item.code, item.name),
        None => goods.item.to_string(),
    };
    for part in [
        goods.lot.as_ref().map(|lot| format!("  lot {lot}")),
        goods
            .serial
            .as_ref()
            .map(|serial| format!("  serial {serial}")),
        goods.expiry.map(|day| format!("  use by {day}")),
    ]
    .into_iter()
    .flatten()
    {
        text.push_str(&part);
    }
    text
}

fn wanted(about: &About, of: &LabelOf) -> Option<Label> {
    let code = |kind, code: &str| {
        Label::new(kind, code)
            .with("code", code)
            .with("date", &about.day.to_string())
    };
    Some(match of {
        LabelOf::Bin { bin } => code(LabelKind::Bin, bin.as_str()),
        LabelOf::Tote { tote } => code(LabelKind::Tote, tote.as_str()),
        LabelOf::Badge {
            worker,
            badge,
            name,
        } => code(LabelKind::Badge, worker.as_str())
            .with("badge", badge.as_str())
            .with("name", name.as_str()),
        LabelOf::Plate { plate, rows } => {
            let mut label = Label::new(LabelKind::Plate, &plate.to_string())
                .with("sscc", &element(*plate))
                .with("date", &about.day.to_string());
            label.rows.clone_from(rows);
            label
        }
        // What was printed once is in the queue, whoever keeps it.
        LabelOf::Again { .. } => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::warehouse::Timestamp;

    fn entry(fact: Fact) -> Entry {
        Entry {
            seq: 9,
            act: 9,
            at: "2026-11-24T09:30:00Z".parse::<Timestamp>().unwrap(),
            worker: None,
            task: None,
            cause: None,
            fact,
        }
    }

    fn closed(carton: u32) -> Fact {
        let bolt = Goods {
            lot: "L7".parse().ok(),
            ..Goods::of("BOLT".parse().unwrap())
        };
        Fact::CartonClosed {
            order: "SO-1".parse().unwrap(),
            carton,
            sscc: Sscc::from_body(&format!("395060001343512{carton:02}")).unwrap(),
            goods: vec![(bolt, Quantity::units(2 + carton))],
        }
    }

    fn task() -> Task {
        let task = serde_json::json!({
            "id": "T1", "priority": 1,
            "job": {
                "job": "pack", "order": "SO-1", "customer": "Someone", "bench": "PACK-01", "after": [], "plates": [],
                "lines": [{
                    "line": 1, "wanted": "7", "barcodes": [],
                    "item": { "code": "BOLT", "name": "Hex bolt", "unit": "each" },
                }],
                "how": { "ship_to": ["1 Long Road", "Anytown"] },
            },
        });
        serde_json::from_value(task).unwrap()
    }

    fn about<'a>(task: Option<&'a Task>, done: &'a [Fact]) -> About<'a> {
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        About { task, done, day }
    }

    #[test]
    fn a_closed_carton_calls_for_a_label_with_its_plate_and_whom_it_goes_to() {
        let task = task();
        let about = about(Some(&task), &[]);
        let labels = called_for(&entry(closed(1)), &about);
        assert_eq!(labels.len(), 2);
        let says = |field: &str| labels[0].fields[field].as_str();
        assert_eq!(says("sscc").len(), 22);
        assert_eq!(
            (says("customer"), says("ship_to_2")),
            ("Someone", "Anytown")
        );
        assert_eq!((says("carton"), says("units")), ("1", "3"));
        // Without its task it still says what the fact says.
        let alone = About {
            task: None,
            ..about
        };
        assert_eq!(
            called_for(&entry(closed(1)), &alone)[0].fields["order"].as_str(),
            "SO-1"
        );
    }

    #[test]
    fn the_packing_list_comes_at_the_end_and_names_what_is_in_each_carton_that_stayed_closed() {
        let task = task();
        let undone = Fact::Undone {
            seq: 4,
            what: Box::new(closed(2)),
        };
        let done = [closed(1), closed(2), undone, Fact::TaskFinished];
        let about = about(Some(&task), &done);
        let lists = called_for(&entry(Fact::TaskFinished), &about);
        assert_eq!(lists.len(), 1);
        let rows: Vec<&str> = lists[0].rows.iter().map(SafeText::as_str).collect();
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert_eq!(rows[1], "  3 each BOLT  Hex bolt  lot L7");
    }

    #[test]
    fn a_long_list_goes_on_on_the_next_page() {
        let task = task();
        let done: Vec<Fact> = (1..=30).map(closed).collect();
        let about = about(Some(&task), &done);
        let lists = called_for(&entry(Fact::TaskFinished), &about);
        let rows: usize = lists.iter().map(|list| list.rows.len()).sum();
        assert_eq!((lists.len(), rows), (3, 60));
        assert_eq!(lists[2].fields["pages"].as_str(), "3");
    }
}
