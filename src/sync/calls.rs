//! The office's calls as the handheld makes them, and how one can fail. Over HTTPS in [`super::Link`];
//! in tests straight into an office in the same process.

use super::{Claim, Claimed, Enrol, Enrolled, Manifest, Page, Push, Pushed, Refused};
use crate::warehouse::SafeText;
use std::time::Duration;

/// Why a call brought nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallFailed {
    /// The office did not answer, or not in time. Whether it heard the call is not known.
    #[error("no answer from the office: {0}")]
    Unreachable(SafeText),
    /// What answered is not an office, or its answer was cut.
    #[error("the answer makes no sense: {0}")]
    Garbled(SafeText),
    /// The office will not.
    #[error("{}", .refused.note)]
    Refused {
        /// Why.
        refused: Refused,
        /// How long the office asks to be left alone.
        retry_after: Option<Duration>,
    },
}

/// One office, as far as a handheld calls it. A call that failed may be made again at will.
pub trait Calls {
    /// Facts go up.
    fn push(&mut self, push: &Push) -> Result<Pushed, CallFailed>;
    /// News after `after`; waits so many seconds for some.
    fn page(&mut self, after: u64, wait_s: u64) -> Result<Page, CallFailed>;
    /// The right to work on tasks.
    fn claim(&mut self, claim: &Claim) -> Result<Claimed, CallFailed>;
    /// What a ready cache file is made of.
    fn manifest(&mut self) -> Result<Manifest, CallFailed>;
    /// One page of that file, unpacked.
    fn snapshot_page(&mut self, id: &str, page: usize) -> Result<Vec<u8>, CallFailed>;
}

/// An office that takes handhelds in.
pub trait Welcome {
    /// Asks to be taken in.
    fn enrol(&mut self, ask: &Enrol) -> Result<Enrolled, CallFailed>;
}
