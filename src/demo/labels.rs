//! What a make-believe scanner would read: the label that the step asks for, and labels that it does not.

use super::goods::{Article, articles};
use crate::flow::{Act, Ask, Detail, Missing, Work};
use crate::handheld::{Model, Screen, Settings};
use crate::scan::{self, Frame, Source};
use crate::warehouse::{Barcode, BinCode, Goods, Gtin, Job, MoveJob, OrderCode, ReceiveLine};
use chrono::NaiveDate;
use std::iter;

/// The badge that the make-believe scanner carries.
pub(super) const BADGE: &str = "BADGE-101";

/// The lot of goods whose lot nobody said.
const LOT: &str = "LOT-1";
/// A bin of the demo with goods in it, to be counted.
const A_BIN: &str = "A-01-01";
/// A bin beside it, to move goods to.
const ANOTHER_BIN: &str = "A-01-02";

/// The label that is asked for now; none where keys are asked for.
pub fn right(model: &Model) -> Option<String> {
    match &model.screen {
        Screen::SignIn(sign_in) if sign_in.who.is_none() => Some(BADGE.to_owned()),
        Screen::Queue(queue) => {
            let task = queue.tasks.as_ref()?.get(queue.cursor)?;
            Some(task.title().to_owned())
        }
        Screen::Work(_) => {
            let work = model.work.as_ref()?;
            candidates(work)
                .into_iter()
                .find(|label| is_taken(work, label, &model.settings))
        }
        Screen::LookUp(_) => candidates(model.work.as_ref()?).pop(),
        Screen::Count(count) if count.of.is_none() => Some(A_BIN.to_owned()),
        Screen::SetUp(_)
        | Screen::SignIn(_)
        | Screen::Menu { .. }
        | Screen::Own { .. }
        | Screen::Messages
        | Screen::Shift(_)
        | Screen::Labels(_)
        | Screen::Find(_)
        | Screen::Count(_) => None,
    }
}

/// A label that is not asked for now; another one each turn.
pub fn wrong(model: &Model, turn: usize) -> String {
    let mut labels: Vec<String> = [
        "Z-99-99",
        "09506000134352",
        "TOTE-99",
        "SO-0",
        "]E09506000134351",
    ]
    .map(str::to_owned)
    .into();
    if let Some(work) = &model.work {
        labels.extend(other_lots(work));
        labels.retain(|label| !is_taken(work, label, &model.settings));
    }
    labels.swap_remove(turn % labels.len())
}

fn is_taken(work: &Work, label: &str, settings: &Settings) -> bool {
    let frame = Frame {
        source: Source::Scanner,
        port: "scanner".into(),
        bytes: label.as_bytes().to_vec(),
    };
    scan::read(&frame, &settings.labels)
        .is_ok_and(|scan| work.asks(&scan) || work.decide(&Act::Scanned(scan)).is_ok())
}

