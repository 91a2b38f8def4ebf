//! Between handheld and office: facts go up, changes come down, and either may be said again at will.

mod message;

pub use message::{
    Claim, Claimed, Enrol, Enrolled, HEADER_PROTOCOL, Limits, Manifest, Outcome, OutcomeKind,
    PROTOCOL, PROTOCOL_OLDEST, Page, Push, Pushed, Refused, RefusedKind, Row,
};
