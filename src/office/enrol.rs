//! Who may speak to the office: one-time invitations, device tokens, freezing and revoking.

use super::database::{Tx, values};
use super::{Error, Office, incarnation, lease};
use crate::sync::{Enrol, Enrolled, RefusedKind, Was};
use crate::warehouse::{DeviceId, SafeText, Timestamp, WarehouseCode};
use chrono::TimeDelta;
use sha2::{Digest, Sha256};

/// A handheld that the office knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its name.
    pub id: DeviceId,
    /// Its warehouse.
    pub warehouse: WarehouseCode,
}

/// Whether a handheld may speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceState {
    /// It may.
    Active,
    /// Not until a person has looked.
    Frozen,
    /// Never again.
    Revoked,
}

/// What the office knows of a handheld.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRecord {
    /// Who.
    pub device: Device,
    /// What people call it.
    pub name: SafeText,
    /// Whether it may speak.
    pub state: DeviceState,
    /// Why not, if not.
    pub why: SafeText,
    /// When it was last heard of.
    pub seen_at: Timestamp,
}

/// An invitation for one handheld.
#[derive(Clone, PartialEq, Eq)]
pub struct Invited {
    /// The one-time code: 128 bits as 32 hexadecimal digits.
    pub code: String,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

/// Random bytes from the system, as hexadecimal digits.
pub(super) fn random_hex<const N: usize>() -> Result<String, Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Error::Random)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

