//! Stockhand runs the floor of a warehouse.
pub mod flow;
pub mod planning;
pub mod scan;
pub mod sync;
pub mod warehouse;
