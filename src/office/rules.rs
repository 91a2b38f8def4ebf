//! Rules of picking: which stock an order gets, which orders share a cart, what a worker may do other than told, and what
//! follows from it. One document a warehouse, changed by people; what it leaves out is as it comes built in.

use super::database::Tx;
use super::{Error, Office, records};
use crate::sync::RefusedKind;
use crate::warehouse::{
    BinCode, ItemCode, PickRules, Point, PutBy, Quantity, Reason, WarehouseCode, ZoneCode,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The rules of a warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Which stock goes first.
    pub rotation: Rotation,
    /// The same for single items, where it is another.
    pub rotation_of: BTreeMap<ItemCode, Rotation>,
    /// Pick faces go before reserve, whatever its age; else only stock of the same age.
    pub faces_first: bool,
    /// Whole pallets and whole cases of what is wanted come from reserve, only the rest from pick faces.
    pub full_first: bool,
    /// Which orders are picked together.
    pub carts: CartRules,
    /// Which zones are picked apart, in the order in which the totes go through them; none: an order is picked in one walk.
    pub zones: Vec<ZoneRule>,
    /// When waves are released by themselves, where orders wait for one.
    pub waves: WaveRules,
    /// What is not in stock when its order is released waits for it, and goes after the rest by itself; else it is given up.
    pub back_orders: bool,
    /// How one walks.
    pub floor: FloorRules,
    /// What a worker may do other than told.
    pub picking: PickRules,
    /// Where a picker is asked how many are left.
    pub ask_left: AskLeft,
    /// What a customer takes instead is offered to the picker, with where it lies.
    pub offer_instead: bool,
    /// What follows when a line falls short, by the reason; for others [`AfterShort::default`].
    pub after_short: BTreeMap<Reason, AfterShort>,
    /// By which rule a bin may be found for goods that came in, the first that finds one; what is not listed is not tried.
    pub putaway: Vec<PutBy>,
}

/// Which stock goes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rotation {
    /// What expires first; of what does not expire, what came first.
    #[default]
    Fefo,
    /// What came first.
    Fifo,
    /// What came last.
    Lifo,
}

/// Which orders are picked together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CartRules {
    /// Most orders on a cart, each in a tote of its own; 1: every order is picked alone.
    pub totes: u32,
    /// Most lines on a cart.
    pub lines: u32,
    /// Most weight on a cart, in grams; items without a weight weigh nothing.
    pub weight_g: u64,
    /// An order with so many lines is picked alone; 0: none is.
    pub alone_from_lines: u32,
    /// Orders due within the same so many minutes may share a cart, if they are as urgent; 0: due at the same moment.
    pub due_within_minutes: u32,
    /// Orders wait until a person plans a wave; else they become work as soon as they come in.
    pub wait_for_wave: bool,
}

/// A zone that is picked apart from others, by its own workers. What lies in zones without a rule is picked together, last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneRule {
    /// The zone.
    pub zone: ZoneCode,
    /// Where the zone before leaves its totes for this one. If none, both are picked at once, and what each picked for an
    /// order comes together where it is packed.
    #[serde(default)]
    pub buffer: Option<BinCode>,
}

/// Where a picker is asked in passing how many are left: a count for nothing but a look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AskLeft {
    /// Where by the book no more than so many are left; nowhere if none.
    pub at_most: Option<Quantity>,
    /// The same for single items, where it is another.
    pub of: BTreeMap<ItemCode, Quantity>,
    /// Where a pick face falls below what should be in it.
    pub below_least: bool,
}

/// When waves are released by themselves. Only where `carts.wait_for_wave` says that orders wait for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WaveRules {
    /// At these times of the day.
    pub at: Vec<WaveTime>,
    /// As soon as so many orders wait; 0: not for their number.
    pub orders: u32,
    /// What is due within so many minutes waits for no wave; 0: it does.
    pub urgent_minutes: u32,
    /// Most orders of one wave, the most urgent ones.
    pub most_orders: u32,
}

impl Default for WaveRules {
    fn default() -> Self {
        Self {
            at: Vec::new(),
            orders: 0,
            urgent_minutes: 0,
            most_orders: 300,
        }
    }
}

/// A wave of every day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaveTime {
    /// When it is released: the cut-off for what goes with it. Where the office stands.
    pub at: TimeOfDay,
    /// What is due later than this, by the next time a clock shows it, waits for another wave; what has no date goes along.
    /// None: all that waits goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_until: Option<TimeOfDay>,
}

/// A time on the clock, written as `07:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(pub chrono::NaiveTime);

/// Why a text is no time of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time of the day is written as 07:30")]
pub struct BadTimeOfDay;

impl TryFrom<String> for TimeOfDay {
    type Error = BadTimeOfDay;
    fn try_from(text: String) -> Result<Self, BadTimeOfDay> {
        let time = chrono::NaiveTime::parse_from_str(&text, "%H:%M");
        time.map(Self).map_err(|_| BadTimeOfDay)
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.0.format("%H:%M").to_string()
    }
}

