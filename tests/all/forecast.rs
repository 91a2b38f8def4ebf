//! Forecasts: the program over excerpts of real histories, hostile sheets, and laws that hold for any history.

use proptest::prelude::*;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use stockhand::office::forecast::all;
use stockhand::planning::forecast::{Asked, Class, Method, Series};

fn excerpt(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forecast");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// Exit code, what was written, what was said.
fn forecast(history: &str, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stockhand-office"));
    command
        .arg("forecast")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let history = history.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(history.as_bytes()));
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().unwrap();
    let _ = writer.join();
    (
        status.code().unwrap(),
        String::from_utf8(stdout).unwrap(),
        String::from_utf8(stderr).unwrap(),
    )
}

fn rows(written: &str) -> Vec<Vec<&str>> {
    written
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect())
        .collect()
}

fn months(series: &str, values: &[f64]) -> String {
    let mut sheet = String::from("unique_id,ds,y\n");
    for (at, value) in values.iter().enumerate() {
        writeln!(
            sheet,
            "{series},{:04}-{:02}-01,{value}",
            2024 + at / 12,
            at % 12 + 1
        )
        .unwrap();
    }
    sheet
}

#[test]
fn every_series_is_forecast_in_its_order_with_bounds_around_the_mean() {
    let history = excerpt("monthly.csv");
    let (code, written, said) = forecast(&history, &["--horizon", "18", "--season", "12"]);
    assert_eq!((code, said.as_str()), (0, ""));
    assert!(written.starts_with("unique_id,ds,mean,lo80,hi80,lo95,hi95\n"));
    let mut ids: Vec<&str> = history
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap())
        .collect();
    ids.dedup();
    let rows = rows(&written);
    assert_eq!(rows.len(), ids.len() * 18);
    for (at, row) in rows.iter().enumerate() {
        assert_eq!(row[0], ids[at / 18]);
        let value = |col: usize| row[col].parse::<f64>().unwrap();
        assert!(value(2) > 0.0 && value(5) >= 0.0, "{row:?}");
        assert!(
            value(5) <= value(3)
                && value(3) < value(2)
                && value(2) < value(4)
                && value(4) <= value(6),
            "{row:?}"
        );
    }
    assert_eq!(rows[0][1], "51");
}

