//! Guided work, one file a kind: which facts follow from what a worker does, and what is asked next.
//! Pure; knows nothing of screens, disks or the office.

mod aboard;
mod act;
mod assemble;
mod carton;
mod count;
mod deliver;
mod goods;
mod hand;
mod haul;
mod levels;
mod load;
mod moving;
mod named;
mod pack;
mod pick;
mod prompt;
mod putaway;
mod receive;
mod refusal;
mod restate;
mod returning;
mod sweep;
mod work;

pub use aboard::Aboard;
pub use act::Act;
pub use assemble::{Assemble, Step as AssembleStep};
pub use count::{Count, Step as CountStep};
pub use deliver::{Deliver, Step as DeliverStep};
pub use goods::{join, label};
pub use hand::Held;
pub use haul::{Haul, Step as HaulStep};
pub use levels::{Levels, Nesting};
pub use load::{Load, Step as LoadStep};
pub use moving::{Moving, Step as MovingStep};
pub use named::Missing;
pub use pack::{Pack, Step as PackStep};
pub use pick::{Map, Mark, Pick, Step as PickStep};
pub use prompt::{Ask, Choice, Prompt};
pub use putaway::{Putaway, Step as PutawayStep};
pub use receive::{Arrived, Arriving, Detail, Part, Receive, Step as ReceiveStep};
pub use refusal::{Insist, Refusal, Said, SaidKind};
pub use restate::{Restate, Step as RestateStep};
pub use returning::{Returning, Step as ReturningStep};
pub use sweep::{Expected, Swept};
pub use work::Work;
