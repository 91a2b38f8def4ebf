//! Messages from the office to those on the floor.

use super::{CalledBack, SafeText, Timestamp, WorkerCode};
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
    /// The goods that it calls back, for as long as it stands: whether or not it was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub called_back: Vec<CalledBack>,
}

impl Message {
    /// Most characters of a text: what a small screen can show.
    pub const LONGEST: usize = 160;

    /// Whether this worker should read it.
    pub fn is_for(&self, worker: &WorkerCode) -> bool {
        self.to.as_ref().is_none_or(|to| to == worker)
    }
}
