//! Telling other systems by webhooks, in the manner of Standard Webhooks: what happened is written in the transaction in
//! which it happened, and sent from there, so that nobody on the floor waits for anybody's server.
//!
//! Each event goes out at least once, under one id for ever; those of a warehouse go to each address in the order in which
//! they were committed, and none before the one before it was taken. An address that takes nothing for three days is given
//! up with an exception that people see, and goes on where it stood when they say so.

mod address;
mod courier;
mod event;
mod keep;
mod lane;
mod messenger;
mod round;
mod sign;

pub use address::NoAddress;
pub use courier::Courier;
pub use event::{EVENTS, EventKind};
pub(super) use event::{begin_life, exception_opened, facts_arrived, forget, order_changed};
pub use keep::{From, HookRecord, LaneRecord, NewHook, NoHook};
pub use messenger::Messenger;
pub use round::Told;
pub use sign::signature;
