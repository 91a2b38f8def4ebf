//! What a task asks of whoever does it, and what workers can be given to do.

use super::office_tools::*;
use stockhand::warehouse::{Change, Point, Worker};

fn bins(ground: &Ground) {
    let text = "warehouse,code,zone,kind,sequence,x_cm,y_cm,equipment\nW1,A-01-01,A,pick_face,1,300,200,\n\
                W1,A-01-02,HIGH,pick_face,2,600,900,REACH\nW1,PACK-01,P,packing,90,0,0,\n";
    ground
        .office
        .import(now(), &[sheet("bins.csv", text)])
        .unwrap();
}

#[test]
fn a_task_says_where_it_leads_and_what_is_needed_there() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,4", "A-01-02,BOLT,,,4"]);
    bins(&ground);
    ground.order(&["SO-1,1,BOLT,7"]);
    let outline = ground.task("PICK-SO-1").unwrap().outline;
    let zones: Vec<&str> = outline
        .zones
        .iter()
        .map(stockhand::warehouse::ZoneCode::as_str)
        .collect();
    assert_eq!(zones, ["A", "HIGH", "P"]);
    assert_eq!(outline.equipment, ["REACH".parse().unwrap()]);
    let at = |x_cm, y_cm| Some(Point { x_cm, y_cm });
    assert_eq!((outline.begins, outline.ends), (at(300, 200), at(0, 0)));
}

#[test]
fn a_worker_reaches_the_floor_with_skills_and_language_as_they_were_brought_in() {
    let ground = Ground::new();
    let text = "warehouse,code,name,badge,role,pin,jobs,zones,equipment,language\n\
                W1,P7,Driver,BADGE-7,picker,,putaway; pick,A,REACH;ORDER TRUCK,pl\n";
    ground
        .office
        .import(now(), &[sheet("workers.csv", text)])
        .unwrap();
    let mut found: Option<Worker> = None;
    let take = |change| {
        if let Change::Worker(worker) = change
            && worker.code.as_str() == "P7"
        {
            found = Some(worker);
        }
        Ok::<_, stockhand::office::Error>(())
    };
    ground.office.everything(&w1(), take).unwrap();
    let said = serde_json::to_value(found.unwrap()).unwrap();
    let skills = serde_json::json!({
        "jobs": ["putaway", "pick"], "zones": ["A"], "equipment": ["REACH", "ORDER TRUCK"]
    });
    assert_eq!(
        (&said["skills"], &said["language"]),
        (&skills, &"pl".into())
    );
}
