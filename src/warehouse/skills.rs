//! What workers can be given to do, and what a task asks of whoever does it.

use super::{EquipmentCode, JobKind, ZoneCode};
use serde::{Deserialize, Serialize};

/// A point of the warehouse's floor, in centimetres from the layout's origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Across the aisles.
    pub x_cm: i32,
    /// Along the aisles.
    pub y_cm: i32,
}

impl Point {
    /// How far it is to another point if one walks along and across aisles only. Centimetres; never too large to tell.
    pub const fn walk_cm(self, to: Self) -> u64 {
        self.x_cm.abs_diff(to.x_cm) as u64 + self.y_cm.abs_diff(to.y_cm) as u64
    }
}

/// What a worker can be given to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Skills {
    /// The kinds of work; all if none is named.
    pub jobs: Vec<JobKind>,
    /// The zones; all if none is named.
    pub zones: Vec<ZoneCode>,
    /// The equipment they may drive: only what is named.
    pub equipment: Vec<EquipmentCode>,
}

/// What can be told of a task without reading its job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outline {
    /// The zones it leads to.
    pub zones: Vec<ZoneCode>,
    /// The equipment it needs.
    pub equipment: Vec<EquipmentCode>,
    /// Where it begins, if known.
    pub begins: Option<Point>,
    /// Where it ends, if known.
    pub ends: Option<Point>,
}

/// What a worker lacks for a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// It is not their kind of work.
    Job(JobKind),
    /// They do not work there.
    Zone(ZoneCode),
    /// They may not drive this.
    Equipment(EquipmentCode),
}

impl Skills {
    /// What is lacking for a task of this kind and outline, if anything is.
    pub fn lack(&self, kind: JobKind, outline: &Outline) -> Option<Lack> {
        let drives = |needed: &&EquipmentCode| !self.equipment.contains(needed);
        if let Some(needed) = outline.equipment.iter().find(drives) {
            return Some(Lack::Equipment(needed.clone()));
        }
        if !self.jobs.is_empty() && !self.jobs.contains(&kind) {
            return Some(Lack::Job(kind));
        }
        let strange = |zone: &&ZoneCode| !self.zones.is_empty() && !self.zones.contains(zone);
        outline.zones.iter().find(strange).cloned().map(Lack::Zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_no_list_does_all_but_drive() {
        let outline = Outline {
            zones: vec!["A".parse().unwrap()],
            ..Outline::default()
        };
        let anyone = Skills::default();
        assert_eq!(anyone.lack(JobKind::Pick, &outline), None);
        let high = Outline {
            equipment: vec!["REACH".parse().unwrap()],
            ..outline
        };
        let lack = anyone.lack(JobKind::Pick, &high);
        assert_eq!(lack, "REACH".parse().ok().map(Lack::Equipment));
    }

    #[test]
    fn other_work_and_other_zones_are_lacking_by_name() {
        let skills = Skills {
            jobs: vec![JobKind::Pick],
            zones: vec!["A".parse().unwrap()],
            equipment: Vec::new(),
        };
        let outline = |zones: &[&str]| Outline {
            zones: zones.iter().map(|zone| zone.parse().unwrap()).collect(),
            ..Outline::default()
        };
        assert_eq!(skills.lack(JobKind::Pick, &outline(&["A"])), None);
        let lack = skills.lack(JobKind::Pack, &outline(&["A"]));
        assert_eq!(lack, Some(Lack::Job(JobKind::Pack)));
        let lack = skills.lack(JobKind::Pick, &outline(&["A", "B"]));
        assert_eq!(lack, "B".parse().ok().map(Lack::Zone));
    }
}
