//! Taking a cancelled order off its trucks, as far as it is not on them: loading that is under way is not disturbed.

use super::database::{Tx, values};
use super::work::{self, Known};
use super::{Error, cancel, feed, ship};
use crate::warehouse::{Fact, Job, OrderCode, Shipment, Sscc, Task, TaskId};

/// Loading that is under way with this order, if any.
pub(super) fn is_loading(
    tx: &Tx,
    warehouse: &str,
    order: &OrderCode,
) -> Result<Option<TaskId>, Error> {
    let loads = loads(tx, warehouse, order)?.into_iter();
    let mut under_way = loads.filter(|load| {
        load.state == "started"
            && shipment(&load.task).is_some_and(|it| it.stop_of(order).is_some())
    });
    Ok(under_way.next().map(|load| load.task.id))
}

/// Tasks of loading, not over, of the trucks that an order is or was on.
fn loads(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<Vec<Known>, Error> {
    let sql = "SELECT k.id FROM order_trucks t JOIN tasks k ON k.warehouse = t.warehouse AND k.order_code = t.shipment
               WHERE t.warehouse = ?1 AND t.order_code = ?2 AND k.kind = 'load' AND k.state IN ('open', 'started') ORDER BY k.id";
    let mut loads = Vec::new();
    for row in tx.rows(sql, values![warehouse, order.as_str()])? {
        loads.extend(work::known(tx, warehouse, row.text("id")?)?);
    }
    Ok(loads)
}

const fn shipment(task: &Task) -> Option<&Shipment> {
    match &task.job {
        Job::Load(job) => Some(&job.shipment),
        Job::Deliver(job) => Some(&job.shipment),
        _ => None,
    }
}

/// Takes the order off every truck that nobody is loading now. Cartons that are on it already stay: a person was told.
pub(super) fn take_off(tx: &Tx, warehouse: &str, order: &OrderCode) -> Result<(), Error> {
    let sql = "DELETE FROM shipment_orders WHERE warehouse = ?1 AND order_code = ?2 AND EXISTS (SELECT 1 FROM shipments s
                   WHERE s.warehouse = shipment_orders.warehouse AND s.code = shipment_orders.shipment AND s.state = 'open')";
    tx.run(sql, values![warehouse, order.as_str()])?;
    for load in loads(tx, warehouse, order)? {
        if load.state == "open"
            && shipment(&load.task).is_some_and(|it| it.stop_of(order).is_some())
        {
            off(tx, warehouse, order, load)?;
        }
    }
    Ok(())
}

/// A truck that was called off is being loaded all the same: it will have a tour.
pub(super) fn goes_after_all(tx: &Tx, warehouse: &str, truck: &OrderCode) -> Result<(), Error> {
    ship::turns(tx, warehouse, truck.as_str(), "cancelled", "planned")?;
    let sql = "UPDATE tasks SET state = 'open', withdrawn_for = '' WHERE warehouse = ?1 AND order_code = ?2 AND kind = 'deliver'
               AND state = 'cancelled' RETURNING id";
    for row in tx.rows(sql, values![warehouse, truck.as_str()])? {
        feed::announce(tx, warehouse, "task", row.text("id")?)?;
    }
    Ok(())
}

fn off(tx: &Tx, warehouse: &str, order: &OrderCode, load: Known) -> Result<(), Error> {
    let Some(truck) = shipment(&load.task).map(|it| it.code.clone()) else {
        return Ok(());
    };
    let loaded: Vec<Sscc> = (load.task.done.iter())
        .filter_map(|fact| match fact {
            Fact::Loaded {
                order: of, plate, ..
            } if of == order => Some(*plate),
            _ => None,
        })
        .collect();
    let mut tasks = vec![load];
    let sql = "SELECT id FROM tasks WHERE warehouse = ?1 AND order_code = ?2 AND kind = 'deliver' AND state = 'open'";
    if loaded.is_empty() {
        for row in tx.rows(sql, values![warehouse, truck.as_str()])? {
            tasks.extend(work::known(tx, warehouse, row.text("id")?)?);
        }
        let sql = "DELETE FROM shipment_orders WHERE warehouse = ?1 AND order_code = ?2";
        tx.run(sql, values![warehouse, order.as_str()])?;
    }
    let mut is_empty = false;
    for known in tasks {
        let task = without(known.task, order, &loaded);
        is_empty = shipment(&task).is_some_and(|it| it.stops.is_empty());
        if is_empty {
            cancel::withdraw(tx, warehouse, task.id.as_str(), order)?;
        } else {
            work::replace_job(tx, warehouse, &task)?;
        }
    }
    if is_empty {
        ship::turns(tx, warehouse, truck.as_str(), "planned", "cancelled")?;
    }
    Ok(())
}

/// A truck's task without one of its orders, but for the cartons of it that are on the truck.
fn without(mut task: Task, order: &OrderCode, loaded: &[Sscc]) -> Task {
    let packs = format!("PACK-{order}");
    let of_order = |id: &TaskId| {
        let rest = id.as_str().strip_prefix(&packs);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let shipment = match &mut task.job {
        Job::Load(job) => {
            job.after.retain(|after| !of_order(after));
            &mut job.shipment
        }
        Job::Deliver(job) => &mut job.shipment,
        _ => return task,
    };
    if loaded.is_empty() {
        for stop in &mut shipment.stops {
            stop.orders.retain(|known| known != order);
        }
        shipment.stops.retain(|stop| !stop.orders.is_empty());
    }
    shipment
        .cartons
        .retain(|carton| carton.order != *order || loaded.contains(&carton.plate));
    task
}
