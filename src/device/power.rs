//! The battery, as Linux tells of it under `/sys/class/power_supply`.

use crate::handheld::Power;
use std::fs;
use std::path::Path;

/// The first battery's charge; none where the system tells of none.
pub fn read() -> Option<Power> {
    from(Path::new("/sys/class/power_supply"))
}

fn from(folder: &Path) -> Option<Power> {
    let supplies = fs::read_dir(folder).ok()?;
    supplies.flatten().find_map(|supply| {
        let text = |name: &str| fs::read_to_string(supply.path().join(name)).ok();
        if text("type")?.trim() != "Battery" {
            return None;
        }
        let percent = text("capacity")?.trim().parse::<u8>().ok()?.min(100);
        let charging =
            text("status").is_some_and(|status| matches!(status.trim(), "Charging" | "Full"));
        Some(Power { percent, charging })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_battery_is_found_among_other_supplies() {
        let folder = tempfile::tempdir().expect("a folder");
        for (supply, kind) in [("AC", "Mains"), ("BAT0", "Battery")] {
            let supply = folder.path().join(supply);
            fs::create_dir(&supply).expect("a folder");
            fs::write(supply.join("type"), format!("{kind}\n")).expect("a file");
            fs::write(supply.join("capacity"), "87\n").expect("a file");
            fs::write(supply.join("status"), "Charging\n").expect("a file");
        }
        assert_eq!(
            from(folder.path()),
            Some(Power {
                percent: 87,
                charging: true
            })
        );
        assert_eq!(from(&folder.path().join("nowhere")), None);
    }
}
