//! The books, item by item: every move into the house comes with its cost, every move out of it leaves with one.

use super::Span;
use super::cost::{Costs, share};
use crate::office::database::{Row, Tx, values};
use crate::office::{Error, Office};
use crate::planning::value::{Books, Layer, Method, Money, NotBooked, Statement};
use crate::warehouse::{ItemCode, Quantity, SafeText, Timestamp, WarehouseCode};
use chrono::NaiveDate;

/// What a move was for the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Booking {
    /// It came from a supplier.
    Received,
    /// It came back from a customer, or out of a carton again.
    Returned,
    /// It was made.
    Made,
    /// It turned up, or was there when the books began.
    Found,
    /// It was packed for a customer.
    Sold,
    /// It went into something that was made.
    Used,
    /// It was lost, thrown away, or went back to the supplier.
    Lost,
}

impl Booking {
    /// How it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Returned => "returned",
            Self::Made => "made",
            Self::Found => "found",
            Self::Sold => "sold",
            Self::Used => "used",
            Self::Lost => "lost",
        }
    }

    /// What goes from one place to another; none if both are in the house, or neither.
    fn of(source: &str, target: &str) -> Option<Self> {
        let inside = |place: &str| {
            ["bin:", "tote:", "worker:"]
                .iter()
                .any(|kind| place.starts_with(kind))
        };
        let sold = |place: &str| {
            place.starts_with("order:") || place.starts_with("truck:") || place == "customer"
        };
        match (inside(source), inside(target)) {
            (false, true) if source == "supplier" => Some(Self::Received),
            (false, true) if sold(source) => Some(Self::Returned),
            (false, true) if source == "production" => Some(Self::Made),
            (false, true) => Some(Self::Found),
            (true, false) if sold(target) => Some(Self::Sold),
            (true, false) if target == "production" => Some(Self::Used),
            (true, false) => Some(Self::Lost),
            _ => None,
        }
    }

    const fn comes(self) -> bool {
        matches!(
            self,
            Self::Received | Self::Returned | Self::Made | Self::Found
        )
    }
}

/// A move in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// The number of the move in the warehouse's ledger.
    pub id: u64,
    /// When the office heard of it.
    pub at: Timestamp,
    /// Which item.
    pub item: ItemCode,
    /// What it was.
    pub what: Booking,
    /// How much.
    pub quantity: Quantity,
    /// What it cost.
    pub cost: Money,
    /// The order it was packed for, or received by; else the paper of the office; empty if there is none.
    pub document: SafeText,
    /// The row of a handheld's journal that says so, as device/epoch/row; empty: the office itself.
    pub fact: SafeText,
}

/// What the books say of an item over a span. Opening and receipts are what went out and what is left, to the hundredth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueRow {
    /// Which item.
    pub item: ItemCode,
    /// How much there is at the end; below zero where the ledger itself is.
    pub quantity: Quantity,
    /// Opening, receipts, what went, closing.
    pub statement: Statement,
    /// Of what went: sold.
    pub sold: Money,
    /// Of what went: used for what was made.
    pub used: Money,
    /// Of what went: lost, or sent back.
    pub lost: Money,
}

/// The books of one item while its moves are read.
pub(super) struct ItemBooks {
    pub item: ItemCode,
    books: Books,
    /// What went that was not there: the next receipt makes it good.
    owed: Quantity,
    /// What the last one cost that went or came, for how much.
    last: Option<(Money, Quantity)>,
    began: bool,
    pub sold: Money,
    pub used: Money,
    pub lost: Money,
    pub last_issue: Option<NaiveDate>,
    pub first: Option<NaiveDate>,
}

impl ItemBooks {
    fn new(item: ItemCode, method: Method) -> Self {
        Self {
            item,
            books: Books::new(method),
            owed: Quantity::ZERO,
            last: None,
            began: false,
            sold: Money::ZERO,
            used: Money::ZERO,
            lost: Money::ZERO,
            last_issue: None,
            first: None,
        }
    }

    pub fn quantity(&self) -> Quantity {
        self.books.on_hand().minus(self.owed)
    }

    pub fn statement(&self) -> Statement {
        self.books.statement()
    }

    pub fn layers(&self) -> impl Iterator<Item = &Layer> {
        self.books.layers()
    }

    /// From here on it is the span that is asked for.
    fn begin(&mut self) {
        if !self.began {
            self.began = true;
            let books = std::mem::replace(&mut self.books, Books::new(Method::Fifo));
            self.books = books.carried_forward();
            (self.sold, self.used, self.lost) = (Money::ZERO, Money::ZERO, Money::ZERO);
        }
    }

    /// What so much costs by what is there, else by what last went or came.
    fn as_here(&self, quantity: Quantity) -> Option<Money> {
        let there = self.books.on_hand();
        if there.is_positive() {
            return Some(share(self.books.value(), quantity, there));
        }
        self.last.map(|(cost, of)| share(cost, quantity, of))
    }

    fn take(
        &mut self,
        what: Booking,
        day: NaiveDate,
        quantity: Quantity,
        cost: Money,
    ) -> Result<Money, NotBooked> {
        self.first = self.first.or(Some(day));
        if what.comes() {
            self.books.receive(day, quantity, cost)?;
            self.last = Some((cost, quantity));
            let made_good = self.owed.min(quantity);
            if made_good.is_positive() {
                self.owed = self.owed.minus(made_good);
                let late = self.books.issue(made_good)?;
                self.lost = self.lost.plus(late);
            }
            return Ok(cost);
        }
        self.last_issue = Some(day);
        let there = quantity.min(self.books.on_hand());
        self.owed = self.owed.plus(quantity.minus(there));
        let cost = if there.is_positive() {
            self.books.issue(there)?
        } else {
            Money::ZERO
        };
        if there.is_positive() {
            self.last = Some((cost, there));
        }
        let sum = match what {
            Booking::Sold => &mut self.sold,
            Booking::Used => &mut self.used,
            _ => &mut self.lost,
        };
        *sum = sum.plus(cost);
        Ok(cost)
    }
}

