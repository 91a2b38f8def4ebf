//! The inside of a warehouse: where goods should stand, how full a pick face should be, what to count next, and how well
//! it all goes. Proposals and figures as data.

mod affinity;
mod count;
mod pick_face;
mod rates;
mod slot;
mod slotting;

pub use affinity::{Affinity, affinities};
pub use count::{CountRules, Countable, DueCount, Tolerance, WhyCount, due_counts};
pub use pick_face::{Face, FaceNeed, TooSmall, face, refill};
pub use rates::{OrderOutcome, Rate, ServiceRates, median_minutes, per_hour, service_rates};
pub use slot::{
    Article, Conditions, Location, SlotRules, Temperature, Unfit, coi, fits, nearest_first,
};
pub use slotting::{Layout, SlotMove, slot_moves};
