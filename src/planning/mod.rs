//! The maths of planning: pure functions over plain data.

pub mod policy;
pub mod replenish;
pub mod value;
