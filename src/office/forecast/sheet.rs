//! From cells to series: in order of time, gaps filled and marked, drivers put beside what is planned.

use super::cells::{BadSheet, Cells, Column, row};
use crate::planning::forecast::{Asked, Series, Step, When};
use std::collections::HashMap;
use std::io::Read;

/// So many periods at most, from the first to the last of one series.
const MOST_PERIODS: i64 = 20_000;
/// So many at most, of all series together.
const MOST_TOGETHER: i64 = 20_000_000;
/// So many columns drive demand at most.
const MOST_DRIVERS: usize = 12;
/// So many values of drivers at most, of all series together.
const MOST_DRIVEN: i64 = 8_000_000;
/// So many coming periods at most, of all series together: every method's forecasts of them are held at once.
const MOST_COMING: usize = 600_000;
/// The column that says which values were not really seen.
const IMPUTED: &str = "imputed";

/// What was read: the series, the names of their coming periods, and what a person should know.
#[derive(Debug)]
pub struct Sheet {
    /// The series, in the order in which they came.
    pub series: Vec<Series>,
    /// Per series, its coming periods.
    pub coming: Vec<Vec<When>>,
    /// What was done with the sheet that may surprise.
    pub notes: Vec<String>,
}

impl Sheet {
    /// Reads the history and, if there is one, the plan of what drives demand in the coming periods.
    pub fn read(
        history: impl Read,
        plan: Option<impl Read>,
        asked: Asked,
    ) -> Result<Self, BadSheet> {
        let mut cells = Cells::read(history, true)?;
        cells.sort()?;
        let dates: Vec<Vec<When>> = cells
            .of
            .iter()
            .map(|of| of.iter().map(|at| cells.rows[*at as usize].when).collect())
            .collect();
        let step = Step::of(&dates, asked.season).map_err(|(series, at)| {
            let odd = &cells.rows[cells.of[series][at] as usize];
            row(
                odd.line.into(),
                format!(
                    "{} of {} lies across the spacing of the other periods",
                    odd.when, cells.ids[series]
                ),
            )
        })?;
        let mut sheet = Self {
            series: Vec::new(),
            coming: Vec::new(),
            notes: Vec::new(),
        };
        let drivers = match plan {
            Some(plan) => Some(Plan::read(plan, &cells, step)?),
            None => None,
        };
        sheet.build(&cells, &dates, step, asked, drivers.as_ref())?;
        Ok(sheet)
    }

    fn build(
        &mut self,
        cells: &Cells,
        dates: &[Vec<When>],
        step: Step,
        asked: Asked,
        plan: Option<&Plan>,
    ) -> Result<(), BadSheet> {
        few_enough(cells, asked)?;
        let imputed = cells.columns.iter().find(|column| column.name == IMPUTED);
        if let Some(line) = imputed.and_then(|column| column.odd) {
            return Err(row(line, "imputed must be 0 or 1"));
        }
        let groups: Vec<&Column> = cells
            .columns
            .iter()
            .filter(|column| !column.varies && column.name != IMPUTED)
            .collect();
        let (mut filled, mut together, mut unplanned) = (0, 0, 0);
        for (place, dates) in dates.iter().enumerate() {
            let of = &cells.of[place];
            let first = step.number(dates[0]);
            let reach = step.number(*dates.last().expect("a series has a row")) - first + 1;
            together += reach;
            if reach > MOST_PERIODS || together > MOST_TOGETHER {
                let last = &cells.rows[*of.last().expect("a series has a row") as usize];
                return Err(row(
                    last.line.into(),
                    format!(
                        "{} reaches over {reach} periods, too many",
                        cells.ids[place]
                    ),
                ));
            }
            let mut series = Series {
                id: cells.ids[place].clone(),
                first,
                groups: groups
                    .iter()
                    .map(|column| column.first[place].clone())
                    .collect(),
                ..Series::default()
            };
            filled += fill(&mut series, cells, of, step, imputed);
            if let Some(plan) = plan {
                let driven = together * i64::try_from(plan.drivers.len()).unwrap_or(i64::MAX);
                if driven > MOST_DRIVEN {
                    return Err(BadSheet::Whole(
                        "history and plan have too many rows for one go; split them by series"
                            .to_owned(),
                    ));
                }
                series.drivers = plan.beside(cells, place, &series, step, asked)?;
                unplanned += usize::from(series.drivers.is_empty());
            }
            let coming: Option<Vec<When>> = (1_i64..)
                .take(asked.horizon)
                .map(|ahead| step.after(dates, ahead))
                .collect();
            self.coming.push(coming.ok_or_else(|| {
                BadSheet::Whole(format!(
                    "the calendar ends before the horizon of {}",
                    series.id
                ))
            })?);
            self.series.push(series);
        }
        self.note(filled, unplanned, plan);
        Ok(())
    }