#[test]
fn a_plan_of_prices_and_promotions_makes_weekly_sales_known_better() {
    let all = excerpt("weekly.csv");
    let (mut history, mut plan, mut came) = (
        String::new(),
        String::from("unique_id,ds,price,deal,feat\n"),
        Vec::new(),
    );
    for (at, line) in all.lines().enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        if at == 0 || cells[3].parse::<u32>().unwrap() <= 144 {
            writeln!(history, "{line}").unwrap();
        } else {
            writeln!(
                plan,
                "{},{},{},{},{}",
                cells[0], cells[3], cells[5], cells[6], cells[7]
            )
            .unwrap();
            came.push((cells[4].parse::<f64>().unwrap(), cells[9] == "0"));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.csv");
    std::fs::write(&file, plan).unwrap();
    let wape = |written: &str| {
        let rows = rows(written);
        assert_eq!(rows.len(), came.len());
        let scored = rows.iter().zip(&came).filter(|(_, (_, seen))| *seen);
        let (missed, all) = scored.fold((0.0, 0.0), |(missed, all), (row, (came, _))| {
            (
                missed + (row[2].parse::<f64>().unwrap() - came).abs(),
                all + came,
            )
        });
        missed / all
    };
    let args = ["--horizon", "8", "--season", "52"];
    let (code, without, _) = forecast(&history, &args);
    assert_eq!(code, 0);
    let (code, with, said) = forecast(
        &history,
        &[&args[..], &["--drivers", file.to_str().unwrap()]].concat(),
    );
    assert_eq!((code, said.as_str()), (0, ""));
    assert!(
        wape(&with) < 0.9 * wape(&without),
        "{} against {}",
        wape(&with),
        wape(&without)
    );
}

#[test]
fn a_back_test_tells_how_good_forecasts_would_have_been() {
    let args = ["--horizon", "13", "--back-test", "2"];
    let (code, written, _) = forecast(&excerpt("intermittent.csv"), &args);
    assert_eq!(code, 0);
    for word in [
        "MASE",
        "WAPE",
        "bias",
        "80 %",
        "Stockhand",
        "seasonal naive",
        "moving average",
    ] {
        assert!(written.contains(word), "{written}");
    }
}

#[test]
fn rows_may_come_in_any_order_and_gaps_are_told() {
    let sheet = "unique_id,ds,y\nA,2027-03-15,4\nA,2027-03-01,2\nB,2027-03-08,5\nA,2027-03-29,6\nB,2027-03-01,5\n";
    let (code, written, said) = forecast(sheet, &["--horizon", "2", "--season", "52"]);
    assert_eq!(code, 0);
    assert!(said.contains("2 periods without a row"), "{said}");
    let rows = rows(&written);
    let dates: Vec<_> = rows.iter().map(|row| (row[0], row[1])).collect();
    assert_eq!(
        dates,
        [
            ("A", "2027-04-05"),
            ("A", "2027-04-12"),
            ("B", "2027-03-15"),
            ("B", "2027-03-22")
        ]
    );
}

#[test]
fn odd_series_are_forecast_all_the_same() {
    for (values, wanted) in [
        (vec![5.0], 5.0),
        (vec![0.0; 30], 0.0),
        (vec![9.0; 40], 9.0),
        (vec![1e15; 30], 1e15),
    ] {
        let (code, written, said) =
            forecast(&months("A", &values), &["--horizon", "3", "--season", "12"]);
        assert_eq!((code, said.as_str()), (0, ""));
        for row in rows(&written) {
            let mean: f64 = row[2].parse().unwrap();
            assert!((mean - wanted).abs() <= 0.01 * wanted, "{row:?}");
        }
    }
}

#[test]
fn a_bad_row_is_refused_with_its_line_and_nothing_is_written() {
    let refused = |sheet: &str, wanted: &str| {
        let (code, written, said) = forecast(sheet, &["--horizon", "3"]);
        assert_eq!((code, written.as_str()), (3, ""), "{sheet}: {said}");
        assert!(said.contains(wanted), "{sheet}: {said}");
    };
    refused("", "no column unique_id");
    refused("unique_id,ds,y\n", "no rows");
    refused("unique_id,ds\nA,1\n", "line 1: there is no column y");
    refused(
        "unique_id,ds,y\nA,1,2\nA,2\n",
        "line 3: there are 2 cells, but 3 columns",
    );
    refused(
        "unique_id,ds,y\nA,1,2\nA,2,x\n",
        "line 3: y \"x\" is no number",
    );
    refused("unique_id,ds,y\nA,1,\n", "line 2: y (empty) is no number");
    refused(
        "unique_id,ds,y\nA,1,nan\n",
        "line 2: y \"nan\" is no number",
    );
    refused(
        "unique_id,ds,y\nA,1,inf\n",
        "line 2: y \"inf\" is no number",
    );
    refused("unique_id,ds,y\nA,1,-3\n", "line 2: y is -3");
    refused("unique_id,ds,y\nA,1,1e300\n", "line 2: y is ");
    refused(
        "unique_id,ds,y\nA,1,2\nA,1,3\n",
        "line 3: A has 1 already, in line 2",
    );
    refused(
        "unique_id,ds,y\nA,1,2\nA,2027-01-01,3\n",
        "line 3: ds \"2027-01-01\" is not written like 1",
    );
    refused("unique_id,ds,y\nA,soon,2\n", "line 2: ds \"soon\"");
    let marked = "unique_id,ds,y,imputed\nA,1,2,0\nA,2,2,yes\n";
    refused(marked, "line 3: imputed must be 0 or 1");
    refused("unique_id,ds,y\n,1,2\n", "line 2: unique_id");
    refused("unique_id,ds,y\nA\u{202e},1,2\n", "line 2: unique_id");
    refused(
        "unique_id,ds,y\nA,1,2\nA,2,2\nA,900000000000,2\n",
        "line 4: A reaches over",
    );
    refused(
        "unique_id,ds,y\nA,9999-11-01,2\nA,9999-12-01,2\n",
        "calendar ends",
    );
    let week = "unique_id,ds,y\nA,2027-03-01,1\nA,2027-03-08,1\nA,2027-03-15,1\nA,2027-03-24,1\n";
    refused(week, "line 5: 2027-03-24 of A lies across");
}

#[test]
fn a_plan_that_does_not_fit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |plan: &str, wanted: &str| {
        let file: PathBuf = folder.path().join("plan.csv");
        std::fs::write(&file, plan).unwrap();
        let history = "unique_id,ds,y,price\nA,1,2,5.5\nA,2,3,5.0\n";
        let args = ["--horizon", "2", "--drivers", file.to_str().unwrap()];
        let (code, written, said) = forecast(history, &args);
        assert_eq!((code, written.as_str()), (3, ""), "{said}");
        assert!(said.contains(wanted), "{said}");
    };
    refused("unique_id,ds,price\nA,3,5\n", "no row of A for period 2");
    refused(
        "unique_id,ds,price\nB,3,5\nB,4,5\n",
        "the plan, line 2: B has no history",
    );
    refused(
        "unique_id,ds,price\nA,3,5\nA,3,5\n",
        "the plan, line 3: A has 3 already",
    );
    refused(
        "unique_id,ds,price\nA,3,5\nA,4,x\n",
        "the plan, line 3: price is no number",
    );
    refused(
        "unique_id,ds,colour\nA,3,1\nA,4,1\n",
        "no column of numbers",
    );
    refused("unique_id,ds,price\nA,2027-01-01,1\n", "not written like");
}

