//! Questions about policy as JSON, one a line: `{"kind": …, "inputs": {…}}` is answered by an object of results,
//! or by `{"error": …}` with a sentence that says what to do.

use super::reader::{NoAnswer, Reader};
use super::{
    Amount, BadNumber, ClassCuts, LotCosts, NewsvendorCosts, NoTiers, Period, Position, Positive,
    Receipt, ReviewCycle, RqCosts, Share, SsCosts, Tier, Tiers, Usage, VaryingDemand,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

type Answered = Result<Value, NoAnswer>;

/// What answers a kind of question.
type Answerer = fn(&Reader) -> Answered;

/// Every kind of question, by name.
const ANSWERERS: [(&str, Answerer); 12] = [
    ("eoq", eoq),
    ("safety_stock", safety_stock),
    ("fill_rate", fill_rate),
    ("newsvendor", newsvendor),
    ("periodic_review", periodic_review),
    ("quantity_discounts", quantity_discounts),
    ("abc_xyz", abc_xyz),
    ("valuation", valuation),
    ("kpis", kpis),
    ("wagner_whitin", wagner_whitin),
    ("reorder_rq", reorder_rq),
    ("s_s_power_approximation", s_s_power_approximation),
];

/// The names of all kinds of question.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    ANSWERERS.iter().map(|(name, _)| *name)
}

/// Answers one line. Never fails, whatever the line holds; an answer holds no number that JSON cannot write.
pub fn answer(line: &[u8]) -> Value {
    answered(line).unwrap_or_else(|why| json!({ "error": why.to_string() }))
}

fn answered(line: &[u8]) -> Answered {
    let question: Map<String, Value> =
        serde_json::from_slice(line).map_err(|_| NoAnswer::NotAQuestion)?;
    let kind = question.get("kind").and_then(Value::as_str);
    let known = ANSWERERS.iter().find(|(name, _)| Some(*name) == kind);
    let (_, answer) = known.ok_or_else(|| {
        let names: Vec<&str> = kinds().collect();
        NoAnswer::UnknownKind(names.join(", "))
    })?;
    let inputs = question.get("inputs").and_then(Value::as_object);
    let inputs = inputs.ok_or_else(|| NoAnswer::Not {
        field: "inputs".to_owned(),
        wanted: "an object of the kind's numbers",
    })?;
    answer(&Reader::new(inputs))
}

/// Results as JSON, if every number can be written.
fn results(results: impl Serialize) -> Answered {
    let value = serde_json::to_value(results).map_err(|_| NoAnswer::Boundless)?;
    let is_whole = value
        .as_object()
        .is_some_and(|fields| fields.values().all(|field| !field.is_null()));
    is_whole.then_some(value).ok_or(NoAnswer::Boundless)
}

fn eoq(ask: &Reader) -> Answered {
    results(super::eoq(&LotCosts {
        annual_demand: ask.positive("annual_demand")?,
        order_cost: ask.positive("order_cost")?,
        unit_cost: ask.positive("unit_cost")?,
        carrying_rate: ask.positive("carrying_rate")?,
    }))
}

fn safety_stock(ask: &Reader) -> Answered {
    let demand = VaryingDemand {
        daily_demand_mean: ask.positive("daily_demand_mean")?,
        daily_demand_sd: ask.amount("daily_demand_sd")?,
        lead_time_mean_days: ask.positive("lead_time_mean_days")?,
        lead_time_sd_days: ask.amount("lead_time_sd_days")?,
    };
    results(super::safety_stock(
        &demand,
        ask.share("cycle_service_level")?,
    ))
}

fn fill_rate(ask: &Reader) -> Answered {
    results(super::fill_rate(
        ask.positive("order_quantity")?,
        ask.positive("sigma_lead_time_demand")?,
        ask.amount("lead_time_demand_mean")?,
        ask.share("fill_rate")?,
    ))
}

fn newsvendor(ask: &Reader) -> Answered {
    let costs = NewsvendorCosts {
        underage_cost: ask.positive("underage_cost")?,
        overage_cost: ask.positive("overage_cost")?,
    };
    if ask.has("demand_sd") {
        let (mean, sd) = (ask.amount("demand_mean")?, ask.positive("demand_sd")?);
        return results(super::newsvendor_normal(&costs, mean, sd));
    }
    let best = super::newsvendor_poisson(&costs, ask.positive("demand_mean")?);
    best.map_or_else(
        || {
            Err(NoAnswer::Missing(
                "demand_sd: a mean above 1000000 is not summed as Poisson demand".to_owned(),
            ))
        },
        results,
    )
}

