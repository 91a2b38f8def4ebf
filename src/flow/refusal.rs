//! Refusals: the warehouse says no. Each names what was scanned or done and what was wanted; the words are the screen's.

use crate::scan::{Label, Scan};
use crate::warehouse::{
    BinCode, ItemCode, LineNo, LotCode, OrderCode, Quantity, SafeText, SerialCode, Sscc, ToteCode,
    Unfit,
};
use chrono::NaiveDate;

/// What a scan turned out to be, for telling the worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What kind of label.
    pub kind: SaidKind,
    /// What it says, fit to show.
    pub text: String,
}

/// The kinds of label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaidKind {
    /// A bin.
    Bin,
    /// A badge.
    Badge,
    /// A tote.
    Tote,
    /// An order.
    Order,
    /// A license plate.
    Plate,
    /// Goods.
    Goods,
    /// Lot, serial or date without an item.
    Details,
    /// An enrolment code.
    Enrolment,
    /// A code without a meaning of its own.
    Code,
}

impl Said {
    /// What this scan is.
    pub fn of(scan: &Scan) -> Self {
        let (kind, text) = match scan {
            Scan::Bin(code) => (SaidKind::Bin, code.to_string()),
            Scan::Badge(code) => (SaidKind::Badge, code.to_string()),
            Scan::Tote(code) => (SaidKind::Tote, code.to_string()),
            Scan::Order(code) => (SaidKind::Order, code.to_string()),
            Scan::Plate(sscc) => (SaidKind::Plate, sscc.to_string()),
            Scan::Goods(label) => match (label.gtin, &label.code) {
                (Some(gtin), _) => (SaidKind::Goods, gtin.to_string()),
                (None, Some(code)) => (SaidKind::Goods, code.to_string()),
                (None, None) => (SaidKind::Details, details(label)),
            },
            Scan::Enrolment(_) => (SaidKind::Enrolment, String::new()),
            Scan::Code(text) => (SaidKind::Code, text.to_string()),
        };
        Self { kind, text }
    }
}

fn details(label: &Label) -> String {
    let lot = label.lot.as_ref().map(ToString::to_string);
    lot.or_else(|| label.serial.as_ref().map(ToString::to_string))
        .unwrap_or_default()
}

