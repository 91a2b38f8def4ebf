//! What was brought to customers, for people.

use super::{Done, tell};
use clap::Args;
use std::process::ExitCode;
use stockhand::office::{DeliveryRecord, Office};
use stockhand::warehouse::OrderCode;

#[derive(Args)]
pub struct Deliveries {
    /// Of this shipment only.
    #[arg(long)]
    shipment: Option<OrderCode>,
    /// How many stops.
    #[arg(long, default_value_t = 20)]
    most: u32,
}

pub fn list(office: &Office, wish: &Deliveries) -> Done {
    for stop in office.deliveries(wish.shipment.as_ref(), wish.most)? {
        tell(head(&stop))?;
        for line in &stop.lines {
            let lot = line.goods.lot.as_ref();
            let lot = lot.map_or_else(String::new, |lot| format!(" lot {lot}"));
            let serial = line.goods.serial.as_ref();
            let serial = serial.map_or_else(String::new, |serial| format!(" serial {serial}"));
            let why = if line.reason.is_empty() {
                String::new()
            } else {
                format!(": {}", line.reason)
            };
            tell(format!(
                "  {}  {}  {} of {}{lot}{serial}  {}{why}",
                line.order, line.plate, line.quantity, line.goods.item, line.fate
            ))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn head(stop: &DeliveryRecord) -> String {
    let signed = match &stop.signed {
        None => "nobody has said that they received it".to_owned(),
        Some(signed) => {
            let shown = match signed.shown.as_str() {
                "right" => "their code was right",
                "wrong" => "WITH ANOTHER CODE",
                "none" => "WITHOUT THE CODE",
                _ => "no code was agreed",
            };
            let at = signed.at.format("%Y-%m-%d %H:%M");
            format!("received by {} at {at} UTC, {shown}", signed.receiver)
        }
    };
    format!(
        "{} {} stop {}: {signed}",
        stop.warehouse, stop.shipment, stop.stop
    )
}
