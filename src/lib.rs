//! Stockhand runs the floor of a warehouse.
pub mod config;
pub mod demo;
pub mod device;
pub mod diagnose;
pub mod flow;
pub mod handheld;
pub mod office;
pub mod planning;
pub mod run;
pub mod scan;
pub mod screen;
pub mod sqlite;
pub mod store;
pub mod sync;
pub mod warehouse;
