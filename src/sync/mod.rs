//! Between handheld and office: facts go up, changes come down, and either may be said again at will.

mod invitation;
mod message;

pub use invitation::{BadInvitation, Invitation};
pub use message::{
    Claim, Claimed, Enrol, Enrolled, HEADER_PROTOCOL, Limits, Manifest, Outcome, OutcomeKind,
    PROTOCOL, PROTOCOL_OLDEST, Page, Push, Pushed, Refused, RefusedKind, Row,
};
