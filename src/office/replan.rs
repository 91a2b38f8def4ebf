//! What other rules would have made of a wave that went to the floor: its orders are put on carts anew, on paper only.

use super::database::{Tx, values};
use super::draft::{Drafted, Drafts};
use super::release::{self, Terms};
use super::rules::Rules;
use super::wave::{self, Planned};
use super::{Error, Office};
use crate::warehouse::{Job, PickOrder, TaskId, WarehouseCode};

impl Office {
    /// What a wave would be made of by these rules, with the stock that it got. Nothing is changed; what fell short later and
    /// was fetched elsewhere is not in it. Error: there is no such wave.
    pub fn replan_wave(
        &self,
        warehouse: &WarehouseCode,
        rules: Rules,
        wave: u32,
    ) -> Result<Planned, Error> {
        self.database().read(|tx| {
            let warehouse = warehouse.as_str();
            let terms = Terms::by(tx, warehouse, rules)?;
            let drafts = drafts(tx, warehouse, &terms, wave)?;
            if drafts.is_empty() {
                return Err(Error::Unknown {
                    what: "wave",
                    code: wave.to_string(),
                });
            }
            let made = Drafts {
                made: drafts,
                nothing: Vec::new(),
            };
            Ok(wave::plan(&terms, &made))
        })
    }
}

/// The orders of a wave as they were before they were put on carts.
fn drafts(tx: &Tx, warehouse: &str, terms: &Terms, wave: u32) -> Result<Vec<Drafted>, Error> {
    let sql = "SELECT id, job FROM tasks WHERE warehouse = ?1 AND wave = ?2 ORDER BY priority, due IS NULL, due, id";
    let mut drafts: Vec<Drafted> = Vec::new();
    for row in tx.rows(sql, values![warehouse, wave])? {
        let task: TaskId = row.parse("id")?;
        let Job::Pick(job) = row.json("job")? else {
            continue;
        };
        for order in job.orders {
            match drafts.iter_mut().find(|it| it.pick.order == order.order) {
                // It lies in several zones.
                Some(known) => known.pick.lines.extend(order.lines),
                None => drafts.extend(draft(tx, warehouse, terms, &task, order)?),
            }
        }
    }
    Ok(drafts)
}

fn draft(
    tx: &Tx,
    warehouse: &str,
    terms: &Terms,
    task: &TaskId,
    order: PickOrder,
) -> Result<Option<Drafted>, Error> {
    let Some(head) = release::head(tx, warehouse, &order.order)? else {
        return Ok(None);
    };
    let pick = PickOrder {
        leg: None,
        drop_at: order.drop_at.filter(|_| terms.floor.is_some()),
        ..order
    };
    Ok(Some(Drafted {
        head,
        task: task.clone(),
        pick,
        packs: Vec::new(),
        shorts: Vec::new(),
        substituted: Vec::new(),
        is_rest: false,
    }))
}
