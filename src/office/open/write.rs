//! Orders that other systems send. Each is done once, however often it is sent: the answer is kept with it.

use super::form::{self, Fault, Sent};
use super::{Key, form::MOST_LINES};
use crate::office::database::{Tx, values};
use crate::office::import::one::read_order;
use crate::office::{Error, Office, OrderRecord, enrol, order, promise};
use crate::warehouse::Timestamp;
use serde_json::{Value, json};

/// For so many days an answer is kept for whoever asks again.
const KEPT_DAYS: i64 = 30;

/// Why an order was not taken. Nothing was kept of it.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// It is no JSON.
    #[error(
        "The body is no JSON: {0}. Send an order of at most {MOST_LINES} lines as application/json."
    )]
    NoJson(serde_json::Error),
    /// Fields that cannot be used.
    #[error(
        "The order was not taken; put right what errors lists, and send it under a new Idempotency-Key or the same."
    )]
    Faults(Vec<Fault>),
    /// The key is for other warehouses.
    #[error("This key is not for the warehouse that the field warehouse names.")]
    Warehouse,
    /// The same Idempotency-Key came with another order.
    #[error("This Idempotency-Key was used for another order. Take a new one for each order.")]
    OtherBody,
    /// An order of this code is there.
    #[error(
        "There is an order of this code in this warehouse already. Give the field order another code."
    )]
    Known,
    /// The office could not.
    #[error(transparent)]
    Office(#[from] Error),
}

impl Office {
    /// Takes an order in, given as JSON, and says what was taken: the same answer to the same call (`call` is the caller's
    /// Idempotency-Key), for 30 days. An order is checked as a sheet is that is imported.
    pub fn take_order(
        &self,
        now: Timestamp,
        key: &Key,
        call: &str,
        body: &[u8],
    ) -> Result<String, NotTaken> {
        let value: Value = serde_json::from_slice(body).map_err(NotTaken::NoJson)?;
        let hash = enrol::hashed(&value.to_string());
        let sent = form::read(&value);
        if sent
            .as_ref()
            .is_ok_and(|sent| !key.is_for(sent.warehouse()))
        {
            return Err(NotTaken::Warehouse);
        }
        let checked = match sent {
            Ok(sent) => self.checked(&sent)?,
            Err(fault) => Err(vec![fault]),
        };
        self.write(|tx| {
            if let Some((known, answer)) = kept(tx, key, call)? {
                let same = known == hash;
                return Ok(if same {
                    Ok(answer)
                } else {
                    Err(NotTaken::OtherBody)
                });
            }
            let (order, kind) = match checked {
                Ok(checked) => checked,
                Err(faults) => return Ok(Err(NotTaken::Faults(faults))),
            };
            // The code as it was read, not as it was written, is what counts.
            if !key.is_for(order.warehouse.as_str()) {
                return Ok(Err(NotTaken::Warehouse));
            }
            if is_known(tx, &order)? {
                return Ok(Err(NotTaken::Known));
            }
            order::put_order(tx, &order)?;
            let named = (order.warehouse.to_string(), order.code.to_string());
            promise::give(tx, now, &[named])?;
            let answer = answer(&order, kind);
            keep(tx, now, key, call, &[&hash, &answer])?;
            Ok(Ok(answer))
        })?
    }

    /// The order with what its kind is called, or what is wrong with it.
    fn checked(
        &self,
        sent: &Sent,
    ) -> Result<Result<(OrderRecord, &'static str), Vec<Fault>>, Error> {
        let read = self
            .database()
            .read_at_length(|tx| read_order(tx, &sent.rows))?;
        let named = |order| (order, sent.form.kind);
        Ok(read.map(named).map_err(|bad| sent.faults(&bad)))
    }
}

fn answer(order: &OrderRecord, kind: &str) -> String {
    json!({
        "warehouse": order.warehouse.as_str(), "order": order.code.as_str(), "kind": kind,
        "state": "open", "lines": order.lines.len(),
    })
    .to_string()
}

fn is_known(tx: &Tx, order: &OrderRecord) -> Result<bool, Error> {
    let sql = "SELECT code FROM orders WHERE warehouse = ?1 AND code = ?2";
    let found = tx.first(sql, values![order.warehouse.as_str(), order.code.as_str()])?;
    Ok(found.is_some())
}

/// What a call was for, and what it was answered.
fn kept(tx: &Tx, key: &Key, call: &str) -> Result<Option<(String, String)>, Error> {
    let sql = "SELECT request_hash, answer FROM api_answers WHERE key_name = ?1 AND call = ?2";
    let Some(row) = tx.first(sql, values![&key.name, call])? else {
        return Ok(None);
    };
    let text = |name| row.text(name).map(str::to_owned);
    Ok(Some((text("request_hash")?, text("answer")?)))
}

fn keep(
    tx: &Tx,
    now: Timestamp,
    key: &Key,
    call: &str,
    [hash, answer]: &[&String; 2],
) -> Result<(), Error> {
    let oldest = now - chrono::Duration::days(KEPT_DAYS);
    tx.run(
        "DELETE FROM api_answers WHERE made_at < ?1",
        values![oldest.to_rfc3339()],
    )?;
    let sql = "INSERT INTO api_answers (key_name, call, request_hash, answer, made_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    tx.run(
        sql,
        values![&key.name, call, *hash, *answer, now.to_rfc3339()],
    )?;
    Ok(())
}
