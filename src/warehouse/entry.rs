//! Entries: rows of a handheld's journal, each a fact with who, when and in which task.

use super::{Fact, Task, TaskId, Timestamp, WorkerCode};
use serde::{Deserialize, Serialize};

/// One row of a device's journal: a fact with who, when and in which task.
///
/// `seq` counts from 1 without a gap, per device and epoch. Rows of one act (one scan, one key) share `act`,
/// which is the `seq` of the first of them: they are on disk all together or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Place in the journal.
    pub seq: u64,
    /// `seq` of the first row of the same act.
    pub act: u64,
    /// Wall clock of the device: evidence, not order.
    pub at: Timestamp,
    /// Who had the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker: Option<WorkerCode>,
    /// The task it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// What was scanned or keyed, as shown text, if that is what led to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// What happened.
    pub fact: Fact,
}

impl Entry {
    /// The task that was opened by this entry, at its beginning, if it opened one.
    pub fn opened(&self) -> Option<Task> {
        match (&self.fact, &self.task) {
            (Fact::TaskOpened { job }, Some(id)) => {
                Some(Task::opened(id.clone(), job.as_ref().clone()))
            }
            _ => None,
        }
    }
}
