//! How picking moves on. Decides nothing, refuses nothing; facts that are not of this work change nothing.

use super::{Hand, Pick, Step, add_to};
use crate::warehouse::{BinCode, Fact, Goods, LineNo, OrderCode, Place, Quantity};

impl Pick {
    /// Moves on.
    pub fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::BinConfirmed { line, bin, .. } => self.at_bin(*line, bin),
            Fact::TakenInHand {
                line,
                goods,
                quantity,
            } => {
                self.holds(*line, goods, *quantity);
                if let Some(line) = self.index(*line) {
                    self.will_weigh(line, goods);
                }
            }
            Fact::Weighed { .. } => self.weighing = None,
            Fact::Picked {
                line,
                goods,
                quantity,
                into,
                ..
            } => self.has(*line, goods, *quantity, into),
            Fact::PickedShort { line, missing, .. }
            | Fact::LineHeld {
                line,
                quantity: missing,
                ..
            } => {
                if let Some(line) = self.index(*line) {
                    self.lines[line].missing = self.lines[line].missing.plus(*missing);
                }
                self.plan();
            }
            Fact::Substituted {
                line,
                order,
                missing,
                by,
                ..
            } => {
                if let Some(line) = self.index(*line) {
                    self.lines[line].missing = self.lines[line].missing.plus(*missing);
                }
                self.has_line(order, by);
                self.plan();
            }
            Fact::LineSkipped { line } => {
                if let Some(line) = self.index(*line) {
                    self.skip(line);
                }
            }
            Fact::BinChecked { line, .. } | Fact::BinCounted { line, .. } => {
                if let Some(line) = self.index(*line) {
                    self.was_looked_at(line);
                }
            }
            Fact::TaskFinished => self.step = Step::Done,
            fact if self.carry(fact) => {}
            _ => return,
        }
        self.step = self.next();
    }

    /// What becomes of totes and of what is carried. Whether the fact is about that.
    fn carry(&mut self, fact: &Fact) -> bool {
        match fact {
            Fact::ToteBound { order, tote } => {
                if let Some(order) = self.order_at(order) {
                    self.orders[order].tote = Some(tote.clone());
                }
            }
            Fact::ToteFilled { order, .. } => {
                if let Some(order) = self.order_at(order) {
                    self.orders[order].tote = None;
                }
                self.plan();
            }
            Fact::ToteChosen { tote } => self.chosen = Some(tote.clone()),
            Fact::Dropped { order, bin, goods } => {
                self.put_down(order, goods);
                self.came_to(bin);
            }
            Fact::TotesPutDown { order, totes, bin } => {
                self.put_totes_down(order, totes);
                self.came_to(bin);
            }
            Fact::ToteTakenUp {
                order,
                tote,
                bin,
                goods,
            } => {
                self.has_tote(order, tote, goods);
                self.at = Some(bin.clone());
                self.came_to(bin);
            }
            Fact::LeftStanding { bin, .. } => {
                self.standing = Some(bin.clone());
                self.at = None;
            }
            Fact::TakenOver { bin } => {
                self.standing = None;
                self.at = Some(bin.clone());
                self.came_to(bin);
            }
            _ => return false,
        }
        true
    }

    pub(super) fn order_at(&self, code: &OrderCode) -> Option<usize> {
        let orders = self.job.orders.iter();
        orders.clone().position(|order| order.order == *code)
    }

    fn at_bin(&mut self, line: LineNo, bin: &BinCode) {
        self.at = Some(bin.clone());
        if let Some(line) = self.index(line) {
            let told = self.told(line).bin.clone();
            self.lines[line].elsewhere = Some(bin.clone()).filter(|bin| *bin != told);
            self.lines[line].skipped = false;
            self.stands = self.told(line).at.or(self.stands);
            self.plan();
            self.walk.retain(|&other| other != line);
            self.walk.insert(0, line);
        }
    }

    fn holds(&mut self, line: LineNo, goods: &Goods, quantity: Quantity) {
        let Some(line) = self.index(line) else { return };
        let hand = self.hand.get_or_insert(Hand {
            line,
            goods: Vec::new(),
        });
        match hand.goods.iter_mut().find(|(had, _)| had == goods) {
            Some((_, sum)) => *sum = sum.plus(quantity),
            None => hand.goods.push((goods.clone(), quantity)),
        }
    }

    fn has(&mut self, line: LineNo, goods: &Goods, quantity: Quantity, into: &Place) {
        let Some(line) = self.index(line) else { return };
        add_to(&mut self.lines[line].picked, goods, quantity, into);
        let order = self.lines[line].order;
        add_to(&mut self.orders[order].goods, goods, quantity, into);
        if self.hand.is_none() {
            self.will_weigh(line, goods);
        }
        self.leaves_hand(goods, quantity);
        self.looking = self.asks_about(line).or(self.looking);
    }

    /// What was put down is not carried any more; the totes stay where they are.
    fn put_down(&mut self, order: &OrderCode, load: &[(Goods, Quantity, Place)]) {
        self.chosen = None;
        let Some(order) = self.order_at(order) else {
            return;
        };
        let carried = &mut self.orders[order];
        for (goods, quantity, from) in load {
            let same = |it: &&mut (Goods, Quantity, Place)| it.0 == *goods && it.2 == *from;
            if let Some((_, left, _)) = carried.goods.iter_mut().find(same) {
                *left = left.minus(*quantity);
            }
            if matches!((from, &carried.tote), (Place::Tote(from), Some(tote)) if from == tote) {
                carried.tote = None;
            }
        }
        carried.goods.retain(|(_, left, _)| left.is_positive());
    }
}
