//! Messages to the floor: written at the office, read on a handheld, gone once read by whom they were for.

use super::database::{Tx, values};
use super::exception::Posting;
use super::{Error, Office, feed, people, records};
use crate::warehouse::{
    Change, Entry, Fact, Message, SafeText, Timestamp, WarehouseCode, WorkerCode,
};

/// A message and who has read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRecord {
    /// The message.
    pub message: Message,
    /// Who has read it, by code, first reader first.
    pub read_by: Vec<SafeText>,
}

impl Office {
    /// Writes to one worker, or to everyone in the warehouse. Says the message's number.
    /// Error: no such warehouse or worker, or a text that is empty or too long.
    pub fn tell_floor(
        &self,
        now: Timestamp,
        warehouse: &WarehouseCode,
        to: Option<&WorkerCode>,
        text: &str,
    ) -> Result<u64, Error> {
        let text = SafeText::new(text.trim());
        let length = text.as_str().chars().count();
        if length == 0 || length > Message::LONGEST {
            return Err(Error::Unknown {
                what: "message of 1 to 160 characters in",
                code: format!("a text of {length}"),
            });
        }
        self.write(|tx| {
            let code = warehouse.as_str();
            if !records::warehouses(tx)?.iter().any(|known| known == code) {
                let code = code.to_owned();
                return Err(Error::Unknown {
                    what: "warehouse",
                    code,
                });
            }
            if let Some(worker) = to
                && people::worker(tx, code, worker.as_str())?.is_none()
            {
                let code = worker.to_string();
                return Err(Error::Unknown {
                    what: "worker",
                    code,
                });
            }
            send(tx, now, code, to, &text)
        })
    }

    /// Takes a message back. Error: there is none of that number, or it is gone already.
    pub fn take_back_message(&self, warehouse: &WarehouseCode, id: u64) -> Result<(), Error> {
        self.write(|tx| match let_go(tx, warehouse.as_str(), id)? {
            0 => Err(Error::Unknown {
                what: "message",
                code: format!("{warehouse}/{id}"),
            }),
            _ => Ok(()),
        })
    }

    /// What was written to the floor, newest first, and who has read it; no more than so many.
    pub fn messages(
        &self,
        warehouse: &WarehouseCode,
        most: u32,
    ) -> Result<Vec<MessageRecord>, Error> {
        self.database().read(|tx| {
            let code = warehouse.as_str();
            let sql = "SELECT id, worker, text, at FROM messages WHERE warehouse = ?1 ORDER BY id DESC LIMIT ?2";
            let rows = tx.rows(sql, values![code, most])?;
            rows.iter()
                .map(|row| {
                    let message = read(row)?;
                    let sql = "SELECT worker FROM messages_read WHERE warehouse = ?1 AND message = ?2 ORDER BY at, worker";
                    let readers = tx.rows(sql, values![code, message.id])?;
                    let name = |row: &super::database::Row| row.text("worker").map(SafeText::new);
                    let read_by = readers.iter().map(name).collect::<Result<_, _>>()?;
                    Ok(MessageRecord { message, read_by })
                })
                .collect()
        })
    }
}

/// Writes to one worker, or to everyone. Says the message's number.
pub(super) fn send(
    tx: &Tx,
    now: Timestamp,
    warehouse: &str,
    to: Option<&WorkerCode>,
    text: &SafeText,
) -> Result<u64, Error> {
    let id = u64::try_from(tx.next(warehouse, "message")?).expect("it counts up from 1");
    let sql = "INSERT INTO messages (warehouse, id, worker, text, at, is_gone) VALUES (?1, ?2, ?3, ?4, ?5, 0)";
    let worker = to.map_or("", WorkerCode::as_str);
    let row = values![warehouse, id, worker, text.as_str(), now.to_rfc3339()];
    tx.run(sql, row)?;
    feed::announce(tx, warehouse, "message", &id.to_string())?;
    Ok(id)
}

fn read(row: &super::database::Row) -> Result<Message, Error> {
    Ok(Message {
        id: row.count("id")?,
        to: row.parse_maybe("worker")?,
        text: SafeText::new(row.text("text")?),
        at: row.parse("at")?,
    })
}

/// Takes a message back; none is gone that is gone already.
pub(super) fn let_go(tx: &Tx, warehouse: &str, id: u64) -> Result<usize, Error> {
    let sql = "UPDATE messages SET is_gone = 1 WHERE warehouse = ?1 AND id = ?2 AND is_gone = 0";
    let gone = tx.run(sql, values![warehouse, id])?;
    feed::announce(tx, warehouse, "message", &id.to_string())?;
    Ok(gone)
}

/// The present state of a message, for the feed.
pub(super) fn state(tx: &Tx, warehouse: &str, id: u64) -> Result<Change, Error> {
    let sql = "SELECT id, worker, text, at FROM messages WHERE warehouse = ?1 AND id = ?2 AND is_gone = 0";
    let row = tx.first(sql, values![warehouse, id])?;
    Ok(match row {
        Some(row) => Change::Message(read(&row)?),
        None => Change::MessageGone(id),
    })
}

/// Notes that a message was read; one that was for this worker alone is gone with that. Other facts say nothing of messages.
pub(super) fn note(tx: &Tx, posting: &Posting, entry: &Entry) -> Result<(), Error> {
    let (Fact::MessageRead { message }, Some(worker)) = (&entry.fact, &entry.worker) else {
        return Ok(());
    };
    let (warehouse, worker) = (posting.warehouse, worker.as_str());
    let sql = "INSERT INTO messages_read (warehouse, message, worker, at) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (warehouse, message, worker) DO NOTHING";
    tx.run(
        sql,
        values![warehouse, *message, worker, entry.at.to_rfc3339()],
    )?;
    let sql = "SELECT worker FROM messages WHERE warehouse = ?1 AND id = ?2 AND worker = ?3";
    if tx
        .first(sql, values![warehouse, *message, worker])?
        .is_some()
    {
        let_go(tx, warehouse, *message)?;
    }
    Ok(())
}
