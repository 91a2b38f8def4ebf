//! Inventory policy: how much to order, when, and how much to keep for a wanted service. Formulae with their conventions
//! stated, computed as exactly as floating point allows; [`answer`] answers questions about them as JSON.

mod classes;
mod kpis;
mod lot_plan;
mod lot_size;
mod newsvendor;
pub mod normal;
mod number;
mod question;
mod reader;
mod rq;
mod safety;
mod valuation;

pub use classes::{Abc, AbcXyz, Class, ClassCuts, Usage, Xyz, abc_xyz};
pub use kpis::{Kpis, Period, kpis};
pub use lot_plan::{LotPlan, NoPlan, wagner_whitin};
pub use lot_size::{DiscountedLot, Eoq, LotCosts, NoTiers, Tier, Tiers, eoq, quantity_discounts};
pub use newsvendor::{
    MOST_POISSON_MEAN, Newsvendor, NewsvendorCosts, newsvendor_normal, newsvendor_poisson,
};
pub use number::{Amount, BadNumber, LEAST, MOST, Positive, Share};
pub use question::{answer, kinds};
pub use reader::NoAnswer;
pub use rq::{NoRq, ReorderRq, RqCosts, SS, SsCosts, reorder_rq, s_s_power_approximation};
pub use safety::{
    FillRate, PeriodicReview, Position, ReviewCycle, SafetyStock, VaryingDemand, fill_rate,
    periodic_review, safety_stock,
};
pub use valuation::{NoValuation, Receipt, Valuation, valuation};
