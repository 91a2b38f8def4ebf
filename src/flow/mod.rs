//! Guided work, one file a kind: which facts follow from what a worker does, and what is asked next.
//! Pure; knows nothing of screens, disks or the office.

mod act;
mod carton;
mod deliver;
mod goods;
mod levels;
mod load;
mod pack;
mod pick;
mod prompt;
mod putaway;
mod receive;
mod refusal;
mod sweep;
mod work;

pub use act::Act;
pub use deliver::{Deliver, Step as DeliverStep};
pub use goods::{join, label};
pub use levels::{Levels, Nesting};
pub use load::{Load, Step as LoadStep};
pub use pack::{Pack, Step as PackStep};
pub use pick::{Map, Mark, Pick, Step as PickStep};
pub use prompt::{Ask, Choice, Prompt};
pub use putaway::{Putaway, Step as PutawayStep};
pub use receive::{Detail, Part, Receive, Step as ReceiveStep};
pub use refusal::{Insist, Refusal, Said, SaidKind};
pub use sweep::{Expected, Swept};
pub use work::Work;
