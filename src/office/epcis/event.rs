//! Which event follows from a fact: what was seen where, what was put into what, what became of what. A fact that moves no
//! goods and looks at none is no event.

use super::names::{Names, plate};
use crate::office::Error;
use crate::warehouse::{BinCode, Fact, Goods, OrderCode, Quantity, Sscc, Status};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// What is known of a fact beside what it says.
pub(super) struct About<'a> {
    pub warehouse: &'a str,
    /// The event's own name.
    pub id: String,
    /// Cartons of the truck that it closes.
    pub aboard: Vec<Sscc>,
}

/// An event in the making.
struct Draft<'a, 'b, 'c> {
    names: &'a mut Names<'b, 'c>,
    about: &'a About<'a>,
    fields: Map<String, Value>,
    /// Items that have no number to be named by.
    unnamed: Vec<String>,
}

/// The event, or none; and the items that could not be named in it.
type Told = (Option<Map<String, Value>>, Vec<String>);

/// What a fact is as an event.
pub(super) fn of(names: &mut Names, about: &About, fact: &Fact) -> Result<Told, Error> {
    let mut draft = Draft {
        names,
        about,
        fields: Map::new(),
        unnamed: Vec::new(),
    };
    let is_one = draft.fill(fact)?;
    let Draft {
        fields, unnamed, ..
    } = draft;
    Ok(((is_one && unnamed.is_empty()).then_some(fields), unnamed))
}

const fn state(status: Status) -> &'static str {
    match status {
        Status::Available => "sellable_accessible",
        Status::OnHold => "unavailable",
        Status::Damaged => "damaged",
        Status::Expired => "expired",
    }
}

