//! What is proposed to buy and to bring, and what becomes of it when a planner decides.

use super::office_plan::{BUYING, import, item, past};
use super::office_tools::*;
use stockhand::office::Office;
use stockhand::office::plan::{Kind, ProposalRecord, State};
use stockhand::planning::value::Money;
use stockhand::warehouse::{Job, Quantity};

/// Bolts and milk are low: each has its own supplier.
fn low() -> Ground {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,40"]);
    import(&ground, BUYING);
    past(&ground, "BOLT", 300);
    past(&ground, "MILK", 60);
    let planned = ground.office.plan(now(), &w1()).unwrap();
    assert_eq!((planned.reminders.opened, planned.proposals.new), (2, 2));
    ground
}

fn open(office: &Office) -> Vec<ProposalRecord> {
    office.proposals(&w1(), false).unwrap()
}

fn said(proposal: &ProposalRecord) -> Vec<String> {
    let lines = proposal.lines.iter();
    lines
        .map(|line| format!("{} x{}", line.item, line.quantity))
        .collect()
}

fn answers(office: &Office) -> Vec<String> {
    let reminders = office.reminders(&w1(), false).unwrap();
    let said = reminders
        .iter()
        .map(|it| format!("{} {}", it.item, it.answer));
    let mut said: Vec<String> = said.collect();
    said.sort();
    said
}