/// Why an act changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// This label has no use at this step.
    NotNow(Said),
    /// Another bin than the one told.
    WrongBin {
        /// What was scanned.
        said: BinCode,
        /// What was told.
        wanted: BinCode,
    },
    /// The bin of another open line.
    OtherLine {
        /// What was scanned.
        said: BinCode,
        /// The line that wants it.
        line: LineNo,
    },
    /// Goods before the bin.
    BinFirst {
        /// The bin to scan.
        wanted: BinCode,
    },
    /// A number before the goods.
    GoodsFirst,
    /// Other goods than wanted.
    OtherGoods {
        /// What was scanned.
        said: Said,
        /// What was wanted.
        wanted: ItemCode,
    },
    /// Goods that are not part of this work.
    NotInWork(Said),
    /// The right item of another lot.
    WrongLot {
        /// What was scanned.
        said: LotCode,
        /// What was wanted.
        wanted: LotCode,
    },
    /// The right item with another serial.
    WrongSerial {
        /// What was scanned.
        said: SerialCode,
        /// What was wanted.
        wanted: SerialCode,
    },
    /// This very unit was scanned before.
    SerialTwice(SerialCode),
    /// The label does not say the lot, and it must be known.
    LotMissing,
    /// The label does not say the serial, and it must be known.
    SerialMissing,
    /// More than is left to do.
    TooMany {
        /// How many that would be.
        said: Quantity,
        /// How many are left.
        left: Quantity,
    },
    /// A keyed total below what was counted already.
    FewerThanCounted {
        /// What was counted.
        counted: Quantity,
    },
    /// Nothing is no quantity.
    Nothing,
    /// Units with serials are scanned one by one.
    ScanEach,
    /// A question is open: yes or no.
    AnswerFirst,
    /// A question is open: how many are left?
    CountFirst,
    /// More than anyone on the floor may agree to.
    ForOffice,
    /// The only line left cannot be moved to the end.
    OnlyLine,
    /// All of this item is packed.
    AllPacked(ItemCode),
    /// Nothing is in the carton.
    CartonEmpty,
    /// No label is set aside for another carton.
    NoPlateLeft,
    /// This license plate is on another carton.
    PlateUsed(Sscc),
    /// This license plate is none of those set aside for the order.
    OtherPlate(Sscc),
    /// This tote is another order's.
    ToteTaken {
        /// The tote.
        tote: ToteCode,
        /// Whose it is.
        order: OrderCode,
    },
    /// Something is in this tote already.
    ToteInUse(ToteCode),
    /// Another tote than wanted.
    WrongTote {
        /// What was scanned.
        said: ToteCode,
        /// Whose it is, if it is one of this work's.
        order: Option<OrderCode>,
        /// What was wanted.
        wanted: ToteCode,
    },
    /// This is not the tote of the order that the zone before left.
    OtherTote {
        /// What was scanned.
        said: ToteCode,
        /// What was wanted.
        wanted: ToteCode,
        /// Whose tote.
        order: OrderCode,
    },
    /// What is in hand goes into this tote first.
    PutFirst(ToteCode),
    /// What is carried can be put down here now.
    DropNow(BinCode),
    /// No carton is proposed: take one and scan it.
    CartonFirst,
    /// The carton must be weighed.
    WeightFirst,
    /// A carton of another stop than the one that is next.
    OtherStop {
        /// Its stop.
        said: u32,
        /// The stop that is next.
        wanted: u32,
    },
    /// This carton is on this pallet already.
    OnPallet(Sscc),
    /// This carton is on the truck already.
    OnTruck(Sscc),
    /// This carton is handed over already, or was given up.
    HandedOver(Sscc),
    /// Who received it must be said.
    ReceiverFirst,
    /// The code that was agreed with the customer comes first.
    CodeFirst,
    /// That is not the code that was agreed with the customer.
    WrongCode,
    /// No tag of what is wanted was read.
    NotSeen,
    /// The handheld knows nothing of this code.
    NotKnown(Said),
    /// A bin or a pallet comes first.
    WhereFirst,
    /// Where it goes comes first.
    WhereTo,
    /// A frozen bin takes and gives nothing.
    BinFrozen(BinCode),
    /// By the book there is less of it in this bin.
    NotByTheBook {
        /// How much there is.
        there: Quantity,
        /// The bin.
        bin: BinCode,
    },
    /// By the book this stands in another bin.
    StandsElsewhere {
        /// What was scanned.
        said: Said,
        /// Where it stands.
        bin: BinCode,
    },
    /// The pallet's own label is wanted.
    ScanPlate(Sscc),
    /// Another bin while one is being counted.
    BinOpen {
        /// What was scanned.
        said: BinCode,
        /// The one being counted.
        open: BinCode,
    },
    /// Nothing was counted; an empty bin is said to be empty.
    NothingCounted,
    /// What becomes of the goods in hand comes first.
    JudgeFirst,
    /// It is in this status already.
    AlreadySo,
    /// Goods before the dock door.
    DoorFirst,
    /// This is no dock door.
    NotADoor(Said),
    /// Received goods cannot be put down, or away, there.
    NotForArrivals(Said),
    /// This pallet is in already.
    PlateIn(Sscc),
    /// This pallet was not announced.
    PlateNotAnnounced(Sscc),
    /// These goods were announced on a pallet.
    OnPlate(Sscc),
    /// The notice does not say all that must be known of what is on the pallet: it must be counted.
    CountIt(SafeText),
    /// What is on the pallet is kept back: it is put away later, as the office says.
    KeptBack,
    /// Goods that were not ordered; what they are called.
    NotOnOrder(SafeText),
    /// Nobody knows this label.
    UnknownCode(Said),
    /// More than was ordered, beyond what is taken without asking.
    OverOrder {
        /// How much that would be in all.
        would: Quantity,
        /// How much was ordered.
        ordered: Quantity,
    },
    /// Their last day is past.
    Expired(NaiveDate),
    /// Their last day is too near.
    TooNear {
        /// Their last day.
        day: NaiveDate,
        /// The first day that would do.
        wanted: NaiveDate,
    },
    /// There is no such day.
    BadDay,
    /// Not all is in.
    NotAllIn {
        /// How many lines lack something.
        lines: usize,
        /// How much the first of them lacks.
        missing: Quantity,
        /// Its item.
        of: ItemCode,
    },
    /// Goods should not lie in that bin, as far as the handheld can tell.
    BinUnfit {
        /// The bin.
        bin: BinCode,
        /// Why.
        why: Unfit,
    },
    /// Goods that are called back, by this recall.
    CalledBack {
        /// The item.
        item: ItemCode,
        /// Its lot, if one is called back.
        lot: Option<LotCode>,
        /// The recall.
        recall: SafeText,
    },
    /// A carton with such goods is on the truck.
    CalledBackAboard(Sscc),
    /// This can't be done at this step.
    NotHere,
    /// The work is done.
    AllDone,
}

