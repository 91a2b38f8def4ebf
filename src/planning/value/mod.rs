//! What stock is worth, to the cent: money as whole cents, landed costs shared out without a remainder, books by FIFO or
//! moving average, and the figures that say how old, dead or endangered stock is. No floats.

mod books;
mod figures;
mod landed;
mod money;

pub use books::{Books, Layer, Method, NotBooked, Statement};
pub use figures::{AgeBucket, Expiring, LotAtRisk, Shelf, Slow, ageing, dead, excess, expiry_risk};
pub use landed::{Basis, Charge, DutyRate, Invoiced, NoShares, landed_costs, share_out};
pub use money::{BadMoney, Money};
