//! The carton while packing: which kind is taken, what is to go into it, and whether it weighs what it should.

use super::goods;
use super::pack::Pack;
use super::prompt::Ask;
use super::refusal::Refusal;
use crate::planning::carton::{Wanted, fits, propose};
use crate::scan::Scan;
use crate::warehouse::{CartonCode, CartonType, Fact, LineNo, PackJob, Quantity, SafeText, Sscc};

/// What is to go into the next carton.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// Into a carton of this kind.
    kind: Option<CartonCode>,
    lines: Vec<(LineNo, u32)>,
    /// The same as it is shown.
    shown: Vec<(Quantity, SafeText)>,
}

impl Plan {
    /// What of that which is left goes into a carton of this kind, or into the one that is proposed. Empty where it
    /// cannot be told.
    pub fn of(job: &PackJob, kind: Option<&CartonCode>, left: impl Fn(usize) -> Quantity) -> Self {
        let lines = job.lines.iter().enumerate();
        let wanted: Vec<Wanted> = lines
            .map(|(at, line)| Wanted {
                line: line.line,
                item: &line.item,
                quantity: left(at),
            })
            .filter(|wanted| wanted.quantity.is_positive())
            .collect();
        let taken = kind.and_then(|kind| job.how.cartons.iter().find(|known| known.code == *kind));
        let filled = match taken {
            Some(kind) => fits(&wanted, kind),
            None => propose(&wanted, &job.how.cartons).and_then(|all| all.into_iter().next()),
        };
        let Some(filled) = filled else {
            return Self {
                kind: kind.cloned(),
                ..Self::default()
            };
        };
        let show = |(line, count): &(LineNo, u32)| {
            let item = job
                .lines
                .iter()
                .find(|known| known.line == *line)
                .map(|known| known.item.name.clone());
            (Quantity::units(*count), item.unwrap_or_default())
        };
        Self {
            kind: Some(filled.kind),
            shown: filled.lines.iter().map(show).collect(),
            lines: filled.lines,
        }
    }

    /// Whether another kind was taken than the one it was made for.
    pub fn is_stale(&self, kind: Option<&CartonCode>) -> bool {
        kind.is_some_and(|kind| self.kind.as_ref() != Some(kind))
    }
}

/// A closed carton that is not weighed yet.
#[derive(Clone, Debug)]
pub(super) struct Closed {
    carton: u32,
    sscc: Sscc,
    expected_g: Option<u32>,
    /// What it weighs and what it should, where these differ too much.
    pub differs: Option<(u32, u32)>,
}

impl Closed {
    pub const fn new(carton: u32, sscc: Sscc, expected_g: Option<u32>) -> Self {
        Self {
            carton,
            sscc,
            expected_g,
            differs: None,
        }
    }
}

impl Pack {
    fn known(&self, code: &CartonCode) -> Option<&CartonType> {
        self.job.how.cartons.iter().find(|kind| kind.code == *code)
    }

    /// The kind of carton that a scan names.
    pub(super) fn kind_of(&self, scan: &Scan) -> Option<&CartonType> {
        let code = goods::label(scan).code?;
        self.job
            .how
            .cartons
            .iter()
            .find(|kind| kind.code.as_str() == code.as_str())
    }

    /// Takes a carton of a kind, or of the one that is proposed.
    pub(super) fn take(&self, kind: Option<&CartonType>) -> Result<Vec<Fact>, Refusal> {
        let kind = kind.map(|kind| &kind.code).or(self.plan.kind.as_ref());
        let kind = kind.filter(|kind| self.known(kind).is_some());
        Ok(vec![Fact::CartonBegun {
            order: self.job.order.clone(),
            carton: self.carton,
            kind: kind.ok_or(Refusal::CartonFirst)?.clone(),
        }])
    }

    fn inside(&self, line: usize) -> Quantity {
        let of_it = self.inside.iter().filter(|(of, ..)| *of == line);
        of_it.map(|(.., quantity)| *quantity).sum()
    }