impl Draft<'_, '_, '_> {
    /// What came in and went its way through the house.
    fn fill(&mut self, fact: &Fact) -> Result<bool, Error> {
        match fact {
            Fact::Received {
                order,
                goods,
                quantity,
                status,
                bin,
                ..
            } => {
                let state = if *status == Status::Available {
                    "in_progress"
                } else {
                    state(*status)
                };
                self.seen("OBSERVE", "receiving", state, &[(goods, *quantity)])?;
                self.at(Some(bin))?;
                self.paper("po", order.as_ref())?;
            }
            Fact::PutAway {
                goods,
                quantity,
                status,
                to,
                ..
            }
            | Fact::Put {
                goods,
                quantity,
                status,
                to,
                ..
            } => {
                self.seen("OBSERVE", "storing", state(*status), &[(goods, *quantity)])?;
                self.at(Some(to))?;
            }
            Fact::Picked {
                goods,
                quantity,
                bin,
                order,
                ..
            } => {
                self.seen("OBSERVE", "picking", "in_progress", &[(goods, *quantity)])?;
                self.at(Some(bin))?;
                self.paper("po", Some(order))?;
            }
            Fact::Returned {
                goods,
                quantity,
                bin,
                order,
                ..
            } => {
                self.seen("OBSERVE", "receiving", "returned", &[(goods, *quantity)])?;
                self.at(Some(bin))?;
                self.paper("rma", order.as_ref())?;
            }
            _ => return self.fill_looks(fact),
        }
        Ok(true)
    }

    /// What someone looked at and judged.
    fn fill_looks(&mut self, fact: &Fact) -> Result<bool, Error> {
        match fact {
            Fact::FoundDamaged {
                goods,
                quantity,
                place,
                ..
            } => {
                self.seen("OBSERVE", "inspecting", "damaged", &[(goods, *quantity)])?;
                self.at(place.bin())?;
            }
            Fact::SetAside {
                goods,
                quantity,
                status,
                bin,
                ..
            }
            | Fact::Restated {
                goods,
                quantity,
                becomes: Some(status),
                bin,
                ..
            } => {
                self.seen(
                    "OBSERVE",
                    "inspecting",
                    state(*status),
                    &[(goods, *quantity)],
                )?;
                self.at(Some(bin))?;
            }
            Fact::Restated {
                goods,
                quantity,
                becomes: None,
                bin,
                ..
            } => {
                self.seen("DELETE", "destroying", "destroyed", &[(goods, *quantity)])?;
                self.at(Some(bin))?;
            }
            Fact::BinCounted { bin, counted, .. } if !counted.is_empty() => {
                let all: Vec<(&Goods, Quantity)> =
                    counted.iter().map(|(goods, much)| (goods, *much)).collect();
                self.seen("OBSERVE", "cycle_counting", "sellable_accessible", &all)?;
                self.at(Some(bin))?;
            }
            _ => return self.fill_cartons(fact),
        }
        Ok(true)
    }

    /// What was made, and what was put into what.
    fn fill_cartons(&mut self, fact: &Fact) -> Result<bool, Error> {
        match fact {
            Fact::Assembled {
                product,
                quantity,
                bin,
                consumed,
                order,
                ..
            } => {
                self.kind("TransformationEvent", "commissioning", "in_progress");
                let id = format!("{}:made", self.about.id);
                self.set("transformationID", json!(super::uuid(&id)));
                let used: Vec<(&Goods, Quantity)> = consumed
                    .iter()
                    .map(|(goods, much, _)| (goods, *much))
                    .collect();
                self.list(("inputEPCList", "inputQuantityList"), &used)?;
                self.list(
                    ("outputEPCList", "outputQuantityList"),
                    &[(product, *quantity)],
                )?;
                self.at(Some(bin))?;
                self.paper("prodorder", Some(order))?;
            }
            Fact::CartonClosed {
                sscc, goods, order, ..
            } => {
                self.kind("AggregationEvent", "packing", "container_closed");
                self.set("action", json!("ADD"));
                self.set("parentID", json!(plate(*sscc)));
                let inside: Vec<(&Goods, Quantity)> =
                    goods.iter().map(|(goods, much)| (goods, *much)).collect();
                self.list(("childEPCs", "childQuantityList"), &inside)?;
                self.at(None)?;
                self.paper("po", Some(order))?;
            }
            Fact::Palletized { pallet, carton, .. } => {
                self.kind("AggregationEvent", "packing", "in_progress");
                self.set("action", json!("ADD"));
                self.set("parentID", json!(plate(*pallet)));
                self.set("childEPCs", json!([plate(*carton)]));
                self.at(None)?;
            }
            _ => return self.fill_trucks(fact),
        }
        Ok(true)
    }

    /// What went, and came back.
    fn fill_trucks(&mut self, fact: &Fact) -> Result<bool, Error> {
        match fact {
            Fact::Loaded {
                plate,
                door,
                shipment,
                ..
            } => {
                self.cartons("loading", "in_progress", &[*plate]);
                self.at(Some(door))?;
                self.paper("desadv", Some(shipment))?;
            }
            Fact::TruckClosed { door, shipment, .. } if !self.about.aboard.is_empty() => {
                let aboard = self.about.aboard.clone();
                self.cartons("shipping", "in_transit", &aboard);
                self.at(Some(door))?;
                self.paper("desadv", Some(shipment))?;
            }
            Fact::Delivered {
                plate, shipment, ..
            } => {
                self.cartons("unloading", "in_transit", &[*plate]);
                self.paper("desadv", Some(shipment))?;
            }
            Fact::BroughtBack { bin, cartons, .. } if !cartons.is_empty() => {
                let plates: Vec<Sscc> = cartons.iter().map(|(plate, _)| *plate).collect();
                self.cartons("receiving", "returned", &plates);
                self.at(Some(bin))?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn set(&mut self, name: &str, value: Value) {
        self.fields.insert(name.to_owned(), value);
    }

    fn kind(&mut self, kind: &str, step: &str, disposition: &str) {
        self.set("type", json!(kind));
        self.set("bizStep", json!(step));
        self.set("disposition", json!(disposition));
    }

    /// Goods were seen, each by its serial or as so much of a lot or kind.
    fn seen(
        &mut self,
        action: &str,
        step: &str,
        disposition: &str,
        goods: &[(&Goods, Quantity)],
    ) -> Result<(), Error> {
        self.kind("ObjectEvent", step, disposition);
        self.set("action", json!(action));
        self.list(("epcList", "quantityList"), goods)
    }

    fn cartons(&mut self, step: &str, disposition: &str, plates: &[Sscc]) {
        self.kind("ObjectEvent", step, disposition);
        self.set("action", json!("OBSERVE"));
        let all: Vec<String> = plates.iter().map(|sscc| plate(*sscc)).collect();
        self.set("epcList", json!(all));
    }

    fn list(
        &mut self,
        (units, kinds): (&str, &str),
        goods: &[(&Goods, Quantity)],
    ) -> Result<(), Error> {
        let (mut one_by_one, mut classes) = (Vec::new(), Vec::new());
        for (goods, quantity) in goods {
            let Some(name) = self.names.goods(goods)? else {
                self.unnamed.push(goods.item.to_string());
                continue;
            };
            if goods.serial.is_some() {
                one_by_one.push(json!(name));
                continue;
            }
            let mut class = Map::new();
            class.insert("epcClass".to_owned(), json!(name));
            class.insert("quantity".to_owned(), number(*quantity));
            if let Some(unit) = self.names.unit(&goods.item)? {
                class.insert("uom".to_owned(), json!(unit));
            }
            classes.push(Value::Object(class));
        }
        if !one_by_one.is_empty() {
            self.set(units, Value::Array(one_by_one));
        }
        if !classes.is_empty() {
            self.set(kinds, Value::Array(classes));
        }
        Ok(())
    }

    /// Where: the bin it was seen at, the warehouse where it is from then on.
    fn at(&mut self, bin: Option<&BinCode>) -> Result<(), Error> {
        let here = self.about.warehouse;
        if let Some(bin) = bin
            && let Some(link) = self.names.bin(here, bin)?
        {
            self.set("readPoint", json!({ "id": link }));
        }
        if let Some(gln) = self.names.gln(here)? {
            let link = format!("{}/414/{gln}", crate::scan::digital_link::CANONICAL_STEM);
            self.set("bizLocation", json!({ "id": link }));
        }
        Ok(())
    }

    /// The paper it belongs to, as CBV 2.0 §8.5 names one: by the GLN of whoever wrote it.
    fn paper(&mut self, kind: &str, order: Option<&OrderCode>) -> Result<(), Error> {
        let (Some(order), Some(gln)) = (order, self.names.gln(self.about.warehouse)?) else {
            return Ok(());
        };
        let mut name = String::new();
        for byte in order.as_str().bytes() {
            if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
                name.push(char::from(byte));
            } else {
                write!(name, "%{byte:02X}").expect("a string takes all");
            }
        }
        let paper = format!("urn:epcglobal:cbv:bt:{gln}:{name}");
        self.set(
            "bizTransactionList",
            json!([{ "type": kind, "bizTransaction": paper }]),
        );
        Ok(())
    }
}

/// A quantity as a JSON number, exact to a thousandth.
fn number(quantity: Quantity) -> Value {
    serde_json::from_str(&quantity.to_string()).unwrap_or(Value::Null)
}
