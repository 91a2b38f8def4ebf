//! The maths of planning: pure functions over plain data.

pub mod batch;
pub mod carton;
pub mod floor;
pub mod forecast;
pub mod pace;
pub mod policy;
pub mod promise;
pub mod putaway;
pub mod replenish;
pub mod route;
pub mod value;