/// Labels that the work knows of, the most fitting first.
fn candidates(work: &Work) -> Vec<String> {
    match work.prompt().ask {
        Ask::GoToBin(bin)
        | Ask::BringTo(bin)
        | Ask::PassOn(bin, _)
        | Ask::PutInto(bin)
        | Ask::FetchTotes(bin)
        | Ask::MakeInto(bin)
        | Ask::PutParts(bin) => {
            vec![of_bin(bin)]
        }
        Ask::BindTote(order) | Ask::FetchTote(order, None, _) => totes(order),
        Ask::PutInTote(tote, _) | Ask::FetchTote(_, Some(tote), _) => vec![tote.to_string()],
        Ask::CloseCarton(_, plate) => plate
            .map(|plate| format!("]C100{plate}"))
            .into_iter()
            .collect(),
        Ask::TakeGoods(_) | Ask::ScanGoods(_) | Ask::FillCarton(_) | Ask::CountGoods(_) => {
            goods(&work.task().job)
        }
        Ask::TakeApart(_) => parts(&work.task().job),
        Ask::Receive | Ask::ReceiveOnto(_) => {
            let expected = goods(&work.task().job);
            if expected.is_empty() {
                any_goods()
            } else {
                expected
            }
        }
        Ask::Door => vec!["DOCK-01".to_owned()],
        Ask::PutDown | Ask::ScanReturnBin => vec!["RECV-01".to_owned()],
        Ask::CheckPlate(plate) | Ask::TakePlate(_, plate) => vec![format!("]C100{plate}")],
        Ask::Tell(detail) => vec![told(detail)],
        Ask::GoToDoor(shipment) => vec![of_bin(&shipment.door)],
        Ask::LoadCarton(_, carton, _) | Ask::HandOver(_, carton) | Ask::NotTaken(_, carton) => {
            vec![format!("]C100{}", carton.plate)]
        }
        Ask::BuildPallet(..) => match &work.task().job {
            Job::Load(job) => vec![of_bin(&job.shipment.door)],
            _ => Vec::new(),
        },
        Ask::Seal(_) => vec!["SEAL-4711".to_owned()],
        Ask::Receiver(stop) => vec![format!("RECEIVER-{}", stop.stop)],
        Ask::TakeCarton(_, kind, _) => match (kind, &work.task().job) {
            (Some(kind), _) => vec![kind.code.to_string()],
            (None, Job::Pack(job)) => job
                .how
                .cartons
                .iter()
                .map(|kind| kind.code.to_string())
                .collect(),
            (None, _) => Vec::new(),
        },
        Ask::IsBinEmpty(_)
        | Ask::HowManyLeft(_)
        | Ask::NothingPicked
        | Ask::HowMany(_)
        | Ask::AllIn
        | Ask::Weigh
        | Ask::WeighCarton(..)
        | Ask::IsWeightRight(..)
        | Ask::DeliveryCode(_)
        | Ask::Done
        | Ask::Judge(_) => Vec::new(),
        Ask::Complete(Missing::Serial) => vec!["]C121SERIAL-1".to_owned()],
        Ask::ScanReturned => any_goods(),
        // What nobody planned can be anything: here it is about one bin, and all of it.
        Ask::ScanToMove | Ask::ScanBinToCount | Ask::ScanToJudge => vec![A_BIN.to_owned()],
        Ask::TakeAny(bin) => vec![of_bin(bin)],
        Ask::Bring(_) => vec![ANOTHER_BIN.to_owned()],
        Ask::NameLot | Ask::Complete(Missing::Lot) => vec![format!("]C110{LOT}")],
    }
}

/// Totes that stand ready for an order: a few, for when one is full.
fn totes(order: &OrderCode) -> Vec<String> {
    let number: String = order
        .as_str()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let more = ["", "B", "C", "D"];
    more.iter()
        .map(|more| format!("TOTE-{number}{more}"))
        .collect()
}

/// Something that the demo deals in, where nobody said what comes.
fn any_goods() -> Vec<String> {
    let plain = articles().into_iter().find(|it| !it.lots && !it.serials);
    let code = |it: Article| Some((it.gtin("0"), Goods::of(it.code.parse().ok()?)));
    let label = plain
        .and_then(code)
        .map(|(gtin, goods)| label(&gtin, &goods));
    label.into_iter().collect()
}

fn of_bin(bin: &BinCode) -> String {
    bin.to_string()
}

fn goods(job: &Job) -> Vec<String> {
    let mut labels = Vec::new();
    match job {
        Job::Receive(job) => {
            for line in &job.lines {
                labels.extend(line.plate.map(|plate| format!("]C100{plate}")));
                let goods = arriving(line);
                labels.extend(of_goods(&line.barcodes, &goods));
            }
        }
        Job::Putaway(job) => {
            for line in &job.lines {
                labels.extend(line.plate.map(|plate| format!("]C100{plate}")));
                labels.extend(of_goods(&line.barcodes, &line.goods));
            }
        }
        Job::Pick(job) => {
            for line in job
                .lines()
                .flat_map(|line| iter::once(line).chain(&line.instead))
            {
                let goods = Goods {
                    lot: line.lot.clone(),
                    serial: line.serial.clone(),
                    expiry: line.expiry,
                    ..Goods::of(line.item.code.clone())
                };
                labels.extend(of_goods(&line.barcodes, &goods));
            }
        }
        Job::Pack(job) => {
            for line in &job.lines {
                for (goods, _) in &line.picked {
                    labels.extend(of_goods(&line.barcodes, goods));
                }
            }
        }
        Job::Move(MoveJob { lines }) | Job::Replenish(MoveJob { lines }) => {
            for line in lines {
                labels.extend(line.plate.map(|plate| format!("]C100{plate}")));
                labels.extend(of_goods(&line.barcodes, &line.goods));
            }
        }
        Job::Assemble(job) => {
            for line in &job.components {
                labels.extend(of_goods(&line.barcodes, &line.goods));
            }
        }
        Job::Disassemble(job) => {
            for line in &job.products {
                labels.extend(of_goods(&line.barcodes, &line.goods));
            }
        }
        Job::Count(job) => {
            for (item, barcodes) in &job.items {
                labels.extend(of_goods(barcodes, &Goods::of(item.code.clone())));
            }
        }
        Job::Restate(_) | Job::Return(_) | Job::Load(_) | Job::Deliver(_) => {}
    }
    labels
}

