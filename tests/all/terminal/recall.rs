//! A lot is called back while a picker is out of signal with it in hand: it does not leave the house.

use super::rig::{self, Scanner, Serving};
use super::with;

#[test]
fn what_a_picker_holds_out_of_signal_does_not_leave_once_it_is_called_back() {
    let home = tempfile::tempdir().unwrap();
    let (home, data) = (home.path(), home.path().join("office"));
    let orders = "warehouse,order,customer,line,item,lot,quantity\nW1,SO-1,C,1,MILK,,2\n";
    rig::import(&data, home, &with(orders));
    let office = Serving::start(&data, "127.0.0.1:0");
    let address = office.address.clone();
    let mut scanner = Scanner::new();
    let mut handheld = rig::enrol(home, &data, &address, &mut scanner, (20, 16));
    handheld.sign_in(&mut scanner);
    handheld.wait_for("Next task");
    handheld.keys("1");
    handheld.wait_for("Go to, scan bin: A-01-03");
    scanner.scan("A-01-03");
    handheld.wait_for("0 of 2 each");
    // No signal from here on: two of the lot are picked, and it is called back behind the picker's back.
    office.kill();
    handheld.wait_for("OFF");
    let label = "]C1010950600011784317310131\u{1d}10L1";
    scanner.scan(label);
    handheld.wait_for("1 of 2 each");
    scanner.scan("]C1010950600011784317310131\u{1d}10L1\u{1d}99B");
    handheld.wait_for("Bring to, scan: PACK-01");
    let said = rig::office(
        &data,
        &[
            "recall",
            "open",
            "R-1",
            "--reason",
            "Glass in it.",
            "--lot",
            "MILK/L1",
        ],
    );
    assert!(said.contains("Held:"), "{said}");
    // At the next contact the handheld knows.
    let office = Serving::start(&data, &address);
    handheld.wait_for("The office wrote.");
    scanner.scan("PACK-01");
    handheld.wait_for("SO-1 is done.");
    handheld.keys("\r");
    handheld.wait_for("PACK SO-1");
    handheld.keys("\r");
    handheld.wait_for("Scan into carton 1:");
    scanner.scan(label);
    handheld.wait_for("CALLED BACK: MILK lot L1.");
    handheld.leave();
    drop(office);
    let said = rig::office(&data, &["exceptions"]);
    assert!(
        said.contains("recalled  R-1: 1 of MILK was called back"),
        "{said}"
    );
    let said = rig::office(&data, &["stock", "--warehouse", "W1", "--item", "MILK"]);
    let packed = said
        .lines()
        .find(|line| line.starts_with("PACK-01"))
        .unwrap();
    let cells: Vec<&str> = packed.split_whitespace().collect();
    assert_eq!(
        (cells[4], cells.last().unwrap()),
        ("0", &"2"),
        "all of it is held: {said}"
    );
    rig::office(&data, &["verify"]);
    let said = rig::office(&data, &["recall", "status", "R-1"]);
    assert!(said.contains("In the house when it began: 20."), "{said}");
    assert!(said.contains("No customer has any of it."), "{said}");
}
