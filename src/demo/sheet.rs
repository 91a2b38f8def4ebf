//! A CSV sheet in the making.

/// Rows of text under a head line.
pub(super) struct Table {
    writer: csv::Writer<Vec<u8>>,
}

impl Table {
    pub fn new(columns: &[&str]) -> Self {
        let mut table = Self {
            writer: csv::Writer::from_writer(Vec::new()),
        };
        table.row(columns);
        table
    }

    /// Adds a row of as many cells as there are columns.
    pub fn row<T: AsRef<[u8]>>(&mut self, cells: &[T]) {
        let written = self.writer.write_record(cells);
        written.expect("writing to memory works, and all rows are of one length");
    }

    pub fn bytes(self) -> Vec<u8> {
        let bytes = self.writer.into_inner();
        bytes.unwrap_or_else(|_| unreachable!("writing to memory works"))
    }
}

/// Adds a row of anything that is text.
macro_rules! row {
    ($table:expr, $($cell:expr),* $(,)?) => { $table.row(&[$($cell.to_string()),*]) };
}
pub(super) use row;
