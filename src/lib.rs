//! Stockhand runs the floor of a warehouse.
pub mod planning;
