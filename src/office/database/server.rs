//! The office's database on a PostgreSQL server: a few connections that are lent out, locks that keep the order of writes,
//! and the schema. Several offices may use it at once.
//!
//! Whoever writes takes locks before the first statement and keeps them till the commit is seen: in one warehouse alone the
//! office's lock shared and the warehouse's own; elsewhere the office's lock for itself. So writes in one warehouse follow
//! each other, what was read stays true until it is acted on, and numbers are given in the order of commits.

use super::talk::{Prepared, Speak, Talk};
use super::{Address, Error, News, On, Tx, speech};
use crate::sqlite::SchemaError;
use postgres::error::SqlState;
use postgres::{Client, IsolationLevel};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Connections of one office at most; who comes then waits for one.
const MOST: usize = 24;
/// Connections that are kept while nobody uses them.
const IDLE: usize = 8;
/// How long to wait for a connection.
const PATIENCE: Duration = Duration::from_secs(30);
/// The first key of all locks of the office; the second is 0 for the whole office, or made of a warehouse's code.
const LOCK: i32 = 0x5370;

/// A connection and what is prepared on it.
struct Link {
    client: Client,
    prepared: Prepared,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Link>,
    lent: usize,
}

/// How often the office was changed, as far as was looked.
#[derive(Clone, Copy)]
struct Seen {
    all: i64,
    mine: i64,
}

/// An open database.
pub(super) struct Server {
    address: Address,
    pool: Mutex<Pool>,
    returned: Condvar,
    mine: AtomicI64,
    seen: Mutex<Seen>,
}

/// A connection on loan; it goes back when dropped, if it still works.
struct Lent<'a> {
    server: &'a Server,
    link: Option<Link>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut pool = lock(&self.server.pool);
        pool.lent -= 1;
        if let Some(link) = self.link.take()
            && !link.client.is_closed()
            && pool.idle.len() < IDLE
        {
            pool.idle.push(link);
        }
        drop(pool);
        self.server.returned.notify_one();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A connection ends by a call that waits, which the thread that lets go of an office may not be allowed to do.
        let idle = std::mem::take(&mut lock(&self.pool).idle);
        let ended = std::thread::Builder::new().spawn(move || drop(idle));
        if let Ok(ended) = ended {
            // A panic in there was reported when it happened.
            let _ = ended.join();
        }
    }
}

impl Server {
    pub(super) fn open(address: &Address, steps: &[&str]) -> Result<Self, Error> {
        let server = Self {
            address: address.clone(),
            pool: Mutex::default(),
            returned: Condvar::new(),
            mine: AtomicI64::new(0),
            seen: Mutex::new(Seen { all: 0, mine: 0 }),
        };
        let mut link = server.connect()?;
        migrate(&mut link.client, steps)?;
        drop(link);
        let all = server.all()?;
        lock(&server.seen).all = all;
        Ok(server)
    }

    /// Writes: in one warehouse, or for `''` wherever it wants.
    pub(super) fn write<T, E: From<Error>>(
        &self,
        warehouse: &str,
        work: impl FnOnce(&Tx) -> Result<T, E>,
    ) -> Result<(T, bool), E> {
        let mut lent = self.lend()?;
        let link = lent.link.as_mut().expect("lent with a link");
        // Locks come first, and each statement then sees all that whoever had them before has committed.
        let tx = link
            .client
            .build_transaction()
            .isolation_level(IsolationLevel::ReadCommitted)
            .start()
            .map_err(Error::from)?;
        let talk = Talk::new(tx, &mut link.prepared);
        hold(&talk, warehouse)?;
        let done = work(&Tx(On::Server(&talk)))?;
        let changed = talk.changes() > 0;
        if changed {
            let sql = "INSERT INTO office_writes (warehouse, value) VALUES (?1, 1)
                       ON CONFLICT (warehouse) DO UPDATE SET value = office_writes.value + 1";
            talk.run(sql, &[warehouse.into()])?;
        }
        talk.commit()?;
        if changed {
            self.mine.fetch_add(1, Ordering::SeqCst);
        }
        Ok((done, changed))
    }

