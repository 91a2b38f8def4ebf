//! The planning page, visited as a browser visits it.

use super::office_plan::{BUYING, import, past};
use super::office_tools::*;
use super::office_web::Site;
use stockhand::office::plan::State;

#[test]
fn a_planner_sees_why_and_decides_and_a_viewer_only_sees() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,40"]);
    import(&ground, BUYING);
    past(&ground, "BOLT", 300);
    past(&ground, "MILK", 60);
    ground.office.plan(now(), &w1()).unwrap();
    let site = Site::new(ground);
    let (vera, max) = (site.cookie("vera"), site.cookie("max"));
    let text = site
        .get(&vera, "/planning?warehouse=W1&item=BOLT")
        .text()
        .unwrap();
    for word in [
        "Time to order",
        "Buy from S1",
        "smooth demand",
        "<svg class=\"chart\"",
        "Order at ",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert!(!text.contains("/planning/accept"), "she may not decide");
    assert!(
        site.get(&max, "/planning")
            .text()
            .unwrap()
            .contains("/planning/accept")
    );
    let proposals = site.ground.office.proposals(&w1(), false).unwrap();
    let of = |source: &str| {
        proposals
            .iter()
            .find(|it| it.source.as_str() == source)
            .unwrap()
            .id
    };
    let (bolts, milk) = (of("S1"), of("S2"));
    let form = format!("warehouse=W1&id={bolts}");
    assert_eq!(site.post(&vera, "/planning/accept", &form).status(), 403);
    let changed = site.post(
        &max,
        "/planning/change",
        &format!("{form}&item=BOLT&quantity=250"),
    );
    assert_eq!(changed.status(), 303);
    assert_eq!(
        site.post(
            &max,
            "/planning/change",
            &format!("{form}&item=BOLT&quantity=x")
        )
        .status(),
        409
    );
    assert_eq!(site.post(&max, "/planning/accept", &form).status(), 303);
    assert_eq!(site.ground.order_state(&format!("PO-P{bolts}")), "open");
    assert_eq!(
        site.post(&max, "/planning/accept", &form).status(),
        409,
        "once is enough"
    );
    let refused = format!("warehouse=W1&id={milk}&why=Too+much");
    assert_eq!(site.post(&max, "/planning/refuse", &refused).status(), 303);
    let all = site.ground.office.proposals(&w1(), true).unwrap();
    let states: Vec<State> = all.iter().map(|it| it.state).collect();
    assert!(states.contains(&State::Accepted) && states.contains(&State::Refused));
    let forecast = site
        .ground
        .office
        .forecast_of(&w1(), &"BOLT".parse().unwrap())
        .unwrap()
        .unwrap();
    let word = format!(
        "warehouse=W1&item=BOLT&period={}&quantity=444&why=a+fair",
        forecast.steps[11].day
    );
    assert_eq!(site.post(&vera, "/planning/override", &word).status(), 403);
    let said = site.post(&max, "/planning/override", &word);
    // The page counts in the office's own time, which this test does not set: periods may have passed by then.
    assert!([303, 409].contains(&said.status().as_u16()));
    let acts = site.ground.office.acts(None, 10).unwrap();
    let acts: Vec<String> = acts
        .iter()
        .map(|it| format!("{} {} {}", it.name, it.act.act, it.act.note))
        .collect();
    let wanted = [
        "max proposal_refused Too much".to_owned(),
        format!("max proposal_accepted PO-P{bolts}"),
        "max proposal_changed 250 of BOLT".to_owned(),
    ];
    let decided: Vec<&String> = acts.iter().filter(|act| act.contains("proposal")).collect();
    assert_eq!(decided, wanted.iter().collect::<Vec<_>>());
}
