//! Moving a whole office from one database to another: every table, of one moment, counted and compared before it counts.

use super::{Database, Error, Row, Tx, Value, values};
use sha2::{Digest, Sha256};

/// What was moved of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The table.
    pub table: String,
    /// How many rows.
    pub rows: u64,
    /// SHA-256 over all of them, in the order of their keys; the same on both sides.
    pub checksum: String,
}

/// Rows that are written by one statement.
const BATCH: usize = 50;

/// A table: its columns, and those of its key.
struct Table {
    name: String,
    columns: Vec<String>,
    key: Vec<String>,
}

/// Copies all rows of an office's database into another that holds no office yet, of the same schema. One of the two is a
/// SQLite file. All of it or nothing: stopped half-way, the target is as empty as before and it can be begun again.
pub fn move_all(source: &Database, target: &Database) -> Result<Vec<Moved>, Error> {
    let tables = match (&source.kind, &target.kind) {
        (super::Kind::File(_), _) => source.read(tables)?,
        (_, super::Kind::File(_)) => target.read(tables)?,
        _ => return Err(Error::Address("one of the two is a SQLite file".to_owned())),
    };
    source.read_at_length(|from| {
        let (moved, _) = target.write(|to| {
            for table in &tables {
                let count = format!("SELECT COUNT(*) AS rows FROM {}", table.name);
                let found = to.first(&count, &[])?.expect("a count is one row");
                if found.int("rows")? > 0 {
                    return Err(Error::NotEmpty(target.path.display().to_string()));
                }
            }
            let mut moved = Vec::new();
            for table in &tables {
                copy(from, to, table)?;
                let (before, after) = (sum(from, table)?, sum(to, table)?);
                if before != after {
                    return Err(Error::Differs {
                        table: table.name.clone(),
                        source_rows: before.rows,
                        target_rows: after.rows,
                    });
                }
                moved.push(after);
            }
            Ok(moved)
        })?;
        Ok(moved)
    })
}

/// The tables of a SQLite file, each after those that it refers to: they were made in that order.
fn tables(tx: &Tx) -> Result<Vec<Table>, Error> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid";
    let mut tables = Vec::new();
    for row in tx.rows(sql, &[])? {
        let name = row.text("name")?.to_owned();
        let sql = "SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid";
        let (mut columns, mut key) = (Vec::new(), Vec::new());
        for column in tx.rows(sql, values![&name])? {
            let name = column.text("name")?.to_owned();
            if column.int("pk")? > 0 {
                key.push(name.clone());
            }
            columns.push(name);
        }
        if key.is_empty() {
            key.clone_from(&columns);
        }
        tables.push(Table { name, columns, key });
    }
    Ok(tables)
}

fn copy(from: &Tx, to: &Tx, table: &Table) -> Result<(), Error> {
    let columns = table.columns.join(", ");
    let mut batch: Vec<Value> = Vec::new();
    let width = table.columns.len();
    let write = |batch: &mut Vec<Value>| {
        let rows: Vec<String> = (0..batch.len() / width)
            .map(|row| {
                let first = row * width + 1;
                let marks: Vec<String> =
                    (first..first + width).map(|at| format!("?{at}")).collect();
                format!("({})", marks.join(", "))
            })
            .collect();
        if !rows.is_empty() {
            let rows = rows.join(", ");
            let sql = format!("INSERT INTO {} ({columns}) VALUES {rows}", table.name);
            to.run(&sql, batch)?;
            batch.clear();
        }
        Ok::<(), Error>(())
    };
    let sql = format!("SELECT {columns} FROM {}", table.name);
    from.each(&sql, &[], |Row { values, .. }| {
        batch.extend(values);
        if batch.len() < BATCH * width {
            return Ok(());
        }
        write(&mut batch)
    })?;
    write(&mut batch)
}

fn sum(tx: &Tx, table: &Table) -> Result<Moved, Error> {
    let (columns, key) = (table.columns.join(", "), table.key.join(", "));
    let sql = format!("SELECT {columns} FROM {} ORDER BY {key}", table.name);
    let (mut rows, mut checksum) = (0, Sha256::new());
    tx.each(&sql, &[], |Row { values, .. }| {
        rows += 1;
        for value in values {
            match value {
                Value::Null => checksum.update(b"n"),
                Value::Int(value) => checksum.update([&b"i"[..], &value.to_be_bytes()].concat()),
                Value::Text(text) => {
                    checksum.update([&b"t"[..], &(text.len() as u64).to_be_bytes()].concat());
                    checksum.update(text);
                }
            }
        }
        Ok::<(), Error>(())
    })?;
    let checksum = checksum
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(Moved {
        table: table.name.clone(),
        rows,
        checksum,
    })
}