/// How a worker may take what was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insist {
    /// Not at all.
    No,
    /// By the key that says so.
    ByKey,
    /// By that key or by scanning the same again.
    ByScan,
    /// By the key, and a lead must agree.
    ByLead,
}

impl Refusal {
    /// Whether a worker may take it all the same.
    pub const fn can_insist(&self) -> Insist {
        match self {
            Self::OtherLine { .. }
            | Self::OtherPlate(_)
            | Self::DropNow(_)
            | Self::OtherTote { .. }
            | Self::OtherStop { .. }
            | Self::PlateNotAnnounced(_)
            | Self::BinFrozen(_)
            | Self::NotByTheBook { .. }
            | Self::StandsElsewhere { .. } => Insist::ByScan,
            Self::OverOrder { .. } => Insist::ByLead,
            Self::WrongLot { .. }
            | Self::OnPlate(_)
            | Self::NotOnOrder(_)
            | Self::Expired(_)
            | Self::TooNear { .. }
            | Self::BinUnfit { .. } => Insist::ByKey,
            Self::NotNow(_)
            | Self::WrongBin { .. }
            | Self::BinFirst { .. }
            | Self::GoodsFirst
            | Self::OtherGoods { .. }
            | Self::NotInWork(_)
            | Self::WrongSerial { .. }
            | Self::SerialTwice(_)
            | Self::LotMissing
            | Self::SerialMissing
            | Self::TooMany { .. }
            | Self::FewerThanCounted { .. }
            | Self::Nothing
            | Self::ScanEach
            | Self::AnswerFirst
            | Self::CountFirst
            | Self::ForOffice
            | Self::OnlyLine
            | Self::AllPacked(_)
            | Self::CartonEmpty
            | Self::NoPlateLeft
            | Self::PlateUsed(_)
            | Self::ToteTaken { .. }
            | Self::ToteInUse(_)
            | Self::WrongTote { .. }
            | Self::PutFirst(_)
            | Self::CartonFirst
            | Self::WeightFirst
            | Self::OnPallet(_)
            | Self::OnTruck(_)
            | Self::HandedOver(_)
            | Self::ReceiverFirst
            | Self::CodeFirst
            | Self::WrongCode
            | Self::NotSeen
            | Self::NotKnown(_)
            | Self::WhereFirst
            | Self::WhereTo
            | Self::ScanPlate(_)
            | Self::BinOpen { .. }
            | Self::NothingCounted
            | Self::JudgeFirst
            | Self::AlreadySo
            | Self::DoorFirst
            | Self::NotADoor(_)
            | Self::NotForArrivals(_)
            | Self::PlateIn(_)
            | Self::CountIt(_)
            | Self::KeptBack
            | Self::UnknownCode(_)
            | Self::BadDay
            | Self::NotAllIn { .. }
            | Self::CalledBack { .. }
            | Self::CalledBackAboard(_)
            | Self::NotHere
            | Self::AllDone => Insist::No,
        }
    }

    /// Whether the label read is right as far as it goes, and the next symbol or a number will complete it.
    pub const fn wants_more(&self) -> bool {
        matches!(
            self,
            Self::LotMissing | Self::SerialMissing | Self::TooMany { .. }
        )
    }
}
