//! Following goods through all warehouses, with time and against it: what became of them, what they came from, what is where,
//! and what cannot be accounted for. Certain and possible are told apart; nothing is assumed of which unit went first.

mod answer;
mod gather;
mod ledger;
mod names;
mod picture;
mod question;
mod sheet;

pub use answer::{Balance, Came, Exposure, How, Into, Sent, Stage, Stands, Traced, TracedGoods};
pub use picture::picture;
pub use question::{Asked, Grouping};
pub use sheet::write as write_sheet;

use super::database::Tx;
use super::{Error, Office};
use crate::planning::trace::{NotFollowed, follow};
use crate::sync::RefusedKind;
use ledger::Moves;

impl Office {
    /// Follows goods. Refused: the question bears on more of the ledger than can be looked at in one go.
    pub fn trace(&self, asked: &Asked) -> Result<Traced, Error> {
        self.database().read_at_length(|tx| trace(tx, asked))
    }
}

/// The same within a transaction.
pub(super) fn trace(tx: &Tx, asked: &Asked) -> Result<Traced, Error> {
    let mut moves = Moves::new(tx, asked.until, asked.direction());
    let question = asked.find(tx, &mut moves)?;
    let followed = follow(&mut moves, &question, asked.direction()).map_err(|why| match why {
        NotFollowed::Ledger(why) => why,
        NotFollowed::TooMuch(most) => Error::refused(
            RefusedKind::Size,
            format!("This bears on more than {most} moves: ask for less at a time."),
        ),
    })?;
    gather::gather(tx, &moves, asked, &followed.passed, &followed.rest)
}
