//! Commands that need no office: questions of planning, from standard input.

use super::{Done, say};
use std::fs;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use stockhand::diagnose;
use stockhand::office::forecast;
use stockhand::planning::forecast::Asked;
use stockhand::planning::policy;
use stockhand::planning::route::Instance;
use stockhand::warehouse::SafeText;

/// Longest question that is read, in bytes: some hundred thousand items.
const LONGEST_QUESTION: usize = 16 * 1024 * 1024;

/// More is no file of one walk.
const LARGEST_WALK: u64 = 16 << 20;

pub(crate) fn route() -> Done {
    let mut file = Vec::new();
    io::stdin().take(LARGEST_WALK + 1).read_to_end(&mut file)?;
    if file.len() as u64 > LARGEST_WALK {
        return Err("the file is larger than 16 MiB".into());
    }
    let instance = Instance::parse(&file)?;
    let walk = instance.solve()?;
    let order: Vec<i64> = walk.order.iter().map(|&stop| instance.line(stop)).collect();
    say(serde_json::json!({ "length": walk.length, "order": order }))
}

pub(crate) fn policy_help() -> String {
    let kinds: Vec<&str> = policy::kinds().collect();
    format!(
        "Kinds: {}.\n\nExample: {{\"kind\": \"eoq\", \"inputs\": {{\"annual_demand\": 12000, \"order_cost\": 75, \
         \"unit_cost\": 8.5, \"carrying_rate\": 0.22}}}}",
        kinds.join(", ")
    )
}

pub(crate) fn answer_policy() -> Done {
    let (input, output) = (BufReader::new(io::stdin().lock()), io::stdout().lock());
    diagnose::each_line(input, output, LONGEST_QUESTION, policy::answer)?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn forecasts(asked: Asked, drivers: Option<&Path>, back_test: Option<u16>) -> Done {
    let plan = match drivers {
        Some(path) => Some(
            fs::File::open(path)
                .map_err(|why| format!("{} cannot be read: {why}", path.display()))?,
        ),
        None => None,
    };
    let sheet = forecast::Sheet::read(io::stdin().lock(), plan, asked)?;
    for note in &sheet.notes {
        // A note that nobody can hear is no reason not to forecast.
        let _ = writeln!(io::stderr(), "stockhand-office: {}", SafeText::new(note));
    }
    if let Some(times) = back_test {
        let found = forecast::back_test(&sheet.series, asked, times.into());
        return say(found);
    }
    let forecasts = forecast::all(&sheet.series, asked);
    forecast::write(&sheet, &forecasts, io::stdout().lock())?;
    Ok(ExitCode::SUCCESS)
}
