//! A folder as a crash can leave it. What was synced is there; of what was not, any part may be.

use crate::sim::Dice;
use std::collections::BTreeMap;
use std::path::Path;

/// A part of a file that a disk writes as a whole.
const SECTOR: usize = 512;

/// What a process did to a folder, in the order in which it was done. A file is known by a number, whatever its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A new file got a name.
    Named { name: String, file: usize },
    /// A name is gone.
    Gone { name: String },
    /// A file has another name; whoever had that name is gone.
    Renamed { from: String, to: String },
    /// Bytes were put into a file.
    Written {
        file: usize,
        at: usize,
        bytes: Vec<u8>,
    },
    /// A file was cut, or grew with zeros.
    Sized { file: usize, size: usize },
    /// What was done to a file before the step of this number is durable.
    Synced { file: usize, before: usize },
    /// The names as they were before the step of this number are durable.
    FolderSynced { before: usize },
    /// A fact of this number beeped.
    Beep(u64),
}

impl Step {
    /// In a few words.
    pub fn told(&self) -> String {
        match self {
            Self::Written { file, at, bytes } => {
                format!("{} bytes into {file} at {at}", bytes.len())
            }
            other => format!("{other:?}"),
        }
    }
}

/// What is durable, and what is not yet.
#[derive(Default)]
pub struct Disk<'a> {
    names: Vec<&'a Step>,
    durable_names: usize,
    files: BTreeMap<usize, File<'a>>,
    pub beeped: u64,
}

#[derive(Default)]
struct File<'a> {
    steps: Vec<&'a Step>,
    durable: usize,
}

impl<'a> Disk<'a> {
    /// As it is after these steps.
    pub fn at(steps: &'a [Step]) -> Self {
        let mut disk = Self::default();
        // How many of the steps before each step concern the names, or a file.
        let mut names_before = Vec::new();
        let mut files_before: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, step) in steps.iter().enumerate() {
            names_before.push(disk.names.len());
            match step {
                Step::Named { .. } | Step::Gone { .. } | Step::Renamed { .. } => {
                    disk.names.push(step);
                }
                Step::Written { file, .. } | Step::Sized { file, .. } => {
                    disk.files.entry(*file).or_default().steps.push(step);
                    files_before.entry(*file).or_default().push(number);
                }
                Step::Synced { file, before } => {
                    let done = files_before
                        .get(file)
                        .map_or(0, |all| all.partition_point(|n| n < before));
                    let file = disk.files.entry(*file).or_default();
                    file.durable = file.durable.max(done);
                }
                Step::FolderSynced { before } => {
                    let done = names_before[*before.min(&number)];
                    disk.durable_names = disk.durable_names.max(done);
                }
                Step::Beep(seq) => disk.beeped = *seq,
            }
        }
        disk
    }

    /// Makes the folder. Chance 0: all was written; 1: nothing that was not durable; others: any part of it.
    pub fn write(&self, dir: &Path, chance: u64, dice: &mut Dice) {
        std::fs::create_dir(dir).unwrap();
        let names = match chance {
            0 => self.names.len(),
            1 => self.durable_names,
            _ => {
                let open = self.names.len() - self.durable_names;
                self.durable_names + usize::try_from(dice.below(open as u64 + 1)).unwrap()
            }
        };
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        for step in &self.names[..names] {
            match step {
                Step::Named { name, file } => drop(found.insert(name, *file)),
                Step::Gone { name } => drop(found.remove(name.as_str())),
                Step::Renamed { from, to } => {
                    let file = found.remove(from.as_str());
                    found.extend(file.map(|file| (to.as_str(), file)));
                }
                _ => {}
            }
        }
        let nothing = File::default();
        for (name, file) in found {
            // What SQLite shares between processes is never read after a crash.
            if !name.ends_with("-shm") {
                let file = self.files.get(&file).unwrap_or(&nothing);
                std::fs::write(dir.join(name), file.bytes(chance, dice)).unwrap();
            }
        }
    }
}

impl File<'_> {
    fn bytes(&self, chance: u64, dice: &mut Dice) -> Vec<u8> {
        let mut found = Vec::new();
        for (number, step) in self.steps.iter().enumerate() {
            let is_durable = number < self.durable;
            if !is_durable && chance == 1 {
                break;
            }
            let all = is_durable || chance == 0;
            match step {
                Step::Sized { size, .. } if all || dice.once_in(2) => found.resize(*size, 0),
                Step::Written { at, bytes, .. } => put(&mut found, *at, bytes, all, dice),
                _ => {}
            }
        }
        found
    }
}

/// Puts bytes into a file, or any of the sectors that they touch.
fn put(found: &mut Vec<u8>, at: usize, bytes: &[u8], all: bool, dice: &mut Dice) {
    let end = at + bytes.len();
    let mut from = at;
    while from < end {
        let to = end.min((from / SECTOR + 1) * SECTOR);
        if all || dice.once_in(2) {
            if found.len() < to {
                found.resize(to, 0);
            }
            found[from..to].copy_from_slice(&bytes[from - at..to - at]);
        }
        from = to;
    }
}
