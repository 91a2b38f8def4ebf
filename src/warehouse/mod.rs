//! The words of the trade: what a warehouse is made of and what can happen in it.
//! Pure values, made by parsing and right ever after; every other room speaks in them.

mod apart;
mod area;
mod bin;
mod chain;
mod change;
mod code;
mod entry;
mod fact;
mod fit;
mod floor;
mod gtin;
mod item;
mod known;
mod language;
mod message;
mod moves;
mod order;
mod parts;
mod pick;
mod place;
mod plate;
mod quantity;
mod reason;
mod recall;
mod receive;
mod relay;
mod ship;
mod shipment;
mod skills;
mod step;
mod stock;
mod tag;
mod task;
mod text;
mod worker;

pub use apart::{DisassembleJob, MadeOf, PartLine};
pub use area::Area;
pub use bin::{BadMixing, Bin, BinKind, Limits, Mixing};
pub use chain::Link;
pub use change::{Change, StockRow};
pub use code::{
    BadCode, BadgeCode, BinCode, CartonCode, DeviceId, EquipmentCode, HazardClass, ItemCode,
    LotCode, OrderCode, SerialCode, TaskId, ToteCode, WarehouseCode, WorkerCode, ZoneCode,
};
pub use entry::Entry;
pub use fact::Fact;
pub use fit::{PutBy, Unfit, WhyBin};
pub use floor::Floor;
pub use gtin::{BadGtin, Gtin, check_digit, check_digit_of};
pub use item::{BadTemperature, Barcode, Goods, Handling, Item, Temperature, Tracking};
pub use known::Known;
pub use language::{BadLanguage, Language};
pub use message::Message;
pub use moves::Move;
pub use order::{LineNo, OrderKind};
pub use parts::parts;
pub use pick::{Allowed, PickJob, PickLine, PickOrder, PickRules};
pub use place::{BadPlace, Place, Spot, Status};
pub use plate::{BadSscc, Sscc};
pub use quantity::{BadQuantity, Quantity};
pub use reason::Reason;
pub use recall::{CalledBack, Onward};
pub use receive::{ReceiveJob, ReceiveLine};
pub use relay::{ComesFrom, GoesTo, Leg};
pub use ship::{CartonType, LabelOf, Packing, Weighing};
pub use shipment::{CodeProof, DeliverJob, LoadJob, ShipCarton, Shipment, Stop};
pub use skills::{Lack, Outline, Point, Skills};
pub use stock::{
    AssembleJob, CountBin, CountJob, MoveJob, MoveLine, RestateJob, ReturnJob, ReturnLine,
};
pub use tag::TagCode;
pub use task::{BadJobKind, Job, JobKind, Lease, PackJob, PackLine, PutawayJob, PutawayLine, Task};
pub use text::{SafeText, is_plain};
pub use worker::{Role, Worker};

/// A moment, to the millisecond, in UTC. Evidence of when, never of order: order is `seq`.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
