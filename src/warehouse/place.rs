//! Where stock can be: in a bin, in someone's hands, or beyond the walls.

use super::{BinCode, OrderCode, Sscc, ToteCode, WorkerCode};
use serde::{Deserialize, Serialize};

/// Where stock is. The last seven are accounts: what comes from or goes to them leaves or enters the warehouse,
/// so that every move has two ends and all moves of an item sum to zero.
///
/// As text: `bin:A-01-03`, `tote:T7`, `worker:W1`, `order:SO-1`, `truck:SHP-1`, `transit:TO-1`, `supplier`, `customer`, `production`,
/// `loss`, `found`, `unknown`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Place {
    /// In a bin.
    Bin(BinCode),
    /// In a tote on its way.
    Tote(ToteCode),
    /// In a worker's hands or on their truck.
    Worker(WorkerCode),
    /// Packed for an order (the carton is the spot's plate once it is closed).
    Order(OrderCode),
    /// On a truck, from the dock door until it is handed over; by the truck's shipment.
    Truck(OrderCode),
    /// On its way to another warehouse, by the order that sent it: out of this one's hands, and not in the other's yet.
    Transit(OrderCode),
    /// Whoever sold it to us.
    Supplier,
    /// Whoever bought it from us.
    Customer,
    /// Went into something that was made, or came out of it.
    Production,
    /// Gone: broken, stolen, miscounted.
    Loss,
    /// Turned up: a count found more.
    Found,
    /// Nobody can say yet; a person will.
    Unknown,
}

/// Why a text is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a place is written bin:CODE, tote:CODE, worker:CODE, order:CODE, truck:CODE, transit:CODE, supplier, customer, production, loss, \
     found or unknown"
)]
pub struct BadPlace;

impl Place {
    /// Whether stock here is in our hands: inside the warehouse, or on a truck on its way.
    pub const fn is_inside(&self) -> bool {
        matches!(
            self,
            Self::Bin(_) | Self::Tote(_) | Self::Worker(_) | Self::Order(_) | Self::Truck(_)
        )
    }

    /// The bin, if it is one.
    pub const fn bin(&self) -> Option<&BinCode> {
        match self {
            Self::Bin(code) => Some(code),
            _ => None,
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bin(code) => write!(f, "bin:{code}"),
            Self::Tote(code) => write!(f, "tote:{code}"),
            Self::Worker(code) => write!(f, "worker:{code}"),
            Self::Order(code) => write!(f, "order:{code}"),
            Self::Truck(code) => write!(f, "truck:{code}"),
            Self::Transit(code) => write!(f, "transit:{code}"),
            Self::Supplier => f.write_str("supplier"),
            Self::Customer => f.write_str("customer"),
            Self::Production => f.write_str("production"),
            Self::Loss => f.write_str("loss"),
            Self::Found => f.write_str("found"),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

impl std::str::FromStr for Place {
    type Err = BadPlace;

    fn from_str(text: &str) -> Result<Self, BadPlace> {
        match text.split_once(':') {
            Some(("bin", code)) => code.parse().map(Self::Bin).map_err(|_| BadPlace),
            Some(("tote", code)) => code.parse().map(Self::Tote).map_err(|_| BadPlace),
            Some(("worker", code)) => code.parse().map(Self::Worker).map_err(|_| BadPlace),
            Some(("order", code)) => code.parse().map(Self::Order).map_err(|_| BadPlace),
            Some(("truck", code)) => code.parse().map(Self::Truck).map_err(|_| BadPlace),
            Some(("transit", code)) => code.parse().map(Self::Transit).map_err(|_| BadPlace),
            Some(_) => Err(BadPlace),
            None => match text {
                "supplier" => Ok(Self::Supplier),
                "customer" => Ok(Self::Customer),
                "production" => Ok(Self::Production),
                "loss" => Ok(Self::Loss),
                "found" => Ok(Self::Found),
                "unknown" => Ok(Self::Unknown),
                _ => Err(BadPlace),
            },
        }
    }
}

impl TryFrom<String> for Place {
    type Error = BadPlace;
    fn try_from(text: String) -> Result<Self, BadPlace> {
        text.parse()
    }
}

impl From<Place> for String {
    fn from(place: Place) -> Self {
        place.to_string()
    }
}

/// Whether stock may be used.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Free to use.
    #[default]
    Available,
    /// Kept back by a person's decision.
    OnHold,
    /// Broken.
    Damaged,
    /// Past its date.
    Expired,
}

/// One side of a move: the place, the license plate it stands on there, and its status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Spot {
    /// Where.
    pub place: Place,
    /// On which license plate, if on one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plate: Option<Sscc>,
    /// In which status.
    #[serde(default)]
    pub status: Status,
}

impl Spot {
    /// Loose, available stock at a place.
    pub const fn at(place: Place) -> Self {
        Self {
            place,
            plate: None,
            status: Status::Available,
        }
    }

    /// The same spot on a license plate.
    #[must_use]
    pub const fn on(mut self, plate: Option<Sscc>) -> Self {
        self.plate = plate;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for text in [
            "bin:A-01-03",
            "tote:T7",
            "worker:W1",
            "order:SO-1",
            "truck:SHP-1",
            "transit:TO-1",
            "supplier",
            "customer",
            "production",
            "loss",
            "found",
            "unknown",
        ] {
            assert_eq!(
                text.parse::<Place>().map(|p| p.to_string()),
                Ok(text.to_owned())
            );
        }
        for text in ["", "bin:", "shelf:1", "nowhere"] {
            assert_eq!(text.parse::<Place>(), Err(BadPlace));
        }
    }
}
