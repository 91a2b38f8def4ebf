//! Why a label says nothing that can be used, in words for the floor.

use super::{digital_link, envelope, gs1};
use crate::warehouse::{BadGtin, BadSscc};

/// Why a label says nothing that can be used. The sentences say what to do next and fit on three rows of a handheld.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No bytes.
    #[error("The label is empty. Scan again.")]
    Empty,
    /// More than a label can hold.
    #[error("That is too long for a label. Scan one label alone.")]
    TooLong,
    /// Characters that no code has.
    #[error("The label holds characters that no code has. Print it anew.")]
    NotPlain,
    /// A GS1 label that is not good.
    #[error("GS1: {0}. {next}", next = next(.0))]
    Gs1(gs1::Fault),
    /// A GS1 web address that is not good.
    #[error("GS1 link: {0}. Scan another label.")]
    Link(digital_link::Fault),
    /// An envelope that is not good.
    #[error("Shipping label: bad {0}. Scan another label.")]
    Envelope(envelope::Fault),
    /// A GTIN with a wrong check digit.
    #[error("GTIN misread: {0}. Scan again.")]
    Gtin(BadGtin),
    /// An SSCC with a wrong check digit.
    #[error("SSCC misread: {0}. Scan again.")]
    Sscc(BadSscc),
}

const fn next(fault: &gs1::Fault) -> &'static str {
    if fault.is_misread() {
        "Scan again."
    } else {
        "Scan another label."
    }
}
