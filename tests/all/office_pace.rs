//! How fast and how far people work, as the office sees it.

use super::office_tools::*;
use stockhand::warehouse::Fact;

#[test]
fn a_pick_counts_for_its_worker_at_its_work_in_its_zone() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,4"]);
    let text = "warehouse,code,zone,kind,sequence,x_cm,y_cm\nW1,A-01-01,A,pick_face,1,300,200\n\
                W1,PACK-01,P,packing,90,0,0\n";
    ground
        .office
        .import(now(), &[sheet("bins.csv", text)])
        .unwrap();
    ground.order(&["SO-1,1,BOLT,3"]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, "PICK-SO-1", started());
    let taken = picked(1, "A-01-01", goods("BOLT", ""), 3);
    let seq = hand.does(&ground, "PICK-SO-1", taken.clone());
    let paces = |since| -> Vec<String> {
        let paces = ground.office.pace(&w1(), since).unwrap();
        let said = |(key, pace): (stockhand::office::pace::PaceKey, _)| {
            let stockhand::planning::pace::Pace { lines, steps, .. } = pace;
            format!("{} {} {}: {lines} {steps}", key.worker, key.kind, key.zone)
        };
        paces.into_iter().map(said).collect()
    };
    assert_eq!(paces(now()), ["P1 pick : 0 0", "P1 pick A: 1 1"]);
    let back = Fact::Undone {
        seq,
        what: Box::new(taken),
    };
    hand.does(&ground, "PICK-SO-1", back);
    assert_eq!(paces(now()), ["P1 pick : 0 0", "P1 pick A: 0 1"]);
    assert!(paces(now() + hours(1)).is_empty());
}