    pub(super) fn read<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut lent = self.lend()?;
        let link = lent.link.as_mut().expect("lent with a link");
        let tx = link
            .client
            .build_transaction()
            .isolation_level(IsolationLevel::RepeatableRead)
            .read_only(true)
            .start()
            .map_err(Error::from)?;
        let talk = Talk::new(tx, &mut link.prepared);
        work(&Tx(On::Server(&talk)))
    }

    pub(super) fn news(&self) -> Result<News, Error> {
        let now = Seen {
            mine: self.mine.load(Ordering::SeqCst),
            all: self.all()?,
        };
        let before = std::mem::replace(&mut *lock(&self.seen), now);
        Ok(News {
            here: now.mine != before.mine,
            elsewhere: now.all - before.all != now.mine - before.mine,
        })
    }

    /// How often the office was changed, by anyone.
    fn all(&self) -> Result<i64, Error> {
        self.read(|tx| {
            let sql = "SELECT COALESCE(SUM(value), 0) AS value FROM office_writes";
            tx.first(sql, &[])?.expect("a sum is one row").int("value")
        })
    }

    fn lend(&self) -> Result<Lent<'_>, Error> {
        let until = Instant::now() + PATIENCE;
        let mut pool = lock(&self.pool);
        while pool.lent >= MOST {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Error::Busy(PATIENCE.as_secs()));
            }
            let waited = self.returned.wait_timeout(pool, left);
            pool = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        pool.lent += 1;
        let mut idle = pool.idle.pop();
        drop(pool);
        // Whatever happens from here on, the loan is given back.
        let mut lent = Lent {
            server: self,
            link: None,
        };
        // One that was lost while it lay idle, as when the server was restarted, is not lent; nor are its fellows.
        while let Some(mut link) = idle.take() {
            if link.client.check_connection().is_ok() {
                lent.link = Some(link);
                return Ok(lent);
            }
            idle = lock(&self.pool).idle.pop();
        }
        lent.link = Some(self.connect()?);
        Ok(lent)
    }

    fn connect(&self) -> Result<Link, Error> {
        let mut client = self.address.connect()?;
        // What is acknowledged to a handheld is on disk; a process that vanished must not keep its locks for hours.
        client.batch_execute(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
             SET lock_timeout = '60s'; SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3",
        )?;
        Ok(Link {
            client,
            prepared: Prepared::new(),
        })
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes the locks of a write in a warehouse, or for `''` in all of them, till the transaction ends.
fn hold(talk: &Talk, warehouse: &str) -> Result<(), Error> {
    if warehouse.is_empty() {
        return talk.say(&format!("SELECT pg_advisory_xact_lock({LOCK}, 0)"));
    }
    let own = key(warehouse);
    // Two statements: the office's lock is always the first.
    talk.say(&format!(
        "SELECT pg_advisory_xact_lock_shared({LOCK}, 0); SELECT pg_advisory_xact_lock({LOCK}, {own})"
    ))
}

/// A number of a warehouse's code that is never 0. Two warehouses of one number only wait for each other.
fn key(warehouse: &str) -> i32 {
    let hash = warehouse.bytes().fold(0x811C_9DC5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    (hash | 1).cast_signed()
}

/// Brings the schema up to date. Two processes that begin at once take turns.
fn migrate(client: &mut Client, steps: &[&str]) -> Result<(), Error> {
    let known = u32::try_from(steps.len()).expect("a handful of steps");
    let encoding: String = client.query_one("SHOW server_encoding", &[])?.get(0);
    if encoding != "UTF8" {
        let what = format!("its encoding is {encoding}; make it with ENCODING 'UTF8'");
        return Err(Error::Address(what));
    }
    let mut tx = client.transaction()?;
    tx.batch_execute(&format!("SELECT pg_advisory_xact_lock({LOCK}, 0)"))?;
    tx.batch_execute(
        "CREATE TABLE IF NOT EXISTS office_schema (step BIGINT NOT NULL);
         CREATE TABLE IF NOT EXISTS office_writes (warehouse TEXT PRIMARY KEY, value BIGINT NOT NULL)",
    )?;
    let sql = "SELECT COALESCE(MAX(step), 0) FROM office_schema";
    let found: i64 = tx.query_one(sql, &[])?.get(0);
    let found = u32::try_from(found).unwrap_or(u32::MAX);
    if found > known {
        return Err(SchemaError::Newer { found, known }.into());
    }
    for (number, step) in (1..=i64::from(known)).zip(steps).skip(found as usize) {
        tx.batch_execute(&speech::schema(step))?;
        tx.execute("DELETE FROM office_schema", &[])?;
        tx.execute("INSERT INTO office_schema (step) VALUES ($1)", &[&number])?;
    }
    Ok(tx.commit()?)
}

/// What is wrong, with what the server says of it.
pub(super) fn said(why: &postgres::Error) -> String {
    use std::error::Error as _;
    if let Some(said) = why.as_db_error() {
        return said.message().to_owned();
    }
    let cause = why.source().map(|cause| format!(": {cause}"));
    format!("{why}{}", cause.unwrap_or_default())
}

/// Whether what was to be written is at fault: classes 22 (data) and 23 (integrity) of SQLSTATE.
pub(super) fn is_of_the_data(why: &postgres::Error) -> bool {
    let class = |state: &SqlState| ["22", "23"].contains(&&state.code()[..2]);
    why.code().is_some_and(class)
}
