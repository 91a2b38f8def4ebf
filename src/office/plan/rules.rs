//! What people decide about planning: when it is done, in which periods, for which service, at which costs.

use super::Period;
use crate::office::database::Tx;
use crate::office::{Error, Office, records};
use crate::planning::policy::{Abc, Class, Positive, Share, Xyz};
use crate::planning::replenish::Service;
use crate::planning::value::Money;
use crate::sync::RefusedKind;
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a promised service is a share of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Promise {
    /// Of order cycles: stock lasts until the order is here.
    #[default]
    Cycle,
    /// Of what is wanted: it is met from stock.
    Fill,
}

/// The rules of planning. What a document leaves out is as it comes built in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlanRules {
    /// The time of day, where the office stands, at which `serve` plans; none: only by command.
    pub at: Option<NaiveTime>,
    /// In which periods demand is counted.
    pub period: Period,
    /// How many periods are forecast; 1 to 60.
    pub horizon: usize,
    /// What the promised service is a share of.
    pub promise: Promise,
    /// The service of each cell such as `AX`, in thousandths; cells that are not named are as built in, from 980 for AX to 900 for CZ.
    pub service: BTreeMap<String, u32>,
    /// What an order costs, however large, where its supplier's sheet does not say.
    pub order_cost: Money,
    /// What a year in stock costs, in hundredths of what the goods cost.
    pub carrying_percent: u32,
    /// How long a supplier takes of whom nobody knows anything.
    pub lead_days: u32,
    /// Days from one look at the stock to the next, where the supplier's order days do not say.
    pub review_days: u32,
    /// What is counted when nobody asks for it.
    pub counts: CountPlan,
}

/// When bins are counted without being asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CountPlan {
    /// Whether planning makes count tasks by itself.
    pub by_itself: bool,
    /// Days between counts of A, B and C items.
    pub days: [u32; 3],
    /// An item of which more than this lies there is counted as often as an A item; none: whatever its worth.
    pub worth: Option<Money>,
    /// Count after so many movements, whatever the class.
    pub movements: u32,
    /// How many counts are asked for at once.
    pub most: usize,
}

impl Default for CountPlan {
    fn default() -> Self {
        Self {
            by_itself: false,
            days: [30, 91, 182],
            worth: None,
            movements: 200,
            most: 50,
        }
    }
}

impl Default for PlanRules {
    fn default() -> Self {
        Self {
            at: NaiveTime::from_hms_opt(3, 0, 0),
            period: Period::Month,
            horizon: 12,
            promise: Promise::Cycle,
            service: BTreeMap::new(),
            order_cost: Money::cents(4000),
            carrying_percent: 25,
            lead_days: 14,
            review_days: 1,
            counts: CountPlan::default(),
        }
    }
}

/// The name of a cell, such as AX.
pub(super) fn cell(class: Class) -> String {
    let abc = match class.abc {
        Abc::A => 'A',
        Abc::B => 'B',
        Abc::C => 'C',
    };
    let xyz = match class.xyz {
        Xyz::X => 'X',
        Xyz::Y => 'Y',
        Xyz::Z => 'Z',
    };
    format!("{abc}{xyz}")
}

impl PlanRules {
    /// The service that a class is due; an item's own, in thousandths, goes before.
    pub(super) fn service_of(&self, class: Class, own: Option<u32>) -> (Service, u32) {
        let said = own.or_else(|| self.service.get(&cell(class)).copied());
        let share = said.and_then(|said| Share::new(f64::from(said) / 1000.0).ok());
        let share = share.unwrap_or_else(|| class.service_target());
        let service = match self.promise {
            Promise::Fill => Service::Fill(share),
            Promise::Cycle => Service::Cycle(share),
        };
        let thousandths = said.unwrap_or_else(|| match class.service_target().get() {
            share if share > 0.975 => 980,
            share if share > 0.965 => 970,
            share if share > 0.94 => 950,
            share if share > 0.92 => 930,
            _ => 900,
        });
        (service, thousandths)
    }

    pub(super) fn carrying(&self) -> Positive {
        let rate = f64::from(self.carrying_percent.clamp(1, 1000)) / 100.0;
        Positive::new(rate).expect("a hundredth or more")
    }

    fn fault(&self) -> Option<String> {
        if !(1..=60).contains(&self.horizon) {
            return Some("\"horizon\" goes from 1 to 60 periods".to_owned());
        }
        if !(1..=730).contains(&self.lead_days) || !(1..=365).contains(&self.review_days) {
            return Some(
                "\"lead_days\" goes from 1 to 730, \"review_days\" from 1 to 365".to_owned(),
            );
        }
        if !(1..=1000).contains(&self.carrying_percent) || self.order_cost <= Money::ZERO {
            let note =
                "\"carrying_percent\" goes from 1 to 1000, and \"order_cost\" is more than 0";
            return Some(note.to_owned());
        }
        if self.counts.most > 1000 || self.counts.days.contains(&0) {
            return Some(
                "\"counts\" asks for at most 1000 at once, and days are 1 or more".to_owned(),
            );
        }
        let known = |cell: &str| {
            let [abc, xyz] = cell.as_bytes() else {
                return false;
            };
            b"ABC".contains(abc) && b"XYZ".contains(xyz)
        };
        let strange =
            |(cell, share): &(&String, &u32)| !known(cell) || !(500..1000).contains(*share);
        let (cell, _) = self.service.iter().find(strange)?;
        Some(format!(
            "\"service\" has {cell:?}; name cells from AX to CZ, each 500 to 999 thousandths"
        ))
    }
}

const NAME: &str = "plan_rules";

/// The rules of planning. Ones that an older office wrote and this one cannot read count as not there.
pub(super) fn of(tx: &Tx) -> Result<PlanRules, Error> {
    let text = records::setting(tx, NAME)?;
    let read = |text: String| serde_json::from_str(&text).ok();
    Ok(text.and_then(read).unwrap_or_default())
}

impl Office {
    /// The rules of planning.
    pub fn plan_rules(&self) -> Result<PlanRules, Error> {
        self.database().read(of)
    }

    /// From now on these are the rules of planning. Error: they cannot be meant.
    pub fn set_plan_rules(&self, rules: &PlanRules) -> Result<(), Error> {
        if let Some(fault) = rules.fault() {
            return Err(Error::refused(RefusedKind::Body, fault));
        }
        let text = serde_json::to_string(rules).expect("rules have text keys only");
        self.write(|tx| records::set(tx, NAME, &text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_may_leave_out_what_it_likes_and_nothing_strange_is_taken() {
        let read = |text: &str| serde_json::from_str::<PlanRules>(text);
        let rules =
            read(r#"{"at": "22:30:00", "service": {"AX": 995}, "order_cost": "25.00"}"#).unwrap();
        assert_eq!((rules.horizon, rules.fault()), (12, None));
        let class = Class {
            abc: Abc::A,
            xyz: Xyz::X,
        };
        assert_eq!(rules.service_of(class, None).1, 995);
        assert_eq!(rules.service_of(class, Some(900)).1, 900);
        assert_eq!(PlanRules::default().service_of(class, None).1, 980);
        assert!(read(r#"{"att": "22:30:00"}"#).is_err());
        for strange in [
            r#"{"service": {"DX": 900}}"#,
            r#"{"service": {"AX": 1000}}"#,
            r#"{"horizon": 0}"#,
            r#"{"order_cost": "0"}"#,
        ] {
            assert!(read(strange).unwrap().fault().is_some(), "{strange}");
        }
    }
}
