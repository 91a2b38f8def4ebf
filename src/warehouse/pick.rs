//! Picking work: which orders are fetched together, what each of them wants, and what a worker may do other than told.

use super::{
    Barcode, BinCode, Fact, Floor, Item, Leg, LineNo, LotCode, OrderCode, Point, Quantity, Reason,
    SafeText, SerialCode, Status, TaskId, ToteCode,
};
use serde::{Deserialize, Serialize};

/// Picking for one order, or for several at once with a tote for each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickJob {
    /// The orders, most urgent first; what falls short falls short for the last.
    pub orders: Vec<PickOrder>,
    /// What may be done other than told.
    #[serde(default)]
    pub rules: PickRules,
    /// The floor, if it is known: then lines are fetched by the shortest walk, else in the sequence of their bins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Floor>,
    /// The picking in other zones that is to be done before. Whoever has the totes in front of them goes on all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<TaskId>,
}

/// What is fetched for one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickOrder {
    /// The order.
    pub order: OrderCode,
    /// Who it is for.
    pub customer: SafeText,
    /// The tote to pick into, if one is set.
    #[serde(default)]
    pub tote: Option<ToteCode>,
    /// Where what was picked is brought.
    pub drop: BinCode,
    /// Where that is, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drop_at: Option<Point>,
    /// Which part of the order it is, where zones are picked apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leg: Option<Leg>,
    /// What to fetch, in the order of the walk. Their numbers are unique in the whole job.
    pub lines: Vec<PickLine>,
}

/// One thing to fetch from one bin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickLine {
    /// Its number.
    pub line: LineNo,
    /// Where it is.
    pub bin: BinCode,
    /// The bin's place in the walk of the warehouse: lower comes first.
    #[serde(default)]
    pub sequence: u32,
    /// Where the bin is, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Point>,
    /// The item.
    pub item: Item,
    /// The lot that must be taken, if it must be one.
    #[serde(default)]
    pub lot: Option<LotCode>,
    /// The serial that must be taken, if it must be one.
    #[serde(default)]
    pub serial: Option<SerialCode>,
    /// Last day of the demanded lot, if known.
    #[serde(default)]
    pub expiry: Option<chrono::NaiveDate>,
    /// How much.
    pub quantity: Quantity,
    /// What can be scanned for it.
    pub barcodes: Vec<Barcode>,
    /// By the book, this empties the bin: then the worker is asked to look.
    #[serde(default)]
    pub empties_bin: bool,
    /// By the book few are left in the bin after this: then the worker is asked how many.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ask_left: bool,
    /// What a unit is worth, in hundredths of the house's currency, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<u64>,
    /// What the customer takes instead, the best first: each with where it lies and how much of it can go. Their numbers say
    /// nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead: Vec<PickLine>,
}

/// What a worker may do other than told. Sent along with the work; where the office says nothing, [`PickRules::default`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PickRules {
    /// A tote is bound to the order at the start, also where there is only one order.
    pub own_tote: bool,
    /// Why the rest of a line may be given up, in the order of the list.
    pub short: Vec<Allowed>,
    /// Why the goods may be taken from another bin; not at all if empty.
    pub other_bin: Vec<Allowed>,
    /// Why the work may be handed over with its totes standing at a bin; not at all if empty.
    pub hand_over: Vec<Allowed>,
    /// Why the rest of a line may be left to the office; not at all if empty.
    pub hold_line: Vec<Allowed>,
    /// Whether a line may be moved to the end.
    pub skip: bool,
}

/// A reason that is offered, and what goes with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    /// The reason.
    pub reason: Reason,
    /// For more than this a lead's badge is wanted; for nothing if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_above: Option<Quantity>,
    /// For what is worth more than this a lead's badge is wanted too. Hundredths of the house's currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_above_value: Option<u64>,
    /// More than this a lead may not agree to either: it is for the office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub never_above: Option<Quantity>,
    /// What is worth more than this is for the office too. Hundredths of the house's currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub never_above_value: Option<u64>,
    /// The status that what is missing gets where it lies, if it gets another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub becomes: Option<Status>,
}

impl Allowed {
    /// Without a lead and without consequences on the spot.
    pub const fn plainly(reason: Reason) -> Self {
        Self {
            reason,
            lead_above: None,
            lead_above_value: None,
            never_above: None,
            never_above_value: None,
            becomes: None,
        }
    }
}

