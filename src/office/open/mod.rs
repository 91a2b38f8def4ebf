//! What other systems may read of the office: areas, page by page, each key what its scopes and warehouses allow.
//! Quantities are decimal strings in the item's unit, such as "2.5"; times are RFC 3339; days are ISO 8601.

mod area;
mod describe;
mod key;
mod page;

pub use area::{AREAS, Area, Field, Kind};
pub use describe::describe;
pub use key::{Key, KeyRecord, NoKey};
pub use page::{MOST, NoPage, Wish};
