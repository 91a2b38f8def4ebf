//! The memory's copy to practise on: a folder of its own beside what counts.

use super::Memory;
use crate::store::{Error, practice};
use crate::warehouse::Timestamp;
use std::path::PathBuf;

impl Memory {
    /// A copy of it as it is now, to practise on. One that was left over is gone.
    pub fn practise(&self, now: Timestamp) -> Result<Self, Error> {
        let dir = self.practice();
        practice::copy(&self.journal, &self.cache, &dir)?;
        let (copy, _, _) = Self::open(&dir, now)?;
        Ok(copy)
    }

    /// Deletes the copy, if there is one: also one that a power cut left behind.
    pub fn end_practice(&self) -> Result<(), Error> {
        practice::forget(&self.practice())
    }

    fn practice(&self) -> PathBuf {
        self.dir.join("practice")
    }
}
