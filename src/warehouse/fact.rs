//! Facts: what happened on the floor, in the past tense. One type from disk to wire to ledger.

use super::{
    Area, Barcode, BinCode, CartonCode, Goods, Item, ItemCode, Job, LabelOf, LineNo, OrderCode,
    PickLine, Place, Quantity, Reason, SafeText, Sscc, Status, TagCode, ToteCode, WorkerCode,
};
use serde::{Deserialize, Serialize};

/// Something that happened. Never edited, never deleted: a mistake is answered by [`Fact::Undone`].
///
/// Quantities are in the item's unit and more than zero. Facts name all that the ledger needs,
/// so that they can be understood without the task they belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// A worker took the handheld.
    SignedIn {
        /// Who.
        worker: WorkerCode,
    },
    /// A worker gave it back.
    SignedOut {
        /// Who.
        worker: WorkerCode,
    },
    /// A worker began work that nobody had planned: this is the task now.
    TaskOpened {
        /// What is to be done, as far as was known when it was begun.
        job: Box<Job>,
    },
    /// Work on a task began here.
    TaskStarted {
        /// Number of the lease under which it was begun; none if it was taken up without signal.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lease: Option<u64>,
    },
    /// The task was put back, to be gone on with by anyone.
    TaskLeft,
    /// All of the task is done.
    TaskFinished,
    /// The worker stands at the bin of a line.
    BinConfirmed {
        /// Line of the task.
        line: LineNo,
        /// The bin that was scanned.
        bin: BinCode,
        /// Why another bin than told, if it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
    /// The worker has the goods of a line in hand.
    GoodsConfirmed {
        /// Line of the task.
        line: LineNo,
    },
    /// Goods were taken from a bin for an order.
    Picked {
        /// Line of the task.
        line: LineNo,
        /// The order they are for.
        order: OrderCode,
        /// From where.
        bin: BinCode,
        /// What.
        goods: Goods,
        /// How much.
        quantity: Quantity,
        /// To where: the tote or the worker that carries them.
        into: Place,
    },
    /// Fewer than wanted could be taken; the rest is given up here.
    PickedShort {
        /// Line of the task.
        line: LineNo,
        /// The bin that fell short.
        bin: BinCode,
        /// The item that was wanted.
        goods: Goods,
        /// How much is missing.
        missing: Quantity,
        /// Why.
        reason: Reason,
    },
    /// The rest of a line is left to the office, which decides whether it is fetched later; it stays promised.
    LineHeld {
        /// Line of the task.
        line: LineNo,
        /// The bin it should be taken from.
        bin: BinCode,
        /// The item that is wanted.
        goods: Goods,
        /// How much is left to be fetched.
        quantity: Quantity,
        /// Why.
        reason: Reason,
    },
    /// Fewer than wanted were there, and another item is fetched instead of what is missing.
    Substituted {
        /// Line of the task.
        line: LineNo,
        /// The order.
        order: OrderCode,
        /// The bin that fell short.
        bin: BinCode,
        /// The item that was wanted.
        goods: Goods,
        /// How much of it is given up for the other.
        missing: Quantity,
        /// Why.
        reason: Reason,
        /// What is fetched instead, as a line of its own.
        by: Box<PickLine>,
    },
    /// A tote was set for an order: what is picked for it goes there from now on.
    ToteBound {
        /// The order.
        order: OrderCode,
        /// The tote.
        tote: ToteCode,
    },
    /// Nothing more goes into the tote of an order; it is brought along, and another one is set.
    ToteFilled {
        /// The order.
        order: OrderCode,
        /// The full tote.
        tote: ToteCode,
    },
    /// Goods were taken in hand for several orders, to be put tote by tote. By the book they lie in the bin until then.
    TakenInHand {
        /// The first line they are for.
        line: LineNo,
        /// What.
        goods: Goods,
        /// How much.
        quantity: Quantity,
    },
    /// Goods of which each piece weighs something else were weighed.
    Weighed {
        /// Line of the task.
        line: LineNo,
        /// The order they are for.
        order: OrderCode,
        /// What.
        goods: Goods,
        /// Weight in grams.
        grams: u64,
    },
    /// Goods cannot be used as they lie: they have another status from now on.
    SetAside {
        /// Line of the task.
        line: LineNo,
        /// Where they lie.
        bin: BinCode,
        /// What.
        goods: Goods,
        /// How much.
        quantity: Quantity,
        /// The status they get.
        status: Status,
    },
    /// Of several full totes this one was taken, to be brought to its place.
    ToteChosen {
        /// The tote.
        tote: ToteCode,
    },
    /// What was picked so far was left standing, for whoever goes on.
    LeftStanding {
        /// Where.
        bin: BinCode,
        /// Why.
        reason: Reason,
    },
    /// Whoever goes on has what was left standing.
    TakenOver {
        /// Where it stood.
        bin: BinCode,
    },
    /// Totes of an order, with all that is in them, were put down: at the buffer of the zone that goes on with them, or
    /// where the order is packed. Moves no stock by itself: not all that is in them need be known here.
    TotesPutDown {
        /// The order.
        order: OrderCode,
        /// The totes; the one that is not full yet comes last.
        totes: Vec<ToteCode>,
        /// Where.
        bin: BinCode,
    },
    /// A tote that the zone before left was taken on; what is picked for its order goes there from now on.
    ToteTakenUp {
        /// The order.
        order: OrderCode,
        /// The tote.
        tote: ToteCode,
        /// Where it stood.
        bin: BinCode,
        /// What is in it, as far as was known.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        goods: Vec<(Goods, Quantity)>,
    },
    /// A line was moved to the end of the walk.
    LineSkipped {
        /// Line of the task.
        line: LineNo,
    },
    /// Asked whether a bin is now empty, the worker looked.
    BinChecked {
        /// Line of the task.
        line: LineNo,
        /// The bin.
        bin: BinCode,
        /// What should be gone by the book.
        goods: Goods,
        /// Whether nothing is left.
        empty: bool,
    },
    /// What was picked for an order was brought to a packing place.
    Dropped {
        /// The order.
        order: OrderCode,
        /// Where it was put down.
        bin: BinCode,
        /// What: each with how much and from which tote or worker.
        goods: Vec<(Goods, Quantity, Place)>,
    },
    /// Goods were put away.
    PutAway {
        /// Line of the task.
        line: LineNo,
        /// What.
        goods: Goods,
        /// How much.
        quantity: Quantity,
        /// The license plate they stand on, if on one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plate: Option<Sscc>,
        /// Whether they may be used.
        #[serde(default)]
        status: Status,
        /// From where.
        from: BinCode,
        /// To where.
        to: BinCode,
        /// Why another bin than told, if it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
    /// Goods that should stand at receiving are not all there; the rest of the line is given up here.
    PutShort {
        /// Line of the task.
        line: LineNo,
        /// What is missing.
        goods: Goods,
        /// How much.
        missing: Quantity,
        /// Where it should stand.
        bin: BinCode,
        /// Why.
        reason: Reason,
    },
    /// A unit, or several, went into a carton of an order.
    Packed {
        /// Line of the task.
        line: LineNo,
        /// The order.
        order: OrderCode,
        /// Which of the order's cartons, from 1.
        carton: u32,
        /// What.
        goods: Goods,
        /// How much.
        quantity: Quantity,
        /// From the packing place.
        from: BinCode,
    },
    /// What was picked is not all there to pack; the rest of the line is given up here.
    PackedShort {
        /// Line of the task.
        line: LineNo,
        /// The order.
        order: OrderCode,
        /// What is missing, as it was picked.
        goods: Goods,
        /// How much.
        missing: Quantity,
        /// The packing place where it should stand.
        bin: BinCode,
        /// Why.
        reason: Reason,
    },
    /// A carton was closed and labelled.
    CartonClosed {
        /// The order.
        order: OrderCode,
        /// Which of the order's cartons, from 1.
        carton: u32,
        /// Its license plate.
        sscc: Sscc,
        /// What is in it.
        goods: Vec<(Goods, Quantity)>,
    },
    /// The tags in a bin or zone were counted. Moves no stock: what differs from the book is for the office to decide.
    TagsCounted {
        /// Where.
        #[serde(flatten)]
        area: Area,
        /// What the tags stand for, each item once; what was not seen is not named.
        counted: Vec<(Goods, Quantity)>,
        /// How many tags were of no known item.
        unknown: u32,
        /// Whether the count goes on in the next fact of the same act: one fact has room for so many items only.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        more: bool,
    },
    /// Part of what was counted in a bin: so much that one fact has no room for it. [`Fact::BinCounted`] of the same act ends it.
    PartCounted {
        /// The bin.
        bin: BinCode,
        /// What: each once.
        counted: Vec<(Goods, Quantity)>,
    },
    /// A carton of this kind was taken for what comes next.
    CartonBegun {
        /// The order.
        order: OrderCode,
        /// Which of the order's cartons, from 1.
        carton: u32,
        /// The kind.
        kind: CartonCode,
    },
    /// A closed carton does not weigh what it should; the worker is asked.
    WeightDiffered {
        /// The order.
        order: OrderCode,
        /// Which of the order's cartons, from 1.
        carton: u32,
        /// What it weighs, in grams.
        weight_g: u32,
        /// What it should weigh, in grams.
        expected_g: u32,
    },
    /// Asked whether that weight is right, the worker said no: it is looked into and weighed again.
    WeightDoubted {
        /// The order.
        order: OrderCode,
        /// Which of the order's cartons, from 1.
        carton: u32,
    },
    /// A closed carton was weighed.
    CartonWeighed {
        /// The order.
        order: OrderCode,
        /// Which of the order's cartons, from 1.
        carton: u32,
        /// Its license plate.
        sscc: Sscc,
        /// What it weighs, in grams.
        weight_g: u32,
        /// What it should weigh, in grams, if that is another weight.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instead_of_g: Option<u32>,
    },
    /// The worker stands at the dock door of a truck.
    DoorConfirmed {
        /// The shipment.
        shipment: OrderCode,
        /// The door that was scanned.
        door: BinCode,
        /// Why another door than told, if it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
    /// A pallet was begun, to be stacked with cartons of a shipment.
    PalletBegun {
        /// The shipment.
        shipment: OrderCode,
        /// Its license plate.
        pallet: Sscc,
    },
    /// A carton was put onto a pallet. It keeps its own license plate.
    Palletized {
        /// The shipment.
        shipment: OrderCode,
        /// The pallet's license plate.
        pallet: Sscc,
        /// The order the carton belongs to.
        order: OrderCode,
        /// The carton's license plate.
        carton: Sscc,
    },
    /// A pallet is stacked.
    PalletClosed {
        /// The shipment.
        shipment: OrderCode,
        /// Its license plate.
        pallet: Sscc,
        /// What stands on it: orders and cartons.
        cartons: Vec<(OrderCode, Sscc)>,
    },
    /// A carton was put onto a truck.
    Loaded {
        /// The shipment.
        shipment: OrderCode,
        /// Through which door.
        door: BinCode,
        /// The order it belongs to.
        order: OrderCode,
        /// Its license plate.
        plate: Sscc,
        /// What is in it.
        goods: Vec<(Goods, Quantity)>,
    },
    /// A carton that should go does not: it was given up here.
    LeftBehind {
        /// The shipment.
        shipment: OrderCode,
        /// The order it belongs to.
        order: OrderCode,
        /// Its license plate.
        plate: Sscc,
        /// Why.
        reason: Reason,
    },
    /// A truck was closed and goes.
    TruckClosed {
        /// The shipment.
        shipment: OrderCode,
        /// The door it stood at.
        door: BinCode,
        /// The orders it goes with.
        orders: Vec<OrderCode>,
        /// The number on its seal, if it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seal: Option<SafeText>,
    },
    /// A carton was handed over to its customer.
    Delivered {
        /// The shipment.
        shipment: OrderCode,
        /// The stop it was meant for.
        stop: u32,
        /// The order it belongs to.
        order: OrderCode,
        /// Its license plate.
        plate: Sscc,
        /// What is in it.
        goods: Vec<(Goods, Quantity)>,
    },
    /// A customer did not take a carton; it stays on the truck.
    Refused {
        /// The shipment.
        shipment: OrderCode,
        /// The stop.
        stop: u32,
        /// The order it belongs to.
        order: OrderCode,
        /// Its license plate.
        plate: Sscc,
        /// What is in it.
        goods: Vec<(Goods, Quantity)>,
        /// Why.
        reason: Reason,
    },
    /// A carton that should be on the truck was not there for its customer.
    DeliveredShort {
        /// The shipment.
        shipment: OrderCode,
        /// The stop.
        stop: u32,
        /// The order it belongs to.
        order: OrderCode,
        /// Its license plate.
        plate: Sscc,
        /// What is in it.
        goods: Vec<(Goods, Quantity)>,
    },
    /// A carton is looked through with its customer, who does not take all of it. What is not taken comes as
    /// [`Fact::Refused`] or [`Fact::DeliveredShort`] of a part, the rest as [`Fact::Delivered`].
    CartonOpened {
        /// The shipment.
        shipment: OrderCode,
        /// The stop.
        stop: u32,
        /// The order it belongs to.
        order: OrderCode,
        /// Its license plate.
        plate: Sscc,
        /// Why what is named next is not taken.
        reason: Reason,
    },
    /// A customer showed the code that was agreed with them; or had none to show.
    CodeShown {
        /// The shipment.
        shipment: OrderCode,
        /// The stop.
        stop: u32,
        /// The code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<SafeText>,
    },
    /// A customer said that they received what was handed over.
    DeliverySigned {
        /// The shipment.
        shipment: OrderCode,
        /// The stop.
        stop: u32,
        /// The orders that were brought there.
        orders: Vec<OrderCode>,
        /// Who received it, by name or code.
        receiver: SafeText,
        /// The code that they showed, if one was agreed with them and they had it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<SafeText>,
    },
    /// What customers refused was brought back and put down, to be looked at before it is used again.
    BroughtBack {
        /// The shipment.
        shipment: OrderCode,
        /// Where it was put.
        bin: BinCode,
        /// Each carton with what is in it.
        cartons: Vec<(Sscc, Vec<(Goods, Quantity)>)>,
    },
    /// A label was asked for, beside those that other facts call for.
    LabelWanted {
        /// Which.
        of: Box<LabelOf>,
    },
    /// A delivery is unloaded at this dock door.
    Docked {
        /// The order or notice it comes with, if there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderCode>,
        /// The door.
        door: BinCode,
    },
    /// The worker stands before a pallet that was announced.
    PlateConfirmed {
        /// Its license plate.
        plate: Sscc,
    },
    /// What is received from here on stands on this license plate, or loose.
    PlateChosen {
        /// The license plate; none: loose.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plate: Option<Sscc>,
    },
    /// Goods came that are on no line of the task: they have one of their own now.
    LineAdded {
        /// Its number.
        line: LineNo,
        /// The item.
        item: Box<Item>,
        /// What was scanned for it.
        barcode: Barcode,
    },
    /// A label was read that does not say all that must be known; this is what it says.
    LabelRead {
        /// Line of the task.
        line: LineNo,
        /// What is known of the goods.
        goods: Goods,
        /// How much it stands for; zero where the weight will tell.
        quantity: Quantity,
        /// What it weighs in grams, where that must be known and is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weight_g: Option<u64>,
        /// The license plate it stands on, if on one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plate: Option<Sscc>,
    },
    /// These tags were read and confirmed: what comes in next of this line is what they are fixed to. Each counts once.
    TagsTaken {
        /// Line of the task.
        line: LineNo,
        /// The tags.
        tags: Vec<TagCode>,
    },
    /// Goods came in from a supplier.
    Received {
        /// The order or notice, if there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderCode>,
        /// Line of the task.
        line: LineNo,
        /// What.
        goods: Goods,
        /// How much.
        quantity: Quantity,
        /// What all of it weighs in grams, where each piece weighs its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weight_g: Option<u64>,
        /// The license plate it stands on, if on one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plate: Option<Sscc>,
        /// Whether it may be used.
        #[serde(default)]
        status: Status,
        /// Where it was put down.
        bin: BinCode,
    },
    /// Goods turned out to be damaged.
    FoundDamaged {
        /// Line of the task.
        line: LineNo,
        /// What.
        goods: Goods,
        /// How much.
        quantity: Quantity,
        /// The license plate they stand on, if on one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plate: Option<Sscc>,
        /// As what they were counted before.
        #[serde(default)]
        status: Status,
        /// Where they are.
        place: Place,
    },
    /// What was expected did not all come; the rest of the line is given up here.
    ReceivedShort {
        /// The order or notice, if there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderCode>,
        /// Line of the task.
        line: LineNo,
        /// The item.
        item: ItemCode,
        /// How much is missing.
        missing: Quantity,
        /// Why.
        reason: Reason,
    },
    /// A label that nobody knew stands for an item from here on.
    BarcodeLearned {
        /// What is scanned: a GTIN in its 14-digit form, or any other code as printed.
        code: SafeText,
        /// The item.
        item: ItemCode,
        /// How many units it holds.
        holds: Quantity,
    },
    /// A lead agreed on the spot to what follows in the same act.
    Approved {
        /// Who.
        lead: WorkerCode,
    },
    /// A label named goods that the task did not name: what it stands for was looked up. Moves no stock.
    GoodsNamed {
        /// The item.
        item: Box<Item>,
        /// What was scanned for it.
        barcode: Barcode,
        /// The goods as far as the label named them.
        goods: Goods,
        /// How many the label stands for, or were keyed with it.
        quantity: Quantity,
        /// Whether that is how many there are in all.
        #[serde(default)]
        total: bool,
    },
    /// So many more were counted or set apart here. Moves no stock.
    Tallied {
        /// Line of the task.
        line: LineNo,
        /// Where.
        bin: BinCode,
        /// On which license plate, if that was told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plate: Option<Sscc>,
        /// In which status, as far as was known.
        #[serde(default)]
        status: Status,
        /// What.
        goods: Goods,
        /// How many more.
        quantity: Quantity,
    },
    /// All of a bin, or all of one item in it, was counted. Moves no stock: the office holds it against the book.
    BinCounted {
        /// Line of the task.
        line: LineNo,
        /// The bin.
        bin: BinCode,
        /// The only item that was counted; all if none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<ItemCode>,
        /// What is there; what is not named is not there.
        counted: Vec<(Goods, Quantity)>,
    },
    /// Goods were taken out of a bin, to be put elsewhere.
    Taken {
        /// Line of the task.
        line: LineNo,
        /// What.
        goods: Goods,
        /// How much.
        quantity: Quantity,
        /// The license plate that was taken as a whole, if one was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plate: Option<Sscc>,
        /// In which status.
        #[serde(default)]
        status: Status,
        /// From where.
        from: BinCode,
        /// Who or what carries it.
        into: Place,
    },
    /// Fewer than wanted were there to be taken; the rest of the line is given up here.
    TakenShort {
        /// Line of the task.
        line: LineNo,
        /// What is missing.
        goods: Goods,
        /// How much.
        missing: Quantity,
        /// Where it should lie.
        bin: BinCode,
        /// Why.
        reason: Reason,
    },
    /// What was taken was put into a bin.
    Put {
        /// Line of the task.
        line: LineNo,
        /// What.
        goods: Goods,
        /// How much.
        quantity: Quantity,
        /// The license plate it stands on, if on one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plate: Option<Sscc>,
        /// In which status.
        #[serde(default)]
        status: Status,
        /// Who or what carried it.
        from: Place,
        /// To where.
        to: BinCode,
        /// Why another bin than told, if it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
    /// Goods in a bin have another status from now on, or were thrown away.
    Restated {
        /// Where.
        bin: BinCode,
        /// On which license plate, if on one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plate: Option<Sscc>,
        /// What.
        goods: Goods,
        /// How much.
        quantity: Quantity,
        /// Its status before.
        was: Status,
        /// Its status now; none: thrown away.
        becomes: Option<Status>,
        /// Why.
        reason: Reason,
    },
    /// A customer sent goods back.
    Returned {
        /// The return they were announced by, if they were.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderCode>,
        /// What.
        goods: Goods,
        /// How much.
        quantity: Quantity,
        /// Where they were put.
        bin: BinCode,
        /// In which status; none: thrown away.
        becomes: Option<Status>,
    },
    /// An item was made of others.
    Assembled {
        /// The order that asked for it.
        order: OrderCode,
        /// What was made.
        product: Goods,
        /// How much.
        quantity: Quantity,
        /// Where it was put.
        bin: BinCode,
        /// What went into it: each with how much and who or what carried it.
        consumed: Vec<(Goods, Quantity, Place)>,
    },
    /// A part of what is taken apart is not there to be used again. Moves no stock: [`Fact::Disassembled`] sums it up.
    PartLost {
        /// Line of the task.
        line: LineNo,
        /// The part.
        item: ItemCode,
        /// How much of it.
        quantity: Quantity,
        /// Why.
        reason: Reason,
    },
    /// An item was taken apart. Of one lot or serial only, so that its parts can be traced to it.
    Disassembled {
        /// The order that asked for it.
        order: OrderCode,
        /// What was taken apart.
        product: Goods,
        /// How much of it.
        quantity: Quantity,
        /// Who or what carried it.
        from: Place,
        /// What came out of it: each with how much and where it was put.
        parts: Vec<(Goods, Quantity, BinCode)>,
        /// What should have come out and did not.
        lost: Vec<(Goods, Quantity)>,
        /// Why another bin than told, if it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
    /// A worker read what the office wrote.
    MessageRead {
        /// The message's number.
        message: u64,
    },
    /// An earlier fact of this device was taken back.
    Undone {
        /// Its sequence number.
        seq: u64,
        /// The fact itself, so that this one can be understood alone.
        what: Box<Fact>,
    },
}
