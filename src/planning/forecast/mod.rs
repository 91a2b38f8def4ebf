//! Forecasts of demand: many methods tried on each series' own past, the best of its kind combined, with bounds that held
//! in the back-test and with the reasons.

mod accuracy;
pub mod average;
mod calendar;
mod choose;
mod classes;
pub mod clean;
mod drivers;
mod interval;
mod plan;
mod pool;
mod reason;
mod season;
mod series;
pub mod smooth;
pub mod sparse;
mod sums;
pub mod theta;
mod trial;

pub use accuracy::Accuracy;
pub use calendar::{NoPeriod, Step, When};
pub use choose::Weights;
pub use classes::Class;
pub use interval::Bounds;
pub use plan::{Forecast, forecast};
pub use pool::{Method, forecasts};
pub use reason::Reason;
pub use series::{Asked, Series};
pub use trial::Trial;
