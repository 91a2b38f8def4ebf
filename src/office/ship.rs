//! Packing and shipping as the office plans them: addresses, kinds of carton, how exactly cartons must weigh.

use super::database::{Row, Tx, values};
use super::exception::{ExceptionKind, because};
use super::import::ship::ShipmentRow;
use super::{Error, allocate, ledger, proof, records, steps, transit, work};
use crate::warehouse::{
    CartonType, DeliverJob, Fact, Goods, Job, LoadJob, OrderCode, OrderKind, Packing, Place,
    Quantity, SafeText, ShipCarton, Shipment, Sscc, Stop, Task, TaskId,
};

/// How an order is to be packed: what the office knows of its customer and of its own cartons.
pub(super) fn packing(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Packing, Error> {
    Ok(Packing {
        ship_to: address(tx, warehouse, order)?,
        cartons: carton_types(tx)?,
        weighing: super::weighing::of(tx)?,
    })
}

/// The address an order goes to, line by line.
fn address(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Vec<SafeText>, Error> {
    let sql = "SELECT p.address_1, p.address_2, p.address_3, p.address_4 FROM orders o
               JOIN partners p ON p.kind = 'customer' AND (p.code = o.partner OR p.name = o.partner)
               WHERE o.warehouse = ?1 AND o.code = ?2 ORDER BY p.code = o.partner DESC, p.code LIMIT 1";
    let Some(row) = tx.first(sql, values![warehouse, order.as_str()])? else {
        return Ok(Vec::new());
    };
    let lines = ADDRESS.map(|column| row.text(column).map(SafeText::new));
    let lines: Vec<SafeText> = lines.into_iter().collect::<Result<_, _>>()?;
    Ok(lines.into_iter().filter(|line| !line.is_empty()).collect())
}

const ADDRESS: [&str; 4] = ["address_1", "address_2", "address_3", "address_4"];

pub(super) fn put_address(
    tx: &Tx,
    kind: OrderKind,
    code: &str,
    lines: &[SafeText; 4],
) -> Result<(), Error> {
    let kind = if kind == OrderKind::Receipt {
        "supplier"
    } else {
        "customer"
    };
    let sql = "UPDATE partners SET address_1 = ?3, address_2 = ?4, address_3 = ?5, address_4 = ?6 WHERE kind = ?1 AND code = ?2";
    let [first, second, third, fourth] = lines;
    let lines = values![
        kind,
        code,
        first.as_str(),
        second.as_str(),
        third.as_str(),
        fourth.as_str()
    ];
    tx.run(sql, lines)?;
    Ok(())
}

pub(super) fn put_carton(tx: &Tx, kind: &CartonType) -> Result<(), Error> {
    let sql = "INSERT INTO carton_types (code, name, length_mm, width_mm, height_mm, max_weight_g, tare_g, cost)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
               ON CONFLICT (code) DO UPDATE SET name = excluded.name, length_mm = excluded.length_mm, width_mm = excluded.width_mm,
                   height_mm = excluded.height_mm, max_weight_g = excluded.max_weight_g, tare_g = excluded.tare_g, cost = excluded.cost";
    let [length, width, height] = kind.inner_mm;
    let (code, name) = (kind.code.as_str(), kind.name.as_str());
    tx.run(
        sql,
        values![
            code,
            name,
            length,
            width,
            height,
            kind.max_weight_g,
            kind.tare_g,
            kind.cost
        ],
    )?;
    Ok(())
}

/// Puts an order on a truck. One whose work is on the floor stays as it is; what is left of an order goes on another truck.
pub(super) fn put_shipment(tx: &Tx, row: &ShipmentRow) -> Result<(), Error> {
    let (warehouse, shipment) = (row.warehouse.as_str(), row.shipment.as_str());
    let known = tx.first(
        "SELECT state FROM shipments WHERE warehouse = ?1 AND code = ?2",
        values![warehouse, shipment],
    )?;
    if known.is_some_and(|row| row.text("state").is_ok_and(|state| state != "open")) {
        return Ok(());
    }
    let sql = "INSERT INTO shipments (warehouse, code, door, carrier, priority, due, state, seal)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'open', '')
               ON CONFLICT (warehouse, code) DO UPDATE SET door = excluded.door, carrier = excluded.carrier,
                   priority = excluded.priority, due = excluded.due";
    let due = row.due.map(|due| due.to_rfc3339());
    let (door, carrier) = (row.door.as_str(), row.carrier.as_str());
    tx.run(
        sql,
        values![warehouse, shipment, door, carrier, row.priority, due],
    )?;
    let sql = "INSERT INTO shipment_orders (warehouse, order_code, shipment, stop) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (warehouse, order_code) DO UPDATE SET shipment = excluded.shipment, stop = excluded.stop
               WHERE (SELECT state FROM shipments s WHERE s.warehouse = shipment_orders.warehouse
                   AND s.code = shipment_orders.shipment) IN ('open', 'gone', 'done', 'cancelled')";
    tx.run(
        sql,
        values![warehouse, row.order.as_str(), shipment, row.stop],
    )?;
    Ok(())
}

/// The kinds of carton there are.
pub(super) fn carton_types(tx: &Tx) -> Result<Vec<CartonType>, Error> {
    let sql = "SELECT code, name, length_mm, width_mm, height_mm, max_weight_g, tare_g, cost FROM carton_types ORDER BY code";
    let read = |row: &Row| {
        let number = |name| {
            row.count(name)
                .map(|value| u32::try_from(value).unwrap_or(u32::MAX))
        };
        Ok(CartonType {
            code: row.parse("code")?,
            name: SafeText::new(row.text("name")?),
            inner_mm: [
                number("length_mm")?,
                number("width_mm")?,
                number("height_mm")?,
            ],
            max_weight_g: number("max_weight_g")?,
            tare_g: number("tare_g")?,
            cost: number("cost")?,
        })
    };
    tx.rows(sql, &[])?.iter().map(read).collect()
}

/// What a shipping fact tells a person, where that is all that follows from it.
pub(super) fn told(id: &TaskId, fact: &Fact) -> Option<(ExceptionKind, String)> {
    Some(match fact {
        Fact::CartonWeighed {
            order,
            carton,
            weight_g,
            instead_of_g: Some(expected),
            ..
        } => {
            let note = format!(
                "{id}: carton {carton} of {order} weighs {weight_g} g and should weigh {expected} g"
            );
            (ExceptionKind::OtherWeight, note)
        }
        Fact::DoorConfirmed {
            door,
            reason: Some(reason),
            ..
        } => (
            ExceptionKind::OtherBin,
            format!("{id}: loaded at {door} instead: {}", because(*reason)),
        ),
        Fact::LeftBehind {
            order,
            plate,
            reason,
            ..
        } => {
            let note = format!(
                "{id}: carton {plate} of {order} was not loaded: {}",
                because(*reason)
            );
            (ExceptionKind::Short, note)
        }
        Fact::Refused {
            order,
            plate,
            stop,
            goods,
            reason,
            ..
        } => {
            let note = format!(
                "{id}: {} in carton {plate} of {order} refused at stop {stop}: {}",
                listed(goods),
                because(*reason)
            );
            (ExceptionKind::Refused, note)
        }
        Fact::DeliveredShort {
            order,
            plate,
            stop,
            goods,
            ..
        } => {
            let note = format!(
                "{id}: {} in carton {plate} of {order} was not there at stop {stop}",
                listed(goods)
            );
            (ExceptionKind::Short, note)
        }
        _ => return None,
    })
}

/// What it is, for people; a few of many.
fn listed(goods: &[(Goods, Quantity)]) -> String {
    let named = goods.iter().take(3);
    let named = named.map(|(goods, quantity)| format!("{quantity} of {}", goods.item));
    let named: Vec<String> = named.collect();
    let more = if goods.len() > 3 { " and more" } else { "" };
    format!("{}{more}", named.join(", "))
}

/// A truck has gone, or what it brought was received.
pub(super) fn went(tx: &Tx, warehouse: &str, fact: &Fact) -> Result<(), Error> {
    match fact {
        Fact::TruckClosed {
            shipment,
            orders,
            seal,
            ..
        } => {
            turns(tx, warehouse, shipment.as_str(), "planned", "gone")?;
            let sql = "UPDATE shipments SET seal = ?3 WHERE warehouse = ?1 AND code = ?2";
            tx.run(
                sql,
                values![warehouse, shipment.as_str(), ledger::text(seal.as_ref())],
            )?;
            orders.iter().try_for_each(|order| {
                steps::order_reaches(tx, warehouse, order.as_str(), "shipped")
            })
        }
        Fact::DeliverySigned { orders, .. } => orders
            .iter()
            .try_for_each(|order| steps::order_reaches(tx, warehouse, order.as_str(), "delivered")),
        _ => Ok(()),
    }
}

/// That was taken back.
pub(super) fn came_back(tx: &Tx, warehouse: &str, fact: &Fact) -> Result<(), Error> {
    match fact {
        Fact::TruckClosed {
            shipment, orders, ..
        } => {
            turns(tx, warehouse, shipment.as_str(), "gone", "planned")?;
            orders.iter().try_for_each(|order| {
                steps::order_turns(tx, warehouse, order.as_str(), "shipped", "packed")
            })
        }
        Fact::DeliverySigned { orders, .. } => orders.iter().try_for_each(|order| {
            steps::order_turns(tx, warehouse, order.as_str(), "delivered", "shipped")
        }),
        _ => Ok(()),
    }
}

/// A shipment that is in one state is in another from now on.
pub(super) fn turns(
    tx: &Tx,
    warehouse: &str,
    shipment: &str,
    from: &str,
    to: &str,
) -> Result<(), Error> {
    let sql = "UPDATE shipments SET state = ?4 WHERE warehouse = ?1 AND code = ?2 AND state = ?3";
    tx.run(sql, values![warehouse, shipment, from, to])?;
    Ok(())
}

/// Makes loading and delivery of every shipment whose orders are all on the floor. Says which.
pub(super) fn plan(tx: &Tx, warehouse: &str) -> Result<Vec<OrderCode>, Error> {
    let sql = "SELECT s.code, s.door, s.carrier, s.priority, s.due FROM shipments s WHERE s.warehouse = ?1 AND s.state = 'open'
               AND EXISTS (SELECT 1 FROM shipment_orders x WHERE x.warehouse = s.warehouse AND x.shipment = s.code)
               AND NOT EXISTS (SELECT 1 FROM shipment_orders x LEFT JOIN orders o
                   ON o.warehouse = x.warehouse AND o.code = x.order_code
                   WHERE x.warehouse = s.warehouse AND x.shipment = s.code AND COALESCE(o.state, 'open') = 'open')
               ORDER BY s.priority, s.due IS NULL, s.due, s.code";
    let mut planned = Vec::new();
    for row in tx.rows(sql, values![warehouse])? {
        let shipment = Shipment {
            code: row.parse("code")?,
            carrier: SafeText::new(row.text("carrier")?),
            door: row.parse("door")?,
            stops: Vec::new(),
            cartons: Vec::new(),
        };
        let code = shipment.code.clone();
        put_on_floor(tx, warehouse, &row, shipment)?;
        turns(tx, warehouse, code.as_str(), "open", "planned")?;
        planned.push(code);
    }
    Ok(planned)
}

fn put_on_floor(tx: &Tx, warehouse: &str, row: &Row, mut shipment: Shipment) -> Result<(), Error> {
    let id = |kind| {
        format!("{kind}-{}", shipment.code)
            .parse()
            .map_err(|_| allocate::too_long(&shipment.code))
    };
    let (load, deliver): (TaskId, TaskId) = (id("LOAD")?, id("TOUR")?);
    shipment.stops = stops(tx, warehouse, &shipment.code)?;
    let orders: Vec<OrderCode> = shipment
        .stops
        .iter()
        .flat_map(|stop| stop.orders.clone())
        .collect();
    let mut after = Vec::new();
    for order in &orders {
        let sql = "INSERT INTO order_trucks (warehouse, order_code, shipment) VALUES (?1, ?2, ?3)
                   ON CONFLICT (warehouse, order_code, shipment) DO NOTHING";
        tx.run(
            sql,
            values![warehouse, order.as_str(), shipment.code.as_str()],
        )?;
        shipment.cartons.extend(cartons(tx, warehouse, order)?);
        let sql = "SELECT id FROM tasks WHERE warehouse = ?1 AND order_code = ?2 AND kind = 'pack' AND state IN ('open', 'started')";
        for row in tx.rows(sql, values![warehouse, order.as_str()])? {
            after.push(row.parse("id")?);
        }
    }
    let sql = "SELECT code FROM bins WHERE warehouse = ?1 AND kind = 'receiving' AND frozen = 0 ORDER BY sequence, code LIMIT 1";
    let back = tx.first(sql, values![warehouse])?;
    let back = back.map_or_else(|| Ok(shipment.door.clone()), |row| row.parse("code"))?;
    let mut tour = Shipment {
        cartons: Vec::new(),
        ..shipment.clone()
    };
    // What another warehouse gets is not signed for by a customer: it is received there.
    for stop in &mut tour.stops {
        let transfers = transit::transfers(tx, warehouse, &stop.orders)?;
        stop.orders.retain(|order| !transfers.contains(order));
    }
    tour.stops.retain(|stop| !stop.orders.is_empty());
    let has_tour = !tour.stops.is_empty();
    let task = |id: TaskId, job: Job| {
        Ok::<_, Error>(Task {
            priority: i32::try_from(row.int("priority")?).unwrap_or_default(),
            due: row.parse_maybe("due")?,
            ..Task::opened(id, job)
        })
    };
    let loading = Job::Load(LoadJob { after, shipment });
    let delivery = Job::Deliver(DeliverJob {
        after: vec![load.clone()],
        shipment: tour,
        back,
    });
    work::create(tx, warehouse, &task(load, loading)?, "")?;
    if !has_tour {
        return Ok(());
    }
    work::create(tx, warehouse, &task(deliver, delivery)?, "")
}

fn stops(tx: &Tx, warehouse: &str, shipment: &OrderCode) -> Result<Vec<Stop>, Error> {
    let sql = "SELECT x.stop, x.order_code, o.partner FROM shipment_orders x JOIN orders o
                   ON o.warehouse = x.warehouse AND o.code = x.order_code
               WHERE x.warehouse = ?1 AND x.shipment = ?2 ORDER BY x.stop, x.order_code";
    let mut stops: Vec<Stop> = Vec::new();
    for row in tx.rows(sql, values![warehouse, shipment.as_str()])? {
        let number = u32::try_from(row.count("stop")?).unwrap_or(u32::MAX);
        let order: OrderCode = row.parse("order_code")?;
        match stops.iter_mut().find(|stop| stop.stop == number) {
            Some(stop) => stop.orders.push(order),
            None => stops.push(Stop {
                stop: number,
                customer: SafeText::new(row.text("partner")?),
                ship_to: address(tx, warehouse, &order)?,
                orders: vec![order],
                proofs: Vec::new(),
            }),
        }
    }
    for stop in &mut stops {
        stop.proofs = proof::proofs(tx, warehouse, &stop.orders)?;
    }
    Ok(stops)
}

/// What is packed of an order already.
fn cartons(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Vec<ShipCarton>, Error> {
    let sql = "SELECT plate, item, lot, serial, expiry, quantity FROM stock
               WHERE warehouse = ?1 AND place = ?2 AND plate <> '' AND quantity > 0 ORDER BY plate, item, lot, serial";
    let mut cartons: Vec<ShipCarton> = Vec::new();
    for row in tx.rows(
        sql,
        values![warehouse, Place::Order(order.clone()).to_string()],
    )? {
        let plate: Sscc = row.parse("plate")?;
        let goods = (
            records::goods(&row)?,
            Quantity::from_thousandths(row.int("quantity")?),
        );
        match cartons.iter_mut().find(|carton| carton.plate == plate) {
            Some(carton) => carton.goods.push(goods),
            None => cartons.push(ShipCarton {
                plate,
                order: order.clone(),
                goods: vec![goods],
            }),
        }
    }
    Ok(cartons)
}
