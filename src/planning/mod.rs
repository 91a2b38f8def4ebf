//! The maths of planning: pure functions over plain data.

pub mod floor;
pub mod policy;
pub mod replenish;
pub mod value;
