//! Catch weight: of some goods each piece weighs something else, so what was taken is weighed. The label may say it, else
//! the weight is keyed in kilograms.

use super::Pick;
use crate::flow::goods;
use crate::flow::refusal::{Refusal, Said};
use crate::scan::{Label, Scan};
use crate::warehouse::{Fact, Goods, Quantity};

impl Pick {
    /// The weight that a label says, where the goods are to be weighed.
    pub(super) fn weight_on(&self, line: usize, goods: &Goods, label: &Label) -> Option<Fact> {
        let is_weighed = self.told(line).item.handling.catch_weight;
        let grams = label.weight_g.filter(|grams| *grams > 0)?;
        is_weighed.then(|| self.weight(line, goods, grams))
    }

    fn weight(&self, line: usize, goods: &Goods, grams: u64) -> Fact {
        Fact::Weighed {
            line: self.told(line).line,
            order: self.order(line).order.clone(),
            goods: goods.clone(),
            grams,
        }
    }

    pub(super) fn weighed(&self, kilograms: Quantity) -> Result<Vec<Fact>, Refusal> {
        let (line, goods) = self.weighing.as_ref().ok_or(Refusal::NotHere)?;
        // A thousandth of a kilogram is a gram.
        match u64::try_from(kilograms.thousandths()) {
            Ok(grams) if grams > 0 && kilograms <= Quantity::LIMIT => {
                Ok(vec![self.weight(*line, goods, grams)])
            }
            _ => Err(Refusal::Nothing),
        }
    }

    pub(super) fn weighed_by_label(&self, scan: &Scan) -> Result<Vec<Fact>, Refusal> {
        let (line, what) = self.weighing.as_ref().ok_or(Refusal::NotHere)?;
        let is_it = goods::barcode(scan, &self.told(*line).barcodes).is_some();
        let fact = self.weight_on(*line, what, &goods::label(scan));
        let fact = fact.filter(|_| is_it);
        fact.map(|fact| vec![fact])
            .ok_or_else(|| Refusal::NotNow(Said::of(scan)))
    }

    /// What was taken is to be weighed, until it is.
    pub(super) fn will_weigh(&mut self, line: usize, goods: &Goods) {
        if self.told(line).item.handling.catch_weight {
            self.weighing = Some((line, goods.clone()));
        }
    }
}