    fn note(&mut self, filled: usize, unplanned: usize, plan: Option<&Plan>) {
        if filled > 0 {
            self.notes.push(format!("{filled} periods without a row were filled from their neighbours and are not scored"));
        }
        let Some(plan) = plan else { return };
        if unplanned > 0 {
            self.notes.push(format!(
                "{unplanned} series have no rows in the plan and are forecast without it"
            ));
        }
        if !plan.unused.is_empty() {
            let unused = plan.unused.join(", ");
            self.notes.push(format!(
                "of the plan, these columns were not used: {unused}"
            ));
        }
        if plan.beyond(&self.series) > 0 {
            self.notes.push(format!(
                "{} rows of the plan are of periods that were not asked for",
                plan.beyond(&self.series)
            ));
        }
    }
}

/// Error: more is asked for than is held at once.
fn few_enough(cells: &Cells, asked: Asked) -> Result<(), BadSheet> {
    if cells.ids.len().saturating_mul(asked.horizon) > MOST_COMING {
        return Err(BadSheet::Whole(format!(
            "{} series of {} coming periods are too many for one go; split them",
            cells.ids.len(),
            asked.horizon
        )));
    }
    Ok(())
}

/// Puts the demand in, a straight line over what is missing. How many were missing.
fn fill(
    series: &mut Series,
    cells: &Cells,
    of: &[u32],
    step: Step,
    imputed: Option<&Column>,
) -> usize {
    let mut filled = 0;
    for at in of {
        let now = &cells.rows[*at as usize];
        let place = usize::try_from(step.number(now.when) - series.first).expect("rows are sorted");
        let last = series.demand.last().copied().unwrap_or(now.demand);
        let start = series.demand.len();
        let parts = u32::try_from(place - start + 1).expect("periods are limited");
        for part in 1..parts {
            let share = f64::from(part) / f64::from(parts);
            series.demand.push(last + (now.demand - last) * share);
            series.seen.push(false);
            filled += 1;
        }
        series.demand.push(now.demand);
        let numbers = imputed.and_then(|column| column.numbers.as_ref());
        series
            .seen
            .push(numbers.is_none_or(|numbers| numbers[*at as usize] == 0.0));
    }
    filled
}

/// Columns of the history and of the plan that are the same driver.
type Pairs = Vec<(usize, usize)>;

/// The plan: known values of what drives demand.
struct Plan {
    cells: Cells,
    /// Per driver, its column in the history and in the plan.
    drivers: Pairs,
    /// Per series of the plan, its rows by period number.
    by_number: HashMap<String, HashMap<i64, u32>>,
    unused: Vec<String>,
}

