//! Between handheld and office: facts go up, changes come down, and either may be said again at will.

mod backoff;
mod calls;
mod client;
mod invitation;
mod link;
mod message;
mod packing;
mod pull;
mod push;

pub use calls::{CallFailed, Calls, Welcome};
pub use client::{Client, Told};
pub use invitation::{BadInvitation, Invitation};
pub use link::Link;
pub use message::{
    Claim, Claimed, Enrol, Enrolled, HEADER_PROTOCOL, Limits, Manifest, Outcome, OutcomeKind,
    PROTOCOL, PROTOCOL_OLDEST, Page, Push, Pushed, Refused, RefusedKind, Row, Was,
};
pub use packing::{NotUnpacked, pack, unpack, unpack_at_most};
pub use pull::{Brought, NotPulled, Puller};
pub use push::{Heard, NotPushed, Pusher};
