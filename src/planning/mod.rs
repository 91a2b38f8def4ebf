//! The maths of planning: pure functions over plain data.

pub mod carton;
pub mod pace;
