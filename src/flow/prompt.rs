//! What is asked of the worker now, as data. One screen draws every flow's prompt.

use super::hand::Held;
use super::named::Missing;
use super::receive::Detail;
use crate::warehouse::{
    BinCode, CartonType, Goods, Item, JobKind, LineNo, OrderCode, Quantity, Reason, SafeText,
    ShipCarton, Shipment, Sscc, Stop, ToteCode, ZoneCode,
};

/// The question on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask<'a> {
    /// Walk to this bin and scan it.
    GoToBin(&'a BinCode),
    /// Take the goods from this bin and scan them.
    TakeGoods(&'a BinCode),
    /// Set a tote for this order and scan it.
    BindTote(&'a OrderCode),
    /// Fetch what others left standing at this bin.
    FetchTotes(&'a BinCode),
    /// Fetch the tote of this order from this bin: that one, if it is known which.
    FetchTote(&'a OrderCode, Option<&'a ToteCode>, &'a BinCode),
    /// Put so much into this tote and scan it.
    PutInTote(&'a ToteCode, Quantity),
    /// Weigh what was taken.
    Weigh,
    /// Is the bin empty now?
    IsBinEmpty(&'a BinCode),
    /// How many are left in this bin?
    HowManyLeft(&'a BinCode),
    /// Bring what was picked to this place and scan it.
    BringTo(&'a BinCode),
    /// Leave the totes at this bin for this zone, and scan it.
    PassOn(&'a BinCode, &'a ZoneCode),
    /// Nothing could be picked: agree to end.
    NothingPicked,
    /// Scan any goods that stand here.
    ScanGoods(&'a BinCode),
    /// Bring the goods to this bin and scan it.
    PutInto(&'a BinCode),
    /// How many went into this bin?
    HowMany(&'a BinCode),
    /// Scan each unit into this carton.
    FillCarton(u32),
    /// Close this carton; the label that comes next, if one is set aside.
    CloseCarton(u32, Option<Sscc>),
    /// Take an empty carton: of this kind, if one is proposed, for these goods.
    TakeCarton(u32, Option<&'a CartonType>, &'a [(Quantity, SafeText)]),
    /// Weigh this closed carton; what it should weigh in grams, if known.
    WeighCarton(u32, Option<u32>),
    /// It weighs so many grams and should so many: is that right?
    IsWeightRight(u32, u32),
    /// Go to the dock door of this truck and scan it.
    GoToDoor(&'a Shipment),
    /// Stack cartons on this pallet; so many are on it.
    BuildPallet(Sscc, usize),
    /// Put a carton of this stop onto the truck; the one that is looked for, and the pallet it stands on.
    LoadCarton(u32, &'a ShipCarton, Option<Sscc>),
    /// Close the truck and say what its seal says; so many cartons stay behind.
    Seal(usize),
    /// Hand cartons over at this stop; the one that is looked for.
    HandOver(&'a Stop, &'a ShipCarton),
    /// What of this carton does the customer of this stop not take?
    NotTaken(&'a Stop, &'a ShipCarton),
    /// Which code does the customer of this stop show?
    DeliveryCode(&'a Stop),
    /// Who received it at this stop?
    Receiver(&'a Stop),
    /// Take this pallet from this bin: scan its label.
    TakePlate(&'a BinCode, Sscc),
    /// Scan a pallet to move, or the bin to take from.
    ScanToMove,
    /// Take anything from this bin, or all of it.
    TakeAny(&'a BinCode),
    /// Bring this anywhere and scan the bin.
    Bring(&'a [Held]),
    /// Scan the lot or the serial that the last label left out.
    Complete(Missing),
    /// Scan any bin to count it.
    ScanBinToCount,
    /// Scan or key all that lies in this bin.
    CountGoods(&'a BinCode),
    /// Scan a pallet that is to be judged, or the bin where the goods lie.
    ScanToJudge,
    /// What becomes of this?
    Judge(&'a [Held]),
    /// Scan the bin where returned goods are put.
    ScanReturnBin,
    /// Scan what came back.
    ScanReturned,
    /// Scan or key the lot of what is made.
    NameLot,
    /// Bring what was made to this bin and scan it.
    MakeInto(&'a BinCode),
    /// Scan what comes out of this.
    TakeApart(&'a Goods),
    /// Put what came out of it into this bin and scan it.
    PutParts(&'a BinCode),
    /// Scan the dock door at which the delivery is unloaded.
    Door,
    /// Scan the bin where received goods are put down.
    PutDown,
    /// Scan received goods, or a pallet.
    Receive,
    /// Scan received goods that stand on this license plate.
    ReceiveOnto(Sscc),
    /// Is all there that was announced on this pallet?
    CheckPlate(Sscc),
    /// What the label did not say.
    Tell(Detail),
    /// All that was expected is in: close the receipt.
    AllIn,
    /// All done.
    Done,
}

impl Ask<'_> {
    /// Whether it is answered by choosing one of what the step offers.
    pub const fn is_choice(&self) -> bool {
        matches!(self, Self::Judge(_))
    }

    /// Whether the number of units is what matters most now.
    pub const fn is_about_count(&self) -> bool {
        matches!(
            self,
            Self::TakeGoods(_)
                | Self::HowMany(_)
                | Self::FillCarton(_)
                | Self::Receive
                | Self::ReceiveOnto(_)
                | Self::CountGoods(_)
                | Self::TakeApart(_)
        )
    }
}

/// What keys do at a step, besides digits, Enter and undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Give the rest of the line up; asks for a reason.
    Short,
    /// Move the line to the end.
    Skip,
    /// Use another bin; asks for a reason.
    OtherBin,
    /// Close the carton.
    CloseCarton,
    /// The tote is full: another one is set.
    ToteFull,
    /// Leave the work standing at a bin for someone else; asks for a reason.
    HandOver,
    /// Leave the rest of the line to the office; asks for a reason.
    HoldLine,
    /// End the work.
    Finish,
    /// All of the bin is counted.
    EndBin,
    /// Nothing is in the bin.
    BinIsEmpty,
    /// It looks good.
    Good,
    /// Keep it back; asks for a reason.
    Hold,
    /// It may be used again; asks for a reason.
    Release,
    /// It is thrown away; asks for a reason, except of what came back.
    Scrap,
    /// Close the receipt, with what is missing; asks for a reason.
    Close,
    /// What comes next stands on the next license plate that was set aside.
    NewPlate,
    /// What comes next stands on no license plate.
    Loose,
    /// What comes next is of another lot.
    OtherLot,
    /// What is in hand, or was counted last, is damaged; asks for a reason where stock is judged.
    Damaged,
    /// What stands on the pallet is counted, not taken as announced.
    CountPlate,
    /// Say why goods go to this bin.
    Why,
    /// The customer takes a part of the carton only; asks for a reason.
    Part,
    /// The rest of the carton is taken.
    Rest,
    /// The customer has no code to show.
    NoCode,
}

impl Choice {
    /// The reasons that go with it; none: no reason is asked for.
    pub const fn reasons(self, kind: JobKind) -> &'static [Reason] {
        match (self, kind) {
            (Self::Hold, _) => &[
                Reason::Suspect,
                Reason::Damaged,
                Reason::PastItsDate,
                Reason::WrongGoods,
            ],
            (Self::Release, _) => &[Reason::FoundGood],
            (Self::Damaged | Self::Scrap, JobKind::Restate) => &[
                Reason::Damaged,
                Reason::Used,
                Reason::PastItsDate,
                Reason::Suspect,
            ],
            (Self::Short, JobKind::Load) => &[Reason::TooFew, Reason::Damaged, Reason::DoesNotFit],
            (Self::Short | Self::Part, JobKind::Deliver) => &[
                Reason::TooFew,
                Reason::Damaged,
                Reason::WrongGoods,
                Reason::NotWanted,
            ],
            (Self::Short, JobKind::Disassemble) => &[Reason::Damaged, Reason::Used, Reason::TooFew],
            (Self::Short, JobKind::Pack) => &[Reason::TooFew, Reason::Damaged, Reason::WrongGoods],
            (Self::Short, _) => &[
                Reason::BinEmpty,
                Reason::TooFew,
                Reason::Damaged,
                Reason::WrongGoods,
                Reason::Blocked,
            ],
            (Self::OtherBin, _) => &[
                Reason::BinFull,
                Reason::Blocked,
                Reason::DoesNotFit,
                Reason::WrongGoods,
                Reason::BetterPlace,
            ],
            (Self::HandOver, _) => &[Reason::ShiftEnds, Reason::NextZone, Reason::OtherWork],
            (Self::Close, _) => &[
                Reason::NotDelivered,
                Reason::ComesLater,
                Reason::Damaged,
                Reason::WrongGoods,
            ],
            (
                Self::Skip
                | Self::CloseCarton
                | Self::ToteFull
                | Self::HoldLine
                | Self::NewPlate
                | Self::Loose
                | Self::OtherLot
                | Self::Damaged
                | Self::CountPlate
                | Self::Why
                | Self::Scrap
                | Self::Finish
                | Self::EndBin
                | Self::BinIsEmpty
                | Self::Good
                | Self::Part
                | Self::Rest
                | Self::NoCode,
                _,
            ) => &[],
        }
    }
}

/// What is asked of the worker now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt<'a> {
    /// The question.
    pub ask: Ask<'a>,
    /// The line in hand, if one is.
    pub line: Option<LineNo>,
    /// The item in hand, if one is.
    pub item: Option<&'a Item>,
    /// The goods as demanded or as read: lot, serial, expiry.
    pub goods: Option<Goods>,
    /// Done and wanted of the line in hand.
    pub count: Option<(Quantity, Quantity)>,
    /// Done and all of the work's lines.
    pub lines: (usize, usize),
    /// The tote picked into.
    pub tote: Option<&'a ToteCode>,
    /// Whether a number can be keyed.
    pub takes_number: bool,
    /// What else can be done.
    pub choices: &'static [Choice],
}
