//! Records of people: workers, and those the company trades with.

use super::database::{Tx, values};
use super::{Error, feed};
use crate::warehouse::{
    BadgeCode, Language, OrderKind, Role, SafeText, Skills, WarehouseCode, Worker, WorkerCode,
};

/// A worker as the office knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerRecord {
    /// Their warehouse.
    pub warehouse: WarehouseCode,
    /// What handhelds know of them.
    pub worker: Worker,
}

/// What goes with a supplier or customer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PartnerTerms {
    /// All that they send is looked at first.
    pub inspect: bool,
    /// For how many days what they get must be good.
    pub min_life_days: u32,
    /// Whether something else may go instead of what is not there.
    pub takes_substitutes: bool,
}

pub(crate) fn put_worker(tx: &Tx, record: &WorkerRecord) -> Result<(), Error> {
    let sql = "INSERT INTO workers (warehouse, code, name, badge, pin, role, jobs, zones, equipment, language)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
               ON CONFLICT (warehouse, code) DO UPDATE SET name = excluded.name, badge = excluded.badge,
                   pin = COALESCE(excluded.pin, workers.pin), role = excluded.role, jobs = excluded.jobs,
                   zones = excluded.zones, equipment = excluded.equipment, language = excluded.language";
    let skills = &record.worker.skills;
    let worker = &record.worker;
    let role = if worker.role == Role::Lead {
        "lead"
    } else {
        "picker"
    };
    let (code, name) = (worker.code.as_str(), worker.name.as_str());
    tx.run(
        sql,
        values![
            record.warehouse.as_str(),
            code,
            name,
            worker.badge.as_str(),
            worker.pin.clone(),
            role,
            list(&skills.jobs, |job| job.as_str()),
            list(&skills.zones, |zone| zone.as_str()),
            list(&skills.equipment, |kind| kind.as_str()),
            worker.language.map_or("", Language::as_str)
        ],
    )?;
    feed::announce(
        tx,
        record.warehouse.as_str(),
        "worker",
        worker.code.as_str(),
    )
}

pub(crate) fn put_partner(
    tx: &Tx,
    kind: OrderKind,
    code: &str,
    name: &SafeText,
    terms: PartnerTerms,
) -> Result<(), Error> {
    let sql = "INSERT INTO partners (kind, code, name, inspect, min_life_days, takes_substitutes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (kind, code) DO UPDATE SET name = excluded.name, inspect = excluded.inspect,
                   min_life_days = excluded.min_life_days, takes_substitutes = excluded.takes_substitutes";
    let PartnerTerms {
        inspect,
        min_life_days,
        takes_substitutes,
    } = terms;
    let kind = if kind == OrderKind::Receipt {
        "supplier"
    } else {
        "customer"
    };
    let name = name.as_str();
    let row = values![kind, code, name, inspect, min_life_days, takes_substitutes];
    tx.run(sql, row)?;
    Ok(())
}

pub(super) fn worker(tx: &Tx, warehouse: &str, code: &str) -> Result<Option<Worker>, Error> {
    let sql = "SELECT code, name, badge, pin, role, jobs, zones, equipment, language FROM workers WHERE warehouse = ?1 AND code = ?2";
    let Some(row) = tx.first(sql, values![warehouse, code])? else {
        return Ok(None);
    };
    Ok(Some(Worker {
        code: row.parse::<WorkerCode>("code")?,
        name: SafeText::new(row.text("name")?),
        badge: row.parse::<BadgeCode>("badge")?,
        pin: row.maybe("pin").map(str::to_owned),
        role: if row.text("role")? == "lead" {
            Role::Lead
        } else {
            Role::Picker
        },
        skills: Skills {
            jobs: parts(&row, "jobs")?,
            zones: parts(&row, "zones")?,
            equipment: parts(&row, "equipment")?,
        },
        language: row.parse_maybe("language")?,
    }))
}

/// A list as a column holds it.
fn list<T>(things: &[T], text: impl Fn(&T) -> &str) -> String {
    things.iter().map(text).collect::<Vec<_>>().join(";")
}

fn parts<T: std::str::FromStr>(
    row: &super::database::Row,
    name: &'static str,
) -> Result<Vec<T>, Error> {
    let text = row.text(name)?;
    let bad = || super::database::Error::Unreadable {
        what: name,
        text: text.to_owned(),
    };
    let each = |part: &str| part.parse().map_err(|_| Error::Database(bad()));
    text.split(';')
        .filter(|part| !part.is_empty())
        .map(each)
        .collect()
}