/// How one walks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FloorRules {
    /// Where one can go from aisle to aisle, in centimetres along the aisles; if empty, where no bins are.
    pub cross_aisles_cm: Vec<i32>,
    /// Where carts and totes stand; if not said, where goods are brought.
    pub start: Option<Point>,
}

/// What follows when a line falls short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AfterShort {
    /// It is looked for elsewhere, and fetched there if there is any.
    pub replace: bool,
    /// The bin gives and takes nothing until a person has looked.
    pub freeze: bool,
    /// A task has the item counted in the bin.
    pub count: bool,
}

impl Default for AfterShort {
    fn default() -> Self {
        Self {
            replace: true,
            freeze: false,
            count: true,
        }
    }
}

impl Default for CartRules {
    fn default() -> Self {
        Self {
            totes: 1,
            lines: 40,
            weight_g: 200_000,
            alone_from_lines: 0,
            due_within_minutes: 60,
            wait_for_wave: false,
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            rotation: Rotation::Fefo,
            rotation_of: BTreeMap::new(),
            faces_first: false,
            full_first: false,
            carts: CartRules::default(),
            zones: Vec::new(),
            waves: WaveRules::default(),
            back_orders: true,
            floor: FloorRules::default(),
            picking: PickRules::default(),
            ask_left: AskLeft::default(),
            offer_instead: true,
            after_short: BTreeMap::new(),
            putaway: PutBy::ALL.to_vec(),
        }
    }
}

impl Rules {
    /// Which stock of an item goes first.
    pub fn rotation(&self, item: &ItemCode) -> Rotation {
        self.rotation_of.get(item).copied().unwrap_or(self.rotation)
    }

    /// What follows when a line falls short for this reason.
    pub fn after_short(&self, reason: Reason) -> AfterShort {
        self.after_short.get(&reason).copied().unwrap_or_default()
    }
}

fn name(warehouse: &str) -> String {
    format!("rules:{warehouse}")
}

/// The rules of a warehouse. Ones that an older office wrote and this one cannot read count as not there.
pub(super) fn of(tx: &Tx, warehouse: &str) -> Result<Rules, Error> {
    let text = records::setting(tx, &name(warehouse))?;
    let read = |text: String| serde_json::from_str(&text).ok();
    Ok(text.and_then(read).unwrap_or_default())
}

impl Office {
    /// The rules of a warehouse.
    pub fn rules(&self, warehouse: &WarehouseCode) -> Result<Rules, Error> {
        self.database().read(|tx| of(tx, warehouse.as_str()))
    }

    /// From now on these are the rules of a warehouse. Work on the floor stays as it is.
    /// Error: there is no such warehouse, no rule by which goods could be put away, a zone named twice, or a buffer that is no bin.
    pub fn set_rules(&self, warehouse: &WarehouseCode, rules: &Rules) -> Result<(), Error> {
        if rules.putaway.is_empty() {
            let note = "\"putaway\" lists no rule, so that nothing would ever be put away; name at least one.";
            return Err(Error::refused(RefusedKind::Body, note));
        }
        let text = serde_json::to_string(rules).expect("rules have text keys only");
        self.write(|tx| {
            let known = records::warehouses(tx)?;
            if !known.iter().any(|known| known == warehouse.as_str()) {
                return Err(Error::Unknown {
                    what: "warehouse",
                    code: warehouse.to_string(),
                });
            }
            check_zones(tx, warehouse.as_str(), &rules.zones)?;
            records::set(tx, &name(warehouse.as_str()), &text)
        })
    }
}

/// Each zone stands once, and its buffer is a bin of the warehouse.
fn check_zones(tx: &Tx, warehouse: &str, zones: &[ZoneRule]) -> Result<(), Error> {
    for (at, rule) in zones.iter().enumerate() {
        if zones[..at].iter().any(|before| before.zone == rule.zone) {
            let note = format!("\"zones\" lists {} twice.", rule.zone);
            return Err(Error::refused(RefusedKind::Body, note));
        }
        if let Some(buffer) = &rule.buffer
            && records::bin(tx, warehouse, buffer.as_str())?.is_none()
        {
            let code = buffer.to_string();
            return Err(Error::Unknown { what: "bin", code });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_document_leaves_out_is_as_it_comes_built_in() {
        let rules: Rules = serde_json::from_str(
            r#"{"carts": {"totes": 6}, "rotation_of": {"MILK": "lifo"}, "after_short": {"damaged": {"count": true}}}"#,
        )
        .unwrap();
        assert_eq!((rules.carts.totes, rules.carts.lines), (6, 40));
        assert_eq!(rules.rotation(&"MILK".parse().unwrap()), Rotation::Lifo);
        assert!(rules.after_short(Reason::Damaged).replace);
        assert_eq!(rules.picking, PickRules::default());
        let misspelt = serde_json::from_str::<Rules>(r#"{"cart": {}}"#);
        assert!(misspelt.is_err(), "a misspelt rule is no rule");
    }
}