#[test]
fn an_accepted_proposal_is_a_purchase_order_like_an_imported_one() {
    let ground = low();
    let office = &ground.office;
    let bolts = open(office)
        .into_iter()
        .find(|it| it.source.as_str() == "S1")
        .unwrap();
    assert_eq!((bolts.kind, bolts.state), (Kind::Purchase, State::Open));
    // Not on the first of March, a Monday on which nobody is there: on Thursday.
    assert_eq!(bolts.order_on.unwrap().to_string(), "2027-03-04");
    assert_eq!(bolts.arrives_on.unwrap().to_string(), "2027-03-14");
    let line = bolts.lines[0].clone();
    let units = line.quantity.thousandths() / 1000;
    assert!(units >= 500 && units % 10 == 0, "{line:?}");
    assert_eq!(
        line.value,
        Money::cents(units * 225),
        "at the price of five hundred"
    );
    assert_eq!(bolts.below_minimum, Money::ZERO);
    assert!(
        office
            .accept_proposal(now(), &w1(), bolts.id, None, "  ")
            .is_err(),
        "somebody must say who"
    );
    let order = office
        .accept_proposal(now(), &w1(), bolts.id, None, "Planner")
        .unwrap()
        .unwrap();
    assert!(
        office
            .accept_proposal(now(), &w1(), bolts.id, None, "Planner")
            .is_err(),
        "once is enough"
    );
    assert_eq!(ground.order_state(order.as_str()), "open");
    office.tend(now()).unwrap();
    let Job::Receive(job) = ground.task(&format!("RECV-{order}")).unwrap().job else {
        panic!("it is to be received");
    };
    assert_eq!(
        (job.supplier.as_str(), job.lines[0].quantity),
        ("S1", line.quantity)
    );
    let done = office.remind(now(), &w1()).unwrap();
    assert_eq!((done.kept, done.closed), (1, 1), "what is on order counts");
    let all = office.proposals(&w1(), true).unwrap();
    let kept = all.iter().find(|it| it.id == bolts.id).unwrap();
    assert_eq!(
        (kept.state, kept.planner.as_str(), kept.order.as_ref()),
        (State::Accepted, "Planner", Some(&order))
    );
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn a_proposal_is_changed_and_what_was_proposed_stands_beside_it() {
    let ground = low();
    let office = &ground.office;
    let bolts = open(office)
        .into_iter()
        .find(|it| it.source.as_str() == "S1")
        .unwrap();
    let bolt = item("BOLT");
    office
        .change_proposal(&w1(), bolts.id, (&bolt, Quantity::units(30)), "Planner")
        .unwrap();
    let changed = open(office)
        .into_iter()
        .find(|it| it.id == bolts.id)
        .unwrap();
    assert_eq!(changed.lines[0].quantity, Quantity::units(30));
    assert_eq!(changed.lines[0].proposed, bolts.lines[0].proposed);
    assert_eq!(
        (changed.value(), changed.below_minimum),
        (Money::cents(7500), Money::cents(2500))
    );
    // Planning leaves alone what a planner is at.
    let done = office.propose(now() + hours(1), &w1()).unwrap();
    assert_eq!((done.new, done.kept, done.replaced), (0, 2, 0));
    assert!(
        office
            .change_proposal(&w1(), bolts.id, (&item("PUMP"), Quantity::ONE), "Planner")
            .is_err()
    );
    assert!(
        office
            .change_proposal(
                &w1(),
                bolts.id,
                (&bolt, Quantity::from_thousandths(-1)),
                "Planner"
            )
            .is_err()
    );
    office
        .change_proposal(&w1(), bolts.id, (&bolt, Quantity::ZERO), "Planner")
        .unwrap();
    assert!(
        office
            .accept_proposal(now(), &w1(), bolts.id, None, "Planner")
            .is_err(),
        "nothing is left of it"
    );
    office
        .change_proposal(&w1(), bolts.id, (&bolt, Quantity::units(100)), "Planner")
        .unwrap();
    ground.order(&["SO-7,1,BOLT,1"]);
    let taken = "SO-7".parse().unwrap();
    assert!(
        office
            .accept_proposal(now(), &w1(), bolts.id, Some(&taken), "Planner")
            .is_err()
    );
    let named = "PO-77".parse().unwrap();
    let made = office
        .accept_proposal(now(), &w1(), bolts.id, Some(&named), "Planner")
        .unwrap();
    assert_eq!(made, Some(named));
}

#[test]
fn what_is_refused_is_kept_with_its_reason_and_not_proposed_again_until_it_is_over() {
    let ground = low();
    let office = &ground.office;
    let before = open(office);
    let bolts = before.iter().find(|it| it.source.as_str() == "S1").unwrap();
    assert!(
        office
            .refuse_proposal(now(), &w1(), bolts.id, ("Planner", ""))
            .is_err()
    );
    office
        .refuse_proposal(now(), &w1(), bolts.id, ("Planner", "A fair is over"))
        .unwrap();
    assert_eq!(answers(office), ["BOLT refused", "MILK proposed"]);
    office.plan(now() + hours(24), &w1()).unwrap();
    let sources: Vec<String> = open(office)
        .iter()
        .map(|it| it.source.to_string())
        .collect();
    assert_eq!(sources, ["S2"]);
    let all = office.proposals(&w1(), true).unwrap();
    let kept = all.iter().find(|it| it.id == bolts.id).unwrap();
    assert_eq!(
        (kept.state, kept.why.as_str()),
        (State::Refused, "A fair is over")
    );
    // Stock comes, and goes again: that is another matter.
    import(
        &ground,
        &[(
            "stock.csv",
            "warehouse,bin,item,quantity\nW1,A-01-01,BOLT,5000\n",
        )],
    );
    office.remind(now(), &w1()).unwrap();
    assert_eq!(answers(office), ["MILK proposed"]);
    import(
        &ground,
        &[(
            "stock.csv",
            "warehouse,bin,item,quantity\nW1,A-01-01,BOLT,40\n",
        )],
    );
    office.plan(now() + hours(48), &w1()).unwrap();
    assert_eq!(open(office).len(), 2);
}

#[test]
fn what_another_warehouse_has_too_much_of_is_brought_before_more_is_bought() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,40"]);
    import(&ground, BUYING);
    past(&ground, "BOLT", 300);
    let office = &ground.office;
    let w2 = "W2".parse().unwrap();
    import(
        &ground,
        &[
            (
                "past_demand.csv",
                "warehouse,item,day,quantity\nW2,BOLT,2026-12-05,30\nW2,BOLT,2027-01-05,30\nW2,BOLT,2027-02-05,30\n",
            ),
            (
                "stock.csv",
                "warehouse,bin,item,quantity\nW2,A-01-01,BOLT,600\n",
            ),
        ],
    );
    office.plan(now(), &w2).unwrap();
    let there = office.levels(&w2, None).unwrap().remove(0).levels;
    let over = Quantity::units(600).minus(there.preferred);
    assert!(over.is_positive(), "{there:?}");
    office.plan(now(), &w1()).unwrap();
    let proposals = open(office);
    let kinds: Vec<(Kind, &str)> = proposals
        .iter()
        .map(|it| (it.kind, it.source.as_str()))
        .collect();
    assert_eq!(kinds, [(Kind::Transfer, "W2"), (Kind::Purchase, "S1")]);
    let brought = proposals[0].lines[0].quantity;
    assert!(
        brought <= over && brought.plus(Quantity::ONE) > over,
        "{:?} of {over}",
        said(&proposals[0])
    );
    let wanted = office.reminders(&w1(), false).unwrap().remove(0).wanted;
    let bought = proposals[1].lines[0].quantity;
    assert!(
        bought >= wanted.minus(brought) && bought < wanted,
        "{:?} of {wanted}",
        said(&proposals[1])
    );
}
