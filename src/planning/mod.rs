//! The maths of planning: pure functions over plain data.

pub mod batch;
pub mod pace;
pub mod route;
