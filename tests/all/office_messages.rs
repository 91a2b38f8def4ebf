//! What the office writes to the floor: who gets it, and when it is gone.

use super::office_tools::*;
use stockhand::warehouse::{Change, Fact, Message};

fn waiting(ground: &Ground) -> Vec<Message> {
    let mut found = Vec::new();
    let take = |change| {
        if let Change::Message(message) = change {
            found.push(message);
        }
        Ok::<_, stockhand::office::Error>(())
    };
    ground.office.everything(&w1(), take).unwrap();
    found
}

#[test]
fn a_message_for_one_is_gone_once_they_have_read_it_and_one_for_all_stays() {
    let ground = Ground::new();
    let office = &ground.office;
    let (mut hand, worker) = (ground.hand("W1"), "P1".parse().unwrap());
    let one = office
        .tell_floor(now(), &w1(), Some(&worker), " Truck at 4 ")
        .unwrap();
    let all = office
        .tell_floor(now(), &w1(), None, "Fire drill at noon")
        .unwrap();
    let texts: Vec<String> = waiting(&ground)
        .iter()
        .map(|it| it.text.to_string())
        .collect();
    assert_eq!(texts, ["Truck at 4", "Fire drill at noon"]);
    hand.record(None, Fact::MessageRead { message: one });
    hand.record(None, Fact::MessageRead { message: all });
    hand.push(&ground);
    let left: Vec<u64> = waiting(&ground).iter().map(|it| it.id).collect();
    assert_eq!(left, [all]);
    let told = office.messages(&w1(), 10).unwrap();
    assert!(
        told.iter().all(|it| it.read_by == ["P1".into()]),
        "{told:?}"
    );
    office.take_back_message(&w1(), all).unwrap();
    assert!(waiting(&ground).is_empty());
    assert!(office.take_back_message(&w1(), all).is_err());
}

#[test]
fn nobody_is_written_to_who_is_not_there_and_nothing_that_no_screen_holds() {
    let ground = Ground::new();
    let write = |worker: Option<&str>, text: &str| {
        let worker = worker.map(|code| code.parse().unwrap());
        ground
            .office
            .tell_floor(now(), &w1(), worker.as_ref(), text)
    };
    assert!(write(Some("NOBODY"), "x").is_err());
    assert!(write(None, "  ").is_err());
    assert!(write(None, &"x".repeat(161)).is_err());
    assert!(write(None, &"x".repeat(160)).is_ok());
}