#[test]
fn a_clean_season_is_forecast_clean_and_explained() {
    let values: Vec<f64> = (0..48)
        .map(|at| if at % 12 == 10 { 200.0 } else { 100.0 })
        .collect();
    let asked = Asked {
        horizon: 12,
        season: 12,
    };
    let said = &all(&[Series::plain("A", &values)], asked)[0];
    assert_eq!(said.class, Class::Smooth);
    assert!(said.mean[10] > 1.5 * said.mean[0], "{:?}", said.mean);
    let peak = said.reason.peak.expect("the season is seen");
    assert_eq!(peak.0, 11);
    assert!(
        said.reason.to_string().contains("in period 11"),
        "{}",
        said.reason
    );
    assert!(
        said.reason
            .methods
            .iter()
            .any(|(method, _)| *method == Method::Theta)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_history_gives_finite_bounds_in_order(
        histories in prop::collection::vec(prop::collection::vec(prop_oneof![Just(0.0), 0.0..10.0, 0.0..1e15_f64], 1..60), 1..6),
        horizon in 1_usize..20,
        season in 1_usize..15,
        driven in any::<bool>(),
    ) {
        let mut series: Vec<Series> = histories.iter().map(|values| Series::plain("A", values)).collect();
        for (at, series) in series.iter_mut().enumerate().filter(|_| driven) {
            let price = |period: usize| if (period + at).is_multiple_of(3) { 1e-3 } else { 1e9 };
            series.drivers = vec![(0..series.demand.len() + horizon).map(price).collect()];
        }
        let said = all(&series, Asked { horizon, season });
        prop_assert_eq!(said.len(), series.len());
        for forecast in said {
            prop_assert_eq!(forecast.mean.len(), horizon);
            for ((mean, often), nearly) in forecast.mean.iter().zip(&forecast.often).zip(&forecast.nearly) {
                let bounds = [0.0, nearly.0, often.0, *mean, often.1, nearly.1];
                prop_assert!(bounds.iter().all(|bound| bound.is_finite()), "{:?}", bounds);
                prop_assert!(bounds.is_sorted(), "{:?}", bounds);
            }
        }
    }
}
