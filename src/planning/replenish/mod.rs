//! What to order, when, how much, from whom, and why: levels from forecast error and lead times, reminders, orders by
//! supplier, transfers before purchases. Proposals as data; a person or a task makes orders of them.

mod calendar;
mod lead_time;
mod level;
mod like_item;
mod lot;
mod proposal;
mod reminder;
mod shared;
mod transfer;

pub use calendar::{Calendar, Supply};
pub use lead_time::{LeadTime, Received};
pub use level::{Demand, Levels, Protection, Service, levels, levels_at};
pub use like_item::from_like_item;
pub use lot::{Lot, best_lot};
pub use proposal::{Need, OrderLine, PurchaseProposal, purchase_proposals};
pub use reminder::{Arrival, Reminder, Standing, Why, reminder, stock_out};
pub use shared::{Member, shared_factors};
pub use transfer::{Site, Transfer, transfers};
