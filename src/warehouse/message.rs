//! Messages from the office to those on the floor.

use super::{SafeText, Timestamp, WorkerCode};
use serde::{Deserialize, Serialize};

/// What the office wants a worker to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its number in the warehouse.
    pub id: u64,
    /// Whom it is for; everyone if nobody is named.
    #[serde(default)]
    pub to: Option<WorkerCode>,
    /// What it says.
    pub text: SafeText,
    /// When it was written.
    pub at: Timestamp,
}

impl Message {
    /// Most characters of a text: what a small screen can show.
    pub const LONGEST: usize = 160;

    /// Whether this worker should read it.
    pub fn is_for(&self, worker: &WorkerCode) -> bool {
        self.to.as_ref().is_none_or(|to| to == worker)
    }
}