    /// Lines of which more is to go into the open carton.
    pub(super) fn planned(&self) -> impl Iterator<Item = usize> + '_ {
        self.open().filter(|&line| {
            let number = self.job.lines[line].line;
            let planned = self.plan.lines.iter().find(|(known, _)| *known == number);
            planned.is_some_and(|(_, count)| self.inside(line) < Quantity::units(*count))
        })
    }

    /// Whether everything that was to go into the open carton is in it.
    pub(super) fn is_as_planned(&self) -> bool {
        self.kind.is_some() && !self.plan.lines.is_empty() && self.planned().next().is_none()
    }

    pub(super) fn asks_carton(&self) -> Ask<'_> {
        let kind = self.plan.kind.as_ref().and_then(|kind| self.known(kind));
        Ask::TakeCarton(self.carton, kind, &self.plan.shown)
    }

    /// What the open carton should weigh, carton and all; none if any part of that is not known. Grams.
    pub(super) fn expected_g(&self) -> Option<u32> {
        let tare = self.known(self.kind.as_ref()?)?.tare_g;
        let mut sum = i64::from(tare);
        for (line, _, quantity) in &self.inside {
            let item = &self.job.lines[*line].item;
            let each = match item.unit.as_str() {
                "kg" => 1000,
                _ if item.handling.catch_weight => return None,
                _ => i64::from(item.weight_g?),
            };
            sum = sum.saturating_add(each.saturating_mul(quantity.thousandths()) / 1000);
        }
        u32::try_from(sum).ok()
    }

    pub(super) fn asks_weight(&self) -> Ask<'_> {
        match &self.closed {
            Some(Closed {
                differs: Some((weight, expected)),
                ..
            }) => Ask::IsWeightRight(*weight, *expected),
            Some(closed) => Ask::WeighCarton(closed.carton, closed.expected_g),
            None => Ask::Done,
        }
    }

    /// What the scale says, or what was keyed, in kilograms.
    pub(super) fn weighed(&self, kilograms: Quantity) -> Result<Vec<Fact>, Refusal> {
        let weight_g = u32::try_from(kilograms.thousandths())
            .ok()
            .filter(|grams| *grams > 0);
        let (Some(weight_g), Some(closed)) = (weight_g, &self.closed) else {
            return Err(Refusal::Nothing);
        };
        match (self.job.how.weighing, closed.expected_g) {
            (Some(weighing), Some(expected_g)) if !weighing.allows(weight_g, expected_g) => {
                Ok(vec![Fact::WeightDiffered {
                    order: self.job.order.clone(),
                    carton: closed.carton,
                    weight_g,
                    expected_g,
                }])
            }
            _ => Ok(self.settled(closed, weight_g, None)),
        }
    }

    fn settled(&self, closed: &Closed, weight_g: u32, instead_of_g: Option<u32>) -> Vec<Fact> {
        let weighed = Fact::CartonWeighed {
            order: self.job.order.clone(),
            carton: closed.carton,
            sscc: closed.sscc,
            weight_g,
            instead_of_g,
        };
        let is_last = self.open().next().is_none();
        std::iter::once(weighed)
            .chain(is_last.then_some(Fact::TaskFinished))
            .collect()
    }

    pub(super) fn right(&self) -> Result<Vec<Fact>, Refusal> {
        let closed = self.closed.as_ref().ok_or(Refusal::WeightFirst)?;
        let (weight, expected) = closed.differs.ok_or(Refusal::WeightFirst)?;
        Ok(self.settled(closed, weight, Some(expected)))
    }

    pub(super) fn doubted(&self) -> Result<Vec<Fact>, Refusal> {
        let closed = self.closed.as_ref().ok_or(Refusal::WeightFirst)?;
        Ok(vec![Fact::WeightDoubted {
            order: self.job.order.clone(),
            carton: closed.carton,
        }])
    }

    pub(super) fn next_plate(&self) -> Option<Sscc> {
        self.job
            .plates
            .iter()
            .copied()
            .find(|plate| !self.used.contains(plate))
    }

    /// A label that is set aside for this order closes the carton at once; another one, such as that of a pallet
    /// nearby, only when it is meant.
    pub(super) fn labelled(&self, sscc: Sscc) -> Result<Vec<Fact>, Refusal> {
        let is_ours = self.job.plates.contains(&sscc) || self.next_plate().is_none();
        if is_ours || self.inside.is_empty() {
            self.closed(Some(sscc))
        } else {
            Err(Refusal::OtherPlate(sscc))
        }
    }

    pub(super) fn closed(&self, plate: Option<Sscc>) -> Result<Vec<Fact>, Refusal> {
        if self.inside.is_empty() {
            return Err(Refusal::CartonEmpty);
        }
        let sscc = plate
            .or_else(|| self.next_plate())
            .ok_or(Refusal::NoPlateLeft)?;
        if self.used.contains(&sscc) {
            return Err(Refusal::PlateUsed(sscc));
        }
        let goods = self
            .inside
            .iter()
            .map(|(_, goods, quantity)| (goods.clone(), *quantity))
            .collect();
        let mut facts = vec![Fact::CartonClosed {
            order: self.job.order.clone(),
            carton: self.carton,
            sscc,
            goods,
        }];
        if self.open().next().is_none() && self.job.how.weighing.is_none() {
            facts.push(Fact::TaskFinished);
        }
        Ok(facts)
    }
}