// A secret of 128 bits and more needs no slow hash; it is looked up by its hash, so no comparison leaks its bytes.
pub(super) fn hashed(secret: &str) -> String {
    Sha256::digest(secret.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// How many facts of a journal are here.
fn facts_of(tx: &Tx, was: &Was) -> Result<u64, Error> {
    let sql = "SELECT acked FROM journals WHERE device = ?1 AND epoch = ?2";
    let known = tx.first(sql, values![was.device.as_str(), was.epoch])?;
    Ok(known.map_or(Ok(0), |row| row.count("acked"))?)
}

impl Office {
    /// Invites one handheld to a warehouse, for so many minutes.
    pub fn invite(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
        minutes: u32,
    ) -> Result<Invited, Error> {
        self.write(|tx| invite(tx, now, warehouse, minutes))
    }

    /// Takes a handheld in. The code is used up.
    pub fn enrol(&self, now: Timestamp, ask: &Enrol) -> Result<Enrolled, Error> {
        let wrong = || {
            Error::refused(
                RefusedKind::Code,
                "This code is wrong, used or too old. Ask the office for a new one.",
            )
        };
        let token = random_hex::<32>()?;
        self.write(|tx| {
            let sql = "SELECT i.warehouse, i.expires_at, w.name FROM invitations i JOIN warehouses w ON w.code = i.warehouse
                       WHERE i.code_hash = ?1 AND i.device = ''";
            let row = tx.first(sql, values![hashed(ask.code.trim())])?.ok_or_else(wrong)?;
            let expires_at: Timestamp = row.parse("expires_at")?;
            if now > expires_at {
                return Err(wrong());
            }
            let warehouse: WarehouseCode = row.parse("warehouse")?;
            let number = tx.next("", "device")?;
            let device: DeviceId = format!("HH-{number:03}").parse().expect("a number makes a code");
            let sql = "INSERT INTO devices (device, warehouse, name, token_hash, state, why, enrolled_at, seen_at)
                       VALUES (?1, ?2, ?3, ?4, 'active', '', ?5, ?5)";
            let name = ask.name.as_str();
            tx.run(sql, values![device.as_str(), warehouse.as_str(), name, hashed(&token), now.to_rfc3339()])?;
            let sql = "UPDATE invitations SET device = ?2 WHERE code_hash = ?1";
            tx.run(sql, values![hashed(ask.code.trim()), device.as_str()])?;
            let warehouse_name = SafeText::new(row.text("name")?);
            let there = ask.was.as_ref().map(|was| facts_of(tx, was)).transpose()?;
            Ok(Enrolled { device, token: token.clone(), warehouse, warehouse_name, incarnation: incarnation(tx)?, there })
        })
    }

    /// Whose token this is. Refused if it is nobody's, or if the device was revoked or frozen.
    pub fn device_of(&self, token: &str) -> Result<Device, Error> {
        self.database.read(|tx| {
            let sql = "SELECT device, warehouse, state, why FROM devices WHERE token_hash = ?1";
            let unknown = || {
                Error::refused(
                    RefusedKind::Device,
                    "The office does not know this handheld. Enrol it anew.",
                )
            };
            let row = tx.first(sql, values![hashed(token)])?.ok_or_else(unknown)?;
            match row.text("state")? {
                "active" => Ok(Device {
                    id: row.parse("device")?,
                    warehouse: row.parse("warehouse")?,
                }),
                "frozen" => Err(Error::refused(RefusedKind::Fork, row.text("why")?)),
                _ => Err(Error::refused(
                    RefusedKind::Device,
                    "This handheld was struck off. Bring it to the office.",
                )),
            }
        })
    }

    /// All handhelds, by warehouse.
    pub fn devices(&self) -> Result<Vec<DeviceRecord>, Error> {
        self.database.read(|tx| {
            let sql = "SELECT device, warehouse, name, state, why, seen_at FROM devices ORDER BY warehouse, device";
            let read = |row: &super::database::Row| {
                Ok(DeviceRecord {
                    device: Device { id: row.parse("device")?, warehouse: row.parse("warehouse")? },
                    name: SafeText::new(row.text("name")?),
                    state: match row.text("state")? {
                        "active" => DeviceState::Active,
                        "frozen" => DeviceState::Frozen,
                        _ => DeviceState::Revoked,
                    },
                    why: SafeText::new(row.text("why")?),
                    seen_at: row.parse("seen_at")?,
                })
            };
            tx.rows(sql, &[])?.iter().map(read).collect()
        })
    }

    /// Strikes a handheld off: from its next call on it is refused, and others may go on with its work.
    pub fn revoke(&self, device: &DeviceId) -> Result<(), Error> {
        self.write(|tx| revoke(tx, device))
    }

    /// Stops a handheld until a person has looked.
    pub(super) fn freeze(&self, device: &DeviceId, why: &str) -> Result<(), Error> {
        self.write(|tx| turn(tx, device, &["active", "frozen"], "frozen", why))
    }

    /// Lets a frozen handheld speak again; one that was struck off stays so.
    pub fn unfreeze(&self, device: &DeviceId) -> Result<(), Error> {
        self.write(|tx| turn(tx, device, &["frozen"], "active", ""))
    }
}

/// Invites one handheld to a warehouse, for so many minutes.
pub(super) fn invite(
    tx: &Tx,
    now: Timestamp,
    warehouse: &WarehouseCode,
    minutes: u32,
) -> Result<Invited, Error> {
    let invited = Invited {
        code: random_hex::<16>()?,
        expires_at: now + TimeDelta::minutes(i64::from(minutes)),
    };
    let sql = "SELECT code FROM warehouses WHERE code = ?1";
    let known = tx.first(sql, values![warehouse.as_str()])?;
    known.ok_or_else(|| Error::Unknown {
        what: "warehouse",
        code: warehouse.to_string(),
    })?;
    let sql = "INSERT INTO invitations (code_hash, warehouse, expires_at, device) VALUES (?1, ?2, ?3, '')";
    let (code, until) = (hashed(&invited.code), invited.expires_at.to_rfc3339());
    tx.run(sql, values![code, warehouse.as_str(), until])?;
    Ok(invited)
}

/// Strikes a handheld off, and frees its work.
pub(super) fn revoke(tx: &Tx, device: &DeviceId) -> Result<(), Error> {
    let why = "struck off by a person";
    turn(tx, device, &["active", "frozen"], "revoked", why)?;
    lease::give_up(tx, device)
}

/// A device that is in one of these states is in another from now on. Error: there is none such.
fn turn(tx: &Tx, device: &DeviceId, from: &[&str], to: &str, why: &str) -> Result<(), Error> {
    let sql = "UPDATE devices SET state = ?3, why = ?4 WHERE device = ?1 AND state = ?2";
    let mut turned = 0;
    for from in from {
        turned += tx.run(sql, values![device.as_str(), *from, to, why])?;
    }
    match turned {
        0 => Err(Error::Unknown {
            what: if to == "active" {
                "frozen handheld"
            } else {
                "handheld that speaks, named"
            },
            code: device.to_string(),
        }),
        _ => Ok(()),
    }
}

/// Notes that a device was heard of.
pub(super) fn seen(tx: &Tx, now: Timestamp, device: &DeviceId) -> Result<(), Error> {
    tx.run(
        "UPDATE devices SET seen_at = ?2 WHERE device = ?1",
        values![device.as_str(), now.to_rfc3339()],
    )?;
    Ok(())
}
