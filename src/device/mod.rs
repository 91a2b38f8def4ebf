//! The hands that touch wires: scanners on serial ports, scanners that type, label printers, scales, the bell, the battery.
//! Each does one kind of I/O and decides nothing about the work.

mod bell;
mod power;
mod printer;
pub mod rfid;
mod scale;
mod serial;
pub mod ssi;
mod ssi_host;
mod ssi_order;
mod wedge;

pub use bell::{Ringer, strike, strokes};
pub use power::read as power;
pub use printer::{Flow, PrintOrder, PrinterSettings, Printing, print};
pub use scale::{ScaleProtocol, ScaleSettings, WeightUnit, weigh};
pub use serial::{
    Heard, ParityBit, PortSettings, Protocol, Taken, candidates, listen, listen_and_order,
};
pub use ssi_host::{SsiEvent, SsiHost};
pub use ssi_order::Order;
pub use wedge::{Typed, Wedge};