/// The parts of what is taken apart, in the lots that are known to be in it, else in one made up.
fn parts(job: &Job) -> Vec<String> {
    let Job::Disassemble(job) = job else {
        return Vec::new();
    };
    let mut labels = Vec::new();
    for part in &job.parts {
        let known = part.made_of.first().map(|known| known.part.clone());
        let goods = known.unwrap_or_else(|| Goods {
            lot: LOT.parse().ok().filter(|_| part.item.tracking.lot),
            ..Goods::of(part.item.code.clone())
        });
        labels.extend(of_goods(&part.barcodes, &goods));
    }
    labels
}

/// Goods as a supplier would label them: in the lot and with the day that were announced, else in ones made up.
fn arriving(line: &ReceiveLine) -> Goods {
    let tracking = line.item.tracking;
    Goods {
        lot: line
            .lot
            .clone()
            .or(LOT.parse().ok())
            .filter(|_| tracking.lot),
        expiry: (line.expiry.or(NaiveDate::from_ymd_opt(2031, 12, 31))).filter(|_| tracking.expiry),
        ..Goods::of(line.item.code.clone())
    }
}

/// What a label left out, as it would be scanned.
fn told(detail: Detail) -> String {
    match detail {
        Detail::Lot => format!("]C110{LOT}"),
        Detail::Expiry => "]C117311231".to_owned(),
        Detail::Serial => "]C121SN-1".to_owned(),
        // GS1 General Specifications §3.6.2: net weight in kilograms, three decimals.
        Detail::Weight => "]C13103001250".to_owned(),
    }
}

/// The labels on some goods, the one that holds most first.
fn of_goods(barcodes: &[Barcode], goods: &Goods) -> Vec<String> {
    let mut barcodes: Vec<&Barcode> = barcodes.iter().collect();
    barcodes.sort_by_key(|barcode| std::cmp::Reverse(barcode.holds));
    barcodes
        .into_iter()
        .map(|barcode| label(barcode.code.as_str(), goods))
        .collect()
}

/// GS1 General Specifications §7.8: the item in a fixed field, then date and lot, the serial after a separator.
fn label(code: &str, goods: &Goods) -> String {
    if Gtin::parse(code).is_err() {
        return code.to_owned();
    }
    if goods.lot.is_none() && goods.serial.is_none() {
        return match code.strip_prefix('0') {
            Some(ean) => format!("]E0{ean}"),
            None => format!("]I1{code}"),
        };
    }
    let mut text = format!("]C101{code}");
    if let Some(expiry) = goods.expiry {
        text += &expiry.format("17%y%m%d").to_string();
    }
    if let Some(lot) = &goods.lot {
        text.push_str("10");
        text.push_str(lot.as_str());
    }
    if let Some(serial) = &goods.serial {
        let separator = if goods.lot.is_some() { "\u{1d}" } else { "" };
        text.push_str(separator);
        text.push_str("21");
        text.push_str(serial.as_str());
    }
    text
}

fn other_lots(work: &Work) -> Vec<String> {
    let Job::Pick(job) = &work.task().job else {
        return Vec::new();
    };
    let lotted = job.lines().filter(|line| line.lot.is_some());
    let other = |line: &crate::warehouse::PickLine| {
        let goods = Goods {
            lot: "LOT-OLD".parse().ok(),
            ..Goods::of(line.item.code.clone())
        };
        of_goods(&line.barcodes, &goods).pop()
    };
    lotted.filter_map(other).collect()
}
