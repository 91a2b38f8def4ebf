//! Two symbols that are one label: the second may be any plain code, and then it is asked whether that means something else.

use super::effect::{Effect, Query};
use super::model::{Model, Screen};
use crate::flow::{self, Act, Refusal, Work};
use crate::scan::{Label, Scan};
use crate::warehouse::Known;

impl Model {
    /// Whether a plain code may be the lot or serial that the label before it lacks. Then the memory is asked first what
    /// else it means: the barcode of another item is no lot.
    pub(super) fn asks_for_detail(
        &mut self,
        scan: &Scan,
        cause: &str,
        orders: &mut Vec<Effect>,
    ) -> bool {
        let (Some(work), Screen::Work(draft)) = (&self.work, &mut self.screen) else {
            return false;
        };
        let becomes = completed(work, draft.pending.as_ref(), scan.clone());
        if !matches!(scan, Scan::Code(_)) || becomes == *scan {
            return false;
        }
        draft.detail = Some(Box::new((scan.clone(), cause.to_owned())));
        orders.push(Effect::Ask(Query::Exactly(scan.clone())));
        true
    }

    /// What such a code means beside. Whether it was asked for.
    pub(super) fn found_detail(
        &mut self,
        scan: &Scan,
        known: &Known,
        orders: &mut Vec<Effect>,
    ) -> bool {
        let detail = self.draft().and_then(|draft| draft.detail.take());
        let detail = detail.map(|detail| *detail);
        let Some((_, cause)) = detail.filter(|(asked, _)| asked == scan) else {
            return false;
        };
        match known {
            Known::Nothing => self.scanned_whole(scan.clone(), &cause, orders),
            _ => self.act(
                &Act::Scanned(scan.clone()),
                Some(scan.clone()),
                &cause,
                orders,
            ),
        }
        true
    }
}

/// A symbol that belongs to the label read before it makes that label whole.
/// A plain code after "the lot is missing" is the lot, unless it means something by itself.
pub(super) fn completed(work: &Work, pending: Option<&Label>, scan: Scan) -> Scan {
    let Some(pending) = pending else { return scan };
    let whole = match &scan {
        Scan::Goods(label) if label.gtin.is_none() && label.code.is_none() => {
            flow::join(pending, label)
        }
        Scan::Code(text) if work.decide(&Act::Scanned(scan.clone())).is_err() => {
            match work.decide(&Act::Scanned(Scan::Goods(pending.clone()))) {
                Err(Refusal::LotMissing) => text.as_str().parse().ok().map(|lot| Label {
                    lot: Some(lot),
                    ..pending.clone()
                }),
                Err(Refusal::SerialMissing) => text.as_str().parse().ok().map(|serial| Label {
                    serial: Some(serial),
                    ..pending.clone()
                }),
                _ => None,
            }
        }
        _ => None,
    };
    whole.map_or(scan, Scan::Goods)
}
