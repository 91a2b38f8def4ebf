//! GS1 element strings: application identifiers and their values, by the dictionary in `assets/gs1/`.
//! Every length, character set, check, exclusion and companion comes from that file; the next edition is a swap of it.

mod ai;
mod century;
mod charset;
mod dictionary;
mod element;
mod fault;
mod lint_coupon;
mod lint_dates;
mod lint_keys;
mod lint_lists;
mod lint_text;
mod linters;
mod load;
mod swallowed;
mod together;

pub use ai::Ai;
pub use century::{RELEASE_YEAR, date, full_year};
pub(super) use charset::Charset;
pub use dictionary::{Dictionary, Entry, dictionary};
pub use element::{Element, Elements, GS, MOST, Rules, bracketed, from_brackets, parse};
pub use fault::{Fault, Lint};
pub use load::BadDictionary;
pub use swallowed::swallowed;
pub(super) use together::{check as check_together, check_pairs};
