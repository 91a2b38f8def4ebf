//! What other systems may read of the office and send to it: each key what its scopes and warehouses allow.
//! Quantities are decimal strings in the item's unit, such as "2.5"; times are RFC 3339; days are ISO 8601.

mod area;
mod describe;
mod export;
mod form;
mod key;
mod metrics;
mod page;
mod told;
mod write;

pub use area::{AREAS, Area, Field, Kind};
pub use describe::describe;
pub use export::Pages;
pub use form::{FORMS, Fault, Form, MOST_LINES};
pub use key::{Key, KeyRecord, NoKey};
pub use page::{MOST, NoPage, Wish};
pub use write::NotTaken;
