//! The office's web page in a real Chromium, driven over the `WebDriver` protocol (W3C `WebDriver`, recommendation of 2018): what a
//! person does at a desk and on a tablet, with axe-core looking for what shuts someone out.
//!
//! Run where chromium, its driver and axe-core are found; `STOCKHAND_AXE` names the file axe.min.js, and `STOCKHAND_SHOTS` a folder
//! for pictures of every page. `STOCKHAND_NEEDS_BROWSER`: a machine without them fails.

mod day;
mod driver;

use driver::Browser;

/// Set by whoever wants a machine without a browser to fail.
const REQUIRED: &str = "STOCKHAND_NEEDS_BROWSER";

#[test]
fn a_day_at_the_desk() {
    let (Some(mut browser), Some(axe)) = (Browser::start(), axe()) else {
        assert!(
            std::env::var(REQUIRED).is_err(),
            "a browser is required here, and chromium, chromedriver or axe-core is missing"
        );
        eprintln!(
            "NOT RUN: the web page in a browser, as chromium, chromedriver or axe-core is not on this machine"
        );
        return;
    };
    day::through(&mut browser, &axe);
}

/// axe-core's source.
fn axe() -> Option<String> {
    let path = std::env::var_os("STOCKHAND_AXE")?;
    Some(std::fs::read_to_string(path).expect("`STOCKHAND_AXE` names a file"))
}
