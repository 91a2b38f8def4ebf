//! The command about weighing closed cartons.

use super::{Done, say};
use clap::Args;
use stockhand::office::Office;
use stockhand::warehouse::Weighing;

#[derive(Args)]
pub(crate) struct Weigh {
    /// So many grams off, either way, are right.
    #[arg(long)]
    grams: Option<u32>,
    /// So many hundredths of what it should weigh are right.
    #[arg(long, value_parser = clap::value_parser!(u32).range(0..=100))]
    percent: Option<u32>,
    /// Cartons are not weighed.
    #[arg(long, conflicts_with_all = ["grams", "percent"])]
    off: bool,
}

pub(crate) fn weigh(office: &Office, wish: &Weigh) -> Done {
    let mut weighing = office.weighing()?;
    if wish.off {
        weighing = None;
        office.set_weighing(None)?;
    } else if wish.grams.is_some() || wish.percent.is_some() {
        let (grams, percent) = weighing.map_or((0, 0), |is| (is.tolerance_g, is.tolerance_percent));
        weighing = Some(Weighing {
            tolerance_g: wish.grams.unwrap_or(grams),
            tolerance_percent: wish.percent.unwrap_or(percent),
        });
        office.set_weighing(weighing)?;
    }
    match weighing {
        None => say("Closed cartons are not weighed."),
        Some(is) => say(format_args!(
            "Closed cartons are weighed; {} g and {} % off are right.",
            is.tolerance_g, is.tolerance_percent
        )),
    }
}
