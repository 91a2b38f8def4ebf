//! Questions about policy that make no sense: every one is answered, and no answer holds what JSON cannot write.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use stockhand::planning::policy::{answer, kinds};

/// Names that some kind asks for, so that what is drawn gets past the first question.
const FIELDS: [&str; 42] = [
    "annual_demand",
    "order_cost",
    "unit_cost",
    "carrying_rate",
    "daily_demand_mean",
    "daily_demand_sd",
    "lead_time_mean_days",
    "lead_time_sd_days",
    "cycle_service_level",
    "order_quantity",
    "sigma_lead_time_demand",
    "lead_time_demand_mean",
    "fill_rate",
    "underage_cost",
    "overage_cost",
    "demand_mean",
    "demand_sd",
    "review_days",
    "lead_time_days",
    "on_hand",
    "on_order",
    "backorders",
    "breakpoints",
    "unit_costs",
    "items",
    "abc_cut",
    "xyz_cv_cut",
    "receipts",
    "freight_total",
    "duty_rate",
    "units_sold",
    "cogs",
    "opening_inventory",
    "closing_inventory",
    "revenue",
    "days",
    "setup_cost",
    "holding_cost_per_period",
    "demands",
    "holding_cost",
    "stockout_cost",
    "qty",
];

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        0.0..1.0,
        0.0..1e4,
        Just(1e-9),
        Just(1e12),
        Just(0.0),
        Just(1e-300),
        Just(-1.0),
        Just(1.0 - 1e-16),
    ]
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => number().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("qty|unit_price|id|annual_value", inner, 0..4)
                .prop_map(|map| json!(map)),
        ]
    })
}

fn all_are_numbers(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields
            .iter()
            .all(|(name, field)| (name == "cv" && field.is_null()) || all_are_numbers(field)),
        Value::Array(fields) => fields.iter().all(all_are_numbers),
        Value::Null => false,
        _ => true,
    }
}

proptest! {
    #[test]
    fn no_bytes_bring_it_down(line in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(answer(&line).is_object());
    }

    #[test]
    fn no_inputs_bring_it_down(kind in 0..kinds().count(), odd in proptest::collection::vec((0..FIELDS.len(), anything()), 0..4), usual in number()) {
        let mut inputs: Map<String, Value> =
            FIELDS.iter().map(|name| ((*name).to_owned(), json!(usual))).collect();
        inputs.insert("breakpoints".to_owned(), json!([0.0, usual]));
        inputs.insert("unit_costs".to_owned(), json!([2.0, 1.0]));
        inputs.insert("demands".to_owned(), json!([usual, 0.0, 5.0]));
        for (at, value) in odd {
            inputs.insert(FIELDS[at].to_owned(), value);
        }
        let line = json!({ "kind": kinds().nth(kind), "inputs": inputs }).to_string();
        let answer = answer(line.as_bytes());
        prop_assert!(answer.is_object());
        prop_assert!(all_are_numbers(&answer), "{line}: {answer}");
    }
}