fn periodic_review(ask: &Reader) -> Answered {
    let cycle = ReviewCycle {
        review_days: ask.positive("review_days")?,
        lead_time_days: ask.amount("lead_time_days")?,
        daily_demand_mean: ask.positive("daily_demand_mean")?,
        daily_demand_sd: ask.amount("daily_demand_sd")?,
        cycle_service_level: ask.share("cycle_service_level")?,
    };
    let position = Position {
        on_hand: ask.amount("on_hand")?,
        on_order: ask.amount("on_order")?,
        backorders: ask.amount("backorders")?,
    };
    results(super::periodic_review(&cycle, &position))
}

fn quantity_discounts(ask: &Reader) -> Answered {
    let breakpoints = ask.numbers("breakpoints", Amount::new)?;
    let unit_costs = ask.numbers("unit_costs", Positive::new)?;
    if breakpoints.len() != unit_costs.len() {
        return Err(NoTiers::NotPaired.into());
    }
    let tiers = breakpoints
        .into_iter()
        .zip(unit_costs)
        .map(|(from, unit_cost)| Tier { from, unit_cost });
    results(super::quantity_discounts(
        ask.positive("annual_demand")?,
        ask.positive("order_cost")?,
        ask.positive("carrying_rate")?,
        &Tiers::new(tiers.collect())?,
    ))
}

fn abc_xyz(ask: &Reader) -> Answered {
    let cuts = cuts(ask)?;
    let rows = ask.rows("items")?;
    let mut seen = BTreeSet::new();
    let mut items = Vec::new();
    for row in &rows {
        if !seen.insert(row.text("id")?) {
            return Err(NoAnswer::SameId);
        }
        items.push(Usage {
            annual_value: row.amount("annual_value")?,
            demand_mean: row.amount("period_demand_mean")?,
            demand_sd: row.amount("period_demand_sd")?,
        });
    }
    if items.iter().all(|item| item.annual_value.get() == 0.0) {
        return Err(NoAnswer::Missing(
            "at least one annual_value above 0".to_owned(),
        ));
    }
    let mut classes = Map::new();
    for (row, class) in rows.iter().zip(super::abc_xyz(&items, &cuts)) {
        classes.insert(row.text("id")?.to_owned(), json!(class));
    }
    Ok(json!({ "classes": classes }))
}

fn cuts(ask: &Reader) -> Result<ClassCuts, NoAnswer> {
    let usual = ClassCuts::default();
    let abc = if ask.has("abc_cut") {
        ask.pair("abc_cut", Share::new)?
    } else {
        usual.abc()
    };
    let xyz = if ask.has("xyz_cv_cut") {
        ask.pair("xyz_cv_cut", Amount::new)?
    } else {
        usual.xyz()
    };
    ClassCuts::new(abc, xyz).ok_or(NoAnswer::Not {
        field: "each of abc_cut and xyz_cv_cut".to_owned(),
        wanted: "two numbers of which the second is not below the first",
    })
}

fn valuation(ask: &Reader) -> Answered {
    let mut receipts = Vec::new();
    for row in ask.rows("receipts")? {
        receipts.push(Receipt {
            qty: row.positive("qty")?,
            unit_price: row.amount("unit_price")?,
        });
    }
    results(super::valuation(
        &receipts,
        ask.amount("freight_total")?,
        ask.amount("duty_rate")?,
        ask.amount("units_sold")?,
    )?)
}

fn kpis(ask: &Reader) -> Answered {
    let period = Period {
        cogs: ask.positive("cogs")?,
        opening_inventory: ask.amount("opening_inventory")?,
        closing_inventory: ask.amount("closing_inventory")?,
        revenue: ask.positive("revenue")?,
        carrying_rate: ask.amount("carrying_rate")?,
        days: ask.positive("days")?,
    };
    let figures = super::kpis(&period).ok_or(NoAnswer::Number {
        field: "the mean of opening_inventory and closing_inventory".to_owned(),
        why: BadNumber::NotPositive,
    })?;
    results(figures)
}

