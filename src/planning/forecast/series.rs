//! What a forecast is made from: one item's demand, a value a period.

/// One item's demand, oldest first. All values are finite, not negative and at most [`Series::MOST`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Its name.
    pub id: String,
    /// The number of its first period: what other series have in the same period stands beside it.
    pub first: i64,
    /// What was wanted, a value a period.
    pub demand: Vec<f64>,
    /// Beside each value, whether it was really seen. What was filled in is not scored.
    pub seen: Vec<bool>,
    /// What else it belongs to, such as its store and its brand: one key a column, the same columns in every series.
    pub groups: Vec<String>,
    /// What drives it, such as price and promotion: a row a driver, a value a period, of the history and of as many
    /// coming periods as are planned. The same drivers in every series.
    pub drivers: Vec<Vec<f64>>,
}

impl Series {
    /// More than any warehouse holds; below it, squares and their sums are finite.
    pub const MOST: f64 = 1e15;

    /// A history without drivers, every value seen.
    pub fn plain(id: &str, demand: &[f64]) -> Self {
        Self {
            id: id.to_owned(),
            demand: demand.to_vec(),
            seen: vec![true; demand.len()],
            ..Self::default()
        }
    }

    /// The same series as it was known when only its first `periods` had passed. What drives it stays known beyond.
    #[must_use]
    pub fn until(&self, periods: usize) -> Self {
        let mut past = self.clone();
        past.demand.truncate(periods);
        past.seen.truncate(periods);
        past
    }

    /// Whether the drivers of `horizon` coming periods are known.
    pub fn is_planned(&self, horizon: usize) -> bool {
        let reach = self.demand.len() + horizon;
        !self.drivers.is_empty() && self.drivers.iter().all(|row| row.len() >= reach)
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Asked {
    /// How many periods ahead.
    pub horizon: usize,
    /// How many periods make a season: 12 of months, 52 of weeks, 1 for none.
    pub season: usize,
}