impl Default for PickRules {
    fn default() -> Self {
        let plainly = |reasons: &[Reason]| reasons.iter().copied().map(Allowed::plainly).collect();
        let mut short: Vec<Allowed> = plainly(&[
            Reason::BinEmpty,
            Reason::TooFew,
            Reason::Damaged,
            Reason::WrongGoods,
            Reason::Blocked,
        ]);
        short[2].becomes = Some(Status::Damaged);
        Self {
            own_tote: false,
            short,
            other_bin: plainly(&[Reason::BinEmpty, Reason::Blocked, Reason::BetterPlace]),
            hand_over: plainly(&[Reason::ShiftEnds, Reason::NextZone, Reason::OtherWork]),
            hold_line: plainly(&[Reason::Blocked, Reason::Suspect]),
            skip: true,
        }
    }
}

impl PickRules {
    /// Whether this is a reason for handing the work over.
    pub fn hands_over(&self, reason: Reason) -> bool {
        let goes = matches!(
            reason,
            Reason::ShiftEnds | Reason::NextZone | Reason::OtherWork
        );
        goes && self.hand_over.iter().any(|it| it.reason == reason)
    }

    /// What goes with giving a line up for this reason, if that is offered.
    pub fn of_short(&self, reason: Reason) -> Option<&Allowed> {
        self.short.iter().find(|allowed| allowed.reason == reason)
    }
}

impl PickJob {
    /// Picking for one order alone.
    pub fn of(order: PickOrder) -> Self {
        Self {
            orders: vec![order],
            rules: PickRules::default(),
            floor: None,
            after: Vec::new(),
        }
    }

    /// All lines, order by order.
    pub fn lines(&self) -> impl Iterator<Item = &PickLine> {
        self.orders.iter().flat_map(|order| &order.lines)
    }

    /// What it learns from a fact of the picking in the zone before: which totes stand at its buffer, and that no more come.
    pub fn learn(&mut self, task: Option<&TaskId>, fact: &Fact) {
        let Some(task) = task else { return };
        match fact {
            Fact::TaskFinished => self.after.retain(|waited| waited != task),
            Fact::TotesPutDown { order, totes, bin } => self.stand(task, order, totes, bin, true),
            Fact::Undone { what, .. } => match &**what {
                Fact::TaskFinished if self.comes_from(task) => self.after.push(task.clone()),
                Fact::TotesPutDown { order, totes, bin } => {
                    self.stand(task, order, totes, bin, false);
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn comes_from(&self, task: &TaskId) -> bool {
        let legs = self.orders.iter().filter_map(|order| order.leg.as_ref());
        let mut from = legs.filter_map(|leg| leg.from.as_ref());
        from.any(|from| from.task == *task) && !self.after.contains(task)
    }

    fn stand(
        &mut self,
        task: &TaskId,
        order: &OrderCode,
        totes: &[ToteCode],
        bin: &BinCode,
        do_stand: bool,
    ) {
        let of_it = self.orders.iter_mut().filter(|known| known.order == *order);
        let legs = of_it.filter_map(|known| known.leg.as_mut());
        for from in legs.filter_map(|leg| leg.from.as_mut()) {
            if from.task != *task || from.bin != *bin {
                continue;
            }
            from.totes.retain(|tote| !totes.contains(tote));
            if do_stand {
                from.totes.extend(totes.iter().cloned());
            }
        }
    }
}

impl PickOrder {
    /// Where its totes go from here: to the next zone's buffer, or to where the order is packed.
    pub fn goal(&self) -> &BinCode {
        let to = self.leg.as_ref().and_then(|leg| leg.to.as_ref());
        to.map_or(&self.drop, |to| &to.bin)
    }

    /// Where that is, if known.
    pub fn goal_at(&self) -> Option<Point> {
        match self.leg.as_ref().and_then(|leg| leg.to.as_ref()) {
            Some(to) => to.at,
            None => self.drop_at,
        }
    }

    /// Where its totes stand that the zone before left, if one does.
    pub fn from(&self) -> Option<&super::ComesFrom> {
        self.leg.as_ref()?.from.as_ref()
    }

    /// Which zone goes on with its totes, if one does.
    pub fn passes_to(&self) -> Option<&super::GoesTo> {
        self.leg.as_ref()?.to.as_ref()
    }
}