impl Plan {
    fn read(plan: impl Read, history: &Cells, step: Step) -> Result<Self, BadSheet> {
        let of_plan = |why: BadSheet| match why {
            BadSheet::Row { line, why } => BadSheet::Whole(format!("the plan, line {line}: {why}")),
            BadSheet::Whole(why) => BadSheet::Whole(format!("the plan: {why}")),
        };
        let mut cells = Cells::read(plan, false).map_err(of_plan)?;
        cells.sort().map_err(of_plan)?;
        let wrong =
            |line: u32, why: String| BadSheet::Whole(format!("the plan, line {line}: {why}"));
        let known: std::collections::HashSet<&str> =
            history.ids.iter().map(String::as_str).collect();
        let mut by_number = HashMap::new();
        for (id, of) in cells.ids.iter().zip(&cells.of) {
            let first = &cells.rows[of[0] as usize];
            if !known.contains(id.as_str()) {
                return Err(wrong(first.line, format!("{id} has no history")));
            }
            if !first.when.is_like(history.rows[0].when) {
                return Err(wrong(
                    first.line,
                    format!(
                        "{} is not written like {} in the history",
                        first.when, history.rows[0].when
                    ),
                ));
            }
            let numbered = of
                .iter()
                .map(|at| (step.number(cells.rows[*at as usize].when), *at));
            by_number.insert(id.clone(), numbered.collect::<HashMap<_, _>>());
        }
        let (drivers, unused) = matched(&cells, history)?;
        if drivers.len() > MOST_DRIVERS {
            return Err(BadSheet::Whole(format!(
                "the plan has {} drivers; {MOST_DRIVERS} are the most",
                drivers.len()
            )));
        }
        if drivers.is_empty() {
            return Err(BadSheet::Whole(
                "the plan has no column of numbers that changes in the history too".to_owned(),
            ));
        }
        Ok(Self {
            cells,
            drivers,
            by_number,
            unused,
        })
    }

    /// The drivers of one series, in the past and as planned; none if the plan does not speak of it.
    fn beside(
        &self,
        history: &Cells,
        place: usize,
        series: &Series,
        step: Step,
        asked: Asked,
    ) -> Result<Vec<Vec<f64>>, BadSheet> {
        let Some(planned) = self.by_number.get(&series.id) else {
            return Ok(Vec::new());
        };
        let past = series.demand.len();
        let mut rows = Vec::new();
        for (before, ahead) in &self.drivers {
            let (before, ahead) = (
                numbers(&history.columns[*before]),
                numbers(&self.cells.columns[*ahead]),
            );
            let mut values = vec![f64::NAN; past];
            for at in &history.of[place] {
                let number = step.number(history.rows[*at as usize].when) - series.first;
                values[usize::try_from(number).expect("rows are sorted")] = before[*at as usize];
            }
            for at in 1..past {
                if values[at].is_nan() {
                    values[at] = values[at - 1];
                }
            }
            let last = series.first + i64::try_from(past).expect("periods are limited") - 1;
            for coming in (1_i64..).take(asked.horizon) {
                let at = planned.get(&(last + coming)).ok_or_else(|| {
                    BadSheet::Whole(format!(
                        "the plan has no row of {} for period {coming} of the horizon",
                        series.id
                    ))
                })?;
                values.push(ahead[*at as usize]);
            }
            rows.push(values);
        }
        Ok(rows)
    }

    /// How many rows are of no period that was asked for.
    fn beyond(&self, series: &[Series]) -> usize {
        let used: usize = series
            .iter()
            .filter_map(|series| Some(series.drivers.first()?.len() - series.demand.len()))
            .sum();
        self.cells.rows.len().saturating_sub(used)
    }
}

/// Which columns of the history and of the plan drive demand, and which of the plan are of no use: not in the history.
fn matched(plan: &Cells, history: &Cells) -> Result<(Pairs, Vec<String>), BadSheet> {
    let (mut drivers, mut unused) = (Vec::new(), Vec::new());
    for (at, column) in plan.columns.iter().enumerate() {
        let name = &column.name;
        let Some(place) = history
            .columns
            .iter()
            .position(|before| before.name == *name)
        else {
            unused.push(name.clone());
            continue;
        };
        let before = &history.columns[place];
        let is_group = !before.varies && before.first.len() > 1;
        if is_group || name == IMPUTED {
            continue;
        }
        let why = format!("{name} is no number; only numbers can drive demand");
        if let Some(line) = column.odd {
            return Err(BadSheet::Whole(format!("the plan, line {line}: {why}")));
        }
        if let Some(line) = before.odd {
            return Err(row(line, why));
        }
        drivers.push((place, at));
    }
    Ok((drivers, unused))
}

fn numbers(column: &Column) -> &[f64] {
    column
        .numbers
        .as_deref()
        .expect("drivers are columns of numbers")
}