/// Walks through the books of a warehouse up to the end of a span, or of one item. `booked` hears of every move within the span,
/// `done` of every item at its end. One item's books are held at a time.
pub(super) fn walk(
    tx: &Tx,
    warehouse: &str,
    item: &str,
    (method, span): (Method, Span),
    mut booked: impl FnMut(Booked) -> Result<(), Error>,
    mut done: impl FnMut(ItemBooks) -> Result<(), Error>,
) -> Result<(), Error> {
    let costs = Costs::of(tx, warehouse)?;
    let mut open: Option<ItemBooks> = None;
    let mut close = |mut books: ItemBooks| {
        books.begin();
        done(books)
    };
    let sql = "SELECT m.id, m.at, m.item, m.quantity, m.source_place, m.target_place, m.document, m.device, m.epoch, m.seq,
                   COALESCE(r.order_code, '') AS order_code FROM moves m
               LEFT JOIN received r ON r.device = m.device AND r.epoch = m.epoch AND r.seq = m.seq
               WHERE m.warehouse = ?1 AND (?2 = '' OR m.item = ?2) AND SUBSTR(m.at, 1, 10) <= ?3 ORDER BY m.item, m.id";
    tx.each(sql, values![warehouse, item, span.to.to_string()], |row| {
        let Some(what) = Booking::of(row.text("source_place")?, row.text("target_place")?) else {
            return Ok(());
        };
        if open
            .as_ref()
            .is_none_or(|books| books.item.as_str() != row.text("item").unwrap_or_default())
        {
            let next = ItemBooks::new(row.parse("item")?, method);
            if let Some(books) = open.replace(next) {
                close(books)?;
            }
        }
        let books = open.as_mut().expect("it was just opened");
        let entry = book(&row, what, books, &costs, span)?;
        if entry.at.date_naive() >= span.from {
            booked(entry)?;
        }
        Ok::<(), Error>(())
    })?;
    open.map_or(Ok(()), close)
}

fn book(
    row: &Row,
    what: Booking,
    books: &mut ItemBooks,
    costs: &Costs,
    span: Span,
) -> Result<Booked, Error> {
    let at: Timestamp = row.parse("at")?;
    let day = at.date_naive();
    if day >= span.from {
        books.begin();
    }
    let quantity = Quantity::from_thousandths(row.int("quantity")?);
    let (paper, received) = (row.text("document")?, row.text("order_code")?);
    let by = if received.is_empty() { paper } else { received };
    let code = books.item.clone();
    let item = code.as_str();
    let invoiced = costs
        .invoiced(by, item, quantity)
        .filter(|_| what == Booking::Received);
    let usual = costs.usual(item, quantity);
    let cost = match what {
        Booking::Received => invoiced.unwrap_or(usual),
        Booking::Made => usual,
        Booking::Returned => books
            .last
            .map_or(usual, |(cost, of)| share(cost, quantity, of)),
        Booking::Found => books.as_here(quantity).unwrap_or(usual),
        Booking::Sold | Booking::Used | Booking::Lost => Money::ZERO,
    };
    let cost = books
        .take(what, day, quantity, cost)
        .map_err(|why| Error::Unknown {
            what: "way to book",
            code: format!(
                "move {} of {item}: {why}",
                row.int("id").unwrap_or_default()
            ),
        })?;
    let order = |name| {
        row.text(name)
            .map(|place| place.strip_prefix("order:").map(str::to_owned))
    };
    let document = match what {
        Booking::Sold => order("target_place")?,
        Booking::Returned => order("source_place")?,
        _ => None,
    };
    let device = row.text("device")?;
    let fact = match device {
        "" => String::new(),
        _ => format!("{device}/{}/{}", row.int("epoch")?, row.int("seq")?),
    };
    Ok(Booked {
        id: row.count("id")?,
        at,
        item: books.item.clone(),
        what,
        quantity,
        cost,
        document: SafeText::new(document.as_deref().unwrap_or(by)),
        fact: SafeText::new(&fact),
    })
}

impl Office {
    /// What the books of a warehouse say over a span, item by item.
    pub fn stock_value(
        &self,
        warehouse: &WarehouseCode,
        method: Method,
        span: Span,
    ) -> Result<Vec<ValueRow>, Error> {
        self.database().read_at_length(|tx| {
            let mut rows = Vec::new();
            let row = |books: ItemBooks| {
                rows.push(ValueRow {
                    quantity: books.quantity(),
                    statement: books.statement(),
                    sold: books.sold,
                    used: books.used,
                    lost: books.lost,
                    item: books.item,
                });
                Ok(())
            };
            walk(tx, warehouse.as_str(), "", (method, span), |_| Ok(()), row)?;
            Ok(rows)
        })
    }

    /// The moves behind the figures of an item, oldest first, one after another.
    pub fn booked(
        &self,
        warehouse: &WarehouseCode,
        item: &ItemCode,
        (method, span): (Method, Span),
        take: impl FnMut(Booked) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.database().read_at_length(|tx| {
            walk(
                tx,
                warehouse.as_str(),
                item.as_str(),
                (method, span),
                take,
                |_| Ok(()),
            )
        })
    }
}