fn wagner_whitin(ask: &Reader) -> Answered {
    results(super::wagner_whitin(
        ask.positive("setup_cost")?,
        ask.positive("holding_cost_per_period")?,
        &ask.numbers("demands", Amount::new)?,
    )?)
}

fn reorder_rq(ask: &Reader) -> Answered {
    results(super::reorder_rq(&RqCosts {
        holding_cost: ask.positive("holding_cost")?,
        stockout_cost: ask.positive("stockout_cost")?,
        order_cost: ask.positive("order_cost")?,
        annual_demand: ask.positive("annual_demand")?,
        lead_time_demand_mean: ask.amount("lead_time_demand_mean")?,
        sigma_lead_time_demand: ask.positive("sigma_lead_time_demand")?,
    })?)
}

fn s_s_power_approximation(ask: &Reader) -> Answered {
    let costs = SsCosts {
        holding_cost: ask.positive("holding_cost")?,
        stockout_cost: ask.positive("stockout_cost")?,
        order_cost: ask.positive("order_cost")?,
        demand_mean: ask.positive("demand_mean")?,
        demand_sd: ask.positive("demand_sd")?,
    };
    let levels = super::s_s_power_approximation(&costs);
    results(levels.map_err(|_| NoAnswer::Boundless)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(line: &str) -> String {
        let answer = answer(line.as_bytes());
        answer["error"].as_str().unwrap_or_default().to_owned()
    }

    #[test]
    fn each_refusal_says_what_to_do() {
        for (line, wanted) in [
            ("", "write each line as one JSON object"),
            ("[1]", "write each line as one JSON object"),
            (
                r#"{"kind": "eoq", "inputs": {"annual_demand": NaN}}"#,
                "write each line",
            ),
            (
                r#"{"kind": "eoq", "inputs": {"annual_demand": 1e999}}"#,
                "write each line",
            ),
            (
                r#"{"kind": "magic", "inputs": {}}"#,
                "name one of these kinds: eoq, ",
            ),
            (r#"{"kind": "eoq"}"#, "inputs must be an object"),
            (r#"{"kind": "eoq", "inputs": {}}"#, "give annual_demand"),
            (
                r#"{"kind": "eoq", "inputs": {"annual_demand": null}}"#,
                "give annual_demand",
            ),
            (
                r#"{"kind": "eoq", "inputs": {"annual_demand": "NaN"}}"#,
                "annual_demand must be a number",
            ),
            (
                r#"{"kind": "eoq", "inputs": {"annual_demand": 0}}"#,
                "annual_demand must be a number from",
            ),
            (
                r#"{"kind": "eoq", "inputs": {"annual_demand": -5}}"#,
                "annual_demand must be a number from",
            ),
            (
                r#"{"kind": "eoq", "inputs": {"annual_demand": 1e300}}"#,
                "annual_demand must be a number from",
            ),
            (
                r#"{"kind": "quantity_discounts", "inputs": {"breakpoints": [0, 5], "unit_costs": [1]}}"#,
                "give breakpoints and unit_costs of the same length",
            ),
            (
                r#"{"kind": "abc_xyz", "inputs": {"items": [{"id": "\u202e"}]}}"#,
                "items[0].id must be a text",
            ),
            (
                r#"{"kind": "valuation", "inputs": {"receipts": [{"qty": 1, "unit_price": -1}]}}"#,
                "receipts[0].unit_price must be a number from 0",
            ),
            (
                r#"{"kind": "newsvendor", "inputs": {"underage_cost": 1, "overage_cost": 1, "demand_mean": 1e9}}"#,
                "give demand_sd",
            ),
        ] {
            let said = error(line);
            assert!(said.starts_with(wanted), "{line}: {said}");
        }
    }

    #[test]
    fn an_item_without_demand_does_not_stop_the_others() {
        let line = r#"{"kind": "abc_xyz", "inputs": {"items": [
            {"id": "a", "annual_value": 5, "period_demand_mean": 0, "period_demand_sd": 0},
            {"id": "b", "annual_value": 0, "period_demand_mean": 4, "period_demand_sd": 1}]}}"#;
        let classes = &answer(line.as_bytes())["classes"];
        assert_eq!(classes["a"]["xyz"], "Z");
        assert_eq!(classes["a"]["cv"], Value::Null);
        assert_eq!(classes["b"]["abc"], "C");
    }
}
